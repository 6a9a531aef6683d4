"""Events: the only truth. Which of them stand, and in which order they count."""

from __future__ import annotations

from collections import defaultdict
from datetime import date  # noqa: TC003 - a NamedTuple's fields are looked at when it runs
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CHILD = "child"
"""The register name of the child's own record: events that belong to no case."""

WITHDRAWN = "withdrawn"
"""The kind of an event that says: the one I name never happened."""

PERSON = "person"
"""The source of an event that somebody typed; every other source names a kind of file."""


UNDATED = "undated"
"""The answer of an event of which a file lacks the day, and only tells that it has happened."""

LONGEST_ID = 40


def unfit(child_id: str) -> str:
    """Why a text is no child's id, as the end of a sentence; empty when it is one: what can be seen, without a `#`."""
    if not child_id:
        return "a child's id cannot be empty"
    if not child_id.isprintable():
        return "it holds characters that cannot be seen"
    if len(child_id) > LONGEST_ID:
        return f"it is longer than {LONGEST_ID} characters"
    return "it names a period: give the child's id alone" if "#" in child_id else ""


class Event(NamedTuple):
    """Something that happened on a day, as it was recorded.

    `opening` is the id of the case's opening event, empty in the child's own record. A correction
    carries the whole event as it should be: `parent` is the event it supersedes, `root` the first of
    that line. `source` is `person`, or a kind of file and its hash: `ssda903 1f3a…`; of a team's own table
    with the events that it had columns for.
    """

    id: str
    register: str
    child_id: str
    opening: str
    kind: str
    day: date
    fields: Mapping[str, Any]
    recorded_at: str = ""
    recorded_by: str = ""
    source: str = PERSON
    root: str = ""
    parent: str = ""

    @property
    def line(self) -> str:
        """The id of the first event of the line of corrections that this one belongs to."""
        return self.root or self.id

    @property
    def undated(self) -> bool:
        """Whether nobody has said on which day it was: by `day`, at the latest."""
        return UNDATED in self.fields

    @property
    def feed(self) -> str:
        """The kind of file it came from; `person` when somebody typed it."""
        return self.source.partition(" ")[0]

    @property
    def carried_beside(self) -> frozenset[str]:
        """The events that its file had columns for, where that differs from file to file."""
        return frozenset(self.source.split(" ")[2:])


def said(event: Event, name: str) -> str:
    """An answer of an event as text, empty where none was given."""
    value = event.fields.get(name)
    return "" if value is None else str(value)


class Finding(NamedTuple):
    """Something that cannot be, or two values for one thing: a line in `gaps`, or why recording is refused.

    It stands from `day` on. `values` are the days that clash.
    """

    day: date
    event: str
    values: tuple[date, ...]
    why: str


def standing(events: Iterable[Event]) -> tuple[list[Event], list[tuple[Event, Finding]]]:
    """The events that count once corrections and withdrawals are folded, and the lines with two heads.

    Corrections count whenever they were made. One that arrived before the event it corrects waits for
    it. Where two copies corrected the same event, the greater id stands meanwhile, and it is a finding.
    """
    stand: list[Event] = []
    lines: defaultdict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.parent:
            lines[event.root].append(event)
        else:
            stand.append(event)
    if not lines:
        return stand, []
    uncorrected = [event for event in stand if event.id not in lines]
    roots = {event.id: event for event in stand if event.id in lines}
    clashes: list[tuple[Event, Finding]] = []
    for root, original in roots.items():
        corrections = lines[root]
        superseded = {correction.parent for correction in corrections}
        # Corrections that name each other in a ring have no head: no honest copy makes them, but one may be read.
        unnamed = [c for c in corrections if c.id not in superseded] or corrections
        heads = sorted(unnamed, key=lambda c: c.id)
        head = heads[-1]
        if len(heads) > 1:
            days = tuple(sorted({h.day for h in heads}))
            why = f"{original.kind} was corrected twice, apart: the later one stands until one is chosen"
            clashes.append((original, Finding(min(days), original.kind, days, why)))
        if head.kind != WITHDRAWN:
            uncorrected.append(head)
    return uncorrected, clashes
