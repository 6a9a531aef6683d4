"""One child across all registers: cases, what is open or escalated, agreed actions, exceptions, what happened when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cictrack.pathway.events import CHILD, WITHDRAWN, standing
from cictrack.pathway.record import KIND
from cictrack.registers import registers
from cictrack.render.listing import Listing
from cictrack.reports import history
from cictrack.reports.listings import OPEN_ALOUD, SHOWN, columns_of, read_aloud
from cictrack.reports.words import in_words
from cictrack.store import shorter
from cictrack.store.cases import cases
from cictrack.store.escalations import escalations
from cictrack.store.filters import Filters
from cictrack.store.lists import Rows, deadlines

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence
    from datetime import date

    from cictrack.pathway.events import Event

EXCEPTION = ("register", "period", "rule", "reason", "agreed_by", "from_on", "until_on")
ALL = Filters(closed_too=True)
NAME = "name"


class OneChild(NamedTuple):
    """All that the register holds of one child on a day. `about` is dob, edd, name, sibling group and locality."""

    child_id: str
    about: dict[str, Any]
    cases: Rows
    deadlines: Rows
    tasks: Rows
    exceptions: Rows
    escalations: Rows
    gaps: Rows
    events: Sequence[Event]


def one_child(db: sqlite3.Connection, child_id: str, day: date, events: Sequence[Event], *, names: bool) -> OneChild:
    """What is known of a child on `day`; `events` are all of the child's. The name only where it is asked for."""
    held = shorter.child(db, child_id) or (None,) * 5
    about = dict(zip(("dob", "edd", "name", "sibling_group", "locality"), held, strict=True))
    if not names:
        about.pop(NAME)
        events = [*map(_nameless, events)]
    excepted = shorter.exceptions(db, day, child_id)
    return OneChild(
        child_id,
        about,
        cases(db, day, ALL, child_id=child_id),
        deadlines(db, day, "open", child_id=child_id),
        shorter.tasks(db, day, child_id=child_id),
        Rows(EXCEPTION, excepted, len(excepted)),
        escalations(db, day, ALL, child_id=child_id),
        shorter.gaps(db, day, child_id=child_id),
        history.as_recorded(events, day),
    )


def _nameless(event: Event) -> Event:
    """An event without the child's name, where it holds one."""
    if event.register != CHILD or NAME not in event.fields:
        return event
    return event._replace(fields={key: value for key, value in event.fields.items() if key != NAME})


def as_machine(one: OneChild) -> dict[str, Any]:
    """Its promised keys; `events` holds every event as recorded, and which register it is of."""
    registers_of = [{"register": event.register} for event in one.events]
    rows = history.rows(one.events)
    events = [of | dict(zip(history.COLUMNS, row, strict=True)) for of, row in zip(registers_of, rows, strict=True)]
    return {
        "child_id": one.child_id,
        **one.about,
        "cases": _objects(one.cases),
        "deadlines": _objects(one.deadlines),
        "tasks": _objects(one.tasks),
        "exceptions": _objects(one.exceptions),
        "escalations": _objects(one.escalations),
        "gaps": _objects(one.gaps),
        "events": events,
    }


def _objects(rows: Rows) -> list[dict[str, Any]]:
    return [dict(zip(rows.columns, row, strict=True)) for row in rows.rows]


def about_line(one: OneChild, day: date) -> str:
    """Who it is, in a line."""
    said = {"dob": "born", "edd": "expected", "name": "name", "sibling_group": "siblings", "locality": "locality"}
    known = ", ".join(f"{said[key]} {value}" for key, value in one.about.items() if value)
    return f"Child {one.child_id}" + (f", {known}" if known else "") + f". As at {in_words(day)}."


def sections(one: OneChild) -> Iterator[Listing]:
    """The parts that hold anything, as lists; the cases always."""
    yield _section("Cases", one.cases, ("register", *SHOWN["cases"]), "No case.")
    late = read_aloud(OPEN_ALOUD, one.deadlines)
    yield _section("Open deadlines and alerts", late, OPEN_ALOUD, "No deadline is open.")
    ids = history.short_ids([row[0] for row in one.tasks.rows])
    tasks = one.tasks._replace(rows=[(i, *row[1:]) for i, row in zip(ids, one.tasks.rows, strict=True)])
    for title, rows, shown in (
        ("Agreed actions", tasks, ("id", *SHOWN["tasks"])),
        ("Exceptions", one.exceptions, EXCEPTION),
        ("Escalations", one.escalations, SHOWN["escalation"]),
        ("Missing or in conflict", one.gaps, SHOWN["gaps"]),
    ):
        if rows.rows:
            yield _section(title, rows, shown, "")
    yield _timeline(one.events)


def _section(title: str, rows: Rows, shown: Sequence[str], empty: str) -> Listing:
    shown = [key for key in shown if key != "child_id"]
    return Listing(title, columns_of(rows.columns, shown, rows.rows), rows.rows, empty=empty)


def _timeline(events: Sequence[Event]) -> Listing:
    """What happened, in order of days, corrections folded: what was corrected is in `history`."""
    stand = sorted(standing(events)[0], key=lambda e: (e.day, e.register, e.line))
    rows = [
        (event.day.isoformat(), event.register, _title(event), history.spelt(dict(event.fields))) for event in stand
    ]
    keys = ("day", "register", "what", "with")
    return Listing("What happened", columns_of(keys, keys, rows), rows, empty="Nothing is recorded.")


def _title(event: Event) -> str:
    if event.kind == WITHDRAWN:
        return event.kind
    register = registers().get(event.register)
    kind = KIND.get(event.kind) if event.register == CHILD else register.kind.get(event.kind) if register else None
    return kind.title if kind else event.kind
