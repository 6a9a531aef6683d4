"""What a column of a table may be: the child's id, the day of an event, an answer of one, or whose the case is.

A target is written as a map writes it: `letter`, `letter.fgdm_offered`, `step:issue`, `review 2`, `team`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from cictrack.pathway.common import ASSIGNED
from cictrack.readers.headers import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cictrack.pathway.declare import Register
    from cictrack.pathway.kinds import Field, Kind

CHILD_ID, DOB, EDD, OF_REGISTER, NOTE, CLOSED = "child", "dob", "edd", "register", "note", "closed"

OF_THE_CHILD = (CHILD_ID, DOB, EDD)
NOT_FROM_A_TABLE = frozenset(
    {
        *("assigned", "details", "task", "task-done", "exception", "offered", "outstanding"),
        *("escalation", "escalation-answer"),
    }
)
"""Events of every register that no column brings: whose a case is comes as `team`, `worker` and so on."""

WORDS: Mapping[str, tuple[str, ...]] = {
    CHILD_ID: (
        *("child", "child id", "child ref", "child reference", "child number", "child unique id", "la child id"),
        *("case id", "case number", "case ref", "client id", "client number", "person id", "system id", "unique id"),
        *("id", "pid", "lcs", "lcs id", "lcs no", "lcs number", "lcs ref", "liquidlogic", "liquidlogic id"),
        *("mosaic", "mosaic id", "mosaic no", "mosaic number", "eclipse", "eclipse id", "azeus id", "carefirst id"),
        *("swift", "swift id", "swift no", "swift number"),
        *("yp id", "young person id", "cla id", "lac id", "ssd person id", "prep_person_id", "clah_person_id"),
    ),
    DOB: (
        "dob",
        "date of birth",
        "birth date",
        "child dob",
        "childs date of birth",
        "birthday",
        "dob/edd",
        "dob or edd",
    ),
    EDD: ("edd", "expected date of delivery", "expected date of birth", "expected delivery date", "expected due date"),
    OF_REGISTER: ("register",),
    "team": ("team", "allocated team", "social work team", "sw team", "team name"),
    "worker": (
        *("worker", "social worker", "sw", "allocated worker", "allocated social worker", "allocated sw"),
        *("case worker", "lead worker", "key worker", "childs social worker", "allocated to", "sw name"),
    ),
    "manager": ("manager", "team manager", "tm", "practice manager", "line manager"),
    "iro": ("iro", "independent reviewing officer", "reviewing officer", "iro name", "allocated iro"),
    "locality": ("locality", "area", "district"),
    "family": ("family", "family id", "family key", "family ref", "family reference", "family group", "family no"),
    NOTE: (
        *("note", "notes", "comment", "comments", "remarks", "narrative", "update", "latest update", "progress"),
        *("current position", "position", "current situation", "summary", "further information", "case note"),
    ),
    CLOSED: ("closed", "closing", "closure", "case closed", "close", "date of closure", "closing date"),
    "closed.reason": (
        *("closing reason", "closure reason", "reason closed", "reason for closure", "reason for closing"),
        *("closed reason", "why closed"),
    ),
    "closed.reason=left-care": ("left care", "ceased", "ceased to be looked after", "returned home", "no longer cla"),
    "closed.reason=moved-authority": ("transferred", "transferred out", "moved authority", "other authority"),
    "closed.reason=turned-18": ("18", "turned 18", "adult", "reached 18"),
    "closed.reason=died": ("deceased", "death"),
    "closed.reason=opened-in-error": ("error", "in error", "added in error"),
    "closed.reason=duplicate": ("duplicate record",),
}
"""What every register's columns are called. A child's name is never taken, whatever its column is called."""

_NAMED = re.compile(r"([^\s.:]+)(?:\.([^\s.:]+)|:([^\s.:]+))?(?:\s+(\d{1,2}))?")


class Target(NamedTuple):
    """What a column says: an `event` with an `answer` or one of its fields, or a word such as `team`.

    `n` tells the columns of an event that repeats apart; 0 where it has one column alone.
    """

    event: str
    field: str = ""
    answer: str = ""
    n: int = 0

    @property
    def name(self) -> str:
        """As a map writes it, without the number."""
        end = f".{self.field}" if self.field else f":{self.answer}" if self.answer else ""
        return self.event + end

    def __str__(self) -> str:
        return f"{self.name} {self.n}" if self.n else self.name


class Claim(NamedTuple):
    """A target that a header may mean. The lower the `rank`, the plainer it says so."""

    rank: int
    target: Target


def kinds_of(register: Register) -> Iterator[Kind]:
    """The kinds of event that a column may bring."""
    return (kind for kind in register.kind.values() if kind.name not in NOT_FROM_A_TABLE)


def field_of(register: Register, target: Target) -> Field | None:
    """The field that a target names, if it is one of a field."""
    kind = register.kind.get(target.event)
    return next((f for f in kind.fields if f.name == target.field), None) if kind and target.field else None


def beside_it(register: Register, target: Target) -> Iterator[Target]:
    """The other fields of the same event that have a list of answers."""
    kind = register.kind.get(target.event)
    for field in kind.fields if kind and target.field else ():
        if field.choices and field.name != target.field:
            yield target._replace(field=field.name)


def holds_days(register: Register, target: Target) -> bool:
    """Whether the cells of its column are days."""
    if target.field:
        field = field_of(register, target)
        return field is not None and field.type == "day"
    return target.event in {DOB, EDD} or (target.event in register.kind and target.event != NOTE)


def dates_itself(register: Register, target: Target) -> bool:
    """Whether an event of it can be told without its own day: one that repeats, by the day it is for.

    A table has the day of an appointment and not that of its booking; the file's own day stands for it.
    """
    field = field_of(register, target)
    return field is not None and field.type == "day" and field.required and register.kind[target.event].repeats


def repeats(register: Register, target: Target) -> bool:
    """Whether a row may have several columns of it."""
    return target.event == NOTE or (target.event in register.kind and register.kind[target.event].repeats)


def targets(register: Register) -> list[str]:
    """Every name that a map may give a column, the child's id first."""
    names = [*OF_THE_CHILD, *ASSIGNED]
    for kind in kinds_of(register):
        names.append(kind.name)
        names += [f"{kind.name}:{answer}" for answer in kind.answers if answer and kind.name != CLOSED]
        names += [f"{kind.name}.{field.name}" for field in kind.fields]
    return names


@lru_cache(maxsize=1000)
def spelt(text: str) -> Target | None:
    """The target that is written so, whether or not any register has it."""
    match = _NAMED.fullmatch(text.strip())
    return Target(match[1], match[2] or "", match[3] or "", int(match[4] or 0)) if match else None


def read_target(text: str, register: Register) -> Target | None:
    """The target that a map names; None for one that the register does not have."""
    target = spelt(text)
    if target is None:
        return None
    known = target.name in {*targets(register), OF_REGISTER}
    return target if known and (repeats(register, target) or target.n <= 1) else None


def vocabulary(register: Register) -> dict[str, list[Claim]]:
    """What each folded header may mean: the register's own words, those of all, then its events and their fields."""
    claims: dict[str, list[Claim]] = {}

    def claim(rank: int, header: str, target: Target) -> None:
        of_header = claims.setdefault(folded(header), [])
        if all(known.target != target for known in of_header):
            of_header.append(Claim(rank, target))

    for rank, words in enumerate((register.words, WORDS)):
        for name, called in words.items():
            target = None if "=" in name else read_target(name, register)
            if target is not None:
                for header in called:
                    claim(rank, header, target)
    for kind in kinds_of(register):
        claim(2, kind.name, Target(kind.name))
        claim(2, kind.title, Target(kind.name))
        for field in kind.fields:
            claim(2, f"{kind.name} {field.name}", Target(kind.name, field.name))
            claim(3, field.name, Target(kind.name, field.name))
    for header in ("opened", "opening", "date opened", "case opened", "start date"):
        claim(3, header, Target(register.opening.name))
    return claims


def value_words(register: Register, target: Target) -> dict[str, str]:
    """What others call the answers of a field, folded: those the register lists as `step.outcome=issue`."""
    found = {}
    for key, called in (*WORDS.items(), *register.words.items()):
        name, is_a_value, answer = key.partition("=")
        if is_a_value and name == target.name:
            found.update({folded(word): answer for word in called})
    return found
