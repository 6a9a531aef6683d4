"""Fragile placements: how those that were flagged ended, and the national measures of stability beside them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from cictrack.pathway.clocks import spoken
from cictrack.pathway.measures import CASES, IN_CARE, NO, YES, Measure, Verdict, closed_as, year_to
from cictrack.working_days import months_after

if TYPE_CHECKING:
    from datetime import date

    from cictrack.pathway.measures import InCare, Period

MANY = 3
YOUNGER_THAN, IN_CARE_MONTHS, SAME_PLACEMENT_MONTHS = 16 * 12, 30, 24


def many_placements(child: InCare, period: Period) -> Verdict | None:
    """Of the children in care on the last day: three placements or more in the twelve months to it."""
    day = period.last
    begun = child.since(day)
    if begun is None:
        return None
    since = year_to(day)
    if any(start <= day and (end is None or end > since) for start, end in child.untold):
        return Verdict(why_not=f"in care, and no placement recorded {_until(child, day)}")
    # A return has an episode that ended on the first day of the year, so it is counted.
    stays = [1 for start, end in child.stays if start <= day and (end is None or end >= since)]
    return YES if len(stays) >= MANY else NO


def long_term(child: InCare, period: Period) -> Verdict | None:
    """Of those under 16 who had been in care for two and a half years: two years or more in the same placement."""
    day = period.last
    begun = child.since(day)
    if begun is None or begun > _before(day, IN_CARE_MONTHS):
        return None
    if child.born is None:
        return Verdict(why_not="no date of birth")
    if months_after(child.born, YOUNGER_THAN) <= day:
        return None
    there = [start for start, end in child.stays if start <= day and (end is None or end > day)]
    if not there:
        return Verdict(why_not=f"in care, and no placement recorded {_until(child, day)}")
    return YES if there[-1] <= _before(day, SAME_PLACEMENT_MONTHS) else NO


@lru_cache
def _before(day: date, months: int) -> date:
    return months_after(day, -months)


def _until(child: InCare, day: date) -> str:
    placed = [start for start, _ in child.stays if start <= day]
    return f"before {spoken(placed[0])}" if placed else "at all"


_RECORD = (
    "Counted from the child's own record: temporary placements (T0 to T4) and short breaks do not count, nor a child of"
    " whose care a case alone tells, without any placement."
)

MEASURES = (
    Measure(
        name="broke-down",
        definition="flagged placements whose case ended in the period: broke down",
        looks_at=CASES,
        counts=closed_as("broke-down"),
    ),
    Measure(
        name="stabilised",
        definition="flagged placements whose case ended in the period: stabilised",
        looks_at=CASES,
        counts=closed_as("stabilised"),
    ),
    Measure(
        name="moved-planned",
        definition="flagged placements whose case ended in the period: moved as planned",
        looks_at=CASES,
        counts=closed_as("moved-planned"),
    ),
    Measure(
        name="three-placements",
        title="3 or more placements in the year",
        definition="children in care on the last day of the period: three placements or more in the twelve months"
        f" to it, that of the first day among them. {_RECORD}",
        looks_at=IN_CARE,
        counts=many_placements,
    ),
    Measure(
        name="long-term",
        title="Two years or more in the same placement",
        definition="children under 16 in care on the last day of the period, for two and a half years or more: in"
        f" the same placement for two years or more. {_RECORD}",
        looks_at=IN_CARE,
        counts=long_term,
    ),
)
