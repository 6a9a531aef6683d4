"""`kpi`: the measures of a period, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cictrack.cli.explaining import put_sections
from cictrack.cli.opened import tell
from cictrack.cli.options import DAY, reading
from cictrack.cli.output import AS_ROWS, chosen, put_document, put_listing
from cictrack.cli.reading import of_its_days

if TYPE_CHECKING:
    from datetime import date

    from cictrack.cli.options import Reading


@click.command(epilog="Example: cictrack --db sample.db kpi --from 1/4/2020 --to 30/9/2020 --by quarter")
@reading(whose=True)
@click.option("--from", "first", type=DAY, metavar="DAY", help="The first day (twelve months before the last).")
@click.option("--to", "last", type=DAY, metavar="DAY", help="The last day, that day included (the day of the list).")
@click.option("--by", type=click.Choice(("month", "quarter", "team")), help="A figure for each, in place of one.")
@click.option(
    "--suppress", is_flag=True, help="Hide figures of fewer than five, and who was left out: to be published."
)
def kpi(asked: Reading, *, first: date | None, last: date | None, by: str | None, suppress: bool) -> None:
    """Measures with their definition, numerator, denominator, value, and who was left out and why.

    What is dated after the day of the list (`--as-of`) never counts: the same day gives the same figure for ever.
    """
    from cictrack.registers import registers
    from cictrack.reports import kpi as report
    from cictrack.store.derive import without_collector
    from cictrack.store.filters import unknown
    from cictrack.store.sealed import MANY, as_they_lie

    period = report.period_of(first, last, asked.as_of)
    if period.last > period.as_of:
        said = (
            f"--to {period.last} is after {period.as_of}, the day on which it is asked: nothing is known of later days"
        )
        raise click.UsageError(said, click.get_current_context())
    if period.first > period.last:
        raise click.UsageError(
            f"--from {period.first} is after {period.last}, the last day",
            click.get_current_context(),
        )
    if as_they_lie(asked.db):
        tell(f"Of {MANY:,} children or more the rows are counted as they lie. To prove each: cictrack verify")
    for note in of_its_days(asked, period.first) + unknown(asked.db, asked.filters):
        tell(note)
    wanted = [r for name, r in registers().items() if not asked.filters.register or name in asked.filters.register]
    with without_collector():
        found = report.measures(asked.db, wanted, period, asked.filters, by=by or "", suppress=suppress)
        if chosen(asked) == "json":
            put_document(asked, report.as_machine(found), ())
        elif chosen(asked) in AS_ROWS:
            put_listing(asked, report.as_listing(found, period))
        else:
            put_sections(asked, report.title(period), report.sections(found), len(found))
