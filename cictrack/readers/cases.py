"""The cases that a return opens, and what it adds to those that are there. Nothing held is written over."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from cictrack.pathway.child import evaluate_child
from cictrack.pathway.common import CLOSING_REASONS
from cictrack.pathway.events import CHILD, Event, standing
from cictrack.readers.importing import KNOWN, fields_text
from cictrack.readers.ssda903 import FEED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cictrack.pathway.child import CaseOf
    from cictrack.pathway.declare import Register
    from cictrack.pathway.record import CaseDraft, Draft
    from cictrack.pathway.settings import Settings
    from cictrack.readers.importing import Plan
    from cictrack.readers.lives import Told
    from cictrack.readers.ssda903 import Row

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
    settings: Settings | None,
    position: Position,
) -> None:
    """For each register that reads this return: open what is alive, add to what is there."""
    cases: Sequence[CaseOf] = ()
    if settings is not None and any(event.register != CHILD for event in held):
        cases = evaluate_child(registers, held, settings).cases
    stand, _ = standing(held)
    for register in registers.values():
        if FEED not in register.reads:
            continue
        of_register = [case for case in cases if case.register is register]
        for draft in _drafts(register, told, of_register, position):
            _plan_case(plan, register, draft, told.rows, of_register, stand)


def _drafts(register: Register, told: Told, held: Sequence[CaseOf], position: Position) -> list[CaseDraft]:
    """What is alive on the day, and what the return says of cases that the register holds, however old."""
    read = register.reads[FEED]
    drafts = read(told.life, position.as_at, position.since)
    first = min((case.opening.day for case in held), default=position.since)
    if not held:
        return drafts
    alive = {_opening(register, draft).day for draft in drafts}
    older = read(told.life, position.as_at, min(first, position.since))
    return drafts + [
        d for d in older if _opening(register, d).day not in alive and _there(register, d, held) is not None
    ]


def _opening(register: Register, draft: CaseDraft) -> Draft:
    return next(event for event in draft if event.kind == register.opening.name)


def _there(register: Register, draft: CaseDraft, held: Sequence[CaseOf]) -> CaseOf | None:
    """The held case that the draft is: opened on the same day, else open on one of the draft's days."""
    opening = _opening(register, draft).day
    real = [case for case in held if not case.evaluation.void]
    for case in real:
        if case.opening.day == opening:
            return case
    ended = min((e.day for e in draft if register.kind[e.kind].closes), default=date.max)
    for case in real:
        if case.opening.day < ended and opening < (case.evaluation.closed_on or date.max):
            return case
    return None


def _plan_case(
    plan: Plan,
    register: Register,
    draft: CaseDraft,
    rows: Sequence[Row],
    held: Sequence[CaseOf],
    stand: Sequence[Event],
) -> None:
    opening = _opening(register, draft)
    id_ = _id(plan, register, opening, "")
    case = next((c for c in held if c.opening.line == id_), None) or _there(register, draft, held)
    if case is not None and not case.evaluation.void:
        _add_to(plan, register, case, draft, rows, stand)
        return
    if case is not None or plan.holds(id_):
        return
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


def _add_to(
    plan: Plan,
    register: Register,
    case: CaseOf,
    draft: CaseDraft,
    rows: Sequence[Row],
    held: Sequence[Event],
) -> None:
    """Add what the case does not know. Of a kind that happens once, another day is a conflict."""
    line = case.opening.line
    closed_on = case.evaluation.closed_on
    stand = [e for e in held if e.register == register.name and line in {e.line, e.opening}]
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
