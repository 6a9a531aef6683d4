"""Answers that cannot be read: left out before anything counts with them, and found.

Recording refuses them, so they come by a merge, or from a register that another version of the tool wrote.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from cictrack.pathway.clocks import spoken
from cictrack.pathway.events import CHILD, Event, Finding
from cictrack.pathway.offers import OFFER, OFFERED
from cictrack.pathway.record import KIND

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cictrack.pathway.declare import Register
    from cictrack.pathway.kinds import Field, Kind

DETAILS = "details"


def readable(
    registers: Mapping[str, Register], events: Iterable[Event]
) -> tuple[list[Event], list[tuple[Event, Finding]]]:
    """The events with the answers that can be read, and what was left out of which."""
    kept: list[Event] = []
    lost: list[tuple[Event, Finding]] = []
    for event in events:
        wrong = _unreadable(_kind(registers, event), event.fields) if event.fields else ()
        if not wrong:
            kept.append(event)
            continue
        kept.append(event._replace(fields={k: v for k, v in event.fields.items() if k not in wrong}))
        why = f"{event.kind} on {spoken(event.day)}: its {' and '.join(wrong)} cannot be read"
        lost.append((event, Finding(event.day, event.kind, (event.day,), why)))
    return kept, lost


def _kind(registers: Mapping[str, Register], event: Event) -> Kind | None:
    if event.register == CHILD:
        return KIND.get(event.kind)
    if event.kind == OFFERED:
        return OFFER
    register = registers.get(event.register)
    if register is None:
        return None
    return register.opening if event.kind == DETAILS else register.kind.get(event.kind)


def _unreadable(kind: Kind | None, fields: Mapping[str, Any]) -> list[str]:
    if kind is None:
        return []
    return [field.name for field in kind.fields if field.name in fields and not _reads(field, fields[field.name])]


def _reads(field: Field, value: object) -> bool:
    if value is None or value == "":
        return True
    if field.repeatable:
        return isinstance(value, list | tuple) and all(_reads_one(field, one) for one in value)
    return _reads_one(field, value)


def _reads_one(field: Field, value: object) -> bool:
    if field.type == "choice":
        return value in field.choices
    if field.type == "day":
        return isinstance(value, str) and _is_day(value)
    return isinstance(value, str | int | float)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
