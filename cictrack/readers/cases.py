"""The cases that a return opens, and what it adds to those that are there. Nothing held is written over."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from cictrack.pathway.child import evaluate_child
from cictrack.pathway.common import CLOSING_REASONS
from cictrack.pathway.events import Event, standing
from cictrack.readers.importing import KNOWN, fields_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cictrack.pathway.child import CaseOf
    from cictrack.pathway.declare import Register
    from cictrack.pathway.record import CaseDraft, Draft
    from cictrack.pathway.settings import Settings
    from cictrack.readers.importing import Plan
    from cictrack.readers.rows import Row
    from cictrack.readers.told import Told

FROM_EPISODES = frozenset({"episodes", "placed_adoption", "ad1"})
"""The tables whose rows a case comes from."""


class Position(NamedTuple):
    """The day of the return and the day from which a case that ended is still taken in."""

    as_at: date
    since: date


def plan_cases(
    plan: Plan,
    told: Told,
    held: Sequence[Event],
    registers: Mapping[str, Register],
    settings: Settings,
    position: Position,
) -> None:
    """For each register that reads this return: open what is alive, add to what is there."""
    for register in registers.values():
        if told.feed in register.reads:
            cases = _Cases(register, registers, settings, plan, held)
            # Two that open on one day are one case: the first is taken, and the rest is a contradiction.
            by_day = {_opening(register, draft).day: draft for draft in reversed(_drafts(cases, told, position))}
            for _, draft in sorted(by_day.items()):
                _plan_case(cases, draft, told.rows)


class _Cases:
    """The cases of one register that are held, as they are with all that is planned so far."""

    def __init__(
        self,
        register: Register,
        registers: Mapping[str, Register],
        settings: Settings,
        plan: Plan,
        held: Sequence[Event],
    ) -> None:
        self.register = register
        self.plan = plan
        self.held_any = any(event.register == register.name for event in held)
        self.told_exactly: set[str] = set()
        self._held = held
        self._registers = registers
        self._settings = settings
        self._cases: list[CaseOf] = []
        self._planned = -1

    @property
    def events(self) -> list[Event]:
        """The child's events, the planned ones too."""
        return [*self._held, *self.plan.events]

    def all(self) -> list[CaseOf]:
        """The cases; none is looked for where none was held, as no draft adds to what another opened."""
        if not self.held_any:
            return []
        if self._planned != len(self.plan.events):
            self._planned = len(self.plan.events)
            cases = evaluate_child(self._registers, self.events, self._settings).cases
            self._cases = [case for case in cases if case.register is self.register]
        return self._cases

    def exact(self, draft: CaseDraft) -> CaseOf | None:
        """The case that the draft is: opened by the same event, or on the same day."""
        opening = _opening(self.register, draft)
        id_ = _id(self.plan, self.register, opening, "")
        cases = self.all()
        same_event = (case for case in cases if case.opening.line == id_)
        same_day = (c for c in cases if not c.evaluation.void and c.opening.day == opening.day)
        return next(same_event, None) or next(same_day, None)

    def overlapping(self, draft: CaseDraft) -> CaseOf | None:
        """The case that is open on one of the draft's days, unless the return tells of that one exactly too."""
        opening = _opening(self.register, draft).day
        ended = min((e.day for e in draft if self.register.kind[e.kind].closes), default=date.max)
        for case in self.all():
            closed_on = case.evaluation.closed_on or date.max
            # A draft that ends on the day it begins may be what closed the case.
            open_then = case.opening.day < ended and (opening < closed_on or opening == closed_on == ended)
            if open_then and not case.evaluation.void and case.opening.line not in self.told_exactly:
                return case
        return None


def _drafts(cases: _Cases, told: Told, position: Position) -> list[CaseDraft]:
    """What is alive on the day, and what the return says of cases that the register holds, however old."""
    register = cases.register
    read = register.reads[told.feed]
    drafts = read(told.life, position.as_at, position.since)
    cases.told_exactly |= {_id(cases.plan, register, _opening(register, draft), "") for draft in drafts}
    if not cases.held_any:
        return drafts
    first = min((case.opening.day for case in cases.all()), default=position.since)
    alive = {_opening(register, draft).day for draft in drafts}
    older = read(told.life, position.as_at, min(first, position.since))
    older = [draft for draft in older if _opening(register, draft).day not in alive]
    exact = [case for draft in (*drafts, *older) if (case := cases.exact(draft))]
    cases.told_exactly |= {case.opening.line for case in exact}
    drafts += [draft for draft in older if cases.exact(draft) or cases.overlapping(draft)]
    return drafts


def _opening(register: Register, draft: CaseDraft) -> Draft:
    return next(event for event in draft if event.kind == register.opening.name)


def _plan_case(cases: _Cases, draft: CaseDraft, rows: Sequence[Row]) -> None:
    plan, register = cases.plan, cases.register
    opening = _opening(register, draft)
    id_ = _id(plan, register, opening, "")
    case = cases.exact(draft) or cases.overlapping(draft)
    if case is not None and not case.evaluation.void:
        _add_to(cases, case, draft, rows)
    elif case is None and not plan.holds(id_):
        plan.opened += 1
        for event in sorted(draft, key=lambda e: e is not opening):
            of = "" if event is opening else id_
            plan.add(_event(plan, register, event, of), _told_by(rows, event))


def _id(plan: Plan, register: Register, draft: Draft, opening: str) -> str:
    return plan.id_of(register.name, opening, draft.kind, draft.day.isoformat(), fields_text(draft.fields))


def _event(plan: Plan, register: Register, draft: Draft, opening: str) -> Event:
    id_ = _id(plan, register, draft, opening)
    return Event(id_, register.name, plan.child_id, opening, draft.kind, draft.day, dict(draft.fields))


def _told_by(rows: Sequence[Row], event: Draft) -> list[Row]:
    """The rows that an event of a case comes from: those with its day, that of an episode's start above all."""
    of_day = [r for r in rows if r.table in FROM_EPISODES and event.day in r.days.values()]
    starts = [r for r in of_day if event.day not in {r.days.get("DEC"), r.days.get("DOB")}]
    return starts or of_day


def _add_to(cases: _Cases, case: CaseOf, draft: CaseDraft, rows: Sequence[Row]) -> None:
    """Add what the case does not know. Of a kind that happens once, another day is a conflict."""
    plan, register, line = cases.plan, cases.register, case.opening.line
    closed_on = case.evaluation.closed_on
    stand = [e for e in standing(cases.events)[0] if e.register == register.name and line in {e.line, e.opening}]
    told = {(event.kind, event.day) for event in draft}
    for event in draft:
        told_by = _told_by(rows, event)
        kind = register.kind[event.kind]
        same = [e for e in stand if e.kind == event.kind]
        others = [e for e in same if (e.kind, e.day) not in told]
        overtaken = closed_on is not None and event.day > closed_on
        if plan.holds(_id(plan, register, event, line)) or any(e.day == event.day for e in same):
            plan.known(told_by)
        elif overtaken and _leaves(register, event):
            plan.mark(told_by, KNOWN)
        elif others and not kind.repeats:
            plan.clash(event.kind, others[-1].day.isoformat(), event.day.isoformat(), told_by)
        elif closed_on is not None and (overtaken or kind.closes) and not kind.after_closing:
            plan.clash(event.kind, f"closed {closed_on.isoformat()}", event.day.isoformat(), told_by)
        else:
            plan.add(_event(plan, register, event, line), told_by)


def _leaves(register: Register, event: Draft) -> bool:
    """Whether it ends a case of any kind, whatever stage it was in: the child left care, moved, died."""
    said = Event("", register.name, "", "", event.kind, event.day, event.fields)
    return register.kind[event.kind].closing_stage(said) in CLOSING_REASONS
