"""Pre-proceedings under the Public Law Outline: a family's last structured chance before an application to court.

No Act or regulation sets a length for pre-proceedings: every amount here is guidance or local custom, and
each rule says which. One case a child; the cases of one family share a `family` key.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cictrack.pathway.case import RECORD
from cictrack.pathway.clocks import Span, alert, deadline, spoken
from cictrack.pathway.common import open_tasks, owner, stale, text
from cictrack.pathway.declare import After, Drift, PageColumn, Register, Rule, Stage
from cictrack.pathway.events import said
from cictrack.pathway.kinds import Field, Kind, choice, day, yes_no
from cictrack.working_days import weeks_after

if TYPE_CHECKING:
    from cictrack.pathway.case import Case, Mark
    from cictrack.pathway.events import Event

LATEST_WEEK_OF_PREGNANCY = 22
WEEKS_LEFT_AT_22 = 40 - LATEST_WEEK_OF_PREGNANCY


def _end(case: Case) -> date | None:
    """The day pre-proceedings are to end by: 16 weeks after the decision, or the last extension's day."""
    decision, extension = case.mark("decision"), case.mark("extension")
    if extension is not None:
        return case.day_in(extension, "to")
    return weeks_after(decision.day, 16) if decision else None


def _extension_is_later(case: Case, event: Event) -> str | None:
    end = _end(case)
    if not said(event, "to"):
        return "an extension needs its new end"
    to = date.fromisoformat(said(event, "to"))
    if end is not None and to <= end:
        return f"an extension to {spoken(to)} is no later than the end it replaces, {spoken(end)}"
    return None


def _late_in_pregnancy(case: Case, event: Event) -> str | None:
    edd = _edd(case)
    if edd is None or case.all(RECORD + "born") or event.day <= weeks_after(edd, -WEEKS_LEFT_AT_22):
        return None
    return f"the decision of {spoken(event.day)} is later than week 22 of the pregnancy (expected {spoken(edd)})"


def _after_the_meeting(case: Case, event: Event) -> str | None:
    return _later_than(case, event, "meeting:yes")


def _after_a_review(case: Case, event: Event) -> str | None:
    return _later_than(case, event, "review")


def _later_than(case: Case, event: Event, step: str) -> str | None:
    """Unusual, and no more: letters go out late."""
    earlier = [mark.day for mark in case.all(step) if mark.day < event.day]
    what = step.partition(":")[0]
    return f"the {event.kind} of {spoken(event.day)} is after the {what} of {spoken(earlier[0])}" if earlier else None


def _edd(case: Case) -> date | None:
    expected = case.all(RECORD + "expected")
    return case.day_in(expected[-1], "edd") if expected else None


def _unborn(case: Case) -> list[Span]:
    """A step before the birth: due 4 weeks before the expected day, amber from 8; the birth stops it."""
    edd = _edd(case)
    if edd is None or case.all(RECORD + "born") or case.all("step"):
        return []
    expected = case.all(RECORD + "expected")[-1]
    due = weeks_after(edd, -4)
    return [deadline(UNBORN, case, expected, due, after=After("expected", until="edd", amber_before="4 weeks"))]


def _extended_again(case: Case) -> list[Span]:
    extensions, decision = case.all("extension"), case.mark("decision")
    if len(extensions) <= 1 or decision is None or case.all("step"):
        return []
    to = case.day_in(extensions[-1], "to")
    weeks = (to - decision.day).days // 7 if to else 0
    return [alert(extensions[-1], extensions[-1].day, f"extended {len(extensions)} times; now {weeks} weeks")]


def _tasks_late(case: Case) -> list[Span]:
    """Two or more tasks past their day: begins the day after the second falls due; the count rises with time."""
    if case.all("step"):
        return []
    late = open_tasks(case)
    spans = []
    for n in range(2, len(late) + 1):
        begins = late[n - 1][1]
        ends = late[n][1] if n < len(late) else None
        if begins == ends:
            continue
        oldest = late[0][0]
        why = f"{n} agreed tasks past their day, the oldest {owner(oldest)}: {text(oldest)}"
        ends_on = _next_day(ends) if ends else None
        spans.append(alert(late[n - 1][0], _next_day(begins), why, lapses_on=ends_on, of=str(n)))
    return spans


def _next_day(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _no_offer(case: Case) -> list[Span]:
    issue: Mark | None = case.mark("step:issue")
    if issue is None or any(m.event.fields.get("fgdm_offered") for m in case.all("letter")) or case.all("fgdm"):
        return []
    return [alert(issue, issue.day, "decision to issue with no record of a family group decision-making offer")]


UNBORN = Rule(
    name="plo.unborn",
    title="step before the birth",
    ends=("step",),
    authority="prompt",
    source="our own suggestion: 4 weeks before the expected day",
    spans=_unborn,
    watch=("decision", "step", RECORD + "born", RECORD + "expected"),
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
        why="no effective meeting 15 working days after the decision",
        authority="local",
        source="local custom",
        blocking="meeting",
    ),
    Drift(
        name="plo.over-target",
        title="over the target length",
        after=(After("decision", "12 weeks"),),
        ends=("step",),
        why="12 weeks in pre-proceedings with no decision to step down or issue",
        authority="local",
        source="local custom: 12 weeks is the commonest target",
        blocking="step",
    ),
    stale("plo", 28),
    Drift(
        name="plo.extended-again",
        title="extended again",
        ends=("step",),
        spans=_extended_again,
        watch=("extension", "step"),
        source="local custom",
        blocking="step",
    ),
    Drift(
        name="plo.tasks",
        title="agreed tasks past their day",
        ends=("task-done",),
        spans=_tasks_late,
        watch=("task", "assessment", "task-done", "step"),
        source="local custom",
        blocking="task",
    ),
    # Children's Wellbeing and Schools Act 2026 s1: enacted; its commencement day is the authority's to set.
    Drift(
        name="plo.fgdm",
        title="no offer of family group decision making",
        ends=("fgdm", "application"),
        spans=_no_offer,
        watch=("step", "letter", "fgdm", "details"),
        authority="prompt",
        source="Children's Wellbeing and Schools Act 2026 s1, inserting Children Act 1989 s31ZA",
        statute_from="fgdm_duty_from",
        blocking="fgdm",
    ),
)


def _weeks(case: Case, on: date) -> int:
    decision = case.day_of("decision") or case.opened_on
    return (on - decision).days // 7


REGISTER = Register(
    name="plo",
    title="PLO pre-proceedings",
    about="families in their last structured chance before an application to court",
    kinds=(
        Kind("decision", "decision to start pre-proceedings", opens=True, warn=_late_in_pregnancy),
        Kind(
            "letter",
            "letter before proceedings sent",
            (
                yes_no("fgdm_offered", about="family group decision making was offered in the letter"),
                Field("fgdm_reason", "why it was not offered"),
            ),
            not_before=("decision",),
            warn=_after_the_meeting,
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
            warn=_after_a_review,
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
            check=_extension_is_later,
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
                ),
            ),
            by="outcome",
            closes={"step-down": "stepped-down"},
            check=lambda _case, event: (
                "stepping down needs --to: child-in-need, child-protection, no-further or looked-after-s20"
                if event.fields.get("outcome") == "step-down" and not event.fields.get("to")
                else None
            ),
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
    examples={
        "open": "cictrack plo open 104523 --on 2/3/2026 --dob 14/8/2019 --team North --family F17",
        "letter": "cictrack plo letter 104523 --on 5/3/2026 --fgdm-offered yes",
        "step": "cictrack plo step 104523 --outcome step-down --to child-in-need",
    },
)
