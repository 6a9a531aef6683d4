"""A calendar of all-day entries, as .ics that Outlook and others import."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from icalendar import Event

UNSHOWN = "\N{REPLACEMENT CHARACTER}"


class Entry(NamedTuple):
    """An all-day entry. Of one `uid` the last imported stands; a cancelled one is taken out of the calendar."""

    uid: str
    day: date
    summary: str
    about: tuple[str, ...]
    category: str
    cancelled: bool = False


def render(entries: Iterable[Entry], stamp: datetime, sequence: int) -> bytes:
    """The entries as a calendar: the same entries, moment and sequence give the same bytes.

    `sequence` tells which of two exports of an entry is the later; `stamp` is in UTC.
    """
    from icalendar import Calendar

    calendar = Calendar()
    for name, value in (
        ("prodid", "-//cictrack//due days//EN"),
        ("version", "2.0"),
        ("calscale", "GREGORIAN"),
        ("method", "PUBLISH"),
        ("x-wr-calname", "cictrack: due days"),
    ):
        calendar.add(name, value)
    for entry in entries:
        calendar.add_component(_event(entry, stamp, sequence))
    written: bytes = calendar.to_ical()
    return written


def _event(entry: Entry, stamp: datetime, sequence: int) -> Event:
    from icalendar import Event

    event = Event()
    for name, value in (
        ("uid", entry.uid),
        ("dtstamp", stamp),
        ("last-modified", stamp),
        ("sequence", sequence),
        ("dtstart", entry.day),
        # The end of an all-day entry is the day after it.
        ("dtend", entry.day + timedelta(days=1)),
        ("summary", shown(entry.summary)),
        ("description", "\n".join(map(shown, entry.about))),
        ("categories", [entry.category]),
        ("status", "CANCELLED" if entry.cancelled else "CONFIRMED"),
        ("transp", "TRANSPARENT"),
        ("class", "PRIVATE"),
    ):
        event.add(name, value)
    return event


def shown(text: str) -> str:
    r"""`text` on one line: what cannot be seen, and the backslash that calendars escape by, is replaced.

    >>> shown("a\nBEGIN:VEVENT") == f"a{UNSHOWN}BEGIN:VEVENT"
    True
    """
    return "".join(c if c.isprintable() and c != "\\" else UNSHOWN for c in text)
