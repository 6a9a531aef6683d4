"""The summary as a terminal shows it: a bar a stage, and how many cases were red in each of the last twelve weeks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cictrack.render.board import Board, Panel
from cictrack.reports.summary import ending, heading, newly_red, stages_of, sums
from cictrack.reports.words import in_words
from cictrack.store.cases import red_times
from cictrack.store.filters import SEVERITIES
from cictrack.store.movements import standing

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence
    from datetime import date

    from cictrack.reports.summary import Summary
    from cictrack.store.filters import Filters

WEEKS = 12


def board(db: sqlite3.Connection, found: Summary, filters: Filters, typed: str) -> Board:
    """The dashboard of a summary; `typed` is how a command on its register begins."""
    reds = red_by_week(db, found.day, filters)
    panels = [
        Panel(
            heading(register, count),
            stages_of(register, count),
            [(severity, count.severity.get(severity, 0)) for severity in SEVERITIES],
            reds.get(register.name, [0] * WEEKS),
            [*(line for name, line in sums(found) if name == register.name), newly_red(found, count)],
        )
        for register, count in found.registers
    ]
    return Board(
        f"As at {in_words(found.day)}", panels, list(ending(found, typed)), f"cases red, week by week, the last {WEEKS}"
    )


def red_by_week(db: sqlite3.Connection, day: date, filters: Filters) -> Mapping[str, Sequence[int]]:
    """For each register the number of its cases that were red at the end of each week, the last on `day`."""
    ends = [day - timedelta(weeks=n) for n in reversed(range(WEEKS))]
    known = standing(db, day, filters).known if filters.given else None
    by_week: list[set[tuple[str, str, int]]] = [set() for _ in ends]
    for case, began, ended in red_times(db, ends[0] - timedelta(days=1), day):
        if known is not None and case not in known:
            continue
        for n, end in enumerate(ends):
            text = end.isoformat()
            if began <= text and (ended is None or ended > text):
                by_week[n].add(case)
    registers = {case[0] for cases in by_week for case in cases}
    return {name: [sum(case[0] == name for case in cases) for cases in by_week] for name in registers}
