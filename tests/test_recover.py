"""`recover`: every event that is still what was recorded comes out of a damaged file, and the rest is named."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typed import Typed

from cictrack.store.chain import broken
from cictrack.store.opening import open_as_it_is
from cictrack.store.pages import rows

if TYPE_CHECKING:
    from pathlib import Path

PAGE = 4096
REFUSED, DAMAGED = 1, 4
CONTENT = "SELECT id, register, child_id, opening, kind, day, fields, recorded_at, recorded_by, source, root, parent"


@pytest.fixture
def own(team: Typed, tmp_path: Path) -> Typed:
    return Typed.copy_of(team, tmp_path / "register.db")


def events(path: Path) -> set[tuple[str, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return set(db.execute(f"{CONTENT} FROM events"))


def heads(path: Path) -> set[bytes]:
    with closing(sqlite3.connect(path)) as db:
        return {hash_ for (hash_,) in db.execute("SELECT hash FROM links")}


def trail(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return [did for (did,) in db.execute("SELECT did FROM trail ORDER BY n")]


def recovered(own: Typed, into: Path) -> str:
    before = own.path.read_bytes()
    into.unlink(missing_ok=True)
    said = own.does(f"recover {into}")
    assert own.path.read_bytes() == before
    with closing(open_as_it_is(into)) as db:
        assert not list(broken(db))
    new = Typed.copy_of(own, own.path.with_name("spare.db"))
    new.path = into
    assert new("verify").status == 0, new("verify").out
    return said


def test_a_whole_register_is_recovered_whole_and_its_chain_goes_on(own: Typed, tmp_path: Path) -> None:
    said = recovered(own, tmp_path / "new.db")
    assert "Nothing is lost" in said
    assert events(tmp_path / "new.db") == events(own.path)
    assert heads(tmp_path / "new.db") == heads(own.path)
    new = Typed.copy_of(own, tmp_path / "spare.db")
    new.path = tmp_path / "new.db"
    assert new.does("overdue --format csv") == own.does("overdue --format csv")
    assert trail(new.path) == [*trail(own.path), "recover"]


def test_a_register_whose_header_is_gone_is_recovered(own: Typed, tmp_path: Path) -> None:
    held = events(own.path)
    content = bytearray(own.path.read_bytes())
    content[:100] = bytes(100)
    own.path.write_bytes(content)
    assert own("overdue").status != 0
    recovered(own, tmp_path / "new.db")
    assert events(tmp_path / "new.db") == held


def test_an_event_that_was_changed_is_left_out_and_named(own: Typed, tmp_path: Path) -> None:
    held = events(own.path)
    with closing(sqlite3.connect(own.path)) as db, db:
        db.execute("DROP TRIGGER events_no_update")
        db.execute("UPDATE events SET day = '2026-01-06' WHERE seq = 3")
        (id_,) = db.execute("SELECT id FROM events WHERE seq = 3").fetchone()
    said = recovered(own, tmp_path / "new.db")
    assert events(tmp_path / "new.db") == {event for event in held if event[0] != id_}
    assert f"Left out: event {id_}" in said
    assert "Lost: link" in said


def test_a_register_that_lost_its_end_is_recovered_up_to_there(own: Typed, tmp_path: Path) -> None:
    held = events(own.path)
    content = own.path.read_bytes()
    found = []
    for pages in range(1, 12):
        own.path.write_bytes(content[: -pages * PAGE])
        if own(f"recover {tmp_path / f'{pages}.db'}").status == 0:
            found.append(events(tmp_path / f"{pages}.db"))
    assert all(some <= held for some in found)
    assert any(some < held for some in found)


def test_who_recorded_it_is_not_certain_where_that_was_changed(own: Typed, tmp_path: Path) -> None:
    with closing(sqlite3.connect(own.path)) as db, db:
        db.execute("DROP TRIGGER events_no_update")
        db.execute("UPDATE events SET recorded_by = 'another' WHERE seq = 3")
    assert "Not certain: link " in recovered(own, tmp_path / "new.db")


@pytest.mark.parametrize("seed", range(8))
def test_of_a_file_with_lost_pages_nothing_comes_out_that_was_never_recorded(
    own: Typed, tmp_path: Path, seed: int
) -> None:
    held = events(own.path)
    chance = random.Random(seed)  # noqa: S311 - where the damage is, and no secret
    content = bytearray(own.path.read_bytes())
    lost = chance.sample(range(len(content) // PAGE), 3)
    for page in lost:
        content[page * PAGE : (page + 1) * PAGE] = chance.choice([bytes(PAGE), chance.randbytes(PAGE)])
    own.path.write_bytes(content)
    answer = own(f"recover {tmp_path / 'new.db'}")
    if answer.status == DAMAGED:
        assert "No event can be read" in answer.err
        return
    assert events(tmp_path / "new.db") <= held


def test_nothing_is_made_of_a_file_without_events(own: Typed, tmp_path: Path) -> None:
    own.path.write_bytes(bytes(20_000))
    assert own(f"recover {tmp_path / 'new.db'}").status == DAMAGED
    assert not (tmp_path / "new.db").exists()


def test_a_file_that_is_there_is_not_recovered_into(own: Typed, tmp_path: Path) -> None:
    (tmp_path / "new.db").write_text("another's work")
    assert own(f"recover {tmp_path / 'new.db'}").status == REFUSED
    assert (tmp_path / "new.db").read_text() == "another's work"


@given(
    kept=st.lists(
        st.tuples(
            st.none() | st.integers(-(2**63), 2**63 - 1) | st.text() | st.binary(),
            st.text(max_size=12_000) | st.binary(max_size=12_000),
        ),
        max_size=30,
    ),
    size=st.sampled_from([512, 4096, 65536]),
)
@settings(max_examples=40)
def test_rows_are_read_off_the_pages_as_sqlite_wrote_them(
    tmp_path_factory: pytest.TempPathFactory, kept: list[tuple[object, object]], size: int
) -> None:
    path = tmp_path_factory.mktemp("pages") / "any.db"
    kept = [
        (first.encode("utf-8", "ignore").decode() if isinstance(first, str) else first, second)
        for first, second in kept
    ]
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(f"PRAGMA page_size = {size}")
        db.execute("CREATE TABLE any (n INTEGER PRIMARY KEY, a, b)")
        db.executemany("INSERT INTO any (a, b) VALUES (?, ?)", kept)
    found = {row.rowid: tuple(row.values[1:]) for row in rows(path) if len(row.values) == 3 and row.rowid is not None}
    assert found == dict(enumerate(kept, 1))


@given(content=st.binary(max_size=9000), begins=st.sampled_from([b"", b"SQLite format 3\0\2\0", bytes([13] * 20)]))
def test_no_file_whatever_it_holds_stops_the_reading(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, begins: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "any.db"
    path.write_bytes(begins + content)
    list(rows(path))


def test_a_row_of_any_length_is_read_whole(tmp_path: Path) -> None:
    kept = [bytes([n % 251]) * n for n in range(2_200)]
    with closing(sqlite3.connect(tmp_path / "any.db")) as db, db:
        db.execute("PRAGMA page_size = 512")
        db.execute("CREATE TABLE of_rows (n INTEGER PRIMARY KEY, a)")
        db.execute("CREATE TABLE of_keys (a PRIMARY KEY) WITHOUT ROWID")
        db.executemany("INSERT INTO of_rows (a) VALUES (?)", [(one,) for one in kept])
        db.executemany("INSERT INTO of_keys VALUES (?)", [(one,) for one in kept])
    found = [row for row in rows(tmp_path / "any.db") if row.values and isinstance(row.values[-1], bytes)]
    assert {row.rowid: row.values[1] for row in found if row.rowid} == dict(enumerate(kept, 1))
    # Those of a table without rowids are on inner pages too, which are not read.
    assert {row.values[0] for row in found if row.rowid is None} <= set(kept)


def test_a_row_that_says_it_is_endless_does_not_stop_the_reading(tmp_path: Path) -> None:
    page = bytearray(PAGE)
    page[100], page[104], page[108:110] = 0x0D, 1, (200).to_bytes(2)
    page[200:210] = bytes([0xFF] * 9 + [1])
    # 489 of its bytes are here, and the rest is said to go on, page after page, on this one.
    page[0:4] = page[699:703] = (1).to_bytes(4)
    (tmp_path / "any.db").write_bytes(page)
    assert not list(rows(tmp_path / "any.db"))


def test_what_was_erased_is_not_recovered_and_stays_provable(own: Typed, tmp_path: Path) -> None:
    own.does("purge --child 104525 --by 'Manager 01' --approved-by 'Manager 02' --yes")
    assert "Nothing is lost" in recovered(own, tmp_path / "new.db")
    assert heads(tmp_path / "new.db") == heads(own.path)
