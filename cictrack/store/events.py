"""Events in the file: their ids, their moments, and reading them back."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from cictrack.errors import Damaged
from cictrack.pathway.events import Event

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

    from cictrack.pathway.settings import Settings


Kept = tuple[Any, ...]
"""An event as it is kept: the text of its columns, in the order of KEPT."""

KEPT = (
    *("id", "register", "child_id", "opening", "kind", "day", "fields"),
    *("recorded_at", "recorded_by", "source", "root", "parent"),
)
CHILD_ID, AT = KEPT.index("child_id"), KEPT.index("recorded_at")
_COLUMNS = ", ".join(KEPT)
_last = 0
_encoded = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_decoded = json.JSONDecoder().decode
_day = lru_cache(maxsize=16_384)(date.fromisoformat)


def new_id() -> str:
    """A new UUIDv7: global, ordered by time, and always greater than the last one of this process."""
    global _last  # noqa: PLW0603 - the clock may stand still or be set back, and ids may not
    milliseconds, nanoseconds = divmod(time.time_ns(), 1_000_000)
    _last = max(_last + 1, milliseconds << 12 | nanoseconds * 4096 // 1_000_000)
    random = int.from_bytes(os.urandom(8)) >> 2
    return _spelt(_last >> 12 << 80 | 7 << 76 | (_last & 0xFFF) << 64 | 2 << 62 | random)


def content_id(*parts: str) -> str:
    """An id made from what an imported fact says (UUIDv8), so that two copies count it once."""
    import hashlib

    number = int.from_bytes(hashlib.sha256("\0".join(parts).encode()).digest()[:16])
    return _spelt(number & ~(0xF << 76 | 3 << 62) | 8 << 76 | 2 << 62)


def _spelt(number: int) -> str:
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def now_text() -> str:
    """The moment of recording: UTC of fixed width, so that text sorts as time. Always the real clock."""
    return datetime.now(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def fields_text(event: Event) -> str:
    """An event's fields as they are kept and digested: the same fields give the same text."""
    if not event.fields:
        return "{}"
    return _encoded(event.fields)


def event_of(kept: Kept) -> Event:
    """The event, as it was recorded."""
    id_, register, child_id, opening, kind, day, fields, *rest = kept
    held = _decoded(fields) if fields != "{}" else {}
    return Event(id_, register, child_id, opening, kind, _day(day), held, *rest)


def kept_of(event: Event) -> Kept:
    """The event as it is kept: what `event_of` reads. The moment of recording must be there."""
    content = (event.register, event.child_id, event.opening, event.kind, event.day.isoformat(), fields_text(event))
    return (event.id, *content, event.recorded_at, event.recorded_by, event.source, event.root, event.parent)


def events_of(db: sqlite3.Connection, child_id: str) -> list[Event]:
    """Every event of one child, in every register, as recorded: corrected and withdrawn ones too.

    Raises Damaged where one is not what was recorded: what is made of these is shown, and an index hides no fault.
    """
    query = f"SELECT {_COLUMNS}, salt, digest FROM events WHERE child_id = ? ORDER BY seq"  # noqa: S608 - names of this file
    return list(_proven(db.execute(query, (child_id,))))


def _proven(rows: Iterable[Kept]) -> Iterator[Event]:
    from cictrack.store.chain import digest

    for *kept, salt, known in rows:
        if digest(salt, (*kept[1:AT], *kept[AT + 3 :])) != known:
            raise Damaged(f"Event {kept[0]} of this register is not what was recorded. What to do: cictrack doctor")
        yield event_of(tuple(kept))


def recorded_of(db: sqlite3.Connection, child_id: str) -> list[Event]:
    """The same, where who recorded them and when is shown: raises Damaged if that does not fit the chain either."""
    from cictrack.store.chain import broken_links

    events = events_of(db, child_id)
    for broken in broken_links(db, child_id):
        raise Damaged(f"Of this register {broken}. What to do: cictrack doctor")
    return events


def all_kept(db: sqlite3.Connection) -> Iterator[list[Kept]]:
    """Each child's events, child by child."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM events WHERE child_id > '' ORDER BY child_id, seq")  # noqa: S608
    for _, of_child in groupby(rows, key=itemgetter(CHILD_ID)):
        yield list(of_child)


def has_child(db: sqlite3.Connection, child_id: str) -> bool:
    """Whether anything was ever recorded of the child."""
    return db.execute("SELECT 1 FROM events WHERE child_id = ? LIMIT 1", (child_id,)).fetchone() is not None


def settings_events(db: sqlite3.Connection) -> list[Event]:
    """Every event by which an authority set something for itself, as recorded: corrected and withdrawn ones too.

    Raises Damaged as `events_of` does.
    """
    from cictrack.pathway.settings import PURGED, SETTINGS

    query = f"""SELECT {_COLUMNS}, salt, digest FROM events
      WHERE child_id = '' AND register = ? AND kind <> ? ORDER BY id"""  # noqa: S608 - names of this file
    return list(_proven(db.execute(query, (SETTINGS, PURGED))))


def settings_of(db: sqlite3.Connection, unwritten: Sequence[Event] = ()) -> Settings:
    """The calendar and local values that the register holds, and would hold with events not yet written."""
    from collections import defaultdict

    from cictrack.pathway.events import standing
    from cictrack.pathway.settings import CLOSURE, RULE, Settings
    from cictrack.working_days import Calendar

    stand, _ = standing([*settings_events(db), *unwritten])
    closures = {e.day: str(e.fields.get("name", "")) for e in stand if e.kind == CLOSURE}
    values: defaultdict[str, list[tuple[date, str, Any]]] = defaultdict(list)
    for event in stand:
        if event.kind == RULE:
            values[event.fields["name"]].append((event.day, event.line, event.fields["value"]))
    in_order = {name: tuple((d, v) for d, _, v in sorted(of, key=lambda x: x[:2])) for name, of in values.items()}
    holidays = {date.fromisoformat(day): name for day, name in db.execute("SELECT day, name FROM bank_holidays")}
    until = db.execute("SELECT value FROM meta WHERE name = 'calendar_until'").fetchone()
    return Settings(Calendar(holidays, date.fromisoformat(until[0])), closures, in_order)
