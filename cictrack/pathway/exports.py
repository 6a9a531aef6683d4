"""What a register gives to a return: the columns of a table, what a row is made of, and the return's own rules."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from cictrack.pathway.case import Case
    from cictrack.pathway.child import ChildEvaluation


class Asked(NamedTuple):
    """The days a return is about, both included. What is known is what had happened by `until`."""

    since: date
    until: date

    def holds(self, day: object) -> bool:
        """Whether `day` is one of them."""
        return isinstance(day, date) and self.since <= day <= self.until


class OneChild(NamedTuple):
    """One child as the events dated on or before the last day asked for make it; `register` is whose table it is."""

    child_id: str
    register: str
    evaluation: ChildEvaluation
    asked: Asked


class OneCase(NamedTuple):
    """What is known of one case: `opening` is the id of its first event, `family` the key of its family."""

    child_id: str
    opening: str
    case: Case
    family: str

    def day(self, key: str) -> date | None:
        """The day of the event of `key` that counts."""
        return self.case.day_of(key)

    def says(self, key: str, name: str) -> str:
        """What the event of `key` that counts says of `name`; empty where it says nothing."""
        mark = self.case.mark(key)
        return str(mark.event.fields.get(name) or "") if mark else ""


def cases(child: OneChild) -> Iterator[OneCase]:
    """The child's cases on the register that were open at some time asked for; never one opened in error."""
    for one in child.evaluation.cases:
        found = one.evaluation
        if one.register.name != child.register or found.void or found.opened_on > child.asked.until:
            continue
        if found.closed_on is None or found.closed_on >= child.asked.since:
            whose = found.positions[-1].assigned if found.positions else {}
            yield OneCase(child.child_id, one.opening.line, found.case, str(whose.get("family") or ""))


class Column(NamedTuple):
    """A column by the return's own name. Without `value` the register holds nothing of it, and it stays blank."""

    name: str
    value: Callable[[Any], object] | None = None


class Check(NamedTuple):
    """A national rule: its code, what it asks of a row as a sentence, the columns it is about, whether a row keeps it.

    A row is given by the names of its columns; what is blank is None.
    """

    code: str
    says: str
    about: tuple[str, ...]
    kept: Callable[[Mapping[str, Any], Asked], bool]


class Export(NamedTuple):
    """A table of a return. `goes_to` names the return, `whose` the column that holds the child's id.

    `rows` gives what each row is made of, and the columns read it. `kinds` are events of the child's own record
    that make rows where there is no case. `told` is what has to be said beside it, `empty` when it has no row.
    """

    name: str
    goes_to: str
    whose: str
    columns: tuple[Column, ...]
    rows: Callable[[OneChild], Iterable[Any]] = cases
    checks: tuple[Check, ...] = ()
    kinds: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    empty: str = ""
