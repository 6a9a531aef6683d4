"""Events as recorded: when, by whom, and corrections beside what they corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cictrack.pathway.events import WITHDRAWN
from cictrack.render.listing import Column, Listing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from cictrack.pathway.events import Event

COLUMNS = (*("id", "kind", "day", "fields", "recorded_at", "recorded_by", "source", "supersedes", "superseded_by"),)
SOURCE = 20
"""How much of a source is shown to people: the kind of file, and the beginning of its hash."""

WHOLE = 36
TAIL = 6
"""How much of an id is shown to people: its end, which is what `task done` and `--id` take."""


def as_recorded(events: Iterable[Event], day: date) -> list[Event]:
    """Every event dated on or before `day`, in order of day; a correction follows what it corrected."""
    kept = [e for e in events if e.day <= day]
    first = {e.line: e for e in sorted(kept, key=lambda e: (bool(e.parent), e.recorded_at, e.id), reverse=True)}
    return sorted(kept, key=lambda e: (first[e.line].day, e.line, bool(e.parent), e.recorded_at, e.id))


def as_listing(case: str, events: Sequence[Event], fmt: str) -> Listing:
    """The history of a case: whole for machines; for people the end of each id, and a remark beside corrections."""
    found = rows(events)
    title, footer = f"History of {case}", f"{len(found)} of {len(found)} shown"
    if fmt in {"csv", "json", "html", "xlsx"}:
        whole = found if fmt == "json" else [(*row[:3], spelt(row[3]), *row[4:]) for row in found]
        return Listing(title, tuple(Column(key) for key in COLUMNS), whole, footer)
    said = [
        (
            event.day.isoformat(),
            event.kind,
            spelt(row[3]),
            remark(event, followed=row[8] is not None),
            f"{event.recorded_at[:16].replace('T', ' ')} UTC",
            event.recorded_by,
            " ".join(event.source.split(" ")[:2])[:SOURCE],
            event.id[-TAIL:],
        )
        for event, row in zip(events, found, strict=True)
    ]
    keys = ("day", "event", "with", "remark", "recorded", "by", "source", "id")
    return Listing(title, tuple(Column(key) for key in keys), said, footer, "Nothing is recorded.")


def rows(events: Sequence[Event]) -> list[tuple[Any, ...]]:
    """A row for each event, in the order of `COLUMNS`."""
    followed = {e.parent: e.id for e in sorted(events, key=lambda e: e.id) if e.parent}
    return [
        (
            event.id,
            event.kind,
            event.day.isoformat(),
            dict(event.fields),
            event.recorded_at,
            event.recorded_by or None,
            event.source,
            event.parent or None,
            followed.get(event.id),
        )
        for event in events
    ]


def short_ids(ids: Sequence[str]) -> list[str]:
    """The ends of ids: six characters, more where two are alike."""
    length = next(n for n in range(TAIL, WHOLE + 1) if n == WHOLE or len({i[-n:] for i in ids}) == len(set(ids)))
    return [i[-length:] for i in ids]


def remark(event: Event, *, followed: bool) -> str:
    """What a person is told beside an event that corrects, withdraws, or was corrected."""
    if event.kind == WITHDRAWN:
        return f"withdraws …{event.parent[-TAIL:]}"
    if event.parent:
        return f"corrects …{event.parent[-TAIL:]}" + (", corrected again below" if followed else "")
    return "corrected below: this counts no longer" if followed else ""


def spelt(fields: dict[str, Any]) -> str:
    """An event's fields in one line: fgdm_offered yes; note it was read out."""
    return "; ".join(f"{name} {_value(value)}" for name, value in fields.items() if value not in (None, ""))


def _value(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
