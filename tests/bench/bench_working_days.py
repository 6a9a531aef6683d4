"""A million deadlines against bisect on a list of working days: `python tests/bench/bench_working_days.py [N]`.

Makes its own days, runs both sides alternately and prints the median ratio. The bars of trust-and-speed.md:
working days within 2, months within 4. Building the calendar and its table is timed beside them.
"""

from __future__ import annotations

import gc
import random
import sys
from bisect import bisect_right
from datetime import date
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from cictrack.store.bank_holidays import published_bank_holidays
from cictrack.working_days import Calendar, months_after

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 7
HOLIDAYS, UNTIL = published_bank_holidays()
FIRST, LAST = date(2005, 1, 1).toordinal(), date(2028, 6, 30).toordinal()
WORKING_DAYS = [
    day for day in map(date.fromordinal, range(FIRST, UNTIL.toordinal())) if day.weekday() < 5 and day not in HOLIDAYS
]


def by_bisection(start: date, n: int) -> date:
    """The baseline: one bisection in a list of every working day."""
    return WORKING_DAYS[bisect_right(WORKING_DAYS, start) + n - 1]


def seconds(count: Callable[[date, int], date], starts: list[date], amounts: list[int]) -> float:
    """How long it takes to count every deadline once."""
    began = perf_counter()
    for start, n in zip(starts, amounts, strict=True):
        count(start, n)
    return perf_counter() - began


def measured(many: int = 1_000_000, calendar: Calendar | None = None) -> dict[str, tuple[float, float]]:
    """The median seconds of each way of counting so many deadlines, and its ratio to the baseline."""
    chance = random.Random(1)  # noqa: S311 - days for a benchmark
    starts = [date.fromordinal(chance.randrange(FIRST, LAST)) for _ in range(many)]
    amounts = [chance.randrange(1, 61) for _ in starts]
    calendar = calendar or Calendar(HOLIDAYS, UNTIL)
    old = Calendar(HOLIDAYS, date(1950, 1, 1))  # its table is elsewhere: every day is worked out
    sides: dict[str, Callable[[date, int], date]] = {
        "bisect on a list": by_bisection,
        "working days": calendar.working_days,
        "working days, no table": old.working_days,
        "months": months_after,
    }
    times: dict[str, list[float]] = {name: [] for name in sides}
    gc.disable()
    for _ in range(ROUNDS):
        for name, count in sides.items():
            times[name].append(seconds(count, starts, amounts))
    gc.enable()
    return {
        name: (median(taken), median(t / base for t, base in zip(taken, times["bisect on a list"], strict=True)))
        for name, taken in times.items()
    }


def main() -> None:
    """Print each median and its ratio to the baseline."""
    many = int(sys.argv[1]) if sys.argv[1:] else 1_000_000
    began = perf_counter()
    calendar = Calendar(HOLIDAYS, UNTIL)
    made = perf_counter()
    calendar.working_days(date.fromordinal(FIRST), 1)
    tabled = perf_counter()
    for name, (took, ratio) in measured(many, calendar).items():
        sys.stdout.write(f"{name:24}{took:8.3f} s{ratio:8.2f} x\n")
    sys.stdout.write(f"a calendar made in {(made - began) * 1e6:.0f} µs, its table in {(tabled - made) * 1e3:.2f} ms\n")


if __name__ == "__main__":
    main()
