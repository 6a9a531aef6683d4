"""Which files were imported: when, by whom, and the hash that proves which file it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable


class Imported(NamedTuple):
    """One file of an import, and what became of its rows."""

    source: str
    file: str
    sha256: str
    rows_read: int
    rows_used: int
    rows_refused: int
    events_added: int


def keep_imported(db: sqlite3.Connection, by: str, files: Iterable[Imported]) -> None:
    """Keep who imported which files, inside `writing`. One that brought nothing and was kept before is not repeated."""
    from cictrack.store.events import now_text

    at = now_text()
    known = set(db.execute("SELECT source, sha256 FROM imports"))
    db.executemany(
        """INSERT INTO imports (at, by, source, file, sha256, rows_read, rows_used, rows_refused, events_added)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [(at, by, *file) for file in files if file.events_added or (file.source, file.sha256) not in known],
    )
