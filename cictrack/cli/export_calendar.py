"""`export calendar`: due days as all-day entries of a calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cictrack.cli.export_end import FORCE, ending_in, give
from cictrack.cli.options import reading
from cictrack.cli.reading import notes_of, until_of
from cictrack.reports.words import counted

if TYPE_CHECKING:
    from cictrack.cli.options import Reading

A_YEAR = "52w"
"""Far enough that a due day which moves is seldom moved out of sight, where its entry could not be moved with it."""


@click.command(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: cictrack export calendar --team North --output due.ics",
)
@FORCE
@click.option("--output", "ics", callback=ending_in(".ics"), metavar="FILE", help="Into FILE.ics.")
@click.option("--within", default=A_YEAR, metavar="TIME", help="How far ahead: 14d, 2w or 10wd (52w).")
@reading(output=False)
def calendar(asked: Reading, *, ics: str | None, within: str) -> None:
    """Give the due days of open deadlines and tasks as all-day entries, for Outlook and other calendars.

    Children by their ids only, and no text that anybody wrote. What is past its day and open is there, on its day.
    Importing again updates: a due day keeps its entry when it moves. An import deletes nothing: so what was met or
    stopped in the last 12 weeks, and would still stand ahead or late, is given as cancelled. Import into a calendar
    of its own, always with the same filters; what was withdrawn leaves no trace, so empty that calendar now and then.
    """
    from cictrack.render.calendar import render
    from cictrack.reports.calendar import calendar as of_the_day
    from cictrack.store.lists import deadlines

    until = until_of(asked, within)
    found = of_the_day(asked.db, asked.as_of, until, asked.filters)
    due = deadlines(asked.db, asked.as_of, "due", asked.filters, until=until)
    cancelled = sum(entry.cancelled for entry in found.entries)
    said = counted(len(found.entries) - cancelled, "due day")
    notes = [*notes_of(asked, due), f"{said} up to {until.isoformat()}; {cancelled:,} cancelled."]
    text = render(found.entries, found.stamp, found.sequence)
    give(asked, "calendar", text, rows=len(found.entries), into=ics, notes=notes)
