"""Escalation: a reviewing officer's formal challenge to the authority, stage by stage, on a case of any register.

An escalation stands until the next stage is raised, the whole is ended by an answer, or the case closes. The answers
`resolved`, `withdrawn` and `accepted-delay` end the whole; `escalated` ends its stage's clock alone.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from cictrack.pathway.clocks import Span, alert, deadline, spoken
from cictrack.pathway.declare import After, Drift, Rule
from cictrack.pathway.events import said
from cictrack.pathway.kinds import Field, Kind, choice
from cictrack.working_days import Amount

if TYPE_CHECKING:
    from cictrack.pathway.case import Case, Mark
    from cictrack.pathway.declare import Clock
    from cictrack.pathway.events import Event

ESCALATION, ANSWER = "escalation", "escalation-answer"
INFORMAL, CAFCASS = "informal", "cafcass"
STAGES = (INFORMAL, "1", "2", "3", "4", CAFCASS)
ESCALATED = "escalated"
ENDING = ("resolved", "withdrawn", "accepted-delay")
"""The outcomes that end the whole."""

OVERTAKEN, CASE_CLOSED = "overtaken", "case-closed"
"""How an escalation ended that nobody answered: the next stage was raised over it, or the case closed."""

ANSWER_IN = "5 working days"
WHOLE_IN = "20 working days"


class Escalation(NamedTuple):
    """One escalation and what became of it. `formal` is the first formal stage of the whole, up to this one.

    `ended` is what ended it: the answer that ended the whole, or the next stage that was raised.
    """

    raised: Mark
    formal: Mark | None
    answer: Mark | None = None
    ended: Mark | None = None


class Escalated(NamedTuple):
    """An escalation as it is kept: its days, and the answer's and its own outcome."""

    id: str
    stage: str
    to: str
    reason: str
    raised_on: date
    answer_due_on: date
    answered_on: date | None
    outcome: str
    first_formal_on: date | None
    whole_due_on: date | None
    ended_on: date | None
    ended_as: str


def escalations(case: Case) -> list[Escalation]:
    """Every escalation of a case, in order; of two in one whole the later takes the place of the earlier."""
    found: list[Escalation] = []
    raised = case.all(ESCALATION)
    marks = sorted([*raised, *case.all(ANSWER)], key=lambda mark: mark.seq) if raised else raised
    for mark in marks:
        last = found[-1] if found and found[-1].ended is None else None
        if mark.key == ESCALATION:
            if last is not None:
                found[-1] = last._replace(ended=mark)
            formal = last.formal if last is not None else None
            found.append(Escalation(mark, formal or (mark if _formal(mark) else None)))
        elif last is not None:
            found[-1] = last._replace(answer=last.answer or mark, ended=mark if _ends(mark.event) else None)
    return found


def _formal(raised: Mark) -> bool:
    return said(raised.event, "stage") in STAGES[1:]


def _ends(answer: Event) -> bool:
    return said(answer, "outcome") in ENDING


def _standing(case: Case) -> Escalation | None:
    """The escalation that stands: the last one, unless the whole has ended."""
    found = escalations(case)
    return found[-1] if found and found[-1].ended is None else None


def stage_in_words(stage: str) -> str:
    """A stage as a sentence says it: stage 2, informal, Cafcass."""
    return f"stage {stage}" if stage.isdigit() else stage.title() if stage == CAFCASS else stage


def _nothing_to_answer(case: Case, event: Event) -> str | None:
    stands = _standing(case)
    if stands is None:
        return "there is no escalation open, so there is nothing to answer"
    if stands.answer is not None and not _ends(event):
        stage, on = stage_in_words(said(stands.raised.event, "stage")), spoken(stands.answer.day)
        return f"{stage} was answered on {on} already: raise the next stage, or say how the whole ended"
    return None


KINDS = (
    Kind(
        ESCALATION,
        "escalated",
        (
            choice("stage", *STAGES, about="any may be skipped, and Cafcass is open at any time", required=True),
            Field("to", "to whom, by role", required=True),
            Field("reason", "what it is for the child", required=True),
        ),
        repeats=True,
    ),
    Kind(
        ANSWER,
        "escalation answered",
        (choice("outcome", "resolved", ESCALATED, "withdrawn", "accepted-delay", required=True),),
        repeats=True,
        beside=ESCALATION,
        check=_nothing_to_answer,
    ),
)
"""An answer and the next stage are often of one day, and so are a challenge and its answer: they count as typed."""


def _answer_spans(rule: Rule, case: Case) -> list[Span]:
    stands = _standing(case)
    if stands is None or stands.answer is not None:
        return []
    raised, own = stands.raised, _amount(rule, case, stands.raised)
    why = f"{stage_in_words(said(raised.event, 'stage'))}, to {said(raised.event, 'to')}"
    return [deadline(rule, case, raised, _due(rule, case, raised), amount=own, of=raised.event.line, why=why)]


def _whole_spans(drift: Drift, case: Case) -> list[Span]:
    stands = _standing(case)
    formal = stands.formal if stands is not None else None
    if formal is None:
        return []
    # Within twenty working days: the last of them is still in time.
    begins = _due(drift, case, formal) + timedelta(days=1)
    own = str(_amount(drift, case, formal))
    why = f"escalated formally on {spoken(formal.day)}, not ended within {own}"
    return [alert(formal, begins, why, of=formal.event.line, amount=own)]


def _amount(clock: Clock, case: Case, mark: Mark) -> Amount:
    return case.settings.amount(clock.name, mark.day, Amount.read(clock.after[0].amount))


def _due(clock: Clock, case: Case, mark: Mark) -> date:
    return case.settings.calendar_for(clock.authority).after(mark.day, _amount(clock, case, mark))


def escalation_clocks(register: str) -> tuple[Rule, Drift]:
    """The rule by which each escalation is answered, and the alert that the whole has not ended."""
    each: Rule = Rule(
        name=f"{register}.escalation",
        title="answer to escalation",
        after=(After(ESCALATION, ANSWER_IN),),
        ends=(ANSWER,),
        source="local custom: about five working days a stage",
        side="social-care",
        blocking=ANSWER,
        spans=lambda case: _answer_spans(each, case),
        watch=(ESCALATION, ANSWER),
    )
    whole: Drift = Drift(
        name=f"{register}.escalation-total",
        title="escalation not ended",
        after=(After(ESCALATION, WHOLE_IN),),
        ends=(ANSWER,),
        authority="guidance",
        source="IRO Handbook 2010, as local procedures quote it: 20 working days in all from the first formal stage",
        side="social-care",
        blocking=ANSWER,
        spans=lambda case: _whole_spans(whole, case),
        watch=(ESCALATION, ANSWER),
    )
    return each, whole


def as_kept(case: Case) -> list[Escalated]:
    """Every escalation of a case as its last event left them."""
    found, clocks = escalations(case), case.register.clock
    each, whole = (f"{case.register.name}.{name}" for name in (ESCALATION, f"{ESCALATION}-total"))
    return [_kept(case, one, clocks[each], clocks[whole]) for one in found]


def _kept(case: Case, one: Escalation, each: Clock, whole: Clock) -> Escalated:
    event, answer, ended = one.raised.event, one.answer, one.ended
    outcome = said(answer.event, "outcome") if answer is not None else ""
    ended_on, ended_as = (ended.day, outcome or OVERTAKEN) if ended is not None else (case.closed_on, CASE_CLOSED)
    if ended is not None and ended.key == ANSWER:
        ended_as = said(ended.event, "outcome")
    return Escalated(
        event.line,
        said(event, "stage"),
        said(event, "to"),
        said(event, "reason"),
        one.raised.day,
        _due(each, case, one.raised),
        answer.day if answer is not None else None,
        outcome,
        one.formal.day if one.formal is not None else None,
        _due(whole, case, one.formal) if one.formal is not None else None,
        ended_on,
        ended_as if ended_on is not None else "",
    )
