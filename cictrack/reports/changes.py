"""What changed since a day: what moved, and for each register the line that adds up to what stands now."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from cictrack.render.listing import Listing
from cictrack.reports.listings import columns_of
from cictrack.reports.words import counted, in_words
from cictrack.store.movements import movements, standing

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from cictrack.store.filters import Filters
    from cictrack.store.movements import Key, Movement, Standing

ORDER = ("red", "amber", "opened", "reopened", "stage", "met", "extended", "excepted", "closed", "reassigned")
"""What a meeting asks for first."""

CALLED = {
    "red": "newly red",
    "amber": "newly amber",
    "opened": "opened",
    "reopened": "reopened",
    "stage": "moved stage",
    "met": "met",
    "extended": "extended",
    "excepted": "excepted",
    "closed": "closed",
    "reassigned": "reassigned",
}
KEYS = (
    *("register", "child_id", "change", "from", "to", "day"),
    *("period", "rule", "title", "due_on", "team", "worker", "iro"),
)
_ALOUD = ("change", "case", "name", "title", "from", "to", "day", "due_on", "worker", "team")


class Reconciled(NamedTuple):
    """Open cases of one register: opening + opened + moved in − closed − moved out = closing.

    A case moves in or out where the list is narrowed, and it begins or ceases to be one of those asked for.
    """

    register: str
    opening: int
    opened: int
    moved_in: int
    closed: int
    moved_out: int
    closing: int


class Changes(NamedTuple):
    """All that moved after `since`, up to `day`, that day included; `whose` tells whose each case is on the day."""

    since: date
    day: date
    registers: Sequence[Reconciled]
    rows: Sequence[Movement]
    whose: Mapping[Key, Mapping[str, Any]]


def changed(
    db: sqlite3.Connection, since: date, day: date, filters: Filters, registers: Iterable[str], *, names: bool = False
) -> Changes:
    """What moved, of the cases that pass `filters` on either day."""
    before, now = standing(db, since, filters), standing(db, day, filters, names=names)
    known = before.known.keys() | now.known.keys()
    rows = [moved for moved in movements(db, since, day, filters.authority) if moved.case in known]
    rows.sort(key=lambda m: (m.register, ORDER.index(m.change), m.day, m.child_id, m.period, m.rule or ""))
    wanted = [name for name in registers if not filters.register or name in filters.register]
    return Changes(since, day, [_reconciled(name, before, now, rows) for name in wanted], rows, now.known)


def _reconciled(register: str, before: Standing, now: Standing, rows: Sequence[Movement]) -> Reconciled:
    came = Counter(m.case for m in rows if m.register == register and m.change in {"opened", "reopened"})
    went = Counter(m.case for m in rows if m.register == register and m.change == "closed")
    opening = {case for case in before.open if case[0] == register}
    closing = {case for case in now.open if case[0] == register}
    beside = Counter(dict.fromkeys(closing, 1)) + went
    beside.subtract(Counter(dict.fromkeys(opening, 1)) + came)
    return Reconciled(
        register,
        len(opening),
        came.total(),
        sum(n for n in beside.values() if n > 0),
        went.total(),
        -sum(n for n in beside.values() if n < 0),
        len(closing),
    )


def as_machine(found: Changes) -> dict[str, Any]:
    """Its promised keys."""
    return {
        "since": found.since.isoformat(),
        "as_of": found.day.isoformat(),
        "registers": [one._asdict() for one in found.registers],
        "rows": [dict(zip(KEYS, row, strict=True)) for row in _rows(found)],
    }


def _rows(found: Changes) -> Iterator[tuple[object, ...]]:
    for moved in found.rows:
        whose = found.whose.get(moved.case, {})
        yield (
            *(moved.register, moved.child_id, moved.change, moved.before, moved.after, moved.day),
            *(moved.period, moved.rule, moved.title, moved.due_on),
            *(whose.get(name) for name in ("team", "worker", "iro")),
        )


def as_listing(found: Changes) -> Listing:
    """The rows with every column: for csv and sheets."""
    rows = list(_rows(found))
    return Listing(title(found), columns_of(KEYS, KEYS, rows), rows, _footer(found), _empty(found))


def title(found: Changes) -> str:
    """What it is, in a line."""
    return f"Changes after {in_words(found.since)}, up to {in_words(found.day)}"


def sections(found: Changes) -> Iterator[Listing]:
    """As people read it: the lines that add up, then what moved, register by register."""
    yield reconciling(found)
    for one in found.registers:
        moved = [m for m in found.rows if m.register == one.register]
        keys = [key for key in _ALOUD if key != "name" or _named(found)]
        yield _told(one.register, keys, moved, found)


def of_one(found: Changes, change: str) -> Listing:
    """The movements of one kind, of all registers."""
    moved = [m for m in found.rows if m.change == change]
    keys = [key for key in ("register", *_ALOUD[1:]) if key != "name" or _named(found)]
    return _told(CALLED[change].capitalize(), keys, moved, found)


def _named(found: Changes) -> bool:
    return any("name" in whose for whose in found.whose.values())


def _told(title: str, keys: Sequence[str], moved: Sequence[Movement], found: Changes) -> Listing:
    rows = [tuple(_aloud(m, found)[key] for key in keys) for m in moved]
    any_said = {key: any(row[n] is not None for row in rows) for n, key in enumerate(keys)}
    shown = [key for key in keys if any_said[key]] or keys
    columns = columns_of(keys, shown, rows)
    return Listing(title, columns, rows, counted(len(rows), "movement"), "Nothing moved.").as_shown()


def reconciling(found: Changes) -> Listing:
    """A line a register: what stood, what came and went, what stands."""
    moves = any(one.moved_in or one.moved_out for one in found.registers)
    keys = [name for name in Reconciled._fields if moves or not name.startswith("moved")]
    rows = [tuple(getattr(one, key) for key in keys) for one in found.registers]
    columns = tuple(c._replace(right=c.key != "register") for c in columns_of(keys, keys, rows))
    return Listing("Open cases", columns, rows, adding_up(found), "There is no register.")


def adding_up(found: Changes) -> str:
    """The line that adds up, of all registers together."""
    sums = [sum(one[n] for one in found.registers) for n in range(1, len(Reconciled._fields))]  # type: ignore[misc]  # its fields after the first are numbers
    opening, opened, moved_in, closed, moved_out, closing = sums
    parts = [f"{opening:,} open", f"+ {opened:,} opened", f"− {closed:,} closed"]
    if moved_in or moved_out:
        parts += [f"+ {moved_in:,} moved in", f"− {moved_out:,} moved out"]
    return f"{' '.join(parts)} = {closing:,} open"


def _aloud(moved: Movement, found: Changes) -> dict[str, object]:
    """A movement as a person reads it."""
    whose = found.whose.get(moved.case, {})
    period = f"#{moved.period}" if moved.period > 1 else ""
    said = {"register": moved.register, "change": CALLED[moved.change], "case": moved.child_id + period}
    days = {"from": moved.before, "to": moved.after, "day": moved.day, "due_on": moved.due_on}
    of_whom = {name: whose.get(name) for name in ("name", "worker", "team")}
    return {**said, "title": moved.title, **days, **of_whom}


def _footer(found: Changes) -> str:
    return f"{counted(len(found.rows), 'movement')}; {adding_up(found)}"


def _empty(found: Changes) -> str:
    return f"Nothing moved after {in_words(found.since)}."
