"""Fragile placements on a reviewing officer's page: level and how it came about, what is present, what was tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.pathway.clocks import spoken
from cictrack.pathway.events import said
from cictrack.pathway.measures import IN_CARE
from cictrack.pathway.officers import OfficersPage
from cictrack.registers._fragile import AMBER_FROM, INDICATORS, RED_FROM, level_on, levels, present
from cictrack.registers._fragile_measures import MEASURES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from cictrack.pathway.case import Case, Mark
    from cictrack.pathway.events import Event
    from cictrack.pathway.settings import Settings

HELPED = {"yes": "it helped", "no": "it did not help", "unknown": "not known whether it helped"}
BETWEEN = "; "


def heading(case: Case, on: date) -> str:
    """The level, as a word."""
    return level_on(case, on).level.upper()


def lines(case: Case, record: Sequence[Event], on: date) -> list[tuple[str, str]]:
    """How the level came about, what is present and since when, what was tried, and the last looked-after review."""
    tried = [_tried(case, mark) for mark in case.all("support")]
    reviews = [event.day for event in record if event.kind == "looked-after-review"]
    return [
        ("Level", f"since {spoken(_level_since(case, on))}: {level_on(case, on).why}"),
        ("Present", BETWEEN.join(_present(case, on)) or "no indicator"),
        ("Tried", BETWEEN.join(tried) or "nothing recorded"),
        ("Reviewed", f"looked-after review {spoken(max(reviews))}" if reviews else "no looked-after review on record"),
    ]


def _level_since(case: Case, on: date) -> date:
    now = level_on(case, on)
    since = now.from_on
    for level in reversed([level for level in levels(case) if level.from_on <= on]):
        if level.level != now.level:
            break
        since = level.from_on
    return since


def _present(case: Case, on: date) -> list[str]:
    """The indicators of a day, those that began on one day together, the longest standing first."""
    began: dict[date, list[str]] = {}
    for indicator in INDICATORS:
        runs = [start for start, end in present(case, indicator) if start <= on and (end is None or on < end)]
        if runs:
            by_record = indicator.counted is not None and indicator.counted(case) is not None
            title = indicator.title + (" (from the record)" if by_record else "")
            began.setdefault(max(runs), []).append(title)
    return [f"{', '.join(titles)} since {spoken(since)}" for since, titles in sorted(began.items())]


def _tried(case: Case, mark: Mark) -> str:
    to = case.day_in(mark, "to")
    until = f" to {spoken(to)}" if to is not None else ""
    helped = HELPED.get(said(mark.event, "helped"), "not said whether it helped")
    return f"{said(mark.event, 'kind')} from {spoken(mark.day)}{until}: {helped}"


def caution(settings: Settings, on: date) -> str:
    """Whose the weights are, and what the level is not."""
    amber = settings.value("fragile.amber-from", on, AMBER_FROM)
    red = settings.value("fragile.red-from", on, RED_FROM)
    own = any(
        name.startswith("fragile.weight.") or name.endswith(("amber-from", "red-from")) for name in settings.values
    )
    whose = "our own suggestion (prompt), with what this authority has set" if own else "our own suggestion (prompt)"
    return (
        "Level: a checklist of what is present, no prediction; a professional may set another, with a reason. Weights"
        f" and cut-offs are {whose}: {amber} or more is amber, {red} or more, notice or an allegation red."
    )


OFFICERS = OfficersPage(heading, lines, caution, tuple(m for m in MEASURES if m.looks_at == IN_CARE))
