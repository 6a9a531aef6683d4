"""From what a return says of a child, and what the register holds, to the events that are not known yet.

What is held stays: a second value is reported as a conflict, never written over. What the file adds to a
held event (the day somebody came back) is a correction. Ids are made from what is said, so that the same
file read twice, or in two copies of a register, adds the same events once.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from cictrack.pathway.events import CHILD, WITHDRAWN, Event, standing
from cictrack.pathway.record import CONTRADICTION, KIND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from cictrack.readers.rows import Row
    from cictrack.readers.told import Fact, Told

    Identify = Callable[..., str]
    """Makes an id from what a fact says."""

SAID, KNOWN, NEW, CLASHES = range(4)
"""What became of a row, the greater the more: it says nothing to keep, is known, is new, clashes."""

BESIDE = frozenset({"worker"})
"""Kinds of which two on one day are two facts and no conflict."""


class Conflict(NamedTuple):
    """Two values for one thing: what the register holds, and stays, and what the file offers."""

    child_id: str
    event: str
    held: str
    offered: str


class Stamp(NamedTuple):
    """Who is importing, from which file: what every event is marked with."""

    by: str
    source: Mapping[str, str]
    identify: Identify


class Plan:
    """What an import would do to one child: events to add, conflicts, and what becomes of each row."""

    def __init__(self, told: Told, held: Sequence[Event], stamp: Stamp) -> None:
        self.feed = told.feed
        self.child_id = told.child_id
        self.events: list[Event] = []
        self.conflicts: list[Conflict] = []
        self.unchanged = 0
        self.opened = 0
        self.of_rows: dict[tuple[str, int], int] = {row.place: SAID for row in told.rows}
        self._ids = {event.id for event in held}
        self._stamp = stamp
        self._any_file = next((row.file for row in told.rows), "")

    def mark(self, rows: Iterable[Row], became: int) -> None:
        """Say what became of `rows`; the greatest of several counts."""
        for row in rows:
            self.of_rows[row.place] = max(self.of_rows[row.place], became)

    def known(self, rows: Iterable[Row]) -> None:
        """The register holds it already."""
        self.unchanged += 1
        self.mark(rows, KNOWN)

    def clash(self, event: str, held: str, offered: str, rows: Iterable[Row]) -> None:
        """The register, or an earlier row, says something else."""
        self.conflicts.append(Conflict(self.child_id, event, held, offered))
        self.mark(rows, CLASHES)

    def id_of(self, *parts: str) -> str:
        """The id of what `parts` say of this child."""
        return self._stamp.identify(self.feed, self.child_id, *parts)

    def holds(self, id_: str) -> bool:
        """Whether that event was recorded once, even if it was corrected or withdrawn since."""
        return id_ in self._ids

    def add(self, event: Event, rows: Sequence[Row]) -> None:
        """Add an event, unless it was recorded once; from the file that says it first."""
        if self.holds(event.id):
            self.known(rows)
            return
        source = self._stamp.source[rows[0].file if rows else self._any_file]
        self.events.append(event._replace(recorded_by=self._stamp.by, source=source))
        self._ids.add(event.id)
        self.mark(rows, NEW)


def fields_text(fields: Mapping[str, Any]) -> str:
    """Fields as part of what an id is made from: the same fields, the same text."""
    return json.dumps(fields, sort_keys=True, ensure_ascii=False)


def plan_record(plan: Plan, told: Told, held: Sequence[Event]) -> None:
    """The events of the child's own record that `told` brings.

    Two rows of the return that differ are both taken, and are a contradiction; only what happens once is not.
    """
    stand, _ = standing(held)
    record: dict[str, list[Event]] = {}
    for event in stand:
        if event.register == CHILD:
            record.setdefault(event.kind, []).append(event)
    for fact in told.facts:
        of_kind = record.setdefault(fact.kind, [])
        event = _of_record(plan, fact.kind, fact.day, fact.fields)
        change = _known_or_changed(plan, fact, event, of_kind)
        if change is not None:
            plan.add(change, fact.rows)
            if not KIND[fact.kind].repeats:
                of_kind.append(change)
    _contradictions(plan, told, record.get(CONTRADICTION, []))


def _of_record(plan: Plan, kind: str, day: date, fields: Mapping[str, Any]) -> Event:
    id_ = plan.id_of(CHILD, kind, day.isoformat(), fields_text(fields))
    return Event(id_, CHILD, plan.child_id, "", kind, day, dict(fields))


def _known_or_changed(plan: Plan, fact: Fact, event: Event, held: Sequence[Event]) -> Event | None:
    """The event to add for a fact, itself or a correction of a held one; None when it is known or clashes."""
    if plan.holds(event.id) or (fact.ongoing and _goes_on(fact, held)):
        plan.known(fact.rows)
        return None
    if not KIND[fact.kind].repeats and held and held[0].day != fact.day:
        plan.clash(fact.kind, held[0].day.isoformat(), fact.day.isoformat(), fact.rows)
        return None
    same_day = [e for e in held if e.day == fact.day]
    if fact.kind in BESIDE:
        same_day = [e for e in same_day if e.fields == fact.fields]
    if not same_day:
        return event
    for other in same_day:
        if all(other.fields.get(name) == value for name, value in fact.fields.items()):
            plan.known(fact.rows)
            return None
    for other in same_day:
        if all(other.fields.get(name) in {value, None, ""} for name, value in fact.fields.items()):
            return _correction(plan, other, {**other.fields, **fact.fields})
    other = same_day[0]
    differ = [name for name, value in fact.fields.items() if other.fields.get(name) not in {value, None, ""}]
    plan.clash(fact.kind, _values(other.fields, differ), _values(fact.fields, differ), fact.rows)
    return None


def _values(fields: Mapping[str, Any], names: Sequence[str]) -> str:
    return " ".join(str(fields[name]) for name in names)


def _goes_on(fact: Fact, held: Sequence[Event]) -> bool:
    """Whether the last held event of the kind, on or before the day, says the same."""
    before = [e for e in held if e.day <= fact.day]
    if not before:
        return False
    last = max(before, key=lambda e: (e.day, e.id))
    return all(last.fields.get(f) == fact.fields.get(f) for f in fact.fields if f not in {"rne", "ended"})


def _correction(plan: Plan, held: Event, fields: Mapping[str, Any]) -> Event:
    id_ = plan.id_of("correction", held.id, fields_text(fields))
    return Event(id_, CHILD, plan.child_id, "", held.kind, held.day, dict(fields), root=held.line, parent=held.id)


def _contradictions(plan: Plan, told: Told, held: Sequence[Event]) -> None:
    """Record what contradicts itself, and withdraw what this file has put right."""
    by_place = {str(e.fields.get("of", "")): e for e in held}
    found = {c.of: c for c in told.contradictions}
    for of, contradiction in found.items():
        fields = {"of": of, "event": contradiction.event, "says": contradiction.why}
        event = by_place.get(of)
        if event is None:
            plan.add(_of_record(plan, CONTRADICTION, contradiction.day, fields), ())
        elif event.fields != fields:
            plan.add(_correction(plan, event, fields), ())
        else:
            plan.unchanged += 1
    for of in told.looked_for - found.keys():
        if of in by_place:
            event = by_place[of]
            withdrawn = _correction(plan, event, {"why": "the return has put it right"})
            plan.add(withdrawn._replace(kind=WITHDRAWN), ())
