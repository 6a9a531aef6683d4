"""The SELECTs of the shorter lists: gaps, tasks, exceptions, what is known of one child, candidates for a register."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cictrack.store.filters import NO_FILTERS, Filters, narrowed
from cictrack.store.lists import Rows, on, with_name

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence
    from datetime import date

_POSITION = """LEFT JOIN positions p ON p.child_id = {0}.child_id AND p.register = {0}.register
  AND p.period = {0}.period AND p.from_on <= :day AND (p.until_on IS NULL OR p.until_on > :day)"""
_OF_NO_CASE = "coalesce(p.locality, (SELECT c.locality FROM children c WHERE c.child_id = g.child_id))"
_ASSIGNED = {name: f"p.{name}" for name in ("team", "worker", "manager", "iro", "locality", "stage")}

GAP: Mapping[str, str] = {
    "register": "g.register",
    "child_id": "g.child_id",
    "period": "nullif(g.period, 0)",
    "family": "p.family",
    "event": "g.event",
    "values": 'g."values"',
    "why": "g.why",
    "team": "p.team",
    "worker": "p.worker",
    "iro": "p.iro",
}
"""The columns of `gaps`; period is absent where a gap belongs to no case."""


def gaps(
    db: sqlite3.Connection, day: date, filters: Filters = NO_FILTERS, *, child_id: str = "", names: bool = False
) -> Rows:
    """What is missing or in conflict on `day`, one row a case: its events and sentences joined by `; `.

    A gap is grey and of no rule, so `severity` other than grey, and any `authority`, leaves none.
    """
    columns = with_name(GAP, "g") if names else GAP
    expressions = {**GAP, **_ASSIGNED, "locality": _OF_NO_CASE, "severity": "'grey'", "authority": "''"}
    where, parameters = narrowed(filters, expressions)
    parameters |= {**on(day), "child": child_id}
    stands = "g.starts_on <= :day AND (g.ended_on IS NULL OR g.ended_on > :day)"
    if child_id:
        stands += " AND g.child_id = :child"
    selected = ", ".join(f'{expression} AS "{name}"' for name, expression in columns.items())
    query = f"""SELECT {selected} FROM gaps g {_POSITION.format("g")} WHERE {stands}{where}
      ORDER BY g.register, g.child_id, g.period, g.starts_on, g.n"""  # noqa: S608 - names of this file
    rows = _one_a_case(tuple(columns), db.execute(query, parameters).fetchall())
    if not filters.given:
        return Rows(tuple(columns), rows, len(rows))
    counted = f"SELECT count(*) FROM (SELECT DISTINCT g.child_id, g.register, g.period FROM gaps g WHERE {stands})"  # noqa: S608
    return Rows(tuple(columns), rows, int(db.execute(counted, parameters).fetchone()[0]))


def _one_a_case(columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    place = {name: n for n, name in enumerate(columns)}
    event, values, why = place["event"], place["values"], place["why"]
    register, child, period = place["register"], place["child_id"], place["period"]
    merged: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        days = json.loads(row[values] or "[]")
        line = merged.setdefault((row[register], row[child], row[period]), [*row])
        if line[values] == row[values]:
            line[event], line[values], line[why] = [], [], []
        line[event] += [row[event]] if row[event] not in line[event] else []
        line[values] += [day for day in days if day not in line[values]]
        line[why] += [row[why]] if row[why] not in line[why] else []
    for line in merged.values():
        line[event], line[why] = "; ".join(line[event]), "; ".join(line[why])
    return [tuple(line) for line in merged.values()]


ENDING: Mapping[str, str] = {
    "register": "x.register",
    "child_id": "x.child_id",
    "period": "x.period",
    "rule": "x.rule",
    "title": "(SELECT r.title FROM rules r WHERE r.rule = x.rule)",
    "reason": "x.reason",
    "agreed_by": "x.agreed_by",
    "exception_until": "x.until_on",
    "team": "p.team",
    "worker": "p.worker",
}
"""The columns of exceptions that run out."""


def exceptions_ending(
    db: sqlite3.Connection, day: date, since: date, until: date, filters: Filters = NO_FILTERS
) -> Rows:
    """The exceptions that ran out after `since` or will by `until`, of deadlines that are open on `day`.

    Of one that was agreed again the last counts.
    """
    expressions = {**ENDING, **_ASSIGNED}
    where, parameters = narrowed(filters, expressions)
    parameters |= {**on(day), "since": since.isoformat(), "until": until.isoformat()}
    selected = ", ".join(f'{expression} AS "{name}"' for name, expression in ENDING.items())
    query = f"""SELECT {selected} FROM exceptions x {_POSITION.format("x")}
      WHERE p.open = 1 AND x.from_on <= :day AND x.until_on > :since AND x.until_on <= :until
        AND EXISTS (SELECT 1 FROM deadlines d WHERE d.child_id = x.child_id AND d.register = x.register
          AND d.period = x.period AND d.rule = x.rule AND d.starts_on <= :day
          AND (d.met_on IS NULL OR d.met_on > :day) AND (d.stopped_on IS NULL OR d.stopped_on > :day))
        AND NOT EXISTS (SELECT 1 FROM exceptions y WHERE y.child_id = x.child_id AND y.register = x.register
          AND y.period = x.period AND y.rule = x.rule AND y.from_on <= :day AND y.until_on > x.until_on){where}
      ORDER BY x.until_on, x.register, x.child_id, x.period, x.n"""  # noqa: S608 - names of this file
    rows = db.execute(query, parameters).fetchall()
    return Rows(tuple(ENDING), rows, len(rows))


TASK: Mapping[str, str] = {
    "id": "t.id",
    "register": "t.register",
    "child_id": "t.child_id",
    "period": "t.period",
    "family": "p.family",
    "kind": "t.kind",
    "text": "t.text",
    "owner": "t.owner",
    "due_on": "t.due_on",
    "done_on": "iif(t.done_on <= :day, t.done_on, NULL)",
    "days_over": "CAST(julianday(:day) - julianday(t.due_on) AS INTEGER)",
}
"""The columns of `tasks`."""

_TASK_SEVERITY = """CASE WHEN t.due_on < :day THEN 'red' WHEN (SELECT max(d.amber_on) FROM deadlines d
    WHERE d.child_id = t.child_id AND d.register = t.register AND d.period = t.period
      AND d.rule = t.register || '.task' AND d.of = t.id) <= :day THEN 'amber' ELSE 'green' END"""


def tasks(
    db: sqlite3.Connection, day: date, filters: Filters = NO_FILTERS, *, child_id: str = "", names: bool = False
) -> Rows:
    """The tasks agreed by `day` and not done, of open cases: overdue ones first, then by owner.

    `closed_too` adds those that are done, and those of closed cases.
    """
    columns = with_name(TASK, "t") if names else TASK
    authority = "(SELECT r.authority FROM rules r WHERE r.rule = t.register || '.task')"
    expressions = {**TASK, **_ASSIGNED, "severity": _TASK_SEVERITY}
    where, parameters = narrowed(filters, {**expressions, "authority": authority})
    parameters |= {**on(day), "child": child_id}
    stands = "t.agreed_on <= :day"
    if not filters.closed_too:
        stands += " AND (t.done_on IS NULL OR t.done_on > :day) AND p.open = 1"
    if child_id:
        stands += " AND t.child_id = :child"
    selected = ", ".join(f'{expression} AS "{name}"' for name, expression in columns.items())
    found = f"FROM tasks t {_POSITION.format('t')} WHERE {stands}"
    query = f"""SELECT {selected} {found}{where}
      ORDER BY t.done_on <= :day AND t.done_on IS NOT NULL, t.due_on < :day DESC, t.owner, t.due_on, t.register,
        t.child_id, t.id"""
    rows = db.execute(query, parameters).fetchall()
    if not filters.given:
        return Rows(tuple(columns), rows, len(rows))
    return Rows(tuple(columns), rows, int(db.execute(f"SELECT count(*) {found}", parameters).fetchone()[0]))


def exceptions(db: sqlite3.Connection, day: date, child_id: str) -> list[tuple[Any, ...]]:
    """The exceptions that stand on `day`: register, period, rule, reason, agreed by, from, until."""
    return db.execute(
        """SELECT register, period, rule, reason, agreed_by, from_on, until_on FROM exceptions
        WHERE child_id = :child AND from_on <= :day AND until_on >= :day ORDER BY register, period, from_on, rule""",
        {"child": child_id, "day": day.isoformat()},
    ).fetchall()


def child(db: sqlite3.Connection, child_id: str) -> tuple[Any, ...] | None:
    """Date of birth, expected day, name, sibling group and locality of a child; None of one nobody recorded."""
    query = "SELECT dob, edd, name, sibling_group, locality FROM children WHERE child_id = ?"
    found: tuple[Any, ...] | None = db.execute(query, (child_id,)).fetchone()
    return found


def child_ids(db: sqlite3.Connection) -> list[str]:
    """Every child of the register: to say which was meant when one is not there."""
    return [row[0] for row in db.execute("SELECT child_id FROM children ORDER BY child_id")]


def periods(db: sqlite3.Connection, register: str, child_id: str) -> list[tuple[int, str, str | None, int]]:
    """Number, opening, closing day and voidness of a child's cases on a register."""
    query = """SELECT period, opening, closed_on, void FROM cases WHERE child_id = ? AND register = ?
      ORDER BY period"""
    return db.execute(query, (child_id, register)).fetchall()


def children_with(db: sqlite3.Connection, kinds: Sequence[str], register: str, since: date, until: date) -> list[str]:
    """The children of whose own record one of `kinds` is dated from `since` to `until`, both days included.

    Those who have a case open on `register` on `until` are left out.
    """
    marks = ", ".join("?" * len(kinds))
    query = f"""SELECT DISTINCT e.child_id FROM events e WHERE e.register = 'child' AND e.kind IN ({marks})
      AND e.day BETWEEN ? AND ? AND NOT EXISTS (SELECT 1 FROM positions p WHERE p.child_id = e.child_id
        AND p.register = ? AND p.open = 1 AND p.from_on <= ? AND (p.until_on IS NULL OR p.until_on > ?))
      ORDER BY e.child_id"""  # noqa: S608 - question marks only
    last = until.isoformat()
    return [row[0] for row in db.execute(query, (*kinds, since.isoformat(), last, register, last, last))]
