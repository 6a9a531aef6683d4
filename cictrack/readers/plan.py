"""What an import would do to one child: events to add, corrections, conflicts, and what becomes of each row.

What is held stays. Another value is a conflict, and an `offered` event says so in `gaps`; it is taken as a
correction only when that was asked for, and never of what a person recorded. Ids are made from what is said,
so that the same file read twice, or in two copies of a register, adds the same events once.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from cictrack.pathway.events import PERSON, UNDATED, WITHDRAWN, Event, standing
from cictrack.pathway.offers import OFFERED
from cictrack.readers.held import agree, held_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from cictrack.readers.refusals import Refusal
    from cictrack.readers.rows import Row
    from cictrack.readers.told import Told

    Identify = Callable[..., str]
    """Makes an id from what a fact says."""

SAID, KNOWN, NEW, CLASHES = range(4)
"""What became of a row, the greater the more: it says nothing to keep, is known, is new, clashes."""


class Conflict(NamedTuple):
    """Two values for one thing: what the register holds, and stays, and what the file offers."""

    child_id: str
    event: str
    held: str
    offered: str


class Change(NamedTuple):
    """What a file puts right of what files said before: what was held, and what counts from now on."""

    child_id: str
    event: str
    held: str
    now: str


class Stamp(NamedTuple):
    """Who is importing, from which file, and whether what a file says otherwise is taken (`accept`)."""

    by: str
    source: Mapping[str, str]
    identify: Identify
    accept: bool = False


class Plan:
    """What the rows of one kind of file would do to one child.

    `as_at` is the file's own day, `elsewhere` what the record holds from other files, and `agrees` whether these
    rows say the same: then what is new makes the life told fuller, and changes nothing that was said.
    """

    def __init__(self, told: Told, held: Sequence[Event], stamp: Stamp, as_at: date) -> None:
        self.feed = told.feed
        self.child_id = told.child_id
        self.as_at = as_at
        self.held = held
        self.elsewhere = held_of(held, stamp.source.values())
        self.agrees = agree(told.life, self.elsewhere, as_at)
        self.events: list[Event] = []
        self.conflicts: list[Conflict] = []
        self.changes: list[Change] = []
        self.refused: list[Refusal] = []
        self.unchanged = self.opened = 0
        self.of_rows: dict[tuple[str, int], int] = {row.place: SAID for row in told.rows}
        self._ids = {event.id for event in held}
        self._stamp = stamp
        self._any_file = next((row.file for row in told.rows), "")
        self._by_person = {event.line for event in held if event.source == PERSON}

    def standing(self) -> list[Event]:
        """The events of the child that count, the planned ones too."""
        return standing([*self.held, *self.events])[0]

    def mark(self, rows: Iterable[Row], became: int) -> None:
        """Say what became of `rows`; the greatest of several counts."""
        for row in rows:
            self.of_rows[row.place] = max(self.of_rows[row.place], became)

    def known(self, rows: Iterable[Row]) -> None:
        """The register holds it already."""
        self.unchanged += 1
        self.mark(rows, KNOWN)

    def refuse(self, rows: Iterable[Row], column: str, reason: str) -> None:
        """Refuse rows that can be read and have no place to go."""
        for row in rows:
            if self.of_rows.pop(row.place, None) is not None:
                self.refused.append(row.refusal(column, reason))

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

    def correct(self, head: Event, day: date, fields: Mapping[str, Any], rows: Sequence[Row], kind: str = "") -> None:
        """Put a held event right: another day, or answers that it lacked."""
        id_ = self.id_of("correction", head.id, day.isoformat(), fields_text(fields))
        line = {"root": head.line, "parent": head.id}
        said = dict(fields)
        if day != head.day:
            said.pop(UNDATED, None)
        event = Event(id_, head.register, self.child_id, head.opening, kind or head.kind, day, said, **line)
        if not self.holds(id_):
            self.changes += _changes(head, event)
        self.add(event, rows)

    def taken_back(self, id_: str) -> Event | None:
        """The withdrawal by which a file took an event back, if one did: what tells it again brings it back."""
        of_line = [e for e in (*self.held, *self.events) if e.line == id_]
        parents = {e.parent for e in of_line}
        heads = [e for e in of_line if e.kind == WITHDRAWN and e.id not in parents]
        return heads[0] if heads and self.may_correct(heads[0]) else None

    def may_correct(self, head: Event) -> bool:
        """Whether a file may put it right: nobody has recorded or corrected it by hand."""
        return head.source != PERSON and head.line not in self._by_person

    def offer_day(self, of: Offered, held: Event | None, day: date, fields: Mapping[str, Any], says: str = "") -> None:
        """Another day for what is held: taken where that was asked for, else a conflict."""
        if held is not None and self._stamp.accept and self.may_correct(held):
            given = {name: value for name, value in fields.items() if value not in ("", None)}
            self.correct(held, day, {**held.fields, **given}, of.rows)
            return
        self.conflicts.append(
            Conflict(self.child_id, of.kind, says or (held.day.isoformat() if held else ""), day.isoformat())
        )
        self._offer(of, {"event": of.kind, "on": day.isoformat()})

    def offer_answers(self, of: Offered, held: Event, differ: Mapping[str, Any]) -> None:
        """Other answers of an event that is held: taken where that was asked for, else a conflict each."""
        if self._stamp.accept and self.may_correct(held):
            self.correct(held, held.day, {**held.fields, **differ}, of.rows)
            return
        for name, value in differ.items():
            holds = as_text(held.fields.get(name))
            self.conflicts.append(Conflict(self.child_id, of.kind, f"{name} {holds}".strip(), f"{name} {value}"))
            said = {"event": of.kind, "on": held.day.isoformat(), "field": name, "value": as_text(value)}
            self._offer(of, said)

    def _offer(self, of: Offered, said: dict[str, str]) -> None:
        id_ = self.id_of(OFFERED, of.register, of.opening, fields_text(said))
        if not self.holds(id_):
            self.add(Event(id_, of.register, self.child_id, of.opening, OFFERED, self.as_at, said), of.rows)
        self.mark(of.rows, CLASHES)


class Offered(NamedTuple):
    """Of what another value is offered, and by which rows."""

    register: str
    opening: str
    kind: str
    rows: Sequence[Row]


def _changes(head: Event, event: Event) -> Iterator[Change]:
    """What a correction changes: its day, or each of its answers."""
    if event.kind == WITHDRAWN:
        yield Change(event.child_id, head.kind, head.day.isoformat(), "")
    elif event.day != head.day:
        yield Change(event.child_id, event.kind, head.day.isoformat(), event.day.isoformat())
    for name in sorted({*head.fields, *event.fields}):
        held, now = as_text(head.fields.get(name)), as_text(event.fields.get(name))
        if held != now:
            yield Change(event.child_id, event.kind, f"{name} {held}".strip(), f"{name} {now}".strip())


def as_text(value: object) -> str:
    """A value as a sentence and an offer have it: a list joined by "; "."""
    if value is None:
        return ""
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def fields_text(fields: Mapping[str, Any]) -> str:
    """Fields as part of what an id is made from: the same fields, the same text."""
    return json.dumps(fields, sort_keys=True, ensure_ascii=False) if fields else "{}"


def said_otherwise(held: Mapping[str, Any], told: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What `told` adds to the answers held, and what it says otherwise. A blank says nothing."""
    given = {name: value for name, value in told.items() if value not in ("", None)}
    adds = {name: value for name, value in given.items() if held.get(name) in ("", None)}
    differ = {n: v for n, v in given.items() if n not in adds and as_text(held[n]) != as_text(v)}
    return adds, differ
