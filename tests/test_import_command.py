"""`cictrack import ssda903`: one transaction, every row accounted for, what is held stays, twice changes nothing."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import sqlite3
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from cictrack.cli.main import cictrack

if TYPE_CHECKING:
    from click.testing import Result

SAMPLE = Path(__file__).parents[2] / "shared" / "data" / "ssda903"

HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n"
EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
PLACED = "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED\n"
REVIEWS = "CHILD,DOB,REVIEW,REVIEW_CODE\n"
MISSING = "CHILD,DOB,MISSING,MIS_START,MIS_END\n"

COUNTS = ("rows_used", "rows_unchanged", "rows_in_conflict", "rows_refused", "rows_not_used")


class Desk:
    """A register and a folder of files, and the command line over them."""

    def __init__(self, folder: Path) -> None:
        self.register = folder / "register.db"
        self.folder = folder / "return"
        self.folder.mkdir()

    def file(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def type(self, *words: str | Path) -> Result:
        return CliRunner().invoke(cictrack, ["--db", str(self.register), *map(str, words)], catch_exceptions=False)

    def read(self, *words: str | Path, status: int = 0) -> dict[str, Any]:
        given = self.type(
            "import", "ssda903", self.folder, "--as-of", "2018-03-31", "--create", "--format", "json", *words
        )
        assert given.exit_code == status, given.output
        found: dict[str, Any] = json.loads(given.stdout)
        assert found["rows_read"] == sum(found[count] for count in COUNTS)
        assert len(found["refused"]) == found["rows_refused"]
        return found

    def events(self, register: str = "child") -> list[tuple[str, ...]]:
        db = sqlite3.connect(self.register)
        query = "SELECT child_id, kind, day FROM events WHERE register = ? ORDER BY child_id, day, kind"
        return list(db.execute(query, (register,)))

    def listed(self, *words: str) -> list[dict[str, Any]]:
        given = self.type(*words, "--as-of", "2018-03-31", "--format", "json")
        assert given.exit_code == 0, given.output
        found: list[dict[str, Any]] = json.loads(given.stdout)
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def a_return(desk: Desk) -> Desk:
    desk.file("header.csv", HEADER + "00123,1,01/02/2010,,,,\n7,2,01/02/2012,,,,\n")
    desk.file(
        "episodes.csv",
        EPISODES
        + "00123,05/02/2018,S,C2,N1,U6,PR1,01/03/2018,X1,CREQB,,,\n"
        + "00123,01/03/2018,P,C2,N1,K2,PR1,,,,,,\n"
        + "7,01/02/2017,S,C2,N1,U6,PR1,01/09/2017,X1,,,,\n"
        + "7,01/09/2017,B,E1,N1,U5,PR1,,,,,,\n",
    )
    desk.file("placed_for_adoption.csv", PLACED + "7,01/02/2012,01/08/2017,,\n")
    return desk


def test_a_return_opens_cases_for_what_is_alive(a_return: Desk) -> None:
    assert a_return.read()["cases_opened"] == 2
    assert a_return.events("iha") == [("00123", "entered-care", "2018-02-05")]
    assert ("7", "order", "2017-09-01") in a_return.events("placement-order")


def test_date_placed_becomes_the_decision_and_nobody_is_placed(a_return: Desk) -> None:
    a_return.read()
    kinds = {kind: day for _, kind, day in a_return.events("placement-order")}
    assert kinds["adm"] == "2017-08-01"
    assert "placed" not in kinds


def test_since_moves_the_day_from_which_cases_are_opened(a_return: Desk) -> None:
    assert a_return.read("--since", "2017-01-01")["cases_opened"] == 3


def test_reading_the_same_return_twice_changes_nothing(a_return: Desk) -> None:
    first = a_return.read()
    before = hashlib.sha256(a_return.register.read_bytes()).digest()
    second = a_return.read()
    assert hashlib.sha256(a_return.register.read_bytes()).digest() == before
    assert (second["events_added"], second["rows_used"], second["cases_opened"]) == (0, 0, 0)
    assert second["rows_unchanged"] == first["rows_used"]


def test_two_copies_that_read_the_same_return_in_another_order_hold_the_same_events(
    a_return: Desk, tmp_path: Path
) -> None:
    a_return.read()
    (tmp_path / "other").mkdir()
    other = Desk(tmp_path / "other")
    for path in a_return.folder.iterdir():
        head, *rows = path.read_text().splitlines(keepends=True)
        other.file(path.name.upper().replace(".CSV", " copy.csv"), head + "".join(reversed(rows)))
    other.read()
    ids = [
        {row[0] for row in sqlite3.connect(desk.register).execute("SELECT id FROM events")}
        for desk in (a_return, other)
    ]
    assert ids[0] == ids[1]


def test_a_dry_run_says_what_it_would_add_and_writes_nothing(a_return: Desk) -> None:
    would = a_return.read("--dry-run")
    assert not a_return.register.exists()
    assert would == a_return.read()


def test_refused_rows_are_handed_back_for_their_owner_alone_and_never_as_formulas(
    a_return: Desk, tmp_path: Path
) -> None:
    a_return.file("reviews.csv", REVIEWS + "00123,,05/03/2018,=1+1\n00123,,06/03/2018,PN1\n")
    rejects = tmp_path / "rejects.csv"
    found = a_return.read("--rejects", rejects)
    assert found["refused"] == [
        {
            "file": "reviews.csv",
            "row": 2,
            "column": "REVIEW_CODE",
            "value": "=1+1",
            "reason": "no code of REVIEW_CODE in any year",
        }
    ]
    with rejects.open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert (row["file"], row["row"], row["REVIEW_CODE"], row["CHILD"]) == ("reviews.csv", "2", "'=1+1", "00123")
    if os.name == "posix":
        assert os.name != "posix" or stat.S_IMODE(rejects.stat().st_mode) == 0o600


def test_rejects_never_write_over_another_file(a_return: Desk) -> None:
    given = a_return.folder / "episodes.csv"
    before = given.read_text()
    answer = a_return.type("import", "ssda903", a_return.folder, "--create", "--rejects", given)
    assert (answer.exit_code, given.read_text()) == (1, before)
    assert not a_return.register.exists()


def test_fail_if_any_tells_a_script_that_rows_were_refused(a_return: Desk) -> None:
    a_return.read("--fail-if-any")
    a_return.file("reviews.csv", REVIEWS + "00123,,05/03/2018,PN9\n")
    a_return.read("--fail-if-any", status=3)


def test_a_return_of_which_nothing_can_be_used_is_refused_and_makes_no_register(desk: Desk) -> None:
    desk.file("reviews.csv", REVIEWS + "00123,,05/03/2018,PN9\n")
    assert desk.read(status=1)["rows_refused"] == 1
    assert not desk.register.exists()


def test_without_create_no_register_is_made(a_return: Desk) -> None:
    answer = a_return.type("import", "ssda903", a_return.folder)
    assert answer.exit_code == 1
    assert "No register" in answer.stderr
    assert not a_return.register.exists()


def test_where_no_register_is_the_ways_on_can_be_typed_as_they_stand(a_return: Desk, tmp_path: Path) -> None:
    def said(*words: str | Path) -> str:
        return CliRunner(env={"CICTRACK_DB": str(tmp_path / "t.db")}).invoke(cictrack, [*map(str, words)]).stderr

    assert "Make one: cictrack init. Or" in said("overdue")
    named = tmp_path / "North team.db"
    assert f"Make one: cictrack --db '{named}' init. Or" in said("--db", named, "overdue")
    assert "init, or say --create" in said("--db", named, "import", "ssda903", a_return.folder)
    assert "--create" not in said("--db", named, "import", "minutes", a_return.file("overdue.csv", ""))


@pytest.mark.parametrize("words", [("--as-of", "03/25/2018"), ("--as-of", "2018-03-31", "--since", "2019-01-01")])
def test_a_wrong_day_is_wrong_usage(a_return: Desk, words: tuple[str, ...]) -> None:
    answer = a_return.type("import", "ssda903", a_return.folder, "--create", *words)
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert not a_return.register.exists()


def test_a_held_day_of_birth_stays_and_the_other_is_a_conflict(a_return: Desk) -> None:
    a_return.read()
    a_return.file("header.csv", HEADER + "00123,1,02/02/2010,,,,\n")
    found = a_return.read()
    assert found["conflicts"] == [{"child_id": "00123", "event": "born", "held": "2010-02-01", "offered": "2010-02-02"}]
    assert found["rows_in_conflict"] == 1
    assert ("00123", "born", "2010-02-02") not in a_return.events()


def test_a_changed_day_is_in_gaps_until_it_is_accepted_as_a_correction(a_return: Desk) -> None:
    a_return.read()
    a_return.file("header.csv", HEADER + "00123,1,02/02/2010,,,,\n")
    a_return.read()
    said = "born is 1 Feb 2010 here and 2 Feb 2010 in a file"
    assert [gap["why"] for gap in a_return.listed("gaps") if gap["child_id"] == "00123"] == [said]
    dry = a_return.read("--accept-changes", "--dry-run")
    assert a_return.listed("gaps"), "a dry run changes nothing"
    taken = a_return.read("--accept-changes")
    assert taken["changes"] == dry["changes"]
    assert taken["changes"] == [{"child_id": "00123", "event": "born", "held": "2010-02-01", "now": "2010-02-02"}]
    assert (taken["rows_in_conflict"], taken["events_added"]) == (0, 1)
    assert not [gap for gap in a_return.listed("gaps") if gap["child_id"] == "00123"]
    again = a_return.read("--accept-changes")
    assert (again["changes"], again["events_added"]) == ([], 0)


def test_a_person_is_told_what_was_put_right_and_how_to_take_what_was_not(a_return: Desk) -> None:
    a_return.read()
    a_return.file("header.csv", HEADER + "00123,1,02/02/2010,,,,\n")
    line = ("import", "ssda903", a_return.folder, "--as-of", "2018-03-31")
    said = a_return.type(*line, "--dry-run").stdout
    assert "00123 born: held 2010-02-01, offered 2010-02-02" in said
    assert "To take what the file says: --accept-changes" in said
    assert "00123 born: 2010-02-01 → 2010-02-02" in a_return.type(*line, "--accept-changes").stdout


def test_what_a_person_recorded_of_a_case_stays(a_return: Desk) -> None:
    a_return.type("init")
    a_return.type("iha", "open", "00123", "--on", "2018-02-07", "--dob", "2010-02-01")
    found = a_return.read()
    assert {"child_id": "00123", "event": "entered-care", "held": "2018-02-07", "offered": "2018-02-05"} in found[
        "conflicts"
    ]
    held = ("00123", "entered-care", "2018-02-07")
    assert a_return.events("iha") == [held, ("00123", "offered", "2018-03-31")]
    gaps = a_return.type("gaps", "--register", "iha", "--as-of", "2018-03-31").stdout
    assert "entered-care is 7 Feb 2018 here and 5 Feb 2018 in a file" in gaps
    again = a_return.read("--accept-changes")
    assert again["rows_in_conflict"] == found["rows_in_conflict"]
    assert a_return.events("iha") == [held, ("00123", "offered", "2018-03-31")]


def test_a_case_opened_in_error_is_not_opened_again_by_the_same_return(a_return: Desk) -> None:
    a_return.read()
    answer = a_return.type("iha", "close", "00123", "--on", "2018-02-06", "--reason", "opened-in-error")
    assert answer.exit_code == 0, answer.output
    assert a_return.read()["events_added"] == 0


def test_a_birth_to_come_is_refused_and_care_to_come_is_said_today(desk: Desk) -> None:
    desk.file("header.csv", HEADER + "7,1,01/02/2081,,,,\n8,1,01/02/2010,,,,\n")
    desk.file("episodes.csv", EPISODES + "8,05/02/2081,S,C2,N1,U6,PR1,,,,,,\n")
    (refused,) = desk.read()["refused"]
    assert (refused["column"], refused["reason"]) == ("DOB", "born after the file's own day (31/03/2018)")
    (gap,) = desk.listed("gaps")
    assert gap["why"] == "the episode of 5 Feb 2081 begins after the file's own day"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ((HEADER + "7,1,01/02/2012,,,,\n").encode("utf-16"), "the file is UTF-16 text: save it as CSV UTF-8"),
        ((HEADER + "7,1,01/02/2012,,,,\n").encode("utf-16-le"), "the file is UTF-16 text: save it as CSV UTF-8"),
        (b"", "the file is empty"),
        ((HEADER + "7,1,01/02/2012," + "x" * 20_000 + ",,,\n").encode(), "the row is longer than 10,000 characters"),
        ((HEADER + "7,1,29/02/2011,,,,\n").encode(), "no such day in the calendar"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_name(desk: Desk, content: bytes, why: str) -> None:
    (desk.folder / "header.csv").write_bytes(content)
    (refused,) = desk.read(status=1)["refused"]
    assert refused["reason"] == why
    assert len(refused["value"]) <= 80


def test_a_return_without_a_row_says_so(desk: Desk) -> None:
    desk.file("header.csv", HEADER)
    answer = desk.type("import", "ssda903", desk.folder, "--create")
    assert (answer.exit_code, desk.register.exists()) == (1, False)
    assert "no row says anything that the register keeps" in answer.stderr


def test_a_folder_is_read_for_its_csv_files_and_nothing_else(a_return: Desk) -> None:
    found = a_return.read("--dry-run")
    (a_return.folder / "older.csv").mkdir()
    for name in ("notes.txt", ".hidden.csv", "~$header.csv"):
        a_return.file(name, "anything")
    assert a_return.read("--dry-run") == found
    assert a_return.read(a_return.folder / "header.csv", a_return.folder, "--dry-run") == found


def test_the_next_return_ends_what_this_one_left_open(a_return: Desk) -> None:
    a_return.file("missing.csv", MISSING + "00123,,M,05/03/2018,\n")
    a_return.read()
    a_return.file("missing.csv", MISSING + "00123,,M,05/03/2018,07/03/2018\n")
    a_return.file("episodes.csv", EPISODES + "00123,01/03/2018,P,C2,N1,K2,PR1,20/03/2018,E4A,,,,\n")
    found = a_return.read()
    assert not found["conflicts"]
    assert ("00123", "care-ended", "2018-03-20") in a_return.events()
    (fields,) = sqlite3.connect(a_return.register).execute(
        "SELECT fields FROM events WHERE kind = 'missing' AND parent <> ''"
    )
    assert json.loads(fields[0]) == {"away": "no", "to": "2018-03-07"}


def test_a_case_that_is_older_than_the_window_still_hears_that_the_child_left(a_return: Desk) -> None:
    a_return.read()
    episodes = a_return.folder / "episodes.csv"
    episodes.write_text(
        EPISODES
        + "00123,05/02/2018,S,C2,N1,U6,PR1,01/03/2018,X1,CREQB,,,\n00123,01/03/2018,P,C2,N1,K2,PR1,01/05/2019,E4A,,,,\n"
    )
    given = a_return.type("import", "ssda903", episodes, "--as-of", "2020-03-31")
    assert given.exit_code == 0, given.output
    assert ("00123", "left-care", "2019-05-01") in a_return.events("iha")


def test_a_contradiction_stands_in_gaps_until_a_return_puts_it_right(a_return: Desk) -> None:
    wrong = "00123,05/02/2018,S,C2,N1,U6,PR1,,E4A,,,,\n"
    a_return.file("episodes.csv", EPISODES + wrong)
    a_return.read()
    said = [gap["why"] for gap in a_return.listed("gaps") if gap["child_id"] == "00123"]
    assert any("has a reason for its end (E4A) and no day" in why for why in said), said
    a_return.file("episodes.csv", EPISODES + wrong.replace("PR1,,", "PR1,20/03/2018,"))
    a_return.read()
    said = [gap["why"] for gap in a_return.listed("gaps") if gap["child_id"] == "00123"]
    assert not any("no day" in why for why in said), said


def test_who_imported_which_file_is_kept(a_return: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CICTRACK_USER", "data-officer")
    a_return.read()
    path = a_return.folder / "episodes.csv"
    db = sqlite3.connect(a_return.register)
    (made, imported) = db.execute("SELECT by, did, detail FROM trail ORDER BY n").fetchall()
    assert made[:2] == ("data-officer", "made")
    assert imported[:2] == ("data-officer", "import")
    (kept,) = [file for file in json.loads(imported[2])["files"] if file["file"] == "episodes.csv"]
    assert kept["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (kept["feed"], kept["rows_read"], kept["rows_used"], kept["rows_refused"]) == ("ssda903", 4, 4, 0)
    a_return.read()
    assert db.execute("SELECT count(*) FROM trail").fetchone() == (2,), "the same files again change nothing"


def test_rows_that_are_not_used_are_told_by_file(a_return: Desk) -> None:
    a_return.file("uasc.csv", "CHILD,SEX,DOB,DUC\n00123,1,01/02/2010,\n7,2,01/02/2012,\n")
    a_return.file("oc3.csv", "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM\n00123,01/02/2000,YES,F2,K\n")
    said = a_return.type("import", "ssda903", a_return.folder, "--as-of", "2018-03-31", "--create").stdout
    assert "Not used: 1 row of oc3.csv; nothing there is read." in said
    assert "Not used: 2 rows of uasc.csv; nothing there is read." in said


def test_a_person_reads_a_line_that_adds_up_and_why_rows_were_refused(a_return: Desk) -> None:
    a_return.file("reviews.csv", REVIEWS + "00123,,05/03/2018,\x1bPN9\n00123,,13/25/2018,PN1\n00123,,1/1/2018,PNX\n")
    answer = a_return.type("import", "ssda903", a_return.folder, "--as-of", "31/3/2018", "--create")
    assert answer.exit_code == 0, answer.output
    assert "Rows: 7 used + 0 unchanged + 0 in conflict + 3 refused + 0 not used = 10 read." in answer.stdout
    assert "reviews.csv row 3 REVIEW '13/25/2018'" in answer.stdout
    assert "\x1b" not in answer.output


@pytest.mark.skipif(not SAMPLE.exists(), reason="the shared sample is not here")
def test_the_sample_return_loads_whole_and_twice_changes_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.folder = SAMPLE
    first = desk.read()
    assert (first["files"], first["rows_read"], first["rows_refused"], first["rows_not_used"]) == (12, 25922, 60, 5483)
    assert first["rows_used"] == 20379
    ends = [gap for gap in desk.listed("gaps") if "has a reason for its end" in gap["why"]]
    assert sum(gap["why"].count("has a reason for its end") for gap in ends) == 1413
    second = desk.read()
    assert (second["events_added"], second["rows_unchanged"]) == (0, 20379)


@pytest.mark.parametrize("day", ["04/02/2018", "06/02/2018"])
def test_care_that_a_later_return_begins_on_another_day_is_the_same_care(a_return: Desk, day: str) -> None:
    a_return.read()
    path = a_return.folder / "episodes.csv"
    path.write_text(path.read_text().replace("05/02/2018", day))
    said = "-".join(reversed(day.split("/")))
    found = a_return.read()
    assert found["cases_opened"] == 0
    assert {(c["event"], c["held"], c["offered"]) for c in found["conflicts"]} == {
        (event, "2018-02-05", said) for event in ("care-started", "legal-status", "placement", "entered-care")
    }
    assert [(c["child_id"], c["period"]) for c in a_return.listed("iha")] == [("00123", 1)]
    taken = a_return.read("--accept-changes")
    assert (taken["cases_opened"], taken["conflicts"]) == (0, [])
    assert [(c["child_id"], c["opened_on"]) for c in a_return.listed("iha")] == [("00123", said)]
    assert a_return.read()["events_added"] == 0
    path.write_text(path.read_text().replace(day, "05/02/2018"))
    older = a_return.read()
    assert (older["events_added"], older["conflicts"]) == (0, [])


def test_a_table_with_no_word_of_care_says_nothing_of_cases(desk: Desk) -> None:
    episodes = desk.file(
        "episodes.csv",
        EPISODES
        + "00123,12/09/2017,S,V2,N1,U3,PR4,20/01/2018,E47,,,,\n"
        + "00123,06/12/2017,S,L1,N4,U3,PR1,16/03/2018,X1,ALLEG,,,\n"
        + "00123,16/03/2018,P,L1,N4,T0,PR4,30/03/2018,E6,,,,\n",
    )
    assert desk.read("--since", "2017-01-01")["cases_opened"] == 2
    episodes.unlink()
    desk.file("header.csv", HEADER + "00123,1,01/02/2010,,,,\n")
    desk.file("reviews.csv", REVIEWS + "00123,01/02/2010,05/02/2018,PN1\n")
    found = desk.read("--since", "2017-01-01")
    assert (found["rows_used"], found["conflicts"], found["cases_opened"]) == (2, [], 0)
