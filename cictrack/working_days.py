"""Counting: days in, days out, by the four units the field's rules are written in.

Working days, days, weeks and calendar months, from a day that is not itself counted, and periods "beginning
with" a day, which is. Nothing here reads a clock, a file or a setting. A deadline on a closed day stays there:
no provision rolls it forward (`Calendar.last_working_day` is for whoever plans the work).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date
from functools import cached_property, lru_cache
from itertools import accumulate, compress
from typing import TYPE_CHECKING, NamedTuple

from cictrack.whole import whole

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNITS = ("working days", "days", "weeks", "months")
_READ_AS = {form: unit for unit in _UNITS for form in (unit, unit[:-1])}
_MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DEC, _FEB = 12, 2
_SURELY_IN_EVERY_MONTH = 28
_WEEK, _WORKING_WEEK = 7, 5
_MOST = 9_999  # months from today is still a day that Python has

_TABLE_WEEKS = 30 * 52
_BEYOND_UNTIL = 366  # a deadline counted from the last day known still finds the table


class Amount(NamedTuple):
    """An amount of time as a rule states it: a number of one of the four units.

    `unit` is "working days", "days", "weeks" or "months", in the plural whatever the number.

    >>> str(Amount(5, "working days")), str(Amount(1, "months"))
    ('5 working days', '1 month')
    """

    n: int
    unit: str

    def __str__(self) -> str:
        return f"{self.n} {self.unit[:-1] if self.n == 1 else self.unit}"

    @classmethod
    @lru_cache(maxsize=1024)
    def read(cls, text: str) -> Amount:
        """The amount that `text` states.

        Singular or plural, capitals and spaces as they come, at most 9,999. Anything else is a
        ValueError that names the forms: "days" alone are calendar days, never guessed to be working days.

        >>> Amount.read("6 weeks")
        Amount(n=6, unit='weeks')
        """
        number, _, unit = " ".join(text.lower().split()).partition(" ")
        n = whole(number)
        if n is not None and n <= _MOST and unit in _READ_AS:
            return cls(n, _READ_AS[unit])
        raise ValueError(
            f'"{text}" is not an amount of time. Write a whole number, at most 9999, and a unit: '
            "5 working days, 28 days, 6 weeks, 3 months."
        )


class _Table(NamedTuple):
    """The working days of thirty years, so that one of them is looked up and not worked out."""

    first: int  # the ordinal of the first day, a Monday
    counts: list[int]  # for each day from then on, the working days up to and including it
    days: list[date]  # the working days themselves


class Calendar:
    """Which days are working days, and counting in them.

    `holidays` are the named bank holidays, on whatever day of the week; `until` is the last day for which
    they are known. Later days are counted too, with weekends alone (and whatever closures are named there)
    left out: ask `knows` and say so. Any day Python has can be counted from; a result outside of
    0001-9999 is a ValueError.

    A calendar does not change. Making one is cheap; the first count builds its table.
    """

    # Care Planning, Placement and Case Review (England) Regulations 2010, reg 2(1): a working day is any day
    # but a Saturday, a Sunday, Christmas Day, Good Friday or a bank holiday in England and Wales under the
    # Banking and Financial Dealings Act 1971. An authority's own closures are no part of it (`with_closures`).

    until: date
    holidays: Mapping[date, str]

    def __init__(self, holidays: Mapping[date, str], until: date) -> None:
        self.until = until
        self.holidays = dict(sorted(holidays.items()))
        # Working days are numbered from Monday 1 January of the year 1. `_before[i]` is how many of them come
        # before the i-th holiday, so that either way between a day and its number is one bisection.
        self._shut = [day.toordinal() for day in self.holidays if day.weekday() < _WORKING_WEEK]
        self._before = [_weekdays_up_to(day) - i - 1 for i, day in enumerate(self._shut)]

    def with_closures(self, closures: Mapping[date, str]) -> Calendar:
        """A second calendar, in which the days in `closures` are closed too.

        For the rules that are local practice or a prompt: the law's working days know no local closures.
        A day that is a bank holiday already keeps its name.
        """
        return Calendar({**closures, **self.holidays}, self.until)

    def knows(self, day: date) -> bool:
        """Whether the bank holidays up to and including `day` are known."""
        return day <= self.until

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is Monday to Friday and no named holiday."""
        return day.weekday() < _WORKING_WEEK and day not in self.holidays

    def working_days(self, start: date, n: int) -> date:
        """The working day that is `n` working days after `start`.

        `start` is day 0, whether or not it is a working day; from a closed day, day 1 is the first working
        day after it. `n` = 0 is `start` itself. A negative `n` is a ValueError: `working_days_before`.

        >>> Calendar({date(2026, 12, 25): "Christmas Day"}, date(2026, 12, 31)).working_days(date(2026, 12, 24), 1)
        datetime.date(2026, 12, 28)
        """
        # Lester v Garland (1808) 15 Ves 248: the day of the event is not counted; the last day counts whole.
        if n < 1:
            return _no_count(start, n)
        first, counts, days = self._table
        at = start.toordinal() - first
        if 0 <= at < len(counts):
            found = counts[at] + n - 1
            if found < len(days):
                return days[found]
        return self._numbered(self._up_to(start.toordinal()) + n)

    def working_days_before(self, day: date, n: int) -> date:
        """The `n`th working day before `day`, which is not counted itself, whether working day or not.

        `n` = 0 is `day` itself; a negative `n` is a ValueError.

        >>> Calendar({}, date(2026, 12, 31)).working_days_before(date(2026, 3, 9), 1)
        datetime.date(2026, 3, 6)
        """
        if n < 1:
            return _no_count(day, n)
        first, counts, days = self._table
        at = day.toordinal() - first - 1
        if 0 <= at < len(counts):
            found = counts[at] - n
            if found >= 0:
                return days[found]
        return self._numbered(self._up_to(day.toordinal() - 1) - n + 1)

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and including `end`: 0 when `end` is not later.

        The inverse of `working_days`: from `start` to `working_days(start, n)` there are `n`.
        """
        return max(0, self._up_to(end.toordinal()) - self._up_to(start.toordinal()))

    def skipped(self, start: date, end: date) -> list[date]:
        """The named holidays that a count from `start` to `end` leaves out, in order.

        After `start`, up to and including `end`; those on a Saturday or Sunday are no working days anyway
        and are not among them.
        """
        lies_after, reaches = start.toordinal(), end.toordinal()
        return [
            date.fromordinal(day)
            for day in self._shut[bisect_right(self._shut, lies_after) : bisect_right(self._shut, reaches)]
        ]

    def last_working_day(self, day: date) -> date:
        """`day` itself if it is a working day, else the last one before it: when the work has to be done.

        >>> Calendar({}, date(2026, 12, 31)).last_working_day(date(2026, 4, 5))
        datetime.date(2026, 4, 3)
        """
        return day if self.is_working_day(day) else self.working_days_before(day, 1)

    def after(self, start: date, amount: Amount) -> date:
        """The last day that is within `amount` of `start`, in any unit; `start` is day 0.

        >>> Calendar({}, date(2028, 12, 31)).after(date(2026, 1, 5), Amount(6, "weeks"))
        datetime.date(2026, 2, 16)
        """
        n, unit = amount
        return self.working_days(start, n) if unit == "working days" else _shifted(start, n, unit)

    def before(self, day: date, amount: Amount) -> date:
        """The day that lies `amount` before `day`, in any unit; months by the corresponding date.

        Not always the way back from `after`: three months before 31 May is 28 February, and three months
        after that is 28 May.
        """
        n, unit = amount
        return self.working_days_before(day, n) if unit == "working days" else _shifted(day, -n, unit)

    def _up_to(self, ordinal: int) -> int:
        return _weekdays_up_to(ordinal) - bisect_right(self._shut, ordinal)

    def _numbered(self, number: int) -> date:
        weekday = number + bisect_left(self._before, number)
        weeks, days = divmod(weekday - 1, _WORKING_WEEK)
        return date.fromordinal(weeks * _WEEK + days + 1)

    @cached_property
    def _table(self) -> _Table:
        last = min(self.until.toordinal() + _BEYOND_UNTIL, date.max.toordinal()) // _WEEK * _WEEK
        first = max(last - _TABLE_WEEKS * _WEEK, 0) + 1
        working = bytearray(b"\1\1\1\1\1\0\0" * ((last + 1 - first) // _WEEK))
        for day in self._shut[bisect_left(self._shut, first) : bisect_right(self._shut, last)]:
            working[day - first] = 0
        days = list(map(date.fromordinal, compress(range(first, last + 1), working)))
        return _Table(first, list(accumulate(working)), days)


def months_after(start: date, n: int) -> date:
    """The corresponding date `n` calendar months after `start`, or before it when `n` is negative.

    Where that month has no such date, its last day. Count from the first day each time and do not chain: one
    month after 31 January and one month more is 28 March, two months after it is 31 March.

    >>> months_after(date(2026, 11, 30), 3)
    datetime.date(2027, 2, 28)
    """
    # Interpretation Act 1978, Sch 1: "month" is a calendar month. Dodds v Walker [1981] 1 WLR 1027 (HL): it
    # ends on the corresponding date, or on the month's last day when there is none.
    year, month = divmod(start.year * _DEC + start.month - 1 + n, _DEC)
    day = start.day
    if day > _SURELY_IN_EVERY_MONTH:
        leap = month == _FEB - 1 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        day = min(day, _MONTH_LENGTHS[month] + leap)
    return date(year, month + 1, day)


def weeks_after(start: date, n: int) -> date:
    """The same day of the week `n` weeks after `start`, or before it when `n` is negative.

    >>> weeks_after(date(2026, 1, 5), 16)
    datetime.date(2026, 4, 27)
    """
    return date.fromordinal(start.toordinal() + n * _WEEK)


def last_day_beginning_with(day: date, amount: Amount) -> date:
    """The last day of a period of `amount` that begins with `day`: that day is counted.

    Days, weeks or months, at least one: working days need a calendar, and they and nought are a ValueError.
    Months end on the day before the corresponding date, or with the month that has none.

    >>> last_day_beginning_with(date(2026, 3, 2), Amount(26, "weeks"))
    datetime.date(2026, 8, 30)
    """
    # "Beginning with" takes the day in, as in Children Act 1989 s32(1)(a)(ii): 26 weeks beginning with the
    # day on which the application was issued.
    n, unit = amount
    if n < 1 or unit == "working days":
        raise ValueError(f'"{amount}" is no period beginning with a day. It takes one or more days, weeks or months.')
    end = _shifted(day, n, unit)
    return end if unit == "months" and end.day != day.day else date.fromordinal(end.toordinal() - 1)


def _shifted(day: date, n: int, unit: str) -> date:
    if unit == "months":
        return months_after(day, n)
    if unit == "weeks":
        return weeks_after(day, n)
    if unit == "days":
        return date.fromordinal(day.toordinal() + n)
    raise ValueError(f'"{unit}" is not a unit of time. The units are {", ".join(_UNITS)}.')


def _no_count(day: date, n: int) -> date:
    if n == 0:
        return day
    raise ValueError(f"{n} working days cannot be counted: the number is 0 or more, and there is a count each way.")


def _weekdays_up_to(ordinal: int) -> int:
    # Ordinal 1, the first of January of the year 1, was a Monday.
    weeks, days = divmod(ordinal, _WEEK)
    return weeks * _WORKING_WEEK + min(days, _WORKING_WEEK)
