"""The register's own calendar: the bank holidays it was given when it was made or its rules changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from datetime import date


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


def reach(db: sqlite3.Connection, today: date) -> tuple[str, str]:
    """The last day of the bank holidays known, and what should be said of it: empty where it reaches far enough."""
    (until,) = db.execute("SELECT value FROM meta WHERE name = 'calendar_until'").fetchone()
    (beyond,) = db.execute(
        """SELECT count(*) FROM deadlines JOIN rules USING (rule)
           WHERE met_on IS NULL AND stopped_on IS NULL AND due_on > ? AND unit = 'working days'""",
        (until,),
    ).fetchone()
    if until < today.isoformat():
        return until, "that day is past, so working days since are too few by the bank holidays"
    if beyond:
        return until, f"{beyond:,} open deadlines counted in working days are due later, and may be due later still"
    return until, ""
