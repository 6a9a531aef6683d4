"""The SELECTs of the lists whose rows are deadlines: overdue, due, drift, and all that one child has open.

One query answers for one day; a row comes out in the order of `DEADLINE`. What a list says beside its rows (titles,
units, whose move) comes from the `rules` table, so that nothing of the engine need be imported to print it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from cictrack.store.filters import NO_FILTERS, Filters, narrowed

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence
    from datetime import date

Which = Literal["overdue", "due", "drift", "open"]

# The weekdays up to a day, from its proleptic ordinal: Mondays are 1 modulo 7, and five of seven are counted.
_ORDINAL = "CAST(julianday({0}) - 1721424.5 AS INTEGER)"
_WEEKDAYS = f"({_ORDINAL} / 7 * 5 + min({_ORDINAL} % 7, 5))"
_SHUT = "strftime('%w', {0}.day) NOT IN ('0', '6') AND {0}.day > d.due_on AND {0}.day <= :day"
_WORKING_DAYS = f"""(:weekdays - {_WEEKDAYS.format("d.due_on")}
    - (SELECT count(*) FROM bank_holidays h WHERE {_SHUT.format("h")})
    - iif(r.authority IN ('local', 'prompt'), (SELECT count(*) FROM closures s WHERE {_SHUT.format("s")}
        AND s.day NOT IN (SELECT day FROM bank_holidays)), 0))"""  # noqa: S608 - names of this file
_DAYS = f"(:ordinal - {_ORDINAL.format('d.due_on')})"
_UNITS = f"CASE WHEN r.unit = 'working days' THEN iif(d.due_on <= :day, {_WORKING_DAYS}, {{ahead}}) ELSE {_DAYS} END"
_AHEAD = f"""(:weekdays - {_WEEKDAYS.format("d.due_on")}
    + (SELECT count(*) FROM bank_holidays h WHERE strftime('%w', h.day) NOT IN ('0', '6')
        AND h.day > :day AND h.day <= d.due_on)
    + iif(r.authority IN ('local', 'prompt'), (SELECT count(*) FROM closures s
        WHERE strftime('%w', s.day) NOT IN ('0', '6') AND s.day > :day AND s.day <= d.due_on
        AND s.day NOT IN (SELECT day FROM bank_holidays)), 0))"""  # noqa: S608 - names of this file
_SINCE = f"(:ordinal - {_ORDINAL.format('d.anchor_on')})"
_WHY = f"""CASE WHEN d.kind = 'drift' AND instr(d.why, '{{')
    THEN replace(replace(d.why, '{{days}}', {_SINCE}), '{{weeks}}', {_SINCE} / 7)
    WHEN d.kind = 'deadline' AND d.past = 'grey' AND d.due_on < :day
    THEN coalesce(nullif(d.why, ''), 'not in the return') ELSE d.why END"""
_SEVERITY = """CASE WHEN d.kind = 'drift' THEN 'amber' WHEN d.due_on < :day THEN d.past
    WHEN d.amber_on <= :day THEN 'amber' ELSE 'green' END"""

AUTHORITY = "CASE WHEN r.statute_from <= :day THEN 'statute' ELSE r.authority END"
"""A rule is statute from the day the Act commenced, where the authority has set that day."""

DEADLINE: Mapping[str, str] = {
    "register": "d.register",
    "child_id": "d.child_id",
    "period": "d.period",
    "family": "p.family",
    "rule": "d.rule",
    "kind": "d.kind",
    "title": "r.title",
    "starts_on": "d.starts_on",
    "amber_on": "d.amber_on",
    "due_on": "d.due_on",
    "days_over": _DAYS,
    "unit": "r.unit",
    "units_over": _UNITS.format(ahead=_AHEAD),
    "severity": _SEVERITY,
    "stage": "p.stage",
    "side": "coalesce(nullif(p.delay_side, ''), nullif(r.side, ''), nullif(p.side, ''))",
    "blocking": "coalesce(nullif(r.blocking, ''), nullif(p.blocking, ''))",
    "team": "p.team",
    "worker": "p.worker",
    "manager": "p.manager",
    "iro": "p.iro",
    "locality": "p.locality",
    "authority": AUTHORITY,
    "exception": "x.reason",
    "exception_until": "x.until_on",
    "why": _WHY,
}
"""Each column of the machine format, in its order, and what it is in the query."""

NAME = "(SELECT c.name FROM children c WHERE c.child_id = {0}.child_id)"
"""The child's name, where it was asked for."""

_JOINS = """
CROSS JOIN positions p ON p.child_id = d.child_id AND p.register = d.register AND p.period = d.period
  AND p.from_on <= :day AND (p.until_on IS NULL OR p.until_on > :day)
CROSS JOIN rules r ON r.rule = d.rule
LEFT JOIN exceptions x ON x.child_id = d.child_id AND x.register = d.register AND x.period = d.period
  AND x.rule = d.rule AND x.from_on <= :day AND x.until_on >= :day
  AND NOT EXISTS (SELECT 1 FROM exceptions y WHERE y.child_id = x.child_id AND y.register = x.register
    AND y.period = x.period AND y.rule = x.rule AND y.from_on <= :day AND y.until_on >= :day
    AND (y.from_on, y.n) > (x.from_on, x.n))
"""
_NOT_ENDED = "d.met_on IS NULL AND d.stopped_on IS NULL"
_NOT_ENDED_BY = "(d.met_on IS NULL OR d.met_on > :day) AND (d.stopped_on IS NULL OR d.stopped_on > :day)"
_STANDS = "d.starts_on <= :day AND (d.lapses_on IS NULL OR d.lapses_on > :day)"
_SELECTED: Mapping[Which, str] = {
    "overdue": "d.kind IN ('deadline', 'task') AND d.past IN ('red', 'grey') AND d.due_on < :day",
    "due": "d.kind IN ('deadline', 'task') AND d.past IN ('red', 'grey') AND d.due_on BETWEEN :day AND :until",
    "drift": "d.kind = 'drift' AND d.past IN ('red', 'grey') AND d.due_on <= :day",
    "open": "d.child_id = :child",
}
_RANK = "CASE WHEN d.kind = 'drift' THEN 2 WHEN d.due_on < :day THEN iif(d.past = 'red', 1, 3) {0} END"
_ORDER: Mapping[Which, str] = {
    "overdue": "d.past DESC",
    "due": "d.amber_on > :day",
    "drift": "d.kind",
    "open": _RANK.format("WHEN d.amber_on <= :day THEN 2 ELSE 4"),
}


class Rows(NamedTuple):
    """What a list found: the names of its columns, its rows, and how many there were before it was narrowed."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    of: int


def deadlines(
    db: sqlite3.Connection,
    day: date,
    which: Which,
    filters: Filters = NO_FILTERS,
    *,
    until: date | None = None,
    child_id: str = "",
    names: bool = False,
) -> Rows:
    """The rows of `which` on `day`: sorted by severity, days over, register and child.

    `until` is the last day of what is `due`, that day included; `child_id` whose rows are `open`.
    """
    columns = with_name(DEADLINE, "d") if names else DEADLINE
    query, parameters = statement(db, day, which, filters, columns)
    parameters |= {"until": (until or day).isoformat(), "child": child_id}
    rows = db.execute(query, parameters).fetchall()
    return Rows(tuple(columns), rows, _count(db, day, which, parameters) if filters.given else len(rows))


def joined(db: sqlite3.Connection, day: date, which: Which) -> list[str]:
    """The same rows, each with its cells joined by commas and what is absent left empty: for csv of thousands."""
    # Twice as fast as joining the cells two by two. It would cut a text off at a NUL, which no register holds.
    line = f"format('{','.join(['%s'] * len(DEADLINE))}', {', '.join(DEADLINE.values())})"
    query, parameters = statement(db, day, which, NO_FILTERS, {"line": line})
    return [line for (line,) in db.execute(query, parameters)]


def statement(
    db: sqlite3.Connection, day: date, which: Which, filters: Filters, columns: Mapping[str, str]
) -> tuple[str, dict[str, Any]]:
    """The one query of a list, and its parameters."""
    where, narrowing = narrowed(filters, DEADLINE)
    selected = ", ".join(f'{expression} AS "{name}"' for name, expression in columns.items())
    query = (
        f"SELECT {selected} FROM deadlines d{_JOINS}WHERE {_open(db, day)} AND {_SELECTED[which]}{where}"  # noqa: S608
        f" ORDER BY {_ORDER[which]}, d.due_on, d.register, d.child_id, d.period, d.rule, d.n"
    )
    return query, {**on(day), **narrowing}


def on(day: date) -> dict[str, Any]:
    """A day as the queries are given it: itself, its ordinal, and the weekdays up to it."""
    ordinal = day.toordinal()
    return {"day": day.isoformat(), "ordinal": ordinal, "weekdays": ordinal // 7 * 5 + min(ordinal % 7, 5)}


def with_name(columns: Mapping[str, str], alias: str) -> dict[str, str]:
    """The columns with the child's name after the id."""
    named: dict[str, str] = {}
    for name, expression in columns.items():
        named[name] = expression
        if name == "child_id":
            named["name"] = NAME.format(alias)
    return named


def _open(db: sqlite3.Connection, day: date) -> str:
    """What is open on the day."""
    return f"{not_ended(db, day)} AND {_STANDS}"


def not_ended(db: sqlite3.Connection, day: date) -> str:
    """What no event has ended by `day`: from the latest recorded day on, whatever an event ended has ended by then.

    Then the index of open rows serves, which holds no other.
    """
    latest = meta(db, "latest_day")
    return _NOT_ENDED if not latest or day.isoformat() >= latest else _NOT_ENDED_BY


def meta(db: sqlite3.Connection, name: str) -> str:
    """A value that the register keeps about itself; empty when it keeps none."""
    row = db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row and row[0] is not None else ""


def _count(db: sqlite3.Connection, day: date, which: Which, parameters: Mapping[str, Any]) -> int:
    query = f"SELECT count(*) FROM deadlines d WHERE {_open(db, day)} AND {_SELECTED[which]}"  # noqa: S608
    return int(db.execute(query, parameters).fetchone()[0])


def past_calendar(db: sqlite3.Connection, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> str:
    """The last day of the bank holidays known, when a due day counted in working days lies after it; else empty."""
    until = meta(db, "calendar_until")
    if not until or not rows:
        return ""
    due, unit = columns.index("due_on"), columns.index("unit")
    beyond = any(row[due] > until and row[unit] == "working days" for row in rows)
    return until if beyond else ""
