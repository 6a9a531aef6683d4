"""A fingerprint of everything that derived rows depend on beside the events: rules, engine, calendar, tables.

It is read off the sources, without importing one of them, at the start of every command.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from zlib import crc32

from cictrack import registers

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

_PACKAGE = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120 - pathlib takes as long as reading the files
_STORE = ("bank_holidays", "derive", "rows", "schema", "sealed", "views")
_BESIDE = ("working_days.py", *(f"store/{name}.py" for name in _STORE))


def _sources() -> Iterator[str]:
    """The files that say what is derived, in an order that does not depend on the disk."""
    for folder in (f"{_PACKAGE}/pathway", registers.FOLDER):
        yield from sorted(entry.path for entry in os.scandir(folder) if entry.name.endswith(".py"))
    yield from (f"{_PACKAGE}/{name}" for name in _BESIDE)


def fingerprint(db: sqlite3.Connection) -> str:
    """The fingerprint of this installation on this register's calendar."""
    found = 0
    for path in _sources():
        with open(path, "rb") as source:  # noqa: PTH123 - as above
            found = crc32(source.read().replace(b"\r\n", b"\n"), found)
    for (day,) in db.execute("SELECT day FROM bank_holidays ORDER BY day"):
        found = crc32(day.encode(), found)
    for (until,) in db.execute("SELECT value FROM meta WHERE name = 'calendar_until'"):
        found = crc32(until.encode(), found)
    return f"{found:08x}"
