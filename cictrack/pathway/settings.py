"""What an authority may set for itself: amounts of time, weights, and the days its offices are shut."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from cictrack.working_days import Amount, Calendar

if TYPE_CHECKING:
    from collections.abc import Mapping

SETTINGS = "settings"
"""The register name of what an authority sets for itself; its events belong to no child."""

CLOSURE, RULE = "closure", "rule"
"""The kinds of its events: a day on which its offices are shut, and a value that counts from a day on."""

Value = int | str
"""What an authority may set: a weight, or an amount of time or a day as text."""

LOCAL = frozenset({"local", "prompt"})
"""The authorities whose rules an authority's own closures lengthen; the law's working days know none."""


def countable(value: object, *, amount: bool) -> bool:
    """Whether a local value can be counted with: an amount of time, or else a whole number, a day, or none again."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return False
    try:
        if amount:
            Amount.read(str(value))
        elif isinstance(value, str) and value:
            date.fromisoformat(value)
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class Settings:
    """The calendar and the local values the engine counts with.

    `values` holds, for a rule or a weight, its local values as (commencement day, value), oldest first:
    a value counts for anchors on or after its day, so that a case keeps the dates it had.
    """

    calendar: Calendar
    closures: Mapping[date, str] = field(default_factory=dict)
    values: Mapping[str, tuple[tuple[date, Value], ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        local = self.calendar.with_closures(self.closures) if self.closures else self.calendar
        object.__setattr__(self, "_local", local)

    def calendar_for(self, authority: str) -> Calendar:
        """The working days a rule of this authority counts: with local closures only where it is local."""
        local: Calendar = self._local  # type: ignore[attr-defined]  # set in __post_init__: the class is frozen
        return local if authority in LOCAL else self.calendar

    def value(self, name: str, day: date, default: Value) -> Value:
        """The value that counts for something anchored on `day`."""
        found = default
        for commencement, value in self.values.get(name, ()):
            if commencement <= day:
                found = value
        return found

    def amount(self, rule: str, day: date, default: Amount) -> Amount:
        """The amount of time of `rule` for an anchor on `day`."""
        if rule not in self.values:
            return default
        return Amount.read(str(self.value(rule, day, str(default))))
