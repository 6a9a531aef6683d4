"""`cictrack changes`: what a meeting asks for, in lines that add up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_lives import days, empty_register, lives, record
from typed import Typed

from cictrack.registers import names
from cictrack.reports.changes import KEYS, ORDER, changed
from cictrack.store.filters import NO_FILTERS, Filters
from cictrack.store.lists import deadlines

if TYPE_CHECKING:
    import sqlite3
    from datetime import date
    from pathlib import Path

    from cictrack.pathway.events import Event

SINCE = "23/3/2026"


def red(db: sqlite3.Connection, day: date) -> set[tuple[Any, ...]]:
    """The deadlines that are red on a day."""
    found = deadlines(db, day, "overdue")
    place = [found.columns.index(name) for name in ("register", "child_id", "period", "rule", "due_on", "starts_on")]
    severity = found.columns.index("severity")
    return {tuple(row[n] for n in place) for row in found.rows if row[severity] == "red"}


@given(lives(), lives("00123"), days, days)
def test_what_was_open_and_came_less_what_went_is_what_is_open(
    one: list[Event], other: list[Event], first: date, last: date
) -> None:
    db = empty_register()
    record(db, *one)
    record(db, *other)
    since, day = sorted((first, last))
    for filters in (NO_FILTERS, Filters(team=("North",)), Filters(register=("plo",))):
        for found in changed(db, since, day, filters, names()).registers:
            moved = found.opened + found.moved_in - found.closed - found.moved_out
            assert found.opening + moved == found.closing
            if filters == NO_FILTERS:
                assert found.moved_in == found.moved_out == 0
    db.close()


@given(lives(), days, days, st.sampled_from(["person", "ssda903 1f3a"]))
def test_newly_red_is_what_is_red_now_and_was_not_before(
    one: list[Event], first: date, last: date, source: str
) -> None:
    db = empty_register()
    record(db, *(event._replace(source=source) for event in one))
    since, day = sorted((first, last))
    rows = changed(db, since, day, NO_FILTERS, names()).rows
    newly = {(m.register, m.child_id, m.period, m.rule, m.due_on) for m in rows if m.change == "red"}
    assert newly == {row[:5] for row in red(db, day) - red(db, since)}
    db.close()


@given(lives(), days, days, days)
def test_two_meetings_in_a_row_tell_of_the_same_comings_and_goings_as_one(
    one: list[Event], a: date, b: date, c: date
) -> None:
    db = empty_register()
    record(db, *one)
    first, middle, last = sorted((a, b, c))
    apart = [changed(db, since, day, NO_FILTERS, names()).rows for since, day in ((first, middle), (middle, last))]
    together = changed(db, first, last, NO_FILTERS, names()).rows
    lasting = {"opened", "reopened", "closed", "stage", "reassigned", "excepted", "extended"}
    assert [m for m in together if m.change in lasting] == sorted(
        (m for rows in apart for m in rows if m.change in lasting),
        key=lambda m: (m.register, ORDER.index(m.change), m.day, m.child_id, m.period, m.rule or ""),
    )
    db.close()


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    """A case before the meeting of Monday 23 March, and what became of it by the next."""
    typed = Typed(tmp_path / "register.db")
    typed.does("plo open 104523 --on 2/3/2026 --dob 14/8/2019 --team North --worker W07 --family F17")
    typed.does("plo letter 104523 --on 5/3/2026")
    typed.does("plo open 104524 --on 18/3/2026 --dob 14/8/2017 --team North --worker W07 --family F17")
    typed.does("task add plo 104523 'ask the school' --owner W07 --due 27/3/2026 --on 5/3/2026")
    return typed


def said(typed: Typed, *words: str) -> dict[str, Any]:
    answer = typed.does(f"changes --since {SINCE} --format json {' '.join(words)}")
    found: dict[str, Any] = json.loads(answer)
    return found


def rows(typed: Typed, *words: str) -> list[tuple[Any, ...]]:
    keys = ("child_id", "change", "rule", "from", "to", "day")
    return [tuple(row[key] for key in keys) for row in said(typed, *words)["rows"]]


def test_each_thing_that_moved_is_told_on_its_day(typed: Typed) -> None:
    typed.does("plo meeting 104523 --on 24/3/2026")
    typed.does("plo extension 104523 --on 26/3/2026 --to 1/9/2026 --agreed-by 'Head of service' --reason court")
    typed.does("assign plo 104523 --worker W12 --on 27/3/2026")
    typed.does("exception plo 104524 plo.letter --reason capacity --agreed-by 'Team manager' --until 30/4/2026")
    typed.does("plo open 104525 --on 30/3/2026 --dob 14/8/2015 --team South")
    assert rows(typed) == [
        ("104524", "red", "plo.letter", "amber", "red", "2026-03-26"),
        ("104523", "red", "plo.task", "green", "red", "2026-03-28"),
        ("104525", "opened", None, None, "decided", "2026-03-30"),
        ("104523", "stage", None, "letter-sent", "in-pre-proceedings", "2026-03-24"),
        ("104523", "met", "plo.meeting", "red", "late", "2026-03-24"),
        ("104523", "extended", "plo.end", "2026-06-22", "2026-09-01", "2026-03-26"),
        ("104524", "excepted", "plo.letter", None, "capacity until 2026-04-30, agreed by Team manager", "2026-03-31"),
        ("104523", "reassigned", None, "worker W07", "worker W12", "2026-03-27"),
    ]


def test_what_closed_is_told_with_its_outcome_and_what_opens_again_as_reopened(typed: Typed) -> None:
    typed.does("plo step 104523 --on 25/3/2026 --outcome step-down --to child-in-need")
    typed.does("plo reopen 104523 --on 30/3/2026")
    assert [row for row in rows(typed) if row[1] in {"closed", "reopened"}] == [
        ("104523", "reopened", None, None, "decided", "2026-03-30"),
        ("104523", "closed", None, "letter-sent", "stepped-down", "2026-03-25"),
    ]
    of = {one["register"]: one for one in said(typed)["registers"]}["plo"]
    assert (of["opening"], of["opened"], of["closed"], of["closing"]) == (2, 1, 1, 2)


def test_a_case_opened_in_error_never_came(typed: Typed) -> None:
    typed.does("plo open 104525 --on 30/3/2026 --dob 14/8/2015")
    typed.does("plo close 104525 --reason opened-in-error")
    assert all(row[0] != "104525" for row in rows(typed))


def test_a_team_sees_what_came_from_another_and_its_line_adds_up(typed: Typed) -> None:
    typed.does("assign plo 104523 --team South --on 27/3/2026")
    of = {one["register"]: one for one in said(typed, "--team South")["registers"]}["plo"]
    assert (of["opening"], of["moved_in"], of["closing"]) == (0, 1, 1)
    assert ("104523", "reassigned", None, "team North", "team South", "2026-03-27") in rows(typed, "--team South")
    left = {one["register"]: one for one in said(typed, "--team North")["registers"]}["plo"]
    assert (left["opening"], left["moved_out"], left["closing"]) == (2, 1, 1)


def test_the_day_itself_is_before_and_the_day_of_the_list_is_in_it(typed: Typed) -> None:
    typed.does("plo meeting 104523 --on 23/3/2026")
    typed.does("plo open 104525 --on 31/3/2026 --dob 14/8/2015")
    changes = {(row[0], row[1]) for row in rows(typed)}
    assert ("104523", "stage") not in changes
    assert ("104525", "opened") in changes


def test_people_read_the_lines_that_add_up_first(typed: Typed) -> None:
    typed.does("plo open 104525 --on 30/3/2026 --dob 14/8/2015 --team South")
    printed = typed.does(f"changes --since {SINCE} --register plo")
    assert printed.startswith("Changes after Monday 23 March 2026, up to Tuesday 31 March 2026\n\nOpen cases\n")
    assert "2 open + 1 opened − 0 closed = 3 open\n" in printed
    assert "newly red" in printed


def test_the_same_rows_go_out_in_every_format(typed: Typed) -> None:
    found = said(typed)["rows"]
    csv = typed.does(f"changes --since {SINCE} --format csv")
    assert csv.splitlines()[0] == ",".join(KEYS)
    assert len(csv.splitlines()) == len(found) + 1
    for fmt in ("markdown", "html"):
        assert all(row["day"] in typed.does(f"changes --since {SINCE} --format {fmt}") for row in found)


def test_a_list_known_at_an_earlier_moment_knows_only_what_was_told_by_then(typed: Typed) -> None:
    assert typed.does(f"changes --since {SINCE} --format json --known-at 2020-01-01").count('"change"') == 0


def test_since_the_last_needs_a_pack_and_without_one_it_is_a_week(typed: Typed) -> None:
    assert "No pack was made before Tuesday 31 March 2026: give --since DAY" in typed.is_refused("changes --since last")
    assert json.loads(typed.does("changes --format json"))["since"] == "2026-03-24"


def test_a_day_after_the_list_is_wrong_usage(typed: Typed) -> None:
    typed.is_refused("changes --since 2026-04-02", status=2)


def test_names_go_out_only_when_asked_for(typed: Typed) -> None:
    typed.does("child set 104523 --name 'Sam Example'")
    typed.does("plo meeting 104523 --on 24/3/2026")
    assert "Sam" not in typed.does(f"changes --since {SINCE}")
    assert "Sam Example" in typed.does(f"changes --since {SINCE} --names")


def test_nothing_moved_says_so(tmp_path: Path) -> None:
    typed = Typed(tmp_path / "register.db")
    assert rows(typed) == []
    assert typed.does(f"changes --since {SINCE}").count("Nothing moved.") == len(names())
