"""Due days as entries of a calendar: what each says, and by what it is known when it is imported again."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NamedTuple

from cictrack.render.calendar import Entry
from cictrack.store.due_days import due_days, recorded

if TYPE_CHECKING:
    import sqlite3

    from cictrack.store.due_days import DueDay
    from cictrack.store.filters import Filters


class DueCalendar(NamedTuple):
    """The entries of a calendar, with the moment they were true and the number of that state of the register."""

    entries: list[Entry]
    stamp: datetime
    sequence: int


def calendar(db: sqlite3.Connection, day: date, until: date, since: date, filters: Filters) -> DueCalendar:
    """An entry for each due day that is open on `day`, up to `until`; a cancelled one for what has ended since `since`.

    An import never deletes: what was met or stopped would stay in the calendar, were it not cancelled.
    """
    latest: dict[str, DueDay] = {}
    found = due_days(db, day, until, since, filters)
    for due in sorted(found, key=lambda due: due.n):
        latest[uid(due)] = due
    entries = sorted(
        (_entry(known_by, due) for known_by, due in latest.items()), key=lambda e: (e.day, e.summary, e.uid)
    )
    sequence, at = recorded(db)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    last = datetime.fromisoformat(at) if at else midnight
    return DueCalendar(entries, max(midnight, last).replace(microsecond=0), sequence)


def uid(due: DueDay) -> str:
    """What names a due day for good: the case's first event, the rule, what it is about, and which time it is due.

    A day that an extension, a correction or a changed rule moves is the same due day; once it was met, the next is
    another. Neither the day nor the period's number is in it, for both may change.
    """
    parts = (due.opening, due.rule, due.of, str(due.met_before))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32] + "@cictrack"


def _entry(known_by: str, due: DueDay) -> Entry:
    case = f"{due.register} {due.child_id}" + (f"#{due.period}" if due.period > 1 else "")
    about = (
        f"Rule: {due.rule} ({due.authority})",
        f"Stage: {due.stage}",
        f"How it was counted: cictrack explain {case} {due.rule.partition('.')[2]}",
    )
    day = date.fromisoformat(due.due_on)
    if due.ended is None:
        whose = (f"Whose move: {due.side}",) if due.side else ()
        return Entry(known_by, day, f"{case}: {due.title} due", (*about[:2], *whose, about[2]), due.severity)
    became = f"done {due.ended}" if due.met else "no longer due"
    return Entry(known_by, day, f"{case}: {due.title} ({became})", about, "ended", cancelled=True)
