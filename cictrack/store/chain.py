"""The chain: the events of each link hashed to the link before, over salted digests of their content.

A digest stands for its content, so that a lawful erasure can remove content and salt and leave the
chain provable. A link names the hash before it, so that two copies of a register join as forks of one tree.
"""

from __future__ import annotations

from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

SALT = 16
"""Bytes of salt: what was erased cannot be guessed from its digest."""


def digest(salt: bytes, content: Iterable[str]) -> bytes:
    """The digest of an event's content: register, child_id, opening, kind, day, fields, root, parent."""
    return sha256(salt + "\0".join(content).encode()).digest()


def member(id_: str, at: str, by: str, source: str, digest_: bytes) -> bytes:
    """What an event adds to the hash of its link."""
    return f"{id_}\0{at}\0{by}\0{source}\0".encode() + digest_


def head(db: sqlite3.Connection) -> tuple[int, bytes]:
    """The number and hash of the last link; 0 and nothing in a register without events."""
    found = db.execute("SELECT n, hash FROM links ORDER BY n DESC LIMIT 1").fetchone()
    return found or (0, b"")


def head_text(db: sqlite3.Connection) -> str:
    """The head of the chain as a paper names it: the hash of the last link."""
    return head(db)[1].hex() or "none"


def link_hash(prev: bytes, members: Iterable[bytes]) -> bytes:
    """The hash of a link: over the hash before it, then its events in the order in which they were written."""
    return sha256(prev + b"".join(members)).digest()


def broken(db: sqlite3.Connection) -> Iterator[str]:
    """What does not hold, a sentence each: digests against content, links against events and each other."""
    rows = db.execute(
        """SELECT link, id, recorded_at, recorded_by, source, digest, salt,
                  register, child_id, opening, kind, day, fields, root, parent
           FROM events ORDER BY seq"""
    )
    seen: set[int] = set()
    for n, of_link in groupby(rows, key=itemgetter(0)):
        members = []
        for _, id_, at, by, source, digest_, salt, *content in of_link:
            if salt is not None and digest(salt, content) != digest_:
                yield f"event {id_} is not what was recorded"
            members.append(member(id_, at, by, source, digest_))
        if n in seen:
            yield f"the events of link {n} do not stand together"
        seen.add(n)
        yield from _broken_link(db, n, members)
    for n, events in db.execute("SELECT n, events FROM links ORDER BY n"):
        if n not in seen and events:
            yield f"link {n} holds 0 events of {events}"
    for (n,) in db.execute("SELECT n FROM links WHERE prev <> x'' AND prev NOT IN (SELECT hash FROM links) ORDER BY n"):
        yield f"link {n} follows one that is not there"
    yield from _lost(db)


def broken_links(db: sqlite3.Connection, child_id: str) -> Iterator[str]:
    """What does not hold of the links that a child's events are in, a sentence each: who recorded what, and when."""
    spans = db.execute(
        """SELECT n, links.events, min(seq), max(seq) FROM events JOIN links ON n = link
           WHERE child_id = ? GROUP BY n""",
        (child_id,),
    ).fetchall()
    for n, count, first, last in spans:
        # A link's events stand together, so that no more of them need be read than it can reach.
        rows = db.execute(
            """SELECT id, recorded_at, recorded_by, source, digest FROM events
               WHERE seq > ? AND seq < ? AND link = ? ORDER BY seq""",
            (last - count, first + count, n),
        )
        yield from _broken_link(db, n, [member(*row) for row in rows])


def _broken_link(db: sqlite3.Connection, n: int, members: Sequence[bytes]) -> Iterator[str]:
    found = db.execute("SELECT prev, hash, events FROM links WHERE n = ?", (n,)).fetchone()
    if found is None:
        yield f"link {n} is not there, and events name it"
        return
    prev, hash_, events = found
    if len(members) != events:
        yield f"link {n} holds {len(members)} events of {events}"
    elif link_hash(prev, members) != hash_:
        yield f"link {n} does not fit its events"


def _lost(db: sqlite3.Connection) -> Iterator[str]:
    """Events without content that no erasure names, and those that one names and that have it still."""
    rows = db.execute(
        """WITH named (id) AS MATERIALIZED (
             SELECT DISTINCT value FROM events,
               json_each(CASE WHEN json_valid(fields) THEN fields ELSE '{}' END, '$.ids')
             WHERE child_id = '' AND register = 'settings' AND kind = 'purged')
           SELECT id, salt IS NULL FROM events
           WHERE salt IS NULL AND id NOT IN named OR child_id > '' AND id IN named ORDER BY seq"""
    )
    for id_, lost in rows:
        yield f"event {id_} has {'lost its content, and no erasure names it' if lost else 'what an erasure took'}"
