"""Initial Health Assessments: by a doctor, within 20 working days of entering care, in time for the first review.

Delay sits in one of three places (health told late, consent missing, no appointment), so the register always
says what is blocking and whose move it is. Late is late: an exception explains it and is counted.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cictrack.pathway.clocks import Span, alert, deadline, spoken
from cictrack.pathway.declare import EVERY, After, Drift, PageColumn, Register, Rule, Stage
from cictrack.pathway.events import said
from cictrack.pathway.kinds import Field, Kind, choice, day, yes_no
from cictrack.pathway.record import SHORT_BREAKS, Draft
from cictrack.working_days import Amount, months_after

if TYPE_CHECKING:
    from cictrack.pathway.case import Case
    from cictrack.pathway.events import Event
    from cictrack.pathway.record import CaseDraft, Life

BASES = ("parent", "authority", "young-person", "court")
BECAME_OF_IT = ("attended", "not-brought", "cancelled-by-carer", "cancelled-by-health", "declined")
MONTHS_BEFORE_ENTRY = 3


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


def _not_brought(case: Case) -> list[Span]:
    times = case.all("not-brought")
    if len(times) <= 1 or case.all("assessed") or case.all("attended"):
        return []
    return [alert(times[-1], times[-1].day, f"not brought {len(times)} times")]


def _no_provider(case: Case) -> list[Span]:
    entered = case.mark("entered-care")
    away = case.details.get("out_of_area") == "yes" and not case.details.get("provider")
    if entered is None or not away or case.all("assessed"):
        return []
    return [alert(entered, entered.day, "placed out of area, no provider named")]


def _stale(case: Case) -> list[Span]:
    """5 working days after the later of the due day of the assessment and the last event."""
    entered, last = case.mark("entered-care"), case.last
    if entered is None or last is None or case.all("assessed") or case.all("report"):
        return []
    calendar = case.settings.calendar
    amount = case.settings.amount("iha.assessed", entered.day, Amount(20, "working days"))
    due = calendar.after(entered.day, amount)
    wait = case.settings.amount("iha.stale", entered.day, Amount(5, "working days"))
    begins = case.settings.calendar_for("local").after(max(due, last.day), wait)
    return [alert(last, begins, f"overdue since {spoken(due)}, nothing recorded since {spoken(last.day)}")]


def _booked(case: Case) -> bool:
    """Whether an appointment is booked and nothing has become of it yet."""
    appointments = case.all("appointment")
    return bool(appointments) and not any(
        mark.seq > appointments[-1].seq for kind in BECAME_OF_IT for mark in case.all(kind)
    )


def _blocking(case: Case) -> tuple[str, str]:
    """The next thing missing and whose move it is; what was passed over on the way stands in `gaps` instead."""
    steps = (
        (bool(case.all("report")), "shared", "social-care"),
        (bool(case.all("assessed")), "report", "health"),
        (not case.all("notified"), "notified", "social-care"),
        (not case.all("consent"), "consent", _consent_side(case)),
        (not case.all("referred"), "referred", "social-care"),
        (not _booked(case) and not _attended(case), "appointment", _appointment_side(case)),
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


def _recent_assessment(case: Case, event: Event) -> str | None:
    # CPPCR 2010 reg 7: not required where an assessment was made in the 3 months before.
    if not said(event, "assessed_on"):
        return "it needs the day of the earlier assessment"
    assessed_on = date.fromisoformat(said(event, "assessed_on"))
    if assessed_on > case.opened_on:
        return f"the assessment of {spoken(assessed_on)} is after the child entered care: record it as assessed"
    if assessed_on < months_after(case.opened_on, -MONTHS_BEFORE_ENTRY):
        return f"the assessment of {spoken(assessed_on)} is more than 3 months before the child entered care"
    return None


def _from_ssda903(life: Life, as_at: date, since: date) -> list[CaseDraft]:
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

RULES = (
    Rule(
        name="iha.notify",
        title="health told of the child",
        after=(After("entered-care", "3 working days"),),
        ends=("notified",),
        source="Bradford protocol 2016; elsewhere 2 to 5",
    ),
    REFER,
    Rule(
        name="iha.appointment",
        title="appointment booked",
        after=(After("entered-care", "10 working days"),),
        ends=("appointment", "assessed"),
        source="local custom",
    ),
    # CPPCR 2010 reg 7: an assessment before the first review; reg 33(1): that review within 20 working days.
    Rule(
        name="iha.assessed",
        title="initial health assessment",
        after=(After("entered-care", "20 working days", amber_before="5 working days"),),
        ends=("assessed",),
        authority="statute",
        source="Care Planning, Placement and Case Review (England) Regulations 2010, regs 7 and 33(1)",
    ),
    REPORT,
    Drift(
        name="iha.consent",
        title="consent asked for, not given",
        after=(After("consent-requested", "5 working days"),),
        ends=("consent",),
        stops=("assessed", "report", "shared"),
        why="consent asked for on {day}, not given",
        source="local custom",
    ),
    Drift(
        name="iha.not-brought",
        title="not brought again",
        ends=("attended", "assessed"),
        spans=_not_brought,
        watch=("not-brought",),
        source="local custom",
    ),
    Drift(
        name="iha.no-provider",
        title="out of area, no provider",
        ends=("assessed",),
        spans=_no_provider,
        watch=("entered-care", "details"),
        source="local custom",
    ),
    Drift(
        name="iha.stale",
        title="overdue and nothing recorded",
        ends=("assessed",),
        spans=_stale,
        watch=(EVERY,),
        source="local custom",
    ),
)

REGISTER = Register(
    name="iha",
    title="Initial Health Assessments",
    about="children who entered care, and the assessment due within 20 working days",
    kinds=(
        Kind(
            "entered-care",
            "entered care",
            (yes_no("out_of_area"), Field("provider", "the health provider there")),
            opens=True,
        ),
        Kind("notified", "health told of the child", before_opening=True),
        Kind(
            "consent-requested",
            "consent asked for",
            (choice("basis", *BASES, about="whose consent it is"),),
            before_opening=True,
        ),
        Kind("consent", "consent given", (choice("basis", *BASES, required=True),), before_opening=True),
        Kind("consent-refused", "consent refused", before_opening=True, repeats=True, undoes=("consent",)),
        Kind("referred", "complete paperwork with health", before_opening=True),
        Kind(
            "referral-returned",
            "paperwork sent back incomplete",
            repeats=True,
            undoes=("referred",),
            needs=("referred",),
        ),
        Kind(
            "appointment",
            "appointment booked",
            (day("for", about="its day", required=True),),
            repeats=True,
            before_opening=True,
        ),
        *(
            Kind(name, title, repeats=True, needs=("appointment",))
            for name, title in zip(
                BECAME_OF_IT,
                ("attended", "was not brought", "cancelled by the carer", "cancelled by health", "declined"),
                strict=True,
            )
        ),
        Kind("assessed", "seen by the doctor", not_before=("entered-care",)),
        Kind("report", "report and plan received", not_before=("assessed",)),
        Kind(
            "report-returned",
            "report sent back on quality grounds",
            repeats=True,
            undoes=("report",),
            needs=("report",),
        ),
        Kind(
            "shared",
            "plan with social worker, IRO and carer",
            closes="complete",
            not_before=("report", "assessed"),
        ),
        Kind(
            "not-required",
            "not required: assessed in the 3 months before entry",
            (day("assessed_on", required=True),),
            closes="not-required",
            check=_recent_assessment,
        ),
        Kind("left-care", "left care", closes="left-care"),
        Kind("refused", "refused by a young person of sufficient understanding", closes="refused"),
    ),
    stages=(
        Stage("awaiting-consent", "entered-care", "consent", "social-care"),
        Stage("awaiting-referral", "consent", "referred", "social-care"),
        Stage("awaiting-appointment", "referred", "appointment", "health"),
        Stage("appointment-booked", _booked, "assessed", "health"),
        Stage("assessed", "assessed", "report", "health"),
        Stage("reported", "report", "shared", "social-care"),
    ),
    rules=RULES,
    ways=((("notified", "consent", "referred"), ("assessed",), ("report",), ("shared",)),),
    blocking=_blocking,
    one_fact={"entered-care": "care-started"},
    carries={"ssda903": frozenset(), "annex-a-8": frozenset({"assessed"})},
    complete_from_file={"assessed": "complete"},
    reads={"ssda903": _from_ssda903},
    exception_reasons=(
        *(
            "consent",
            "late-notice",
            "late-referral",
            "paperwork",
            "capacity",
            "not-brought",
            "carer-cancelled",
        ),
        *("health-cancelled", "young-person-refused", "missing", "custody-or-hospital", "out-of-area"),
        *("placement-move", "interpreter", "other"),
    ),
    page=(
        PageColumn("blocking", lambda case, _on: "" if case.closed else _blocking(case)[0]),
        PageColumn("side", lambda case, _on: "" if case.closed else _blocking(case)[1]),
    ),
    examples={
        "open": "cictrack iha open 104523 --on 2/3/2026 --dob 14/8/2019 --team North",
        "consent": "cictrack iha consent 104523 --on 4/3/2026 --basis parent",
        "appointment": "cictrack iha appointment 104523 --for 20/3/2026",
    },
)
