"""Recovering: every event of a damaged register that is still what was recorded, and what of it is lost.

An event is taken only when its content fits its digest. The chain is kept as far as it is whole, so that packs made
until then still name a forebear; what was recorded after it is chained anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from cictrack.store import chain, trail
from cictrack.store.pages import rows

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from cictrack.store.progress import Progress

    Values = Sequence[Any]

OWN = ("today", "synthetic")
"""What a register says of itself in `meta`, and nothing can make again."""

_EVENT, _LINK, _ENTRY, _META = 16, (bytes, bytes, str, str, str, int), (str, str, str, str, bytes, bytes), (str, str)
"""By what rows are told apart: the number of an event's columns, and what the columns of others hold."""


@dataclass(frozen=True)
class Found:
    """What could be read. Events, links and entries of the trail by their numbers in the file, whole as they lie there.

    `spoilt` are events whose content is not what was recorded, each with the child it names, if it can be believed.
    """

    events: dict[int, Values] = field(default_factory=dict)
    spoilt: dict[str, str] = field(default_factory=dict)
    links: dict[int, Values] = field(default_factory=dict)
    entries: dict[int, Values] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)


class Loss(NamedTuple):
    """A link that its events do not fit any more: some are lost, or when and by whom one was recorded was changed.

    `at`, `by` and `events` are not known where the link itself is lost.
    """

    link: int
    read: int
    events: int | None
    at: str
    by: str


class Recovered(NamedTuple):
    """How many events the new register holds, up to which link the old chain is whole, and what was lost."""

    events: int
    whole: int
    losses: Sequence[Loss]
    entries_lost: int


def read(path: Path) -> Found:
    """Everything of the file that is still what was written, page by page."""
    found = Found()
    for rowid, values in rows(path):
        if rowid is None:
            if _hold(values, _META) and values[0] in OWN:
                found.own[str(values[0])] = str(values[1])
        elif len(values) == _EVENT and isinstance(values[1], str):
            _take_event(found, rowid, values)
        elif _hold(values[1:], _LINK):
            found.links[rowid] = (rowid, *values[1:])
        elif _hold(values[1:], _ENTRY):
            found.entries[rowid] = (rowid, *values[1:])
    return found


def _hold(values: Values, kinds: Sequence[type]) -> bool:
    return len(values) == len(kinds) and all(isinstance(v, kind) for v, kind in zip(values, kinds, strict=True))


def _take_event(found: Found, seq: int, values: Values) -> None:
    id_, salt, digest = values[1], values[13], values[14]
    if salt is None or _fits(values):
        found.events[seq] = (seq, *values[1:])
    elif isinstance(digest, bytes):
        found.spoilt[id_] = str(values[3] or "")


def _fits(values: Values) -> bool:
    content, salt = [*values[2:8], *values[11:13]], values[13]
    held = all(isinstance(value, str) for value in content) and isinstance(salt, bytes)
    return held and chain.digest(salt, content) == values[14]


def write(db: sqlite3.Connection, found: Found, by: str, of: str, progress: Progress | None = None) -> Recovered:
    """Write what was read of the file `of` into a new register, inside `writing`, and derive its rows."""
    from cictrack.store.derive import rebuild
    from cictrack.store.erasing import erase_named
    from cictrack.store.fingerprint import fingerprint
    from cictrack.store.writing import link

    by_link: dict[int, list[Values]] = {}
    for seq in sorted(found.events):
        by_link.setdefault(found.events[seq][15], []).append(found.events[seq])
    whole = _whole(found, by_link)
    for n in range(1, whole + 1):
        db.execute("INSERT INTO links VALUES (?, ?, ?, ?, ?, ?, ?)", found.links[n])
        db.executemany(f"INSERT INTO events VALUES ({', '.join('?' * _EVENT)})", by_link[n])  # noqa: S608 - marks
    left = [event for n in sorted(by_link) if n > whole for event in by_link[n] if event[13] is not None]
    if left:
        link(db, [tuple(event[1:13]) for event in left])
    erase_named(db)
    db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", found.own.items())
    entries = _write_entries(db, found)
    (events,) = db.execute("SELECT count(*) FROM events").fetchone()
    done = Recovered(events, whole, [*_losses(found, by_link, whole)], len(found.entries) - entries)
    trail.keep(
        db, trail.RECOVERED, by, {"from": of, "events": events, "links_whole": whole, "losses": len(done.losses)}
    )
    rebuild(db, progress, fingerprint(db))
    return done


def _whole(found: Found, by_link: dict[int, list[Values]]) -> int:
    """The number of the last link up to which every event is there and fits the chain."""
    n, prev = 0, b""
    while (link := found.links.get(n + 1)) and link[1] == prev and _link_fits(link, by_link.get(n + 1, ())):
        n, prev = n + 1, link[2]
    return n


def _link_fits(link: Values, events: Sequence[Values]) -> bool:
    members = [chain.member(e[1], e[8], e[9], e[10], e[14]) for e in events]
    return bool(len(members) == link[6] and chain.link_hash(link[1], members) == link[2])


def _write_entries(db: sqlite3.Connection, found: Found) -> int:
    """Write the trail as far as it is whole, in the place of the new register's own; how many entries that are."""
    n, prev = 0, b""
    while (entry := found.entries.get(n + 1)) and trail.follows(prev, tuple(entry)):
        n, prev = n + 1, entry[6]
        db.execute("INSERT INTO trail VALUES (?, ?, ?, ?, ?, ?, ?)", tuple(entry))
    return n


def _losses(found: Found, by_link: dict[int, list[Values]], whole: int) -> Iterator[Loss]:
    for n in range(whole + 1, max([*found.links, *by_link], default=0) + 1):
        link, read = found.links.get(n), [event for event in by_link.get(n, ()) if event[13] is not None]
        if link is None:
            yield Loss(n, len(read), None, "", "")
        elif not _link_fits(link, by_link.get(n, ())):
            yield Loss(n, len(read), link[6], link[3], link[4])
