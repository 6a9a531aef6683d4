"""What the engine says of one child, as rows of the derived tables."""

from __future__ import annotations

import json
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from cictrack.pathway.stays import stays
from cictrack.store import schema
from cictrack.store.sealed import sealed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from cictrack.pathway.child import CaseOf, ChildEvaluation
    from cictrack.pathway.declare import Clock, Register
    from cictrack.pathway.escalations import Escalated
    from cictrack.pathway.evaluate import Evaluation
    from cictrack.pathway.settings import Settings

    Row = tuple[Any, ...]
    Rows = tuple[list[Row], ...]
    """A list for each table of `schema.OF_A_CHILD`, in its order."""

(CHILDREN, CASES, DEADLINES, POSITIONS, GAPS, TASKS, EXCEPTIONS, ESCALATIONS, STAYS) = range(9)


_encoded = json.JSONEncoder(separators=(",", ":")).encode
"""Made once: `json.dumps` makes another for each row."""


def rows_of(child_id: str, found: ChildEvaluation) -> Rows:
    """Every row that is derived from one child's events, in an order that no order of arrival changes."""
    rows: Rows = tuple([] for _ in schema.OF_A_CHILD)
    about = found.about
    locality = about.get("locality") or None
    rows[CHILDREN].append(
        (
            child_id,
            _iso_or_none(found.dob),
            _iso_or_none(found.edd),
            about.get("name") or None,
            about.get("sibling_group") or None,
            locality,
        )
    )
    for case in found.cases:
        _add_case(rows, child_id, case, locality)
    for stay in stays(found.record, found.care):
        until, care_until = _iso_or_none(stay.until_on), _iso_or_none(stay.care_until)
        rows[STAYS].append((child_id, _iso(stay.care_from), _iso(stay.from_on), int(stay.placed), until, care_until))
    by_register: dict[str, list[Row]] = {}
    for gap in found.gaps:
        row = (_iso(gap.starts_on), gap.event, _iso_or_none(gap.ended_on), "[]", gap.why)
        by_register.setdefault(gap.register, []).append(row)
    for register, gaps in by_register.items():
        _add_gaps(rows, (child_id, register, 0), gaps)
    return tuple([sealed(row) for row in of_table] for of_table in rows)


def together(found: Iterable[Rows]) -> Rows:
    """The rows of several children, sorted, so that each table is written from one end to the other."""
    rows: Rows = tuple([] for _ in schema.OF_A_CHILD)
    for of_child in found:
        for held, more in zip(rows, of_child, strict=True):
            held.extend(more)
    for table, held in zip(schema.OF_A_CHILD, rows, strict=True):
        held.sort(key=itemgetter(*range(table.key)))
    return rows


def latest_day(rows: Rows) -> str:
    """The latest day on which one of these rows was met, stopped or done, or a position began."""
    days: list[str] = ["", *(row[3] for row in rows[POSITIONS]), *(row[9] or "" for row in rows[TASKS])]
    for row in rows[DEADLINES]:
        days += (row[11] or "", row[12] or "")
    days += (row[5] or "" for row in rows[CASES])
    return max(days)


@lru_cache(maxsize=16_384)
def _iso(day: date) -> str:
    # Thousands of rows have the same day: its text is made once, and packed once for another process.
    return day.isoformat()


def _iso_or_none(day: date | None) -> str | None:
    return None if day is None else _iso(day)


def _add_case(rows: Rows, child_id: str, case: CaseOf, locality: str | None) -> None:
    found = case.evaluation
    key = (child_id, case.register.name, case.period)
    days = _encoded({kind: _iso(day) for kind, day in sorted(found.days.items())})
    opened, closed = _iso(found.opened_on), _iso_or_none(found.closed_on)
    rows[CASES].append(
        (*key, case.opening.line, opened, closed, found.outcome or None, int(found.void), days, _ended(found))
    )
    if found.void:
        return
    _add_deadlines(rows[DEADLINES], key, case)
    _add_positions(rows[POSITIONS], key, case, locality)
    gaps = [
        (_iso(g.starts_on), g.event, _iso_or_none(g.ended_on), json.dumps([_iso(d) for d in g.values]), g.why)
        for g in found.gaps
    ]
    _add_gaps(rows, key, gaps)
    for task in found.tasks:
        agreed, due, done = _iso(task.agreed_on), _iso(task.due_on), _iso_or_none(task.done_on)
        rows[TASKS].append((task.id, *key, task.kind, task.text, task.owner or None, agreed, due, done))
    excepted = sorted((_iso(x.from_on), _iso(x.until), x.rule, x.reason, x.agreed_by) for x in found.exceptions)
    for n, (from_on, until, rule, reason, by) in enumerate(excepted, 1):
        rows[EXCEPTIONS].append((*key, n, rule, reason, by, from_on, until))
    rows[ESCALATIONS].extend(_escalation_row(key, one) for one in found.escalations)


def _escalation_row(key: Row, one: Escalated) -> Row:
    first, *rest = (_kept(value) for value in one)
    return (first, *key, *rest)


def _kept(value: str | date | None) -> str | None:
    return value or None if isinstance(value, str) else _iso_or_none(value)


def _ended(found: Evaluation) -> str | None:
    """What the event that closed the case answers."""
    said = found.ended_by.fields if found.ended_by else {}
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False) if said else None


def _add_deadlines(rows: list[Row], key: Row, case: CaseOf) -> None:
    for row in case.evaluation.rows:
        span = row.span
        rows.append(
            (
                *key,
                row.clock.name,
                row.n,
                row.clock.kind,
                span.anchor,
                _iso(span.anchor_on),
                _iso(row.starts_on),
                _iso(row.amber_on),
                _iso(span.due_on),
                _iso_or_none(row.met_on),
                _iso_or_none(row.stopped_on),
                _iso_or_none(span.lapses_on),
                span.past,
                span.why or None,
                span.of or None,
            )
        )


def _add_positions(rows: list[Row], key: Row, case: CaseOf, locality: str | None) -> None:
    until: str | None = None
    for position in reversed(case.evaluation.positions):
        from_on = _iso(position.from_on)
        held = position.assigned.get
        rows.append(
            (
                *key,
                from_on,
                until,
                position.stage,
                int(position.open),
                position.blocking or None,
                position.side or None,
                position.delay_side or None,
                held("family"),
                held("team"),
                held("worker"),
                held("manager"),
                held("iro"),
                held("locality") or locality,
            )
        )
        until = from_on


def _add_gaps(rows: Rows, key: Row, gaps: Iterable[Row]) -> None:
    """Numbered by what they say, so that their numbers do not depend on how the events came."""
    for n, (starts_on, event, ended_on, values, why) in enumerate(sorted(set(gaps), key=_gap_order), 1):
        rows[GAPS].append((*key, n, event, starts_on, ended_on, values, why))


def _gap_order(gap: Row) -> Row:
    return tuple(part or "" for part in gap)


def of_all(registers: Mapping[str, Register], settings: Settings) -> Rows:
    """The rows that are of no child: each rule and alert as declared, and the days on which the offices are shut."""
    rules = [
        sealed(_rule_row(register, place, clock, settings))
        for register in registers.values()
        for place, clock in enumerate(register.clocks)
    ]
    return rules, [sealed((day.isoformat(), name)) for day, name in settings.closures.items()]


def _rule_row(register: Register, place: int, clock: Clock, settings: Settings) -> Row:
    return (
        clock.name,
        register.name,
        clock.title,
        clock.kind,
        clock.unit,
        clock.authority,
        _statute_from(clock, settings),
        clock.source,
        clock.side or None,
        clock.blocking or None,
        place,
    )


def _statute_from(clock: Clock, settings: Settings) -> str | None:
    """The day from which a rule is statute, where the authority has set the day that its declaration names."""
    return _iso_or_none(settings.commenced(clock.statute_from)) if clock.statute_from else None
