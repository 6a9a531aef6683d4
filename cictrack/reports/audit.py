"""The audit: who did what with the register, when, and of how many rows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from cictrack.render.listing import Column, Listing
from cictrack.reports.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cictrack.store.audited import Act

COLUMNS = ("at", "by", "did", "rows", "names", "what")
NAMED = 3
WHOLE_HASH = 64
_SAID_ELSEWHERE = frozenset({"rows", "events", "names", "files", "what", "source", "synthetic"})


def as_listing(found: Sequence[Act], *, for_people: bool) -> Listing:
    """The acts as rows, and how many of each kind there are, which add up."""
    rows = [(_moment(act.at) if for_people else act.at, *act[1:4], _names(act, for_people), what(act)) for act in found]
    kinds = Counter(act.did for act in found)
    adding_up = " + ".join(f"{n:,} {did}" for did, n in sorted(kinds.items()))
    footer = f"{counted(len(found), 'entry', 'entries')}{f': {adding_up} = {len(found):,}' if len(kinds) > 1 else ''}"
    columns = tuple(Column(key, right=key == "rows") for key in COLUMNS)
    return Listing("What was done with this register", columns, rows, footer, "Nothing was done in that time.")


def _moment(at: str) -> str:
    return f"{at[:16].replace('T', ' ')} UTC"


def _names(act: Act, for_people: bool) -> object:
    return ("with names" if act.names else "") if for_people else act.names


def what(act: Act) -> str:
    """What belongs to an act, in a line."""
    detail = act.detail
    said = [str(detail[key]) for key in ("what", "source") if detail.get(key)]
    files = [str(file.get("file")) for file in detail.get("files", ())]
    if files:
        more = f" and {len(files) - NAMED} more" if len(files) > NAMED else ""
        added = sum(file.get("events_added", 0) for file in detail["files"])
        said.append(f"{', '.join(files[:NAMED])}{more}; {counted(added, 'event')} added")
    said += [f"{key.replace('_', ' ')} {_value(value)}" for key, value in detail.items() if _told(key, value)]
    return "; ".join(said)


def _told(key: str, value: object) -> bool:
    return key not in _SAID_ELSEWHERE and value not in ("", "-", {}, [], None)


def _value(value: Any) -> str:  # noqa: ANN401 - what JSON can say
    if isinstance(value, dict):
        return ", ".join(f"{name} {_value(one)}" for name, one in value.items())
    if isinstance(value, list):
        return " or ".join(map(str, value))
    return f"{value[:12]}…" if len(str(value)) == WHOLE_HASH else str(value)
