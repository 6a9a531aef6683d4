"""What a setting would change on a register's page that is no deadline: a level that is counted from weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.pathway.child import evaluate_child
from cictrack.registers import registers
from cictrack.reports.position import as_at
from cictrack.reports.words import counted
from cictrack.store.cases import cases
from cictrack.store.events import events_of, settings_of
from cictrack.store.filters import Filters
from cictrack.store.named import name_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence
    from datetime import date

    from cictrack.pathway.events import Event
    from cictrack.pathway.settable import Setting
    from cictrack.pathway.settings import Settings

SHOWN = 10


def as_text(db: sqlite3.Connection, setting: Setting, unwritten: Sequence[Event], day: date) -> Iterator[str]:
    """How many open cases would show something else in the column that the setting is counted for, and the first."""
    before, after = (_column(db, setting, of, day) for of in (settings_of(db), settings_of(db, unwritten)))
    changed = [f"{case} from {was} to {after[case]}" for case, was in before.items() if after[case] != was]
    of = counted(len(before), "open case")
    if not changed:
        yield f"No {setting.shows} changes, of {of}."
        return
    more = f", and {len(changed) - SHOWN:,} more" if len(changed) > SHOWN else ""
    yield f"Another {setting.shows} for {len(changed):,} of {of}: {', '.join(changed[:SHOWN])}{more}."


def _column(db: sqlite3.Connection, setting: Setting, settings: Settings, day: date) -> dict[str, object]:
    """What the column says of each open case of the register."""
    register = registers()[setting.register]
    value = next(column.value for column in register.page if column.key == setting.shows)
    found = cases(db, day, Filters(register=(register.name,)))
    at, period = found.columns.index("child_id"), found.columns.index("period")
    is_open = {(row[at], row[period]) for row in found.rows}
    says = {}
    for child_id in sorted({child_id for child_id, _ in is_open}):
        for one in evaluate_child(registers(), as_at(events_of(db, child_id), day), settings).cases:
            if one.register is register and (child_id, one.period) in is_open:
                says[name_of(register.name, child_id, one.period)] = value(one.evaluation.case, day)
    return says
