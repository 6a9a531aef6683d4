"""A child's cases as they stood on a day, evaluated in memory from the events dated on or before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.errors import Refused
from cictrack.pathway.child import evaluate_child
from cictrack.pathway.clocks import spoken
from cictrack.pathway.common import IN_ERROR
from cictrack.pathway.events import standing
from cictrack.registers import registers
from cictrack.store.events import events_of, settings_of
from cictrack.store.named import named_case, no_open_case
from cictrack.store.shorter import child_ids

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from datetime import date

    from cictrack.pathway.child import CaseOf, ChildEvaluation
    from cictrack.pathway.declare import Register
    from cictrack.pathway.events import Event
    from cictrack.pathway.settings import Settings
    from cictrack.store.named import CaseName


def as_at(events: Iterable[Event], day: date) -> list[Event]:
    """The events that stand and are dated on or before `day`.

    Corrections are folded first, whenever they were made; a case opened in error is so on every day.
    """
    stand = standing(events)[0]
    kept = {e.line for e in stand if e.day <= day}
    return [
        event._replace(parent="")
        for event in stand
        if event.line in kept or (event.opening in kept and event.fields.get("reason") in IN_ERROR)
    ]


class ChildrenOn:
    """Children as they stood on a day, each evaluated once, when asked for."""

    def __init__(self, db: sqlite3.Connection, day: date) -> None:
        self.settings = settings_of(db)
        self._db, self._day = db, day
        self._held: dict[str, ChildEvaluation] = {}

    def __getitem__(self, child_id: str) -> ChildEvaluation:
        """All that is derived of a child from the events of the day and before."""
        if child_id not in self._held:
            events = as_at(events_of(self._db, child_id), self._day)
            self._held[child_id] = evaluate_child(registers(), events, self.settings)
        return self._held[child_id]

    def case(self, register: Register, child_id: str, period: int) -> CaseOf:
        """A case of a child."""
        return next(c for c in self[child_id].cases if c.register is register and c.period == period)


def case_on(
    db: sqlite3.Connection, register: str, name: CaseName, day: date, settings: Settings
) -> tuple[ChildEvaluation, CaseOf]:
    """The case of that name as it stood on `day`, and all that is known of its child.

    Without a period the open one, else the latest. Raises Refused when there is none on that day.
    """
    events = events_of(db, name.child_id)
    if not events:
        raise Refused(no_open_case(db, register, name.child_id))
    child = evaluate_child(registers(), as_at(events, day), settings)
    if not any(case.register.name == register for case in child.cases):
        _refuse_before_it_began(events, register, name, day)
    return child, named_case(db, child.cases, register, name)


def _refuse_before_it_began(events: Iterable[Event], register: str, name: CaseName, day: date) -> None:
    opening = registers()[register].opening.name
    began = [e.day for e in standing(events)[0] if e.register == register and e.kind == opening]
    if began:
        raise Refused(f"{register} {name.child_id} had not begun by {spoken(day)}: it opened on {spoken(min(began))}.")


def no_child(db: sqlite3.Connection, child_id: str) -> str:
    """The sentence for a child who is not there, with those who look alike."""
    from difflib import get_close_matches

    near = sorted(get_close_matches(child_id, child_ids(db), n=3))
    close = f" Close: {', '.join(near)}." if near else ""
    return f"No child {child_id}.{close} Add one: cictrack child add {child_id} --dob DAY"
