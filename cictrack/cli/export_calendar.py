"""`export calendar`: due days as all-day entries of a calendar."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import click

from cictrack.cli.export_end import FORCE, ending_in, give
from cictrack.cli.options import DAY, reading
from cictrack.cli.reading import notes_of, until_of
from cictrack.reports.words import counted

if TYPE_CHECKING:
    from cictrack.cli.options import Reading

A_YEAR = "52w"
"""Far enough that a due day which moves is seldom moved out of sight, where its entry could not be moved with it."""

WEEKS_BACK = timedelta(weeks=4)
"""A weekly import, and what is recorded three weeks late; more would fill a new calendar with what is over."""


@click.command(epilog="Example: cictrack export calendar --team North --output due.ics")
@FORCE
@click.option("--output", "ics", callback=ending_in(".ics"), metavar="FILE", help="Into FILE.ics.")
@click.option("--within", default=A_YEAR, metavar="TIME", help="How far ahead: 14d, 2w or 10wd (52w).")
@click.option(
    "--since", type=DAY, metavar="DAY", help="When it was last imported: what has ended since is taken back (-4w)."
)
@reading(output=False)
def calendar(asked: Reading, *, ics: str | None, within: str, since: date | None) -> None:
    """Give the due days of open deadlines and tasks as all-day entries, for Outlook and other calendars.

    Children by their ids only, and no text that anybody wrote. What is past its day and open is there, on its day.
    Importing again updates: a due day keeps its entry when it moves. An import deletes nothing: so what was met or
    stopped since --since is given as cancelled. What was withdrawn leaves no trace, and a case may change its team:
    import into a calendar of its own, always with the same filters, and empty it now and then.
    """
    from cictrack.render.calendar import render
    from cictrack.reports.calendar import calendar as of_the_day
    from cictrack.store.lists import deadlines

    until = until_of(asked, within)
    last = since or asked.as_of - WEEKS_BACK
    if last > asked.as_of:
        raise click.UsageError(f"--since {last.isoformat()} is later than {asked.as_of.isoformat()}")
    found = of_the_day(asked.db, asked.as_of, until, last, asked.filters)
    due = deadlines(asked.db, asked.as_of, "due", asked.filters, until=until)
    cancelled = sum(entry.cancelled for entry in found.entries)
    said = counted(len(found.entries) - cancelled, "due day")
    ended = f"{cancelled:,} cancelled, ended since {last.isoformat()}"
    notes = [*notes_of(asked, due), f"{said} up to {until.isoformat()}; {ended}."]
    text = render(found.entries, found.stamp, found.sequence)
    give(text, rows=len(found.entries), into=ics, force=asked.force, notes=notes)
