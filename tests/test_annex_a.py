"""`cictrack import annex-a`: List 8 and List 10 as authorities send them, and what they cannot say."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it brings no types
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from cictrack.cli.main import cictrack
from cictrack.readers.annex_a import read_file
from cictrack.readers.annex_a_codes import KNOWN, code_in
from cictrack.readers.annex_a_columns import LIST_8, LIST_10, LISTS, PLACE, STATUS, WHY_CEASED, WHY_REVERSED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from click.testing import Result

SAMPLE = Path(__file__).parents[2] / "shared" / "data" / "annex-a" / "Annex_A_2024_Jan.xlsx"
COUNTS = ("rows_used", "rows_unchanged", "rows_in_conflict", "rows_refused", "rows_not_used")

Cells = dict[str, Any]

IN_CARE: Cells = {
    "Child Unique ID": "104523",
    "Date of Birth": date(2019, 8, 14),
    "Date Started to be Looked After": date(2026, 1, 5),
    "Child's Category of Need": "N1 - Abuse or Neglect",
    "Start date of current legal status": date(2026, 1, 5),
    "Child's Legal Status": "C1: ICO",
    "Date of Latest Statutory Review": "",
    "Date of Last Health Assessment": "",
    "Date Ceased to be Looked After": "",
    "Reason Ceased to be Looked After": "",
    "Start Date of Most Recent Placement": date(2026, 1, 5),
    "Placement Type": "f) U6: Foster placement - not FFA",
    "Placement Provider": "e) PR4 - Private provision",
    "Allocated Team": "North",
    "Allocated Worker": "Worker 07",
}
ORDER: Cells = {
    "Child Unique ID": "104523",
    "Date of Birth": "01/02/2023",
    "Date the Child Entered Care": "03/03/2024",
    "Date of Decision that Child Should be Placed for Adoption": "01/11/2024",
    "Date of Placement Order": "03/02/2025",
    "Date of Matching Child and Prospective Adopters": "",
    "Date Placed for Adoption": "",
    "Date of Adoption Order": "",
    "Date of Decision that Child Should No Longer be Placed for Adoption": "",
    "Reason Why Child No Longer Placed for Adoption": "",
    "Date the child was placed for fostering in FFA or concurrent planning placement": "",
}
SHORT = {
    "Child Unique ID": "ChildUniqueID",
    "Date of Birth": "DateOfBirth",
    "Date Started to be Looked After": "LoookedAfterStartDate",
    "Child's Category of Need": "ChildCategoryOfNeed",
    "Start date of current legal status": "MostRecentLegalStatusStart",
    "Child's Legal Status": "LegalStatus",
    "Date of Latest Statutory Review": "LatestStatutoryReviewDate",
    "Date of Last Health Assessment": "LastHealthAssessmentDate",
    "Date Ceased to be Looked After": "CeasedLookedAfterDate",
    "Reason Ceased to be Looked After": "ReasonCeasedLookedAfter",
    "Start Date of Most Recent Placement": "MostRecentPlacementStartDate",
    "Date the Child Entered Care": "EnteredCareDate",
    "Date of Decision that Child Should be Placed for Adoption": "ADMSHOBPADecisionDate",
    "Date of Placement Order": "PlacementOrderDate",
    "Date of Matching Child and Prospective Adopters": "MatchedForAdoptionDate",
    "Date Placed for Adoption": "PlacedForAdoptionDate",
    "Date of Adoption Order": "AdoptionOrderDate",
    "Date of Decision that Child Should No Longer be Placed for Adoption": "DecisionReversedDate",
    "Reason Why Child No Longer Placed for Adoption": "DecisionReversedReason",
    "Date the child was placed for fostering in FFA or concurrent planning placement": "DateFFAConsurrencyPlacement",
}


def cared_for(**cells: object) -> Cells:
    """A row of List 8, with other cells: `health`, `ceased`, `status`, …."""
    named = {
        "child": "Child Unique ID",
        "born": "Date of Birth",
        "started": "Date Started to be Looked After",
        "status": "Child's Legal Status",
        "health": "Date of Last Health Assessment",
        "review": "Date of Latest Statutory Review",
        "ceased": "Date Ceased to be Looked After",
        "why": "Reason Ceased to be Looked After",
        "place": "Placement Type",
        "team": "Allocated Team",
        "worker": "Allocated Worker",
    }
    return IN_CARE | {named[name]: value for name, value in cells.items()}


def with_order(**cells: object) -> Cells:
    """A row of List 10, with other cells."""
    named = {
        "child": "Child Unique ID",
        "order": "Date of Placement Order",
        "decided": "Date of Decision that Child Should be Placed for Adoption",
        "match": "Date of Matching Child and Prospective Adopters",
        "placed": "Date Placed for Adoption",
        "adopted": "Date of Adoption Order",
        "reversed_": "Date of Decision that Child Should No Longer be Placed for Adoption",
        "why": "Reason Why Child No Longer Placed for Adoption",
        "early": "Date the child was placed for fostering in FFA or concurrent planning placement",
    }
    return ORDER | {named[name]: value for name, value in cells.items()}


class Desk:
    """A register and one workbook, and the command line over them."""

    def __init__(self, folder: Path) -> None:
        self.register = folder / "register.db"
        self.file = folder / "return.xlsx"

    def sheets(self, sheets: Mapping[str, Sequence[Cells]], names: Mapping[str, str] = {}, above: int = 0) -> None:
        with xlsxwriter.Workbook(self.file) as book:
            shown = book.add_format({"num_format": "dd/mm/yyyy"})
            for name, rows in sheets.items():
                sheet = book.add_worksheet(name)
                if above:
                    sheet.write(0, 0, "List 8: Children in care")
                for line, cells in enumerate([{c: names.get(c, c) for c in rows[0]}, *rows] if rows else [], above):
                    for place, cell in enumerate(cells.values()):
                        if isinstance(cell, date):
                            sheet.write_datetime(line, place, cell, shown)
                        else:
                            sheet.write(line, place, cell)

    def type(self, line: str) -> Result:
        words = ["--db", str(self.register), *line.split()]
        return CliRunner().invoke(cictrack, words, catch_exceptions=False)

    def take(self, as_of: str = "31/3/2026", words: str = "", status: int = 0) -> dict[str, Any]:
        ran = self.type(f"import annex-a {self.file} --as-of {as_of} --create --format json {words}")
        assert ran.exit_code == status, ran.output
        found: dict[str, Any] = json.loads(ran.stdout)
        assert found["rows_read"] == sum(found[count] for count in COUNTS)
        return found

    def of(self, line: str, as_of: str = "2026-03-31") -> list[dict[str, Any]]:
        ran = self.type(f"{line} --as-of {as_of} --format json")
        assert ran.exit_code == 0, ran.output
        found: list[dict[str, Any]] = json.loads(ran.stdout)
        return found

    def list_8(self, *rows: Cells, as_of: str = "31/3/2026") -> dict[str, Any]:
        self.sheets({"List_8": rows})
        return self.take(as_of)

    def list_10(self, *rows: Cells, as_of: str = "31/3/2026") -> dict[str, Any]:
        self.sheets({"List_10": rows})
        return self.take(as_of)

    def case(self, register: str) -> dict[str, Any]:
        (case,) = self.of(f"{register} --all")
        return case

    def rule(self, rule: str) -> dict[str, Any]:
        register = rule.partition(".")[0]
        return [row for row in self.of(f"explain {register} 104523") if row["rule"] == rule][-1]

    def whys(self) -> str:
        return "; ".join(row["why"] for row in self.of("gaps"))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize(
    "names",
    [("List_8", "List_10"), ("List 8", "LIST 10"), ("Children in Care", "Adoption"), ("list 8 ", "list10"), ("A", "B")],
)
def test_the_lists_are_found_whatever_their_sheets_are_called(desk: Desk, names: tuple[str, str]) -> None:
    desk.sheets({"Front_Sheet": [], names[0]: [cared_for()], names[1]: [with_order(child="104524")]})
    found = desk.take()
    assert (found["files"], found["rows_used"], found["cases_opened"]) == (2, 2, 2)


@pytest.mark.parametrize("above", [0, 1, 3])
@pytest.mark.parametrize("names", [{}, SHORT], ids=["long names", "short names"])
def test_the_header_is_found_below_a_title_and_by_either_names(desk: Desk, names: dict[str, str], above: int) -> None:
    desk.sheets({"List_8": [cared_for()], "List_10": [with_order(child="104524")]}, names, above)
    assert desk.take()["cases_opened"] == 2


def test_a_header_is_read_through_its_blanks_quotes_and_capitals(desk: Desk) -> None:
    dirty = {
        "Child's Legal Status": "  child\N{RIGHT SINGLE QUOTATION MARK}s\N{NO-BREAK SPACE}LEGAL  status ",
        "Date of Last Health Assessment": "date of last\nhealth assessment ",
    }
    desk.sheets({"List_8": [cared_for(status="V3")]}, dirty)
    assert desk.take()["cases_opened"] == 0


def test_an_annex_a_of_another_inspection_is_refused_with_what_was_found(desk: Desk) -> None:
    plans = {"Child Unique ID": "1", "Date of EHC plan": "01/02/2025"}
    desk.sheets({"List_1": [plans], "List_2": [plans]})
    (refused,) = desk.take(status=1)["refused"]
    assert "List_1 (Child Unique ID, Date of EHC plan)" in refused["reason"]
    assert not desk.register.exists()


def test_a_list_that_lacks_a_column_is_refused_by_name_beside_one_that_is_read(desk: Desk) -> None:
    lacking = {k: v for k, v in with_order(child="104524").items() if not k.startswith("Date of Matching")}
    desk.sheets({"List_8": [cared_for()], "List_10": [lacking]})
    found = desk.take()
    assert found["rows_used"] == 1
    assert "List_10 is nearly List 10, and lacks Date of Matching" in found["refused"][0]["reason"]


def test_two_sheets_that_could_be_one_list_are_refused(desk: Desk) -> None:
    desk.sheets({"North": [cared_for()], "South": [cared_for(child="104524")]})
    assert "North and South" in desk.take(status=1)["refused"][0]["reason"]


def test_an_assessment_within_twenty_working_days_is_the_initial_one(desk: Desk) -> None:
    desk.list_8(cared_for(health=date(2026, 2, 2)))
    case = desk.case("iha")
    assert (case["outcome"], case["closed_on"], case["worker"]) == ("complete", "2026-02-02", "Worker 07")
    assert desk.rule("iha.assessed")["met_on"] == "2026-02-02"


def test_bank_holidays_are_none_of_the_twenty_working_days(desk: Desk) -> None:
    desk.list_8(cared_for(started=date(2025, 12, 8), health=date(2026, 1, 8)))
    assert desk.case("iha")["outcome"] == "complete"


def test_a_later_assessment_is_grey_with_its_sentence_and_never_met(desk: Desk) -> None:
    desk.list_8(cared_for(health=date(2026, 2, 3)))
    rule = desk.rule("iha.assessed")
    assert (rule["severity"], rule["met_on"], rule["due_on"]) == ("grey", None, "2026-02-02")
    (row,) = [row for row in desk.of("overdue") if row["rule"] == "iha.assessed"]
    assert row["severity"] == "grey"
    assert row["why"] == "a health assessment on 3 Feb 2026: whether the initial one was in time cannot be told"
    assert all(row["severity"] == "grey" for row in desk.of("overdue"))
    assert desk.of("drift") == []


def test_a_persons_event_makes_the_case_judged_again(desk: Desk) -> None:
    desk.list_8(cared_for(health=date(2026, 2, 3)))
    assert desk.type("iha notified 104523 --on 6/1/2026").exit_code == 0
    assert desk.rule("iha.assessed")["severity"] == "red"


@pytest.mark.parametrize("health", ["", "#N/A", "-", date(1900, 1, 1), date(2025, 12, 1)])
def test_none_since_entry_is_late(desk: Desk, health: object) -> None:
    desk.list_8(cared_for(health=health))
    assert desk.rule("iha.assessed")["severity"] == "red"


@pytest.mark.parametrize("status", ["V3", "V4 - short breaks", "e) Short term break"])
def test_a_short_break_opens_nothing(desk: Desk, status: str) -> None:
    assert desk.list_8(cared_for(status=status))["cases_opened"] == 0
    assert desk.of("gaps") == []


def test_care_that_ended_closes_the_case(desk: Desk) -> None:
    desk.list_8(cared_for(ceased=date(2026, 1, 20), why="E4B: unplanned"))
    assert desk.case("iha")["outcome"] == "left-care"


def test_care_that_began_long_ago_is_only_in_the_childs_record(desk: Desk) -> None:
    found = desk.list_8(cared_for(started=date(2020, 1, 6)))
    assert (found["cases_opened"], found["rows_used"]) == (0, 1)


def test_where_all_cases_are_older_than_was_asked_for_the_way_to_open_them_is_said(desk: Desk) -> None:
    def said(words: str = "", *rows: Cells) -> str:
        if rows:
            desk.sheets({"List_8": rows})
        return desk.type(f"import annex-a {desk.file} --as-of 31/3/2026 --create {words}").stdout

    old, older = cared_for(started=date(2020, 1, 6)), cared_for(child="104524", started=date(2020, 3, 2))
    hint = "No case began, or ended, since 31 Mar 2025: 2 of before then opened nothing; --since DAY, earlier"
    assert hint in said("--dry-run", old, older)
    assert hint in said()
    assert "--since" not in said("--since 1/1/2020")
    assert "--since" not in said("--since 1/1/2020"), "known by now, though nothing is opened"
    assert "--since" not in said("", cared_for(), older)


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"child": ""}, "Child Unique ID", "no child id"),
        ({"child": "Worker 07"}, "Child Unique ID", "not a child id"),
        ({"started": "1/5/26"}, "Date Started to be Looked After", "not a day"),
        ({"started": ""}, "Date Started to be Looked After", "says nothing"),
        ({"started": date(2019, 1, 1)}, "Date Started to be Looked After", "before birth"),
        ({"born": date(2026, 6, 1)}, "Date of Birth", "born after"),
        ({"review": "soon"}, "Date of Latest Statutory Review", "not a day"),
    ],
)
def test_a_row_that_cannot_be_is_refused_by_its_cell(
    desk: Desk, cells: dict[str, Any], column: str, reason: str
) -> None:
    (refused,) = desk.list_8(cared_for(**cells), cared_for(child="104524"))["refused"]
    assert (refused["file"], refused["row"], refused["column"]) == ("return.xlsx List_8", 2, column)
    assert reason in refused["reason"]


def test_of_two_rows_for_a_child_the_latest_period_counts(desk: Desk) -> None:
    found = desk.list_8(cared_for(started=date(2025, 6, 2)), cared_for())
    assert [row["row"] for row in found["refused"]] == [2]
    assert "row 3 tells of this child too" in found["refused"][0]["reason"]
    assert desk.case("iha")["opened_on"] == "2026-01-05"


def test_a_blank_row_is_no_row_and_a_formula_in_a_column_nobody_reads_is_not_used(desk: Desk) -> None:
    blank = dict.fromkeys(IN_CARE, "")
    desk.sheets({"List_8": [cared_for() | {"Age": 6}, blank | {"Age": ""}, blank | {"Age": 0}]})
    found = desk.take()
    assert (found["rows_read"], found["rows_not_used"]) == (2, 1)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"status": "Something else"}, "the legal status is called Something else, which is no code"),
        ({"place": "Foster placement"}, "the placement is called Foster placement, which is no code"),
        ({"why": "E11 - adopted"}, "a reason why care ended (E11 - adopted) and no day"),
        ({"ceased": date(2026, 3, 2)}, "care ended on 2 Mar 2026 with no reason"),
        ({"ceased": date(2025, 3, 2), "why": "E8"}, "ended before that, on 2 Mar 2025"),
        ({"review": date(2026, 6, 1)}, "Date of Latest Statutory Review is 1 Jun 2026, after the file's own day"),
    ],
)
def test_what_cannot_be_coded_or_cannot_be_so_stands_in_gaps(desk: Desk, cells: dict[str, Any], why: str) -> None:
    assert desk.list_8(cared_for(**cells))["rows_used"] == 1
    assert why in desk.whys()
    assert desk.list_8(cared_for())["rows_refused"] == 0
    assert why not in desk.whys()


def test_the_same_workbook_again_changes_nothing_and_a_new_worker_is_an_assignment(desk: Desk) -> None:
    desk.list_8(cared_for(health=date(2026, 2, 3)))
    again = desk.take("7/4/2026")
    assert (again["events_added"], again["rows_unchanged"]) == (0, 1)
    desk.list_8(cared_for(health=date(2026, 2, 3), worker="Worker 08"), as_of="7/4/2026")
    (case,) = desk.of("iha", "2026-04-07")
    assert (case["team"], case["worker"]) == ("North", "Worker 08")
    assert desk.case("iha")["worker"] == "Worker 07"


def test_list_10_opens_the_case_of_an_order_with_all_its_days(desk: Desk) -> None:
    desk.list_10(with_order(match="01/09/2025", placed="01/10/2025", early="05/01/2025"))
    ran = desk.of("history placement-order 104523")
    assert {(row["kind"], row["day"]) for row in ran} == {
        ("entered-care", "2024-03-03"),
        ("adm", "2024-11-01"),
        ("early-permanence", "2025-01-05"),
        ("order", "2025-02-03"),
        ("match", "2025-09-01"),
        ("placed", "2025-10-01"),
    }
    assert desk.case("placement-order")["stage"] == "placed"


def test_an_order_awaiting_match_is_red_as_the_list_would_tell_of_the_match(desk: Desk) -> None:
    desk.list_10(with_order())
    assert desk.rule("placement-order.match")["severity"] == "red"
    assert desk.rule("placement-order.first-review")["severity"] == "grey"


@pytest.mark.parametrize("cells", [{"order": ""}, {"adopted": "03/03/2025"}], ids=["no order", "adopted long ago"])
def test_what_is_not_alive_opens_no_case(desk: Desk, cells: dict[str, str]) -> None:
    desk.sheets({"List_8": [cared_for(child="104524")], "List_10": [with_order(**cells)]})
    assert desk.take()["cases_opened"] == 1
    assert desk.of("placement-order --all") == []


def test_a_decision_without_an_order_is_not_used_and_a_match_without_one_is_a_gap(desk: Desk) -> None:
    desk.sheets(
        {
            "List_10": [
                with_order(order=""),
                with_order(child="104524"),
                with_order(child="104525", order="", match="01/02/2026"),
            ]
        }
    )
    found = desk.take()
    assert (found["rows_used"], found["rows_not_used"]) == (1, 2)
    assert "no Date of Placement Order: no case was opened" in desk.whys()


@pytest.mark.parametrize(
    ("label", "reason"),
    [("RD2", "RD2"), ("b) RD3 - no adopters", "RD3"), ("Child\N{RIGHT SINGLE QUOTATION MARK}s needs changed", "RD1")],
)
def test_a_reversal_has_its_reason(desk: Desk, label: str, reason: str) -> None:
    desk.list_10(with_order(reversed_="10/01/2026", why=label))
    (reversal,) = [row for row in desk.of("history placement-order 104523") if row["kind"] == "reversal"]
    assert reversal["fields"]["reason"] == reason
    assert desk.case("placement-order")["stage"] == "plan-changing"


def test_a_reversal_whose_reason_cannot_be_read_is_used_and_stands_in_gaps(desk: Desk) -> None:
    desk.list_10(with_order(reversed_="10/01/2026", why="unclear"))
    assert desk.case("placement-order")["stage"] == "plan-changing"
    assert "the reason is called unclear, which is no code" in desk.whys()


def test_days_in_an_impossible_order_are_used_and_stand_in_gaps(desk: Desk) -> None:
    desk.list_10(with_order(match="01/09/2024"))
    assert "match on 1 Sep 2024 is before adm" in desk.whys()


@pytest.mark.parametrize(
    ("column", "label", "code"),
    [
        (STATUS, "d) Placement order granted", "E1"),
        (STATUS, "E1 PLACEMENT ORDER", "E1"),
        (STATUS, "Concurrent Care Order & Placement Order", "E1"),
        (STATUS, "CLA - E1 - Placement Order and C2 - Full Care Order", "E1"),
        (STATUS, "b) Full care order", "C2"),
        (STATUS, "Interim Care Order", "C1"),
        (STATUS, "Accommodated under section 20", "V2"),
        (STATUS, "Applied for placement order", ""),
        (STATUS, "C1 then C2", ""),
        (WHY_CEASED, "k) E47: Special Guardianship Orders - relative/friend", "E47"),
        (WHY_CEASED, "X1", ""),
        (PLACE, "n) H5: Residential accommodation", "H5"),
        (PLACE, "Placed for adoption with placement order not with current foster carer", "A6"),
        (PLACE, "Foster placement", ""),
        (WHY_REVERSED, "Court did not make a placement order", "RD2"),
        (WHY_REVERSED, "d) Other reasons", "RD4"),
        (WHY_REVERSED, "Other", "RD4"),
    ],
)
def test_a_code_is_read_out_of_its_label(column: str, label: str, code: str) -> None:
    assert code_in(column, label) == code


@given(st.sampled_from(sorted(KNOWN)), st.text(max_size=40))
def test_a_label_is_a_code_of_its_column_or_none(column: str, label: str) -> None:
    assert code_in(column, label) in {"", *KNOWN[column]}


@given(st.sampled_from([(c, code) for c in sorted(KNOWN) for code in sorted(KNOWN[c])]), st.sampled_from(" -:–"))
def test_every_code_is_read_with_its_letter_before_and_its_words_after(pair: tuple[str, str], mark: str) -> None:
    column, code = pair
    assert code_in(column, f"c) {code}{mark} in words") == code


def test_the_columns_of_the_template_are_all_found() -> None:
    for of in LISTS:
        assert set(of.needed) <= set(of.columns)
    assert (LIST_8.feed, LIST_10.feed) == ("annex-a-8", "annex-a-10")


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample is not here")
def test_the_sample_workbook_is_read_and_every_refused_row_is_named(desk: Desk) -> None:
    desk.file = SAMPLE
    found = desk.take("31/1/2024")
    assert (found["rows_read"], found["rows_refused"]) == (10, 2)
    assert all("before birth" in row["reason"] for row in found["refused"])
    assert desk.take("31/1/2024")["events_added"] == 0
    assert [read.table for read in read_file(SAMPLE)] == ["List 8", "List 10"]
