"""Initial Health Assessments: timeliness, each way of counting it with its definition. No national return has one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cictrack.pathway.clocks import spoken
from cictrack.pathway.measures import Measure, Verdict
from cictrack.pathway.timely import NO_DUTY, due_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cictrack.pathway.measures import Period
    from cictrack.pathway.timely import Due

    Counts = Callable[[Due, Period], Verdict | None]

SIDE_OF: Mapping[str, str] = {
    "consent": "family",
    "late-notice": "social-care",
    "late-referral": "social-care",
    "paperwork": "social-care",
    "capacity": "health",
    "not-brought": "carer",
    "carer-cancelled": "carer",
    "health-cancelled": "health",
    "young-person-refused": "young-person",
    "missing": "young-person",
    "custody-or-hospital": "other-authority",
    "out-of-area": "other-authority",
    "placement-move": "social-care",
    "interpreter": "health",
    "other": "other",
}
"""The reasons for delay, and the side that each belongs to."""

ADJUSTED_FOR = frozenset({"family", "young-person", "carer", "other-authority"})
SIDES = ("social-care", "health", "family", "young-person", "carer", "court", "other-authority", "other", "not-known")
DAY_28 = timedelta(days=28)

DUTY = (
    "Left out: children to whom the duty did not apply on that day (left care before it, or not required), and those"
    " of whom nobody can tell."
)
ADJUSTED = (
    "Left out besides: a young person's refusal, and a breach whose agreed exception is on the side of the family,"
    " the young person, the carer or another authority."
)


def day_28(due: Due, period: Period) -> Verdict | None:
    """Of those who reached their 28th day in care in the period: whether assessed within 20 working days."""
    reached = due.anchor_on + DAY_28
    if not period.holds(reached):
        return None
    # Where no bank holiday falls, 28 days hold 20 working days; around Christmas and Easter they hold fewer.
    if due.closed_on is not None and due.closed_on < reached and due.outcome in NO_DUTY:
        return Verdict(why_not=f"{due.outcome} on {spoken(due.closed_on)}")
    return due.in_time


def adjusted(counts: Counts) -> Counts:
    """The same, less what is on nobody's side who could have helped it."""

    def less(due: Due, period: Period) -> Verdict | None:
        verdict = counts(due, period)
        if verdict is None or verdict.why_not:
            return verdict
        if due.outcome == "refused":
            return Verdict(why_not="refused by the young person")
        if not verdict.value and SIDE_OF.get(due.excepted) in ADJUSTED_FOR:
            return Verdict(why_not=f"late, and excepted: {due.excepted}")
        return verdict

    return less


def late_by_side(due: Due, period: Period) -> Verdict | None:
    """Of those due in the period: of those late whose side it was on, by the exception agreed, else by the move."""
    verdict = due_in(due, period)
    if verdict is None or verdict.why_not or verdict.value:
        return verdict
    refused = "young-person" if due.outcome == "refused" else ""
    return Verdict(0, "", SIDE_OF.get(due.excepted) or refused or due.side or "not-known")


MEASURES = (
    Measure(
        name="due.raw",
        definition=f"children whose assessment fell due in the period: assessed by the due day. {DUTY}",
        looks_at="iha.assessed",
        counts=due_in,
        title="assessed in time",
        charted="months",
        lines=((90, "90%, a common local target and no law"),),
    ),
    Measure(
        name="due.adjusted",
        definition=f"children whose assessment fell due in the period: assessed by the due day. {DUTY} {ADJUSTED}",
        looks_at="iha.assessed",
        counts=adjusted(due_in),
    ),
    Measure(
        name="day-28.raw",
        definition=f"children who reached their 28th day in care in the period: assessed by the due day. {DUTY}",
        looks_at="iha.assessed",
        counts=day_28,
        around=True,
    ),
    Measure(
        name="day-28.adjusted",
        definition="children who reached their 28th day in care in the period: assessed by the due day."
        f" {DUTY} {ADJUSTED}",
        looks_at="iha.assessed",
        counts=adjusted(day_28),
        around=True,
    ),
    Measure(
        name="due.late",
        definition="children whose assessment fell due in the period: late on the side of {of}, by the exception"
        f" agreed, else by whose move it was on the due day. {DUTY}",
        looks_at="iha.assessed",
        counts=late_by_side,
        split=SIDES,
    ),
    Measure(
        name="notified",
        definition=f"children of whom health was to be told in the period (3 working days): told by then. {DUTY}",
        looks_at="iha.notify",
        counts=due_in,
    ),
    Measure(
        name="referred",
        definition="children whose consent and complete paperwork were due with health in the period (5 working"
        f" days): both there by then. {DUTY}",
        looks_at="iha.refer",
        counts=due_in,
    ),
)
