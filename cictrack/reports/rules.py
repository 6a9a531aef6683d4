"""Every rule and setting as a list: its default, the local value, since when and by whom; and every change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cictrack.pathway.events import WITHDRAWN
from cictrack.pathway.settable import settable
from cictrack.pathway.settings import DEFAULT, RULE, returns
from cictrack.registers import registers
from cictrack.render.listing import Column, Listing
from cictrack.reports.explain import authority_on
from cictrack.store.checks import WHY
from cictrack.store.settling import set_values

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from cictrack.pathway.events import Event
    from cictrack.pathway.settable import Setting
    from cictrack.pathway.settings import Settings
    from cictrack.store.filters import Filters
    from cictrack.store.settling import Standing

COLUMNS = (
    *("rule", "title", "register", "kind", "default", "local", "from", "by", "authority", "source"),
    *("counts_from", "later"),
)
_ALOUD = ("rule", "default", "local", "from", "by", "later", "authority", "title", "counts_from", "source")
_ONLY_WHEN_ANY = frozenset({"local", "from", "by", "later"})
_HEADINGS = {"from": "since"}
HISTORY = (
    *("id", "kind", "rule", "value", "from", "name", "by", "reason"),
    *("recorded_at", "recorded_by", "source", "supersedes", "superseded_by", "remark"),
)
_HISTORY_ALOUD = ("recorded_at", "recorded_by", "kind", "rule", "value", "from", "name", "by", "reason", "remark")


def as_listing(
    events: Sequence[Event], settings: Settings, day: date, filters: Filters, *, for_people: bool = False
) -> Listing:
    """Each rule as it counts for what is anchored on `day`; people read first what it is and what was set."""
    known = settable(registers())
    values = set_values(events)
    rows: list[tuple[Any, ...]] = []
    for setting in known.values():
        authority = authority_on(setting.clock, day, settings) if setting.clock else setting.authority
        if _is_wanted(setting.register, authority, filters):
            rows.append(_row(setting, authority, values.get(setting.name, ()), day))
    keys: Sequence[str] = COLUMNS
    if for_people:
        keys = [key for key in _ALOUD if key not in _ONLY_WHEN_ANY or any(row[COLUMNS.index(key)] for row in rows)]
        rows = [tuple(row[COLUMNS.index(key)] for key in keys) for row in rows]
    columns = tuple(Column(key, _HEADINGS.get(key, "")) for key in keys)
    title, footer = f"Rules and settings on {day.isoformat()}", f"{len(rows)} of {len(known)} shown"
    return Listing(title, columns, rows, footer, "No rule to show.", (), _ALOUD)


def _row(setting: Setting, authority: str, held: Sequence[Standing], day: date) -> tuple[Any, ...]:
    # The day that a setting holds is a fact, and no value that counts for some cases only.
    counting = list(held) if setting.form == "day" else [one for one in held if one.day <= day]
    own = counting[-1] if counting and not counting[-1].is_default else None
    later = [_to_come(one, setting) for one in held[len(counting) :]]
    return (
        setting.name,
        setting.title,
        setting.register,
        setting.kind,
        setting.usual or None,
        own.value if own else None,
        own.day.isoformat() if own else None,
        own.by if own else None,
        authority,
        setting.source,
        setting.counts_from or None,
        "; ".join(later) or None,
    )


def _to_come(one: Standing, setting: Setting) -> str:
    return f"{setting.default if one.is_default else one.value} from {one.day.isoformat()}"


def as_history(events: Sequence[Event], filters: Filters, *, for_people: bool = False) -> Listing:
    """Everything that was ever set, in the order in which it was recorded, with what was superseded since."""
    known = settable(registers())
    ordered = sorted(events, key=lambda e: (e.recorded_at, e.id))
    about = {e.id: e for e in events}
    rows = [_of_event(event, about, ordered) for event in ordered]
    if filters.given:
        rules = {s.name for s in known.values() if _is_wanted(s.register, s.authority, filters)}
        rows = [row for row in rows if row[HISTORY.index("rule")] in rules]
    keys: Sequence[str] = HISTORY
    if for_people:
        keys = _HISTORY_ALOUD
        rows = [tuple(_aloud(key, row[HISTORY.index(key)]) for key in keys) for row in rows]
    columns = tuple(Column(key, _HEADINGS.get(key, "")) for key in keys)
    footer = f"{len(rows)} of {len(events)} shown"
    return Listing("Everything that was set", columns, rows, footer, "Nothing was ever set: every default counts.")


def _aloud(key: str, value: Any) -> Any:  # noqa: ANN401 - what a cell holds
    return f"{value[:16].replace('T', ' ')} UTC" if key == "recorded_at" else value


def _remark(event: Event) -> str | None:
    if event.kind == WITHDRAWN:
        return "withdraws what was recorded before"
    return "in the place of what was recorded before" if event.parent else None


def _is_wanted(register: str, authority: str, filters: Filters) -> bool:
    of_register = not filters.register or register in filters.register
    return of_register and (not filters.authority or authority in filters.authority)


def _of_event(event: Event, about: dict[str, Event], every: Sequence[Event]) -> tuple[Any, ...]:
    """One row: a withdrawal speaks of what it withdraws."""
    first = about.get(event.line, event)
    fields = {**first.fields, **event.fields} if event.kind == WITHDRAWN else event.fields
    of_rule = first.kind == RULE
    value = fields.get("value")
    followed = next((e.id for e in every if e.parent == event.id), None)
    return (
        event.id,
        event.kind,
        fields.get("name") if of_rule else None,
        None if value is None or event.kind == WITHDRAWN else DEFAULT if returns(value) else value,
        event.day.isoformat(),
        None if of_rule else fields.get("name"),
        None if event.kind == WITHDRAWN else fields.get("by"),
        fields.get(WHY),
        event.recorded_at,
        event.recorded_by,
        event.source,
        event.parent or None,
        followed,
        "counts no longer" if followed else _remark(event),
    )
