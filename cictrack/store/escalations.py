"""The SELECT of the list of escalations: what was raised on any case, to whom, and what was answered."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cictrack.store.filters import NO_FILTERS, Filters, narrowed
from cictrack.store.lists import Rows, on, with_name

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

_STANDS = "coalesce(p.open, 0) = 1 AND (e.ended_on IS NULL OR e.ended_on > :day)"
_KNOWN_BY = "CASE WHEN e.{0} <= :day THEN e.{0} END"
_UNTIL = f"coalesce({_KNOWN_BY.format('answered_on')}, {_KNOWN_BY.format('ended_on')}, :day)"

ESCALATION: Mapping[str, str] = {
    "register": "e.register",
    "child_id": "e.child_id",
    "period": "e.period",
    "family": "p.family",
    "stage": "e.stage",
    "raised_on": "e.raised_on",
    "to": 'e."to"',
    "answer_due_on": "e.answer_due_on",
    "answered_on": _KNOWN_BY.format("answered_on"),
    "outcome": "CASE WHEN e.ended_on <= :day THEN e.ended_as WHEN e.answered_on <= :day THEN e.outcome END",
    "days_over": f"CAST(julianday({_UNTIL}) - julianday(e.answer_due_on) AS INTEGER)",
    "first_formal_on": "e.first_formal_on",
    "whole_due_on": "e.whole_due_on",
    "severity": f"""CASE WHEN d.due_on < :day THEN d.past
      WHEN d.amber_on <= :day OR ({_STANDS} AND w.rule IS NOT NULL) THEN 'amber' ELSE 'green' END""",
    "reason": "e.reason",
    "team": "p.team",
    "worker": "p.worker",
    "manager": "p.manager",
    "iro": "p.iro",
    "locality": "p.locality",
}
"""The columns of `escalation`. `days_over` counts to the answer, or to what ended it without one, else to the day."""

_OPEN_ROW = """LEFT JOIN deadlines {0} ON {0}.child_id = e.child_id AND {0}.register = e.register
  AND {0}.period = e.period AND {0}.rule = e.register || '{1}' AND {0}.starts_on <= :day
  AND ({0}.met_on IS NULL OR {0}.met_on > :day) AND ({0}.stopped_on IS NULL OR {0}.stopped_on > :day)"""
_FROM = f"""FROM escalations e
LEFT JOIN positions p ON p.child_id = e.child_id AND p.register = e.register AND p.period = e.period
  AND p.from_on <= :day AND (p.until_on IS NULL OR p.until_on > :day)
{_OPEN_ROW.format("d", ".escalation")} AND d.of = e.id
{_OPEN_ROW.format("w", ".escalation-total")}
WHERE e.raised_on <= :day"""
_RANK = "CASE severity WHEN 'red' THEN 1 WHEN 'amber' THEN 2 WHEN 'grey' THEN 3 ELSE 4 END"


def escalations(
    db: sqlite3.Connection, day: date, filters: Filters = NO_FILTERS, *, child_id: str = "", names: bool = False
) -> Rows:
    """The escalations that stand on `day`, the worst first; `closed_too` adds those that have ended, after them.

    `stage` narrows by the escalation's own; `authority` by that of the answer's rule, and of the whole's where it runs.
    """
    columns = with_name(ESCALATION, "e") if names else ESCALATION
    where, parameters = narrowed(filters._replace(authority=()), ESCALATION)
    for n, authority in enumerate(filters.authority):
        parameters[f"authority_{n}"] = authority
    if filters.authority:
        where += f" AND ({' OR '.join(_of_authority(f':authority_{n}') for n in range(len(filters.authority)))})"
    parameters |= {**on(day), "child": child_id}
    found = _FROM + ("" if filters.closed_too else f" AND {_STANDS}") + (" AND e.child_id = :child" if child_id else "")
    selected = ", ".join(f'{expression} AS "{name}"' for name, expression in columns.items())
    query = f"""SELECT * FROM (SELECT {selected}, {_STANDS} AS stands, e.id AS id {found}{where})
      ORDER BY stands DESC, {_RANK}, days_over DESC, register, child_id, period, raised_on DESC, id DESC"""  # noqa: S608 - names of this file
    rows = [row[: len(columns)] for row in db.execute(query, parameters)]
    if not filters.given:
        return Rows(tuple(columns), rows, len(rows))
    return Rows(tuple(columns), rows, int(db.execute(f"SELECT count(*) {found}", parameters).fetchone()[0]))


def _of_authority(mark: str) -> str:
    of_rule = "(SELECT r.authority FROM rules r WHERE r.rule = e.register || '{0}')"
    whole = f"e.first_formal_on IS NOT NULL AND {of_rule.format('.escalation-total')} = {mark}"
    return f"({of_rule.format('.escalation')} = {mark} OR {whole})"


def whole_due(db: sqlite3.Connection, child_id: str, escalation_id: str) -> date | None:
    """The day by which the whole that an escalation belongs to is to end; None where no stage of it is formal."""
    query = "SELECT whole_due_on FROM escalations WHERE child_id = ? AND id = ?"
    row = db.execute(query, (child_id, escalation_id)).fetchone()
    return date.fromisoformat(row[0]) if row and row[0] else None
