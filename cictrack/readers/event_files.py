"""A file of events: each line is one, or is refused; and what they bring to a register that holds some of them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from cictrack.readers.contents import check_is_file
from cictrack.readers.event_lines import KEYS, NoEvent, event_in
from cictrack.readers.outcome import Outcome
from cictrack.readers.plan import CLASHES, KNOWN, Conflict
from cictrack.readers.refusals import Refusal, Unreadable
from cictrack.readers.rows import Read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from cictrack.pathway.events import Event

    Known = Callable[[Sequence[str]], Mapping[str, tuple[str, ...] | None]]
    """Of ids, those that the register holds: the event as it is kept, None for one whose content was erased."""

FEED = "events"
LONGEST = 1_000_000
"""Bytes of a line: one that is longer is no event."""

SHOWN = 80
AT_ONCE = 1_000
MARK = b"\xef\xbb\xbf"


class Events(NamedTuple):
    """A file that was read: its events, and what was refused of it."""

    read: Read
    events: Sequence[Event]


def read_events(path: Path) -> Events:
    """Read the events at `path`. A file whose first line is none is refused whole."""
    events: list[Event] = []
    refused: list[Refusal] = []
    seen = hashlib.sha256()
    try:
        check_is_file(path)
    except Unreadable as why:
        return Events(Read(FEED, path.name, "", "utf-8", FEED, (), 0, [Refusal(path.name, 1, "", "", str(why))]), [])
    with path.open("rb") as file:
        line = 0
        while raw := file.readline(LONGEST):
            line += 1
            seen.update(raw)
            try:
                if event := _event(raw.removeprefix(MARK) if line == 1 else raw):
                    events.append(event)
            except NoEvent as why:
                shown = str(why.value)[:SHOWN]
                text = raw.decode(errors="replace").rstrip("\r\n")
                refused.append(Refusal(path.name, line, why.key, shown, why.why, {"": text}))
                if not events and not _braced(raw):
                    break
    return Events(Read(FEED, path.name, seen.hexdigest(), "utf-8", FEED, (), 0, refused), events)


def _braced(raw: bytes) -> bool:
    return raw.removeprefix(MARK).startswith(b"{")


def _event(raw: bytes) -> Event | None:
    """The event in a line; None when it is blank."""
    if not raw.endswith(b"\n") and len(raw) == LONGEST:
        raise NoEvent("", "", f"longer than {LONGEST:,} bytes")
    try:
        text = raw.decode().strip()
    except UnicodeDecodeError:
        raise NoEvent("", "", "not UTF-8") from None
    return event_in(text) if text else None


def outcome_of(read: Events, known: Known, kept: Callable[[Event], tuple[str, ...]]) -> Outcome:
    """What a file brings: what is held under the same id stays, and one that says otherwise is a conflict.

    `known` is asked for some ids at a time; `kept` gives an event as a register keeps it.
    """
    outcome = Outcome([read.read])
    file = read.read.file
    taken: dict[str, Event] = {}
    for start in range(0, len(read.events), AT_ONCE):
        part = read.events[start : start + AT_ONCE]
        held = known([event.id for event in part])
        for event in part:
            here = kept(taken[event.id]) if event.id in taken else held.get(event.id, ())
            if here == ():
                taken[event.id] = event
                outcome.add(file, event)
            elif here is None or here == (now := kept(event)):
                outcome.events_unchanged += 1
                outcome.count(file, KNOWN)
            else:
                differ = [n for n in range(len(KEYS)) if here[n] != now[n]]
                of = f"{event.register} {event.kind} {event.id}"
                outcome.conflicts.append(Conflict(event.child_id, of, _said(here, differ), _said(now, differ)))
                outcome.count(file, CLASHES)
    return outcome


def _said(kept: Sequence[str], differ: Iterable[int]) -> str:
    return "; ".join(f"{KEYS[n]} {kept[n]}" for n in differ)[:SHOWN]
