"""Placement orders: the waits that the adoption scorecard measures, of this register's own children.

The published indicators are averages over three years of children who were adopted; these are of the children for
whom it happened in the period, and so no published figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.pathway.measures import CASES, NO, YES, Measure, Verdict, days_between

if TYPE_CHECKING:
    from collections.abc import Callable

    from cictrack.pathway.measures import Period, Spell

    Counts = Callable[[Spell, Period], Verdict | None]

# DfE adoption scorecard: four months from order to match, fourteen from entry to placement.
A2_DAYS, A10_DAYS = 121, 426


def order_to_match(spell: Spell, period: Period) -> Verdict | None:
    """Of the children first matched in the period: days from the order, none where the match came first."""
    matched = spell.day("match")
    if matched is None or not period.holds(matched):
        return None
    return Verdict(days_between(spell.opened_on, matched))


def entry_to_placement(spell: Spell, period: Period) -> Verdict | None:
    """Of the children first placed, or placed early, in the period: days from entering care."""
    days = [day for kind in ("placed", "early-permanence") if (day := spell.day(kind))]
    if not days or not period.holds(min(days)):
        return None
    entered = spell.day("entered-care")
    if entered is None:
        return Verdict(why_not="no day of entering care")
    return Verdict(days_between(entered, min(days)))


def within(counts: Counts, limit: int) -> Counts:
    """Of the same children: whether it took no longer than so many days."""

    def is_within(spell: Spell, period: Period) -> Verdict | None:
        verdict = counts(spell, period)
        if verdict is None or verdict.why_not:
            return verdict
        return YES if verdict.value <= limit else NO

    return is_within


_ORDER = "children first matched in the period (the decision on the match): days from the placement order"
_ENTRY = "children first placed for adoption, or placed early for it, in the period: days from entering care"
_STYLE = "Scorecard-style, and no published figure"

MEASURES = (
    Measure(
        name="a2",
        definition=f"{_ORDER}, on average; none where the match came first. {_STYLE} (A2).",
        looks_at=CASES,
        counts=order_to_match,
        comes_to="mean",
        unit="days",
    ),
    Measure(
        name="a2.within",
        definition=f"{_ORDER}: no more than {A2_DAYS}. {_STYLE} (A2, threshold four months).",
        looks_at=CASES,
        counts=within(order_to_match, A2_DAYS),
    ),
    Measure(
        name="a10",
        definition=f"{_ENTRY}, on average. {_STYLE} (A10).",
        looks_at=CASES,
        counts=entry_to_placement,
        comes_to="mean",
        unit="days",
    ),
    Measure(
        name="a10.within",
        definition=f"{_ENTRY}: no more than {A10_DAYS}. {_STYLE} (A10, threshold fourteen months).",
        looks_at=CASES,
        counts=within(entry_to_placement, A10_DAYS),
    ),
)
