"""Migrations: what makes a register of one version one of the next, each in a transaction with its own record.

Only the tables that hold the truth are here. The rest is made again by `derive.rebuild`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlite_utils.db import Database
from sqlite_utils.migrations import Migrations

from cictrack.store import APPLICATION_ID, VERSION, schema

if TYPE_CHECKING:
    import sqlite3

MIGRATIONS = Migrations("cictrack")


@MIGRATIONS()
def events_and_links(db: Database) -> None:
    """Events, the links that chain them, the triggers that keep both as they are, and what stands beside."""
    for statement in (schema.EVENTS, schema.LINKS, *schema.BESIDE):
        db.execute(statement)
    for table, key, unique in (("events", "seq", "id"), ("links", "n", "hash")):
        for trigger in schema.only_appended(table, key, unique):
            db.execute(trigger)
    db["events"].create_index(["child_id"], index_name="events_of_child")  # type: ignore[union-attr]  # a table
    db["links"].create_index(["at"], index_name="links_by_moment")  # type: ignore[union-attr]  # a table


@MIGRATIONS()
def trail(db: Database) -> None:
    """The trail of what was done with the register; what was imported until now becomes its first entries."""
    from cictrack.store.trail import IMPORTED, add

    db.execute(schema.TRAIL)
    for trigger in schema.only_appended("trail", "n", "hash"):
        db.execute(trigger)
    columns = "source, file, sha256, rows_read, rows_used, rows_refused, events_added"
    for at, by, *of_file in db.execute(f"SELECT at, by, {columns} FROM imports ORDER BY n").fetchall():  # noqa: S608 - names of this file
        file = dict(zip(("feed", *columns.split(", ")[1:]), of_file, strict=True))
        detail = json.dumps({"files": [file]}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        add(db.conn, at, by, IMPORTED, detail)
    db.execute("DROP TABLE imports")


@MIGRATIONS()
def erasure(db: Database) -> None:
    """The one change of an event that there is: an erasure, which a `purged` event names, takes its content."""
    db.execute("DROP TRIGGER events_no_update")
    for statement in schema.ERASURE:
        db.execute(statement)


def migrate(db: sqlite3.Connection) -> None:
    """Apply what is missing, inside the caller's transaction, and write the version into the file's header."""
    MIGRATIONS.apply(Database(db, execute_plugins=False))
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {VERSION}")
