"""`cictrack import table`: whatever a team keeps its cases in, read once, twice, and again a month later."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it brings no types
from click.testing import CliRunner

from cictrack.cli.main import cictrack

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from click.testing import Result

COUNTS = ("rows_used", "rows_unchanged", "rows_in_conflict", "rows_refused", "rows_not_used")
AS_AT = "2026-03-31"
PLO = ("Child ID", "DOB", "Team", "SW", "IRO", "Date of decision", "LBP sent", "First PPM", "Review 1", "Review 2")
ONE = (
    "104523",
    "14/08/2019",
    "North",
    "Worker 07",
    "IRO 2",
    "05/01/2026",
    "09/01/2026",
    "20/01/2026",
    "03/03/2026",
    "",
)


class Desk:
    """A register and a team's tables, and the command line over them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.register = folder / "register.db"

    def table(
        self,
        *rows: Sequence[str],
        headers: Sequence[str] = PLO,
        delimiter: str = ",",
        encoding: str = "utf-8",
        name: str = "tracker.csv",
    ) -> Path:
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter).writerows([headers, *rows])
        path = self.folder / name
        path.write_bytes(text.getvalue().encode(encoding))
        return path

    def sheet(
        self, rows: Sequence[Sequence[Any]], name: str = "tracker.xlsx", **sheets: Sequence[Sequence[Any]]
    ) -> Path:
        path = self.folder / name
        with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
            for title, of_sheet in {"Tracker": rows, **sheets}.items():
                sheet = book.add_worksheet(title)
                for n, row in enumerate(of_sheet):
                    sheet.write_row(n, 0, row)
        return path

    def type(self, *words: str | Path) -> Result:
        return CliRunner().invoke(cictrack, ["--db", str(self.register), *map(str, words)], catch_exceptions=False)

    def reads(self, path: Path, *words: str | Path, register: str = "plo", status: int = 0) -> dict[str, Any]:
        """Import a table; the outcome, whose counts always add up."""
        line = ("import", "table", path, "--register", register, "--create", "--format", "json")
        as_of = () if "--as-of" in words else ("--as-of", AS_AT)
        given = self.type(*line, *as_of, *words)
        assert given.exit_code == status, given.output
        found: dict[str, Any] = json.loads(given.stdout)
        assert found["rows_read"] == sum(found[count] for count in COUNTS)
        assert len(found["refused"]) == found["rows_refused"]
        return found

    def refuses(self, path: Path, *words: str | Path, register: str = "plo") -> str:
        """Import a table that cannot be used at all: one sentence, and no register is made."""
        given = self.type("import", "table", path, "--register", register, "--create", "--as-of", AS_AT, *words)
        assert given.exit_code == 1, given.output
        assert given.stdout == ""
        assert not self.register.exists()
        assert given.stderr.startswith("cictrack: ")
        assert given.stderr.count("\n") == 1
        return given.stderr.removeprefix("cictrack: ").rstrip("\n")

    def says(self, path: Path, *words: str | Path, register: str = "plo") -> str:
        """What is said on stderr of an import that works."""
        given = self.type("import", "table", path, "--register", register, "--create", "--as-of", AS_AT, *words)
        assert given.exit_code == 0, given.output
        return given.stderr

    def listed(self, *words: str) -> list[dict[str, Any]]:
        given = self.type(*words, "--as-of", AS_AT, "--format", "json")
        assert given.exit_code == 0, given.output
        found: list[dict[str, Any]] = json.loads(given.stdout)
        return found

    def events(self, child: str = "104523", register: str = "plo") -> list[tuple[str, str, dict[str, Any]]]:
        """What the history of the latest case holds, whose it is left out."""
        given = self.type("history", register, child, "--format", "json")
        assert given.exit_code == 0, given.output
        held = (e for e in json.loads(given.stdout) if e["kind"] not in {"assigned", "offered"})
        return [(e["kind"], e["day"], e["fields"]) for e in held]

    def does(self, *words: str | Path) -> None:
        given = self.type(*words)
        assert given.exit_code == 0, given.output


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def one(**cells: str) -> list[str]:
    """The usual row with some cells otherwise."""
    return [cells.get(header.replace(" ", "_"), cell) for header, cell in zip(PLO, ONE, strict=True)]


def test_one_row_with_several_days_is_one_case_with_several_events(desk: Desk) -> None:
    found = desk.reads(desk.table(ONE))
    assert (found["cases_opened"], found["rows_used"]) == (1, 1)
    assert desk.events() == [
        ("decision", "2026-01-05", {}),
        ("letter", "2026-01-09", {}),
        ("meeting", "2026-01-20", {}),
        ("review", "2026-03-03", {}),
    ]
    (case,) = desk.listed("plo")
    assert (case["team"], case["worker"], case["iro"], case["stage"]) == ("North", "Worker 07", "IRO 2", "reviewed")


def test_what_was_imported_is_carried_to_another_register_by_its_lines(desk: Desk) -> None:
    desk.reads(desk.table(ONE, one(Child_ID="104524")))
    lines, register = desk.folder / "out.jsonl", desk.register
    desk.does("export", "events", "--output", lines)
    cases = desk.listed("plo")
    desk.register = desk.folder / "other.db"
    given = desk.type("import", "events", lines, "--create", "--format", "json")
    found = json.loads(given.stdout)
    assert (given.exit_code, found["rows_refused"], found["cases_opened"]) == (0, 0, 2)
    assert desk.listed("plo") == cases
    again = desk.folder / "again.jsonl"
    desk.does("export", "events", "--output", again)
    assert again.read_bytes() == lines.read_bytes()
    desk.register = register


def test_the_same_table_twice_changes_nothing(desk: Desk) -> None:
    path = desk.table(ONE, one(Child_ID="104524"))
    desk.reads(path)
    again = desk.reads(path)
    assert (again["events_added"], again["rows_unchanged"], again["conflicts"]) == (0, 2, [])
    later = desk.reads(path, "--as-of", "2026-05-20")
    assert (later["events_added"], later["rows_unchanged"], later["conflicts"]) == (0, 2, [])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_any_delimiter_and_any_usual_encoding_reads_the_same(desk: Desk, delimiter: str, encoding: str) -> None:
    path = desk.table(one(Team="Café Team"), delimiter=delimiter, encoding=encoding)
    assert desk.reads(path)["rows_used"] == 1
    assert [case["team"] for case in desk.listed("plo")] == ["Café Team"]


def test_titles_above_the_header_and_a_sheet_of_notes_are_passed_over(desk: Desk) -> None:
    notes = [["How to use this tracker"], ["Team", "who to ask"]]
    path = desk.sheet([["PLO tracker, North and South"], [], ["updated weekly"], PLO, ONE], Notes=notes)
    assert desk.reads(path)["rows_used"] == 1
    assert len(desk.events()) == 4
    desk.register.unlink()
    assert "no sheet 'Trackers'" in desk.refuses(path, "--sheet", "Trackers")
    assert desk.reads(path, "--sheet", "tracker")["rows_used"] == 1


def test_another_sheet_with_children_is_named_and_read_when_it_is_asked_for(desk: Desk) -> None:
    path = desk.sheet([PLO, ONE], Closed=[PLO[:6], one(Child_ID="104524")[:6]], Key=[["Team", "Child ID"]])
    line = "Read: sheet 'Tracker'. Not read, with children's ids too: 'Closed'; --sheet NAME reads another."
    assert line in desk.says(path)
    assert "Not read" not in desk.says(path, "--sheet", "Closed")
    assert [case["child_id"] for case in desk.listed("plo")] == ["104523", "104524"]


def test_ids_stay_text_and_a_workbooks_number_is_no_other_id(desk: Desk) -> None:
    path = desk.table(one(Child_ID="00123"), one(Child_ID="1761444.0"), one(Child_ID="123"))
    assert desk.reads(path)["rows_used"] == 3
    assert sorted(case["child_id"] for case in desk.listed("plo")) == ["00123", "123", "1761444"]


def test_a_header_in_the_words_of_the_census_and_the_dataset_is_understood(desk: Desk) -> None:
    headers = (
        "Person ID",
        "PPStartDate",
        "LBPSentDate",
        "FGDMMeetingOffer",
        "InitialPPMeetingDate",
        "StepDecisionDate",
    )
    row = ("104523", "2026-01-05", "2026-01-09", "1", "2026-01-20", "2026-02-20")
    desk.reads(desk.table((*row, "Decision to Issue Care Proceedings"), headers=(*headers, "prep_pre_pro_outcome")))
    assert desk.events()[1:] == [
        ("letter", "2026-01-09", {"fgdm_offered": "yes"}),
        ("meeting", "2026-01-20", {}),
        ("step", "2026-02-20", {"outcome": "issue"}),
    ]


def test_in_a_pipe_a_column_that_nobody_knows_is_named_and_left_out(desk: Desk) -> None:
    said = desk.says(desk.table((*ONE, "AB", "x"), headers=(*PLO, "Initials", "Rag")))
    assert "Left out: 'Initials', 'Rag': no event, field or assignment is called so." in said
    assert "AB" not in json.dumps(desk.listed("plo"))


def test_a_map_says_what_the_rest_means_and_a_saved_map_says_it_again(desk: Desk) -> None:
    path = desk.table((*ONE[:5], "05/01/2026", "AB"), headers=(*PLO[:5], "Entered the process", "Initials"))
    map_file, saved = desk.folder / "map.toml", desk.folder / "saved.toml"
    map_file.write_text('[columns]\n"entered the  process" = "decision"\n"Initials" = ""\n', encoding="utf-8")
    said = desk.says(path, "--map", map_file, "--save-map", saved)
    assert "Left out: 'Initials': left out as asked." in said
    assert os.name != "posix" or stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert desk.events() == [("decision", "2026-01-05", {})]
    desk.register.unlink()
    assert desk.reads(path, "--map", saved)["rows_used"] == 1
    assert desk.events() == [("decision", "2026-01-05", {})]


def test_a_map_that_says_the_same_is_left_and_another_is_never_written_over(desk: Desk) -> None:
    saved = desk.folder / "saved.toml"
    desk.reads(desk.table(ONE), "--save-map", saved)
    kept = saved.read_bytes()
    assert desk.reads(desk.table(ONE), "--save-map", saved)["rows_unchanged"] == 1
    other = desk.table(ONE[:5], headers=PLO[:5])
    answer = desk.type("import", "table", other, "--register", "plo", "--save-map", saved)
    assert (answer.exit_code, "is there already" in answer.stderr) == (1, True)
    assert saved.read_bytes() == kept


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("[columns]\n'Rain' = 'letter'\n", "no such column"),
        ("[columns]\n'LBP sent' = 'rain'\n", "has not"),
        ("[columns]\n'LBP sent' = 'meeting'\n'First PPM' = 'meeting'\n", "of which a row has one"),
        ("'LBP sent' = 'letter'\n", "has no [columns]"),
        ("[columns]\n'LBP sent' = 1\n", "has no [columns]"),
        ("[columns\n", "no map in TOML"),
        ("[columns]\n'LBP sent' = 'letter'\n'lbp  SENT' = ''\n", "names a column twice"),
    ],
)
def test_a_map_that_cannot_be_is_refused_by_name(desk: Desk, said: str, why: str) -> None:
    map_file = desk.folder / "map.toml"
    map_file.write_text(said, encoding="utf-8")
    assert why in desk.refuses(desk.table(ONE), "--map", map_file)


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal is made with pty")
def test_on_a_terminal_what_is_left_over_is_asked_for(desk: Desk) -> None:
    import pty

    path = desk.table((*ONE[:5], "05/01/2026", "AB"), headers=(*PLO[:5], "Entered the process", "Initials"))
    saved = desk.folder / "saved.toml"
    keyboard, terminal = pty.openpty()
    os.write(keyboard, b"rain\nteam\ndecision\n\n")
    line = [sys.executable, "-m", "cictrack", "--db", str(desk.register), "import", "table", str(path)]
    options = ["--register", "plo", "--create", "--as-of", AS_AT, "--save-map", str(saved)]
    ran = subprocess.run([*line, *options], stdin=terminal, capture_output=True, text=True, check=False)
    os.close(keyboard)
    os.close(terminal)
    assert ran.returncode == 0, ran.stderr
    assert "A column may be one of: child, dob, edd, team" in ran.stderr
    assert "'rain' is none of these" in ran.stderr
    assert "'Team' is that already" in ran.stderr
    assert desk.events() == [("decision", "2026-01-05", {})]
    assert '"Entered the process" = "decision"' in saved.read_text(encoding="utf-8")
    assert 'Initials = ""' in saved.read_text(encoding="utf-8")
    # The keyboard's Enter is not in what was printed: the line break is the one that stands before the rest.
    assert "What is it? \nWritten: " in ran.stderr.replace("\r", "")
    assert "\nLeft out: 'Initials': as you answered." in ran.stderr.replace("\r", "")
    assert "the map" not in ran.stderr


def test_two_headers_alike_are_refused_and_two_of_one_meaning_are_left_out(desk: Desk) -> None:
    assert "Two columns are called" in desk.refuses(desk.table((*ONE, "1/2/2026"), headers=(*PLO, "lbp  SENT")))
    said = desk.says(desk.table((*ONE, "10/01/2026"), headers=(*PLO, "LBP issued")))
    assert "Left out: 'LBP sent', 'LBP issued': 'LBP sent' and 'LBP issued' may both be letter." in said
    assert "letter" not in [kind for kind, _, _ in desk.events()]


def test_of_two_columns_of_one_meaning_the_filled_one_counts_or_that_which_is_called_so(desk: Desk) -> None:
    headers = (*PLO, "LBP issued", "Legal gateway meeting")
    said = desk.says(desk.table((*ONE, "", "02/01/2026"), headers=headers))
    assert "Left out: 'LBP issued': 'LBP sent' is taken for letter." in said
    assert "Left out: 'Legal gateway meeting': 'Date of decision' is taken for decision." in said
    assert desk.events()[:2] == [("decision", "2026-01-05", {}), ("letter", "2026-01-09", {})]


def test_a_table_without_childrens_ids_is_refused(desk: Desk) -> None:
    assert "no column of children's ids" in desk.refuses(desk.table(ONE[1:], headers=PLO[1:]))


@pytest.mark.parametrize(("cells", "why"), [((*ONE, "more"), "more cells (11)"), (ONE[:4], "fewer cells (4)")])
def test_a_long_row_and_a_short_row_are_refused_by_name(desk: Desk, cells: Sequence[str], why: str) -> None:
    found = desk.reads(desk.table(one(Child_ID="104524"), cells))
    (refused,) = found["refused"]
    assert (refused["row"], found["rows_used"]) == (3, 1)
    assert why in refused["reason"]


def test_a_quote_that_is_left_open_costs_its_own_line(desk: Desk) -> None:
    path = desk.table(ONE)
    text = path.read_text(encoding="utf-8")
    line = ",".join(one(Child_ID="104524")).replace("North", '"North')
    path.write_text(f"{text}{line}\n{','.join(one(Child_ID='104525'))}\n", encoding="utf-8")
    found = desk.reads(path)
    assert (found["rows_used"], [r["row"] for r in found["refused"]]) == (2, [3])
    assert "quote" in found["refused"][0]["reason"]


@pytest.mark.parametrize(
    ("cells", "column", "value", "why"),
    [
        ({"DOB": "13/13/2019"}, "DOB", "13/13/2019", "no such day"),
        ({"LBP_sent": "02/03/26"}, "LBP sent", "02/03/26", "not a day"),
        ({"LBP_sent": "sent"}, "LBP sent", "sent", "not a day"),
        ({"Child_ID": ""}, "Child ID", "", "no child id"),
        ({"Child_ID": "1.76144E+11"}, "Child ID", "1.76144E+11", "rounded"),
        ({"SW": "Worker\u202e07"}, "SW", "Worker\u202e07", "direction of writing"),
        ({"SW": "Worker\x1b[31m"}, "SW", "Worker\x1b[31m", "control characters"),
        ({"Date_of_decision": "01/04/2026"}, "Date of decision", "01/04/2026", "after the file's own day"),
        ({"Date_of_decision": ""}, "Date of decision", "", "no case to add it to"),
    ],
)
def test_what_cannot_be_held_is_refused_with_row_column_value_and_reason(
    desk: Desk, cells: dict[str, str], column: str, value: str, why: str
) -> None:
    rejects = desk.folder / "rejects.csv"
    found = desk.reads(desk.table(one(Child_ID="104524"), one(**cells)), "--rejects", rejects)
    (refused,) = found["refused"]
    assert (refused["file"], refused["row"], refused["column"], refused["value"]) == ("tracker.csv", 3, column, value)
    assert why in refused["reason"]
    assert found["rows_used"] == 1
    assert rejects.read_text(encoding="utf-8").count("\n") == 2


@pytest.mark.parametrize("blank", ["", "-", "TBC", "tba", "N/A", "#N/A", "not yet", "01/01/1900"])
def test_what_teams_write_for_no_day_yet_is_blank(desk: Desk, blank: str) -> None:
    assert desk.reads(desk.table(one(LBP_sent=blank)))["rows_refused"] == 0
    assert [kind for kind, _, _ in desk.events()] == ["decision", "meeting", "review"]


def test_a_month_first_file_loses_the_days_that_could_be_two(desk: Desk) -> None:
    rows = [(str(104524 + n), "01/05/2026", f"01/2{n}/2026") for n in range(3)]
    either = [("104530", "02/03/2026", ""), ("104531", "02/02/2026", "")]
    found = desk.reads(desk.table(*rows, *either, headers=("Child", "Decision", "LBP sent")))
    assert [(r["row"], r["value"]) for r in found["refused"]] == [(n, "01/05/2026") for n in range(2, 5)] + [
        (5, "02/03/2026")
    ]
    assert "the file writes the month first" in found["refused"][3]["reason"]
    assert found["rows_used"] == 1


def test_another_day_of_birth_in_a_later_period_is_refused(desk: Desk) -> None:
    headers = (*PLO, "End of PLO", "Outcome", "Stepped down to")
    first = (*one(Date_of_decision="06/10/2025"), "10/03/2026", "step down", "CIN")
    again = (*one(DOB="15/08/2019", Date_of_decision="16/03/2026", LBP_sent="", First_PPM="", Review_1=""), "", "", "")
    (refused,) = desk.reads(desk.table(first, again, headers=headers))["refused"]
    assert (refused["row"], refused["column"], refused["value"]) == (3, "DOB", "15/08/2019")
    assert "row 2 tells of another day of birth" in refused["reason"]


def test_a_row_that_is_refused_leaves_nothing_behind(desk: Desk) -> None:
    found = desk.reads(desk.table(ONE, one(Child_ID="104524", Date_of_decision="", Review_2="14/04/2026")))
    assert (found["rows_refused"], found["events_added"]) == (1, 6)
    assert desk.type("show", "104524", "--as-of", AS_AT).exit_code == 1


def test_a_planned_review_that_lies_ahead_is_no_event_and_stands_in_gaps(desk: Desk) -> None:
    desk.reads(desk.table(one(Review_2="14/04/2026")))
    assert [day for kind, day, _ in desk.events() if kind == "review"] == ["2026-03-03"]
    (gap,) = desk.listed("gaps")
    assert gap["why"] == "Review 2 is 14 Apr 2026, after the file's own day"
    assert (gap["register"], gap["period"], gap["team"]) == ("plo", 1, "North")
    desk.reads(desk.table(one(Review_2="14/04/2026")), "--as-of", "2026-05-01")
    assert [day for kind, day, _ in desk.events() if kind == "review"] == ["2026-03-03", "2026-04-14"]
    given = desk.type("gaps", "--as-of", "2026-05-01", "--format", "json")
    assert json.loads(given.stdout) == []


def test_what_was_not_taken_is_said_and_stands_with_the_period_that_it_is_of(desk: Desk) -> None:
    headers = (*PLO, "End of PLO", "Outcome", "Stepped down to")
    first = (*one(Date_of_decision="06/10/2025", Review_2="14/04/2026"), "10/03/2026", "step down", "CIN")
    again = ("104523", "14/08/2019", "South", "Worker 09", "", "16/03/2026", "", "", "", "14/05/2026", "", "", "")
    path = desk.table(first, again, headers=headers)
    given = desk.type("import", "table", path, "--register", "plo", "--create", "--as-of", AS_AT)
    assert "Cannot be so, or lacks its day: 2, all in gaps:\n" in given.stdout
    assert "  104523 review: Review 2 is 14 May 2026, after the file's own day\n" in given.stdout
    of = {gap["period"]: gap["why"] for gap in desk.listed("gaps")}
    assert "Review 2 is 14 Apr 2026, after the file's own day" in of[1]
    assert "Review 2 is 14 May 2026, after the file's own day" in of[2]


def test_what_ended_with_no_outcome_is_a_gap_and_one_that_is_unknown_is_none(desk: Desk) -> None:
    headers = (*PLO, "End of PLO", "Outcome")
    path = desk.table((*ONE, "10/03/2026", "TBC"), headers=headers)
    assert desk.reads(path)["rows_used"] == 1
    assert "step" not in [kind for kind, _, _ in desk.events()]
    assert [gap["why"] for gap in desk.listed("gaps")] == ["the table has step on 10 Mar 2026 and no outcome"]
    desk.reads(desk.table((*ONE, "10/03/2026", "issue"), headers=headers))
    assert desk.events()[-1] == ("step", "2026-03-10", {"outcome": "issue"})
    assert desk.listed("gaps") == []
    found = desk.reads(desk.table((*ONE, "10/03/2026", "see notes"), headers=headers), status=1)
    assert "not one of step-down, issue" in found["refused"][0]["reason"]


def test_what_a_family_stepped_down_to_is_read_off_the_outcome(desk: Desk) -> None:
    path = desk.table((*ONE, "10/03/2026", "Stepped down to CIN plan"), headers=(*PLO, "End of PLO", "Outcome"))
    desk.reads(path)
    assert desk.events()[-1] == ("step", "2026-03-10", {"outcome": "step-down", "to": "child-in-need"})
    assert desk.listed("gaps") == []


@pytest.mark.parametrize(
    ("outcome", "fields"),
    [
        ("NFA", {"outcome": "step-down", "to": "no-further"}),
        ("No further action", {"outcome": "step-down", "to": "no-further"}),
        ("Care proceedings issued", {"outcome": "issue"}),
    ],
)
def test_an_outcome_is_read_in_the_words_of_the_legal_meeting(desk: Desk, outcome: str, fields: dict[str, str]) -> None:
    desk.reads(desk.table((*ONE, "10/03/2026", outcome), headers=(*PLO, "End of PLO", "Outcome")))
    assert desk.events()[-1] == ("step", "2026-03-10", fields)


@pytest.mark.parametrize(
    ("register", "headers", "row", "kinds"),
    [
        ("iha", ("SWIFT ID", "Became LAC"), ("104523", "02/03/2026"), ["entered-care"]),
        (
            "placement-order",
            ("Swift No", "Became LAC", "PO granted", "Matching date"),
            ("104523", "02/03/2025", "01/12/2025", "10/03/2026"),
            ["entered-care", "order", "match"],
        ),
        (
            "fragile",
            ("SWIFT ID", "Flagged", "Moved", "Move planned"),
            ("104523", "02/03/2026", "09/03/2026", "No"),
            ["flag", "moved"],
        ),
    ],
)
def test_headers_that_teams_use_are_known(
    desk: Desk, register: str, headers: Sequence[str], row: Sequence[str], kinds: list[str]
) -> None:
    assert "Left out" not in desk.says(desk.table(row, headers=headers), register=register)
    assert [kind for kind, _, _ in desk.events(register=register)] == kinds


def test_an_answer_whose_event_has_no_day_is_left_out_and_said(desk: Desk) -> None:
    said = desk.says(desk.table([*one(LBP_sent=""), "yes"], headers=(*PLO, "FGDM offered")))
    assert "Left out in 1 row: 'FGDM offered', as the row has no day of the letter that it belongs to (row 2)." in said


def test_an_outcome_with_no_day_is_a_gap_until_the_day_is_given(desk: Desk) -> None:
    headers = (*PLO, "End of PLO", "Outcome")
    said = desk.says(desk.table((*ONE, "", "Issued"), (*one(Child_ID="104524"), "", "ongoing"), headers=headers))
    assert "Left out in 1 row: 'Outcome', as the row has no day of the step that it belongs to (row 3)." in said
    assert [gap["why"] for gap in desk.listed("gaps")] == ["Outcome is issue, and the table has no day of it"]
    desk.reads(desk.table((*ONE, "10/03/2026", "Issued"), headers=headers))
    assert desk.listed("gaps") == []


def test_a_closing_column_closes_the_case_by_its_reason(desk: Desk) -> None:
    headers = (*PLO, "Closed", "Closing reason")
    rows = [(*ONE, "20/03/2026", "Transferred out"), (*one(Child_ID="104524"), "20/03/2026", "")]
    desk.reads(desk.table(*rows, headers=headers))
    closed = {case["child_id"]: case["outcome"] for case in desk.listed("plo", "--all")}
    assert closed == {"104523": "moved-authority", "104524": None}
    assert "the table has closed on 20 Mar 2026 and no reason" in [gap["why"] for gap in desk.listed("gaps")]


def test_a_deadline_is_judged_by_the_columns_that_the_table_has(desk: Desk) -> None:
    desk.reads(desk.table(("104523", "05/01/2026"), headers=("Child", "Decision")))
    severity = {row["rule"]: row["severity"] for row in desk.listed("overdue")}
    assert severity["plo.letter"] == "grey"
    other = Desk(desk.folder / "other")
    other.folder.mkdir()
    other.reads(other.table(("104523", "05/01/2026", ""), headers=("Child", "Decision", "LBP sent")))
    assert {row["rule"]: row["severity"] for row in other.listed("overdue")}["plo.letter"] == "red"


def test_a_changed_day_is_a_conflict_until_it_is_accepted(desk: Desk) -> None:
    desk.reads(desk.table(ONE))
    changed = desk.table(one(LBP_sent="12/01/2026"))
    found = desk.reads(changed)
    assert found["conflicts"] == [
        {"child_id": "104523", "event": "letter", "held": "2026-01-09", "offered": "2026-01-12"}
    ]
    assert (found["rows_in_conflict"], found["rows_read"]) == (1, 1)
    assert ("letter", "2026-01-09", {}) in desk.events()
    assert [gap["event"] for gap in desk.listed("gaps")] == ["letter"]
    assert desk.reads(changed, "--accept-changes", "--dry-run")["events_added"] == 1
    assert ("letter", "2026-01-09", {}) in desk.events()
    desk.reads(changed, "--accept-changes")
    assert ("letter", "2026-01-12", {}) in desk.events()
    assert desk.listed("gaps") == []
    assert desk.reads(changed)["conflicts"] == []


def test_another_value_that_is_not_taken_is_told_apart_from_what_is_added(desk: Desk) -> None:
    desk.reads(desk.table(ONE))
    changed = desk.table(one(LBP_sent="12/01/2026", Review_2="24/03/2026"))
    line = ("import", "table", changed, "--register", "plo", "--as-of", AS_AT)
    would = "Would add 1 event and open 0 cases; 5 were known; 1 other value to be noted, and not taken."
    assert would in desk.type(*line, "--dry-run").stdout
    assert "Added 1 event and opened 0 cases; 5 were known; 1 other value noted, and" in desk.type(*line).stdout
    assert "Would add 0 events and open 0 cases; 6 were known." in desk.type(*line, "--dry-run").stdout


def test_what_a_person_recorded_is_never_overwritten(desk: Desk) -> None:
    desk.does("init")
    whose = ("--team", "South", "--worker", "W09")
    desk.does("plo", "open", "104523", "--on", "2026-01-05", "--dob", "2019-08-14", *whose)
    desk.does("plo", "letter", "104523", "--on", "2026-01-08")
    found = desk.reads(desk.table(ONE), "--accept-changes")
    assert ("letter", "2026-01-08", {}) in desk.events()
    offered = {(c["event"], c["held"], c["offered"]) for c in found["conflicts"]}
    assert offered >= {("letter", "2026-01-08", "2026-01-09"), ("decision", "team South", "team North")}
    (case,) = desk.listed("plo")
    assert (case["team"], case["worker"], case["iro"]) == ("South", "W09", "IRO 2")
    assert desk.reads(desk.table(ONE), "--accept-changes")["events_added"] == 0


def test_whose_a_case_is_stays_with_what_a_person_said_after_the_file(desk: Desk) -> None:
    desk.reads(desk.table(ONE), "--as-of", "2026-03-05")
    desk.does("assign", "plo", "104523", "--team", "South", "--on", "2026-03-10")
    again = desk.reads(desk.table(ONE))
    assert (again["events_added"], again["conflicts"]) == (0, [])
    assert [case["team"] for case in desk.listed("plo")] == ["South"]
    other = desk.reads(desk.table(one(Team="East")))
    assert [(c["held"], c["offered"]) for c in other["conflicts"]] == [("team South", "team East")]
    assert [case["team"] for case in desk.listed("plo")] == ["South"]


@pytest.mark.parametrize("other", ["East", "Far", "South", "West"])
def test_on_the_day_of_an_import_what_a_person_says_counts_and_of_two_files_the_later(desk: Desk, other: str) -> None:
    desk.reads(desk.table(ONE), "--as-of", "2026-03-05")
    desk.reads(desk.table(one(Team=other)))
    assert [case["team"] for case in desk.listed("plo")] == [other]
    desk.reads(desk.table(ONE))
    assert [case["team"] for case in desk.listed("plo")] == ["North"]
    desk.does("assign", "plo", "104523", "--team", "Mid", "--on", AS_AT)
    assert [case["team"] for case in desk.listed("plo")] == ["Mid"]
    assert desk.reads(desk.table(ONE))["events_added"] == 0
    assert [(c["held"], c["offered"]) for c in desk.reads(desk.table(one(Team="Upper")))["conflicts"]] == [
        ("team Mid", "team Upper")
    ]
    assert [case["team"] for case in desk.listed("plo")] == ["Mid"]


def test_a_row_that_is_gone_and_a_column_that_is_new_take_nothing_away(desk: Desk) -> None:
    desk.reads(desk.table(ONE, one(Child_ID="104524")))
    found = desk.reads(desk.table((*ONE, "10/03/2026"), headers=(*PLO, "FGC held")))
    assert (found["events_added"], found["rows_used"], found["conflicts"]) == (1, 1, [])
    assert [case["child_id"] for case in desk.listed("plo")] == ["104523", "104524"]
    assert ("fgdm", "2026-03-10", {}) in desk.events()


def test_a_second_row_with_a_later_period_is_a_second_period(desk: Desk) -> None:
    headers = (*PLO, "End of PLO", "Outcome", "Stepped down to")
    first = (*one(Date_of_decision="06/10/2025"), "10/03/2026", "step down", "CIN")
    again = ("104523", "14/08/2019", "South", "Worker 09", "", "16/03/2026", *[""] * 7)
    path = desk.table(again, first, headers=headers)
    found = desk.reads(path)
    assert (found["cases_opened"], found["rows_used"]) == (2, 2)
    assert sorted((c["period"], c["stage"], c["team"]) for c in desk.listed("plo", "--all")) == [
        (1, "stepped-down", "North"),
        (2, "decided", "South"),
    ]
    assert desk.reads(path)["rows_unchanged"] == 2


def test_two_rows_for_one_child_are_one_case_or_the_second_is_refused(desk: Desk) -> None:
    review = one(LBP_sent="", First_PPM="", Review_1="17/03/2026")
    differs = one(LBP_sent="12/01/2026")
    overlaps = one(Date_of_decision="02/02/2026")
    found = desk.reads(desk.table(ONE, ONE, review, differs, overlaps, one(DOB="15/08/2019")))
    assert [(r["row"], r["column"], r["value"]) for r in found["refused"]] == [
        (5, "LBP sent", "12/01/2026"),
        (6, "Date of decision", "02/02/2026"),
        (7, "DOB", "15/08/2019"),
    ]
    assert (found["cases_opened"], found["rows_used"]) == (1, 3)
    assert [day for kind, day, _ in desk.events() if kind == "review"] == ["2026-03-03", "2026-03-17"]


def test_a_child_of_a_return_gets_no_second_case_from_the_teams_own_table(desk: Desk) -> None:
    folder = desk.folder / "return"
    folder.mkdir()
    (folder / "header.csv").write_text("CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n104523,1,14/08/2019,,,,\n")
    episodes = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
    (folder / "episodes.csv").write_text(episodes + "104523,02/02/2026,S,C1,N1,U6,PR1,,,,,,\n")
    desk.does("import", "ssda903", str(folder), "--create", "--as-of", AS_AT)
    headers = ("Child", "DOB", "Date LAC", "Consent received", "IHA appointment", "IHA completed")
    table = desk.table(("104523", "14/08/2019", "02/02/2026", "05/02/2026", "26/02/2026", ""), headers=headers)
    found = desk.reads(table, register="iha")
    assert (found["cases_opened"], found["conflicts"]) == (0, [])
    assert len(desk.listed("iha")) == 1
    moved = desk.table(("104523", "14/08/2019", "03/02/2026", "05/02/2026", "26/02/2026", ""), headers=headers)
    (conflict,) = desk.reads(moved, register="iha")["conflicts"]
    assert (conflict["event"], conflict["held"], conflict["offered"]) == ("entered-care", "2026-02-02", "2026-02-03")


def test_an_appointment_is_known_by_the_day_that_it_is_for(desk: Desk) -> None:
    headers = ("Child", "DOB", "Date LAC", "IHA appointment")
    row = ("104523", "14/08/2019", "16/03/2026", "14/04/2026")
    desk.reads(desk.table(row, headers=headers), register="iha")
    booked = ("appointment", AS_AT, {"for": "2026-04-14", "undated": "yes"})
    assert desk.events(register="iha")[-1] == booked
    later = desk.reads(desk.table(row, headers=headers), "--as-of", "2026-05-20", register="iha")
    assert (later["events_added"], later["conflicts"]) == (0, [])
    moved = desk.table((*row[:3], "20/04/2026"), headers=headers)
    (conflict,) = desk.reads(moved, register="iha")["conflicts"]
    assert (conflict["held"], conflict["offered"]) == ("for 2026-04-14", "for 2026-04-20")
    assert desk.events(register="iha")[-1] == booked


@pytest.mark.parametrize(
    ("entered", "state"),
    [
        ("16/03/2026", "GREY: met by Tuesday 31 March 2026, and whether in time cannot be told"),
        ("17/03/2026", "MET Tuesday 31 March 2026, in time"),
    ],
)
def test_what_has_happened_by_the_day_of_the_file_is_late_only_where_its_own_day_says_so(
    desk: Desk, entered: str, state: str
) -> None:
    headers = ("Child", "DOB", "Date LAC", "IHA appointment")
    desk.reads(desk.table(("104523", "14/08/2019", entered, "14/04/2026"), headers=headers), register="iha")

    def told() -> str:
        lines = desk.type("explain", "iha", "104523", "--as-of", "2026-04-10").stdout.splitlines()
        return next(line.partition(". ")[2] for line in lines if line.startswith("iha.appointment:"))

    assert told() == state
    desk.does("iha", "correct", "104523", "appointment", "--to", "2026-03-18", "--reason", "the letter")
    assert told() == "MET Wednesday 18 March 2026, in time"
    assert desk.events(register="iha")[-1][2] == {"for": "2026-04-14", "why": "the letter"}


def test_an_assessment_ends_a_case_only_where_the_table_says_no_more(desk: Desk) -> None:
    headers = ("Child", "DOB", "Date LAC", "IHA completed")
    row = ("104523", "14/08/2019", "02/02/2026", "20/02/2026")
    desk.reads(desk.table(row, headers=headers), register="iha")
    assert desk.listed("iha") == []
    other = Desk(desk.folder / "other")
    other.folder.mkdir()
    other.reads(other.table((*row, ""), headers=(*headers, "Report received")), register="iha")
    assert [case["stage"] for case in other.listed("iha")] == ["assessed"]


def test_a_note_is_kept_once_and_is_no_sign_of_life(desk: Desk) -> None:
    path = desk.table((*ONE, "-1 visit; =1+1"), headers=(*PLO, "Comments"))
    desk.reads(path)
    assert ("note", "2026-03-03", {"note": "-1 visit; =1+1"}) in desk.events()
    assert desk.reads(path, "--as-of", "2026-05-20")["events_added"] == 0


def test_a_day_of_birth_to_come_is_expected_where_the_unborn_are_registered(desk: Desk) -> None:
    desk.reads(desk.table(one(DOB="14/06/2026")))
    (child,) = [json.loads(desk.type("show", "104523", "--as-of", AS_AT, "--format", "json").stdout)]
    assert (child["dob"], child["edd"]) == (None, "2026-06-14")
    headers = ("Child", "DOB", "Date LAC")
    iha = desk.table(("104524", "14/06/2026", "02/03/2026"), ("104525", "14/03/2026", "02/03/2026"), headers=headers)
    found = desk.reads(iha, register="iha", status=1)
    assert [(r["row"], r["column"]) for r in found["refused"]] == [(2, "DOB"), (3, "Date LAC")]


def test_a_dry_run_writes_nothing_and_refused_rows_can_fail_it(desk: Desk) -> None:
    path = desk.table(ONE, one(Child_ID="a b"))
    assert desk.reads(path, "--dry-run")["rows_used"] == 1
    assert not desk.register.exists()
    assert desk.reads(path, "--fail-if-any", status=3)["rows_refused"] == 1
    assert len(desk.events()) == 4


def test_a_list_of_rejects_is_put_right_and_read_back_without_a_word(desk: Desk) -> None:
    headers = (*PLO, "End of PLO", "Outcome", "Value")
    rejects, again = desk.folder / "rejects.csv", desk.folder / "again.csv"
    path = desk.table((*ONE, "soon", "NFA", "x"), (*ONE[:2], 'No"rth'), headers=headers)
    path.write_text(path.read_text(encoding="utf-8") + '"open\n', encoding="utf-8")
    assert desk.reads(path, "--rejects", rejects, status=1)["rows_refused"] == 3
    text = rejects.read_text(encoding="utf-8-sig")
    assert text.startswith("file,row,column,value,reason,Child ID,")
    rejects.write_text(text.replace(",soon,NFA", ",10/03/2026,NFA"), encoding="utf-8")
    given = desk.type(
        *("import", "table", rejects, "--register", "plo", "--create", "--as-of", AS_AT, "--rejects", again)
    )
    assert given.exit_code == 0, given.output
    assert [line for line in given.stderr.splitlines() if line.startswith("Left out")] == [
        "Left out: 'Value': no event, field or assignment is called so."
    ]
    assert desk.events()[-1] == ("step", "2026-03-10", {"outcome": "step-down", "to": "no-further"})
    assert again.read_text(encoding="utf-8-sig").startswith("file,row,column,value,reason,Child ID,")


def test_what_is_refused_stands_in_the_order_of_the_file(desk: Desk) -> None:
    no_case, unread = one(Child_ID="104524", Date_of_decision=""), one(Child_ID="a b")
    found = desk.reads(desk.table(no_case, unread, ONE, no_case, unread))
    assert [refused["row"] for refused in found["refused"]] == [2, 3, 5, 6]


def test_a_row_that_says_nothing_is_not_used(desk: Desk) -> None:
    found = desk.reads(desk.table(ONE, ["104524", *[""] * 9], ["", *[" "] * 9]))
    assert (found["rows_used"], found["rows_not_used"], found["rows_read"]) == (1, 1, 2)
    desk.register.unlink()
    said = desk.says(desk.table(ONE, ["104524", *[""] * 9], ONE, ["104525", "1/2/2020", *[""] * 8]))
    assert "Not used: 2 rows that name a child and say nothing of a case (row 3, 5)." in said


def test_a_list_that_cictrack_wrote_brings_its_facts_and_not_what_it_worked_out(desk: Desk) -> None:
    desk.reads(desk.table(ONE))
    own = desk.folder / "own.csv"
    own.write_text(desk.type("plo", "--as-of", AS_AT, "--format", "csv").stdout, encoding="utf-8")
    found = desk.reads(own)
    assert (found["events_added"], found["rows_unchanged"]) == (0, 1)


@pytest.mark.parametrize("content", [b"", b"\0\0", b"PK\x03\x04 no workbook", b"\xff\xfe\x00"])
def test_what_is_no_table_is_one_sentence(desk: Desk, content: bytes) -> None:
    path = desk.folder / "tracker.csv"
    path.write_bytes(content)
    assert desk.refuses(path).startswith("tracker.csv")


@pytest.mark.parametrize("content", [b"", b"broken", b"\x81\x8d\0\xff" * 100])
def test_a_file_that_is_called_a_workbook_and_is_none_is_refused_as_such(desk: Desk, content: bytes) -> None:
    path = desk.folder / "tracker.xlsx"
    path.write_bytes(content)
    assert desk.refuses(path) == "tracker.xlsx: the file is no workbook: save it as xlsx, xls or ods."


def test_a_csv_that_is_called_a_workbook_is_read_all_the_same(desk: Desk) -> None:
    assert desk.reads(desk.table(ONE, name="tracker.xls"))["rows_used"] == 1


def test_a_workbook_of_real_days_and_numbers_reads_as_its_csv(desk: Desk) -> None:
    from datetime import date

    row = [104523.0, date(2019, 8, 14), "North", "Worker 07", "IRO 2", date(2026, 1, 5), "9 Jan 2026", 46042, "", "TBC"]
    assert desk.reads(desk.sheet([PLO, row]))["rows_used"] == 1
    assert [(kind, day) for kind, day, _ in desk.events()] == [
        ("decision", "2026-01-05"),
        ("letter", "2026-01-09"),
        ("meeting", "2026-01-20"),
    ]
