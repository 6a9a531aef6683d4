"""Measures: a figure with its definition, its numerator and denominator, and all that it leaves out, by reason.

A register declares them. Each looks at one kind of thing (the deadlines of a rule, the cases of the register, the
children in care) and says of every one whether it counts; what it comes to is worked out here, the same for all.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from statistics import median
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

CASES, IN_CARE = "cases", "in care"
"""What a measure may look at beside the deadlines of a rule, which it names."""


class Period(NamedTuple):
    """The days that a figure is of, both included, and the day on which it is asked: nothing later counts."""

    first: date
    last: date
    as_of: date

    def holds(self, day: date | None) -> bool:
        """Whether a day is one of them."""
        return day is not None and self.first <= day <= self.last


@lru_cache(10_000)
def _answers(text: str) -> Mapping[str, Any]:
    answers: Mapping[str, Any] = json.loads(text)
    return answers


class Verdict(NamedTuple):
    """What one thing comes to: a value that counts, or why it is left out. `of` is what is counted once."""

    value: float = 0
    why_not: str = ""
    of: str = ""


YES, NO = Verdict(1), Verdict(0)


class Spell(NamedTuple):
    """A case: `days` holds the first day of each event as JSON, `ended` what the event that closed it answers.

    `before` is the day on which the child's period before ended, and `as_what` its outcome.
    """

    name: str
    family: str
    opened_on: date
    closed_on: date | None
    outcome: str
    days: str
    ended: str
    before: date | None
    as_what: str

    def day(self, kind: str) -> date | None:
        """The first day of an event, None where there is none."""
        # Not parsed: a list of a hundred thousand cases asks each for a day or two.
        key = f'"{kind}":"'
        at = self.days.find(key)
        return date.fromisoformat(self.days[at + len(key) :][:10]) if at >= 0 else None

    def answer(self, field: str) -> str:
        """An answer of the event that closed it."""
        return str(_answers(self.ended).get(field) or "") if self.ended else ""

    def open_on(self, day: date) -> bool:
        """Whether it was open at the end of a day."""
        return self.opened_on <= day and (self.closed_on is None or self.closed_on > day)


Run = tuple["date", "date | None"]
"""From a day until another, that one excluded; None lasts."""


class InCare(NamedTuple):
    """A child's periods of care, and the placements that count, each from a day until another or None.

    `untold` are the times in care of which no placement is on record.
    """

    name: str
    born: date | None
    care: Sequence[Run]
    stays: Sequence[Run]
    untold: Sequence[Run]

    def since(self, day: date) -> date | None:
        """The day on which the care that lasts on a day began; None of a child who is not in care then."""
        return next((start for start, end in self.care if start <= day and (end is None or end > day)), None)


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A named figure. `counts` says what one thing comes to, None where the figure is not about it.

    `comes_to` is a share of those counted (in %), their number, or the mean, median or greatest of their values.
    One that is `split` is several figures that add up, one for each of these names: of how many the verdict was `of`
    it. One `around` goes by another day than the due day, and looks at deadlines due near the period too. One that is
    `charted` is drawn month by month, or as the place of each value, against its `lines`: a figure, and what it is.
    `title` is what its chart says it is of.
    """

    name: str
    definition: str
    looks_at: str
    counts: Callable[[Any, Period], Verdict | None]
    comes_to: Literal["share", "number", "mean", "median", "greatest"] = "share"
    unit: str = "%"
    split: tuple[str, ...] = ()
    around: bool = False
    title: str = ""
    charted: Literal["", "months", "each"] = ""
    lines: tuple[tuple[float, str], ...] = ()


class Figure(NamedTuple):
    """What a measure came to: `value` is None where there is nothing to count, all three where few are hidden.

    `excluded` is None where nobody is to be named nor counted.
    """

    numerator: float | None
    denominator: int | None
    value: float | None
    excluded: Sequence[tuple[str, str]] | None


def figure(measure: Measure, things: Iterable[Any], period: Period) -> Figure:
    """Count the things that a measure looks at."""
    values, excluded = each(measure, things, period)
    numerator, value = _come_to(measure.comes_to, values)
    return Figure(numerator, len(values), value, sorted(excluded))


def figures(measure: Measure, things: Iterable[Any], period: Period) -> Iterator[tuple[Measure, Figure]]:
    """Count the things once, and give each figure that comes of it with the measure that it is."""
    if not measure.split:
        yield measure, figure(measure, things, period)
        return
    counted: Counter[str] = Counter()
    excluded = []
    for thing in things:
        verdict = measure.counts(thing, period)
        if verdict is None:
            continue
        if verdict.why_not:
            excluded.append((thing.name, verdict.why_not))
        else:
            counted[verdict.of] += 1
    total, left_out = counted.total(), sorted(excluded)
    for name in measure.split:
        of = replace(measure, name=f"{measure.name}.{name}", definition=measure.definition.replace("{of}", name))
        value = round(100 * counted[name] / total, 1) if total else None
        yield of, Figure(counted[name], total, value, left_out)


def each(measure: Measure, things: Iterable[Any], period: Period) -> tuple[list[float], list[tuple[str, str]]]:
    """The values that count, and who is left out and why."""
    values: list[float] = []
    once: dict[str, float] = {}
    excluded = []
    counts, yes, no = measure.counts, 0, 0
    for thing in things:
        verdict = counts(thing, period)
        if verdict is YES:
            yes += 1
            continue
        if verdict is NO:
            no += 1
            continue
        if verdict is None:
            continue
        value, why_not, of = verdict
        if why_not:
            excluded.append((thing.name, why_not))
        elif of:
            once[of] = max(value, once.get(of, 0))
        else:
            values.append(value)
    return [*values, *once.values(), *[YES.value] * yes, *[NO.value] * no], excluded


def _come_to(how: str, values: Sequence[float]) -> tuple[float | None, float | None]:
    total = sum(values)
    if how == "number":
        return total, total
    if not values:
        return (None if how in {"median", "greatest"} else 0), None
    if how == "share":
        return total, round(100 * total / len(values), 1)
    if how == "mean":
        return total, round(total / len(values), 1)
    return None, round(median(values) if how == "median" else max(values), 1)


def closed_as(*outcomes: str) -> Callable[[Spell, Period], Verdict | None]:
    """Of the cases that ended in the period: whether with one of these outcomes."""

    def is_one(spell: Spell, period: Period) -> Verdict | None:
        if not period.holds(spell.closed_on):
            return None
        return YES if spell.outcome in outcomes else NO

    return is_one


def by_family(counts: Callable[[Spell, Period], Verdict | None]) -> Callable[[Spell, Period], Verdict | None]:
    """The same of families: a child without a family key is one alone."""

    def of_families(spell: Spell, period: Period) -> Verdict | None:
        verdict = counts(spell, period)
        return Verdict(verdict.value, verdict.why_not, spell.family or spell.name) if verdict else None

    return of_families


def days_between(first: date, last: date) -> int:
    """Days from one to the other, none where the first is the later."""
    return max(0, (last - first).days)


@lru_cache
def year_to(day: date) -> date:
    """The first day of the twelve months that end on a day, that day included."""
    from cictrack.working_days import months_after

    return months_after(day, -12) + timedelta(days=1)
