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

PURGED = "purged"
"""The kind of an event that names, by their ids, the events whose content an erasure took: its field is `ids`."""

NAMED_AT_ONCE = 200
"""Ids that one such event may name: the file looks for each whether it is named."""

Value = int | str
"""What an authority may set: a weight, or an amount of time or a day as text."""

DEFAULT = "default"
"""The value of an event by which a setting returns to its default, from its day on."""

LOCAL = frozenset({"local", "prompt"})
"""The authorities whose rules an authority's own closures lengthen; the law's working days know none."""


def returns(value: object) -> bool:
    """Whether a value is a return to the default."""
    return isinstance(value, str) and value in {DEFAULT, ""}


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
        own = self.own(name, day)
        return default if own is None else own

    def own(self, name: str, day: date) -> Value | None:
        """The local value that counts for something anchored on `day`; None where the default does."""
        found: Value | None = None
        for commencement, value in self.values.get(name, ()):
            if commencement <= day:
                found = None if returns(value) else value
        return found

    def amount(self, rule: str, day: date, default: Amount) -> Amount:
        """The amount of time of `rule` for an anchor on `day`. What is no amount counts as none: nothing is raised."""
        if rule not in self.values:
            return default
        try:
            return Amount.read(str(self.value(rule, day, str(default))))
        except ValueError:
            return default

    def number(self, name: str, day: date, default: int) -> int:
        """The whole number that counts on `day`. What is no number counts as none: nothing is raised."""
        value = self.own(name, day)
        return value if isinstance(value, int) else default

    def commenced(self, name: str) -> date | None:
        """The day that a setting of that name holds: a fact that holds for every case, whenever it was set."""
        held = self.values.get(name)
        value = held[-1][1] if held else DEFAULT
        try:
            return None if returns(value) else date.fromisoformat(str(value))
        except ValueError:
            return None
