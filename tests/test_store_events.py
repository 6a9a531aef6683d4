"""Events are appended, chained and never changed."""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_lives import born, decision, empty_register, event, lives, record

from cictrack.store import chain
from cictrack.store.events import content_id, events_of, has_child, new_id, now_text
from cictrack.store.writing import Appended, append, writing

if TYPE_CHECKING:
    from cictrack.pathway.events import Event


def test_an_event_is_read_back_as_it_was_recorded() -> None:
    db = empty_register()
    sent = decision(date(2026, 1, 5), team="Ærø & “North”", harder_to_place=["age-5", "sibling"])
    record(db, sent)
    (held,) = events_of(db, "104523")
    assert held._replace(recorded_at="") == sent
    assert has_child(db, "104523")
    assert not has_child(db, "104524")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET day = '2026-01-06'",
        "DELETE FROM events",
        "INSERT OR REPLACE INTO events SELECT * FROM events",
        """INSERT OR REPLACE INTO events (id, recorded_at, recorded_by, source, digest, link)
             SELECT id, recorded_at, 'another', source, digest, link FROM events""",
        "UPDATE links SET by = 'another'",
        "DELETE FROM links",
        "INSERT OR REPLACE INTO links SELECT * FROM links",
    ],
)
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_what_was_recorded_cannot_be_changed_nor_deleted(statement: str, recursive: str) -> None:
    db = empty_register()
    record(db, decision(date(2026, 1, 5)))
    db.execute(f"PRAGMA recursive_triggers = {recursive}")
    with pytest.raises(sqlite3.IntegrityError, match="never changed nor deleted"):
        db.execute(statement)


def test_an_event_of_no_real_day_is_refused_by_the_file_itself() -> None:
    db = empty_register()
    record(db, decision(date(2026, 1, 5)))
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        db.execute(
            """INSERT INTO events SELECT seq + 1, id || 'x', register, child_id, opening, kind, '2026-02-30', fields,
                 recorded_at, recorded_by, source, root, parent, salt, digest, link FROM events"""
        )


@given(st.lists(lives(), min_size=1, max_size=3))
def test_a_chain_of_whatever_was_recorded_holds(transactions: list[list[Event]]) -> None:
    db = empty_register()
    for events in transactions:
        record(db, *events)
    assert list(chain.broken(db)) == []
    (links,) = db.execute("SELECT count(*) FROM links").fetchone()
    assert links == len(transactions)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("UPDATE events SET day = '2026-01-06' WHERE kind = 'decision'", "is not what was recorded"),
        ("UPDATE events SET recorded_by = 'another' WHERE kind = 'letter'", "link 2 does not fit its events"),
        ("DELETE FROM events WHERE kind = 'letter'", "link 2 holds 0 events of 1"),
        ("DELETE FROM links WHERE n = 1", "link 2 follows one that is not there"),
        ("UPDATE links SET hash = prev WHERE n = 1", "link 1 does not fit its events"),
    ],
)
def test_whoever_gets_past_the_triggers_is_found_out_by_the_chain(change: str, sentence: str) -> None:
    db = empty_register()
    opening = decision(date(2026, 1, 5))
    record(db, opening)
    record(db, event("plo", "letter", date(2026, 1, 8), "104523", opening.id))
    for (trigger,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {trigger}")
    db.execute(change)
    assert any(sentence in said for said in chain.broken(db))


def test_content_that_no_erasure_took_is_found_to_be_missing() -> None:
    db = empty_register()
    record(db, born(), decision(date(2026, 1, 5)))
    for (trigger,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {trigger}")
    db.execute(
        """UPDATE events SET salt = NULL, child_id = NULL, register = NULL, opening = NULL, kind = NULL, day = NULL,
             fields = NULL, root = NULL, parent = NULL WHERE kind = 'decision'"""
    )
    (said,) = chain.broken(db)
    assert "lost its content, and no erasure names it" in said


def test_a_fact_imported_again_is_counted_once() -> None:
    db = empty_register()
    told = decision(date(2026, 1, 5), id_=content_id("plo", "104523", "2026-01-05"))
    assert record(db, told, told) == Appended(1, 1)
    before = db.total_changes
    assert record(db, told) == Appended(0, 1)
    assert db.total_changes == before


def test_a_transaction_that_fails_leaves_nothing() -> None:
    db = empty_register()
    with pytest.raises(ZeroDivisionError):
        _record_and_fail(db)
    assert not db.in_transaction
    assert db.execute("SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM links)").fetchone() == (0, 0)


def _record_and_fail(db: sqlite3.Connection) -> None:
    with writing(db):
        append(db, [decision(date(2026, 1, 5))])
        raise ZeroDivisionError


def test_ids_are_uuids_that_grow_within_a_process() -> None:
    ids = [new_id() for _ in range(5_000)]
    assert ids == sorted(set(ids))
    assert {(i[14], len(i)) for i in ids} == {("7", 36)}
    assert {i[19] for i in ids} <= set("89ab")


_parts = st.lists(st.text(alphabet="ab", max_size=2), min_size=2, max_size=3)


@given(_parts, _parts)
def test_an_id_made_from_content_tells_contents_apart(one: list[str], other: list[str]) -> None:
    assert (content_id(*one) == content_id(*other)) == (one == other)
    assert content_id(*one)[14] == "8"


def test_moments_of_recording_sort_as_text() -> None:
    moment = now_text()
    assert len(moment) == len("2026-11-22T23:01:14.123456Z")
    assert moment <= now_text()
