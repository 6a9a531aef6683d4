"""Counting: working days of England and Wales, weeks, and calendar months. Days in, days out.

Day 0 is the day of the event, in every count ("within N days of X": Lester v Garland, as restated in Dodds v
Walker [1981] 1 WLR 1027). Nothing rolls forward: a deadline in weeks or months may fall on a closed day.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

WORKING_DAYS, DAYS, WEEKS, MONTHS = "working days", "days", "weeks", "months"
UNITS = (WORKING_DAYS, DAYS, WEEKS, MONTHS)
DAYS_A_WEEK = 7
SATURDAY = 5
YEARS_PAST = 3


class Amount(NamedTuple):
    """An amount of time: 5 working days, 6 weeks, 3 months.

    >>> str(Amount.read("1 month"))
    '1 month'
    """

    n: int
    unit: str

    def __str__(self) -> str:
        """As people write it, in the singular when it is one."""
        return f"{self.n} {self.unit.removesuffix('s') if self.n == 1 else self.unit}"

    @classmethod
    def read(cls, text: str) -> Amount:
        """Read `5 working days`, `6 weeks`, `121 days`, `1 month`.

        Raises ValueError, with the forms that are read.

        >>> Amount.read("5 working days")
        Amount(n=5, unit='working days')
        """
        return _read(text)


@cache
def _read(text: str) -> Amount:
    number, _, unit = text.strip().partition(" ")
    unit = unit.strip() if unit.strip().endswith("s") else unit.strip() + "s"
    if not (number.isascii() and number.isdigit()) or unit not in UNITS:
        raise ValueError(f"{text!r} is no amount of time: write 5 working days, 10 days, 6 weeks or 3 months")
    return Amount(int(number), unit)


def weeks_after(start: date, n: int) -> date:
    """The same day of the week, `n` weeks on (back, when negative).

    >>> weeks_after(date(2026, 1, 5), 16)
    datetime.date(2026, 4, 27)
    """
    return date.fromordinal(start.toordinal() + DAYS_A_WEEK * n)


def months_after(start: date, n: int) -> date:
    """The corresponding date `n` calendar months on, or the month's last day where there is none.

    Interpretation Act 1978, Schedule 1 ("month") and Dodds v Walker. `n` may be negative.

    >>> months_after(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    month = start.year * 12 + start.month - 1 + n
    year, month = month // 12, month % 12 + 1
    day = start.day
    if day > 28:  # noqa: PLR2004 - the length of the shortest month
        day = min(day, monthrange(year, month)[1])
    return date(year, month, day)


def last_day_beginning_with(day: date, amount: Amount) -> date:
    """The last day of a period "beginning with" `day`, which counts as its first.

    Children Act 1989 s32(1)(a)(ii), as amended by the Children and Families Act 2014 s14(2).

    >>> last_day_beginning_with(date(2026, 3, 2), Amount(26, "weeks"))
    datetime.date(2026, 8, 30)
    """
    if amount.unit == WORKING_DAYS:
        raise ValueError("a period beginning with a day is counted in days, weeks or months")
    after = _plain(day, amount.n, amount.unit)
    return date.fromordinal(after.toordinal() - 1)


def _plain(start: date, n: int, unit: str) -> date:
    if unit == MONTHS:
        return months_after(start, n)
    return date.fromordinal(start.toordinal() + n * (DAYS_A_WEEK if unit == WEEKS else 1))


class Calendar:
    """The working days of England and Wales: Monday to Friday but for the bank holidays it is given.

    Christmas Day, Good Friday and a bank holiday under the 1971 Act are no working days: Care Planning,
    Placement and Case Review (England) Regulations 2010, reg 2(1). `until` is the last day the calendar
    knows; after it only weekends are skipped, and whoever shows such a day says so (`knows`).
    """

    __slots__ = ("_closed", "_table", "holidays", "until")

    def __init__(self, holidays: Mapping[date, str], until: date) -> None:
        self.holidays = holidays
        self.until = until
        self._closed = sorted(d.toordinal() for d in holidays if d.weekday() < SATURDAY)
        self._table: _Table | None = None

    def knows(self, day: date) -> bool:
        """Whether the bank holidays up to `day` are known."""
        return day <= self.until

    def is_working_day(self, day: date) -> bool:
        """Whether offices are open on `day`, as the law counts."""
        return day.weekday() < SATURDAY and day not in self.holidays

    def working_days(self, start: date, n: int) -> date:
        """The day `n` working days after `start`, which is day 0 whether or not it is a working day itself.

        >>> Calendar({date(2026, 4, 3): "Good Friday"}, date(2028, 12, 31)).working_days(date(2026, 4, 2), 1)
        datetime.date(2026, 4, 6)
        """
        if n == 0:
            return start
        table = self._table or self._tabled()
        return table.nth(table.upto(start.toordinal()) + n)

    def working_days_before(self, day: date, n: int) -> date:
        """The `n`th working day before `day`, which is not counted itself."""
        if n == 0:
            return day
        table = self._tabled()
        return table.nth(table.upto(day.toordinal() - 1) - n + 1)

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and including `end`; 0 when `end` is no later."""
        if end <= start:
            return 0
        table = self._tabled()
        return table.upto(end.toordinal()) - table.upto(start.toordinal())

    def skipped(self, start: date, end: date) -> list[date]:
        """The holidays on weekdays after `start`, up to and including `end`."""
        first = bisect_right(self._closed, start.toordinal())
        return [date.fromordinal(o) for o in self._closed[first : bisect_right(self._closed, end.toordinal())]]

    def last_working_day(self, day: date) -> date:
        """`day` itself, or the last working day before it."""
        return day if self.is_working_day(day) else self.working_days_before(day, 1)

    def after(self, start: date, amount: Amount) -> date:
        """The day `amount` after `start`, which is day 0."""
        n, unit = amount
        return self.working_days(start, n) if unit == WORKING_DAYS else _plain(start, n, unit)

    def before(self, day: date, amount: Amount) -> date:
        """The day `amount` before `day`."""
        n, unit = amount
        return self.working_days_before(day, n) if unit == WORKING_DAYS else _plain(day, -n, unit)

    def with_closures(self, closures: Mapping[date, str]) -> Calendar:
        """The same calendar with an authority's closed days: for `local` and `prompt` rules, never for the law's."""
        return Calendar({**closures, **self.holidays}, self.until)

    def _tabled(self) -> _Table:
        if self._table is None:
            self._table = _Table(self._closed)
        return self._table


class _Table:
    """Counts of working days by ordinal: looked up from 2000 to a little past the calendar, reckoned elsewhere."""

    __slots__ = ("_base", "_closed", "_counts", "_days", "_first")

    def __init__(self, closed: list[int]) -> None:
        self._closed = closed
        self._base = date(2000, 1, 1).toordinal()
        last = max([self._base, *closed[-1:]]) + YEARS_PAST * 366
        self._first = self._reckoned(self._base - 1)
        self._counts: list[int] = []
        self._days: list[date] = []
        shut = frozenset(closed)
        for ordinal in range(self._base, last):
            if ordinal % DAYS_A_WEEK not in {6, 0} and ordinal not in shut:  # ordinal 1 was a Monday
                self._days.append(date.fromordinal(ordinal))
            self._counts.append(self._first + len(self._days))

    def upto(self, ordinal: int) -> int:
        """How many working days there are, from the first there ever was up to and including `ordinal`."""
        place = ordinal - self._base
        return self._counts[place] if 0 <= place < len(self._counts) else self._reckoned(ordinal)

    def _reckoned(self, ordinal: int) -> int:
        weeks, rest = divmod(ordinal, DAYS_A_WEEK)
        return weeks * 5 + min(rest, 5) - bisect_right(self._closed, ordinal)

    def nth(self, count: int) -> date:
        """The day on which that many working days are complete."""
        place = count - self._first - 1
        if 0 <= place < len(self._days):
            return self._days[place]
        skipped = 0
        while True:
            weeks, rest = divmod(count + skipped - 1, 5)
            ordinal = weeks * DAYS_A_WEEK + rest + 1
            now = bisect_right(self._closed, ordinal)
            if now == skipped:
                return date.fromordinal(ordinal)
            skipped = now
