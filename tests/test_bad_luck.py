"""What goes wrong around a register: pipes, disks, locks, encodings, damage. One sentence, its status, no change."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from raw import raw
from typed import Typed

from cictrack.errors import Locked
from cictrack.store.opening import open_register
from cictrack.store.writing import writing

if TYPE_CHECKING:
    from pathlib import Path

POSIX = pytest.mark.skipif(os.name != "posix", reason="pipes, modes and /dev/full are of POSIX")


def typed_in_a_shell(line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A line in bash, in which `cictrack` is this interpreter's."""
    whole = f'cictrack() {{ "{sys.executable}" -m cictrack "$@"; }}; {line}'
    return subprocess.run(
        ["bash", "-c", whole], capture_output=True, check=False, encoding="utf-8", env={**os.environ, **environment}
    )


@POSIX
@pytest.mark.parametrize(
    "words", ["overdue", "overdue --format csv", "overdue --format json", "show 104523", "plo --help", "--help"]
)
def test_a_reader_who_has_enough_is_no_failure(team: Typed, words: str) -> None:
    ran = typed_in_a_shell(f"cictrack --db {team.path} {words} | true; echo ${{PIPESTATUS[0]}}")
    assert ran.stdout == "0\n"
    assert "Traceback" not in ran.stderr


@POSIX
def test_what_is_refused_keeps_its_status_when_nobody_reads_why(team: Typed) -> None:
    ran = typed_in_a_shell(f"cictrack --db {team.path} plo letter 9 2>&1 >/dev/null | true; echo ${{PIPESTATUS[0]}}")
    assert ran.stdout == "1\n"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")  # noqa: PTH110 - read once
def test_a_full_disk_under_the_output_is_one_sentence(team: Typed) -> None:
    ran = typed_in_a_shell(f"cictrack --db {team.path} overdue > /dev/full")
    assert ran.returncode == 1
    assert ran.stderr.endswith("cictrack: What was to be printed could not be written: No space left on device.\n")


@POSIX
def test_a_closed_stdout_is_nobody_to_print_for(team: Typed) -> None:
    ran = typed_in_a_shell(f"cictrack --db {team.path} overdue >&-")
    assert ran.returncode == 0
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "utf-8"])
def test_a_character_that_the_output_cannot_hold_is_written_out(team: Typed, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "register.db"
    shutil.copy(team.path, path)
    line = [sys.executable, "-m", "cictrack", "--db", str(path)]
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    for words in (["assign", "plo", "104523", "--team", "Ünder → ☃😀"], ["plo"], ["plo", "--format", "json"]):
        ran = subprocess.run([*line, *words], capture_output=True, check=False, env=environment)
        assert ran.returncode == 0, ran.stderr
    teams = {case["team"] for case in json.loads(ran.stdout.decode(encoding))}
    assert "Ünder → ☃😀" in teams


def test_bytes_that_are_no_text_are_wrong_usage(team: Typed) -> None:
    answer = team("overdue --team 'N\udcffrth'")
    assert answer.status == 2
    assert "holds bytes that are no text" in answer.err


def test_a_damaged_register_says_so_and_has_a_status_of_its_own(team: Typed, tmp_path: Path) -> None:
    path = tmp_path / "register.db"
    content = bytearray(team.path.read_bytes())
    content[8192:-4096] = b"\xff" * (len(content) - 12288)
    path.write_bytes(content)
    path.chmod(0o600)
    ran = subprocess.run(
        [sys.executable, "-m", "cictrack", "--db", str(path), "overdue"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 4
    assert ran.stderr.startswith("cictrack: This register is damaged")
    assert ran.stderr.count("\n") == 1
    assert path.read_bytes() == content


def test_a_register_that_another_process_writes_is_locked_and_still_read(team: Typed, tmp_path: Path) -> None:
    path = tmp_path / "register.db"
    shutil.copy(team.path, path)
    other = raw(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    mine = open_register(path, write=True, wait=0.05)
    assert mine.execute("SELECT count(*) FROM events").fetchone()[0] > 0
    with pytest.raises(Locked, match="still is after the wait"), writing(mine):
        pytest.fail("written beside another writer")
    mine.close()
    other.execute("ROLLBACK")
    other.close()


def test_the_first_register_makes_the_folder_it_belongs_in(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "CICTRACK_DB"}
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data"), "LOCALAPPDATA": str(tmp_path)}
    line = [sys.executable, "-m", "cictrack"]
    for words in ("init", "overdue"):
        ran = subprocess.run([*line, words], capture_output=True, text=True, check=False, env={**environment, **home})
        assert ran.returncode == 0, ran.stderr
    (made,) = tmp_path.rglob("register.db")
    if os.name == "posix":
        assert made.parent.stat().st_mode & 0o777 == 0o700


def test_a_file_that_is_no_register_is_told_from_a_folder_and_a_device(team: Typed, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    sqlite3.connect(other).executescript("CREATE TABLE cases (a); PRAGMA user_version = 1;")
    (tmp_path / "text.db").write_text("Dear all,\n")
    (tmp_path / "empty.db").touch()
    newer = tmp_path / "newer.db"
    shutil.copy(team.path, newer)
    db = raw(newer)
    db.execute("PRAGMA user_version = 99")
    db.close()
    for name, why in (
        ("other.db", "a SQLite file of another program"),
        ("text.db", "no register: file is not a database"),
        ("empty.db", "is empty (0 bytes)"),
        ("newer.db", "was written by a newer cictrack"),
        ("", "is a folder, not a register"),
        ("none.db", "No register at"),
    ):
        ran = subprocess.run(
            [sys.executable, "-m", "cictrack", "--db", str(tmp_path / name), "overdue"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ran.returncode, ran.stdout) == (1, ""), name
        assert why in ran.stderr
        assert ran.stderr.count("\n") == 1


def test_what_breaks_on_a_damaged_register_is_told_as_damage(team: Typed, tmp_path: Path) -> None:
    typed = Typed.copy_of(team, tmp_path / "register.db")
    with closing(raw(typed.path)) as db, db:
        db.execute("DROP TRIGGER events_no_update")
        db.execute("UPDATE events SET fields = '[' WHERE kind = 'letter'")
    for line in ("show 104523", "explain plo 104523", "plo"):
        answer = typed(line)
        assert answer.status == 4, line
        assert answer.err.endswith("What to do: cictrack doctor\n")
        assert answer.err.count("\n") == 1
