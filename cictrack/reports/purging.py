"""What an erasure would take and leave, in lines whose counts add up."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cictrack.reports.words import counted, in_words
from cictrack.store.erasing import erased_since

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from cictrack.store.erasing import Going

SHOWN = 20

ELSEWHERE = (
    "This is a working register and not the case record. The statutory record is kept elsewhere: of a looked-after"
    " child to the 75th anniversary of birth (Care Planning Regulations 2010, regulation 50), of an adoption for at"
    " least 100 years. Look that it is there first."
)
COPIES = (
    "Backups, exports and packs made before hold what was erased still, and so may what a disk keeps of deleted"
    " files: those are not reached from here."
)
FIGURES = (
    "Figures of earlier periods will no longer count these children, the waits of the adoption measures among them:"
    " keep what cictrack kpi gives now, if they are asked for."
)


def missing_since(db: sqlite3.Connection, day: date) -> list[str]:
    """What is said of a list or a figure that looks back to `day`: whoever was erased since is not in it."""
    return [
        f"{counted(events, 'event')} of children erased on {in_words(date.fromisoformat(on))} are in no list and no"
        " figure, of earlier days either."
        for on, events in erased_since(db, day)
    ]


def as_lines(found: Going) -> Iterator[str]:
    """Who goes, what goes with them by register, and what names them elsewhere and is not reached."""
    shown = ", ".join(found.children[:SHOWN])
    more = f" and {len(found.children) - SHOWN:,} more" if len(found.children) > SHOWN else ""
    yield f"{counted(len(found.children), 'child', 'children')}: {shown}{more}"
    for name, (cases, events) in found.registers.items():
        yield f"  {name}: {counted(cases, 'case')}, {counted(events, 'event')}"
    yield f"  their own record: {counted(found.record, 'event')}"
    yield f"  in all: {counted(found.cases, 'case')}, {counted(found.events, 'event')}"
    if found.still_open:
        yield f"{counted(found.still_open, 'of these cases has', 'of these cases have')} not closed."
    yield ELSEWHERE
    yield FIGURES
    if found.beside:
        yield f"{counted(found.beside, 'event')} of other children may name them: their words hold one of the ids."
    if found.in_trail:
        yield f"{counted(found.in_trail, 'entry', 'entries')} of the trail may name them, as part of a file's name."
    yield COPIES
