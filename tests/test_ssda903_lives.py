"""Over any lives that a return can tell: read twice it adds nothing, in any order the same, and rows add up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from cictrack.pathway.child import evaluate_child
from cictrack.pathway.settings import Settings
from cictrack.readers.cases import Position
from cictrack.readers.outcome import Outcome
from cictrack.readers.plan import Stamp
from cictrack.readers.rows import Read, Row
from cictrack.registers import registers
from cictrack.store.bank_holidays import published_bank_holidays
from cictrack.store.events import content_id
from cictrack.working_days import Calendar

if TYPE_CHECKING:
    from cictrack.pathway.events import Event

BIRTH = date(2012, 1, 1)
POSITION = Position(date(2018, 3, 31), date(2017, 3, 31))
STAMP = Stamp("somebody", {"e.csv": "ssda903 0", "p.csv": "ssda903 1"}, content_id)

days = st.integers(0, 900).map(lambda n: date(2016, 1, 1) + timedelta(days=n))
ends = st.none() | days


@st.composite
def episodes(draw: st.DrawFn) -> Row:
    texts = {
        "RNE": draw(st.sampled_from("SLPTBU")),
        "LS": draw(st.sampled_from(["C2", "E1", "V4", ""])),
        "CIN": "N1",
        "PLACE": draw(st.sampled_from(["U6", "A5", "U5", "T2", "K2"])),
        "PLACE_PROVIDER": draw(st.sampled_from(["PR1", "PR4"])),
        "REC": draw(st.sampled_from(["", "X1", "E11", "E4A", "E45", "E2"])),
        "REASON_PLACE_CHANGE": draw(st.sampled_from(["", "CREQB"])),
    }
    return Row("episodes", "e.csv", 0, "7", {"DECOM": draw(days), "DEC": draw(ends)}, texts, {})


@st.composite
def decisions(draw: st.DrawFn) -> Row:
    texts = {"REASON_PLACED_CEASED": draw(st.sampled_from(["", "RD1"]))}
    of = {"DOB": BIRTH, "DATE_PLACED": draw(days), "DATE_PLACED_CEASED": draw(ends)}
    return Row("placed_adoption", "p.csv", 0, "7", of, texts, {})


@st.composite
def returns(draw: st.DrawFn) -> list[Row]:
    of_episodes = draw(st.lists(episodes(), min_size=1, max_size=6))
    of_decisions = draw(st.lists(decisions(), max_size=2))
    return [row._replace(line=n) for n, row in enumerate([*of_episodes, *of_decisions], 2)]


SETTINGS = Settings(Calendar(*published_bank_holidays()))


def imported(rows: list[Row], held: list[Event]) -> Outcome:
    reads = [
        Read("ssda903", name, "", "utf-8", "", [row for row in rows if row.file == name], 0, ())
        for name in ("e.csv", "p.csv")
    ]
    outcome = Outcome(reads)
    outcome.plan_child(rows, held, registers(), SETTINGS, POSITION, STAMP)
    return outcome


@given(returns())
def test_a_return_read_twice_adds_nothing_the_second_time(rows: list[Row]) -> None:
    first = imported(rows, [])
    assert first.rows_read == len(rows)
    again = imported(rows, first.events)
    assert again.events == []
    assert again.rows_read == len(rows)
    evaluate_child(registers(), first.events, SETTINGS)


@given(returns().flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_rows_in_another_order_bring_the_same_events(pair: tuple[list[Row], list[Row]]) -> None:
    rows, turned = pair
    assert {e.id for e in imported(turned, []).events} == {e.id for e in imported(rows, []).events}


@given(returns(), returns())
def test_the_next_return_never_takes_back_what_was_held(earlier: list[Row], later: list[Row]) -> None:
    held = imported(earlier, []).events
    added = imported(later, held).events
    kept = {(e.register, e.kind, e.day) for e in held if e.kind != "contradiction"}
    corrected = [e for e in added if e.parent]
    assert all(e.kind in {"withdrawn", "contradiction"} or (e.register, e.kind, e.day) in kept for e in corrected)
    assert imported(later, [*held, *added]).events == []


@given(st.lists(returns(), max_size=5))
def test_events_written_in_parts_are_those_written_at_once(lives: list[list[Row]]) -> None:
    children = [[row._replace(child_id=str(n)) for row in rows] for n, rows in enumerate(lives)]
    read = Read("ssda903", "e.csv", "", "utf-8", "", [row for rows in children for row in rows], 0, ())
    parts: list[list[Event]] = []
    at_once, in_parts = Outcome([read]), Outcome([read], lambda events: parts.append(list(events)), part=3)
    for outcome in (at_once, in_parts):
        for rows in children:
            outcome.plan_child([row._replace(file="e.csv") for row in rows], [], registers(), SETTINGS, POSITION, STAMP)
    assert [*(event for part in parts for event in part), *in_parts.events] == at_once.events
    assert in_parts.events_added == at_once.events_added == len(at_once.events)
