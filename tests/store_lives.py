"""Registers in memory and events to put in them, for the tests of the store."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from raw import ON_CIPHER

from cictrack.pathway.events import CHILD, WITHDRAWN, Event
from cictrack.registers import registers
from cictrack.store import keys, schema
from cictrack.store.events import new_id
from cictrack.store.making import create
from cictrack.store.writing import Appended, append, writing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cictrack.pathway.kinds import Kind

FIRST_DAY = date(2025, 1, 1)


@cache
def _template() -> sqlite3.Connection:
    with TemporaryDirectory() as folder:
        made = create(Path(folder) / "register.db", "somebody")
        memory = _in_memory()
        made.backup(memory)
        made.close()
    return memory


def _in_memory() -> sqlite3.Connection:
    if ON_CIPHER:
        from cictrack.store import cipher

        # With a key: pages are copied as they are, and those of an encrypted file keep a part for its seal.
        return cipher.with_key("file::memory:", 5, keys.named())
    return sqlite3.connect(":memory:", isolation_level=None)


def empty_register() -> sqlite3.Connection:
    """A new register in memory."""
    memory = _in_memory()
    _template().backup(memory)
    memory.execute("PRAGMA recursive_triggers = ON")
    return memory


def record(db: sqlite3.Connection, *events: Event) -> Appended:
    """Append events in one transaction."""
    with writing(db):
        return append(db, events)


def event(
    register: str, kind: str, day: date, child: str = "104523", opening: str = "", id_: str = "", /, **fields: object
) -> Event:
    """An event that a person recorded; the opening event of a case when it names none."""
    id_ = id_ or new_id()
    belongs = "" if register in {CHILD, "settings"} else opening or id_
    return Event(id_, register, child, belongs, kind, day, fields, recorded_by="Worker 07")


def decision(day: date, child: str = "104523", id_: str = "", **fields: object) -> Event:
    """A decision to start pre-proceedings."""
    return event("plo", "decision", day, child, "", id_, **fields)


def born(day: date = date(2015, 3, 2), child: str = "104523") -> Event:
    """A birth."""
    return event(CHILD, "born", day, child)


def derived(db: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every derived row, table by table."""
    tables = (*schema.OF_A_CHILD, *schema.OF_ALL)
    return {t.name: sorted(rows(db, t.name), key=repr) for t in tables}


def rows(db: sqlite3.Connection, name: str) -> list[tuple[Any, ...]]:
    """Every row of a table or view, as it gives them."""
    return db.execute(f'SELECT * FROM "{name}"').fetchall()  # noqa: S608 - names of the tests


def columns(db: sqlite3.Connection, name: str) -> list[str]:
    """The names of the columns of a table or view, in their order."""
    return [column for column, *_ in db.execute(f'SELECT * FROM "{name}"').description]  # noqa: S608 - as above


days = st.integers(0, 700).map(lambda n: FIRST_DAY + timedelta(days=n))


@st.composite
def lives(draw: st.DrawFn, child: str = "104523") -> list[Event]:
    """Whatever may have been recorded of one child, possible or not: cases, its record, corrections, withdrawals."""
    events = [born(draw(days), child)] if draw(st.booleans()) else []
    for name in draw(st.lists(st.sampled_from(sorted(registers())), min_size=1, max_size=2)):
        register = registers()[name]
        opening = event(name, register.opening.name, draw(days), child, **draw(_fields(register.opening)))
        events.append(opening)
        kinds = draw(st.lists(st.sampled_from(list(register.kind.values())), max_size=8))
        events += [event(name, k.name, draw(days), child, opening.id, **draw(_fields(k))) for k in kinds]
    for wrong in draw(st.lists(st.sampled_from(events), max_size=2, unique_by=id)):
        kind_name = draw(st.sampled_from([wrong.kind, WITHDRAWN]))
        events.append(wrong._replace(id=new_id(), kind=kind_name, day=draw(days), root=wrong.id, parent=wrong.id))
    return events


def _fields(kind: Kind) -> st.SearchStrategy[Mapping[str, Any]]:
    held: dict[str, st.SearchStrategy[str]] = {}
    for field in kind.fields:
        if field.type == "day":
            held[field.name] = days.map(date.isoformat)
        elif field.choices:
            held[field.name] = st.sampled_from(field.choices)
        else:
            held[field.name] = st.sampled_from(["North", "South"])
    required = {f.name: held[f.name] for f in kind.fields if f.required}
    return st.fixed_dictionaries(required, optional={k: v for k, v in held.items() if k not in required})


def in_pieces(events: Sequence[Event], size: int) -> list[Sequence[Event]]:
    """The events, so many at a time."""
    return [events[n : n + size] for n in range(0, len(events), size)]
