"""Writing: one transaction a command, in which events are appended and the rows of their children derived.

There is no other way in. Nothing is read first and changed after: events are only added.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from cictrack.errors import Locked, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cictrack.pathway.events import Event
    from cictrack.store.events import Kept
    from cictrack.store.progress import Progress

MANY = 1_000
"""From so many events in one transaction on, the cycle collector waits."""

IN_A_LINK = 10_000
"""Events of one link: a transaction of more has several, or all of its rows would be in memory at once."""


CACHE_KIB = 32768
"""Pages that a writing process may keep in memory: ids come in no order, and else each is read from the disk again.
Half as much again, and an import of 100,000 events needs more than 200 MB."""


def _as_it_is(value: bytes | None) -> bytes | None:
    return value


for _kind in (type(None), bytes):
    # Python's module has no short way for these: for each value it looks for an adapter, and formats an error.
    sqlite3.register_adapter(_kind, _as_it_is)


class Appended(NamedTuple):
    """How many events were added, and how many the register held already."""

    added: int
    unchanged: int


def is_busy(error: sqlite3.Error) -> bool:
    """Whether SQLite gave up waiting for another process."""
    return (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


LOCKED = "Another process is writing this register, and still is after the wait: nothing was done. Try again."


@contextmanager
def writing(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One transaction: all of it is written, or none. Raises Locked when another process holds the register."""
    try:
        db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
    except sqlite3.OperationalError as error:
        if is_busy(error):
            raise Locked(LOCKED) from error
        if (error.sqlite_errorcode & 0xFF) in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY}:
            raise Refused(f"Nothing was written: {error}. Look at the disk and the file's permissions.") from error
        raise


def append(db: sqlite3.Connection, events: Sequence[Event], *, progress: Progress | None = None) -> Appended:
    """Add events to the chain and derive the children they touch, inside `writing`.

    An event whose id the register holds, or that an erasure took, is skipped and counted. An event without
    `recorded_at` is recorded now. What a `purged` event names loses its content at once: there `compact` is to follow.
    """
    new = _unknown(db, events)
    if new:
        if len(new) < MANY:
            _append(db, new, progress)
        else:
            from cictrack.store.derive import without_collector

            with without_collector():
                _append(db, new, progress)
    return Appended(len(new), len(events) - len(new))


def _unknown(db: sqlite3.Connection, events: Sequence[Event]) -> list[Event]:
    """The events whose ids are not in the register and that no erasure names, here or among them; each once."""
    from cictrack.store.erasing import named_by

    by_id = {event.id: event for event in reversed(events)}
    for (known,) in _in(
        db, "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM events WHERE id = value)", by_id
    ):
        del by_id[known]
    erased = _in(db, "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM erased WHERE id = value)", by_id)
    for id_ in {id_ for (id_,) in erased} | named_by(by_id.values()) & by_id.keys():
        if by_id[id_].child_id:
            del by_id[id_]
    return list(reversed(by_id.values()))


def _in(db: sqlite3.Connection, query: str, values: Iterable[str]) -> list[tuple[str]]:
    import json

    found: list[tuple[str]] = []
    left = iter(list(values))
    while part := list(islice(left, 10_000)):
        found += db.execute(query, (json.dumps(part),)).fetchall()
    return found


def _append(db: sqlite3.Connection, events: Sequence[Event], progress: Progress | None) -> None:
    from cictrack.pathway.settings import SETTINGS
    from cictrack.store.derive import deriving, rebuild
    from cictrack.store.erasing import erase_named
    from cictrack.store.events import CHILD_ID, KEPT, kept_of, now_text

    now = now_text()
    kept = [kept_of(event if event.recorded_at else event._replace(recorded_at=now)) for event in events]
    touched: dict[str, list[Kept]] = {}
    for one in kept:
        touched.setdefault(one[CHILD_ID], []).append(one)
    of_nobody = touched.pop("", ())
    here = "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM events WHERE child_id = value)"
    held = {child_id for (child_id,) in _in(db, here, touched)}
    if any(one[KEPT.index("register")] == SETTINGS for one in of_nobody):
        link(db, kept)
        erase_named(db)
        rebuild(db, progress)
        return
    new = [of_child for child_id, of_child in sorted(touched.items()) if child_id not in held]
    with deriving(db, new, sorted(held), progress=progress):
        link(db, kept)


def link(db: sqlite3.Connection, kept: Sequence[Kept]) -> None:
    """Chain events and write them, inside `writing`: nothing is derived of them.

    Some thousands to a link: memory is asked for as many rows as one link holds.
    """
    from cictrack.store import chain

    last, prev = chain.head(db)
    for start in range(0, len(kept), IN_A_LINK):
        last += 1
        prev = _insert(db, last, prev, kept[start : start + IN_A_LINK])


def _insert(db: sqlite3.Connection, n: int, prev: bytes, kept: Sequence[Kept]) -> bytes:
    """Write one link and its events; its hash is given back."""
    from cictrack.store import chain
    from cictrack.store.events import AT

    salts = os.urandom(chain.SALT * len(kept))
    rows: list[tuple[Any, ...]] = []
    members: list[bytes] = []
    for place, one in enumerate(kept):
        salt = salts[place * chain.SALT : (place + 1) * chain.SALT]
        id_, *content, at, by, source, root, parent = one
        digest = chain.digest(salt, (*content, root, parent))
        members.append(chain.member(id_, at, by, source, digest))
        rows.append((*one, salt, digest, n))
    hash_ = chain.link_hash(prev, members)
    _, by, source, _, _ = kept[-1][AT:]
    at = max(one[AT] for one in kept)
    # The link first: for a parent that comes after its children SQLite looks through every event there is.
    db.execute(
        "INSERT INTO links (n, prev, hash, at, by, source, events) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (n, prev, hash_, at, by, source, len(kept)),
    )
    db.executemany(
        """INSERT INTO events (id, register, child_id, opening, kind, day, fields, recorded_at, recorded_by, source,
             root, parent, salt, digest, link) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        rows,
    )
    return hash_
