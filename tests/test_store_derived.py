"""Everything beside the events is derived from them, whole or by differences, and comes out the same."""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_lives import born, decision, derived, empty_register, event, in_pieces, lives, record, rows

from cictrack.store import schema
from cictrack.store.derive import known_at, rebuild
from cictrack.store.events import settings_of
from cictrack.store.writing import writing

if TYPE_CHECKING:
    import random

    from cictrack.pathway.events import Event


def _kept(db: sqlite3.Connection, name: str) -> str:
    found = db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return found[0] if found else ""


@given(lives(), lives("104524"), st.integers(1, 6))
def test_a_rebuild_gives_the_rows_that_recording_wrote(one: list[Event], other: list[Event], size: int) -> None:
    db = empty_register()
    for events in in_pieces([*one, *other], size):
        record(db, *events)
    written = derived(db)
    with writing(db):
        rebuild(db)
    assert derived(db) == written


@given(lives(), st.randoms(use_true_random=False), st.integers(1, 6))
def test_events_give_the_same_rows_in_whatever_order_they_arrive(
    events: list[Event], shuffle: random.Random, size: int
) -> None:
    one, other = empty_register(), empty_register()
    record(one, *events)
    mixed = list(events)
    shuffle.shuffle(mixed)
    for part in in_pieces(mixed, size):
        record(other, *part)
    assert derived(other) == derived(one)


@given(lives())
def test_no_row_ends_after_the_latest_day(events: list[Event]) -> None:
    db = empty_register()
    record(db, *events)
    latest = _kept(db, "latest_day")
    for ending in ("max(met_on), max(stopped_on) FROM deadlines", "max(from_on), max(until_on) FROM positions"):
        assert all(day is None or day <= latest for day in db.execute(f"SELECT {ending}").fetchone())


def test_only_what_differs_is_written() -> None:
    db = empty_register()
    opening = decision(date(2026, 1, 5))
    record(db, born(), opening)
    before = db.total_changes
    record(db, event("plo", "note", date(2026, 1, 5), "104523", opening.id, text="telephoned"))
    in_truth = 2
    alert_moved, days_of_case, latest_day = 2, 1, 1
    assert db.total_changes - before <= in_truth + alert_moved + days_of_case + latest_day


def test_a_void_case_has_no_row_but_its_own() -> None:
    db = empty_register()
    opening = decision(date(2026, 1, 5))
    record(db, born(), opening)
    record(db, event("plo", "closed", date(2026, 1, 6), "104523", opening.id, reason="opened-in-error"))
    assert db.execute("SELECT void, period FROM cases").fetchall() == [(1, 1)]
    for table in schema.OF_A_CHILD[2:]:
        assert rows(db, table.name) == []


def test_what_was_recorded_later_was_not_known_before() -> None:
    db = empty_register()
    opening = decision(date(2026, 1, 5))._replace(recorded_at="2026-01-05T10:00:00.000000Z")
    letter = event("plo", "letter", date(2026, 1, 6), "104523", opening.id)
    record(db, opening)
    record(db, letter._replace(recorded_at="2026-02-05T10:00:00.000000Z"))
    then = known_at(db, "2026-01-31T23:59:59.999999Z")
    assert then.execute("SELECT stage FROM positions WHERE until_on IS NULL").fetchall() == [("decided",)]
    assert derived(known_at(db, None)) == derived(db)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        then.execute("DELETE FROM cases")


def test_a_closure_lengthens_a_local_rule_and_a_local_amount_counts_from_its_day() -> None:
    db = empty_register()
    early, late = decision(date(2026, 3, 2)), decision(date(2026, 4, 7), "104524")
    record(db, early, late)

    def due(rule: str) -> list[str]:
        return [d for (d,) in db.execute("SELECT due_on FROM deadlines WHERE rule = ? ORDER BY child_id", (rule,))]

    assert due("plo.letter") == ["2026-03-09", "2026-04-14"]
    record(
        db,
        event("settings", "closure", date(2026, 3, 4), "", name="Training day"),
        event("settings", "rule", date(2026, 4, 1), "", name="plo.letter", value="10 working days"),
    )
    assert due("plo.letter") == ["2026-03-10", "2026-04-21"]
    assert due("plo.end") == ["2026-06-22", "2026-07-28"]
    held = settings_of(db)
    assert held.closures == {date(2026, 3, 4): "Training day"}
    assert held.values == {"plo.letter": ((date(2026, 4, 1), "10 working days"),)}
    assert db.execute("SELECT day, name FROM closures").fetchall() == [("2026-03-04", "Training day")]
