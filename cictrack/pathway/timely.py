"""Whether a deadline was done in time, as the measures ask: it was, it was not, or nobody owed it or can tell."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from cictrack.pathway.clocks import spoken
from cictrack.pathway.measures import NO, YES, Verdict

if TYPE_CHECKING:
    from datetime import date

    from cictrack.pathway.measures import Period

NO_DUTY = frozenset({"left-care", "moved-authority", "turned-18", "died", "not-required"})
"""Outcomes after which what was not due yet is owed no more."""


class Due(NamedTuple):
    """A deadline as it was known: the last row of its rule counted from one anchor, and whether it was done in time.

    `side` is whose move it was on the due day, `excepted` the reason of an exception that covers the breach: both of
    one that was not done by its day.
    """

    name: str
    anchor_on: date
    due_on: date
    closed_on: date | None
    outcome: str
    side: str
    excepted: str
    in_time: Verdict


def due_of(
    name: str,
    days: tuple[date | None, date | None, date | None, date | None],
    closed: tuple[date | None, str],
    told: bool,
    side: str,
    excepted: str,
    as_of: date,
) -> Due:
    """A deadline and whether it was done in time, from its `days`: anchor, due, met and stopped.

    Left out is that of which nothing was owed on the day, or of which nobody can tell: a file that did not `told`.
    """
    anchor_on, due_on, met_on, stopped_on = days
    if anchor_on is None or due_on is None:
        raise ValueError("a deadline has an anchor and a due day")
    closed_on, outcome = closed
    if closed_on is not None and outcome in NO_DUTY and (closed_on < due_on or outcome == "not-required"):
        verdict = _left_out(f"{outcome} on {spoken(closed_on)}")
    elif met_on is not None and met_on <= due_on:
        verdict = YES
    else:
        passed_over = stopped_on is not None and (closed_on is None or stopped_on < closed_on)
        why_not = _untold(due_on, met_on, as_of, told=told, passed_over=passed_over)
        verdict = _left_out(why_not) if why_not else NO
    return Due(name, anchor_on, due_on, closed_on, outcome, side, excepted, verdict)


@lru_cache(10_000)
def _left_out(why_not: str) -> Verdict:
    """Thousands are left out for one reason."""
    return Verdict(why_not=why_not)


def _untold(due_on: date, met_on: date | None, as_of: date, *, told: bool, passed_over: bool) -> str:
    """Why nobody can tell that it was late; empty where it was."""
    if met_on is not None:
        return "" if told else f"done by {spoken(met_on)}: the day is not told"
    if due_on >= as_of:
        return f"due on {spoken(due_on)}, which is not over"
    if not told:
        return "not in the return, so it may have been done"
    return "a later step is recorded, and no day of this one" if passed_over else ""


def due_in(due: Due, period: Period) -> Verdict | None:
    """Of those whose due day is in the period: whether it was done in time."""
    return due.in_time if period.first <= due.due_on <= period.last else None
