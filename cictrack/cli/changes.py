"""`changes`: what moved since the last meeting."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import click

from cictrack.cli.explaining import put_sections
from cictrack.cli.opened import tell
from cictrack.cli.options import DAY, reading
from cictrack.cli.output import AS_ROWS, chosen, put_document, put_listing
from cictrack.cli.reading import of_its_days
from cictrack.errors import Refused

if TYPE_CHECKING:
    from cictrack.cli.options import Reading

LAST = "last"
WEEK = timedelta(days=7)


class _Since(click.ParamType[str | date]):
    """A day, or `last`: the day of the last pack."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str | date:
        return LAST if str(value).strip().lower() == LAST else DAY.convert(value, param, ctx)


SINCE = _Since()
"""The day of the meeting before, as an option's type."""


def since_of(asked: Reading, since: str | date | None) -> date:
    """The day after which things count as changed: the one given, else that of the last pack, else a week before."""
    day = asked.as_of
    if isinstance(since, date):
        if since > day:
            raise click.BadParameter(f"{since} is after {day}, the day of the list", param_hint="--since")
        return since
    last = _last_pack(asked, day)
    if last is not None:
        return last
    if since == LAST:
        from cictrack.reports.words import in_words

        raise Refused(f"No pack was made before {in_words(day)}: give --since DAY. One is made by: cictrack report")
    return day - WEEK


def _last_pack(asked: Reading, day: date) -> date | None:
    from cictrack.store.trail import last_pack

    found = last_pack(asked.register.db, day.isoformat(), asked.filters.given)
    return date.fromisoformat(found) if found else None


@click.command(epilog="Example: cictrack changes --since -1w --team North")
@reading()
@click.option("--since", type=SINCE, metavar="DAY", help="After that day; `last`: the last pack of these cases.")
def changes(asked: Reading, *, since: str | date | None) -> None:
    """What moved: newly red and amber, opened, moved on, met, extended, excepted, closed, in other hands.

    For each register the open cases add up: those there were, and came, less those that went.
    """
    from cictrack.registers import names
    from cictrack.reports import changes as report
    from cictrack.store.filters import unknown

    day = since_of(asked, since)
    for note in of_its_days(asked, day) + unknown(asked.db, asked.filters):
        tell(note)
    found = report.changed(asked.db, day, asked.as_of, asked.filters, names(), names=asked.names)
    if chosen(asked) == "json":
        put_document(asked, report.as_machine(found), ())
    elif chosen(asked) in AS_ROWS:
        put_listing(asked, report.as_listing(found))
    else:
        put_sections(asked, report.title(found), report.sections(found), len(found.rows))
