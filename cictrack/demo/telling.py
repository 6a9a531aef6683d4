"""A life as events: who recorded what, and when; and now and then a mistake that somebody put right."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from cictrack.pathway.events import CHILD, PERSON, WITHDRAWN, Event
from cictrack.pathway.record import BORN, EXPECTED, GESTATION_WEEKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cictrack.pathway.declare import Register
    from cictrack.registers._demo._chance import Chance
    from cictrack.registers._demo._lives import Child, Life, Told, World

CORRECTED, WITHDRAWN_AGAIN = 0.015, 0.004
AFTER = timedelta(days=3)
_MOST = (1 << 52) - 1


def told(child: Child, child_id: str, registers: Mapping[str, Register], world: World, ids: Ids) -> list[Event]:
    """Every event of one child, in the order in which they came to be known."""
    by = child.family.assigned["worker"]
    days = [event.day for case in child.cases for event in case.events] + [event.day for event in child.record]
    first = min(days)
    found = [
        Event(ids.next(), CHILD, child_id, "", kind, day, fields, moment(max(day, first)), by)
        for kind, day, fields in _who(child, first, world)
    ]
    found += [Event(ids.next(), CHILD, child_id, "", e.kind, e.day, e.fields, moment(e.day), by) for e in child.record]
    for case in child.cases:
        found += _case(case, registers[case.register], child_id, by, ids)
    return sorted(found, key=lambda event: (event.recorded_at, bool(event.parent)))


def moment(day: date) -> str:
    """The moment at which what happened on a day is recorded: at five in the afternoon, as the register spells it."""
    return f"{day.isoformat()}T17:00:00.000000Z"


def _who(child: Child, first: date, world: World) -> list[tuple[str, date, dict[str, str]]]:
    """Birth, or the day it is expected, and the siblings' common key."""
    found: list[tuple[str, date, dict[str, str]]] = []
    if child.edd is not None:
        found.append((EXPECTED, child.edd - timedelta(weeks=GESTATION_WEEKS), {"edd": child.edd.isoformat()}))
    if child.born is not None and child.born <= world.until:
        found.append((BORN, child.born, {}))
    if len(child.family.children) > 1:
        found.append(("about", first, {"sibling_group": f"S{child.family.key[1:]}"}))
    return found


def _case(case: Life, register: Register, child_id: str, by: str, ids: Ids) -> list[Event]:
    """The events of one case; what came before its opening was recorded with it."""
    opening = next(event for event in case.events if event.kind == register.opening.name)
    known = {event.id: ids.next() for event in case.events}
    opened = known[opening.id]
    source, at = PERSON, ""
    if case.feed:
        source = ids.file(case.feed)
        at = moment(max(case.last, case.world.begun))
    found = []
    for event in case.events:
        fields = {**event.fields, "task": known[event.fields["task"]]} if "task" in event.fields else event.fields
        when = at or moment(max(event.day, opening.day))
        found.append(
            Event(known[event.id], case.register, child_id, opened, event.kind, event.day, fields, when, by, source)
        )
    if not case.feed and case.chance.odds(CORRECTED):
        _put_right(found, opening, case, ids)
    if not case.feed and case.chance.odds(WITHDRAWN_AGAIN):
        _take_back(found, opening, case, ids)
    return found


def _put_right(events: list[Event], opening: Told, case: Life, ids: Ids) -> None:
    """One of the events was written down a day late at first, and corrected three days after."""
    wrong = [n for n, e in enumerate(events) if e.day > opening.day and e.day + AFTER < case.world.until]
    if not wrong:
        return
    place = case.chance.pick(wrong)
    right = events[place]
    first = right.day + timedelta(days=1)
    events[place] = right._replace(day=first, recorded_at=moment(first))
    at = moment(right.day + AFTER)
    events.append(right._replace(id=ids.next(), recorded_at=at, root=right.id, parent=right.id))


def _take_back(events: list[Event], opening: Told, case: Life, ids: Ids) -> None:
    """A note was written on the wrong child's case, and withdrawn."""
    day = opening.day + timedelta(days=1)
    if day + AFTER > case.world.until:
        return
    fields = {"note": "school rang: not at lessons today"}
    note = events[-1]._replace(
        id=ids.next(), kind="note", day=day, fields=fields, recorded_at=moment(day), root="", parent=""
    )
    at, why = moment(day + AFTER), {"reason": "written on the wrong case"}
    gone = note._replace(id=ids.next(), kind=WITHDRAWN, fields=why, recorded_at=at, root=note.id, parent=note.id)
    events += [note, gone]


class Ids:
    """Ids in the shape of a register's own (UUIDv7: ordered, and telling nothing), the same from the same seed."""

    def __init__(self, chance: Chance, today: date) -> None:
        self._chance = chance
        self._last = (today.toordinal() - date(1970, 1, 1).toordinal()) * 86_400_000

    def next(self) -> str:
        """The next id."""
        self._last += 1
        time, chance = f"{self._last:012x}", f"{self._chance.whole(0, _MOST):013x}{self._chance.whole(0, _MOST):013x}"
        return f"{time[:8]}-{time[8:]}-7{chance[:3]}-{'89ab'[int(chance[3], 16) & 3]}{chance[4:7]}-{chance[-12:]}"

    def file(self, feed: str) -> str:
        """The source of what an invented file said: its kind and the beginning of its hash."""
        return f"{feed} {sha256(feed.encode()).hexdigest()[:12]}"
