"""Fragile placements: what an authority may set beside the amounts of the rules: weights, cut-offs, days of notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.pathway.settable import Setting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cictrack.pathway.page import Indicator

OUR_OWN = "our own suggestion: no validated English tool scores this"
AMBER_FROM = Setting(
    "fragile.amber-from",
    "sum of weights from which a placement is amber",
    "5",
    "cut-off",
    "prompt",
    OUR_OWN,
    shows="level",
)
RED_FROM = Setting(
    "fragile.red-from", "sum of weights from which a placement is red", "8", "cut-off", "prompt", OUR_OWN, shows="level"
)
WHEN_RED = Setting(
    *("fragile.meeting-when-red", "stability meeting of a placement that is red", "5 working days", "amount"),
    source="local norms are 5 to 10 working days",
    counts_from="flag, or the day it turns red",
)
NOTICE_DAYS = Setting(
    *("fragile.notice-days", "days after which a notice ends that does not say when", "28", "number"),
    source="local: a term of the contract, not law",
    counts_from="notice",
)
WEIGHT = "fragile.weight."
"""How the name of an indicator's weight begins, as a setting."""


def weights(indicators: Iterable[Indicator]) -> tuple[Setting, ...]:
    """The weight of each indicator, as a setting."""
    return tuple(
        Setting(WEIGHT + i.name, f"weight of: {i.title}", str(i.weight), "weight", "prompt", OUR_OWN, shows="level")
        for i in indicators
    )
