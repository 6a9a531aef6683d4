"""`verify` and `doctor`: what was changed behind the register's back is found, and nothing is repaired unasked."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING

import pytest
from raw import raw
from terminal import on_a_terminal
from typed import Typed

from cictrack.store.calendar import reach
from cictrack.store.verifying import verify

if TYPE_CHECKING:
    from pathlib import Path

DAMAGED, LOCKED = 4, 5
ERASED = "\x1b[2K"
HOLDING = ("file", "pages", "references", "tables", "events", "trail", "derived", "calendar", "clock", "mode")


@pytest.fixture
def own(team: Typed, tmp_path: Path) -> Typed:
    return Typed.copy_of(team, tmp_path / "register.db")


def checks(typed: Typed, line: str = "verify --format json") -> dict[str, dict[str, object]]:
    answer = typed(line)
    told = json.loads(answer.out)
    assert told["ok"] == (answer.status == 0) == all(check["ok"] for check in told["checks"])
    return {check["check"]: check for check in told["checks"]}


def tampered(typed: Typed, *statements: str) -> None:
    """Change the file as another program would that knows nothing of triggers and references."""
    with closing(raw(typed.path)) as db, db:
        db.execute("PRAGMA recursive_triggers = OFF")
        for statement in statements:
            db.execute(statement)


def failing(typed: Typed) -> set[str]:
    return {name for name, check in checks(typed).items() if not check["ok"]}


def test_a_register_that_holds_has_a_line_for_each_check(own: Typed) -> None:
    answer = own("verify")
    assert answer.status == 0
    assert [line.split()[1] for line in answer.out.splitlines()] == [*HOLDING]
    assert all(line.startswith("ok") for line in answer.out.splitlines())


def test_on_a_terminal_no_check_stands_on_the_line_of_the_progress_bar(own: Typed) -> None:
    status, seen = on_a_terminal(own, "verify")
    assert status == 0
    assert ERASED in seen
    assert seen.rindex(ERASED) < seen.index("ok      file")


LINK_3 = ("DELETE FROM events WHERE link = 3", "DELETE FROM links WHERE n = 3")
"""A link goes with its events, so that each of the others fits its own."""


def drop(trigger: str) -> str:
    return f"DROP TRIGGER {trigger}"


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        ([drop("events_no_update")], {"tables"}),
        (
            [drop("events_no_update"), "UPDATE events SET day = '2026-01-06' WHERE seq = 3"],
            {"tables", "events", "derived"},
        ),
        ([drop("events_no_update"), "UPDATE events SET recorded_by = 'another' WHERE seq = 3"], {"tables", "events"}),
        ([drop("events_no_delete"), "DELETE FROM events WHERE seq = 3"], {"tables", "events", "derived"}),
        ([drop("links_no_delete"), "DELETE FROM links WHERE n = 3"], {"tables", "references", "events"}),
        (
            [drop("events_no_delete"), drop("links_no_delete"), *LINK_3],
            {"tables", "events", "derived"},
        ),
        ([drop("trail_no_update"), "UPDATE trail SET by = 'another'"], {"tables", "trail"}),
        (["UPDATE deadlines SET past = 'grey' WHERE rule = 'plo.letter'"], {"derived"}),
        (["DELETE FROM gaps"], {"derived"}),
        (["INSERT INTO children (child_id) VALUES ('104599')"], {"derived"}),
        (["UPDATE rules SET authority = 'statute'"], {"derived"}),
        (["UPDATE meta SET value = '2026-03-01' WHERE name = 'latest_day'"], {"derived"}),
        (["CREATE TABLE mine (a)"], {"tables"}),
        (["DROP VIEW overdue", "CREATE VIEW overdue AS SELECT 1"], {"tables"}),
    ],
)
def test_what_was_changed_is_found(own: Typed, statements: list[str], found: set[str]) -> None:
    tampered(own, *statements)
    assert failing(own) == found


def test_nothing_is_repaired_unless_it_is_asked_for(own: Typed) -> None:
    tampered(own, "DELETE FROM gaps")
    before = own.path.read_bytes()
    assert own("verify").status == DAMAGED
    assert own("doctor").status == DAMAGED
    assert own.path.read_bytes() == before
    assert own("verify --rebuild").status == 0
    assert not failing(own)


def test_nothing_is_derived_from_events_that_do_not_hold(own: Typed) -> None:
    tampered(own, drop("events_no_update"), "UPDATE events SET day = '2026-01-06' WHERE seq = 3", "DELETE FROM gaps")
    before = own.path.read_bytes()
    answer = own("verify --rebuild")
    assert answer.status == DAMAGED
    assert "is not what was recorded" in answer.err
    assert own.path.read_bytes() == before


def test_the_head_that_a_pack_names_is_found_in_the_chain_it_grew_from(own: Typed, tmp_path: Path) -> None:
    own.does(f"report --output {tmp_path / 'pack.md'}")
    pack = (tmp_path / "pack.md").read_text()
    head = pack.partition("whose chain ends in ")[2][:64]
    own.does("note plo 104523 'seen at home'")
    found = checks(own, f"verify --format json --head {head}")["head"]
    assert found["ok"]
    assert "1 event recorded after it" in str(found["detail"])


def test_a_tail_that_was_cut_off_is_found_by_the_head_of_a_pack_alone(own: Typed, tmp_path: Path) -> None:
    shutil.copy(own.path, tmp_path / "before.db")
    own.does("note plo 104523 'seen at home'")
    head = str(checks(own)["events"]["detail"]).rpartition(" ")[2]
    shutil.copy(tmp_path / "before.db", own.path)
    assert not failing(own)
    answer = own(f"verify --head {head}")
    assert answer.status == DAMAGED
    assert "FAILED  head" in answer.out


def test_a_head_is_sixty_four_hex_digits_or_none(own: Typed) -> None:
    assert own("verify --head none").status == 0
    assert own("verify --head 12ab").status == 2


@pytest.mark.skipif(os.name != "posix", reason="Windows has no modes")
def test_a_mode_that_is_too_wide_only_warns(own: Typed) -> None:
    own.path.chmod(0o644)
    mode = checks(own)["mode"]
    assert (mode["ok"], mode["warning"]) == (True, True)
    assert f"chmod 600 {own.path}" in own("doctor").out


def test_a_recording_that_is_later_than_the_clock_only_warns(own: Typed) -> None:
    tampered(own, drop("links_no_update"), "UPDATE links SET at = '2099-01-01T00:00:00.000000Z' WHERE n = 5")
    clock = checks(own)["clock"]
    assert (clock["ok"], clock["warning"]) == (True, True)


def test_a_calendar_that_ends_before_what_is_due_says_so(own: Typed) -> None:
    tampered(own, "UPDATE meta SET value = '2026-04-01' WHERE name = 'calendar_until'")
    with closing(raw(own.path)) as db:
        assert "are due later" in reach(db, date(2026, 3, 31))[1]


def test_nobody_writes_while_a_check_is_made(own: Typed) -> None:
    tried = []

    def meanwhile(_done: int, _of: int) -> None:
        with closing(raw(own.path, isolation_level=None, timeout=0)) as other:
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("INSERT INTO meta VALUES ('meanwhile', 'yes')")
            tried.append(True)

    assert all(check.ok for check in verify(own.path, date(2026, 3, 31), progress=meanwhile))
    assert tried


def test_a_calendar_that_is_over_only_warns(own: Typed) -> None:
    tampered(own, "UPDATE meta SET value = '2026-04-01' WHERE name = 'calendar_until'")
    calendar = checks(own)["calendar"]
    assert (calendar["ok"], calendar["warning"]) == (True, True)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty (0 bytes)"),
        (bytes(8192), "it begins with zeros"),
        (b"PK\3\4 a workbook", "It is a workbook or an archive"),
        (b"SQLite format 3\0 and no more", "It is a database"),
        (b"no register " * 500, "does not begin as a database does"),
    ],
)
def test_the_doctor_looks_at_what_cannot_be_opened(own: Typed, content: bytes, said: str) -> None:
    own.path.write_bytes(content)
    answer = own("doctor")
    assert answer.status == DAMAGED
    assert said in answer.out
    assert "recover NEW.db" in answer.out
    assert own("verify").status == DAMAGED
    assert own("verify").out.startswith("FAILED  file")


def test_the_doctor_asks_for_the_key_of_what_may_be_encrypted(own: Typed) -> None:
    own.path.write_bytes(os.urandom(8192))
    answer = own("doctor")
    assert answer.status == DAMAGED
    assert f"cictrack --key-file FILE --db {own.path} doctor" in answer.out
    assert "recover" not in answer.out


def test_the_doctor_of_a_register_that_is_not_there_says_what_to_do(own: Typed) -> None:
    own.path.unlink()
    answer = own("doctor")
    assert answer.status == DAMAGED
    assert "cictrack restore BACKUP" in answer.out
    assert own("verify").status == 1


def test_the_doctor_finds_nothing_wrong_where_nothing_is(own: Typed) -> None:
    answer = own("doctor")
    assert answer.status == 0
    assert "Nothing is wrong" in answer.out


def test_a_register_of_other_rules_is_not_called_damaged_nor_derived_by_looking(own: Typed) -> None:
    tampered(own, "UPDATE meta SET value = 'another' WHERE name = 'fingerprint'")
    before = own.path.read_bytes()
    found = checks(own)
    assert found["derived"]["warning"]
    assert own.path.read_bytes() == before


@pytest.mark.slow
def test_a_register_that_is_being_written_is_not_called_damaged(own: Typed) -> None:
    with closing(raw(own.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert own("verify").status == LOCKED
