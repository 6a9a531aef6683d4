"""What a setting would move, before it is written: every child is derived with it, and compared with what is held.

Nothing is written, and nobody is kept from writing while somebody thinks about the answer.
"""

from __future__ import annotations

from collections import Counter
from heapq import nsmallest
from typing import TYPE_CHECKING, Any, NamedTuple

from cictrack.errors import Refused
from cictrack.registers import registers
from cictrack.store import chain, schema
from cictrack.store.derive import without_collector
from cictrack.store.evaluating import evaluating
from cictrack.store.events import all_kept, settings_of
from cictrack.store.named import name_of
from cictrack.store.rows import CHILDREN, DEADLINES
from cictrack.store.writing import append, writing

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from cictrack.pathway.events import Event
    from cictrack.store.progress import Progress

    Row = tuple[Any, ...]
    Plan = Callable[[sqlite3.Connection], Sequence[Event]]
    """The events of a change, planned from what a register holds. Refused when they cannot be."""

CHANGED = "Somebody has recorded meanwhile, and this would move something else now. Nothing was written: look again."

SHOWN = 10
"""Cases that are named; the rest are counted."""

_TABLE = schema.OF_A_CHILD[DEADLINES]
_OF_CHILDREN = f"SELECT {_TABLE.quoted} FROM {_TABLE.name} WHERE child_id IN (SELECT value FROM json_each(?))"  # noqa: S608 - names of the schema
_AT = {column: n for n, column in enumerate(_TABLE.columns)}
_CHILD, _REGISTER, _PERIOD, _RULE, _KIND, _STARTS, _DUE = (
    _AT[name] for name in ("child_id", "register", "period", "rule", "kind", "starts_on", "due_on")
)
_MET, _STOPPED, _LAPSES, _PAST = (_AT[name] for name in ("met_on", "stopped_on", "lapses_on", "past"))
_SAME = tuple(_AT[name] for name in ("child_id", "register", "period", "rule", "of", "anchor", "anchor_on"))
_ALERT = "drift"


class Shift(NamedTuple):
    """A deadline that is open and would be due on another day; `was` or `now` is empty where it did or would not run.

    `order` is 0 for one that becomes red, 1 for a red one that no longer is, 2 for any other.
    """

    order: int
    now: str
    was: str
    case: str
    rule: str
    title: str


class Foreseen(NamedTuple):
    """What a change would do, counted, and the first few of the deadlines that move.

    `reddened` become red and `eased` are red no longer, both among `moved`; the `alerts` begin to stand, cease to, or
    begin on another day. `over` are deadlines that are met or stopped and would get another due day: `late_now` of
    them were met in time and would have been late, `in_time_now` the other way about.
    """

    moved: int
    reddened: int
    eased: int
    alerts_begun: int
    alerts_ended: int
    alerts_moved: int
    over: int
    late_now: int
    in_time_now: int
    first: tuple[Shift, ...]


class Preview(NamedTuple):
    """The events of a change, what they would move, and the head of the chain that both were planned from."""

    head: tuple[int, bytes]
    events: Sequence[Event]
    found: Foreseen


def foreseen(
    db: sqlite3.Connection, unwritten: Sequence[Event], today: date, progress: Progress | None = None
) -> Foreseen:
    """Derive every child as if these events of the settings were written, and compare. Inside one transaction."""
    settings = settings_of(db, unwritten)
    tally = _Tally(today.isoformat())
    (of,) = db.execute("SELECT count(*) FROM children").fetchone()
    done = 0
    with without_collector(), evaluating(all_kept(db), settings) as parts:
        for part in parts:
            tally.take(_held(db, [row[0] for row in part.rows[CHILDREN]]), part.rows[DEADLINES])
            done += part.children
            if progress:
                progress(done, of)
    return tally.result()


def preview(db: sqlite3.Connection, plan: Plan, today: date, progress: Progress | None = None) -> Preview:
    """Plan a change and foresee it, from the register as it is at one moment, whoever writes meanwhile."""
    db.execute("BEGIN")
    try:
        return _previewed(db, plan, today, progress)
    finally:
        db.execute("ROLLBACK")


def write(db: sqlite3.Connection, plan: Plan, shown: Preview, today: date, progress: Progress | None = None) -> None:
    """Append what was shown, in one transaction. Refused when what it would do has changed since.

    Who recorded something else meanwhile has recorded it: only where that changes the answer is it asked again.
    """
    with writing(db):
        if chain.head(db) != shown.head:
            now = _previewed(db, plan, today, progress)
            if now.found != shown.found or list(map(_says, now.events)) != list(map(_says, shown.events)):
                raise Refused(CHANGED)
            shown = now
        append(db, shown.events, progress=progress)


def _previewed(db: sqlite3.Connection, plan: Plan, today: date, progress: Progress | None) -> Preview:
    events = plan(db)
    return Preview(chain.head(db), events, foreseen(db, events, today, progress))


def _says(event: Event) -> tuple[object, ...]:
    return event.kind, event.day, event.fields, event.root, event.parent


def _held(db: sqlite3.Connection, child_ids: Sequence[str]) -> list[Row]:
    import json

    return db.execute(_OF_CHILDREN, (json.dumps(child_ids),)).fetchall()


class _Tally:
    """The counts so far."""

    def __init__(self, today: str) -> None:
        self._today = today
        self._counts: Counter[str] = Counter()
        self._first: list[Shift] = []
        self._titles = {clock.name: clock.title for register in registers().values() for clock in register.clocks}

    def take(self, held: Iterable[Row], would_be: Iterable[Row]) -> None:
        """Compare the rows of some children, as they are and as they would be."""
        before, after = set(held), set(would_be)
        gone, come = before - after, after - before
        was, now = self._by_key(gone, live=True), self._by_key(come, live=True)
        shifts = [self._shift(was.get(key), now.get(key)) for key in was.keys() | now.keys()]
        self._first = nsmallest(SHOWN, [*self._first, *(shift for shift in shifts if shift)])
        self._count_ended(self._by_key(gone, live=False), self._by_key(come, live=False))

    def _by_key(self, rows: Iterable[Row], *, live: bool) -> Mapping[tuple[Any, ...], Row]:
        """The rows that have ended by today or not; of two that are one deadline the earlier, which is seen first."""
        found = sorted((row for row in rows if self._live(row) is live), key=lambda row: row[_STARTS], reverse=True)
        return {(*(row[n] for n in _SAME), "" if live else row[_STARTS]): row for row in found}

    def _live(self, row: Row) -> bool:
        return all(row[end] is None or row[end] > self._today for end in (_MET, _STOPPED, _LAPSES))

    def _stands(self, row: Row | None) -> bool:
        return row is not None and row[_STARTS] <= self._today

    def _red(self, row: Row | None) -> bool:
        return row is not None and self._stands(row) and row[_PAST] == "red" and row[_DUE] < self._today

    def _shift(self, was: Row | None, now: Row | None) -> Shift | None:
        """Count one deadline or alert that is not over; a deadline that moves is given back."""
        either = was or now
        if either is None or (was and now and was[_DUE] == now[_DUE] and self._stands(was) is self._stands(now)):
            return None
        if either[_KIND] == _ALERT:
            stood, stands = self._stands(was), self._stands(now)
            self._counts["alerts_moved" if stood is stands else "alerts_begun" if stands else "alerts_ended"] += 1
            return None
        self._counts["moved"] += 1
        order = 2
        if self._red(was) is not self._red(now):
            order = 0 if self._red(now) else 1
            self._counts["reddened" if self._red(now) else "eased"] += 1
        case = name_of(either[_REGISTER], either[_CHILD], either[_PERIOD])
        due, was_due = (row[_DUE] if row else "" for row in (now, was))
        return Shift(order, due, was_due, case, either[_RULE], self._titles[either[_RULE]])

    def _count_ended(self, was: Mapping[tuple[Any, ...], Row], now: Mapping[tuple[Any, ...], Row]) -> None:
        for key in was.keys() & now.keys():
            before, after = was[key], now[key]
            if before[_KIND] == _ALERT or before[_DUE] == after[_DUE]:
                continue
            self._counts["over"] += 1
            late = [row[_MET] is not None and row[_MET] > row[_DUE] for row in (before, after)]
            if late[0] is not late[1]:
                self._counts["late_now" if late[1] else "in_time_now"] += 1

    def result(self) -> Foreseen:
        """What was found."""
        counts: dict[str, Any] = {name: self._counts[name] for name in Foreseen._fields}
        return Foreseen(**counts | {"first": tuple(self._first)})
