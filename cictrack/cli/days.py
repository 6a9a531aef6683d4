"""Days as people write them. Day first, always; what could be two days is refused, never guessed."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FORMS = "2026-03-02, 2/3/2026 (day first), 2 Mar 2026, today, yesterday, -2w or +5wd"
_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_WORDED = re.compile(r"(\d{1,2}) ([a-z]+) (\d{4})", re.ASCII)
_AGO = re.compile(r"([+-])(\d{1,4})(wd|d|w|m)", re.ASCII)
_SHORT_YEAR = re.compile(r"\d{1,2}[/. -]\d{1,2}[/. -]\d{2}", re.ASCII)
EARLIEST, LATEST = 1900, 2100
MONTHS = 12


def read_day(text: str, today: date, working_day: Callable[[date, int], date]) -> date:
    """The day that `text` names, seen from `today`.

    `working_day(day, n)` is the nth working day after `day`, or before it where n is negative; `-2m` is two
    calendar months by the corresponding date. Raises ValueError with a sentence: the value, and the forms that
    are read, or what `working_day` says against it.
    """
    words = text.strip().lower()
    if words in {"today", "yesterday"}:
        return _within(text, date.fromordinal(today.toordinal() - (words == "yesterday")))
    moved = _AGO.fullmatch(words)
    if moved:
        return _moved(text, moved, today, working_day)
    iso = _ISO.fullmatch(words)
    if iso:
        return _day(text, int(iso[1]), int(iso[2]), int(iso[3]))
    slashed = _SLASHED.fullmatch(words)
    if slashed:
        if int(slashed[2]) > MONTHS >= int(slashed[1]):
            raise ValueError(f"{text!r} has no such month: the day comes first, as in 2/3/2026 for 2 March 2026")
        return _day(text, int(slashed[3]), int(slashed[2]), int(slashed[1]))
    worded = _WORDED.fullmatch(words)
    month = _month(worded[2]) if worded else 0
    if worded and month:
        return _day(text, int(worded[3]), month, int(worded[1]))
    if _SHORT_YEAR.fullmatch(words):
        raise ValueError(f"{text!r} has a year of two digits: write all four, the day first, as in 2/3/2026")
    raise ValueError(f"{text!r} is no day that is read here: write {FORMS}")


def _moved(text: str, moved: re.Match[str], today: date, working_day: Callable[[date, int], date]) -> date:
    from cictrack.working_days import months_after, weeks_after

    n = int(moved[1] + moved[2])
    if moved[3] == "wd":
        try:
            day = working_day(today, n)
        except (ValueError, OverflowError) as why:
            raise ValueError(f"{text!r}: {why}") from why
        return _within(text, day)
    try:
        if moved[3] == "w":
            day = weeks_after(today, n)
        elif moved[3] == "m":
            day = months_after(today, n)
        else:
            day = date.fromordinal(today.toordinal() + n)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is too far away: days from {EARLIEST} to {LATEST} are read") from None
    return _within(text, day)


def _month(word: str) -> int:
    return next((n for n, name in enumerate(_NAMES, 1) if word in {name, name[:3]}), 9 if word == "sept" else 0)


def _day(text: str, year: int, month: int, day: int) -> date:
    if not EARLIEST <= year <= LATEST:
        raise ValueError(f"{text!r} is in the year {year}: days from {EARLIEST} to {LATEST} are read")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"{text!r}: there is no such day") from None


def _within(text: str, day: date) -> date:
    return _day(text, day.year, day.month, day.day)


def in_words(day: date) -> str:
    """A day as it is said back to whoever typed it.

    >>> in_words(date(2026, 3, 2))
    'Monday 2 March 2026'
    """
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_NAMES[day.month - 1].title()} {day.year}"
