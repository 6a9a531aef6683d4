"""The SELECT of a calendar: the due days of what is open, and of what has ended since a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cictrack.store.filters import NO_FILTERS, Filters, narrowed
from cictrack.store.lists import DEADLINE, on

if TYPE_CHECKING:
    import sqlite3
    from datetime import date


class DueDay(NamedTuple):
    """A row of a rule or a task. `of` is the task or link it is about, `n` its number among the rule's on the case.

    `opening` is the id of the case's first event; `met_before` how many of the same were met before this one began.
    `ended` is the day it was met or stopped, None while it is open; `met` whether it was met.
    """

    opening: str
    register: str
    child_id: str
    period: int
    rule: str
    of: str
    n: int
    met_before: int
    title: str
    authority: str
    stage: str
    side: str
    severity: str
    due_on: str
    ended: str | None
    met: int


_MET = "(d.met_on IS NOT NULL AND d.met_on <= :day)"
_ENDED = "nullif(min(coalesce(d.met_on, '9999'), coalesce(d.stopped_on, '9999')), '9999')"
_SELECTED = {
    "opening": "k.opening",
    "register": "d.register",
    "child_id": "d.child_id",
    "period": "d.period",
    "rule": "d.rule",
    "of": "coalesce(d.of, '')",
    "n": "d.n",
    "met_before": """(SELECT count(*) FROM deadlines e WHERE e.child_id = d.child_id AND e.register = d.register
      AND e.period = d.period AND e.rule = d.rule AND e.n < d.n AND e.of IS d.of AND e.met_on <= :day)""",
    "title": "r.title",
    "authority": DEADLINE["authority"],
    "stage": "p.stage",
    "side": f"coalesce({DEADLINE['side']}, '')",
    "severity": DEADLINE["severity"],
    "due_on": "d.due_on",
    "ended": f"iif({_ENDED} <= :day, {_ENDED}, NULL)",
    "met": _MET,
}
_QUERY = f"""SELECT {", ".join(f'{what} AS "{name}"' for name, what in _SELECTED.items())}
FROM deadlines d
CROSS JOIN positions p ON p.child_id = d.child_id AND p.register = d.register AND p.period = d.period
  AND p.from_on <= :day AND (p.until_on IS NULL OR p.until_on > :day)
CROSS JOIN rules r ON r.rule = d.rule
CROSS JOIN cases k ON k.child_id = d.child_id AND k.register = d.register AND k.period = d.period
WHERE d.kind IN ('deadline', 'task') AND d.past IN ('red', 'grey') AND d.starts_on <= :day
  AND (d.lapses_on IS NULL OR d.lapses_on > :day)
  AND iif({_ENDED} <= :day, d.starts_on <= {_ENDED} AND {_ENDED} >= :since, 1) AND d.due_on <= :until"""  # noqa: S608 - names of this file


def due_days(
    db: sqlite3.Connection, day: date, until: date, since: date, filters: Filters = NO_FILTERS
) -> list[DueDay]:
    """What is open on `day` and due by `until`, what is past its day included; and what has ended since `since`.

    By due day, then by case and rule.
    """
    where, parameters = narrowed(filters._replace(stage=(), severity=()), DEADLINE)
    # What has ended has left its stage and severity: it is taken out of a calendar that was narrowed by them too.
    while_open, of_open = narrowed(Filters(stage=filters.stage, severity=filters.severity), DEADLINE)
    parameters |= {**of_open, **on(day), "until": until.isoformat(), "since": since.isoformat()}
    wanted = f"{where} AND ({_ENDED} <= :day OR 1{while_open})"
    query = f"{_QUERY}{wanted} ORDER BY d.due_on, d.register, d.child_id, d.period, d.rule, d.n"
    return [DueDay(*row) for row in db.execute(query, parameters)]


def recorded(db: sqlite3.Connection) -> tuple[int, str]:
    """How many times the register was written to, and when last: empty where it never was."""
    n, at = db.execute("SELECT coalesce(max(n), 0), coalesce(max(at), '') FROM links").fetchone()
    return int(n), str(at)
