"""The register's own calendar: the bank holidays it was given when it was made or its rules changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3


def write_calendar(db: sqlite3.Connection) -> None:
    """Write the published bank holidays, unless those the register holds already reach further."""
    from cictrack.store.bank_holidays import published_bank_holidays

    published, last = published_bank_holidays()
    until = last.isoformat()
    held = db.execute("SELECT value FROM meta WHERE name = 'calendar_until'").fetchone()
    if held and held[0] > until:
        return
    db.execute("DELETE FROM bank_holidays")
    db.executemany("INSERT INTO bank_holidays VALUES (?, ?)", [(d.isoformat(), n) for d, n in published.items()])
    db.execute("INSERT OR REPLACE INTO meta VALUES ('calendar_until', ?)", (until,))
