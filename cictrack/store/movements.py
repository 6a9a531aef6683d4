"""What moved between two days, read off the derived rows: after the first day, up to the second, that day included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cictrack.store.cases import cases
from cictrack.store.filters import NO_FILTERS, Filters
from cictrack.store.lists import AUTHORITY

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping
    from datetime import date

    Key = tuple[str, str, int]

WHOSE = ("team", "worker", "manager", "iro", "locality")
"""What may change hands; the order in which it is told."""


class Movement(NamedTuple):
    """One thing that moved, on its day. `before` and `after` are what the change is from and to, absent where nothing.

    `rule`, `title` and `due_on` are those of a deadline, alert or task.
    """

    register: str
    child_id: str
    period: int
    change: str
    before: str | None
    after: str | None
    day: str
    rule: str | None = None
    title: str | None = None
    due_on: str | None = None

    @property
    def case(self) -> Key:
        """Register, child and period."""
        return self.register, self.child_id, self.period


class Standing(NamedTuple):
    """The cases that a list knows on a day, closed ones too, with whose each is; and which of them are open."""

    known: Mapping[Key, Mapping[str, Any]]
    open: frozenset[Key]


def standing(db: sqlite3.Connection, day: date, filters: Filters = NO_FILTERS, *, names: bool = False) -> Standing:
    """The cases that pass `filters` on `day`."""
    found = cases(db, day, filters._replace(closed_too=True), names=names)
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    known = {(row["register"], row["child_id"], row["period"]): row for row in rows}
    return Standing(known, frozenset(key for key, row in known.items() if row["closed_on"] is None))


def movements(db: sqlite3.Connection, since: date, day: date, authority: tuple[str, ...] = ()) -> Iterator[Movement]:
    """All that moved, in no order. With `authority` of the rules, only those of one."""
    between = {"since": since.isoformat(), "day": day.isoformat()}
    yield from _of_cases(db, between)
    marks = {f"authority_{n}": name for n, name in enumerate(authority)}
    only = f" AND {AUTHORITY} IN ({', '.join(':' + mark for mark in marks)})" if marks else ""
    for change, query in _OF_RULES.items():
        for row in db.execute(query.format(authority=only), between | marks):
            yield Movement(row[0], row[1], row[2], change, *row[3:])


def _of_cases(db: sqlite3.Connection, between: Mapping[str, str]) -> Iterator[Movement]:
    """A case's positions one after the other: opened, moved to another stage or hand, closed, opened again."""
    whose = ", ".join(f"p.{name}, q.{name}" for name in WHOSE)
    query = _POSITIONS.format(whose=whose)
    for row in db.execute(query, between):
        key: Key = row[:3]
        on, stage, is_open, was, was_open = row[3:8]
        if was is None:
            yield Movement(*key, "opened" if key[2] == 1 else "reopened", None, stage if is_open else None, on)
            if not is_open:
                yield Movement(*key, "closed", None, stage, on)
            continue
        if is_open and not was_open:
            yield Movement(*key, "reopened", was, stage, on)
        elif was_open and not is_open:
            yield Movement(*key, "closed", was, stage, on)
        elif stage != was:
            yield Movement(*key, "stage", was, stage, on)
        for n, name in enumerate(WHOSE):
            now, before = row[8 + 2 * n : 10 + 2 * n]
            if now != before and is_open:
                yield Movement(*key, "reassigned", _called(name, before), _called(name, now), on)


def _called(name: str, whose: Any) -> str | None:  # noqa: ANN401 - a cell of a query
    return f"{name} {whose}" if whose else None


_POSITIONS = """SELECT p.register, p.child_id, p.period, p.from_on, p.stage, p.open, q.stage, q.open, {whose}
FROM positions p LEFT JOIN positions q ON q.child_id = p.child_id AND q.register = p.register
  AND q.period = p.period AND q.until_on = p.from_on
WHERE p.from_on > :since AND p.from_on <= :day"""

_STANDS = """(d.met_on IS NULL OR d.met_on > :day) AND (d.stopped_on IS NULL OR d.stopped_on > :day)
  AND (d.lapses_on IS NULL OR d.lapses_on > :day)"""
_RED_FROM = "max(date(d.due_on, '+1 day'), d.starts_on)"
_AMBER_FROM = "max(iif(d.kind = 'drift', d.due_on, d.amber_on), d.starts_on)"
_WORKS = "d.kind IN ('deadline', 'task')"
_TITLE = "iif(d.kind = 'task', r.title || ': ' || d.why, r.title)"
_RULE = f"d.rule, {_TITLE}, d.due_on"
_FROM = "FROM deadlines d CROSS JOIN rules r ON r.rule = d.rule"
_CASE = "d.register, d.child_id, d.period"
_SEVERITY_BEFORE = f"""CASE WHEN d.starts_on > :since THEN NULL WHEN {_WORKS} AND d.due_on < :since THEN d.past
  WHEN {_AMBER_FROM} <= :since THEN 'amber' ELSE 'green' END"""

_OF_RULES: Mapping[str, str] = {
    "red": f"""SELECT {_CASE}, {_SEVERITY_BEFORE}, 'red', {_RED_FROM}, {_RULE} {_FROM}
      WHERE {_WORKS} AND d.past = 'red' AND {_RED_FROM} > :since AND {_RED_FROM} <= :day AND {_STANDS}{{authority}}""",
    "amber": f"""SELECT {_CASE}, {_SEVERITY_BEFORE}, 'amber', {_AMBER_FROM}, d.rule,
        iif(d.kind = 'drift', r.title, {_TITLE}), iif(d.kind = 'drift', NULL, d.due_on) {_FROM}
      WHERE {_AMBER_FROM} > :since AND {_AMBER_FROM} <= :day AND {_STANDS}
        AND (d.kind = 'drift' OR d.due_on >= :day){{authority}}""",
    "met": f"""SELECT {_CASE}, {_SEVERITY_BEFORE},
        CASE WHEN d.met_on <= d.due_on THEN 'in time' WHEN d.past = 'grey' AND d.why IS NOT NULL THEN 'cannot be told'
          ELSE 'late' END, d.met_on, {_RULE} {_FROM}
      WHERE {_WORKS} AND d.met_on > :since AND d.met_on <= :day{{authority}}""",
    "extended": f"""SELECT {_CASE}, d.due_on, n.due_on, d.stopped_on, d.rule, {_TITLE}, n.due_on {_FROM}
      CROSS JOIN deadlines n ON n.child_id = d.child_id AND n.register = d.register AND n.period = d.period
        AND n.rule = d.rule AND n.of IS d.of AND n.starts_on = d.stopped_on AND n.n > d.n AND n.due_on > d.due_on
      WHERE {_WORKS} AND d.stopped_on > :since AND d.stopped_on <= :day{{authority}}""",
    "excepted": f"""SELECT {_CASE}, NULL, d.reason || ' until ' || d.until_on || ', agreed by ' || d.agreed_by,
        d.from_on, d.rule, r.title, NULL
      FROM exceptions d CROSS JOIN rules r ON r.rule = d.rule
      WHERE d.from_on > :since AND d.from_on <= :day{{authority}}""",  # noqa: S608 - names of this file
}
"""For each change of a rule what was so on the first day, what is so on the second, and when it became so.

What turned amber or red and has ended since is told by what ended it.
"""
