"""Stability of placements, by the national measures: counted from the child's own record.

A move within the same carer (RNE T, U or L) begins no placement, nor does a temporary one (T0 to T4: a hospital, a
holiday), after which the same home goes on. Short breaks (V3, V4) are no care.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cictrack.pathway.clocks import spoken
from cictrack.pathway.officers import Found, Measure
from cictrack.pathway.record import SHORT_BREAKS, care_periods
from cictrack.working_days import months_after

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from cictrack.pathway.events import Event
    from cictrack.pathway.officers import OfChild
    from cictrack.pathway.record import Care

TEMPORARY = frozenset({"T0", "T1", "T2", "T3", "T4"})
SAME_CARER = frozenset({"T", "U", "L"})
MANY_PLACEMENTS = 3
YEAR, LONG_IN_CARE, LONG_IN_PLACE, SIXTEEN = 12, 30, 24, 16 * 12
"""Months."""


class Stay(NamedTuple):
    """A placement that counts: `end` is the day it ended, None while it lasts."""

    start: date
    end: date | None
    place: tuple[object, object]


def stays(record: Sequence[Event], care: Care) -> list[Stay]:
    """The placements of one period of care, in order."""
    found: list[Stay] = []
    away = False
    for event in record:
        if event.kind != "placement" or event.day < care.start or (care.end is not None and event.day >= care.end):
            continue
        if event.fields.get("place") in TEMPORARY:
            away = True
            continue
        if _status(record, event.day) in SHORT_BREAKS:
            continue
        place = event.fields.get("place"), event.fields.get("provider")
        if not found or not _goes_on(event, place, found[-1], away=away):
            found[-1:] = [*(last._replace(end=event.day) for last in found[-1:]), Stay(event.day, None, place)]
        else:
            found[-1] = found[-1]._replace(place=place)
        away = False
    if found:
        found[-1] = found[-1]._replace(end=care.end)
    return found


def _goes_on(event: Event, place: tuple[object, object], last: Stay, *, away: bool) -> bool:
    """Whether the last placement goes on: the same carer by the code, the same home again, or nothing else said."""
    reason = event.fields.get("rne")
    return reason in SAME_CARER or (place == last.place and (away or not reason))


def _status(record: Sequence[Event], day: date) -> object:
    """The legal status on a day; where one ends and another begins, the one that begins."""
    known = [e.fields.get("code") for e in record if e.kind == "legal-status" and e.day <= day]
    return known[-1] if known else None


def _care(child: OfChild) -> list[Care]:
    """The periods of care; one that began twice with no end between is one."""
    periods: list[Care] = []
    for period in care_periods(child.record, child.care_began):
        if periods and periods[-1].end is None:
            periods[-1] = periods[-1]._replace(end=period.end)
        else:
            periods.append(period)
    return periods


def _in_care(child: OfChild, on: date) -> Care | None:
    """The period of care that `on` falls in."""
    running = [c for c in _care(child) if c.start <= on and (c.end is None or on < c.end)]
    return running[-1] if running and _status(child.record, on) not in SHORT_BREAKS else None


NO_CARE = "no day on which care began"
NO_PLACEMENT = "no placement on record"
NO_BIRTH = "no day of birth"
NOT_MEANT = Found(counted=False)
"""Of a child to whom the measure does not apply: not looked after on the day, too old, or not for so long."""


def many_placements(child: OfChild, on: date) -> Found:
    """3 or more placements in the 12 months to `on`, of a child looked after that day."""
    care = _in_care(child, on)
    if care is None:
        return _without_care(child)
    there = stays(child.record, care)
    if not there:
        return Found(counted=False, why=NO_PLACEMENT)
    since = months_after(on, -YEAR)
    if there[0].start > max(care.start, since):
        return Found(counted=False, why=f"placements on record from {spoken(there[0].start)} only")
    known = [stay for period in _care(child) for stay in stays(child.record, period)]
    in_the_year = [stay for stay in known if stay.start <= on and (stay.end is None or stay.end > since)]
    return Found(counted=True, among=len(in_the_year) >= MANY_PLACEMENTS)


def long_in_one_placement(child: OfChild, on: date) -> Found:
    """The same placement for 2 years, of a child under 16 looked after for 2.5 years or more on `on`."""
    care = _in_care(child, on)
    if care is None:
        return _without_care(child)
    if months_after(care.start, LONG_IN_CARE) > on:
        return NOT_MEANT
    if child.dob is None:
        return Found(counted=False, why=NO_BIRTH)
    if months_after(child.dob, SIXTEEN) <= on:
        return NOT_MEANT
    there = [stay for stay in stays(child.record, care) if stay.start <= on]
    if not there:
        return Found(counted=False, why=NO_PLACEMENT)
    return Found(counted=True, among=months_after(there[-1].start, LONG_IN_PLACE) <= on)


def _without_care(child: OfChild) -> Found:
    """Of a child not looked after on the day: whether that is known, or the record is missing."""
    return NOT_MEANT if _care(child) else Found(counted=False, why=NO_CARE)


MEASURES = (
    Measure(
        "3 or more placements in the year to {day}",
        "of those looked after that day. The placement at the start of the year counts; T0 to T4, short breaks (V3, V4)"
        " and a change with the same carer do not.",
        many_placements,
    ),
    Measure(
        "In the same placement for 2 years or more on {day}",
        "of those under 16 and looked after for 2.5 years or more that day. T0 to T4 and short breaks (V3, V4) do not"
        " count, nor does a change with the same carer.",
        long_in_one_placement,
    ),
)
