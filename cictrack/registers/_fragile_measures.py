"""Fragile placements: how those that were flagged ended, and the national measures of stability beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.pathway.measures import CASES, IN_CARE, Measure, Verdict, closed_as, year_to
from cictrack.working_days import months_after

if TYPE_CHECKING:
    from datetime import date

    from cictrack.pathway.measures import InCare, Period

MANY = 3
YOUNGER_THAN, IN_CARE_MONTHS, SAME_PLACEMENT_MONTHS = 16 * 12, 30, 24
NOT_RECORDED = "in care, and no placement recorded"


def _there_on(child: InCare, day: date) -> bool:
    return child.start <= day and (child.end is None or child.end > day)


def many_placements(child: InCare, period: Period) -> Verdict | None:
    """Of the children in care on the last day: three placements or more in the twelve months to it."""
    if not _there_on(child, period.last):
        return None
    since = year_to(period.last)
    stays = [1 for start, end in child.stays if start <= period.last and (end is None or end > since)]
    return Verdict(len(stays) >= MANY) if stays else Verdict(why_not=NOT_RECORDED)


def long_term(child: InCare, period: Period) -> Verdict | None:
    """Of those under 16 who had been in care for two and a half years: two years or more in the same placement."""
    day = period.last
    if not _there_on(child, day) or child.start > months_after(day, -IN_CARE_MONTHS):
        return None
    if child.born is None:
        return Verdict(why_not="no date of birth")
    if months_after(child.born, YOUNGER_THAN) <= day:
        return None
    begun = [start for start, end in child.stays if start <= day and (end is None or end > day)]
    if not begun:
        return Verdict(why_not=NOT_RECORDED)
    return Verdict(begun[-1] <= months_after(day, -SAME_PLACEMENT_MONTHS))


_RECORD = "Counted from the child's own record: temporary placements (T0 to T4) and short breaks do not count."

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
        definition="children in care on the last day of the period: three placements or more in the twelve months"
        f" to it, that of the first day among them. {_RECORD}",
        looks_at=IN_CARE,
        counts=many_placements,
    ),
    Measure(
        name="long-term",
        definition="children under 16 in care on the last day of the period, for two and a half years or more: in"
        f" the same placement for two years or more. {_RECORD}",
        looks_at=IN_CARE,
        counts=long_term,
    ),
)
