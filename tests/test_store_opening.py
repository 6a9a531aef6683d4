"""What is no register is said to be none, each thing in its own sentence, and opening never makes a file."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest
from raw import raw
from sqlite_utils.db import Database
from store_lives import born, decision, derived, record

from cictrack.errors import Locked, Refused
from cictrack.store import APPLICATION_ID, VERSION
from cictrack.store.making import create
from cictrack.store.migrations import MIGRATIONS
from cictrack.store.opening import is_synthetic, open_register, own_today, warnings
from cictrack.store.writing import writing

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A register with one case."""
    made = tmp_path / "register.db"
    db = create(made, "somebody")
    record(db, born(), decision(date(2026, 1, 5)))
    db.close()
    return made


def test_a_mistyped_path_is_said_and_leaves_no_file(tmp_path: Path) -> None:
    for write in (False, True):
        with pytest.raises(Refused, match=r"No register at .*regster\.db.*cictrack init.*--db sample\.db"):
            open_register(tmp_path / "regster.db", write=write)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", r"empty \(0 bytes\)"), (b"child_id,dob\n1,2\n" * 99, "is no register: file is not a database")],
)
def test_a_file_that_is_no_register_is_said_and_left_alone(tmp_path: Path, content: bytes, sentence: str) -> None:
    other = tmp_path / "other.db"
    other.write_bytes(content)
    with pytest.raises(Refused, match=sentence):
        open_register(other, write=True)
    assert other.read_bytes() == content
    assert list(tmp_path.iterdir()) == [other]


def test_a_folder_is_no_register(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="is a folder"):
        open_register(tmp_path)


def test_a_sqlite_file_of_another_program_is_said(tmp_path: Path) -> None:
    other = tmp_path / "places.db"
    db = sqlite3.connect(other)
    db.execute("CREATE TABLE events (id)")
    db.close()
    with pytest.raises(Refused, match="another program"):
        open_register(other)


def test_a_register_of_a_newer_cictrack_is_said(path: Path) -> None:
    db = raw(path)
    db.execute(f"PRAGMA user_version = {VERSION + 1}")
    db.close()
    with pytest.raises(Refused, match=rf"newer cictrack \(its version {VERSION + 1}, this one's {VERSION}\)"):
        open_register(path)


def test_a_register_of_an_older_version_is_migrated_when_it_is_opened(tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    db = sqlite3.connect(old, isolation_level=None)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    MIGRATIONS.apply(Database(db), stop_before=[m.name for m in MIGRATIONS.pending(Database(db))])
    db.close()
    opened = open_register(old)
    assert opened.execute("PRAGMA user_version").fetchone() == (VERSION,)
    assert opened.execute("SELECT * FROM overdue").fetchall() == []


def test_a_register_is_for_its_owner_alone(tmp_path: Path) -> None:
    made = tmp_path / "cictrack" / "register.db"
    db = create(made, "somebody", make_folder=True)
    with writing(db):
        record_of_modes = {entry.name: entry.stat().st_mode & 0o777 for entry in os.scandir(made.parent)}
    assert os.name != "posix" or set(record_of_modes.values()) == {0o600}
    assert os.name != "posix" or made.parent.stat().st_mode & 0o777 == 0o700
    assert warnings(db, made) == []
    made.chmod(0o644)
    assert os.name != "posix" or warnings(db, made) == [f"{made} can be read by others (mode 0644): chmod 600 {made}"]


def test_a_synthetic_register_may_be_read_by_all(tmp_path: Path) -> None:
    made = tmp_path / "sample.db"
    db = create(made, "somebody", today=date(2020, 12, 31), synthetic=True)
    made.chmod(0o644)
    assert warnings(db, made) == []
    assert is_synthetic(db)
    assert own_today(db) == date(2020, 12, 31)


def test_a_register_is_not_made_over_another_file(path: Path) -> None:
    held = path.read_bytes()
    with pytest.raises(Refused, match="is there already"):
        create(path, "somebody")
    assert path.read_bytes() == held


def test_a_clock_set_back_is_warned_of(path: Path) -> None:
    db = open_register(path, write=True)
    assert own_today(db) is None
    record(db, decision(date(2026, 1, 5), "2")._replace(recorded_at="2999-01-01T00:00:00.000000Z"))
    assert "2999-01-01 00:00 UTC" in "".join(warnings(db, path))


def test_a_reader_cannot_write(path: Path) -> None:
    with pytest.raises(Refused, match="Nothing was written: attempt to write a readonly database"):
        record(open_register(path), decision(date(2026, 1, 5), "2"))


def test_a_second_writer_is_told_that_the_register_is_locked(path: Path) -> None:
    first, second = open_register(path, write=True), open_register(path, write=True, wait=0.01)
    with writing(first):
        with pytest.raises(Locked, match="Another process"):
            record(second, decision(date(2026, 1, 5), "2"))
        first.execute("UPDATE meta SET value = value")
    first.execute("BEGIN EXCLUSIVE")
    with pytest.raises(Locked):
        open_register(path, wait=0.01)


@pytest.mark.parametrize("write", [False, True])
def test_the_pragmas_hold_on_every_connection(path: Path, *, write: bool) -> None:
    db = open_register(path, write=write)
    held = {
        name: db.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("foreign_keys", "trusted_schema", "secure_delete", "synchronous", "query_only", "journal_mode")
    }
    assert held == {
        "foreign_keys": 1,
        "trusted_schema": 0,
        "secure_delete": 1,
        "synchronous": 2,
        "query_only": int(not write),
        "journal_mode": "delete",
    }


def test_rows_derived_by_other_rules_are_derived_again_once(path: Path) -> None:
    db = open_register(path, write=True)
    rows = derived(db)
    with writing(db):
        db.execute("UPDATE meta SET value = 'another' WHERE name = 'fingerprint'")
        db.execute("DELETE FROM deadlines")
    db.close()
    reader = open_register(path)
    assert derived(reader) == rows
    changed = path.stat().st_mtime_ns
    assert derived(open_register(path)) == rows
    assert path.stat().st_mtime_ns == changed


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="everything can be written by this user")
def test_rows_of_other_rules_in_a_file_that_cannot_be_written_are_derived_in_memory(path: Path) -> None:
    db = open_register(path, write=True)
    rows = derived(db)
    with writing(db):
        db.execute("UPDATE meta SET value = 'another' WHERE name = 'fingerprint'")
        db.execute("DELETE FROM deadlines")
    db.close()
    path.chmod(0o400)
    assert derived(open_register(path)) == rows
    with pytest.raises(Refused, match="cannot be written"):
        open_register(path, write=True)


def test_opening_loads_nothing_that_a_list_does_not_need(path: Path) -> None:
    script = (
        "import sys, pathlib; from cictrack.store.opening import open_register;"
        f"open_register(pathlib.Path({str(path)!r})).execute('SELECT 1');"
        "print(*sorted(sys.modules))"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"sqlite_utils", "holidays", "rich", "dateutil", "hashlib", "dataclasses", "json", "platformdirs"}
    ours = {"cictrack.pathway", "cictrack.working_days", "cictrack.store.derive", "cictrack.registers.plo"}
    assert not (heavy | ours) & set(loaded)
