"""Deriving: the engine's rows written beside the events, for one child or for all.

Derived tables hold nothing that is not in the events: they are dropped and made again at any time.
"""

from __future__ import annotations

import gc
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cictrack.pathway.child import evaluate_child
from cictrack.registers import registers
from cictrack.store import schema, views
from cictrack.store.events import all_events, events_of, settings_of
from cictrack.store.rows import CASES, DEADLINES, latest_day, rows_of, rule_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cictrack.pathway.declare import Register
    from cictrack.pathway.events import Event
    from cictrack.pathway.settings import Settings
    from cictrack.store.progress import Progress
    from cictrack.store.rows import Row, Rows

BATCH = 2_000
"""Children evaluated before their rows are written."""


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


def derive_child(
    db: sqlite3.Connection, child_id: str, events: Sequence[Event], settings: Settings, *, known: bool = True
) -> str:
    """Evaluate one child and write what differs from its rows; the latest day of its rows is given back.

    `known` says whether it may have rows already.
    """
    rows = rows_of(child_id, evaluate_child(registers(), events, settings))
    for table, new in zip(schema.OF_A_CHILD, rows, strict=True):
        if known:
            _write_differences(db, table, child_id, new)
        elif new:
            db.executemany(table.insert, new)
    return latest_day(rows)


def derive_children(
    db: sqlite3.Connection,
    touched: Mapping[str, Sequence[Event] | None],
    *,
    progress: Progress | None = None,
) -> None:
    """Derive the touched children again: from the given events where they are all there are, else from the file's."""
    settings = settings_of(db)
    latest = ""
    for done, (child_id, events) in enumerate(touched.items()):
        if progress and done % 100 == 0:
            progress(done, len(touched))
        held = events if events is not None else events_of(db, child_id)
        latest = max(latest, derive_child(db, child_id, held, settings, known=events is None))
    if progress:
        progress(len(touched), len(touched))
    _keep(db, "latest_day", max(latest, _kept(db, "latest_day")))


def _write_differences(db: sqlite3.Connection, table: schema.Table, child_id: str, new: Iterable[Row]) -> None:
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
    rules, closures = schema.OF_ALL
    db.executemany(rules.insert, rule_rows(registers(), settings))
    db.executemany(closures.insert, [(day.isoformat(), name) for day, name in settings.closures.items()])
    latest = _write_all(db, registers(), settings, progress)
    for statement in schema.INDEXES:
        db.execute(statement)
    views.create(db, registers())
    _keep(db, "latest_day", latest)
    if fingerprint:
        _keep(db, "fingerprint", fingerprint)


def _write_all(
    db: sqlite3.Connection, declared: Mapping[str, Register], settings: Settings, progress: Progress | None
) -> str:
    """Evaluate and write every child, a batch at a time; the latest day of any row is given back."""
    count = 0
    if progress:
        (count,) = db.execute("SELECT count(DISTINCT child_id) FROM events WHERE child_id > ''").fetchone()
    latest = ""
    batch: Rows = tuple([] for _ in schema.OF_A_CHILD)
    with without_collector():
        for done, (child_id, events) in enumerate(all_events(db), 1):
            rows = rows_of(child_id, evaluate_child(declared, events, settings))
            latest = max(latest, latest_day(rows))
            for all_of, of_child in zip(batch, rows, strict=True):
                all_of.extend(of_child)
            if done % BATCH == 0:
                _flush(db, batch)
                if progress:
                    progress(done, count)
        _flush(db, batch)
    return latest


def _flush(db: sqlite3.Connection, batch: Rows) -> None:
    for table, rows in zip(schema.OF_A_CHILD, batch, strict=True):
        if table is schema.OF_A_CHILD[CASES] or table is schema.OF_A_CHILD[DEADLINES]:
            rows.sort(key=lambda row, key=table.key: row[:key])  # type: ignore[misc]  # bound on purpose
        db.executemany(table.insert, rows)
        rows.clear()


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
