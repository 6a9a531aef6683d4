"""Pre-proceedings: what the national datasets and teams' own tables call its events, its fields and their answers.

National names: the children in need census 2026-27 (as csc-validator-be-cin has it) and the Standard Safeguarding
Dataset's `ssd_pre_proceedings`. Three of their columns have no day and so no event: `FGDMMeetingFac` and the counts
of review meetings and of earlier periods.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

DOWN = ("stepped down", "step down", "stepping down")
IN_NEED = ("cin", "cin plan", "child in need", "child in need plan", "s17")
PROTECTED = ("cp", "cpp", "cp plan", "child protection", "child protection plan")
NO_MORE = ("nfa", "no further action", "universal services", "closure")
"""How teams write in one cell that a family stepped down, and to what."""

WORDS: Mapping[str, tuple[str, ...]] = {
    "decision": (
        *("PPStartDate", "prep_pre_pro_decision_date", "decision date", "date of decision", "decision to start"),
        *("decision to enter plo", "plo start", "plo start date", "plo started", "plo agreed", "entered plo", "plo"),
        *("start of plo", "plo commenced", "pre-proceedings start"),
        *("pre-proceedings started", "pre-proceedings agreed"),
        *("entered pre-proceedings", "pre-proceedings", "lpm", "lpm date", "legal planning meeting", "legal gateway"),
        *("legal gateway meeting", "lgm", "lgp", "gateway panel", "legal gateway panel", "legal planning panel"),
        *("legal panel", "gateway", "gateway meeting", "panel decision"),
    ),
    "letter": (
        *("LBPSentDate", "prep_pre_pro_letter_date", "lbp", "lbp sent", "lbp issued", "lbp letter", "plo letter"),
        *("plo letter sent", "letter before proceedings", "letter sent", "letter issued", "pre-proceedings letter"),
        *("letter before proceedings issued", "pre-proceedings letter sent", "letter"),
    ),
    "letter.fgdm_offered": (
        *("FGDMMeetingOffer", "fgdm offered", "fgdm offer", "fgc offered", "family group conference offered"),
        *("fgdm offered in letter", "fgdm offered?", "family group decision making offered"),
    ),
    "letter.fgdm_reason": ("reason fgdm not offered", "why fgdm not offered", "fgdm reason"),
    "meeting": (
        *("InitialPPMeetingDate", "prep_initial_pre_pro_meeting_date", "meeting", "first meeting", "initial meeting"),
        *("ppm", "first ppm", "initial ppm", "1st ppm", "first plo meeting", "initial plo meeting", "plo meeting"),
        *("initial pre-proceedings meeting", "first pre-proceedings meeting", "pre-proceedings meeting"),
        *("1st plo meeting", "1st meeting"),
    ),
    "meeting.effective": ("meeting effective", "effective meeting", "was the meeting effective"),
    "fgdm": (
        *("fgdm", "fgdm held", "fgdm meeting", "fgc", "fgc held", "family group conference", "fgc date", "fgm"),
        *("family group conference held", "family group decision making", "family group meeting", "fgdm meeting held"),
    ),
    "review": (
        *("review", "review meeting", "review ppm", "ppm review", "plo review", "plo review meeting", "review held"),
        *("pre-proceedings review", "review pre-proceedings meeting", "reviewed", "follow up ppm", "midway review"),
        *("mid-point review", "last review", "latest review", "review plo meeting"),
    ),
    "assessment": ("assessment", "assessment commissioned", "commissioned", "assessment started", "instructed"),
    "assessment.kind": ("assessment type", "type of assessment", "assessment kind", "which assessment"),
    "assessment.assessor": ("assessor", "assessed by", "commissioned from"),
    "assessment.due": ("assessment due", "report due", "assessment due by"),
    "extension": ("extension", "extension agreed", "extended on", "extension date", "extended"),
    "extension.to": ("extended to", "extension to", "extended until", "new end date", "extension end"),
    "extension.agreed_by": ("extension agreed by", "who agreed the extension", "agreed by"),
    "extension.reason": ("reason for extension", "extension reason", "reason over 16 weeks"),
    "step": (
        *("StepDecisionDate", "prep_agree_stepdown_issue_date", "step decision", "decision to step down or issue"),
        *("end of plo", "plo end", "plo ended", "plo ended on", "ended", "end", "pre-proceedings end", "outcome date"),
        *("final decision", "pre-proceedings ended", "date of outcome", "final ppm", "final meeting"),
    ),
    "step:step-down": ("stepped down", "step down", "step-down date", "stepped down on", "stepped out", "step out"),
    "step:issue": ("decision to issue", "agreed to issue", "issue agreed", "decision to issue proceedings"),
    "step.outcome": ("PPOutcome", "prep_pre_pro_outcome", "outcome", "plo outcome", "pre-proceedings outcome"),
    # The dataset's own words. The census has letters: A and B as cictrack's census export writes them, which the
    # department's guide has not confirmed. C stands for nothing that is known here.
    "step.outcome=step-down": (
        *("Decision to step down", "B", "step down", "stepped down", "step-down", "stepped out", "step out"),
        *(f"{down} to {plan}" for down in DOWN for plan in (*IN_NEED, *PROTECTED, *NO_MORE)),
        *("remained with family", "no longer plo", "exit plo", "nfa", "no further action"),
    ),
    "step.outcome=issue": (
        *("Decision to Issue Care Proceedings", "A", "issue", "issued", "issue proceedings", "issued proceedings"),
        *("care proceedings", "issue care proceedings", "proceedings issued", "court", "to court", "proceedings"),
        *("care proceedings issued", "issued care proceedings"),
    ),
    "step.to": ("stepped down to", "step down to", "stepping down to", "plan after step down"),
    "step.to=child-in-need": (*IN_NEED, *(f"{down} to {plan}" for down in DOWN for plan in IN_NEED)),
    "step.to=child-protection": (*PROTECTED, *(f"{down} to {plan}" for down in DOWN for plan in PROTECTED)),
    "step.to=no-further": (*NO_MORE, *(f"{down} to {plan}" for down in DOWN for plan in NO_MORE)),
    "step.to=looked-after-s20": ("s20", "section 20", "accommodated", "cla s20", "lac s20"),
    "application": (
        *("CourtAppDate", "application", "court application", "application to court", "issued", "proceedings issued"),
        *("care proceedings issued", "application issued", "issued in court", "application lodged", "court date"),
        *("issued on", "date issued", "c110a"),
    ),
    "issue-letter": (
        *("LetterInitCPDate", "prep_care_pro_letter_date", "letter of issue", "letter of intent", "issue letter"),
        *("letter of issue sent", "letter of intent to issue", "letter to issue"),
    ),
    "family": ("prep_plo_family_id", "plo family id", "plo family"),
}
