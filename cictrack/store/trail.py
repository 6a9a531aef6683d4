"""The trail: what was done with a register as a whole, beside what was recorded in it.

Who made it, what was imported and what was exported; each entry is hashed to the one before, as events are,
and none is ever changed. It stays with this file: no export carries it.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence

MADE, IMPORTED, EXPORTED, PACK = "made", "import", "export", "pack"
BACKED_UP, RESTORED, RECOVERED = "backup", "restore", "recover"
PURGED = "purge"
ENCRYPTED, DECRYPTED, REKEYED = "encrypt", "decrypt", "rekey"
KINDS = (MADE, IMPORTED, EXPORTED, PACK, BACKED_UP, RESTORED, RECOVERED, PURGED, ENCRYPTED, DECRYPTED, REKEYED)


def keep(db: sqlite3.Connection, did: str, by: str, detail: Mapping[str, Any]) -> None:
    """Add an entry, inside `writing`: what was done, by whom, and what belongs to it."""
    from cictrack.store.events import now_text

    add(db, now_text(), by, did, json.dumps(detail, sort_keys=True, separators=(",", ":"), ensure_ascii=False))


def add(db: sqlite3.Connection, at: str, by: str, did: str, detail: str) -> None:
    """Add an entry as it is to stand."""
    n, prev = db.execute("SELECT n, hash FROM trail ORDER BY n DESC LIMIT 1").fetchone() or (0, b"")
    entry = (n + 1, at, by, did, detail)
    db.execute(
        "INSERT INTO trail (n, at, by, did, detail, prev, hash) VALUES (?, ?, ?, ?, ?, ?, ?)", _linked(prev, entry)
    )


def last_pack(db: sqlite3.Connection, day: str, of: Mapping[str, Sequence[str]]) -> str:
    """The latest day before `day` that a pack of these cases was made for, else one of all cases; empty without."""
    cases = json.dumps(of, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    (found,) = db.execute(
        """SELECT coalesce(max(as_of) FILTER (WHERE of = :of), max(as_of) FILTER (WHERE of = '{}'), '')
           FROM (SELECT json_extract(detail, '$.as_of') AS as_of, coalesce(json_extract(detail, '$.of'), '{}') AS of
                 FROM trail WHERE did = :did)
           WHERE as_of < :day""",
        {"day": day, "of": cases, "did": PACK},
    ).fetchone()
    return str(found)


def keep_import(db: sqlite3.Connection, by: str, files: Sequence[Mapping[str, Any]], *, added: bool) -> None:
    """Keep which files were imported: one that brought nothing and was kept before is not repeated."""
    if added or not all(_imported(db, file) for file in files):
        keep(db, IMPORTED, by, {"files": files})


def _imported(db: sqlite3.Connection, file: Mapping[str, Any]) -> bool:
    found = db.execute(
        """SELECT 1 FROM trail, json_each(detail, '$.files') AS f WHERE did = ?
           AND json_extract(f.value, '$.sha256') = ? AND json_extract(f.value, '$.feed') = ?""",
        (IMPORTED, file["sha256"], file["feed"]),
    )
    return found.fetchone() is not None


def _linked(prev: bytes, entry: tuple[int, str, str, str, str]) -> tuple[Any, ...]:
    return (*entry, prev, sha256(prev + "\0".join(map(str, entry)).encode()).digest())


def broken(db: sqlite3.Connection) -> Iterator[str]:
    """What does not hold, a sentence each: an entry that is not what was kept, or that is not there."""
    last = b""
    for place, row in enumerate(db.execute("SELECT n, at, by, did, detail, prev, hash FROM trail ORDER BY n"), 1):
        if row[0] != place:
            yield f"entry {row[0]} of the trail does not follow the one before it"
        elif not follows(last, row):
            yield f"entry {row[0]} of the trail is not what was kept"
        last = row[-1]


def follows(prev: bytes, row: tuple[Any, ...]) -> bool:
    """Whether a row of the trail is what was kept, after the entry with this hash."""
    return row == _linked(prev, row[:5])
