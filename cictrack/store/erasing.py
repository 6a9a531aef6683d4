"""Erasing: content goes, and what is left proves that it was there and was not changed.

A `purged` event names the events by their ids. It is written as every event is, and whoever takes it in, here or in
another copy, erases what it names in the same transaction.
"""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING, NamedTuple

from cictrack.pathway.events import CHILD, Event
from cictrack.pathway.settable import RETENTION
from cictrack.pathway.settings import NAMED_AT_ONCE, PURGED, SETTINGS
from cictrack.working_days import Amount

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from cictrack.pathway.settings import Settings

_WORD = re.compile(r"[^\W_]+")

ADOPTED = "adopted"
"""The outcome of a case that an adoption order closed."""


class Going(NamedTuple):
    """What an erasure would take: children, their events on no register, and of each register cases and events.

    `still_open` are cases that have not closed; `beside` events of other children whose words hold one of the ids;
    `kept_beside` entries of the trail that do.
    """

    children: Sequence[str]
    record: int
    registers: Mapping[str, tuple[int, int]]
    still_open: int
    beside: int
    in_trail: int

    @property
    def cases(self) -> int:
        """The cases on all registers."""
        return sum(cases for cases, _ in self.registers.values())

    @property
    def events(self) -> int:
        """All events: those of the children's own record and of each register."""
        return self.record + sum(events for _, events in self.registers.values())


def retention(settings: Settings, day: date) -> Amount:
    """How long a child is kept after the last case closed, as it counts on `day`."""
    return settings.amount(RETENTION.name, day, Amount.read(RETENTION.default))


def kept_since(settings: Settings, day: date) -> date:
    """Whose last case closed before this day need not be kept on `day`."""
    return settings.calendar.before(day, retention(settings, day))


def closed_before(db: sqlite3.Connection, day: date) -> list[str]:
    """The children whose last case closed before `day`; none who has had no case, or is in care by their own record."""
    rows = db.execute(
        """SELECT child_id FROM cases GROUP BY child_id
           HAVING count(*) = count(closed_on) AND max(closed_on) < ?
             AND child_id NOT IN (SELECT child_id FROM stays WHERE care_until IS NULL)
           ORDER BY child_id""",
        (day.isoformat(),),
    )
    return [child_id for (child_id,) in rows]


def adopted(db: sqlite3.Connection, day: date) -> list[str]:
    """The children of whom a case closed by an adoption order, by `day`."""
    rows = db.execute(
        "SELECT DISTINCT child_id FROM cases WHERE outcome = ? AND closed_on <= ? AND void = 0 ORDER BY child_id",
        (ADOPTED, day.isoformat()),
    )
    return [child_id for (child_id,) in rows]


def going(db: sqlite3.Connection, children: Sequence[str]) -> Going:
    """What an erasure of these children would take."""
    ids = _list(children)
    events = dict(_of_each(db, "SELECT register, count(*) FROM events", ids))
    cases = dict(_of_each(db, "SELECT register, count(*) FROM cases", ids))
    record = events.pop(CHILD, 0)
    (still_open,) = db.execute(
        "SELECT count(*) FROM cases WHERE closed_on IS NULL AND child_id IN (SELECT value FROM json_each(?))", (ids,)
    ).fetchone()
    others = """SELECT fields FROM events WHERE fields <> '{}'
                AND child_id NOT IN (SELECT value FROM json_each(?)) AND kind <> ?"""
    beside = _naming(db.execute(others, (ids, PURGED)), children)
    in_trail = _naming(db.execute("SELECT detail FROM trail"), children)
    registers = {name: (cases.get(name, 0), events[name]) for name in sorted(events)}
    return Going(children, record, registers, still_open, beside, in_trail)


def _naming(texts: Iterable[tuple[str]], ids: Sequence[str]) -> int:
    """How many texts hold one of these ids as a word of its own, or anywhere where the id is no single word."""
    words = {id_ for id_ in ids if _WORD.fullmatch(id_)}
    others = [id_ for id_ in ids if id_ not in words]
    return sum(not words.isdisjoint(_WORD.findall(text)) or any(id_ in text for id_ in others) for (text,) in texts)


def _of_each(db: sqlite3.Connection, select: str, ids: str) -> list[tuple[str, int]]:
    query = f"{select} WHERE child_id IN (SELECT value FROM json_each(?)) GROUP BY register"  # noqa: S608 - SELECTs of this file
    return db.execute(query, (ids,)).fetchall()


def _list(values: Iterable[str]) -> str:
    import json

    return json.dumps(list(values))


def purged_events(
    db: sqlite3.Connection, children: Sequence[str], day: date, typist: str, said: Mapping[str, str]
) -> list[Event]:
    """The events that name every event of these children. They hold no child's id, and `said` is to hold none."""
    from cictrack.store.events import new_id

    rows = db.execute(
        "SELECT id FROM events WHERE child_id > '' AND child_id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (_list(children),),
    )
    ids = [id_ for (id_,) in rows]
    return [
        Event(new_id(), SETTINGS, "", "", PURGED, day, {"ids": ids[n : n + NAMED_AT_ONCE], **said}, recorded_by=typist)
        for n in range(0, len(ids), NAMED_AT_ONCE)
    ]


def named_by(events: Iterable[Event]) -> set[str]:
    """The ids that `purged` events among these name."""
    found: set[str] = set()
    for event in events:
        if event.kind == PURGED and event.register == SETTINGS:
            ids = event.fields.get("ids")
            found.update(ids if isinstance(ids, list) else ())
    return found


def purges(db: sqlite3.Connection) -> list[Event]:
    """Every erasure that a register holds: appended to an older copy of it, they erase there what they name."""
    from cictrack.store.events import KEPT, event_of

    query = f"SELECT {', '.join(KEPT)} FROM events WHERE child_id = '' AND register = ? AND kind = ? ORDER BY seq"  # noqa: S608 - names of this package
    return [event_of(row) for row in db.execute(query, (SETTINGS, PURGED))]


def erased_since(db: sqlite3.Connection, day: date) -> list[tuple[str, int]]:
    """The days from `day` on, it included, on which something was erased, and how many events were named."""
    query = """SELECT day, sum(json_array_length(fields, '$.ids')) FROM events
               WHERE child_id = '' AND register = ? AND kind = ? AND day >= ? GROUP BY day ORDER BY day"""
    return db.execute(query, (SETTINGS, PURGED, day.isoformat())).fetchall()


def held_of(db: sqlite3.Connection, ids: Iterable[str]) -> int:
    """How many of these ids are events of a child whose content is here."""
    query = "SELECT count(*) FROM events WHERE child_id > '' AND id IN (SELECT value FROM json_each(?))"
    (count,) = db.execute(query, (_list(ids),)).fetchone()
    return int(count)


def erase_named(db: sqlite3.Connection) -> None:
    """Keep which events are named, and take the content of each that has it still, inside `writing`."""
    db.execute(
        """INSERT OR IGNORE INTO erased SELECT named.value, e.id FROM events e, json_each(e.fields, '$.ids') AS named
           WHERE e.child_id = '' AND e.register = ? AND e.kind = ? AND named.type = 'text' ORDER BY e.id""",
        (SETTINGS, PURGED),
    )
    db.execute(
        """UPDATE events SET register = NULL, child_id = NULL, opening = NULL, kind = NULL, day = NULL, fields = NULL,
             root = NULL, parent = NULL, salt = NULL
           WHERE child_id > '' AND id IN (SELECT id FROM erased)"""
    )


def compact(db: sqlite3.Connection) -> bool:
    """Write the file anew, so that no page and no slack of one holds what was erased; False where another reads it.

    `secure_delete` has written zeros over it before: what is left to go is no content that is known of.
    """
    from cictrack.store.writing import is_busy

    try:
        db.execute("VACUUM")
    except sqlite3.OperationalError as error:
        if is_busy(error) or (error.sqlite_errorcode & 0xFF) in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
            return False
        raise
    return True
