"""Derived rows that prove themselves: each has a seal, a check sum of what it says, compared as it is read.

A disk that turns a bit in an event is found by its digest; this finds one turned in a row that was derived from
events, before a list shows it. Seals are no secret and no signature: who can write the file can write them too.
"""

from __future__ import annotations

from marshal import dumps
from typing import TYPE_CHECKING, Any
from zlib import crc32

from cictrack.store import schema

if TYPE_CHECKING:
    import sqlite3

    Row = tuple[Any, ...]

_FORMAT = 2
"""Of `marshal`: the last in which equal rows have equal bytes, whatever objects they share."""

_BITS = 0x7FFFFFFF
"""As many as SQLite keeps in four bytes."""

MANY = 20_000
"""Children: where every row is read, to prove each takes half as long again, which of fewer nobody notices."""

UNPROVEN = "user-defined function"
"""What SQLite's errors say when a row that is read is not what its seal says: there is no other such function."""


def sealed(row: Row) -> Row:
    """The row, and its seal after it."""
    return (*row, crc32(dumps(row, _FORMAT)) & _BITS)


def prove(db: sqlite3.Connection) -> None:
    """From now on a query of derived tables fails at a row that is not as it was sealed. Those of no child are now."""
    db.create_function("proven", -1, _proven, deterministic=True)
    for table in schema.OF_A_CHILD:
        # In a query of its own, so that it is asked last: where a condition says what a column is, SQLite puts that in
        # the column's place here too, before it has looked whether it is so.
        proven = f"SELECT {table.quoted} FROM main.{table.name} WHERE (SELECT {_holds(table)})"  # noqa: S608 - names of the schema
        db.execute(f"CREATE TEMP VIEW {table.name} AS {proven}")
    for table in schema.OF_ALL:
        db.execute(f"SELECT count(*) FROM {table.name} WHERE {_holds(table)}")  # noqa: S608 - as above


def as_they_lie(db: sqlite3.Connection, many: int = MANY) -> bool:
    """Where the register has `many` children or more, read rows as they lie from now on, and say that it is so."""
    (children,) = db.execute("SELECT count(*) FROM main.children").fetchone()
    if children < many:
        return False
    db.execute("PRAGMA query_only = OFF")
    for table in schema.OF_A_CHILD:
        db.execute(f"DROP VIEW IF EXISTS temp.{table.name}")
    db.execute("PRAGMA query_only = ON")
    return True


def _holds(table: schema.Table) -> str:
    *columns, seal = table.quoted.split(", ")
    return f"proven({seal}, {', '.join(columns)})"


def _proven(seal: int, *row: str | int | None) -> bool:
    if crc32(dumps(row, _FORMAT)) & _BITS != seal:
        raise ValueError("not what was derived")
    return True
