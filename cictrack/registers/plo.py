"""Pre-proceedings under the Public Law Outline: a family's last structured chance before an application to court.

No Act or regulation sets a length for pre-proceedings: every amount here is guidance or local custom, and
each rule says which. One case a child; the cases of one family share a `family` key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.pathway.common import stale
from cictrack.pathway.declare import After, Drift, Register, Rule, Stage
from cictrack.pathway.kinds import Field, Kind, choice, day, yes_no
from cictrack.pathway.page import PageColumn
from cictrack.pathway.settable import Setting
from cictrack.registers._plo import (
    UNBORN,
    after_a_review,
    after_the_meeting,
    extended_again,
    extension_is_later,
    late_in_pregnancy,
    no_offer,
    tasks_late,
)
from cictrack.registers._plo_measures import MEASURES
from cictrack.registers._plo_returns import EXPORTS
from cictrack.registers._plo_words import WORDS

if TYPE_CHECKING:
    from datetime import date

    from cictrack.pathway.case import Case

DUTY = Setting(
    "fgdm_duty_from",
    "the day the duty to offer family group decision making begins",
    form="day",
    source="Children's Wellbeing and Schools Act 2026 s1: enacted; its commencement day is the authority's to set",
)

RULES = (
    Rule(
        name="plo.letter",
        title="letter before proceedings",
        after=(After("decision", "5 working days"),),
        ends=("letter",),
        stops=("step",),
        source="practice is 2 to 10 days; solicitors' guides say five",
    ),
    Rule(
        name="plo.meeting",
        title="first effective meeting",
        after=(After("letter", "10 working days"),),
        ends=("meeting:yes",),
        stops=("step",),
        source="practice is 7 days to 15 working days",
    ),
    Rule(
        name="plo.review",
        title="review meeting",
        after=(After("meeting:yes", "6 weeks"), After("review", "6 weeks")),
        ends=("review", "step"),
        authority="guidance",
        source="DfE, Court orders and pre-proceedings (2014); 6 to 8 weeks in practice",
    ),
    # No Act sets 16 weeks: it is the Public Law Working Group's guidance, and 12 a common target.
    Rule(
        name="plo.end",
        title="decision to step down or issue",
        after=(
            After("decision", "16 weeks", amber="12 weeks"),
            After("extension", until="to", amber_before="4 weeks"),
        ),
        ends=("step",),
        authority="guidance",
        source="Public Law Working Group, best-practice guidance, March 2021",
    ),
    Rule(
        name="plo.application",
        title="application to court",
        after=(After("step:issue", "10 working days"),),
        ends=("application",),
        source="local custom",
        side="legal",
    ),
    UNBORN,
    Drift(
        name="plo.no-meeting",
        title="no effective meeting",
        after=(After("decision", "15 working days"),),
        ends=("meeting:yes",),
        stops=("step",),
        why="no effective meeting {amount} after the decision",
        authority="local",
        source="local custom",
        blocking="meeting",
    ),
    Drift(
        name="plo.over-target",
        title="over the target length",
        after=(After("decision", "12 weeks"),),
        ends=("step",),
        why="{amount} in pre-proceedings with no decision to step down or issue",
        authority="local",
        source="local custom: 12 weeks is the commonest target",
        blocking="step",
    ),
    stale("plo", 28),
    Drift(
        name="plo.extended-again",
        title="extended again",
        ends=("step",),
        spans=extended_again,
        counts_from="the second extension",
        watch=("extension", "step"),
        source="local custom",
        blocking="step",
    ),
    Drift(
        name="plo.tasks",
        title="agreed tasks past their day",
        ends=("task-done",),
        spans=tasks_late,
        counts_from="the day the second of them was due",
        watch=("task", "assessment", "task-done", "step"),
        source="local custom",
        blocking="task",
    ),
    # Children's Wellbeing and Schools Act 2026 s1: enacted; its commencement day is the authority's to set.
    Drift(
        name="plo.fgdm",
        title="no offer of family group decision making",
        ends=("fgdm", "application"),
        spans=no_offer,
        counts_from="step (issue)",
        watch=("step", "letter", "fgdm", "details"),
        authority="prompt",
        source="Children's Wellbeing and Schools Act 2026 s1, inserting Children Act 1989 s31ZA",
        statute_from=DUTY.name,
        blocking="fgdm",
    ),
)


def _weeks(case: Case, on: date) -> int:
    """Whole weeks in pre-proceedings: from the decision to the step that ended them, or the closing, or `on`."""
    decision = case.day_of("decision") or case.opened_on
    ended = [day for day in (case.day_of("step"), case.closed_on) if day is not None]
    return (min([on, *ended]) - decision).days // 7


REGISTER = Register(
    name="plo",
    title="PLO pre-proceedings",
    about="families in their last structured chance before an application to court",
    kinds=(
        Kind("decision", "decision to start pre-proceedings", opens=True, warn=late_in_pregnancy),
        Kind(
            "letter",
            "letter before proceedings sent",
            (
                yes_no("fgdm_offered", about="family group decision making was offered in the letter"),
                Field("fgdm_reason", "why it was not offered"),
            ),
            not_before=("decision",),
            warn=after_the_meeting,
        ),
        Kind(
            "meeting",
            "pre-proceedings meeting",
            (
                yes_no(
                    "effective",
                    about="no: it could not be held as it should, and the clock runs on",
                    default="yes",
                ),
            ),
            by="effective",
            repeats=False,
            warn=after_a_review,
        ),
        Kind("fgdm", "family group decision making facilitated", before_opening=True),
        Kind("review", "review meeting", repeats=True),
        Kind(
            "assessment",
            "assessment commissioned",
            (
                Field("kind", "parenting, cognitive, viability, …", required=True),
                Field("assessor", "a role, never a name", required=True),
                day("due", about="when its report is due", required=True),
            ),
            repeats=True,
        ),
        Kind(
            "extension",
            "extended",
            (
                day("to", about="the new end", required=True),
                Field("agreed_by", "by role", required=True),
                Field("reason", required=True),
            ),
            repeats=True,
            check=extension_is_later,
        ),
        Kind(
            "step",
            "decision that ends pre-proceedings",
            (
                choice("outcome", "step-down", "issue", required=True),
                choice(
                    "to",
                    *("child-in-need", "child-protection", "no-further", "looked-after-s20"),
                    about="required when stepping down",
                )._replace(required_with=("outcome", "step-down")),
            ),
            by="outcome",
            closes={"step-down": "stepped-down"},
        ),
        Kind(
            "application",
            "application to court",
            closes="issued",
            needs=("step:issue",),
            not_before=("step",),
        ),
        # The national rule wants the letter of issue on or after the application: recorded on the closed case.
        Kind("issue-letter", "letter of issue sent", needs=("step:issue",), after_closing=True),
    ),
    stages=(
        Stage("decided", "decision", "letter", "social-care"),
        Stage("letter-sent", "letter", "meeting", "social-care"),
        Stage("in-pre-proceedings", "meeting:yes", "review", "social-care"),
        Stage("reviewed", "review", "step", "social-care"),
        Stage("to-issue", "step:issue", "application", "legal"),
    ),
    rules=RULES,
    ways=((("letter",), ("meeting:yes",), ("review",)),),
    tasks=("assessment",),
    tasks_until="step",
    unborn=True,
    page=(
        PageColumn("weeks", _weeks, right=True),
        PageColumn("next", lambda case, _on: "" if case.closed else case.next_step),
    ),
    page_order=lambda row: (-int(row["weeks"]), row["child_id"]),
    measures=MEASURES,
    exports=EXPORTS,
    words=WORDS,
    settings=(DUTY,),
    examples={
        "open": "cictrack plo open 104523 --on 2/3/2026 --dob 14/8/2019 --team North --family F17",
        "letter": "cictrack plo letter 104523 --on 5/3/2026 --fgdm-offered yes",
        "step": "cictrack plo step 104523 --outcome step-down --to child-in-need",
    },
)
