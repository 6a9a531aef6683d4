"""Events leave a register as lines of text and come back: none is lost or changed, and nothing else is taken in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_lives import born, decision, derived, empty_register, event, lives, record
from typed import OWN_DAY, Typed

from cictrack.pathway.events import CHILD
from cictrack.readers.event_files import outcome_of, read_events
from cictrack.readers.event_lines import KEYS, NoEvent, event_in, line_of
from cictrack.registers import registers
from cictrack.store.all_events import every_event, held, held_under
from cictrack.store.events import kept_of
from cictrack.store.opening import open_register

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from cictrack.pathway.events import Event
    from cictrack.readers.outcome import Outcome

COUNTS = ("rows_used", "rows_unchanged", "rows_in_conflict", "rows_refused", "rows_not_used")


def lines(db: sqlite3.Connection) -> str:
    return "".join(map(line_of, every_event(db)))


def taken(db: sqlite3.Connection, text: str) -> Outcome:
    """What the lines brought, which are taken in."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "events.jsonl"
        path.write_text(text)
        outcome = outcome_of(read_events(path), lambda ids: held_under(db, ids), kept_of)
    record(db, *outcome.events)
    return outcome


def copied(db: sqlite3.Connection) -> sqlite3.Connection:
    """Another register, with the same events."""
    other = empty_register()
    taken(other, lines(db))
    return other


@given(lives(), lives("00123"))
def test_a_copy_holds_the_same_register_and_gives_the_same_bytes(one: list[Event], other: list[Event]) -> None:
    db = empty_register()
    for some in (one, other):
        record(db, *some)
    again = copied(db)
    assert derived(again) == derived(db)
    assert lines(again) == lines(db)
    assert taken(again, lines(db)).events == []


ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
TEXTS = st.one_of(ANY, st.text("=+-@'\t\r\n\x1b\x7f\x85\u202e\u2066\u05d0\ufeff\U000e0041\\\"{}"))
IDS = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="#"), min_size=1, max_size=40)


@given(IDS, TEXTS, TEXTS, st.dictionaries(TEXTS, TEXTS))
def test_any_text_and_any_id_come_back_and_every_line_is_plain(
    child_id: str, team: str, by: str, more: Mapping[str, str]
) -> None:
    db = empty_register()
    said = {**more, "team": team}
    record(db, decision(date(2026, 3, 2), child_id)._replace(fields=said, recorded_by=by, source=f"table {by}"))
    (line,) = lines(db).splitlines()
    assert line.isascii()
    assert line.isprintable()
    assert lines(copied(db)) == f"{line}\n"
    assert event_in(line).fields == said


ANSWERS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=4,
)
KINDS = [
    (name, kind) for name, register in registers().items() for kind in (*register.kind, "offered", "withdrawn", "no")
]


@given(st.data())
def test_whatever_an_event_says_the_register_can_be_read_and_comes_back(data: st.DataObject) -> None:
    db = empty_register()
    first = decision(date(2026, 3, 2))
    name, kind = data.draw(st.sampled_from([*KINDS, (CHILD, "about"), (CHILD, "born"), (CHILD, "no"), ("no", "no")]))
    known = registers()[name].kind[kind].fields if name in registers() and kind in registers()[name].kind else ()
    names = st.sampled_from([*(field.name for field in known), "event", "on", "field", "value"]) | TEXTS
    said = data.draw(st.dictionaries(names, ANSWERS, max_size=4))
    odd = event(name, kind, date(2026, 3, 9), "104523", first.id if name == "plo" else "")._replace(fields=said)
    if kind == "withdrawn":
        odd = odd._replace(root=first.id, parent=first.id)
    record(db, born(), first, odd)
    assert lines(copied(db)) == lines(db)


def test_what_a_terminal_would_obey_stands_as_its_escape() -> None:
    db = empty_register()
    record(db, decision(date(2026, 3, 2), team="\x1b[2J\x7f\x9b\u202e"))
    assert r"\u001b[2J\u007f\u009b\u202e" in lines(db)


def of_a_case(**changed: object) -> str:
    """A line that is an event, but for what is changed."""
    kept = kept_of(decision(date(2026, 3, 2))._replace(recorded_at="2026-03-02T09:30:00.000000Z"))
    said = {**json.loads(line_of(kept)), **changed}
    return json.dumps({key: value for key, value in said.items() if value is not ...})


SETTING = {"register": "settings", "child_id": "", "opening": "", "kind": "rule"}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("[]", "no JSON object"),
        ("{", "no JSON object"),
        ("[" * 100_000, "no JSON object"),
        ('{"id": "1", "id": "2"}', "a key stands there twice"),
        (of_a_case(root=..., parent=...), "it lacks root, parent"),
        (of_a_case(salt="x"), "it has salt besides"),
        (of_a_case(id="1"), "not the id of an event"),
        (of_a_case(id=""), "no id"),
        (of_a_case(kind=""), "no kind"),
        (of_a_case(child_id=7), "not a text"),
        (of_a_case(child_id="7\u202e"), "it holds characters that cannot be seen"),
        (of_a_case(child_id=""), "a child's id cannot be empty"),
        (of_a_case(fields=[]), "not an object"),
        (of_a_case(fields={"team": "\ud800"}), "half a character, which no file can hold"),
        (of_a_case(fields={"team": "No\0rth"}), "a NUL character, at which SQLite cuts a text off"),
        (of_a_case(fields={"\0": "North"}), "a NUL character, at which SQLite cuts a text off"),
        (of_a_case(fields={"n": float("inf")}), "infinity is no number"),
        (of_a_case(day="2/3/2026"), "not a day: 2026-03-02"),
        (of_a_case(day="20260302"), "not a day: 2026-03-02"),
        (of_a_case(recorded_at="2026-03-02T09:30:00Z"), "not a moment: 2026-03-02T09:30:00.000000Z"),
        (of_a_case(recorded_at="2026-02-30T09:30:00.000000Z"), "not a moment: 2026-03-02T09:30:00.000000Z"),
        (of_a_case(opening="", kind="letter"), "an event of a case names its opening, and no other does"),
        (of_a_case(register="child"), "an event of a case names its opening, and no other does"),
        (of_a_case(root="0176b618-1424-75e9-9ffd-4c543a5b5e37"), "a correction names what it corrects"),
        (of_a_case(kind="withdrawn"), "a withdrawal names what it withdraws"),
        (of_a_case(**SETTING, fields={"name": "plo.letter", "value": "soon"}), "not a value that plo.letter can have"),
        (of_a_case(**SETTING, fields={"name": "fragile.red-from", "value": []}), "not a value that"),
    ],
)
def test_a_line_that_is_no_event_says_why(line: str, why: str) -> None:
    with pytest.raises(NoEvent) as said:
        event_in(line)
    assert why in said.value.why


def test_a_backslash_before_what_looks_like_a_nul_is_text() -> None:
    said = {"team": "No\\u0000rth", "worker": "\\\\u0000"}
    assert event_in(of_a_case(fields=said)).fields == said


def test_an_opening_and_its_correction_need_not_name_the_opening() -> None:
    opening = event_in(of_a_case(opening=""))
    assert opening.line == opening.id
    put_right = event_in(of_a_case(opening="", root=opening.id, parent=opening.id))
    assert put_right.line == opening.id


@given(st.text() | ANSWERS.map(json.dumps) | st.dictionaries(st.sampled_from(KEYS), ANSWERS).map(json.dumps))
def test_any_line_is_an_event_or_is_refused(line: str) -> None:
    with suppress(NoEvent):
        event_in(line)


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    typed = Typed(tmp_path / "register.db")
    typed.does("plo open 104523 --on 2/2/2026 --dob 14/8/2019 --team North --family F17")
    typed.does("plo letter 104523 --on 9/2/2026 --fgdm-offered yes")
    typed.does("plo correct 104523 letter --on 9/2/2026 --to 10/2/2026 --reason 'the post book'")
    typed.does("note plo 104523 '=1+1'")
    return typed


def out(typed: Typed, *options: str) -> Path:
    path = typed.path.with_suffix(".jsonl")
    typed.does(" ".join(["export events --force --output", str(path), *options]))
    return path


def read(typed: Typed, path: Path, *options: str, status: int = 0) -> dict[str, Any]:
    answer = typed(" ".join(["import events", str(path), "--format json", *options]))
    assert answer.status == status, answer.err
    found: dict[str, Any] = json.loads(answer.out)
    assert sum(found[count] for count in COUNTS) == found["rows_read"]
    return found


@pytest.mark.skipif(os.name != "posix", reason="bash is of POSIX")
def test_a_reader_of_the_lines_who_has_enough_hears_no_complaint(typed: Typed) -> None:
    for n in range(20):
        # More than a pipe holds.
        typed.does(f"note plo 104523 {str(n) * 10_000}")
    line = f"{sys.executable} -m cictrack --db {typed.path} export events | head -1"
    ran = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert ran.stdout.count("\n") == 1
    assert ran.stderr == OWN_DAY


def test_a_register_is_carried_to_another_machine_by_its_lines(typed: Typed, tmp_path: Path) -> None:
    path = out(typed)
    other = Typed.copy_of(typed, tmp_path / "other.db")
    other.path.unlink()
    found = read(other, path, "--create")
    assert (found["events_added"], found["cases_opened"], found["rows_read"]) == (5, 1, 5)
    assert out(other).read_bytes() == path.read_bytes()
    for line in ("history plo 104523", "overdue --as-of 31/3/2026", "plo --as-of 31/3/2026"):
        assert other.does(f"{line} --format json") == typed.does(f"{line} --format json")
    again = read(other, path)
    assert (again["events_added"], again["rows_unchanged"]) == (0, 5)
    assert os.name != "posix" or path.stat().st_mode & 0o777 == 0o600


def test_what_two_copies_recorded_apart_is_joined(typed: Typed, tmp_path: Path) -> None:
    other = Typed.copy_of(typed, tmp_path / "other.db")
    typed.does("plo meeting 104523 --on 20/2/2026")
    other.does("note plo 104523 'a visit'")
    mine, theirs = out(typed), out(other)
    assert read(typed, theirs)["events_added"] == 1
    assert read(other, mine)["events_added"] == 1
    assert out(typed).read_bytes() == out(other).read_bytes()


def test_a_bad_line_is_refused_and_the_others_land_together(typed: Typed, tmp_path: Path) -> None:
    path = out(typed)
    good = path.read_text().splitlines()
    path.write_text("\n".join([*good[:2], "{}", *good[2:], '{"id": "\x1b"}', ""]))
    other = Typed(tmp_path / "other.db")
    found = read(other, path, f"--rejects {tmp_path / 'refused.csv'}", "--fail-if-any", status=3)
    assert (found["events_added"], found["rows_refused"]) == (5, 2)
    assert [(refused["row"], refused["reason"][:8]) for refused in found["refused"]] == [
        (3, "it lacks"),
        (7, "no JSON "),
    ]
    assert "{}" in (tmp_path / "refused.csv").read_text()


def test_a_file_of_something_else_is_refused_whole_and_makes_no_register(typed: Typed, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"PK\x03\x04\n" * 1000)
    typed.path = tmp_path / "other.db"
    answer = typed(f"import events {path} --create")
    assert (answer.status, typed.path.exists()) == (1, False)
    assert "= 1 read" in answer.out


def test_another_content_under_a_known_id_is_a_conflict_and_what_is_held_stays(typed: Typed) -> None:
    path = out(typed)
    path.write_text(path.read_text().replace("North", "South"))
    found = read(typed, path)
    ((conflict,), changed) = found["conflicts"], path.read_text()
    assert (found["rows_in_conflict"], found["events_added"]) == (1, 0)
    assert ("North" in conflict["held"], "South" in conflict["offered"]) == (True, True)
    assert out(typed).read_text() == changed.replace("South", "North")


def test_a_dry_run_says_what_would_be_added_and_writes_nothing(typed: Typed, tmp_path: Path) -> None:
    other = Typed(tmp_path / "other.db")
    before = other.path.read_bytes()
    path = out(typed)
    assert "Would add 5 events and open 1 case" in other.does(f"import events {path} --dry-run")
    assert other.path.read_bytes() == before


def test_names_are_given_out_only_when_asked_for(typed: Typed) -> None:
    typed.does("child set 104523 --name 'Nobody Real'")
    assert "1 child's name is recorded" in typed.is_refused("export events")
    assert "Nobody Real" in out(typed, "--names").read_text()


def test_what_was_erased_is_counted_and_does_not_come_back(typed: Typed) -> None:
    path = out(typed)
    with closing(open_register(typed.path, write=True)) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        db.execute(
            """UPDATE events SET register = NULL, child_id = NULL, opening = NULL, kind = NULL, day = NULL,
               fields = NULL, root = NULL, parent = NULL, salt = NULL WHERE kind = 'note'"""
        )
        assert tuple(held(db)) == (5, 1, 0)
    assert "1 event erased by law" in typed(f"export events --force --output {path.with_name('b.jsonl')}").err
    assert len(path.with_name("b.jsonl").read_text().splitlines()) == 4
    assert read(typed, path)["rows_unchanged"] == 5
    assert len(out(typed).read_text().splitlines()) == 4


def test_lines_stand_in_the_order_that_counts() -> None:
    first = decision(date(2026, 3, 2))
    one, other = (born(date(2015, 3, n)) for n in (3, 2))
    letter, meeting = (event("plo", kind, date(2026, 3, 9), "104523", first.id) for kind in ("letter", "meeting"))
    late, early = (event("plo", "note", date(2026, 3, 9), "104523", first.id, note=said) for said in ("late", "early"))
    at = "2026-03-10T09:00:00.00000{}Z"
    db = empty_register()
    # The meeting was recorded before the letter of the same day, and the later note before the earlier one.
    ordered = [late._replace(recorded_at=at.format(2)), early._replace(recorded_at=at.format(1)), meeting, letter]
    record(db, first, one, other, *ordered)
    expected = [other, one, first, letter, meeting, early, late]
    assert [json.loads(line)["id"] for line in lines(db).splitlines()] == [one.id for one in expected]
