"""Pre-proceedings: what the children in need census and the Standard Safeguarding Dataset are given of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cictrack.pathway.exports import Check, Column, Export

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from cictrack.pathway.exports import Asked, OneCase

    Row = Mapping[str, Any]

SOURCE = "data-to-insight/csc-validator-be-cin, cin2026_27"
"""Read in November 2026, with its fake_data/CIN_Census_2026.xml; the department's own guide was not to be had."""

# In the census 1 is yes: 9010Q compares with it.
YES_NO = {"yes": 1, "no": 0}

# Codeset CS131 has A, B and C and the validator does not say what they stand for. Its sample gives A to a child whose
# application went to court, and the dataset lists the decision to issue before the one to step down: so A and B.
CENSUS_OUTCOME = {"issue": "A", "step-down": "B"}
SSD_OUTCOME = {"issue": "Decision to Issue Care Proceedings", "step-down": "Decision to step down"}

# Legal gateway: A continue, B start pre-proceedings, C issue, D unknown. What opens a case here is B.
STARTED = "B"


def _facilitated(one: OneCase) -> int | None:
    """1 for a meeting held in pre-proceedings. That none was held nobody records, so there is no 0."""
    return 1 if any(mark.day >= one.case.opened_on for mark in one.case.all("fgdm")) else None


def _reviews(one: OneCase) -> int | None:
    """The review meetings, the first meeting not counted; nothing where no meeting is known."""
    held = len(one.case.all("review"))
    return held if held or one.day("meeting:yes") else None


def _earlier_periods(one: OneCase) -> int | None:
    """The periods the register holds. That there were none before it was kept it cannot know, so there is no 0."""
    return len(one.case.earlier) or None


def _within(code: str, name: str, *not_before: str) -> Check:
    """A rule that a day be of the year, and not before another: asked only where the other is known."""

    def kept(row: Row, year: Asked) -> bool:
        day: date | None = row[name]
        known = [row[other] for other in not_before]
        if day is None or None in known:
            return True
        return year.holds(day) and all(other <= day for other in known)

    later = "".join(f", and not before {other}" for other in not_before)
    return Check(code, f"{name} must be in the census year{later}", (name, *not_before), kept)


def _given(code: str, name: str, where: str, *, is_: object = None) -> Check:
    """A rule that a column be given where another is, or where that says `is_`."""

    def kept(row: Row, _year: Asked) -> bool:
        asked = row[where] is not None if is_ is None else row[where] == is_
        return not asked or row[name] is not None

    value = "is given" if is_ is None else f"is {is_}"
    return Check(code, f"{name} must be given where {where} {value}", (where, name), kept)


CHECKS = (
    _within("9005", "PPStartDate"),
    _within("9006", "LBPSentDate", "PPStartDate"),
    # The validator's words ask for this; its code asks for a letter where there is an offer.
    _given("9007", "FGDMMeetingOffer", "LBPSentDate"),
    _within("9008", "InitialPPMeetingDate"),
    _within("9009", "StepDecisionDate", "PPStartDate"),
    _given("9010Q", "FGDMMeetingFac", "FGDMMeetingOffer", is_=YES_NO["yes"]),
    # The validator's words ask it only of an outcome that is given; its code fails a blank one too.
    Check("9011", "PPOutcome must be A, B or C", ("PPOutcome",), lambda row, _: row["PPOutcome"] in {None, *"ABC"}),
    _within("9012", "CourtAppDate", "StepDecisionDate"),
    _within("9013", "LetterInitCPDate", "CourtAppDate"),
    _given("9015Q", "ReviewMeetingsCount", "InitialPPMeetingDate"),
)
"""The national rules on a row, in our own words; Q is a query, which a reason answers. There is no 9014."""

CENSUS = Export(
    name="PreProceedingsandFGDM",
    goes_to="census",
    whose="LAchildID",
    columns=(
        Column("LAchildID", lambda one: one.child_id),
        Column("PPStartDate", lambda one: one.day("decision")),
        Column("LBPSentDate", lambda one: one.day("letter")),
        Column("FGDMMeetingOffer", lambda one: YES_NO.get(one.says("letter", "fgdm_offered"))),
        Column("FGDMMeetingFac", _facilitated),
        Column("InitialPPMeetingDate", lambda one: one.day("meeting:yes")),
        Column("ReviewMeetingsCount", _reviews),
        Column("StepDecisionDate", lambda one: one.day("step")),
        Column("PPOutcome", lambda one: CENSUS_OUTCOME.get(one.says("step", "outcome"))),
        Column("CourtAppDate", lambda one: one.day("application")),
        Column("LetterInitCPDate", lambda one: one.day("issue-letter")),
    ),
    checks=CHECKS,
    told=(
        f"The specification was read from an open validator ({SOURCE}): check it against the department's.",
        "PPOutcome: what its codes stand for was not there. Assumed: A decision to issue, B step down.",
    ),
    empty="Rule 8995Q asks for a reason where no pre-proceedings are returned for any child.",
)

SSD = Export(
    name="ssd_pre_proceedings",
    goes_to="ssd",
    whose="prep_person_id",
    columns=(
        Column("prep_table_id", lambda one: one.opening),
        Column("prep_person_id", lambda one: one.child_id),
        Column("prep_plo_family_id", lambda one: one.family),
        Column("prep_pre_pro_decision_date", lambda one: one.day("decision")),
        Column("prep_initial_pre_pro_meeting_date", lambda one: one.day("meeting:yes")),
        Column("prep_pre_pro_outcome", lambda one: SSD_OUTCOME.get(one.says("step", "outcome"))),
        Column("prep_agree_stepdown_issue_date", lambda one: one.day("step")),
        Column("prep_cp_plans_referral_period"),
        Column("prep_legal_gateway_outcome", lambda _one: STARTED),
        Column("prep_prev_pre_proc_child", _earlier_periods),
        Column("prep_prev_care_proc_child"),
        Column("prep_pre_pro_letter_date", lambda one: one.day("letter")),
        Column("prep_care_pro_letter_date", lambda one: one.day("issue-letter")),
        Column("prep_pre_pro_meetings_num", _reviews),
        Column("prep_pre_pro_parents_legal_rep"),
        Column("prep_parents_legal_rep_point_of_issue"),
        Column("prep_court_reference"),
        Column("prep_care_proc_court_hearings"),
        Column("prep_care_proc_short_notice"),
        Column("prep_proc_short_notice_reason"),
        Column("prep_la_inital_plan_approved"),
        Column("prep_la_initial_care_plan"),
        Column("prep_la_final_plan_approved"),
        Column("prep_la_final_care_plan"),
    ),
    told=(
        "prep_legal_gateway_outcome is B in every row: the gateway decided to start pre-proceedings.",
        "prep_prev_pre_proc_child counts the periods this register holds, and is blank where it holds none.",
    ),
)

EXPORTS = {export.name: export for export in (CENSUS, SSD)}
