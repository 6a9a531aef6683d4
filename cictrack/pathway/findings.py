"""What cannot be: the one list of impossibilities, by which recording refuses and what a merge brings is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.pathway.case import RECORD
from cictrack.pathway.clocks import spoken
from cictrack.pathway.events import Finding
from cictrack.pathway.record import EXPECTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cictrack.pathway.case import Case
    from cictrack.pathway.events import Event
    from cictrack.pathway.kinds import Kind


def of(case: Case, event: Event, kind: Kind) -> Iterator[Finding]:
    """What is impossible about `event`, given the case just before it."""
    name, day = kind.name, event.day
    if kind.opens and case.opened:
        yield Finding(day, name, (case.opened_on, day), f"the case was opened on {spoken(case.opened_on)} already")
    if day < case.opened_on and not kind.before_opening:
        why = f"{name} on {spoken(day)} is before the case opened on {spoken(case.opened_on)}"
        yield Finding(case.opened_on, name, (day, case.opened_on), why)
    if case.closed_on is not None and day > case.closed_on and not kind.after_closing and not case.soft:
        why = f"{name} on {spoken(day)} is after the case closed on {spoken(case.closed_on)}"
        yield Finding(day, name, (case.closed_on, day), why)
    if case.born is not None and day < case.born:
        yield from _against_birth(case, name, event)
    if case.register.must_follow.get(name):
        yield from _out_of_order(case, name, event)
    if kind.needs and not case.any(kind.needs):
        needed = " or ".join(key.replace(":", " ") for key in kind.needs)
        yield Finding(max(day, case.opened_on), name, (day,), f"{name} on {spoken(day)}, and no {needed} before it")
    objection = kind.unanswered(event) or (kind.check(case, event) if kind.check else None)
    if objection:
        yield Finding(max(day, case.opened_on), name, (day,), objection)


def _against_birth(case: Case, name: str, event: Event) -> Iterator[Finding]:
    if case.register.unborn and case.all(RECORD + EXPECTED):
        return
    born = case.born
    if born is not None and event.day < born:
        why = f"{name} on {spoken(event.day)} is before the child was born on {spoken(born)}"
        yield Finding(max(born, case.opened_on), name, (event.day, born), why)


def _out_of_order(case: Case, name: str, event: Event) -> Iterator[Finding]:
    """Events that may not be dated before this one, and are: they were folded first, so they are earlier."""
    if case.all(name):
        return
    for later in case.register.must_follow.get(name, ()):
        marks = case.all(later)
        if marks and marks[0].day < event.day:
            why = f"{later} on {spoken(marks[0].day)} is before {name} on {spoken(event.day)}"
            yield Finding(max(event.day, case.opened_on), later, (marks[0].day, event.day), why)
