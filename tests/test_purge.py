"""Purging: what need not be kept is found nowhere afterwards, and the chain still proves what was recorded."""

from __future__ import annotations

import json
import shlex
import sqlite3
import sys
from contextlib import closing, suppress
from datetime import date
from random import Random
from subprocess import DEVNULL, Popen, TimeoutExpired
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from conftest import A_TEAM
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils.db import Database
from store_lives import born, decision, derived, empty_register, event, lives, record
from typed import Typed

from cictrack.pathway.settings import PURGED, SETTINGS
from cictrack.store import APPLICATION_ID, chain
from cictrack.store.calendar import write_calendar
from cictrack.store.erasing import compact, purged_events, purges
from cictrack.store.events import new_id
from cictrack.store.migrations import MIGRATIONS
from cictrack.store.opening import open_register
from cictrack.store.writing import Appended, append

if TYPE_CHECKING:
    from pathlib import Path

    from cictrack.pathway.events import Event

MARK = "Quondam77"
TWO = "--by 'Team manager' --approved-by 'Head of service' --yes"
LONG_AGO = (
    "plo open 104523 --on 2/3/2020 --dob 14/8/2015 --team North",
    "plo step 104523 --on 1/6/2020 --outcome step-down --to child-in-need",
    "plo open 104524 --on 2/3/2026 --dob 1/2/2021 --team North",
)


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    typed = Typed(tmp_path / "register.db")
    for line in LONG_AGO:
        typed.does(line)
    return typed


def broken(typed: Typed) -> list[str]:
    with closing(open_register(typed.path)) as db:
        return list(chain.broken(db))


def purge_of(db: sqlite3.Connection, *children: str) -> list[Event]:
    return purged_events(db, children, date(2026, 3, 31), "tester", {"by": "A", "approved_by": "B"})


def test_by_rule_whose_last_case_closed_longest_ago_goes_and_others_stay(typed: Typed) -> None:
    assert "in all: 1 case, 3 events" in typed.does(f"purge {TWO}")
    assert "104523" not in typed.does("plo --all --format csv") + typed.does("export events")
    assert "104524" in typed.does("plo --format csv")
    assert "nothing to erase" in typed.does(f"purge {TWO}")
    assert broken(typed) == []


def test_without_two_names_or_on_a_dry_run_it_only_shows(typed: Typed) -> None:
    before = typed.path.read_bytes()
    for words in ("", "--dry-run", f"{TWO} --dry-run", "--child 104524", "--adopted"):
        assert "Nothing was erased" in typed.does(f"purge {words}") or words == "--adopted"
    assert typed.path.read_bytes() == before


@pytest.mark.parametrize("other", ["Team manager", "team  MANAGER", " TeamManager "])
def test_one_person_is_not_two(typed: Typed, other: str) -> None:
    said = typed.is_refused(f"purge --by 'Team manager' --approved-by '{other}' --yes")
    assert "somebody else approves" in said


def test_one_name_alone_is_wrong_usage_and_in_a_pipe_yes_is_needed(typed: Typed) -> None:
    assert typed("purge --by A").status == 2
    assert typed("purge --approved-by A --yes").status == 2
    assert "add --yes" in typed.is_refused("purge --by A --approved-by B")


def test_the_retention_period_is_a_local_rule(typed: Typed) -> None:
    typed.does("rules set retention '120 months' --by 'Head of service' --from 1/1/2026 --yes")
    assert "nothing to erase" in typed.does("purge")


def test_what_was_erased_is_found_nowhere(typed: Typed, tmp_path: Path) -> None:
    typed.does(f"plo open {MARK} --on 2/3/2020 --dob 14/8/2015 --team {MARK}-team --family {MARK}-family")
    typed.does(f"child set {MARK} --name '{MARK} Name'")
    typed.does(f"note plo {MARK} --on 3/3/2020 '{MARK * 3000}'")
    typed.does(f"task add plo {MARK} 'see {MARK}' --owner W07 --due 20/3/2020 --on 4/3/2020")
    typed.does(f"plo correct {MARK} note --on 3/3/2020 --to 4/3/2020 --reason '{MARK} was wrong'")
    held = typed.path.read_bytes()
    assert MARK.encode() in held
    typed.does(f"purge --child {MARK} {TWO}")
    for path in tmp_path.rglob("*"):
        assert MARK.encode() not in path.read_bytes(), path
        assert MARK not in path.name
    with closing(sqlite3.connect(typed.path)) as db:
        assert db.execute("PRAGMA freelist_count").fetchone() == (0,)
        ((by, detail),) = db.execute("SELECT by, detail FROM trail WHERE did = 'purge'").fetchall()
    assert by == "tester"
    assert json.loads(detail)["approved_by"] == "Head of service"
    assert broken(typed) == []


def test_history_and_what_was_known_before_cope_with_what_was_erased(typed: Typed) -> None:
    typed.does(f"purge {TWO}")
    typed.is_refused("history plo 104523")
    typed.does("history plo 104524")
    assert "104523" not in typed.does("plo --all --known-at 31/3/2099 --format csv")


def test_an_old_copy_does_not_bring_it_back_and_says_how_much_it_was(typed: Typed, tmp_path: Path) -> None:
    old = tmp_path / "old.jsonl"
    typed.does(f"export events --output {old}")
    typed.does(f"purge {TWO}")
    assert "Refused: 3 events that a purge erased" in typed.does(f"import events {old}")
    assert "104523" not in typed.does("export events")
    assert broken(typed) == []


def test_the_erasure_is_replayed_in_another_copy_that_takes_its_events(typed: Typed, tmp_path: Path) -> None:
    other = Typed.copy_of(typed, tmp_path / "other.db")
    typed.does(f"purge {TWO}")
    new = tmp_path / "new.jsonl"
    typed.does(f"export events --output {new}")
    assert "3 events" in other.is_refused(f"import events {new}")
    assert "104523" in other.does("export events")
    other.does(f"import events {new} --erase")
    assert "104523" not in other.does("export events")
    assert b"104523" not in other.path.read_bytes()
    assert broken(other) == []


def test_after_an_adoption_order_nothing_is_kept_under_the_birth_id(typed: Typed) -> None:
    typed.does("placement-order open 104530 --on 1/3/2025 --dob 2/2/2023 --family F9")
    typed.does("placement-order match 104530 --on 1/5/2025")
    typed.does("placement-order placed 104530 --on 1/6/2025")
    typed.does("placement-order adoption-application 104530 --on 1/9/2025")
    typed.does("placement-order adopted 104530 --on 1/2/2026")
    typed.does("fragile open 104530 --on 1/7/2025 --source carer --indicator needs-not-met")
    figures = "kpi --register placement-order --from 1/4/2025 --to 31/3/2026 --format csv"
    assert "placement-order.a2" in typed.does(figures)
    before = typed.does(figures)
    said = typed.does(f"purge --adopted {TWO}")
    assert "1 of these cases has not closed" in said
    assert "Figures of earlier periods" in said
    assert b"104530" not in typed.path.read_bytes()
    assert b"2023-02-02" not in typed.path.read_bytes()
    assert typed.does(figures) != before
    assert broken(typed) == []


WRONG = (
    "UPDATE events SET {all}",
    "UPDATE events SET {all} WHERE id = '{id}'",
    "UPDATE events SET {all}, recorded_by = 'x' WHERE id = '{id}'",
    "UPDATE events SET fields = NULL WHERE id = '{id}'",
    "UPDATE events SET salt = NULL WHERE id = '{id}'",
    "INSERT INTO erased VALUES ('{id}', '{id}')",
    "INSERT INTO erased VALUES ('{id}', '{purged}')",
    "INSERT OR REPLACE INTO erased SELECT id, '{id}' FROM erased",
    "UPDATE erased SET id = '{id}'",
    "DELETE FROM erased",
    "DELETE FROM events WHERE salt IS NULL",
    "UPDATE events SET child_id = 'x' WHERE salt IS NULL",
    "UPDATE events SET {all} WHERE id = '{purged}'",
)
COLUMNS = ("register", "child_id", "opening", "kind", "day", "fields", "root", "parent", "salt")
ALL = ", ".join(f"{column} = NULL" for column in COLUMNS)


@pytest.mark.parametrize("wrong", WRONG)
def test_only_what_an_erasure_names_may_lose_its_content_and_all_of_it(wrong: str) -> None:
    db = empty_register()
    stays = decision(date(2026, 1, 5))
    record(db, stays, born(child="104524"))
    (purged,) = purge_of(db, "104524")
    record(db, purged)
    db.execute("PRAGMA foreign_keys = ON")
    before = db.execute("SELECT * FROM events").fetchall()
    with pytest.raises(sqlite3.IntegrityError, match="never changed nor deleted"):
        db.execute(wrong.format(all=ALL, id=stays.id, purged=purged.id))
    assert db.execute("SELECT * FROM events").fetchall() == before


def test_the_erasures_of_a_register_are_replayed_in_an_older_copy_of_it() -> None:
    db, older = empty_register(), empty_register()
    events = [born(), decision(date(2026, 1, 5)), born(child="104524")]
    record(db, *events)
    db.backup(older)
    record(db, *purge_of(db, "104523"))
    record(older, *purges(db))
    assert derived(older) == derived(db)
    assert list(chain.broken(older)) == []


def test_what_belongs_to_no_child_is_never_erased() -> None:
    db = empty_register()
    closure = event(SETTINGS, "closure", date(2026, 1, 5), "", name="flood")
    mine = new_id()
    record(db, closure, event(SETTINGS, PURGED, date(2026, 1, 6), "", "", mine, ids=[closure.id, mine]))
    assert db.execute("SELECT count(*) FROM events WHERE salt IS NULL").fetchone() == (0,)
    assert list(chain.broken(db)) == []


def test_an_erasure_that_comes_with_or_before_what_it_names_keeps_it_out() -> None:
    db = empty_register()
    one, other = born(), decision(date(2026, 1, 5))
    names = event(SETTINGS, PURGED, date(2026, 1, 6), "", ids=[one.id, other.id])
    assert record(db, one, names) == Appended(1, 1)
    assert record(db, other) == Appended(0, 1)
    assert list(chain.broken(db)) == []


def test_what_is_erased_is_overwritten_before_the_file_is_written_anew(typed: Typed) -> None:
    typed.does(f"plo open {MARK} --on 2/3/2020 --dob 14/8/2015 --team {MARK}-team")
    typed.does(f"note plo {MARK} --on 3/3/2020 '{MARK * 3000}'")
    with closing(open_register(typed.path, write=True)) as db:
        record(db, *purge_of(db, MARK))
    assert MARK.encode() not in typed.path.read_bytes()


def test_a_return_that_is_read_again_brings_nothing_back(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "book.csv").write_text("Child,DOB,Decision,LBP sent\n104540,14/08/2019,02/03/2026,05/03/2026\n")
    line = f"import table {tmp_path / 'book.csv'} --register plo"
    typed.does(line)
    typed.does(f"purge --child 104540 {TWO}")
    assert "stay out: a purge erased them" in typed(line).err
    assert b"104540" not in typed.path.read_bytes()


@pytest.mark.slow
def test_a_purge_that_is_killed_at_any_moment_is_done_or_not_begun(typed: Typed, tmp_path: Path) -> None:
    rounds = 40
    for n in range(rounds):
        typed.does(f"child add 2045{n:02} --dob 1/1/2020")
    random = Random(7)  # noqa: S311 - which moment is hit is no secret
    done = []
    took = 1.0
    for n in range(rounds):
        child = f"2045{n:02}"
        words = shlex.split(f"--db {typed.path} purge --child {child} {TWO}")
        process = Popen([sys.executable, "-m", "cictrack", *words], stdout=DEVNULL, stderr=DEVNULL)
        began = monotonic()
        with suppress(TimeoutExpired):
            process.wait(random.uniform(took / 4, took))
            took = monotonic() - began
        process.kill()
        process.wait()
        with closing(open_register(typed.path, write=True)) as db:
            assert list(chain.broken(db)) == []
            (held,) = db.execute("SELECT count(*) FROM events WHERE child_id = ?", (child,)).fetchone()
            (row,) = db.execute("SELECT count(*) FROM children WHERE child_id = ?", (child,)).fetchone()
            (kept,) = db.execute("SELECT count(*) FROM trail WHERE did = 'purge'").fetchone()
        assert held == row
        done.append(not held)
        assert kept == sum(done)
        left = [path.name for path in tmp_path.iterdir() if child.encode() in path.read_bytes()]
        assert bool(left) == bool(held)
    assert 0 < sum(done) < rounds


def test_a_purge_that_fails_leaves_the_file_as_it_was(typed: Typed) -> None:
    before = typed.path.read_bytes()
    with closing(open_register(typed.path, write=True)) as db:
        db.execute("BEGIN IMMEDIATE")
        append(db, purge_of(db, "104523"))
        db.execute("ROLLBACK")
        assert list(chain.broken(db)) == []
    assert typed.path.read_bytes() == before


def test_a_register_of_the_version_before_can_be_purged(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        MIGRATIONS.apply(Database(old, execute_plugins=False), stop_before="erasure")
        write_calendar(old)
        old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        old.execute("PRAGMA user_version = 2")
    with closing(open_register(path, write=True)) as db:
        record(db, born())
        record(db, *purge_of(db, "104523"))
        assert db.execute("SELECT count(*) FROM children").fetchone() == (0,)
        assert list(chain.broken(db)) == []


LISTS = (
    *("overdue", "due --within 90d", "drift", "gaps", "tasks", "summary", "changes --since 1/3/2026", "escalation"),
    *("plo --all", "iha --all", "placement-order --all", "fragile --all", "kpi --from 1/4/2025 --to 31/3/2026"),
)


@pytest.mark.parametrize("gone", [("104523",), ("104526", "104528"), ("104524", "104525", "104527", "104529")])
def test_every_list_and_figure_is_that_of_a_register_that_never_held_them(tmp_path: Path, gone: tuple[str]) -> None:
    held, never = Typed(tmp_path / "held.db"), Typed(tmp_path / "never.db")
    for line in A_TEAM.strip().splitlines():
        held.does(line)
        if not any(child in line for child in gone):
            never.does(line)
    for child in gone:
        held.does(f"purge --child {child} {TWO}")
    for line in LISTS:
        rows = [json.loads(typed.does(f"{line} --format json")) for typed in (held, never)]
        for row in (row for of in rows if isinstance(of, list) for row in of):
            row.pop("id", None)
        assert rows[0] == rows[1], line


def test_what_names_a_child_and_is_not_reached_is_counted_and_said(typed: Typed, tmp_path: Path) -> None:
    typed.does("note plo 104524 --on 3/3/2026 'brother of 104523, not 1045231'")
    typed.does(f"export calendar --output {tmp_path / '104523.ics'}")
    said = typed.does("purge --child 104523")
    assert "1 event of other children may name them" in said
    assert "1 entry of the trail may name them" in said
    assert "Backups, exports and packs" in said


@pytest.mark.slow
@given(st.lists(lives(), min_size=1, max_size=4), st.data())
def test_lists_are_those_of_a_register_that_never_held_who_was_purged(
    all_lives: list[list[Event]], data: st.DataObject
) -> None:
    named = {f"10452{n}": [e._replace(child_id=f"10452{n}") for e in life] for n, life in enumerate(all_lives)}
    gone = data.draw(st.sets(st.sampled_from(sorted(named)), min_size=1))
    db, never = empty_register(), empty_register()
    for child, life in named.items():
        record(db, *life)
        if child not in gone:
            record(never, *life)
    record(db, *purge_of(db, *sorted(gone)))
    assert derived(db) == derived(never)
    latest = "SELECT coalesce(max(value), '') FROM meta WHERE name = 'latest_day'"
    assert db.execute(latest).fetchone() == never.execute(latest).fetchone()
    assert list(chain.broken(db)) == []
    assert compact(db)


@pytest.mark.parametrize(
    "line", ["overdue --as-of 30/3/2026", "summary --as-of 2/3/2026", "kpi", "changes --since 30/3/2026", "export ssd"]
)
def test_what_looks_back_before_an_erasure_says_that_it_is_not_all(typed: Typed, tmp_path: Path, line: str) -> None:
    into = f" --output {tmp_path / 'ssd'} --force" if line == "export ssd" else ""
    assert "erased" not in typed(line + into).err
    typed.does(f"purge --child 104523 {TWO}")
    assert "of children erased on Tuesday 31 March 2026 are in no list and no figure" in typed(line + into).err
    assert "erased" not in typed("overdue").err


def test_a_pack_says_of_whom_it_cannot_tell(typed: Typed) -> None:
    typed.does(f"purge --child 104523 {TWO}")
    assert "events of children erased on Tuesday 31 March 2026" in typed.does("report --format markdown")
