"""What an authority sets for itself: the events that say so are planned here, and refused when they say nothing new.

They are appended as every other event is, and all children are derived again in the same transaction.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from cictrack.errors import Refused
from cictrack.pathway.clocks import spoken
from cictrack.pathway.events import WITHDRAWN, Event, standing
from cictrack.pathway.settable import longer_than_the_law
from cictrack.pathway.settings import CLOSURE, DEFAULT, RULE, SETTINGS, returns
from cictrack.store.checks import WHY
from cictrack.store.events import new_id, settings_events, settings_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from cictrack.pathway.settable import Setting
    from cictrack.pathway.settings import Settings, Value

NOTHING = "Nothing was recorded."
LONGEST_CLOSURE = 366


class Standing(NamedTuple):
    """A value that was set: from which day, by whom, and the event that says so."""

    day: date
    value: Value
    by: str
    event: Event

    @property
    def is_default(self) -> bool:
        """Whether it is a return to the default."""
        return returns(self.value)


def set_values(events: Iterable[Event]) -> dict[str, list[Standing]]:
    """The values that stand of each setting, in the order of their days: of one day the last counts."""
    found: dict[str, list[Standing]] = {}
    stand, _ = standing(events)
    for event in sorted(stand, key=lambda e: (e.day, e.line)):
        if event.kind == RULE:
            by = str(event.fields.get("by") or event.recorded_by)
            one = Standing(event.day, event.fields["value"], by, event)
            found.setdefault(str(event.fields["name"]), []).append(one)
    return found


def setting_event(db: sqlite3.Connection, setting: Setting, value: Value, since: date, by: str, typist: str) -> Event:
    """The event by which a value counts from a day on. Refused when it does already, or is longer than the law's."""
    settings = settings_of(db)
    held = set_values(settings_events(db)).get(setting.name, [])
    _refuse_what_is_so(setting, value, since, held, settings)
    first = None if returns(value) else longer_than_the_law(settings.calendar, setting, value, since)
    if first is not None:
        raise Refused(
            f"{setting.name} is the law's ({setting.source}): it may be shortened, and not lengthened. Counted from"
            f" {spoken(first)}, {value} end later than {setting.default}. {NOTHING}"
        )
    fields = {"name": setting.name, "value": value, "by": by}
    # A day is one fact for all cases: setting it anew corrects it, where an amount counts from a day on.
    last = held[-1].event if held and setting.form == "day" else None
    return _event(RULE, since, fields, typist, last)


def reset_event(db: sqlite3.Connection, setting: Setting, since: date, by: str, typist: str) -> Event:
    """The event by which the default counts again from a day on. Refused when it does already."""
    return setting_event(db, setting, DEFAULT, since, by, typist)


def _refuse_what_is_so(
    setting: Setting, value: Value, since: date, held: Sequence[Standing], settings: Settings
) -> None:
    counts = settings.own(setting.name, since)
    if setting.form == "day":
        counts = held[-1].value if held and not held[-1].is_default else None
    if returns(value):
        if counts is None:
            default = f": {setting.default}" if setting.default else ""
            raise Refused(f"{setting.name} has its default on {spoken(since)} already{default}. {NOTHING}")
    elif value == (setting.usual if counts is None else counts):
        whose = "its default" if counts is None else "set already"
        raise Refused(f"{setting.name} is {value} on {spoken(since)}, {whose}. {NOTHING}")


def closing_events(
    db: sqlite3.Connection, first: date, last: date, name: str, by: str, typist: str
) -> tuple[Event, ...]:
    """An event for each working day from `first` to `last` on which the offices are shut. Refused for none of them."""
    if (last - first).days >= LONGEST_CLOSURE:
        raise Refused(f"From {spoken(first)} to {spoken(last)} is more than a year: give the days one closure has.")
    settings = settings_of(db)
    closed = [day for day in _days(first, last) if day in settings.closures]
    if closed:
        why = f"{spoken(closed[0])} is a closure already: {settings.closures[closed[0]]}"
        raise Refused(f"{why}. {NOTHING} Remove it first: cictrack calendar remove-closure {closed[0].isoformat()}")
    shut = [day for day in _days(first, last) if settings.calendar.is_working_day(day)]
    if not shut:
        why = settings.calendar.holidays.get(first, "no working day")
        raise Refused(f"{_said(first, last)}: nobody works then already ({why}). {NOTHING}")
    return tuple(_event(CLOSURE, day, {"name": name, "by": by}, typist) for day in shut)


def opening_events(db: sqlite3.Connection, first: date, last: date, reason: str, typist: str) -> tuple[Event, ...]:
    """The withdrawals of every closure from `first` to `last`. Refused where there is none."""
    stand, _ = standing(settings_events(db))
    held = sorted((e for e in stand if e.kind == CLOSURE), key=lambda e: (e.day, e.line))
    closures = [e for e in held if first <= e.day <= last]
    if not closures:
        near = min((e.day for e in held), key=lambda day: abs((day - first).days), default=None)
        there = f" The nearest is on {spoken(near)}." if near else ""
        raise Refused(f"No closure is recorded for {_said(first, last)}.{there} {NOTHING}")
    return tuple(_event(WITHDRAWN, e.day, {WHY: reason}, typist, e) for e in closures)


def _said(first: date, last: date) -> str:
    return spoken(first) if first == last else f"{spoken(first)} to {spoken(last)}"


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _event(kind: str, day: date, fields: dict[str, Any], typist: str, before: Event | None = None) -> Event:
    line = {"root": before.line, "parent": before.id} if before else {}
    return Event(new_id(), SETTINGS, "", "", kind, day, fields, recorded_by=typist, **line)
