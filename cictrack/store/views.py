"""SQL views for people who read the file with sqlite-utils, Datasette, Excel or Power BI; no command reads them.

One for each register, made from its declarations, and `overdue`, `due`, `drift` as at the register's
own today, else this machine's. They are for other programs: some versions of SQLite refuse
`json_extract` in a view to a connection that, like our own, does not trust the schema.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from cictrack.pathway.declare import Register

DUE_WITHIN = 14

_OF_CASE = (
    *("child_id", "period", "family", "stage", "opened_on", "closed_on", "outcome"),
    *("team", "worker", "manager", "iro", "locality"),
)


def drop(db: sqlite3.Connection) -> None:
    """Drop every view that this module made."""
    for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'view'").fetchall():
        db.execute(f'DROP VIEW "{name}"')


def create(db: sqlite3.Connection, registers: Mapping[str, Register]) -> None:
    """Make every view."""
    for register in registers.values():
        db.execute(of_register(register))
    late = "d.kind IN ('deadline', 'task') AND d.past IN ('red', 'grey')"
    db.execute(
        _of_rows("overdue", f"{late} AND d.due_on < t.day", ("d.due_on", "t.day"), "d.past", "d.past DESC, d.due_on")
    )
    within = f"{late} AND d.due_on BETWEEN t.day AND date(t.day, '+{DUE_WITHIN} days')"
    amber = "CASE WHEN d.amber_on <= t.day THEN 'amber' ELSE 'green' END"
    db.execute(_of_rows("due", within, ("t.day", "d.due_on"), amber, "d.amber_on > t.day, d.due_on", before=True))
    stands = "d.kind = 'drift' AND d.past IN ('red', 'grey') AND d.due_on <= t.day"
    db.execute(_of_rows("drift", stands, ("d.due_on", "t.day"), "'amber'", "d.due_on"))


def of_register(register: Register) -> str:
    """The view of one register: a line a case, with the first day of each kind of event."""
    kinds = [kind.name for kind in register.kinds]
    columns = {name: name.replace("-", "_") for name in kinds}
    days = [
        f"""json_extract(c.days, '$."{name}"') AS "{column if column not in _OF_CASE else column + "_on"}\""""
        for name, column in columns.items()
    ]
    return f"""CREATE VIEW "{register.name.replace("-", "_")}" AS
SELECT c.child_id, c.period, p.family, p.stage, c.opened_on, c.closed_on, c.outcome, p.team, p.worker, p.manager, p.iro,
  p.locality, {", ".join(days)}
FROM cases c
JOIN positions p ON p.child_id = c.child_id AND p.register = c.register AND p.period = c.period AND p.until_on IS NULL
WHERE c.register = '{register.name}' AND c.void = 0
ORDER BY c.child_id, c.period"""  # noqa: S608 - names from the declarations


def days_between(first: str, last: str) -> str:
    """Calendar days from `first`, that day excluded, to `last`, as SQL."""
    return f"({_number(last)} - {_number(first)})"


def working_days_between(first: str, last: str, authority: str) -> str:
    """Working days from `first`, that day excluded, to `last`, which is not earlier, as SQL.

    Closures of the authority count as shut where `authority` is local or a prompt.
    """
    weekdays = f"{_weekdays_to(last)} - {_weekdays_to(first)}"
    shut = (
        "(SELECT count(*) FROM {table} h WHERE h.day > {first} AND h.day <= {last} AND strftime('%w', h.day) % 6{more})"
    )
    holidays = shut.format(table="bank_holidays", first=first, last=last, more="")
    local = f" AND {authority} IN ('local', 'prompt') AND h.day NOT IN (SELECT day FROM bank_holidays)"  # noqa: S608
    return f"{weekdays} - {holidays} - {shut.format(table='closures', first=first, last=last, more=local)}"


def _number(day: str) -> str:
    """The Julian day number of a day; today's is reckoned once a query."""
    return "t.number" if day == "t.day" else f"CAST(julianday({day}) + 0.5 AS INTEGER)"


def _weekdays_to(day: str) -> str:
    """Mondays to Fridays up to a day, counted from the first Julian day, which was a Monday."""
    number = _number(day)
    return "t.weekdays" if day == "t.day" else f"({number} / 7 * 5 + min({number} % 7 + 1, 5))"


_DAY = "coalesce((SELECT value FROM meta WHERE name = 'today'), date('now', 'localtime'))"
_TODAY = f"(SELECT {_DAY} AS day, {_number(_DAY)} AS number, {_weekdays_to(_DAY)} AS weekdays) t"


def _of_rows(name: str, where: str, over: tuple[str, str], severity: str, order: str, *, before: bool = False) -> str:
    """The view of the rows open today that `where` picks, all of them read off the index of open rows."""
    sign = "-" if before else ""
    days = f"{sign}{days_between(*over)}"
    working = f"{sign}({working_days_between(*over, 'r.authority')})"
    weeks = f"{days_between('d.anchor_on', 't.day')} / 7"
    live = f"replace(replace(d.why, '{{days}}', {days_between('d.anchor_on', 't.day')}), '{{weeks}}', {weeks})"
    silent = "d.kind = 'deadline' AND d.past = 'grey' AND d.due_on < t.day"
    why = f"CASE WHEN {silent} THEN 'not in the return' ELSE {live} END"
    return f"""CREATE VIEW {name} AS
SELECT d.register, d.child_id, d.period, p.family, d.rule, d.kind, r.title, d.starts_on, d.amber_on, d.due_on,
  {days} AS days_over, r.unit,
  CASE r.unit WHEN 'working days' THEN {working} ELSE {days} END AS units_over,
  {severity} AS severity, p.stage, coalesce(p.delay_side, r.side, p.side) AS side,
  coalesce(r.blocking, p.blocking) AS blocking, p.team, p.worker, p.manager, p.iro, p.locality,
  CASE WHEN r.statute_from <= t.day THEN 'statute' ELSE r.authority END AS authority,
  x.reason AS exception, x.until_on AS exception_until,
  {why} AS why
FROM {_TODAY}
CROSS JOIN deadlines d
CROSS JOIN rules r ON r.rule = d.rule
CROSS JOIN positions p ON p.child_id = d.child_id AND p.register = d.register AND p.period = d.period
  AND p.from_on <= t.day AND (p.until_on IS NULL OR p.until_on > t.day)
LEFT JOIN exceptions x ON x.child_id = d.child_id AND x.register = d.register AND x.period = d.period
  AND x.rule = d.rule AND x.from_on <= t.day AND x.until_on >= t.day
  AND NOT EXISTS (SELECT 1 FROM exceptions y WHERE y.child_id = x.child_id AND y.register = x.register
    AND y.period = x.period AND y.rule = x.rule AND y.from_on <= t.day AND y.until_on >= t.day
    AND (y.from_on, y.n) > (x.from_on, x.n))
WHERE d.met_on IS NULL AND d.stopped_on IS NULL AND {where}
  AND d.starts_on <= t.day AND (d.lapses_on IS NULL OR d.lapses_on > t.day)
ORDER BY {order}, d.register, d.child_id, d.period, d.rule, d.n"""  # noqa: S608 - names of this file
