"""Pre-proceedings: how long families have been in them, how they ended, and who came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.pathway.measures import CASES, NO, YES, Measure, Verdict, by_family, closed_as
from cictrack.working_days import months_after, weeks_after

if TYPE_CHECKING:
    from collections.abc import Callable

    from cictrack.pathway.measures import Period, Spell

STEPPED_DOWN, ISSUED = "stepped-down", "issued"
NOT_WITH_FAMILY = "looked-after-s20"
TARGET, LIMIT = 12, 16
MONTHS = 12


def weeks(spell: Spell, period: Period) -> Verdict | None:
    """Of the cases open on the last day: weeks since the decision."""
    if not spell.open_on(period.last):
        return None
    return Verdict((period.last - spell.opened_on).days / 7)


def over(limit: int) -> Callable[[Spell, Period], Verdict | None]:
    """Of the cases open on the last day: whether longer than so many weeks."""

    def is_over(spell: Spell, period: Period) -> Verdict | None:
        if not spell.open_on(period.last):
            return None
        return YES if weeks_after(spell.opened_on, limit) < period.last else NO

    return is_over


def remained(spell: Spell, period: Period) -> Verdict | None:
    """Of the cases that ended in the period: whether stepped down, and not to being looked after."""
    if not period.holds(spell.closed_on):
        return None
    return YES if spell.outcome == STEPPED_DOWN and spell.answer("to") != NOT_WITH_FAMILY else NO


def re_entry(spell: Spell, period: Period) -> Verdict | None:
    """Of the cases that began in the period: whether the child had stepped down in the twelve months before."""
    if not period.holds(spell.opened_on):
        return None
    before = spell.before if spell.as_what == STEPPED_DOWN else None
    return YES if before is not None and spell.opened_on <= months_after(before, MONTHS) else NO


def _ended(name: str, called: str, counts: Callable[[Spell, Period], Verdict | None]) -> tuple[Measure, Measure]:
    """A measure of children, and the same of families."""
    said = f"whose pre-proceedings ended in the period: {called}. The denominator is all that ended."
    alone = "A child without a family key is a family alone."
    return (
        Measure(
            name=name,
            definition=f"children {said}",
            looks_at=CASES,
            counts=counts,
            comes_to="number",
            unit="children",
        ),
        Measure(
            name=f"{name}.families",
            definition=f"families with a child {said} {alone}",
            looks_at=CASES,
            counts=by_family(counts),
            comes_to="number",
            unit="families",
        ),
    )


OPEN = "children in pre-proceedings on the last day of the period"

MEASURES = (
    Measure(
        name="weeks.median",
        definition=f"{OPEN}: the median of weeks since the decision",
        looks_at=CASES,
        counts=weeks,
        comes_to="median",
        unit="weeks",
        title="in pre-proceedings",
        charted="each",
        lines=((TARGET, f"{TARGET}, a common target"), (LIMIT, f"{LIMIT}, guidance")),
    ),
    Measure(
        name="weeks.longest",
        definition=f"{OPEN}: the most weeks since the decision",
        looks_at=CASES,
        counts=weeks,
        comes_to="greatest",
        unit="weeks",
    ),
    Measure(
        name="over-12-weeks",
        definition=f"{OPEN}: more than 12 weeks since the decision (a common target, and no law)",
        looks_at=CASES,
        counts=over(TARGET),
    ),
    Measure(
        name="over-16-weeks",
        definition=f"{OPEN}: more than 16 weeks since the decision, extended or not (guidance: Public Law Working"
        " Group, 2021)",
        looks_at=CASES,
        counts=over(LIMIT),
    ),
    *_ended("stepped-down", "stepped down", closed_as(STEPPED_DOWN)),
    *_ended("remained", "stepped down and remained with the family (to being looked after left out)", remained),
    *_ended("issued", "an application was made to court", closed_as(ISSUED)),
    Measure(
        name="re-entry",
        definition="children whose pre-proceedings began in the period: the period before had been stepped down in"
        " the twelve months before that",
        looks_at=CASES,
        counts=re_entry,
    ),
)
