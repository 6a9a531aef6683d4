"""Minutes come back: what a meeting wrote into a list is recorded, row by row, with what typing it would have said."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import sqlite3
import subprocess
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typed import Typed

from cictrack.readers.minutes import read_minutes
from cictrack.readers.workbooks import read_workbook
from cictrack.render import render, xlsx
from cictrack.render.listing import Column, Listing
from cictrack.reports.minutes import to_write_in

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 3, 31)
LISTS = (
    *("overdue", "due --within 300d", "drift", "gaps", "tasks", "plo", "placement-order", "fragile", "iha"),
    "overdue --names",
)
ALL_BUT_NAMES = LISTS[:-1]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Typed:
    typed = Typed(tmp_path_factory.mktemp("minutes") / "register.db")
    typed.does("plo open 104523 --on 2/2/2026 --dob 14/8/2019 --team North")
    typed.does("plo open 00123 --on 2/3/2026 --dob 14/8/2019 --team North --worker '=1+1'")
    typed.does("iha open 104523 --on 1/2/2026")
    typed.does("fragile open 104523 --on 2/2/2026 --source carer --indicator needs-not-met")
    typed.does("placement-order open 104523 --on 2/2/2026")
    typed.does("task add plo 104523 'hair test' --owner W07 --due 20/3/2026")
    typed.does("task add plo 104523 --owner W07 --due 23/3/2026 -- '-1 visit'")
    return typed


@pytest.fixture
def desk(made: Typed, tmp_path: Path) -> Typed:
    return Typed.copy_of(made, tmp_path / "register.db")


def exported(typed: Typed, line: str) -> list[dict[str, str]]:
    """A list with columns to write in, as a csv is read."""
    text = typed.does(f"{line} --minutes --format csv")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def as_csv(path: Path, rows: list[dict[str, str]], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0].keys(), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def as_sheet(path: Path, rows: list[list[Any]]) -> Path:
    """A workbook as somebody leaves it who has written in it: days are days, the rest text."""
    import xlsxwriter  # type: ignore[import-untyped]  # it brings no types

    with xlsxwriter.Workbook(path, {"default_date_format": "d mmm yyyy"}) as book:
        sheet = book.add_worksheet("List")
        for n, row in enumerate(rows):
            for m, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(n, m, cell)
                elif cell != "":
                    sheet.write_string(n, m, cell)
    return path


def counts(typed: Typed, path: Path, more: str = "") -> dict[str, Any]:
    """What an import came to; its rows add up."""
    answer = typed(f"import minutes {path} --format json {more}")
    told: dict[str, Any] = json.loads(answer.out)
    parts = ("used", "unchanged", "in_conflict", "refused", "not_used")
    assert told["rows_read"] == sum(told[f"rows_{part}"] for part in parts)
    assert told["rows_refused"] == len(told["refused"])
    assert answer.status == (0 if told["rows_used"] or told["rows_unchanged"] else 1)
    return told


def tasks(typed: Typed) -> set[tuple[str, str, str, str]]:
    found = json.loads(typed.does("tasks --format json"))
    return {(task["child_id"], task["text"], task["owner"], task["due_on"]) for task in found}


def history(typed: Typed, case: str) -> list[dict[str, Any]]:
    return list(json.loads(typed.does(f"history {case} --format json")))


def write_in(rows: list[dict[str, str]], n: int, **said: str) -> None:
    assert said.keys() <= rows[n].keys()
    rows[n].update(said)


def row_of(rows: list[dict[str, str]], **like: str) -> int:
    return next(n for n, row in enumerate(rows) if like.items() <= row.items())


@pytest.mark.parametrize("line", LISTS)
def test_every_list_of_cases_has_columns_to_write_in_that_are_empty(desk: Typed, line: str) -> None:
    rows = exported(desk, line)
    assert rows
    owner = "new_owner" if line == "tasks" else "owner"
    for row in rows:
        assert list(row)[-4:] == ["as_of", "new_day", owner, "note"]
        assert [row[key] for key in list(row)[-4:]] == ["2026-03-31", "", "", ""]


def test_columns_to_write_in_are_for_a_sheet_alone(desk: Typed, tmp_path: Path) -> None:
    for given_ in ("", "--format json", "--format html", f"--output {tmp_path / 'a.html'}"):
        assert "FILE.xlsx" in desk.is_refused(f"overdue --minutes {given_}", status=2)


def test_a_list_that_nobody_wrote_in_records_nothing(desk: Typed, tmp_path: Path) -> None:
    for line in ALL_BUT_NAMES:
        for ending in ("csv", "xlsx"):
            desk.does(f"{line} --minutes --force --output {tmp_path / f'a.{ending}'}")
            before = desk.path.read_bytes()
            told = counts(desk, tmp_path / f"a.{ending}")
            assert told["rows_not_used"] == told["rows_read"] > 0
            assert desk.path.read_bytes() == before


@pytest.mark.parametrize("line", ALL_BUT_NAMES)
def test_a_note_in_any_row_of_any_list_comes_back_to_its_case(desk: Typed, tmp_path: Path, line: str) -> None:
    rows = exported(desk, line)
    of_cases = [row for row in rows if row["period"]]
    for n, row in enumerate(of_cases):
        row["note"] = f"said in row {n}"
    told = counts(desk, as_csv(tmp_path / "a.csv", rows))
    assert told["rows_used"] == told["events_added"] == len(of_cases)
    for n, row in enumerate(of_cases):
        noted = [e for e in history(desk, f"{row['register']} {row['child_id']}") if e["kind"] == "note"]
        assert f"said in row {n}" in [e["fields"]["note"] for e in noted]


def marked_up(desk: Typed, path: Path) -> list[list[Any]]:
    """The list of what is overdue, with a task agreed on one row, moved on another, and notes."""
    desk.does(f"overdue --minutes --output {path}")
    header, *held = read_workbook(path)[0].rows
    rows: list[list[Any]] = [[*row, *[""] * (len(header) - len(row))] for row in held]
    at = {name: header.index(name) for name in ("child", "register", "kind", "why", "new day", "owner", "note")}
    late = next(row for row in rows if (row[at["child"]], row[at["register"]]) == ("104523", "plo"))
    moved = next(row for row in rows if row[at["why"]] == "hair test")
    given_on = next(row for row in rows if row[at["why"]] == "-1 visit")
    health = next(row for row in rows if row[at["register"]] == "iha")
    late[at["new day"]], late[at["owner"]], late[at["note"]] = date(2026, 4, 16), "Worker 07", "write to the parents"
    moved[at["new day"]], moved[at["note"]] = date(2026, 4, 2), "the laboratory is shut"
    given_on[at["owner"]] = "Worker 08"
    health[at["note"]] = "carer rang\nand will ring again"
    return [[*header], *rows]


def recorded_all(desk: Typed) -> None:
    assert tasks(desk) == {
        ("104523", "hair test", "W07", "2026-04-02"),
        ("104523", "-1 visit", "Worker 08", "2026-03-23"),
        ("104523", "write to the parents", "Worker 07", "2026-04-16"),
    }
    moved = [e for e in history(desk, "plo 104523") if e["supersedes"]]
    assert [e["fields"]["why"] for e in moved] == ["the laboratory is shut", "agreed on the list of 31 Mar 2026"]
    (note,) = [e for e in history(desk, "iha 104523") if e["kind"] == "note"]
    assert note["fields"] == {"note": "carer rang\nand will ring again"}
    assert (note["day"], note["recorded_by"], note["source"]) == ("2026-03-31", "tester", "person")


def test_a_sheet_marked_up_comes_back(desk: Typed, tmp_path: Path) -> None:
    path = as_sheet(tmp_path / "back.xlsx", marked_up(desk, tmp_path / "out.xlsx"))
    told = counts(desk, path)
    assert (told["rows_used"], told["rows_refused"]) == (4, 0)
    recorded_all(desk)


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["xlsx", "ods", "csv"])
def test_a_sheet_saved_by_an_office_comes_back(desk: Typed, tmp_path: Path, ending: str) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not here")
    path = as_sheet(tmp_path / "back.xlsx", marked_up(desk, tmp_path / "out.xlsx"))
    home = f"-env:UserInstallation=file://{tmp_path / 'office'}"
    into = tmp_path / "saved"
    # As its own window saves a csv: comma, quote, UTF-8, and cells as they are shown.
    form = {"csv": "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"}.get(ending, ending)
    words = [office, home, "--headless", "--convert-to", form, "--outdir", str(into), str(path)]
    subprocess.run(words, check=True, capture_output=True)
    assert counts(desk, into / f"back.{ending}")["rows_used"] == 4
    recorded_all(desk)


@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-16")])
def test_a_csv_comes_back_however_it_was_saved(desk: Typed, tmp_path: Path, delimiter: str, encoding: str) -> None:
    rows = exported(desk, "tasks")
    write_in(rows, row_of(rows, text="hair test"), new_day="2/4/2026", new_owner="Ren\u00e9e")
    write_in(rows, row_of(rows, text="'-1 visit"), note='\'=waits; for, "them"')
    path = as_csv(tmp_path / "a.csv", rows[::-1], delimiter, encoding)
    assert counts(desk, path)["rows_used"] == 2
    assert ("104523", "hair test", "Ren\u00e9e", "2026-04-02") in tasks(desk)
    assert history(desk, "plo 104523")[-1]["fields"] == {"note": '=waits; for, "them"'}


def test_the_same_file_twice_records_nothing_twice_and_says_which_rows(desk: Typed, tmp_path: Path) -> None:
    path = as_sheet(tmp_path / "back.xlsx", marked_up(desk, tmp_path / "out.xlsx"))
    desk.does(f"import minutes {path}")
    before = desk.path.read_bytes()
    told = counts(desk, path)
    assert (told["rows_used"], told["rows_unchanged"], told["events_added"]) == (0, 4, 0)
    assert desk.path.read_bytes() == before
    assert "Recorded before, and left as they are: row " in desk.does(f"import minutes {path} --on 30/3/2026")
    assert desk.path.read_bytes() == before


def test_what_was_done_since_by_hand_is_not_undone_by_the_same_file(desk: Typed, tmp_path: Path) -> None:
    path = as_sheet(tmp_path / "back.xlsx", marked_up(desk, tmp_path / "out.xlsx"))
    desk.does(f"import minutes {path}")
    moved = next(e for e in history(desk, "plo 104523") if e["fields"].get("due") == "2026-04-02")
    desk.does(f"plo correct 104523 task --id {moved['id'][-12:]} --set due=9/4/2026 --reason 'asked again'")
    assert counts(desk, path)["rows_unchanged"] == 4
    assert ("104523", "hair test", "W07", "2026-04-09") in tasks(desk)


def test_what_was_moved_given_away_or_done_since_the_list_was_made_is_refused(desk: Typed, tmp_path: Path) -> None:
    for line in ("tasks", "overdue"):
        rows = exported(desk, line)
        text, owner = ("text", "new_owner") if line == "tasks" else ("why", "owner")
        write_in(rows, row_of(rows, **{text: "hair test"}), new_day="9/4/2026", **{owner: "W09"})
        as_csv(tmp_path / f"{line}.csv", rows)
    ids = {row["text"]: row["id"] for row in exported(desk, "tasks")}
    desk.does(f"plo correct 104523 task --id {ids['hair test'][-12:]} --set due=27/3/2026 --reason asked")
    for line in ("tasks", "overdue"):
        (refused,) = counts(desk, tmp_path / f"{line}.csv")["refused"]
        assert refused["reason"] == "it was moved since: due 27 Mar 2026, and 20 Mar 2026 on the list"
    desk.does(f"task done {ids['hair test'][-12:]}")
    (refused,) = counts(desk, tmp_path / "tasks.csv")["refused"]
    assert refused["reason"] == "it was done on 31 Mar 2026"


def test_an_action_given_away_since_stays_where_it_is(desk: Typed, tmp_path: Path) -> None:
    rows = exported(desk, "tasks")
    write_in(rows, row_of(rows, text="hair test"), new_day="9/4/2026")
    path = as_csv(tmp_path / "a.csv", rows)
    (task,) = (row["id"] for row in rows if row["text"] == "hair test")
    desk.does(f"plo correct 104523 task --id {task[-12:]} --set owner=W09 --reason asked")
    (refused,) = counts(desk, path)["refused"]
    assert refused["reason"] == "it was given to another since: W09, and W07 on the list"


def test_two_actions_alike_are_told_by_their_ids_alone(desk: Typed, tmp_path: Path) -> None:
    desk.does("task add plo 104523 'hair test' --owner W08 --due 20/3/2026")
    rows = exported(desk, "overdue")
    write_in(rows, row_of(rows, why="hair test"), new_day="9/4/2026")
    (refused,) = counts(desk, as_csv(tmp_path / "a.csv", rows))["refused"]
    assert refused["reason"].startswith("2 actions of this case are alike")
    rows = exported(desk, "tasks")
    write_in(rows, row_of(rows, text="hair test", owner="W08"), new_day="9/4/2026")
    assert counts(desk, as_csv(tmp_path / "b.csv", rows))["rows_used"] == 1
    assert {("104523", "hair test", "W07", "2026-03-20"), ("104523", "hair test", "W08", "2026-04-09")} <= tasks(desk)


def test_each_row_stands_alone_and_a_refused_one_is_handed_back_to_be_put_right(desk: Typed, tmp_path: Path) -> None:
    rows = exported(desk, "plo") * 6
    rows = [dict(row) for row in rows]
    said = (
        {"new_day": "9/4/2026"},
        {"owner": "W07"},
        {"new_day": "31/2/2026", "owner": "W07"},
        {"new_day": "next week", "owner": "W07"},
        {"new_day": "9/4/2026", "owner": "W07"},
        {"child_id": "104599", "note": "who?"},
        {"register": "pol", "note": "what?"},
        {"period": "7", "note": "when?"},
        {"period": "x", "note": "when?"},
        {"note": "a\u202eb"},
        {"child_id": "", "note": "who?"},
        {"note": "good"},
    )
    for n, written in enumerate(said):
        write_in(rows, n, **written)
    rejects = tmp_path / "rejects.csv"
    told = counts(desk, as_csv(tmp_path / "a.csv", rows), f"--rejects {rejects}")
    assert (told["rows_used"], told["rows_refused"]) == (1, 11)
    reasons = {refused["row"]: (refused["column"], refused["reason"]) for refused in told["refused"]}
    assert reasons[2] == (
        "",
        "an action needs a new day, an owner and what is to be done: it lacks an owner and a note",
    )
    assert reasons[4] == ("new_day", "no such day in the calendar")
    assert reasons[5][0] == "new_day"
    assert reasons[7] == ("", "There is no plo 104599#1: 104599 has no case there. List them: cictrack plo")
    assert reasons[8][0] == "register"
    assert reasons[9][1].startswith("There is no plo ")
    assert reasons[10] == ("period", "not the number of a period")
    assert reasons[11][0] == "note"
    assert os.name != "posix" or rejects.stat().st_mode & 0o777 == 0o600
    handed_back = list(csv.DictReader(io.StringIO(rejects.read_text(encoding="utf-8"), newline="")))
    assert len(handed_back) == 11
    (wrong_day,) = (row for row in handed_back if row["row"] == "4")
    wrong_day.update(new_day="28/2/2027", note="ask the court")
    assert counts(desk, as_csv(tmp_path / "b.csv", [wrong_day]))["rows_used"] == 1
    assert "ask the court" in {text for _, text, _, _ in tasks(desk)}


def test_a_case_that_was_closed_since_takes_no_more(desk: Typed, tmp_path: Path) -> None:
    rows = exported(desk, "plo")
    write_in(rows, row_of(rows, child_id="00123"), new_day="9/4/2026", owner="W07", note="visit")
    desk.does("plo close 00123 --on 30/3/2026 --reason died")
    path = as_csv(tmp_path / "a.csv", rows)
    (refused,) = counts(desk, path)["refused"]
    assert "after the case closed" in refused["reason"]
    assert "Nothing was recorded" not in refused["reason"]
    # What was agreed on or before the closing day is still told of it, as when it is typed.
    assert counts(desk, path, "--on 30/3/2026")["rows_used"] == 1


def test_the_day_of_the_meeting_is_no_day_to_come(desk: Typed, tmp_path: Path) -> None:
    rows = exported(desk, "plo")
    write_in(rows, 0, note="seen")
    path = as_csv(tmp_path / "a.csv", rows)
    (refused,) = counts(desk, path, "--on 1/4/2026")["refused"]
    assert "is in the future" in refused["reason"]
    assert "--on" in desk.is_refused(f"import minutes {path} --on rain", status=2)


def test_what_would_be_recorded_is_shown_and_nothing_is_written(desk: Typed, tmp_path: Path) -> None:
    path = as_sheet(tmp_path / "back.xlsx", marked_up(desk, tmp_path / "out.xlsx"))
    before = desk.path.read_bytes()
    shown = desk.does(f"import minutes {path} --dry-run")
    assert desk.path.read_bytes() == before
    assert "Would record:" in shown
    assert "plo 104523: task agreed: write to the parents, Worker 07, due Thursday 16 April 2026" in shown
    assert "Rows: 4 used + 0 unchanged + 0 in conflict + 0 refused" in shown
    would = counts(desk, path, "--dry-run")
    assert would == counts(desk, path)


def test_the_same_words_on_the_list_of_another_day_are_said_again(desk: Typed, tmp_path: Path) -> None:
    for day in ("24/3/2026", "31/3/2026"):
        rows = exported(desk, f"plo --as-of {day}")
        write_in(rows, 0, note="no reply")
        assert counts(desk, as_csv(tmp_path / "a.csv", rows), f"--on {day}")["rows_used"] == 1


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_child_whose_id_looks_like_a_formula_is_found_again(desk: Typed, tmp_path: Path, ending: str) -> None:
    desk.does("plo open --on 2/2/2026 --dob 14/8/2019 -- -7")
    rows = exported(desk, "plo")
    if ending == "csv":
        write_in(rows, row_of(rows, child_id="'-7"), note="seen")
        path = as_csv(tmp_path / "a.csv", rows)
    else:
        desk.does(f"plo --minutes --output {tmp_path / 'out.xlsx'}")
        header, *held = read_workbook(tmp_path / "out.xlsx")[0].rows
        marked = [[*row, *[""] * (len(header) - len(row))] for row in held]
        next(row for row in marked if "-7" in row)[header.index("note")] = "seen"
        path = as_sheet(tmp_path / "a.xlsx", [[*header], *marked])
    assert counts(desk, path)["rows_used"] == 1
    assert [e["fields"] for e in json.loads(desk.does("history plo --format json -- -7")) if e["kind"] == "note"] == [
        {"note": "seen"}
    ]


def test_an_action_named_for_what_was_due_when_no_note_says_what(desk: Typed, tmp_path: Path) -> None:
    rows = exported(desk, "overdue")
    n = row_of(rows, register="iha", kind="deadline")
    write_in(rows, n, new_day="2026-04-09", owner="W07")
    counts(desk, as_csv(tmp_path / "a.csv", rows))
    assert ("104523", rows[n]["title"], "W07", "2026-04-09") in tasks(desk)


def test_a_commissioned_assessment_is_moved_and_keeps_its_assessor(desk: Typed, tmp_path: Path) -> None:
    desk.does("plo assessment 104523 --on 3/3/2026 --kind parenting --assessor psychologist --due 20/3/2026")
    rows = exported(desk, "tasks")
    n = row_of(rows, owner="psychologist")
    write_in(rows, n, new_day="9/4/2026")
    assert counts(desk, as_csv(tmp_path / "a.csv", rows))["rows_used"] == 1
    assert any(task[2:] == ("psychologist", "2026-04-09") for task in tasks(desk))
    rows = exported(desk, "tasks")
    write_in(rows, row_of(rows, owner="psychologist"), new_owner="nobody")
    (refused,) = counts(desk, as_csv(tmp_path / "b.csv", rows))["refused"]
    assert refused["reason"].startswith("whose it is stands in the assessment")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"a,b\n1,2\n", "no columns register, child, new day, owner and note"),
        (b"", "empty"),
        (b"register,child_id,owner,note,new_day,New day\nplo,1,,,,\n", "names 'New day' twice"),
        (b"PK\x03\x04nothing", "damaged"),
    ],
)
def test_a_file_that_is_no_list_to_write_in_is_refused_whole(
    desk: Typed, tmp_path: Path, content: bytes, why: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    before = desk.path.read_bytes()
    (refused,) = counts(desk, path)["refused"]
    assert why in refused["reason"]
    assert desk.path.read_bytes() == before


def test_nothing_can_be_agreed_on_a_childs_own_record_and_the_row_says_where_it_can(
    desk: Typed, tmp_path: Path
) -> None:
    gap = {"register": "child", "child_id": "104523", "period": "", "event": "born", "why": "two days of birth"}
    path = as_csv(tmp_path / "a.csv", [{**gap, "new_day": "9/4/2026", "owner": "W07", "note": "ask the registrar"}])
    (refused,) = counts(desk, path)["refused"]
    assert "of no case, and an action or a note needs one" in refused["reason"]
    assert "cictrack child set" in refused["reason"]


def test_a_row_with_more_or_fewer_cells_than_the_header_is_refused(desk: Typed, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("register,child_id,new_day,owner,note\nplo,104523,,,one, two\nplo,104523,,\nplo,104523,,,three\n")
    told = counts(desk, path)
    assert [(r["row"], r["value"]) for r in told["refused"]] == [(2, "two"), (3, "")]
    assert told["rows_used"] == 1
    beside = [["register", "child", "new day", "owner", "note"], ["plo", "104523", "", "", "", "out of the table"]]
    (refused,) = counts(desk, as_sheet(tmp_path / "a.xlsx", beside))["refused"]
    assert refused["value"] == "out of the table"


def test_what_minutes_brought_is_kept_in_the_trail_with_the_hash_of_the_file(desk: Typed, tmp_path: Path) -> None:
    from hashlib import sha256

    path = as_sheet(tmp_path / "back.xlsx", marked_up(desk, tmp_path / "out.xlsx"))
    desk.does(f"import minutes {path}")
    desk.does(f"import minutes {path}")
    db = sqlite3.connect(desk.path)
    (kept,) = db.execute("SELECT by, json_extract(detail, '$.files[0]') FROM trail WHERE did = 'import'")
    db.close()
    assert kept[0] == "tester"
    of_file = json.loads(kept[1])
    assert (of_file["feed"], of_file["file"], of_file["rows_used"]) == ("minutes", "back.xlsx", 4)
    assert of_file["sha256"] == sha256(path.read_bytes()).hexdigest()


def test_days_that_a_spreadsheet_wrote_month_first_are_never_misread(desk: Typed, tmp_path: Path) -> None:
    rows = exported(desk, "overdue")
    write_in(rows, 0, new_day="04/02/2026", owner="W07", note="visit")
    write_in(rows, 1, new_day="04/04/2026", owner="W07", note="visit again")
    for row in rows:
        row["as_of"] = "03/31/2026"
    told = counts(desk, as_csv(tmp_path / "a.csv", rows))
    assert [refused["value"] for refused in told["refused"]] == ["04/02/2026", "03/31/2026"]


def test_two_lists_in_one_workbook_are_both_read(desk: Typed, tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        for name in ("Tasks", "Overdue"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["register", "child", "new day", "owner", "note"])
            sheet.write_row(1, 0, ["plo", "104523", "", "", f"from {name}"])
            sheet.write_row(2, 0, ["plo", "104599", "", "", f"from {name}"])
    told = counts(desk, tmp_path / "a.xlsx")
    assert (told["files"], told["rows_used"]) == (2, 2)
    assert {refused["file"] for refused in told["refused"]} == {"a.xlsx Tasks", "a.xlsx Overdue"}


def test_without_a_register_nothing_is_made_of_minutes(desk: Typed, tmp_path: Path) -> None:
    rows = exported(desk, "plo")
    path = as_csv(tmp_path / "a.csv", rows)
    desk.path.unlink()
    assert "cictrack init." in desk.is_refused(f"import minutes {path}")
    assert not desk.path.exists()


ANY_TEXT = st.one_of(st.text(max_size=20), st.text("=+-@'\t\r\n\x00\x1b\u202e\u05d0;\"", max_size=8))
COLUMNS = (Column("id"), Column("register"), Column("child_id", "child"), Column("text"), Column("owner"))


@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT), min_size=1, max_size=4))
def test_whatever_a_list_holds_what_is_written_beside_it_is_read_to_the_letter(
    tmp_path_factory: pytest.TempPathFactory, held: list[tuple[str, str]]
) -> None:
    rows = [(f"id{n}", "plo", f"00{n}", text, owner) for n, (text, owner) in enumerate(held)]
    listing = to_write_in(Listing("Any", COLUMNS, rows), DAY)
    written = listing._replace(
        rows=[(*row[:6], "2026-04-09", "W07", f"=note {n}") for n, row in enumerate(listing.rows)]
    )
    folder = tmp_path_factory.mktemp("any")
    (folder / "a.csv").write_bytes("".join(render(written, "csv")).encode())
    (folder / "a.xlsx").write_bytes(xlsx.render(written, DAY))
    for name in ("a.csv", "a.xlsx"):
        (read,) = read_minutes(folder / name)
        assert not read.read.refused
        said = [(m.task, m.child_id, m.new_day, m.owner, m.note, m.list_of) for m in read.minutes]
        assert said == [(f"id{n}", f"00{n}", date(2026, 4, 9), "W07", f"=note {n}", DAY) for n in range(len(held))]
