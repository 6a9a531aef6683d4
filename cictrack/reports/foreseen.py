"""What a change of the rules or the calendar would move, as a person is asked about it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cictrack.reports.words import counted, in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cictrack.store.foreseen import Foreseen, Shift

BECOMES = (": becomes red", ": no longer red", "")


def as_text(found: Foreseen) -> Iterator[str]:
    """How many deadlines move, which become red and which no longer are; then the first of them by name."""
    yield _deadlines(found)
    for shift in found.first:
        yield f"  {_moves(shift)}"
    more = found.moved - len(found.first)
    if more > 0:
        yield f"  and {more:,} more"
    yield from _alerts(found)
    yield from _over(found)


def _deadlines(found: Foreseen) -> str:
    if not found.moved:
        return "No open deadline moves."
    moves = f"{counted(found.moved, 'open deadline moves', 'open deadlines move')}"
    reddened = counted(found.reddened, "becomes red", "become red") if found.reddened else "none becomes red"
    eased = counted(found.eased, "red one no longer is", "red ones no longer are")
    return f"{moves}: {reddened}, and {eased if found.eased else 'every red one stays red'}."


def _moves(shift: Shift) -> str:
    now, was = (in_words(date.fromisoformat(day)) if day else "" for day in (shift.now, shift.was))
    if not now:
        said = f"no longer runs, was due {was}"
    else:
        said = f"due {now}, {f'was {was}' if was else 'did not run before'}"
    return f"{shift.case}: {shift.title}, {said}{BECOMES[shift.order]}"


def _alerts(found: Foreseen) -> Iterator[str]:
    said = [
        f"{n:,} {what}"
        for n, what in (
            (found.alerts_begun, "would stand that do not"),
            (found.alerts_ended, "would stand no longer"),
            (found.alerts_moved, "would begin on another day"),
        )
        if n
    ]
    if said:
        yield f"Alerts: {', '.join(said)}."


def _over(found: Foreseen) -> Iterator[str]:
    if not found.over:
        return
    flips = [
        f"{n:,} met {was} would count as {now}"
        for n, was, now in ((found.late_now, "in time", "late"), (found.in_time_now, "late", "in time"))
        if n
    ]
    ended = f"Of those that are over, {counted(found.over, 'gets', 'get')} another due day"
    yield f"{ended}{': ' + ', '.join(flips) if flips else ''}. Figures of past months move with them."
