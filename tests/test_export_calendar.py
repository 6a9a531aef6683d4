"""`export calendar`: due days that update when imported again, are taken back when they end, and name nobody."""

from __future__ import annotations

import os
import re
import shutil
import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from typed import Typed

from cictrack.render.calendar import Entry, render, shown

FOLDED = 75
"""The most bytes that a line may have, its end apart (RFC 5545, 3.1)."""


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    """A family of one in pre-proceedings, on 31 March 2026."""
    typed = Typed(tmp_path / "register.db")
    typed.does("plo open 104523 --on 2/3/2026 --dob 14/8/2019 --team North --family F17")
    typed.does("child set 104523 --name 'Ada Example'")
    typed.does("plo letter 104523 --on 5/3/2026 --fgdm-offered yes")
    typed.does("plo meeting 104523 --on 16/3/2026")
    return typed


def exported(typed: Typed, options: str = "") -> bytes:
    """The bytes of a calendar."""
    path = typed.path.parent / "due.ics"
    typed.does(f"export calendar --force --output {path} {options}")
    assert os.name != "posix" or stat.S_IMODE(path.stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR
    return path.read_bytes()


class Read(NamedTuple):
    """An entry as a calendar reads it."""

    uid: str
    day: date
    until: date
    summary: str
    category: str
    status: str
    sequence: int
    stamp: datetime


def read(event: Any) -> Read:  # noqa: ANN401 - the library says that a property may be of any of thirty types
    """An entry of a calendar that was read."""
    (category,) = event["categories"].cats
    start, end, stamp = (event[name].dt for name in ("dtstart", "dtend", "dtstamp"))
    said = [str(event[name]) for name in ("uid", "summary", "status")]
    return Read(said[0], start, end, said[1], str(category), said[2], int(event["sequence"]), stamp)


def entries(file: bytes) -> list[Read]:
    """Every entry of a file, the cancelled ones too."""
    return [read(event) for event in Calendar.from_ical(file).events]


def imported(*files: bytes) -> dict[str, Read]:
    """A calendar into which files were imported in turn: of one uid the later stands, a cancelled one is taken out."""
    held: dict[str, Read] = {}
    for file in files:
        for entry in entries(file):
            before = held.get(entry.uid, entry)
            assert (entry.sequence, entry.stamp) >= (before.sequence, before.stamp)
            held[entry.uid] = entry
    return {uid: entry for uid, entry in held.items() if entry.status == "CONFIRMED"}


def days(held: dict[str, Read]) -> dict[str, str]:
    """What a calendar shows: each summary with its day."""
    return {entry.summary: entry.day.isoformat() for entry in held.values()}


REVIEW, END = "plo 104523: review meeting due", "plo 104523: decision to step down or issue due"


def test_a_due_day_is_an_all_day_entry_that_leaves_the_day_free(typed: Typed) -> None:
    held = imported(exported(typed))
    assert days(held) == {REVIEW: "2026-04-27", END: "2026-06-22"}
    assert all(entry.until - entry.day == timedelta(days=1) for entry in held.values())
    assert {entry.category for entry in held.values()} == {"green"}
    lines = exported(typed).decode().split("\r\n")
    for line in ("DTSTART;VALUE=DATE:20260427", "DTEND;VALUE=DATE:20260428", "TRANSP:TRANSPARENT", "CLASS:PRIVATE"):
        assert line in lines


def test_it_names_children_by_their_ids_alone_and_holds_no_text_that_anybody_wrote(typed: Typed) -> None:
    typed.does("task add plo 104523 'ring Ada about the hair test' --owner 'Worker 07' --due 20/4/2026")
    typed.does("note plo 104523 'said Ada'")
    calendar = exported(typed)
    assert b"plo 104523: agreed task due" in calendar
    assert not re.search(rb"Ada|hair|Worker", calendar)


def test_the_same_register_gives_the_same_bytes_on_the_same_day(typed: Typed) -> None:
    assert exported(typed) == exported(typed)
    assert exported(typed, "--as-of 1/5/2026") != exported(typed)


def test_an_extension_moves_the_entry_and_doubles_nothing(typed: Typed) -> None:
    before = exported(typed)
    typed.does("plo extension 104523 --to 20/7/2026 --agreed-by 'service manager' --reason 'assessment late'")
    after = exported(typed)
    assert days(imported(before, after)) == {REVIEW: "2026-04-27", END: "2026-07-20"}
    assert imported(before).keys() == imported(before, after).keys()
    assert imported(before, after).keys() == imported(after).keys()


def test_a_correction_moves_the_entry_and_doubles_nothing(typed: Typed) -> None:
    before = exported(typed)
    typed.does("plo correct 104523 meeting --on 16/3/2026 --to 17/3/2026 --reason 'minutes read again'")
    assert days(imported(before, exported(typed))) == {REVIEW: "2026-04-28", END: "2026-06-22"}


def test_a_due_day_that_was_met_is_taken_out_and_the_next_is_another(typed: Typed) -> None:
    before = exported(typed)
    typed.does("plo review 104523 --on 30/3/2026")
    after = exported(typed)
    assert days(imported(before, after)) == {REVIEW: "2026-05-11", END: "2026-06-22"}
    (gone,) = imported(before).keys() - imported(before, after).keys()
    (entry,) = [entry for entry in entries(after) if entry.uid == gone]
    assert (entry.status, entry.summary) == ("CANCELLED", "plo 104523: review meeting (done 2026-03-30)")


def test_a_closing_takes_out_whatever_was_still_due(typed: Typed) -> None:
    typed.does("task add plo 104523 'hair test' --owner W07 --due 20/4/2026")
    before = exported(typed)
    assert len(imported(before)) == 3
    typed.does("plo step 104523 --outcome step-down --to child-in-need")
    assert imported(before, exported(typed)) == {}


def test_what_is_late_stays_on_its_day_in_red_until_it_is_done(tmp_path: Path) -> None:
    typed = Typed(tmp_path / "register.db")
    typed.does("plo open 104523 --on 2/3/2026 --dob 14/8/2019")
    late = exported(typed)
    (letter,) = [entry for entry in imported(late).values() if "letter" in entry.summary]
    assert (letter.day, letter.category) == (date(2026, 3, 9), "red")
    typed.does("plo letter 104523 --on 31/3/2026 --fgdm-offered no")
    assert letter.uid not in imported(late, exported(typed))


def test_a_calendar_of_what_is_late_alone_loses_it_when_it_is_done(typed: Typed) -> None:
    late = exported(typed, "--severity red --as-of 28/4/2026")
    assert days(imported(late)) == {REVIEW: "2026-04-27"}
    typed.does("plo review 104523 --on 31/3/2026")
    assert imported(late, exported(typed, "--severity red --as-of 28/4/2026")) == {}


def test_only_what_has_ended_since_the_last_import_is_taken_back(typed: Typed) -> None:
    ended = {e.summary for e in entries(exported(typed)) if e.status == "CANCELLED"}
    assert ended == {
        "plo 104523: letter before proceedings (done 2026-03-05)",
        "plo 104523: first effective meeting (done 2026-03-16)",
    }
    lately = [e.summary for e in entries(exported(typed, "--since 15/3/2026")) if e.status == "CANCELLED"]
    assert lately == ["plo 104523: first effective meeting (done 2026-03-16)"]
    assert all(e.status == "CONFIRMED" for e in entries(exported(typed, "--since today")))
    assert "later than" in typed.is_refused("export calendar --since +1d", 2)


def test_the_uid_stays_when_an_earlier_period_is_recorded_late(typed: Typed) -> None:
    before = imported(exported(typed))
    typed.does("plo open 104524 --on 2/3/2026 --dob 14/8/2019 --team South")
    after = imported(exported(typed))
    assert before.keys() < after.keys()


def test_it_is_narrowed_as_a_list_is_and_by_how_far_ahead(typed: Typed) -> None:
    typed.does("plo open 104524 --on 2/3/2026 --dob 14/8/2019 --team South")
    assert {entry.summary[:10] for entry in imported(exported(typed, "--team South")).values()} == {"plo 104524"}
    assert days(imported(exported(typed, "--team North --within 5w"))) == {REVIEW: "2026-04-27"}
    answer = typed("export calendar --team rain")
    assert answer.status == 0
    assert "'rain'" in answer.err


def test_it_goes_to_stdout_where_no_file_is_named(typed: Typed) -> None:
    answer = typed("export calendar")
    assert answer.out.replace("\n", "\r\n").encode() == exported(typed)
    assert answer.err == "2 due days up to 2027-03-30; 2 cancelled, ended since 2026-03-03.\n"


def test_as_known_earlier_it_is_what_was_known(typed: Typed) -> None:
    assert imported(exported(typed, "--known-at 2020-01-01")) == {}


PROPERTIES = 12
LINES = st.text() | st.sampled_from(["a\r\nEND:VEVENT\r\nBEGIN:VALARM", "x;y,z:\\n", "\u202eevil", "=1+1", "é" * 90])
WHEN = datetime(2026, 3, 31, tzinfo=UTC)


@given(LINES, LINES)
def test_whatever_is_in_a_text_is_text_in_the_calendar(summary: str, about: str) -> None:
    entry = Entry("a@cictrack", date(2026, 4, 1), summary, (about, about), "red")
    written = render([entry, entry], WHEN, 7)
    lines = written.split(b"\r\n")
    assert all(len(line) <= FOLDED for line in lines)
    assert b"\n" not in b"".join(lines)
    assert b"\r" not in b"".join(lines)
    found = Calendar.from_ical(written)
    assert [component.name for component in found.walk()] == ["VCALENDAR", "VEVENT", "VEVENT"]
    for event in found.events:
        assert str(event.get("summary")) == shown(summary)
        assert str(event.get("description")) == f"{shown(about)}\n{shown(about)}"
        assert len(event) == PROPERTIES


def test_the_shipped_register_gives_what_is_overdue_and_what_is_due(tmp_path: Path) -> None:
    typed = Typed.__new__(Typed)
    typed.path = tmp_path / "sample.db"
    shutil.copy(Path(__file__).parents[1] / "sample.db", typed.path)
    listed = [line for what in ("overdue", "due --within 52w") for line in csv_rows(typed, what)]
    held = imported(exported(typed))
    assert sorted(entry.day.isoformat() for entry in held.values()) == sorted(listed)


def csv_rows(typed: Typed, what: str) -> list[str]:
    """The due days of a list."""
    header, *rows = typed.does(f"{what} --format csv").splitlines()
    place = header.split(",").index("due_on")
    return [row.split(",")[place] for row in rows]
