"""The SELECTs of what measures look at: deadlines of a rule, cases of a register, children in care.

Each gives what was so on a day: nothing that is dated later is in it, whatever the derived rows hold besides.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from cictrack.pathway.measures import InCare, Spell
from cictrack.pathway.timely import due_of
from cictrack.store.filters import NO_FILTERS, Filters, narrowed

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

    from cictrack.pathway.measures import Period
    from cictrack.pathway.timely import Due

    Of = tuple[str, Any]
    """Which team a thing is of, and the thing."""

MARGIN = timedelta(days=31)
"""How far a due day may lie outside the period of a measure that goes by another day of the same deadline."""

_WHOSE: Mapping[str, str] = {
    "register": "k.register",
    **{name: f"p.{name}" for name in ("team", "worker", "iro", "manager", "locality")},
}
_POSITION = """LEFT JOIN positions p ON p.child_id = k.child_id AND p.register = k.register AND p.period = k.period
  AND p.from_on <= {day} AND (p.until_on IS NULL OR p.until_on > {day})"""
_CLOSED = "iif(k.closed_on <= :as_of, k.closed_on, NULL), iif(k.closed_on <= :as_of, k.outcome, '')"
_NAME = "k.child_id || iif(k.period > 1, '#' || k.period, '')"
_OF_CASE = "k.child_id = d.child_id AND k.register = d.register AND k.period = d.period"

_TOLD = "d.past = 'red' OR (d.met_on IS NOT NULL AND d.why IS NULL)"
_LATE = f"(d.met_on IS NULL OR d.met_on > d.due_on OR d.met_on > :as_of) AND ({_TOLD})"
_SIDE = """(SELECT q.side FROM positions q WHERE q.child_id = d.child_id AND q.register = d.register
    AND q.period = d.period AND q.from_on <= min(d.due_on, :as_of) ORDER BY q.from_on DESC LIMIT 1)"""
_EXCEPTED = """(SELECT x.reason FROM exceptions x WHERE x.child_id = d.child_id AND x.register = d.register
    AND x.period = d.period AND x.rule = d.rule AND x.from_on <= :as_of AND x.until_on > d.due_on
    ORDER BY x.from_on DESC, x.n DESC LIMIT 1)"""
_DUE = f"""SELECT d.rule, {{team}}, {_NAME}, d.anchor_on, d.due_on, iif(d.met_on <= :as_of, d.met_on, NULL),
  iif(d.stopped_on <= :as_of, d.stopped_on, NULL), {_TOLD},
  {_CLOSED}, iif({_LATE}, {_SIDE}, NULL), iif({_LATE}, {_EXCEPTED}, NULL)
FROM deadlines d CROSS JOIN cases k ON {_OF_CASE} {{positions}}
WHERE d.starts_on <= :as_of AND ({{rules}})
  {{where}}
ORDER BY d.child_id, d.register, d.period, d.rule, d.n"""  # noqa: S608 - names of this file

_CASES = f"""SELECT p.team, {_NAME}, p.family, k.opened_on, {_CLOSED}, k.days, iif(k.closed_on <= :as_of, k.ended, ''),
  b.closed_on, b.outcome
FROM cases k
LEFT JOIN cases b ON b.child_id = k.child_id AND b.register = k.register AND k.period > 1 AND b.period = (
  SELECT max(period) FROM cases WHERE child_id = k.child_id AND register = k.register AND void = 0
    AND period < k.period AND closed_on <= k.opened_on)
{_POSITION.format(day=":last")}
WHERE k.register = :register AND k.void = 0 AND k.opened_on <= :last
  AND (k.closed_on IS NULL OR k.closed_on >= :first)"""  # noqa: S608 - names of this file

_OPEN_THEN = """p.child_id = s.child_id AND p.open = 1
  AND p.from_on <= :last AND (p.until_on IS NULL OR p.until_on > :last)"""
_TEAM_THEN = f"""(SELECT p.team FROM positions p WHERE {_OPEN_THEN} AND p.team IS NOT NULL
  ORDER BY p.register, p.period LIMIT 1)"""  # noqa: S608 - names of this file
_IN_CARE = """SELECT {team} AS team,
  s.child_id, c.dob, s.care_from, iif(s.care_until <= :as_of, s.care_until, NULL), s.placed, s.from_on,
  iif(s.until_on <= :as_of, s.until_on, NULL)
FROM stays s CROSS JOIN children c ON c.child_id = s.child_id
WHERE s.care_from <= :last AND s.from_on <= :last AND (s.care_until IS NULL OR s.care_until > date(:first, '-1 year'))
  {whose}
ORDER BY s.child_id, s.care_from, s.from_on"""
_OF_A_CASE = """ AND EXISTS (SELECT 1 FROM positions p
  JOIN cases k ON k.child_id = p.child_id AND k.register = p.register AND k.period = p.period WHERE {0})"""


def deadlines(
    db: sqlite3.Connection,
    rules: Mapping[str, bool],
    period: Period,
    filters: Filters = NO_FILTERS,
    *,
    teams: bool = False,
) -> Iterator[tuple[str, str | None, Due]]:
    """The deadlines of rules that were due in the period, each with its rule, and its team where wanted.

    `rules` says of each whether those due some weeks before and after are wanted too.
    """
    where, given = narrowed(filters._replace(register=()), _WHOSE)
    marks = {f"rule_{n}": rule for n, rule in enumerate(rules)}
    given |= {**marks, **_days(period)}
    given |= {f"wide_{name}": day for name, day in _days(period, MARGIN).items()}
    of_rules = (
        f"d.rule = :{mark} AND d.due_on BETWEEN :{wide}first AND :{wide}last"
        for mark, around in zip(marks, rules.values(), strict=True)
        for wide in ("wide_" if around else "",)
    )
    # Where nobody asks whose they are, the positions of thousands that were in time need not be looked for.
    joined = _POSITION.format(day="min(d.due_on, :as_of)") if where or teams else ""
    team = "p.team" if joined else "NULL"
    query = _DUE.format(team=team, positions=joined, where=where, rules=" OR ".join(of_rules))
    of = period.as_of
    last: tuple[Any, ...] | None = None
    for row in db.execute(query, given):
        # A deadline that was met and undone has several rows: the last of those counted from one anchor counts.
        if last is not None and (row[2] != last[2] or row[3] != last[3] or row[0] != last[0]):
            yield last[0], last[1], _due(last, of)
        last = row
    if last is not None:
        yield last[0], last[1], _due(last, of)


def _due(row: tuple[Any, ...], as_of: date) -> Due:
    _, _, name, anchor, due, met, stopped, told, closed, outcome, side, excepted = row
    days = _day(anchor), _day(due), _day(met), _day(stopped)
    return due_of(name, days, (_day(closed), outcome), told, side or "", excepted or "", as_of)


def cases(db: sqlite3.Connection, register: str, period: Period, filters: Filters = NO_FILTERS) -> Iterator[Of]:
    """The cases of a register that were open on any day of the period, void ones never."""
    where, given = narrowed(filters, _WHOSE)
    given |= {"register": register, **_days(period)}
    for team, name, family, opened, closed, outcome, days, ended, before, as_what in db.execute(_CASES + where, given):
        began = _known(opened)
        spell = Spell(name, family or "", began, _day(closed), outcome, days, ended, _day(before), as_what or "")
        yield team, spell


def in_care(
    db: sqlite3.Connection, period: Period, filters: Filters = NO_FILTERS, *, teams: bool = False
) -> Iterator[Of]:
    """The children who were in care in the period or the year before it, with their placements.

    A child passes the filters that a case open on the last day passes, and has its team where `teams` are wanted.
    """
    where, given = narrowed(filters._replace(register=()), _WHOSE)
    whose = _OF_A_CASE.format(_OPEN_THEN + where) if where else ""
    query = _IN_CARE.format(team=_TEAM_THEN if teams else "NULL", whose=whose)
    rows = db.execute(query, {**_days(period), **given})
    for (team, child_id, dob), of_child in groupby(rows, key=itemgetter(0, 1, 2)):
        runs = [(_run(start, end), placed, _run(began, until)) for *_, start, end, placed, began, until in of_child]
        care = list(dict.fromkeys(run for run, _, _ in runs))
        stays = [run for _, placed, run in runs if placed]
        yield team, InCare(child_id, _day(dob), care, stays, [run for _, placed, run in runs if not placed])


def _run(start: str, end: str | None) -> tuple[date, date | None]:
    return _known(start), _day(end)


def _days(period: Period, margin: timedelta = timedelta()) -> dict[str, str]:
    first, last = period.first - margin, period.last + margin
    return {"first": first.isoformat(), "last": last.isoformat(), "as_of": period.as_of.isoformat()}


@cache
def _known(text: str) -> date:
    return date.fromisoformat(text)


@cache
def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
