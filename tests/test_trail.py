"""The trail: who made a register, what was imported and what was exported, each entry chained to the one before."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from sqlite_utils.db import Database
from typed import Typed

from cictrack.store import APPLICATION_ID
from cictrack.store.calendar import write_calendar
from cictrack.store.making import create
from cictrack.store.migrations import MIGRATIONS
from cictrack.store.opening import open_register
from cictrack.store.trail import keep, keep_import
from cictrack.store.writing import writing

if TYPE_CHECKING:
    from pathlib import Path

FILE = {"feed": "ssda903", "file": "episodes.csv", "sha256": "ab", "rows_read": 4}


def entries(db: sqlite3.Connection) -> list[tuple[Any, ...]]:
    return db.execute("SELECT n, at, by, did, detail, prev, hash FROM trail ORDER BY n").fetchall()


@pytest.fixture
def register(tmp_path: Path) -> Path:
    create(tmp_path / "register.db", "the team manager").close()
    return tmp_path / "register.db"


def test_a_register_begins_with_who_made_it(register: Path) -> None:
    with closing(open_register(register)) as db:
        ((n, _, by, did, detail, prev, _),) = entries(db)
    assert (n, by, did, json.loads(detail), prev) == (1, "the team manager", "made", {"synthetic": False}, b"")


def test_each_entry_is_hashed_with_the_one_before_it(register: Path) -> None:
    with closing(open_register(register, write=True)) as db:
        with writing(db):
            keep(db, "export", "somebody", {"what": "overdue", "names": True})
        first, second = entries(db)
    assert second[5] == first[6]
    for *entry, prev, hash_ in (first, second):
        assert sha256(prev + "\0".join(map(str, entry)).encode()).digest() == hash_


@pytest.mark.parametrize(
    "wrong",
    ["UPDATE trail SET by = 'x'", "DELETE FROM trail", "INSERT OR REPLACE INTO trail SELECT * FROM trail WHERE n = 1"],
)
def test_an_entry_is_never_changed_nor_deleted(register: Path, wrong: str) -> None:
    with (
        closing(open_register(register, write=True)) as db,
        pytest.raises(sqlite3.IntegrityError, match="never changed"),
    ):
        db.execute(wrong)


def test_a_file_that_brings_nothing_is_kept_once(register: Path) -> None:
    with closing(open_register(register, write=True)) as db:
        for added in (False, False, True):
            with writing(db):
                keep_import(db, "somebody", [FILE], added=added)
        assert [entry[3] for entry in entries(db)] == ["made", "import", "import"]


def test_a_register_of_the_first_version_keeps_what_its_imports_were(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        MIGRATIONS.apply(Database(old, execute_plugins=False), stop_before="trail")
        write_calendar(old)
        kept = ("2026-11-22T10:00:00.000000Z", "us", "ssda903", "a.csv", "ab", 4, 3, 1, 7)
        old.execute("INSERT INTO imports VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)", kept)
        old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        old.execute("PRAGMA user_version = 1")
    with closing(open_register(path)) as db:
        ((_, at, by, did, detail, _, _),) = entries(db)
        assert db.execute("SELECT 1 FROM sqlite_master WHERE name = 'imports'").fetchone() is None
    assert (at, by, did) == ("2026-11-22T10:00:00.000000Z", "us", "import")
    assert json.loads(detail)["files"][0]["sha256"] == "ab"


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    typed = Typed(tmp_path / "register.db")
    typed.does("plo open 104523 --on 2/2/2026 --dob 14/8/2019")
    typed.does("child set 104523 --name 'Nobody Real'")
    return typed


def exported(typed: Typed) -> list[Any]:
    with closing(open_register(typed.path)) as db:
        return [(entry[2], json.loads(entry[4])) for entry in entries(db) if entry[3] == "export"]


def test_what_goes_out_is_kept_with_who_how_many_rows_and_where_to(typed: Typed, tmp_path: Path) -> None:
    into = tmp_path / "due.ics"
    typed.does(f"export calendar --output {into}")
    assert exported(typed) == [("tester", {"what": "export calendar", "rows": 2, "names": False, "into": str(into)})]
    typed.is_refused(f"export calendar --output {into}")


@pytest.mark.parametrize(("line", "what"), [("plo", "plo list"), ("show 104523", "show"), ("overdue", "overdue")])
def test_a_list_is_kept_when_it_has_names(typed: Typed, line: str, what: str) -> None:
    typed.does(line)
    assert exported(typed) == []
    assert line == "overdue" or "Nobody Real" in typed.does(f"{line} --names --as-of 28/2/2026")
    typed.does(f"{line} --names")
    ((by, entry), *_) = exported(typed)
    assert (by, entry["what"], entry["names"]) == ("tester", what, True)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="everything can be written by this user")
def test_from_a_register_that_cannot_be_written_ids_go_out_and_names_do_not(typed: Typed) -> None:
    typed.path.chmod(0o400)
    answer = typed("export calendar")
    assert (answer.status, "BEGIN:VCALENDAR" in answer.out) == (0, True)
    assert "trail does not hold this export" in answer.err
    assert "Names go out only when" in typed.is_refused("plo --names")
