"""One cell of a return: a blank, a day, a child's id. What cannot be read exactly is refused, never guessed."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from cictrack.pathway.clocks import spoken
from cictrack.readers.refusals import Unreadable

_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"})
BLANKS = frozenset({"", "-", "--", "\N{EN DASH}", "\N{EM DASH}", "N/A", "NULL", "NONE"}) | _ERRORS
"""What stands in an empty cell, in capitals; 01/01/1900 is the blank of a day."""

PLACEHOLDER = date(1900, 1, 1)
LATEST_YEAR = 2100

_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: 0{1,2}:00(?::00(?:\.0+)?)?)?")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_CHILD = re.compile(r"\w[\w./-]{0,39}", re.ASCII)
_FLOAT = re.compile(r"(\d+)\.0+")
_ROUNDED = re.compile(r"\d+(?:\.\d+)?E\+?\d+", re.IGNORECASE)
_UNPRINTABLE = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

MONTHS_IN_A_YEAR = 12

FORMULA = ("=", "+", "-", "@", "\t", "\r")
QUOTED = "'"

_TIME = re.compile(r"[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AP]M)?Z?", re.IGNORECASE)
_WEEKDAY = re.compile(r"(mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?[.,]? +(?=\S)", re.IGNORECASE)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NAMED = re.compile(r"(\d{1,2})(st|nd|rd|th)?[ -]([A-Z]{3,9})[ -](\d{4})", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(\d{4})/(\d{2})/(\d{2})")
_ENDINGS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}
_FORMS = "write dd/mm/yyyy, yyyy-mm-dd or 2 Mar 2026"
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_SERIAL_BLANKS = frozenset({"0", "1", "00:00:00", "1899-12-30", "1899-12-31"})
_MONTHS = re.compile(
    r"(jan)(?:uary)?|(feb)(?:ruary)?|(mar)(?:ch)?|(apr)(?:il)?|(may)|(june?)|(july?)|(aug)(?:ust)?"
    r"|(sept?)(?:ember)?|(oct)(?:ober)?|(nov)(?:ember)?|(dec)(?:ember)?",
    re.IGNORECASE,
)
_DAY_ZERO = date(1899, 12, 30)
_SERIALS = range(20_000, 80_000)
"""From 1954 to 2119: what a spreadsheet holds as a number and shows as a day."""


def unprintable(text: str) -> bool:
    """Whether it holds control characters, or marks that turn the direction of writing."""
    return _UNPRINTABLE.search(text) is not None


def restored(cell: str) -> str:
    """The text of a cell that an export kept from being a formula by an apostrophe.

    >>> restored("'=1+1"), restored("'tis")
    ('=1+1', "'tis")
    """
    return cell[1:] if cell.startswith(QUOTED) and cell.lstrip(QUOTED).startswith(FORMULA) else cell


def text_of(cell: str) -> str:
    """A trimmed cell as text. Raises Unreadable for control characters and marks that turn the writing's direction."""
    if "\r" in cell:
        cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    if unprintable(cell):
        raise Unreadable("it holds control characters, or marks that turn the direction of writing")
    return restored(cell)


def trimmed(text: str) -> str:
    """The cell without surrounding blanks, those that do not break included; empty when it stands for nothing."""
    text = text.strip()
    return "" if text.upper() in BLANKS else text


@lru_cache(maxsize=50_000)
def day(text: str) -> date | None:
    """The day of a trimmed cell: dd/mm/yyyy or ISO, at midnight if it has a time; None for a blank.

    Raises Unreadable for any other form, and for a day that is in no calendar.

    >>> day("02/03/2018"), day("2018-03-02"), day("01/01/1900")
    (datetime.date(2018, 3, 2), datetime.date(2018, 3, 2), None)
    """
    if not text:
        return None
    if match := _DAY_FIRST.fullmatch(text):
        dd, mm, year = map(int, match.groups())
        if dd <= MONTHS_IN_A_YEAR < mm:
            raise Unreadable("no such day: say the day first, dd/mm/yyyy")
    elif match := _ISO.fullmatch(text):
        year, mm, dd = map(int, match.groups())
    else:
        raise Unreadable("not a day: write dd/mm/yyyy or yyyy-mm-dd")
    try:
        read = date(year, mm, dd)
    except ValueError:
        raise Unreadable("no such day in the calendar") from None
    if read == PLACEHOLDER:
        return None
    if not PLACEHOLDER.year <= year <= LATEST_YEAR:
        raise Unreadable(f"the year {year} cannot be right")
    return read


def spreadsheet_day(text: str) -> date | None:
    """The day of a trimmed cell of a workbook: as `day` reads it, with a time of day or without, or named or counted.

    Raises Unreadable for any other form: two digits for the year, the month first, another number; and where a day of
    the week stands before it that it is not.

    >>> {spreadsheet_day(text) for text in ("Mon 2nd March 2026", "02/03/2026 14:30", "46083")}
    {datetime.date(2026, 3, 2)}
    """
    match = _WEEKDAY.match(text)
    read = _bare_day(text[match.end() :] if match else text)
    if match and read is None:
        raise Unreadable(f"not a day: {_FORMS}")
    if match and read and (is_a := _WEEKDAYS[read.weekday()])[:3].casefold() != match[1][:3].casefold():
        said = next(name for name in _WEEKDAYS if name[:3].casefold() == match[1][:3].casefold())
        raise Unreadable(f"{spoken(read)} is a {is_a}, not a {said}")
    return read


def _bare_day(text: str) -> date | None:
    if text in _SERIAL_BLANKS:
        return None
    time = _TIME.search(text)
    if time and time.end() == len(text):
        text = text[: time.start()]
    if match := _SERIAL.fullmatch(text):
        if int(match[1]) not in _SERIALS:
            raise Unreadable(f"a number, and not that of a day: {_FORMS}")
        return _DAY_ZERO + timedelta(days=int(match[1]))
    if match := _NAMED.fullmatch(text):
        if match[2] and match[2].casefold() != _ENDINGS.get(int(match[1]), "th"):
            raise Unreadable(f"{match[1]}{match[2]} is no day of a month: {_FORMS}")
        text = f"{match[1]}/{_month(match[3])}/{match[4]}"
    elif match := _YEAR_FIRST.fullmatch(text):
        text = "-".join(match.groups())
    elif text and not (_DAY_FIRST.fullmatch(text) or _ISO.fullmatch(text)):
        raise Unreadable(f"not a day: {_FORMS}")
    return day(text)


def _month(name: str) -> int:
    match = _MONTHS.fullmatch(name)
    if match is None or match.lastindex is None:
        raise Unreadable(f"no such month: {_FORMS}")
    return match.lastindex


def order_of_day(text: str) -> int:
    """1 when the cell can only be day first, -1 when only month first, 0 when it could be either or is neither."""
    match = _DAY_FIRST.fullmatch(text)
    if not match:
        return 0
    first, second = int(match[1]) > MONTHS_IN_A_YEAR, int(match[2]) > MONTHS_IN_A_YEAR
    return int(first) - int(second)


def could_be_either(text: str) -> bool:
    """Whether day and month could change places and give another day."""
    match = _DAY_FIRST.fullmatch(text)
    return match is not None and order_of_day(text) == 0 and int(match[1]) != int(match[2])


def child_id(text: str) -> str:
    """A child's id as text: `00123` stays, a workbook's `1761444.0` is `1761444`. Raises Unreadable."""
    if not text:
        raise Unreadable("no child id")
    if match := _FLOAT.fullmatch(text):
        text = match[1]
    if _ROUNDED.fullmatch(text):
        raise Unreadable("a spreadsheet has rounded this id: export it again as text")
    if not _CHILD.fullmatch(text):
        raise Unreadable("not a child id: letters, digits and . _ - / only, 40 at most")
    return text


def code(text: str) -> str:
    """A code as the lists have it: `c2` is C2, a workbook's `1.0` is 1."""
    match = _FLOAT.fullmatch(text)
    return match[1] if match else text.upper()
