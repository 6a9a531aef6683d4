"""`backup` and `restore`: a copy that holds, whatever else is going on, and a register that is never written over."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from raw import ON_CIPHER, raw
from typed import Typed

from cictrack.errors import Locked
from cictrack.store.chain import broken
from cictrack.store.opening import open_as_it_is, to_hold_alone

if TYPE_CHECKING:
    from pathlib import Path

REFUSED, DAMAGED, LOCKED = 1, 4, 5


@pytest.fixture
def own(team: Typed, tmp_path: Path) -> Typed:
    return Typed.copy_of(team, tmp_path / "register.db")


def events(path: Path) -> int:
    with closing(open_as_it_is(path)) as db:
        assert not list(broken(db))
        return int(db.execute("SELECT count(*) FROM events").fetchone()[0])


def other_files(typed: Typed) -> set[str]:
    return {path.name for path in typed.path.parent.iterdir()} - {typed.path.name}


def entries(typed: Typed) -> list[tuple[str, str]]:
    with closing(raw(typed.path)) as db:
        return db.execute("SELECT did, by FROM trail ORDER BY n").fetchall()


def test_a_backup_is_one_file_for_its_owner_alone_with_every_event(own: Typed, tmp_path: Path) -> None:
    said = own.does(f"backup {tmp_path / 'copy.db'}")
    assert other_files(own) == {"copy.db"}
    assert events(tmp_path / "copy.db") == events(own.path)
    assert f"{events(own.path)} events" in said
    assert entries(own)[-1] == ("backup", "tester")
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600


def test_a_backup_lists_what_the_register_does(own: Typed, tmp_path: Path) -> None:
    own.does(f"backup {tmp_path / 'copy.db'}")
    copy = Typed.copy_of(own, tmp_path / "another.db")
    copy.path = tmp_path / "copy.db"
    for line in ("overdue --format csv", "tasks --format csv", "gaps --format csv", "changes --format csv"):
        assert copy.does(line) == own.does(line)
    assert copy("verify").status == 0


def test_a_copy_that_is_there_is_written_over_only_when_it_is_said(own: Typed, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("another's work")
    assert own(f"backup {tmp_path / 'copy.db'}").status == REFUSED
    assert (tmp_path / "copy.db").read_text() == "another's work"
    assert own(f"backup {tmp_path / 'copy.db'} --force").status == 0
    assert events(tmp_path / "copy.db") == events(own.path)


def test_of_kept_copies_the_newest_are_there_and_the_oldest_goes(own: Typed, tmp_path: Path) -> None:
    held = []
    for n in range(4):
        own.does(f"note plo 104523 'visit {n}'")
        held.append(events(own.path))
        own.does(f"backup {tmp_path / 'copy.db'} --keep 3")
    assert other_files(own) == {"copy.db", "copy.1.db", "copy.2.db"}
    assert [events(tmp_path / f"copy{n}.db") for n in ("", ".1", ".2")] == held[:0:-1]


def test_a_backup_is_never_the_register_itself_nor_written_through_a_link(own: Typed, tmp_path: Path) -> None:
    assert own(f"backup {own.path} --force").status == REFUSED
    (tmp_path / "aim.txt").write_text("another's work")
    (tmp_path / "link.db").symlink_to(tmp_path / "aim.txt")
    assert own(f"backup {tmp_path / 'link.db'} --force").status == REFUSED
    assert (tmp_path / "aim.txt").read_text() == "another's work"


def test_no_copy_is_kept_of_a_register_that_does_not_hold(own: Typed, tmp_path: Path) -> None:
    with closing(raw(own.path)) as db, db:
        db.execute("DROP TRIGGER events_no_update")
        db.execute("UPDATE events SET day = '2026-01-06' WHERE seq = 3")
    answer = own(f"backup {tmp_path / 'copy.db'}")
    assert answer.status == DAMAGED
    assert "is not what was recorded" in answer.err
    assert other_files(own) == set()


RECORDING = """
import sys
from cictrack.cli.main import cictrack
for n in range(int(sys.argv[2])):
    try:
        cictrack(["--db", sys.argv[1], "note", "plo", "104523", f"visit {n}"])
    except SystemExit as ended:
        assert not ended.code, ended.code
    print(n, flush=True)
"""


def test_a_backup_taken_while_another_process_records_is_one_moment_of_the_register(own: Typed, tmp_path: Path) -> None:
    started = events(own.path)
    with subprocess.Popen(
        [sys.executable, "-c", RECORDING, str(own.path), "12"], stdout=subprocess.PIPE, text=True
    ) as other:
        for n in range(4):
            own.does(f"backup {tmp_path / f'copy{n}.db'}")
        other.communicate()
    assert other.returncode == 0
    assert events(own.path) == started + 12
    held = [events(tmp_path / f"copy{n}.db") for n in range(4)]
    assert held == sorted(held)


def hot_journal(folder: Path) -> bytes:
    """What a writer leaves that is killed while it changes many pages: played back, it writes them over."""
    with closing(sqlite3.connect(folder / "killed.db", isolation_level=None)) as db:
        db.execute("CREATE TABLE held (n INTEGER PRIMARY KEY, text)")
        db.execute("INSERT INTO held SELECT value, hex(randomblob(900)) FROM json_each(?)", (str([*range(400)]),))
        db.execute("PRAGMA cache_size = 2")
        db.execute("BEGIN IMMEDIATE")
        db.execute("UPDATE held SET text = upper(text) || 'x'")
        journal = (folder / "killed.db-journal").read_bytes()
        db.execute("ROLLBACK")
    (folder / "killed.db").unlink()
    assert len(journal) > 100_000
    return journal


def test_a_register_that_is_held_alone_is_written_by_nobody(own: Typed) -> None:
    with (
        closing(to_hold_alone(own.path)),
        closing(raw(own.path, timeout=0)) as other,
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        other.execute("SELECT count(*) FROM events")
    with closing(raw(own.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Locked):
            to_hold_alone(own.path, wait=0)


def test_a_register_is_restored_where_none_is(own: Typed, tmp_path: Path) -> None:
    own.does(f"backup {tmp_path / 'copy.db'}")
    before = own.does("overdue --format csv")
    own.path.unlink()
    (tmp_path / "register.db-journal").write_bytes(hot_journal(tmp_path))
    own.does(f"restore {tmp_path / 'copy.db'}")
    assert own.does("overdue --format csv") == before
    assert own("verify").status == 0
    assert [did for did, _ in entries(own)][-1:] == ["restore"]


def test_a_register_that_is_there_is_put_aside_and_what_only_it_holds_is_said(own: Typed, tmp_path: Path) -> None:
    own.does(f"backup {tmp_path / 'copy.db'}")
    own.does("note plo 104523 'seen at home'")
    held = events(own.path)
    assert own(f"restore {tmp_path / 'copy.db'}").status == REFUSED
    assert events(own.path) == held
    answer = own(f"restore {tmp_path / 'copy.db'} --force")
    assert answer.status == 0
    assert "1 event was recorded since the backup" in answer.err
    assert events(own.path) == held - 1
    (aside,) = other_files(own) - {"copy.db"}
    assert events(tmp_path / aside) == held
    if os.name == "posix":
        assert stat.S_IMODE(own.path.stat().st_mode) == 0o600


def test_what_was_recorded_since_the_backup_is_brought_back_as_it_is_said(own: Typed, tmp_path: Path) -> None:
    own.does(f"backup {tmp_path / 'copy.db'}")
    own.does("note plo 104523 'seen at home'")
    history = own.does("history plo 104523 --format json")
    own.does(f"restore {tmp_path / 'copy.db'} --force")
    (aside,) = other_files(own) - {"copy.db"}
    old = Typed.copy_of(own, tmp_path / "spare.db")
    old.path = tmp_path / aside
    old.does(f"export events --output {tmp_path / 'since.jsonl'}")
    own.does(f"import events {tmp_path / 'since.jsonl'}")
    assert own.does("history plo 104523 --format json") == history


@pytest.mark.skipif(ON_CIPHER, reason="no byte of an encrypted file is known beforehand")
def test_a_backup_that_does_not_hold_is_not_restored(own: Typed, tmp_path: Path) -> None:
    own.does(f"backup {tmp_path / 'copy.db'}")
    content = bytearray((tmp_path / "copy.db").read_bytes())
    at = content.index(b'"recorded') if b'"recorded' in content else content.index(b"104523") + 1
    content[at] ^= 4
    (tmp_path / "copy.db").write_bytes(content)
    before = own.path.read_bytes()
    answer = own(f"restore {tmp_path / 'copy.db'} --force")
    assert answer.status == DAMAGED
    assert own.path.read_bytes() == before
    assert other_files(own) == {"copy.db"}


def test_a_damaged_register_is_put_aside_too(own: Typed, tmp_path: Path) -> None:
    own.does(f"backup {tmp_path / 'copy.db'}")
    held = events(own.path)
    own.path.write_bytes(os.urandom(9000))
    assert own(f"restore {tmp_path / 'copy.db'} --force").status == 0
    assert events(own.path) == held


@pytest.mark.skipif(os.name != "posix", reason="Windows moves no open file: there the restore is refused")
def test_whoever_still_writes_to_the_register_that_was_put_aside_is_refused(own: Typed, tmp_path: Path) -> None:
    own.does(f"backup {tmp_path / 'copy.db'}")
    with closing(raw(own.path, isolation_level=None)) as late:
        late.execute("SELECT count(*) FROM events").fetchone()
        own.does(f"restore {tmp_path / 'copy.db'} --force")
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            late.execute("INSERT INTO meta VALUES ('late', 'yes')")


def test_what_was_erased_since_a_backup_does_not_come_back_with_it(own: Typed, tmp_path: Path) -> None:
    own.does("note plo 104525 'marker-of-a-child'")
    own.does(f"backup {tmp_path / 'copy.db'}")
    own.does("purge --child 104525 --by 'Manager 01' --approved-by 'Manager 02' --yes")
    own.does(f"restore {tmp_path / 'copy.db'} --force")
    assert b"marker-of-a-child" not in own.path.read_bytes()
    assert own("show 104525").status == REFUSED
    assert own("verify").status == 0
