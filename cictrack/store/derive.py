"""Deriving: the engine's rows written beside the events, for one child or for all.

Derived tables hold nothing that is not in the events: they are dropped and made again at any time.
"""

from __future__ import annotations

import gc
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cictrack.pathway.child import evaluate_child
from cictrack.registers import registers
from cictrack.store import schema, views
from cictrack.store.evaluating import evaluating
from cictrack.store.events import all_kept, events_of, settings_of
from cictrack.store.rows import latest_day, of_all, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cictrack.store.evaluating import Derived
    from cictrack.store.events import Kept
    from cictrack.store.progress import Progress
    from cictrack.store.rows import Rows


@contextmanager
def without_collector() -> Iterator[None]:
    """Python's cycle collector off meanwhile: an evaluation makes no cycles, and the search for them takes long."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def deriving(
    db: sqlite3.Connection,
    new: Sequence[Sequence[Kept]],
    held: Sequence[str],
    *,
    progress: Progress | None = None,
) -> Iterator[None]:
    """Derive children inside the caller's transaction: begun at once, written when the caller's block is done.

    `new` are the events of children who have no rows yet, and all there are. `held` are the ids of other children
    whose events the block adds to: theirs are read after it, and only what differs from their rows is written.
    """
    settings = settings_of(db)
    count = len(new) + len(held)
    latest = _kept(db, "latest_day")
    with evaluating(new, settings) as parts:
        yield
        latest = max(latest, _write(db, parts, progress, count))
    declared = registers()
    for done, child_id in enumerate(held, len(new) + 1):
        rows = rows_of(child_id, evaluate_child(declared, events_of(db, child_id), settings))
        latest = max(latest, latest_day(rows))
        _write_differences(db, child_id, rows)
        if progress:
            progress(done, count)
    _keep(db, "latest_day", latest)


def _write(db: sqlite3.Connection, parts: Iterable[Derived], progress: Progress | None, count: int) -> str:
    """Write the rows of children who have none; the latest day of any is given back."""
    latest, done = "", 0
    for part in parts:
        for table, rows in zip(schema.OF_A_CHILD, part.rows, strict=True):
            db.executemany(table.insert, rows)
        latest = max(latest, part.latest)
        done += part.children
        if progress:
            progress(done, count)
    return latest


def _write_differences(db: sqlite3.Connection, child_id: str, rows: Rows) -> None:
    for table, new in zip(schema.OF_A_CHILD, rows, strict=True):
        key = table.key
        old = {row[:key]: row for row in db.execute(table.of_child, (child_id,))}
        changed = [row for row in new if old.pop(row[:key], None) != row]
        if old:
            db.executemany(table.delete, old)
        if changed:
            db.executemany(table.insert, changed)


def rebuild(db: sqlite3.Connection, progress: Progress | None = None, fingerprint: str = "") -> None:
    """Drop every derived table and view and make them again from the events, inside the caller's transaction."""
    settings = settings_of(db)
    views.drop(db)
    for table in (*schema.OF_A_CHILD, *schema.OF_ALL):
        db.execute(f"DROP TABLE IF EXISTS {table.name}")
        db.execute(table.ddl)
    for table, rows in zip(schema.OF_ALL, of_all(registers(), settings), strict=True):
        db.executemany(table.insert, rows)
    with without_collector(), evaluating(all_kept(db), settings) as parts:
        latest = _write(db, parts, progress, _count(db) if progress else 0)
    for statement in schema.INDEXES:
        db.execute(statement)
    views.create(db, registers())
    _keep(db, "latest_day", latest)
    if fingerprint:
        _keep(db, "fingerprint", fingerprint)


def differences(db: sqlite3.Connection, progress: Progress | None = None) -> Iterator[str]:
    """Where the derived rows are not those that the events give, a sentence each. Nothing is written."""
    settings = settings_of(db)
    count, done, latest = _count(db), 0, ""
    given = dict.fromkeys((table.name for table in schema.OF_A_CHILD), 0)
    with without_collector(), evaluating(all_kept(db), settings) as parts:
        for part in parts:
            for table, rows in zip(schema.OF_A_CHILD, part.rows, strict=True):
                given[table.name] += len(rows)
                yield from _not_held(db, table, rows)
            done += part.children
            latest = max(latest, part.latest)
            if progress:
                progress(done, count)
    if _kept(db, "latest_day") < latest:
        yield f"the latest day is held to be {_kept(db, 'latest_day')}, and the events give {latest}"
    for table, rows in zip(schema.OF_ALL, of_all(registers(), settings), strict=True):
        given[table.name] = len(rows)
        yield from _not_held(db, table, rows)
    for table in (*schema.OF_A_CHILD, *schema.OF_ALL):
        (held,) = db.execute(f"SELECT count(*) FROM {table.name}").fetchone()  # noqa: S608 - names of this package
        if held != given[table.name]:
            yield f"{table.name} holds {held:,} rows, and the events give {given[table.name]:,}"


def _not_held(db: sqlite3.Connection, table: schema.Table, rows: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    for row in rows:
        if db.execute(table.of_key, row[: table.key]).fetchone() != row:
            whose = " ".join(map(str, row[: min(table.key, 3)]))
            yield f"a row of {table.name} for {whose} is not what the events give"


def _count(db: sqlite3.Connection) -> int:
    (count,) = db.execute("SELECT count(DISTINCT child_id) FROM events WHERE child_id > ''").fetchone()
    return int(count)


def _kept(db: sqlite3.Connection, name: str) -> str:
    found = db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return found[0] if found else ""


def _keep(db: sqlite3.Connection, name: str, value: str) -> None:
    if _kept(db, name) != value:
        db.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, value))


def known_at(db: sqlite3.Connection, moment: str | None) -> sqlite3.Connection:
    """A register in memory that holds only what was recorded by `moment` (as `recorded_at` spells it; None: all).

    Its rows are derived by the same engine, under today's rules and calendar. It refuses to be written.
    """
    from cictrack.store.migrations import migrate

    memory = sqlite3.connect(":memory:", isolation_level=None)
    memory.execute("BEGIN")
    migrate(memory)
    for table, condition in (
        ("meta", ""),
        ("bank_holidays", ""),
        ("links", ""),
        ("events", "WHERE recorded_at <= ? ORDER BY seq"),
    ):
        rows = db.execute(f"SELECT * FROM {table} {condition}", (moment or "~",) if condition else ())  # noqa: S608
        marks = ", ".join("?" * len(rows.description))
        memory.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - names of this file
    rebuild(memory)
    memory.execute("COMMIT")
    memory.execute("PRAGMA query_only = ON")
    return memory
