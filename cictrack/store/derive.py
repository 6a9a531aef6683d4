"""Deriving: the engine's rows written beside the events, for one child or for all.

Derived tables hold nothing that is not in the events: they are dropped and made again at any time.
"""

from __future__ import annotations

import gc
import sqlite3
from contextlib import contextmanager
from operator import itemgetter
from typing import TYPE_CHECKING

from cictrack.pathway.child import evaluate_child
from cictrack.registers import registers
from cictrack.store import schema, views
from cictrack.store.events import all_events, events_of, settings_of
from cictrack.store.rows import latest_day, rows_of, rule_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cictrack.pathway.declare import Register
    from cictrack.pathway.events import Event
    from cictrack.pathway.settings import Settings
    from cictrack.store.progress import Progress
    from cictrack.store.rows import Rows

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


class _Batch:
    """Rows of many children that have none yet, written together."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._rows: Rows = tuple([] for _ in schema.OF_A_CHILD)
        self._children = 0
        self.latest = ""

    def add(self, rows: Rows) -> None:
        """Take the rows of one more child."""
        self.latest = max(self.latest, latest_day(rows))
        for held, of_child in zip(self._rows, rows, strict=True):
            held.extend(of_child)
        self._children += 1
        if self._children % BATCH == 0:
            self.flush()

    def flush(self) -> None:
        """Write what is held, sorted, so that each table is written from one end to the other."""
        for table, rows in zip(schema.OF_A_CHILD, self._rows, strict=True):
            rows.sort(key=itemgetter(*range(table.key)))
            self._db.executemany(table.insert, rows)
            rows.clear()


def derive_children(
    db: sqlite3.Connection,
    touched: Mapping[str, Sequence[Event] | None],
    *,
    progress: Progress | None = None,
) -> None:
    """Derive the touched children again, inside the caller's transaction.

    A child's events are given where they are all there are, and it has no rows yet; else (None) they are
    read, and only what differs from its rows is written.
    """
    settings = settings_of(db)
    declared = registers()
    new = _Batch(db)
    latest = _kept(db, "latest_day")
    for done, (child_id, events) in enumerate(touched.items(), 1):
        held = events_of(db, child_id) if events is None else events
        rows = rows_of(child_id, evaluate_child(declared, held, settings))
        if events is None:
            latest = max(latest, latest_day(rows))
            _write_differences(db, child_id, rows)
        else:
            new.add(rows)
        if progress and (done % 100 == 0 or done == len(touched)):
            progress(done, len(touched))
    new.flush()
    _keep(db, "latest_day", max(latest, new.latest))


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
    batch = _Batch(db)
    with without_collector():
        for done, (child_id, events) in enumerate(all_events(db), 1):
            batch.add(rows_of(child_id, evaluate_child(declared, events, settings)))
            if progress and (done % 100 == 0 or done == count):
                progress(done, count)
    batch.flush()
    return batch.latest


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
