"""Recording: what a person says happened is checked against the case so far, then appended, in one transaction.

What is impossible is refused with the days that clash and nothing is written; what is unusual is warned of.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from cictrack.errors import Refused
from cictrack.pathway.child import evaluate_child
from cictrack.pathway.clocks import spoken
from cictrack.pathway.events import CHILD, Event, standing
from cictrack.registers import registers
from cictrack.store.checks import key_of, opening_of, refuse_the_impossible, refuse_what_is_there, warnings_of
from cictrack.store.events import events_of, has_child, new_id, now_text, settings_of
from cictrack.store.named import CaseName, Whose, cases_of_family, family_key, name_of, named_case
from cictrack.store.writing import append, writing

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from cictrack.pathway.child import CaseOf, ChildEvaluation
    from cictrack.pathway.evaluate import Evaluation
    from cictrack.pathway.settings import Settings


class Ahead(NamedTuple):
    """A deadline or task that stands open: `days` and `left` (in its own unit) are below 0 when it is late."""

    title: str
    due_on: date
    days: int
    left: int
    unit: str


class Consequence(NamedTuple):
    """What recording did to one case: where it stood and stands today, and what is due next."""

    case: str
    events: tuple[Event, ...]
    stage_before: str
    stage: str
    closed_on: date | None
    void: bool
    ahead: tuple[Ahead, ...]
    warnings: tuple[str, ...]


class _Child(NamedTuple):
    events: list[Event]
    evaluation: ChildEvaluation


class Recording:
    """One transaction of recording. Cases are looked up in it, events taken, and all of them settled at once."""

    def __init__(self, db: sqlite3.Connection, today: date, by: str) -> None:
        self.db = db
        self.today = today
        self._by = by
        self._at = now_text()
        self._settings: Settings | None = None
        self._before: dict[str, _Child] = {}
        self._taken: dict[str, list[Event]] = {}

    @property
    def settings(self) -> Settings:
        """The register's calendar and local values."""
        if self._settings is None:
            self._settings = settings_of(self.db)
        return self._settings

    def knows(self, child_id: str) -> bool:
        """Whether anything was ever recorded of the child."""
        return has_child(self.db, child_id)

    def child(self, child_id: str) -> ChildEvaluation:
        """What is known of a child before anything of this transaction is recorded."""
        return self._child(child_id).evaluation

    def case(self, register: str, name: CaseName) -> CaseOf:
        """The case of that name. Refused when there is none, with those that look like it."""
        return named_case(self.db, self.child(name.child_id).cases, register, name)

    def standing(self, case: CaseOf) -> list[Event]:
        """The events of a case that count, corrections folded."""
        stand, _ = standing(self._child(case.opening.child_id).events)
        return [e for e in stand if e.register == case.register.name and opening_of(e) == case.opening.line]

    def record_of(self, child_id: str, kind: str) -> Event | None:
        """The last event of that kind in the child's own record."""
        return next((e for e in reversed(self.child(child_id).record) if e.kind == kind), None)

    def family(self, case: CaseOf) -> list[CaseOf]:
        """The latest cases of all children of the case's family on its register, its own among them."""
        whose = Whose(case.register.name, case.opening.child_id, case.period)
        key = family_key(self.db, whose)
        if not key:
            name = name_of(*whose)
            how = f"cictrack assign {case.register.name} {case.opening.child_id} --family KEY"
            raise Refused(f"{name} belongs to no family. Say which: {how}")
        found = cases_of_family(self.db, case.register.name, key)
        return [self.case(case.register.name, CaseName(one.child_id, one.period)) for one in found]

    def take(self, register: str, child_id: str, kind: str, day: date, fields: Mapping[str, Any], **line: str) -> Event:
        """Take an event to be recorded.

        `line` is `opening` for an event of a case, `root` and `parent` for a correction; `id` for an event that is
        known by what it says.
        """
        id_ = line.pop("id", "") or new_id()
        opening = line.pop("opening", "" if register == CHILD else id_)
        given = {name: value for name, value in fields.items() if value not in (None, "", (), [])}
        event = Event(id_, register, child_id, opening, kind, day, given, self._at, self._by, **line)
        self._taken.setdefault(child_id, []).append(event)
        return event

    def take_on(self, case: CaseOf, kind: str, day: date, fields: Mapping[str, Any], id_: str = "") -> Event:
        """Take an event of a case."""
        line = {"opening": case.opening.line, "id": id_}
        return self.take(case.register.name, case.opening.child_id, kind, day, fields, **line)

    def supersede(self, head: Event, kind: str, day: date, fields: Mapping[str, Any], id_: str = "") -> Event:
        """Take a correction or withdrawal of the event that stands at the head of its line."""
        line = {"opening": head.opening, "root": head.line, "parent": head.id, "id": id_}
        return self.take(head.register, head.child_id, kind, day, fields, **line)

    def settle(self) -> list[Consequence]:
        """Check everything taken, append it, and say what it did. Refused for one event, recorded for none."""
        found: list[Consequence] = []
        for child_id, taken in self._taken.items():
            after = self._checked(child_id, taken)
            found += self._consequences(self.child(child_id), after.evaluation, taken)
        append(self.db, [event for taken in self._taken.values() for event in taken])
        self._taken = {}
        return found

    def agree(self) -> list[Event]:
        """Check everything taken, and go on as if it were appended: who appends it is given it.

        What is refused is forgotten, and the next may be taken.
        """
        of_children, self._taken = self._taken, {}
        self._before |= {child_id: self._checked(child_id, taken) for child_id, taken in of_children.items()}
        return [event for taken in of_children.values() for event in taken]

    def holds(self, child_id: str, id_: str) -> bool:
        """Whether the child has an event of that id, counting or not."""
        return any(event.id == id_ for event in self._child(child_id).events)

    def _checked(self, child_id: str, taken: Sequence[Event]) -> _Child:
        """The child with what was taken. Refused when that cannot be."""
        before = self._child(child_id)
        for event in taken:
            self._refuse_the_future(event)
            refuse_what_is_there(before.events, event)
        events = [*before.events, *taken]
        after = evaluate_child(registers(), events, self.settings)
        refuse_the_impossible(before.evaluation, after, taken)
        return _Child(events, after)

    def _child(self, child_id: str) -> _Child:
        if child_id not in self._before:
            events = events_of(self.db, child_id)
            self._before[child_id] = _Child(events, evaluate_child(registers(), events, self.settings))
        return self._before[child_id]

    def _refuse_the_future(self, event: Event) -> None:
        if event.day > self.today:
            today = spoken(self.today)
            raise Refused(f"{spoken(event.day)} is in the future: today is {today}. Nothing was recorded.")

    def _consequences(
        self, before: ChildEvaluation, after: ChildEvaluation, taken: Sequence[Event]
    ) -> Iterator[Consequence]:
        stood = {key_of(case): case for case in before.cases}
        of_the_child = any(event.register == CHILD for event in taken)
        for case in after.cases:
            own = tuple(e for e in taken if e.register == case.register.name and opening_of(e) == case.opening.line)
            was = stood.get(key_of(case))
            if not own and (not of_the_child or case.evaluation.closed_on is not None):
                continue
            evaluation = case.evaluation
            yield Consequence(
                name_of(case.register.name, case.opening.child_id, case.period),
                own,
                _stage_on(was.evaluation, self.today) if was else "",
                _stage_on(evaluation, self.today),
                evaluation.closed_on,
                evaluation.void,
                tuple(self._ahead(evaluation)),
                (*warnings_of(case, was, own), *self._calendar_ends(evaluation)),
            )

    def _ahead(self, evaluation: Evaluation) -> Iterator[Ahead]:
        rows = [row for row in evaluation.rows if row.clock.kind != "drift" and row.open_on(self.today)]
        for row in sorted(rows, key=lambda row: (row.span.due_on, row.clock.name)):
            clock, due_on = row.clock, row.span.due_on
            days = left = (due_on - self.today).days
            if clock.unit == "working days":
                between = self.settings.calendar_for(clock.authority).working_days_between
                left = between(self.today, due_on) - between(due_on, self.today)
            title = row.span.why if clock.kind == "task" else clock.title
            yield Ahead(title, due_on, days, left, clock.unit)

    def _calendar_ends(self, evaluation: Evaluation) -> Iterator[str]:
        calendar = self.settings.calendar
        if any(ahead.unit == "working days" and not calendar.knows(ahead.due_on) for ahead in self._ahead(evaluation)):
            until = spoken(calendar.until)
            yield f"Bank holidays are known up to {until}: a day after that is counted by weekends alone."


@contextmanager
def recording(db: sqlite3.Connection, *, today: date, by: str) -> Iterator[Recording]:
    """A transaction of recording: committed when its block ends, and nothing is written when it raises."""
    with writing(db):
        yield Recording(db, today, by)


def _stage_on(evaluation: Evaluation, day: date) -> str:
    stages = [position.stage for position in evaluation.positions if position.from_on <= day]
    return stages[-1] if stages else ""
