"""Events as lines of text, out and back: a JSON object a line, its keys always the same and in one order.

A line is ASCII alone: what would move a cursor or turn the direction of writing stands as its escape.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from functools import lru_cache
from sys import intern
from typing import TYPE_CHECKING, Any

from cictrack.pathway.events import CHILD, WITHDRAWN, Event, unfit
from cictrack.pathway.settable import fits, settable
from cictrack.pathway.settings import NAMED_AT_ONCE, PURGED, RULE, SETTINGS
from cictrack.registers import registers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KEYS = Event._fields
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_IDS = ("id", "opening", "root", "parent")
_HALF = "\\ud"
"""How half of a pair is written, which alone is no character."""
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
"""How a NUL is written; after a backslash that is itself written out it is none."""

_EVERY = frozenset(KEYS)
_OFTEN = ("register", "child_id", "opening", "kind", "recorded_at", "recorded_by", "source")
"""What many events share is held once."""


class NoEvent(Exception):  # noqa: N818 - it is caught where lines are read and becomes a refusal
    """A line that is no event: which of its keys is wrong (or none), and why."""

    def __init__(self, key: str, value: object, why: str) -> None:
        super().__init__(why)
        self.key, self.value, self.why = key, value, why


def line_of(kept: Iterable[str]) -> str:
    """The line of an event as it is kept: its texts in the order of `KEYS`, the fields as JSON among them."""
    said: dict[str, Any] = dict(zip(KEYS, kept, strict=True))
    said["fields"] = json.loads(said["fields"])
    return json.dumps(said) + "\n"


def event_in(line: str) -> Event:
    """The event that a line holds. Raises NoEvent: every key must be there once, and no other."""
    said = _object(line)
    if said.keys() != _EVERY:
        lacking = [key for key in KEYS if key not in said]
        unknown = sorted(said.keys() - _EVERY)
        raise NoEvent("", "", f"it lacks {', '.join(lacking)}" if lacking else f"it has {', '.join(unknown)} besides")
    _check_texts(said)
    if _HALF in line.lower():
        _check_characters(said)
    if _NUL.search(line):
        raise NoEvent("", "", "it holds a NUL character, at which SQLite cuts a text off")
    for key in _OFTEN:
        said[key] = intern(said[key])
    said["day"] = _day(said["day"])
    event = Event(*[said[key] for key in KEYS])
    _check_ids(event)
    _check_moment(event.recorded_at)
    if event.register == SETTINGS and event.kind == RULE:
        _check_setting(event.fields.get("name"), event.fields.get("value"))
    if event.register == SETTINGS and event.kind == PURGED:
        _check_named(event.fields.get("ids"))
    return event


def _object(line: str) -> dict[str, Any]:
    try:
        said = _READER.decode(line)
    except (ValueError, RecursionError) as wrong:
        raise NoEvent("", "", f"no JSON object: {_short(wrong)}") from None
    if not isinstance(said, dict):
        raise NoEvent("", "", "no JSON object")
    return said


def _short(wrong: Exception) -> str:
    return str(wrong).partition(":")[0][:80].lower() or "too deep"


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    said = dict(pairs)
    if len(said) < len(pairs):
        raise ValueError("a key stands there twice")
    return said


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number")


_READER = json.JSONDecoder(object_pairs_hook=_each_once, parse_constant=_no_number)


def _check_texts(said: Mapping[str, object]) -> None:
    for key, value in said.items():
        if type(value) is not str and key != "fields":
            raise NoEvent(key, value, "not a text")
    if type(said["fields"]) is not dict:
        raise NoEvent("fields", said["fields"], "not an object")


def _check_characters(said: Mapping[str, object]) -> None:
    for key, value in said.items():
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise NoEvent(key, ascii(value), "half a character, which no file can hold") from None


@lru_cache(10_000)
def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NoEvent("day", text, "not a day: 2026-03-02") from None
    if day.isoformat() != text:
        raise NoEvent("day", text, "not a day: 2026-03-02")
    return day


@lru_cache(1_000)
def _check_moment(text: str) -> None:
    """A moment has the one form in which text sorts as time."""
    try:
        sound = f"{text[:-1]}+00:00" == datetime.fromisoformat(text).isoformat(timespec="microseconds")
    except ValueError:
        sound = False
    if not (sound and text.endswith("Z")):
        raise NoEvent("recorded_at", text, "not a moment: 2026-03-02T09:30:00.000000Z")


def _check_ids(event: Event) -> None:
    for key in _IDS:
        value = getattr(event, key)
        if value and not _ID.fullmatch(value):
            raise NoEvent(key, value, "not the id of an event")
    if not event.id:
        raise NoEvent("id", "", "no id")
    if not event.kind:
        raise NoEvent("kind", "", "no kind")
    why = "" if event.register == SETTINGS and not event.child_id else unfit(event.child_id)
    if why:
        raise NoEvent("child_id", event.child_id, why)
    if not _fits(event):
        raise NoEvent("opening", event.opening, "an event of a case names its opening, and no other does")
    if bool(event.root) != bool(event.parent):
        raise NoEvent("parent", event.parent, "a correction names what it corrects and the first of its line")
    if event.kind == WITHDRAWN and not event.parent:
        raise NoEvent("parent", "", "a withdrawal names what it withdraws")


def _fits(event: Event) -> bool:
    """Whether it names an opening where it should: an opening need not name itself, nor what puts one right."""
    if event.register in {CHILD, SETTINGS}:
        return not event.opening
    register = registers().get(event.register)
    return bool(event.opening or event.root) or (register is not None and event.kind == register.opening.name)


def _check_setting(name: object, value: object) -> None:
    """That a local value is one: every deadline is counted with it."""
    known = settable(registers()).get(name) if isinstance(name, str) else None
    if not (fits(known, value) if known else isinstance(name, str) and isinstance(value, str | int)):
        raise NoEvent("fields", value, f"not a value that {name} can have")


def _check_named(ids: object) -> None:
    """That an erasure names events, and no more of them than one does."""
    if not (isinstance(ids, list) and 0 < len(ids) <= NAMED_AT_ONCE):
        raise NoEvent("fields", "ids", f"an erasure names the ids of 1 to {NAMED_AT_ONCE} events")
    for id_ in ids:
        if not (isinstance(id_, str) and _ID.fullmatch(id_)):
            raise NoEvent("fields", id_, "not the id of an event")
