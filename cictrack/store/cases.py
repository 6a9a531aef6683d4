"""The SELECTs of the lists whose rows are cases: each register's page, and the counts that add up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cictrack.store.filters import NO_FILTERS, Filters, narrowed
from cictrack.store.lists import AUTHORITY, Rows, not_ended, on, with_name

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping
    from datetime import date

_WORST = """worst AS MATERIALIZED (
  SELECT child_id, register, period, min(rank) AS rank FROM (
    SELECT d.child_id, d.register, d.period,
      CASE WHEN d.kind = 'drift' THEN 2 WHEN d.due_on < :day THEN iif(d.past = 'red', 1, 3)
        WHEN d.amber_on <= :day THEN 2 ELSE 4 END AS rank
    FROM deadlines d
    WHERE {ended} AND d.starts_on <= :day AND (d.lapses_on IS NULL OR d.lapses_on > :day){of_case}
    UNION ALL
    SELECT d.child_id, d.register, d.period, 3 FROM gaps d
    WHERE d.period > 0 AND d.starts_on <= :day AND (d.ended_on IS NULL OR d.ended_on > :day){of_case}
  ) GROUP BY child_id, register, period)"""
_SEVERITY = "CASE w.rank WHEN 1 THEN 'red' WHEN 2 THEN 'amber' WHEN 3 THEN 'grey' ELSE 'green' END"
_STANDING = "p.from_on <= :day AND (p.until_on IS NULL OR p.until_on > :day)"

CASE: Mapping[str, str] = {
    "register": "p.register",
    "child_id": "p.child_id",
    "period": "p.period",
    "family": "p.family",
    "stage": "p.stage",
    "opened_on": "k.opened_on",
    "closed_on": "iif(p.open, NULL, iif(k.closed_on <= :day, k.closed_on, p.from_on))",
    "outcome": "iif(p.open, NULL, p.stage)",
    "severity": f"iif(p.open, {_SEVERITY}, 'green')",
    "team": "p.team",
    "worker": "p.worker",
    "manager": "p.manager",
    "iro": "p.iro",
    "locality": "p.locality",
}
"""The columns that every register's page begins with, in their order, and what each is in the query."""

_OF_RULE = """(SELECT 1 FROM deadlines d CROSS JOIN rules r ON r.rule = d.rule
    WHERE d.child_id = p.child_id AND d.register = p.register AND d.period = p.period AND {authority} = {mark}
      AND (d.met_on IS NULL OR d.met_on > :day) AND (d.stopped_on IS NULL OR d.stopped_on > :day)
      AND d.starts_on <= :day AND (d.lapses_on IS NULL OR d.lapses_on > :day))"""


def cases(
    db: sqlite3.Connection, day: date, filters: Filters = NO_FILTERS, *, child_id: str = "", names: bool = False
) -> Rows:
    """The cases that are open on `day`, closed ones too if the filters say so; void ones never.

    A case passes `authority` when it has an open row of a rule of that authority. `of` counts what there is
    of the registers asked for.
    """
    columns = with_name(CASE, "p") if names else CASE
    expressions = {**CASE, "authority": ""}
    authority = filters.authority
    where, parameters = narrowed(filters._replace(authority=()), expressions)
    parameters |= on(day)
    if authority:
        where += " AND (" + " OR ".join(_of_authority(n, a, parameters) for n, a in enumerate(authority)) + ")"
    standing, these = _population(filters, child_id)
    parameters |= {"child": child_id}
    worst = _WORST.format(ended=not_ended(db, day), of_case=" AND d.child_id = :child" if child_id else "")
    selected = ", ".join(f'{expression} AS "{name}"' for name, expression in columns.items())
    query = f"""WITH {worst} SELECT {selected} FROM positions p
      CROSS JOIN cases k ON k.child_id = p.child_id AND k.register = p.register AND k.period = p.period
      LEFT JOIN worst w ON w.child_id = p.child_id AND w.register = p.register AND w.period = p.period
      WHERE {standing}{where}
      ORDER BY iif(p.open, coalesce(w.rank, 4), 5), p.register, p.child_id, p.period"""  # noqa: S608 - names of this file
    rows = db.execute(query, parameters).fetchall()
    narrowing = filters.given.keys() - {"register"}
    if not narrowing:
        return Rows(tuple(columns), rows, len(rows))
    where, registers = narrowed(Filters(register=filters.register), CASE)
    counted = f"SELECT count(*) FROM positions p WHERE {these}{where}"  # noqa: S608 - names of this file
    count = db.execute(counted, {**parameters, **registers}).fetchone()[0]
    return Rows(tuple(columns), rows, int(count))


def _of_authority(n: int, value: str, parameters: dict[str, Any]) -> str:
    parameters[f"authority_{n}"] = value
    return f"EXISTS {_OF_RULE.format(authority=AUTHORITY, mark=f':authority_{n}')}"


def _population(filters: Filters, child_id: str) -> tuple[str, str]:
    standing = _STANDING + ("" if filters.closed_too else " AND p.open = 1")
    if child_id:
        standing += " AND p.child_id = :child"
    return standing, standing


class Count(NamedTuple):
    """One register on a day: its open cases by stage and by severity; `families` counts those that have a key."""

    open: int
    families: int
    stages: Mapping[str, int]
    severity: Mapping[str, int]
    newly_red: int


def counts(db: sqlite3.Connection, day: date, week_ago: date, filters: Filters = NO_FILTERS) -> dict[str, Count]:
    """The counts of each register that has an open case on `day`; newly red are those that were not on `week_ago`."""
    found = cases(db, day, filters._replace(closed_too=False))
    place = {name: n for n, name in enumerate(found.columns)}
    register, stage, severity, family = (place[n] for n in ("register", "stage", "severity", "family"))
    was_red = {row[:3] for row in _red(db, week_ago)} if any(r[severity] == "red" for r in found.rows) else set()
    counted: dict[str, Count] = {}
    by_register: dict[str, list[tuple[Any, ...]]] = {}
    for row in found.rows:
        by_register.setdefault(row[register], []).append(row)
    for name, rows in sorted(by_register.items()):
        newly = sum(row[severity] == "red" and row[:3] not in was_red for row in rows)
        families = len({row[family] for row in rows if row[family]})
        counted[name] = Count(len(rows), families, _tally(rows, stage), _tally(rows, severity), newly)
    return counted


def _tally(rows: list[tuple[Any, ...]], place: int) -> dict[str, int]:
    tally: dict[str, int] = {}
    for row in rows:
        tally[row[place]] = tally.get(row[place], 0) + 1
    return tally


def _red(db: sqlite3.Connection, day: date) -> list[tuple[Any, ...]]:
    """Register, child and period of every case with a row that is red on `day`."""
    query = f"""SELECT DISTINCT d.register, d.child_id, d.period FROM deadlines d
      WHERE d.kind IN ('deadline', 'task') AND d.past = 'red' AND d.due_on < :day AND {not_ended(db, day)}
        AND d.starts_on <= :day AND (d.lapses_on IS NULL OR d.lapses_on > :day)"""  # noqa: S608 - names of this file
    return db.execute(query, {"day": day.isoformat()}).fetchall()


def red_times(db: sqlite3.Connection, since: date, day: date) -> list[tuple[tuple[str, str, int], str, str | None]]:
    """When cases were red at any time after `since` and by `day`: the case, its first red day, the first it was not."""
    query = """SELECT d.register, d.child_id, d.period, max(date(d.due_on, '+1 day'), d.starts_on),
        nullif(min(coalesce(d.met_on, '~'), coalesce(d.stopped_on, '~'), coalesce(d.lapses_on, '~')), '~')
      FROM deadlines d WHERE d.kind IN ('deadline', 'task') AND d.past = 'red' AND d.due_on < :day
        AND d.starts_on <= :day AND (d.met_on IS NULL OR d.met_on > :since)
        AND (d.stopped_on IS NULL OR d.stopped_on > :since) AND (d.lapses_on IS NULL OR d.lapses_on > :since)"""
    rows = db.execute(query, {"since": since.isoformat(), "day": day.isoformat()})
    return [((row[0], row[1], row[2]), row[3], row[4]) for row in rows]
