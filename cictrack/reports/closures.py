"""The calendar as a list: bank holidays and the authority's own closures, and how far the first are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.pathway.events import standing
from cictrack.pathway.settings import CLOSURE
from cictrack.render.listing import Column, Listing
from cictrack.reports.words import WEEKDAYS, in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from cictrack.pathway.events import Event
    from cictrack.pathway.settings import Settings

BANK_HOLIDAY = "bank-holiday"


def as_listing(settings: Settings, events: Iterable[Event], years: Sequence[int]) -> Listing:
    """The days of these years on which nobody works, weekends left out, and who decided what is local."""
    by = {e.day: str(e.fields.get("by") or e.recorded_by) for e in standing(events)[0] if e.kind == CLOSURE}
    holidays = settings.calendar.holidays
    days: list[tuple[date, str, str, str | None]] = [(day, name, BANK_HOLIDAY, None) for day, name in holidays.items()]
    days += [(day, name, CLOSURE, by.get(day)) for day, name in settings.closures.items() if day not in holidays]
    rows = [
        (day.isoformat(), name, kind, WEEKDAYS[day.weekday()], who)
        for day, name, kind, who in sorted(days)
        if day.year in years
    ]
    closures = any(row[4] for row in rows)
    columns = (Column("day"), Column("name"), Column("kind"), Column("weekday"), Column("by", shown=closures))
    named = " and ".join(map(str, sorted(set(years))))
    reach = f"Bank holidays are known to {in_words(settings.calendar.until)}."
    footer = f"{len(rows)} of {len(rows)} shown. {reach}"
    return Listing(f"Bank holidays and closures of {named}", columns, rows, footer, "No day is known.")
