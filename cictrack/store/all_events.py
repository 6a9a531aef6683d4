"""Every event of a register, in the order that counts."""

from __future__ import annotations

import json
from array import array
from typing import TYPE_CHECKING, NamedTuple

from cictrack.pathway.events import CHILD
from cictrack.pathway.record import KINDS
from cictrack.registers import registers
from cictrack.store.events import KEPT

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Generator, Sequence

    from cictrack.store.events import Kept

AT_ONCE = 1_000


class Held(NamedTuple):
    """How many events there are, how many have lost their content to an erasure, and how many children are named."""

    events: int
    erased: int
    named: int


def held(db: sqlite3.Connection) -> Held:
    """What a copy of every event would hold."""
    events, kept = db.execute("SELECT count(*), count(salt) FROM events").fetchone()
    (named,) = db.execute(
        """SELECT count(DISTINCT child_id) FROM events
           WHERE register = ? AND kind = 'about' AND json_extract(fields, '$.name') IS NOT NULL""",
        (CHILD,),
    ).fetchone()
    return Held(events, events - kept, named)


def held_under(db: sqlite3.Connection, ids: Sequence[str]) -> dict[str, Kept | None]:
    """Of `ids` those that the register holds: the event as it is kept, None for one whose content was erased."""
    columns = ", ".join(f"e.{name}" for name in KEPT)
    found = db.execute(
        f"SELECT {columns}, salt IS NOT NULL FROM json_each(?) CROSS JOIN events e ON e.id = json_each.value",  # noqa: S608 - names of this package
        (json.dumps(ids),),
    )
    held: dict[str, Kept | None] = {row[0]: row[:-1] if row[-1] else None for row in found}
    named = db.execute("SELECT value FROM json_each(?) WHERE value IN (SELECT id FROM erased)", (json.dumps(ids),))
    return held | dict.fromkeys((id_ for (id_,) in named), None)


def every_event(db: sqlite3.Connection) -> Generator[Kept]:
    """The events whose content is there: by day, place in the register's table, moment of recording, id.

    Where they stand is found first and their content is fetched in parts, so that memory does not grow with it.
    """
    order = array("q", (seq for (seq,) in db.execute(_IN_ORDER, (json.dumps(_places()),))))
    columns = ", ".join(f"e.{name}" for name in KEPT)
    for start in range(0, len(order), AT_ONCE):
        part = order[start : start + AT_ONCE].tolist()
        # An event is never changed, but it may be erased meanwhile.
        yield from db.execute(
            f"""SELECT {columns} FROM json_each(?) CROSS JOIN events e ON seq = json_each.value
                WHERE salt IS NOT NULL ORDER BY json_each.key""",  # noqa: S608 - names of this package
            (json.dumps(part),),
        )


def _places() -> list[tuple[str, str, int]]:
    """The place of each kind in its register's table, and in the child's own record."""
    of_registers = [(name, kind, n) for name, register in registers().items() for kind, n in register.place.items()]
    return [*of_registers, *((CHILD, kind.name, n) for n, kind in enumerate(KINDS))]


_IN_ORDER = """
WITH places (register, kind, place) AS MATERIALIZED (
  SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]') FROM json_each(?)
)
SELECT seq FROM events LEFT JOIN places USING (register, kind)
WHERE salt IS NOT NULL ORDER BY day, coalesce(place, -1), recorded_at, id
"""
