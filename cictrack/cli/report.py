"""`report`: the pack of a meeting, as a page, as Markdown or as a workbook."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

import click

from cictrack.cli.changes import SINCE, since_of
from cictrack.cli.opened import tell
from cictrack.cli.options import reading
from cictrack.cli.output import chosen, into_file, put
from cictrack.cli.reading import of_its_days
from cictrack.errors import Refused

if TYPE_CHECKING:
    from datetime import date

    from cictrack.cli.options import Reading
    from cictrack.reports.pack import Meeting

NO_PACK = ("csv", "json")


@click.command(epilog="Example: cictrack --db sample.db report --since -1w --output pack.html")
@reading(whose=True)
@click.option(
    "--since",
    type=SINCE,
    metavar="DAY",
    help="The day of the meeting before; without it that of the last pack of these cases.",
)
def report(asked: Reading, *, since: str | date | None) -> None:
    """The weekly meeting's pack: what to decide, then ten chapters from the counts to the trends.

    A page with charts (.html), a paper (.md, and what a pipe gets), or a workbook (.xlsx), by the ending of the
    file. `--team` and `--register` make a team's own.
    """
    fmt = chosen(asked)
    if fmt in NO_PACK:
        raise Refused(f"A pack is a paper, and has no {fmt}. Choose html, markdown, or --output FILE.xlsx.")
    from cictrack.pathway.measures import year_to
    from cictrack.registers import registers
    from cictrack.render.paper import as_markdown, as_page
    from cictrack.reports.pack import Made, Meeting, pack
    from cictrack.store.filters import unknown

    meeting = Meeting(since_of(asked, since), asked.as_of)
    for note in of_its_days(asked, year_to(asked.as_of)) + unknown(asked.db, asked.filters):
        tell(note)
    called = os.path.basename(asked.register.path)  # noqa: PTH119 - it may be text
    paper = pack(Made(asked.db, called, registers(), asked.filters, asked.names), meeting)
    first = partial(_keep, asked, meeting)
    if fmt == "xlsx":
        from cictrack.render.xlsx import sheets
        from cictrack.reports.pack import as_sheets

        lists, about = as_sheets(paper)
        into_file(str(asked.output), [sheets(paper.title, meeting.day, lists, about)], force=asked.force, first=first)
    else:
        put(asked, as_page(paper) if fmt == "html" else as_markdown(paper), first)


def _keep(asked: Reading, meeting: Meeting) -> None:
    from cictrack.cli.trailing import keep_pack
    from cictrack.store.chain import head_text

    keep_pack(
        as_of=meeting.day.isoformat(),
        since=meeting.since.isoformat(),
        head=head_text(asked.db),
        into=asked.output,
        names=asked.names,
        of=asked.filters.given,
    )
