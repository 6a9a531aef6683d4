"""Initial Health Assessments: what the declarations cannot say, and how returns tell of entering care."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cictrack.pathway.clocks import Span, alert, deadline, met_day, spoken
from cictrack.pathway.declare import EVERY, After, Drift, Rule
from cictrack.pathway.events import said
from cictrack.pathway.record import SHORT_BREAKS, Draft, allocated
from cictrack.working_days import Amount, months_after

if TYPE_CHECKING:
    from cictrack.pathway.case import Case
    from cictrack.pathway.events import Event
    from cictrack.pathway.record import CaseDraft, Life

BASES = ("parent", "authority", "young-person", "court")
BECAME_OF_IT = ("attended", "not-brought", "cancelled-by-carer", "cancelled-by-health", "declined")
MONTHS_BEFORE_ENTRY = 3
IN_TIME = Amount(20, "working days")
HEALTH_ASSESSMENT = "record.health-assessment"
"""An assessment in the child's own record, of which nobody says whether it was the initial one."""


def _refer(case: Case) -> list[Span]:
    """Consent and complete paperwork, both: met on the day the later of them came; returned paperwork undoes it."""
    entered, consent, referred = (case.mark(k) for k in ("entered-care", "consent", "referred"))
    if entered is None:
        return []
    met_on = max(consent.day, referred.day) if consent and referred else None
    if met_on is None and any(case.all(key) for key in ("assessed", "report", "shared")):
        return []
    amount = case.settings.amount(REFER.name, entered.day, Amount(5, "working days"))
    due = case.settings.calendar.after(entered.day, amount)
    return [deadline(REFER, case, entered, due, amount=amount, met_on=met_on)]


def _assessed(case: Case) -> list[Span]:
    """20 working days from entry. Where only files know of a later assessment, whether it was in time is GREY."""
    entered = case.mark("entered-care")
    if entered is None:
        return []
    met_on = met_day(ASSESSED, case, entered)
    if met_on is None and any(case.all(key) for key in case.register.later_steps(ASSESSED)):
        return []
    amount = case.settings.amount(ASSESSED.name, entered.day, IN_TIME)
    due = case.settings.calendar.after(entered.day, amount)
    span = deadline(ASSESSED, case, entered, due, amount=amount, after=ASSESSED.after[0], met_on=met_on)
    later = _later_assessment(case) if met_on is None else None
    if later is None:
        return [span]
    why = f"a health assessment on {spoken(later)}: whether the initial one was in time cannot be told"
    return [span._replace(past="grey", why=why)]


def _later_assessment(case: Case) -> date | None:
    """The first health assessment since entry that a file tells of, while nobody has worked on the case."""
    # Annex A has the last health assessment, initial and review alike: a later one hides the initial one.
    entered = case.mark("entered-care")
    if entered is None or case.known_by_person:
        return None
    return min((m.day for m in case.all(HEALTH_ASSESSMENT) if m.day >= entered.day), default=None)


def _report(case: Case) -> list[Span]:
    """5 working days from the assessment, or the first review if that is sooner and not before it."""
    assessed, entered = case.mark("assessed"), case.mark("entered-care")
    if assessed is None or case.all("shared"):
        return []
    amount = case.settings.amount(REPORT.name, assessed.day, Amount(5, "working days"))
    due = case.settings.calendar_for("local").after(assessed.day, amount)
    if entered is not None:
        # CPPCR 2010 reg 33(1): the first review is within 20 working days of entering care.
        first_review = case.settings.calendar.working_days(entered.day, 20)
        if assessed.day <= first_review < due:
            due = first_review
    return [deadline(REPORT, case, assessed, due, amount=amount, met_on=case.day_of("report"))]


def not_brought(case: Case) -> list[Span]:
    """From the second time on, until the child is seen."""
    times = case.all("not-brought")
    if len(times) <= 1 or case.all("assessed") or case.all("attended"):
        return []
    return [alert(times[-1], times[-1].day, f"not brought {len(times)} times")]


def no_provider(case: Case) -> list[Span]:
    """From entry: placed out of area, and nobody named who would do it there."""
    entered = case.mark("entered-care")
    away = case.details.get("out_of_area") == "yes" and not case.details.get("provider")
    if entered is None or not away or case.all("assessed"):
        return []
    return [alert(entered, entered.day, "placed out of area, no provider named")]


def overdue_and_silent(case: Case) -> list[Span]:
    """5 working days after the later of the due day of the assessment and the last event.

    Nobody can say so of a case that only files know: they do not carry the assessment.
    """
    entered, last = case.mark("entered-care"), case.last
    if entered is None or last is None or case.all("assessed") or case.all("report"):
        return []
    if not case.judged(STALE) or _later_assessment(case):
        return []
    calendar = case.settings.calendar
    amount = case.settings.amount("iha.assessed", entered.day, Amount(20, "working days"))
    due = calendar.after(entered.day, amount)
    wait = case.settings.amount(STALE.name, entered.day, Amount.read(STALE.amount))
    begins = case.settings.calendar_for("local").after(max(due, last.day), wait)
    return [alert(last, begins, f"overdue since {spoken(due)}, nothing recorded since {spoken(last.day)}")]


def booked(case: Case) -> bool:
    """Whether an appointment is booked and nothing has become of it yet."""
    appointments = case.all("appointment")
    return bool(appointments) and not any(
        mark.seq > appointments[-1].seq for kind in BECAME_OF_IT for mark in case.all(kind)
    )


def blocking(case: Case) -> tuple[str, str]:
    """The next thing missing and whose move it is; what was passed over on the way stands in `gaps` instead."""
    steps = (
        (bool(case.all("report")), "shared", "social-care"),
        (bool(case.all("assessed")), "report", "health"),
        (not case.all("notified"), "notified", "social-care"),
        (not case.all("consent"), "consent", _consent_side(case)),
        (not case.all("referred"), "referred", "social-care"),
        (not booked(case) and not _attended(case), "appointment", _appointment_side(case)),
    )
    return next(((event, side) for holds, event, side in steps if holds), ("assessed", "health"))


def _consent_side(case: Case) -> str:
    asked = case.mark("consent-requested")
    if asked is None:
        return "social-care"
    sides = {"parent": "family", "young-person": "young-person", "court": "court"}
    return sides.get(str(asked.event.fields.get("basis", "")), "social-care")


def _latest_outcome(case: Case) -> str:
    marks = [mark for kind in BECAME_OF_IT for mark in case.all(kind)]
    return max(marks, key=lambda mark: mark.seq).key if marks else ""


def _attended(case: Case) -> bool:
    return _latest_outcome(case) == "attended"


def _appointment_side(case: Case) -> str:
    return "carer" if _latest_outcome(case) in {"not-brought", "cancelled-by-carer"} else "health"


def recent_assessment(case: Case, event: Event) -> str | None:
    """An assessment stands in for the initial one when made in the 3 months before entry."""
    # CPPCR 2010 reg 7: not required where an assessment was made in the 3 months before.
    if not said(event, "assessed_on"):
        return "it needs the day of the earlier assessment"
    assessed_on = date.fromisoformat(said(event, "assessed_on"))
    if assessed_on > case.opened_on:
        return f"the assessment of {spoken(assessed_on)} is after the child entered care: record it as assessed"
    if assessed_on < months_after(case.opened_on, -MONTHS_BEFORE_ENTRY):
        return f"the assessment of {spoken(assessed_on)} is more than 3 months before the child entered care"
    return None


def from_ssda903(life: Life, as_at: date, since: date) -> list[CaseDraft]:
    """A case for each period of care that began from `since` on: DECOM of RNE=S, short breaks never."""
    drafts: list[CaseDraft] = []
    for period in life.periods():
        first = period[0]
        if first.reason != "S" or first.legal_status in SHORT_BREAKS or not since <= first.start <= as_at:
            continue
        draft: CaseDraft = [Draft("entered-care", first.start)]
        last = period[-1]
        if last.end is not None and last.end_reason != "X1" and last.end <= as_at:
            draft.append(Draft("left-care", last.end))
        drafts.append(draft)
    return drafts


def from_list_8(life: Life, as_at: date, since: date) -> list[CaseDraft]:
    """A case for care that began from `since` on, short breaks never; assessed if that was within 20 working days.

    The list has the last health assessment only: one within the time must have been the initial one.
    """
    entered = life.days.get("Date Started to be Looked After")
    short_break = life.texts.get("Child's Legal Status") in SHORT_BREAKS
    if entered is None or short_break or not since <= entered <= as_at:
        return []
    draft: CaseDraft = [Draft("entered-care", entered)]
    assessed, left = life.days.get("Date of Last Health Assessment"), life.days.get("Date Ceased to be Looked After")
    in_time = life.calendar is not None and assessed and entered <= assessed <= life.calendar.after(entered, IN_TIME)
    if assessed and in_time and (left is None or assessed <= left):
        draft.append(Draft("assessed", assessed))
    if left is not None:
        draft.append(Draft("left-care", left))
    return [[*draft, *allocated(life, entered, closed=bool(in_time) or left is not None)]]


REFER = Rule(
    name="iha.refer",
    title="consent and complete paperwork with health",
    after=(After("entered-care", "5 working days"),),
    ends=("consent", "referred"),
    authority="guidance",
    source="DfE and DH, Promoting the health and well-being of looked-after children (2015)",
    spans=_refer,
    reopens=True,
    watch=("assessed", "report", "shared", "referral-returned", "consent-refused"),
)

# CPPCR 2010 reg 7: an assessment before the first review; reg 33(1): that review within 20 working days.
ASSESSED = Rule(
    name="iha.assessed",
    title="initial health assessment",
    after=(After("entered-care", "20 working days", amber_before="5 working days"),),
    ends=("assessed",),
    authority="statute",
    source="Care Planning, Placement and Case Review (England) Regulations 2010, regs 7 and 33(1)",
    spans=_assessed,
    watch=(HEALTH_ASSESSMENT, "report", "shared"),
)

REPORT = Rule(
    name="iha.report",
    title="report and plan received",
    after=(After("assessed", "5 working days"),),
    ends=("report",),
    source="5 working days is usual; the plan is wanted at the first review",
    spans=_report,
    reopens=True,
    watch=("shared", "report-returned"),
)

STALE = Drift(
    name="iha.stale",
    title="overdue and nothing recorded",
    ends=("assessed",),
    spans=overdue_and_silent,
    watch=(EVERY, HEALTH_ASSESSMENT),
    source="local custom",
    amount="5 working days",
    counts_from="the day the assessment was due, or the last event if that is later",
)
