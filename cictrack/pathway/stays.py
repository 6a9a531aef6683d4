"""Stays: the placements of a child in care that the national stability measures count, as the child's record has them.

Temporary ones (T0 to T4) do not count, nor do those in short breaks (V3, V4), nor a change with the same carer (T, U).
What goes on after a temporary one in the same kind of place with the same provider is the placement before it.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from cictrack.pathway.events import said
from cictrack.pathway.record import MOVED, SHORT_BREAKS, TEMPORARY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from cictrack.pathway.events import Event
    from cictrack.pathway.record import Care

SAME_CARER = frozenset({"T", "U", "L"})
"""Those that mean another placement with the same one."""


class Stay(NamedTuple):
    """A placement that counts, from a day until another, that one excluded (None: it lasts).

    `care_from` and `care_until` are those of the period of care it is in. One that is not `placed` is no placement:
    care began, and none is recorded yet.
    """

    care_from: date
    from_on: date
    placed: bool
    until_on: date | None
    care_until: date | None


def stays(record: Sequence[Event], care: Sequence[Care]) -> list[Stay]:
    """The stays in every period of care, by day."""
    periods = _without_ends_untold(care)
    if not periods:
        return []
    placed = sorted((e for e in record if e.kind == "placement"), key=lambda e: (e.day, e.line))
    statuses = sorted((e.day, said(e, "code")) for e in record if e.kind == "legal-status")
    lasting = [e for e in placed if not _short_break(statuses, e.day)]
    return [stay for care in periods for stay in _in(care, lasting)]


def _without_ends_untold(periods: Sequence[Care]) -> list[Care]:
    """The periods of care: one that began twice with no end between is one."""
    found: list[Care] = []
    for period in periods:
        if found and found[-1].end is None:
            found[-1] = found[-1]._replace(end=period.end)
        else:
            found.append(period)
    return found


def _short_break(statuses: Sequence[tuple[date, str]], day: date) -> bool:
    at = bisect_right(statuses, (day, "~"))
    return at > 0 and statuses[at - 1][1] in SHORT_BREAKS


def _in(care: Care, placed: Sequence[Event]) -> list[Stay]:
    within = [e for e in placed if care.start <= e.day and (care.end is None or e.day < care.end)]
    days = _begun(within)
    first = days[0] if days else care.end
    found = [] if first == care.start else [Stay(care.start, care.start, False, first, care.end)]
    ends = [*days[1:], care.end]
    return [*found, *(Stay(care.start, day, True, end, care.end) for day, end in zip(days, ends, strict=False))]


def _begun(placed: Sequence[Event]) -> list[date]:
    """The days on which a placement began that is another one than that before it."""
    days: list[date] = []
    where: tuple[str, str] | None = None
    temporary = False
    for event in placed:
        if said(event, "place") in TEMPORARY:
            temporary = True
            continue
        before, where = where, (said(event, "place"), said(event, "provider"))
        reason = said(event, "rne")
        same = where == before and (temporary or reason not in MOVED)
        if not (days and (same or reason in SAME_CARER)) and event.day not in days:
            days.append(event.day)
        temporary = False
    return days
