"""The summary on a terminal: bars that are the counts, and the weeks' red cases as the lists have them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from store_lives import days, decision, empty_register, lives, record

from cictrack.render.board import ASCII_BLOCKS, BLOCKS, Board, Panel, render, sparkline
from cictrack.reports.dashboard import WEEKS, red_by_week
from cictrack.store.filters import NO_FILTERS, Filters
from cictrack.store.lists import deadlines

if TYPE_CHECKING:
    from typed import Typed

    from cictrack.pathway.events import Event

BOARD = Board(
    "As at Tuesday",
    [Panel("one: 3 open cases", [("begun", 1), ("done", 2)], [("red", 1), ("green", 2)], [0, 1, 4], ["1 + 2 = 3"])],
    ["What next:"],
    "cases red",
)


@given(lives(), lives("00123"), days)
def test_the_red_cases_of_each_week_are_those_of_the_list_on_its_last_day(
    one: list[Event], other: list[Event], day: date
) -> None:
    db = empty_register()
    record(db, *one)
    record(db, *other)
    found = red_by_week(db, day, NO_FILTERS)
    for n in range(WEEKS):
        listed = deadlines(db, day - timedelta(weeks=WEEKS - 1 - n), "overdue", Filters(severity=("red",)))
        place = [listed.columns.index(name) for name in ("register", "child_id", "period")]
        cases = {tuple(row[m] for m in place) for row in listed.rows}
        registers = {case[0] for case in cases} | found.keys()
        assert {r: found.get(r, [0] * WEEKS)[n] for r in registers} == {
            r: sum(case[0] == r for case in cases) for r in registers
        }
    db.close()


def test_a_case_is_red_from_the_day_after_its_due_day() -> None:
    db = empty_register()
    record(db, decision(date(2026, 3, 2)))  # the letter is due on Monday 9 March
    assert red_by_week(db, date(2026, 3, 9), NO_FILTERS) == {}
    assert red_by_week(db, date(2026, 3, 10), NO_FILTERS)["plo"] == [*[0] * (WEEKS - 1), 1]
    assert red_by_week(db, date(2026, 3, 16), NO_FILTERS)["plo"] == [*[0] * (WEEKS - 1), 1]
    db.close()


@pytest.mark.parametrize("width", [40, 80, 160])
def test_it_fits_the_terminal_and_shows_every_count(width: int) -> None:
    lines = "".join(render(BOARD, width, colour=False, blocks=True)).splitlines()
    assert max(map(len, lines)) <= width
    told = "\n".join(lines)
    for said in (
        "As at Tuesday",
        "one: 3 open cases",
        "1 red",
        "2 green",
        "cases red: 0 to 4",
        "1 + 2 = 3",
        "What next:",
    ):
        assert said in told


def test_a_dumb_terminal_gets_plain_characters_and_no_colour() -> None:
    told = "".join(render(BOARD, 80, colour=False, blocks=False))
    assert told.isascii()
    assert "\x1b" not in told
    assert "#" in told


def test_a_line_of_weeks_reaches_from_none_to_the_most() -> None:
    assert sparkline([0, 7], blocks=True) == BLOCKS[0] + BLOCKS[-1]
    assert sparkline([0, 7], blocks=False) == ASCII_BLOCKS[0] + ASCII_BLOCKS[-1]
    assert sparkline([0, 0], blocks=True) == BLOCKS[0] * 2


def test_the_bars_of_a_register_are_the_counts_of_its_summary(team: Typed) -> None:
    told = team.does("summary --format table")
    for one in json.loads(team.does("summary --format json"))["registers"]:
        for stage, n in one["stages"].items():
            assert any(line.split()[:1] == [stage] and line.endswith(f" {n}") for line in told.splitlines())
