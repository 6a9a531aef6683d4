"""Gaps: dates that must exist and do not, and things that cannot be. What is missing is GREY, never green."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.pathway.case import RECORD
from cictrack.pathway.record import BORN, EXPECTED
from cictrack.working_days import weeks_after

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from cictrack.pathway.case import Case
    from cictrack.pathway.declare import Register
    from cictrack.pathway.events import Finding

BIRTH_OVERDUE_WEEKS = 3
_BORN, _EXPECTED = RECORD + BORN, RECORD + EXPECTED


class Gap:
    """A missing day, or values in conflict, from the day that reveals it; `ended_on` is the first day it is gone."""

    __slots__ = ("ended_on", "event", "starts_on", "values", "why")

    def __init__(self, event: str, starts_on: date, why: str, values: tuple[date, ...] = ()) -> None:
        self.event = event
        self.starts_on = starts_on
        self.ended_on: date | None = None
        self.values = values
        self.why = why


class Gaps:
    """The gaps of one case. A conflict stands for good; a missing day until it is there or the case closes."""

    __slots__ = ("_open", "_register", "all")

    def __init__(self, register: Register) -> None:
        self.all: list[Gap] = []
        self._open: dict[str, Gap] = {}
        self._register = register

    def conflict(self, finding: Finding) -> None:
        """Two values for one thing, or what cannot be."""
        self.all.append(Gap(finding.event, finding.day, finding.why, finding.values))

    def turn(self, case: Case, day: date) -> None:
        """After an event on `day`: end the gaps that are filled, begin those that it reveals."""
        missing = {} if case.closed else self._missing(case, day)
        if not missing and not self._open:
            return
        for event in [e for e in self._open if e not in missing]:
            gap = self._open.pop(event)
            if gap.starts_on >= day:
                self.all.remove(gap)
            else:
                gap.ended_on = day
        for event, (starts_on, why) in missing.items():
            if event not in self._open:
                self._open[event] = Gap(event, starts_on, why)
                self.all.append(self._open[event])

    def _missing(self, case: Case, day: date) -> dict[str, tuple[date, str]]:
        missing = {event: (day, f"no {event} recorded, and it must have happened") for event in self._expected(case)}
        for event in self._register.expects:
            if not case.all(event):
                missing[event] = (day, f"no {event} recorded, and the case cannot be judged without it")
        if not case.all(_BORN):
            expected = case.all(_EXPECTED)
            if not expected:
                missing["dob"] = (day, "no date of birth and no expected date recorded")
            else:
                edd = case.day_in(expected[-1], "edd") or day
                late = weeks_after(edd, BIRTH_OVERDUE_WEEKS)
                missing["dob"] = (
                    max(day, late),
                    f"expected {BIRTH_OVERDUE_WEEKS} weeks ago, and no birth recorded",
                )
        return missing

    def _expected(self, case: Case) -> Iterable[str]:
        """The events of a way without which a later one on it cannot have happened."""
        for way in self._register.ways:
            reached = len(way) - 1
            while reached and not case.any(way[reached]):
                reached -= 1
            for step in way[:reached]:
                for key in step:
                    if not case.all(key):
                        yield key.partition(":")[0]
