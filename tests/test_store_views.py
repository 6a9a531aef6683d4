"""The views that other programs read: plain columns, and the same days as the engine counts."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_lives import born, columns, decision, empty_register, event, lives, record, rows

from cictrack.registers import registers
from cictrack.store import lists, views
from cictrack.store.events import settings_of
from cictrack.store.writing import writing

if TYPE_CHECKING:
    import sqlite3

    from cictrack.pathway.events import Event

LIST = [
    *("register", "child_id", "period", "family", "rule", "kind", "title", "starts_on", "amber_on", "due_on"),
    *("days_over", "unit", "units_over", "severity", "stage", "side", "blocking", "team", "worker", "manager"),
    *("iro", "locality", "authority", "exception", "exception_until", "why"),
]


def _at(day: date, *events: Event) -> sqlite3.Connection:
    """A register whose own today is `day`."""
    db = empty_register()
    db.execute("INSERT INTO meta VALUES ('today', ?)", (day.isoformat(),))
    record(db, *events)
    return db


@pytest.mark.parametrize("name", ["overdue", "due", "drift"])
def test_a_list_has_the_columns_of_the_machine_format(name: str) -> None:
    assert columns(empty_register(), name) == LIST


@pytest.mark.parametrize("name", sorted(registers()))
def test_a_register_has_a_view_with_a_day_for_each_of_its_events(name: str) -> None:
    found = columns(empty_register(), name.replace("-", "_"))
    assert found[:7] == ["child_id", "period", "family", "stage", "opened_on", "closed_on", "outcome"]
    assert found[7:12] == ["team", "worker", "manager", "iro", "locality"]
    assert len(found) == len(set(found)) == 12 + len(registers()[name].kinds)


def test_a_case_stands_in_its_view_with_its_first_days() -> None:
    opening = decision(date(2026, 1, 5), team="North", family="F7")
    db = _at(
        date(2026, 2, 2),
        born(),
        event("child", "about", date(2020, 1, 1), "104523", locality="Harbour"),
        opening,
        event("plo", "letter", date(2026, 1, 8), "104523", opening.id),
        event("plo", "issue-letter", date(2026, 1, 9), "104523", opening.id),
    )
    found = db.execute("SELECT stage, family, team, locality, decision, letter, issue_letter, meeting FROM plo")
    assert found.fetchall() == [
        ("letter-sent", "F7", "North", "Harbour", "2026-01-05", "2026-01-08", "2026-01-09", None)
    ]


def test_an_exception_stands_beside_what_is_overdue_until_its_last_day() -> None:
    opening = decision(date(2026, 1, 5))
    excepted = {"rule": "plo.letter", "reason": "court", "agreed_by": "Manager 02"}
    agreed = event("plo", "exception", date(2026, 1, 14), "104523", opening.id, until="2026-01-20", **excepted)
    renewed = event("plo", "exception", date(2026, 1, 16), "104523", opening.id, until="2026-01-22", **excepted)
    query = "SELECT severity, days_over, units_over, exception, exception_until FROM overdue WHERE rule = 'plo.letter'"
    db = _at(date(2026, 1, 19), born(), opening, agreed, renewed)
    assert db.execute(query).fetchall() == [("red", 7, 5, "court", "2026-01-22")]
    db.execute("UPDATE meta SET value = '2026-01-23' WHERE name = 'today'")
    assert db.execute(query).fetchall() == [("red", 11, 9, None, None)]


def test_overdue_is_read_off_the_index_of_open_rows_alone() -> None:
    plan = " ".join(row[3] for row in empty_register().execute("EXPLAIN QUERY PLAN SELECT * FROM overdue"))
    assert "SEARCH d USING COVERING INDEX open_rows (kind=? AND past=? AND due_on<?)" in plan
    assert re.findall(r"SCAN \w+", plan) == ["SCAN CONSTANT", "SCAN t"]


@given(st.lists(lives(), min_size=1, max_size=2), st.integers(0, 60))
def test_the_views_say_what_the_commands_say(some: list[list[Event]], later: int) -> None:
    events = [e._replace(child_id=str(n)) for n, life in enumerate(some) for e in life]
    day = max(e.day for e in events) + timedelta(days=later)
    db = _at(day, *events)
    for which in ("overdue", "due", "drift"):
        said = lists.deadlines(db, day, which, until=day + timedelta(days=views.DUE_WITHIN))
        assert said.columns == tuple(LIST)
        assert rows(db, which) == said.rows


@given(st.dates(date(2001, 1, 1), date(2027, 12, 31)), st.integers(0, 400), st.sampled_from(["statute", "local"]))
def test_working_days_over_are_those_of_the_calendar(start: date, length: int, authority: str) -> None:
    end = start + timedelta(days=length)
    shut = [start + timedelta(days=n) for n in (1, 3, 8)]
    closed = [event("settings", "closure", day, "", name="shut") for day in shut]
    db = _CLOSED[0]
    with writing(db):
        db.execute("DELETE FROM closures")
        db.executemany("INSERT INTO closures VALUES (?, 'shut', 0)", [(e.day.isoformat(),) for e in closed])
    settings = settings_of(db)
    calendar = (
        settings.calendar.with_closures(dict.fromkeys(shut, "shut")) if authority == "local" else settings.calendar
    )
    counted = views.working_days_between(":start", ":end", ":authority")
    given_ = {"start": start.isoformat(), "end": end.isoformat(), "authority": authority}
    (found,) = db.execute(f"SELECT {counted}", given_).fetchone()
    assert found == calendar.working_days_between(start, end)


_CLOSED = (empty_register(),)
