"""The cases that a file opens, and which of those that are there it tells of. Nothing held is written over."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from cictrack.pathway.child import evaluate_child
from cictrack.pathway.events import Event
from cictrack.readers.held import known_until, with_held
from cictrack.readers.plan import fields_text
from cictrack.readers.told_of_case import add_to_case, rows_that_tell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cictrack.pathway.child import CaseOf
    from cictrack.pathway.declare import Register
    from cictrack.pathway.record import CaseDraft, Draft, Life
    from cictrack.pathway.settings import Settings
    from cictrack.readers.plan import Plan
    from cictrack.readers.told import Told


BEGINNING = date(1900, 1, 1)
"""Before every case; not the first day of time, as registers count back from it."""


class Position(NamedTuple):
    """The day of the file and the day from which a case that ended is still taken in."""

    as_at: date
    since: date


def plan_cases(
    plan: Plan, told: Told, registers: Mapping[str, Register], settings: Settings, position: Position
) -> None:
    """For each register that reads this kind of file: open what is alive, add to what is there."""
    life = with_held(told.life, plan.elsewhere)._replace(calendar=settings.calendar)
    for register in registers.values():
        cases = _Cases(register, registers, settings, plan)
        for draft in told.drafts.get(register.name, ()):
            _plan_case(cases, draft, told)
        if told.feed in register.reads and told.life.tells_of_cases:
            # Two that open on one day are one case: the first is taken, and the rest is a contradiction.
            drafts = reversed(_drafts(cases, told.feed, life, position))
            by_day = {_day(register, draft): draft for draft in drafts}
            for _, draft in sorted(by_day.items()):
                _plan_case(cases, draft, told)


class _Cases:
    """The cases of one register that are held, as they are with all that is planned so far."""

    def __init__(self, register: Register, registers: Mapping[str, Register], settings: Settings, plan: Plan) -> None:
        self.register = register
        self.plan = plan
        self.held_any = any(event.register == register.name for event in plan.held)
        self.told_exactly: set[str] = set()
        self.days_told: set[date] = set()
        self.of_episodes: set[tuple[str, date]] = set()
        self._registers = registers
        self._settings = settings
        self._cases: list[CaseOf] = []
        self._planned = -1

    def all(self) -> Sequence[CaseOf]:
        """The cases that count; none is looked for where none was held, as no draft adds to what another opened."""
        if not self.held_any:
            return ()
        if self._planned != len(self.plan.events):
            self._planned = len(self.plan.events)
            events = [*self.plan.held, *self.plan.events]
            cases = evaluate_child(self._registers, events, self._settings).cases
            self._cases = [case for case in cases if case.register is self.register]
        return self._cases

    def exact(self, draft: CaseDraft) -> CaseOf | None:
        """The case that the draft is: opened on the same day, or by the same event, if no other draft is that case."""
        opening = _opening(self.register, draft)
        if opening is None:
            return self._latest()
        id_ = id_of(self.plan, self.register, opening, "")
        cases = self.all()
        same_day = (c for c in cases if not c.evaluation.void and c.opening.day == opening.day)
        same_event = (c for c in cases if c.opening.line == id_ and c.opening.day not in self.days_told - {opening.day})
        return next(same_day, None) or next(same_event, None)

    def overlapping(self, draft: CaseDraft) -> CaseOf | None:
        """The case that is open on one of the draft's days, unless the file tells of that one exactly too."""
        opening = _day(self.register, draft)
        ended = min((e.day for e in draft if self.register.kind[e.kind].closes), default=date.max)
        for case in self.all():
            closed_on = case.evaluation.closed_on or date.max
            # A draft that ends on the day it begins may be what closed the case.
            open_then = case.opening.day < ended and (opening < closed_on or opening == closed_on == ended)
            if open_then and not case.evaluation.void and case.opening.line not in self.told_exactly:
                return case
        return None

    def _latest(self) -> CaseOf | None:
        """The case that is open, else the one that was open last."""
        counting = [case for case in self.all() if not case.evaluation.void]
        return max(counting, key=lambda c: (c.evaluation.closed_on or date.max, c.opening.day), default=None)


def _drafts(cases: _Cases, feed: str, life: Life, position: Position) -> list[CaseDraft]:
    """What is alive on the day, and what is known of cases that the register holds, however old."""
    register = cases.register
    read = register.reads[feed]
    alive = {_day(register, draft) for draft in read(life, *position)}
    until = known_until(cases.plan.elsewhere, position.as_at)
    drafts = read(life, until, BEGINNING)
    if cases.held_any and cases.plan.agrees:
        by_episodes = read(life._replace(decisions=(), matches=()), until, BEGINNING)
        cases.of_episodes = {(event.kind, event.day) for draft in by_episodes for event in draft}
    cases.days_told = {_day(register, draft) for draft in drafts}
    exact = {_day(register, draft): case for draft in drafts if (case := cases.exact(draft))}
    cases.told_exactly |= {case.opening.line for case in exact.values()}
    return [d for d in drafts if (day := _day(register, d)) in alive or day in exact or cases.overlapping(d)]


def _opening(register: Register, draft: CaseDraft) -> Draft | None:
    return next((event for event in draft if event.kind == register.opening.name), None)


def _day(register: Register, draft: CaseDraft) -> date:
    """The day that the draft opens on, of one that opens nothing its first."""
    opening = _opening(register, draft)
    return opening.day if opening else min(event.day for event in draft)


def _plan_case(cases: _Cases, draft: CaseDraft, told: Told) -> None:
    plan, register = cases.plan, cases.register
    opening = _opening(register, draft)
    case = cases.exact(draft) or cases.overlapping(draft)
    if case is not None:
        if not case.evaluation.void:
            add_to_case(plan, told, case, draft, cases.of_episodes)
        return
    if opening is None:
        rows = [row for event in draft for row in rows_that_tell(told, event)]
        plan.refuse(rows, register.opening.name, f"no {register.opening.name} day, and no case to add it to")
        return
    id_ = id_of(plan, register, opening, "")
    if plan.holds(id_):
        # The day once opened another case, which is known to have begun on another day since.
        id_ = plan.id_of(id_, "again")
    plan.opened += 1
    for event in (opening, *(event for event in draft if event is not opening)):
        made = id_ if event is opening else id_of(plan, register, event, id_)
        told_of = Event(made, register.name, plan.child_id, id_, event.kind, event.day, event.fields)
        plan.add(told_of, rows_that_tell(told, event))


def id_of(plan: Plan, register: Register, draft: Draft, opening: str) -> str:
    """The id of an event of a case, made from what the file says."""
    return plan.id_of(register.name, opening, draft.kind, draft.day.isoformat(), fields_text(draft.fields))
