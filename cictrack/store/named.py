"""Cases and tasks by the names that people give them: `plo 104523#2`, a family's key, the end of a task's id."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cictrack.errors import Refused

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from cictrack.pathway.child import CaseOf

ASSIGNED = ("team", "worker", "manager", "iro", "locality", "family")
LIKE_ENOUGH_IN_LENGTH = 1
"""Ids that differ more in length from the one typed are not offered as what was meant."""


class CaseName(NamedTuple):
    """A case as it is typed: `104523#2`, or `104523` for the open one, else the latest."""

    child_id: str
    period: int | None = None

    def __str__(self) -> str:
        return self.child_id if self.period is None else f"{self.child_id}#{self.period}"


class Whose(NamedTuple):
    """An open case and its worker's colleagues, as the last assignment left them."""

    register: str
    child_id: str
    period: int


def name_of(register: str, child_id: str, period: int) -> str:
    """The name of a case: its first period goes without a number."""
    return f"{register} {child_id}" if period == 1 else f"{register} {child_id}#{period}"


def named_case(db: sqlite3.Connection, cases: Sequence[CaseOf], register: str, name: CaseName) -> CaseOf:
    """The case of that name among the cases of its child. Refused with those that look like it."""
    periods = [case for case in cases if case.register.name == register]
    if name.period is not None:
        found = next((case for case in periods if case.period == name.period), None)
        if found is None:
            held = f"has {len(periods)} period{'s' if len(periods) > 1 else ''}" if periods else "has no case there"
            raise Refused(f"There is no {register} {name}: {name.child_id} {held}. List them: cictrack {register}")
        return found
    if not periods:
        raise Refused(no_open_case(db, register, name.child_id))
    standing = [case for case in periods if not case.evaluation.void]
    still_open = [case for case in standing if case.evaluation.closed_on is None]
    return (still_open or standing or periods)[-1]


def no_open_case(db: sqlite3.Connection, register: str, child_id: str) -> str:
    """What to say when a child has no case on a register: the ids that look like it, and how to list them."""
    import difflib

    rows = db.execute(
        "SELECT DISTINCT child_id FROM cases WHERE register = ? AND closed_on IS NULL AND void = 0 "
        "AND abs(length(child_id) - ?) <= ?",
        (register, len(child_id), LIKE_ENOUGH_IN_LENGTH),
    )
    close = difflib.get_close_matches(child_id, [c for (c,) in rows], 3)
    offered = f" Close: {', '.join(f'{register} {c}' for c in close)}." if close else ""
    return f"No open case {register} {child_id}.{offered} List them: cictrack {register}"


def family_key(db: sqlite3.Connection, case: Whose) -> str:
    """The family key that a case carries now; empty when it carries none."""
    row = db.execute(
        "SELECT family FROM positions WHERE register = ? AND child_id = ? AND period = ? AND until_on IS NULL",
        case,
    ).fetchone()
    return str(row[0] or "") if row else ""


def cases_of_family(db: sqlite3.Connection, register: str, family: str) -> list[Whose]:
    """The latest case of each child that carries a family key on a register, closed ones too."""
    rows = db.execute(
        "SELECT register, child_id, max(period) FROM positions WHERE register = ? AND until_on IS NULL "
        "AND family = ? GROUP BY child_id ORDER BY child_id",
        (register, family),
    )
    return [Whose(*row) for row in rows]


def cases_of_worker(db: sqlite3.Connection, worker: str, registers: Sequence[str] = ()) -> list[Whose]:
    """Every open case of a worker, on all registers or on those given."""
    rows = db.execute(
        "SELECT register, child_id, period FROM positions WHERE until_on IS NULL AND open = 1 AND worker = ? "
        "ORDER BY register, child_id, period",
        (worker,),
    )
    return [Whose(*row) for row in rows if not registers or row[0] in registers]


OFFERED = 50
LEAST_OF_AN_ID = 6
"""Characters of a task's id that are shown, and that must be given: one or two may be a slip of the finger."""


def ids_beginning(db: sqlite3.Connection, beginning: str) -> list[str]:
    """The first ids of children, in order, that begin so."""
    rows = db.execute(
        "SELECT child_id FROM children WHERE child_id >= :said AND substr(child_id, 1, length(:said)) = :said "
        "ORDER BY child_id LIMIT :most",
        {"said": beginning, "most": OFFERED},
    )
    return [child_id for (child_id,) in rows]


def assigned_beginning(db: sqlite3.Connection, whose: str, beginning: str) -> list[str]:
    """The teams, workers, … of open cases that begin so; `whose` is one of the columns that assign a case."""
    if whose not in ASSIGNED:
        raise ValueError(f"{whose!r} assigns no case")
    rows = db.execute(
        f"SELECT DISTINCT {whose} FROM positions WHERE until_on IS NULL AND open = 1 "  # noqa: S608 - an allow-list
        f"AND substr({whose}, 1, length(:said)) = :said ORDER BY 1 LIMIT :most",
        {"said": beginning, "most": OFFERED},
    )
    return [name for (name,) in rows]


class KnownTask(NamedTuple):
    """An agreed action as it stands in the register."""

    id: str
    register: str
    child_id: str
    period: int
    text: str


def task_by_end(db: sqlite3.Connection, end: str) -> KnownTask:
    """The one task whose id ends so. Refused where there is none, more than one, or too little to be sure of."""
    if len(end.strip()) < LEAST_OF_AN_ID:
        raise Refused(f"{end!r} is too short to name a task: give the last {LEAST_OF_AN_ID} of its id. cictrack tasks")
    rows = db.execute(
        "SELECT id, register, child_id, period, text FROM tasks WHERE id = :said OR substr(id, -length(:said)) = :said",
        {"said": end.strip().lower()},
    ).fetchall()
    if not rows:
        raise Refused(f"There is no task {end!r}. List them: cictrack tasks")
    if len(rows) > 1:
        alike = ", ".join(f"{row[0]} ({row[1]} {row[2]})" for row in rows[:5])
        raise Refused(f"{len(rows)} tasks end in {end!r}: give more of the id. They are {alike}")
    return KnownTask(*rows[0])
