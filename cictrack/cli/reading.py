"""The lists: overdue, due, drift, gaps, tasks. Nothing of the engine is imported to print one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import click

from cictrack.cli.opened import tell
from cictrack.cli.options import reading
from cictrack.cli.output import ANY_ROWS, FOR_PEOPLE, chosen, fail_if_any, put, put_listing, status
from cictrack.store import lists
from cictrack.store.filters import unknown
from cictrack.whole import whole

if TYPE_CHECKING:
    from cictrack.cli.options import Reading
    from cictrack.store.lists import Rows, Which

WITHIN = "14d"
MOST_AHEAD = 10_000
"""A day must remain a day."""


def of_its_days(asked: Reading, first: date | None = None) -> list[str]:
    """What is said of the days asked for, `first` to the day of the list: one is to come, or was erased from since."""
    notes = []
    if asked.as_of > asked.today:
        notes.append(f"{asked.as_of} is still to come: this is what will be, if nothing more is recorded.")
    earliest = first or asked.as_of
    if earliest < asked.today:
        from cictrack.reports.purging import missing_since

        notes += missing_since(asked.db, earliest)
    return notes


def notes_of(asked: Reading, found: Rows) -> list[str]:
    """What has to be said beside a list: a day to come, a filter nobody matches, days the calendar does not reach."""
    notes = of_its_days(asked)
    if not found.rows:
        notes += unknown(asked.db, asked.filters)
    return notes + past_calendar(asked, found) if "unit" in found.columns else notes


def past_calendar(asked: Reading, found: Rows) -> list[str]:
    """What is said of deadlines counted in working days past the last bank holiday known."""
    until = lists.past_calendar(asked.db, found.columns, found.rows)
    if not until:
        return []
    return [f"Bank holidays are known to {until} only: due days in working days after that may be later than shown."]


def show_list(asked: Reading, what: str, found: Rows, *, failing: bool) -> int:
    """Print a list with what has to be said beside it; its exit status is given back."""
    from cictrack.reports.listings import listing

    people = chosen(asked) in FOR_PEOPLE
    printed = listing(what, asked.as_of, found, notes_of(asked, found), for_people=people)
    put_listing(asked, printed)
    return status(printed, failing=failing)


def _deadlines(asked: Reading, which: Which, *, failing: bool, until: date | None = None) -> int:
    if which != "due" and _whole_as_csv(asked):
        return _joined(asked, which, failing=failing)
    found = lists.deadlines(asked.db, asked.as_of, which, asked.filters, until=until, names=asked.names)
    return show_list(asked, which, found, failing=failing)


def _whole_as_csv(asked: Reading) -> bool:
    """Whether the whole list goes out as csv, with nothing to say of days that the calendar does not reach."""
    narrowed = asked.filters.given or asked.names or asked.minutes
    return chosen(asked) == "csv" and not narrowed and asked.as_of.isoformat() <= lists.meta(asked.db, "calendar_until")


def _joined(asked: Reading, which: Which, *, failing: bool) -> int:
    """The whole list as csv, its rows joined by the query; cell by cell only where one is odd."""
    from cictrack.render.joined import render

    lines = lists.joined(asked.db, asked.as_of, which)
    for note in of_its_days(asked):
        tell(note)
    put(asked, render(tuple(lists.DEADLINE), lines, lambda: lists.deadlines(asked.db, asked.as_of, which).rows))
    tell(f"{len(lines):,} of {len(lines):,} shown")
    return ANY_ROWS if failing and lines else 0


@click.command(epilog="Example: cictrack overdue --team North --format csv --output overdue.csv")
@reading(minutes=True)
@fail_if_any
def overdue(asked: Reading, *, fail_if_any: bool) -> int:
    """Every deadline past its day, worst first.

    Due on the day itself is still in time. RED is late; GREY is past its day and known only from a return
    that does not say whether it was done.
    """
    return _deadlines(asked, "overdue", failing=fail_if_any)


@click.command(epilog="Example: cictrack due --within 3w --worker 'Worker 07'")
@reading(minutes=True)
@click.option("--within", default=WITHIN, metavar="TIME", help="How far ahead: 14d, 2w or 10wd (14d).")
@fail_if_any
def due(asked: Reading, *, within: str, fail_if_any: bool) -> int:
    """What falls due in the next fourteen days, or the time given; overdue excluded."""
    return _deadlines(asked, "due", failing=fail_if_any, until=until_of(asked, within))


def until_of(asked: Reading, within: str) -> date:
    """The last day of a length of time from the day of the list: 14d, 2w or 10wd."""
    text = within.strip().lower()
    number = text.rstrip("dw")
    unit = text[len(number) :]
    n = whole(number)
    if n is None or n > MOST_AHEAD or unit not in {"", "d", "w", "wd"}:
        raise click.BadParameter(f"{within!r} is no length of time: write 14d, 2w or 10wd", param_hint="--within")
    if unit == "wd":
        return asked.register.working_day(asked.as_of, n)
    return asked.as_of + timedelta(weeks=n) if unit == "w" else asked.as_of + timedelta(days=n)


@click.command(epilog="Example: cictrack drift --register plo")
@reading(minutes=True)
@fail_if_any
def drift(asked: Reading, *, fail_if_any: bool) -> int:
    """Where nothing is moving: since when, and the sentence that says why."""
    return _deadlines(asked, "drift", failing=fail_if_any)


@click.command(epilog="Example: cictrack gaps --team North")
@reading(minutes=True)
@fail_if_any
def gaps(asked: Reading, *, fail_if_any: bool) -> int:
    """Dates that must exist and do not, and conflicts: two values for one thing. One line a case."""
    from cictrack.store import shorter

    found = shorter.gaps(asked.db, asked.as_of, asked.filters, names=asked.names)
    return show_list(asked, "gaps", found, failing=fail_if_any)


@click.command(epilog="Example: cictrack tasks --register plo --format csv")
@reading(cases=True, minutes=True)
@fail_if_any
def tasks(asked: Reading, *, fail_if_any: bool) -> int:
    """Agreed actions by owner, overdue first; `--all` adds those that are done.

    The id is what `cictrack task done` takes.
    """
    from cictrack.store import shorter

    found = shorter.tasks(asked.db, asked.as_of, asked.filters, names=asked.names)
    return show_list(asked, "tasks", _short_ids(asked, found), failing=fail_if_any)


def _short_ids(asked: Reading, found: Rows) -> Rows:
    """The ends of the ids, for people: six characters, more where two are alike. Machines get them whole."""
    if chosen(asked) not in FOR_PEOPLE:
        return found
    from cictrack.reports.history import short_ids

    ids = short_ids([str(row[0]) for row in found.rows])
    return found._replace(rows=[(short, *row[1:]) for short, row in zip(ids, found.rows, strict=True)])
