"""What was done with a register: each transaction of events, and each entry of its trail."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from cictrack.pathway.settings import PURGED, SETTINGS
from cictrack.store import trail

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

RECORDED, RULES = "record", "rules"
"""What a transaction of events is: about children, or by which an authority set something for itself."""

DID = (RECORDED, RULES, *trail.KINDS)


class Act(NamedTuple):
    """One act: the moment (UTC), who, what, of how many rows or events, with names or not, and what belongs to it."""

    at: str
    by: str
    did: str
    rows: int | None
    names: bool
    detail: Mapping[str, Any]


def acts(db: sqlite3.Connection) -> list[Act]:
    """Everything that was done, the newest first."""
    found = [*_transactions(db), *_entries(db)]
    return sorted(found, key=lambda act: act.at, reverse=True)


def _transactions(db: sqlite3.Connection) -> list[Act]:
    """One for each command that recorded, however many links it has."""
    rules = Counter(
        link
        for (link,) in db.execute(
            "SELECT link FROM events WHERE child_id = '' AND register = ? AND kind <> ?", (SETTINGS, PURGED)
        )
    )
    found: dict[tuple[str, str, str, str], int] = {}
    for n, at, by, source, events in db.execute("SELECT n, at, by, source, events FROM links ORDER BY n"):
        key = (at, by, source, RULES if n in rules else RECORDED)
        found[key] = found.get(key, 0) + events
    return [Act(at, by, did, n, names=False, detail={"source": source}) for (at, by, source, did), n in found.items()]


def _entries(db: sqlite3.Connection) -> list[Act]:
    found = []
    for at, by, did, text in db.execute("SELECT at, by, did, detail FROM trail ORDER BY n"):
        detail = json.loads(text)
        files = detail.get("files", ())
        rows = sum(file.get("rows_read", 0) for file in files) if files else detail.get("rows", detail.get("events"))
        found.append(Act(at, by, did, rows, names=bool(detail.get("names")), detail=detail))
    return found
