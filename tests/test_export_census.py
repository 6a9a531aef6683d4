"""`export census`: the pre-proceedings block of a census year, its national rules, and nothing hidden."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typed import Typed

from cictrack.pathway.exports import Asked
from cictrack.render.census import render
from cictrack.render.listing import Column, Listing
from cictrack.render.safe import visible
from cictrack.reports.returns import tables

FAILED = 3
BLOCK = "PreProceedingsandFGDM"
((REGISTER, CENSUS),) = tables("census").values()
COLUMNS = [column.name for column in CENSUS.columns]
HEADER = ",".join(COLUMNS) + "\n"
YEAR = Asked(date(2025, 4, 1), date(2026, 3, 31))


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    """One child of each kind that a census year has, on 31 March 2026."""
    typed = Typed(tmp_path / "register.db")
    typed.does("plo open 104501 --on 2/6/2025 --dob 14/8/2019 --family F17")
    typed.does("plo letter 104501 --on 5/6/2025 --fgdm-offered yes")
    typed.does("plo fgdm 104501 --on 20/6/2025")
    typed.does("plo meeting 104501 --on 10/6/2025 --effective no")
    typed.does("plo meeting 104501 --on 12/6/2025")
    typed.does("plo review 104501 --on 20/7/2025")
    typed.does("plo review 104501 --on 20/8/2025")
    typed.does("plo step 104501 --on 1/9/2025 --outcome issue")
    typed.does("plo application 104501 --on 10/9/2025")
    typed.does("plo issue-letter 104501 --on 11/9/2025")
    typed.does("plo open 104502 --on 2/3/2026 --edd 1/9/2026")
    typed.does("plo open 104503 --on 1/10/2024 --dob 14/8/2019")
    typed.does("plo step 104503 --on 31/3/2025 --outcome step-down --to child-in-need")
    typed.does("plo open 104504 --on 3/3/2025 --dob 14/8/2019")
    typed.does("plo step 104504 --on 1/4/2025 --outcome step-down --to no-further")
    typed.does("plo open 104505 --on 1/10/2025 --dob 14/8/2019")
    typed.does("plo close 104505 --reason opened-in-error")
    typed.does("iha open 104506 --on 1/10/2025 --dob 14/8/2019")
    return typed


GOLDEN = (
    "104501,2025-06-02,2025-06-05,1,1,2025-06-12,2,2025-09-01,A,2025-09-10,2025-09-11\n"
    "104502,2026-03-02,,,,,,,,,\n"
    "104504,2025-03-03,,,,,,2025-04-01,B,,\n"
)


def test_the_block_has_every_case_open_at_some_time_in_the_year_by_the_census_own_names(typed: Typed) -> None:
    answer = typed("export census")
    assert (answer.status, answer.out) == (0, HEADER + GOLDEN)


def test_what_is_said_beside_it_is_where_it_comes_from_what_was_assumed_and_every_row_that_breaks_a_rule(
    typed: Typed,
) -> None:
    said = typed("export census").err.splitlines()
    assert "read from an open validator" in CENSUS.told[0]
    assert "check it against the department's" in CENSUS.told[0]
    assert said == [
        "Census year 2025-26, cases open at some time in it.",
        "The census has this block from 2026-27 on.",
        *CENSUS.told[:1],
        "PPOutcome: what its codes stand for was not there. Assumed: A decision to issue, B step down.",
        "3 rows, all written; national rules broken in 1 of them:",
        "9005, 1 row: PPStartDate must be in the census year",
        "104504: 9005 PPStartDate 2025-03-03",
    ]


def test_rows_that_break_a_rule_are_written_and_make_the_status_when_asked_for(typed: Typed, tmp_path: Path) -> None:
    written = tmp_path / "block.csv"
    assert typed(f"export census --fail-if-any --output {written}").status == FAILED
    assert written.read_text() == HEADER + GOLDEN
    assert os.name != "posix" or stat.S_IMODE(written.stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR


def test_rows_that_break_a_rule_are_left_out_by_its_name_and_that_is_said(typed: Typed) -> None:
    answer = typed("export census --without 9005 --fail-if-any")
    assert (answer.status, answer.out) == (0, HEADER + "".join(GOLDEN.splitlines(keepends=True)[:2]))
    assert "Left out: 1 row that would break 9005.\n2 rows: every national rule known is kept.\n" in answer.err


def test_a_year_that_is_over_is_as_its_last_day_was(typed: Typed) -> None:
    answer = typed("export census --year 2024-25")
    assert answer.out == HEADER + "104503,2024-10-01,,,,,,2025-03-31,B,,\n" + "104504,2025-03-03,,,,,,,,,\n"


def test_the_year_is_that_of_the_day_it_is_asked_for(typed: Typed) -> None:
    answer = typed("export census --as-of 1/7/2025")
    assert answer.out == HEADER + (
        "104501,2025-06-02,2025-06-05,1,1,2025-06-12,0,,,,\n104504,2025-03-03,,,,,,2025-04-01,B,,\n"
    )
    assert answer.err.startswith("Census year 2025-26 so far: cases open at some time in it, up to 1 Jul 2025.\n")


def test_a_year_to_come_is_refused(typed: Typed) -> None:
    said = typed.is_refused("export census --year 2026-27")
    assert said == "The census year 2026-27 begins on 1 Apr 2026, after 31 Mar 2026."


def test_a_year_without_a_case_says_that_a_reason_is_asked_for(typed: Typed) -> None:
    answer = typed("export census --year 2019-20 --fail-if-any")
    assert (answer.status, answer.out) == (0, HEADER)
    assert "Rule 8995Q asks for a reason" in answer.err


def test_a_meeting_before_pre_proceedings_began_is_not_facilitated_in_them(typed: Typed) -> None:
    typed.does("plo fgdm 104502 --on 1/2/2026")
    assert "104502,2026-03-02,,,,,,,,,\n" in typed.does("export census")


@pytest.mark.parametrize(
    ("lines", "broken"),
    [
        (["open 1 --on 3/3/2025", "letter 1 --on 31/3/2025 --fgdm-offered no"], "9005 9006"),
        (["open 1 --on 3/6/2025", "letter 1 --on 5/6/2025"], "9007"),
        (["open 1 --on 3/3/2025", "meeting 1 --on 31/3/2025"], "9005 9008"),
        (["open 1 --on 3/3/2025", "step 1 --on 31/3/2025 --outcome issue"], "9005 9009"),
        (["open 1 --on 3/6/2025", "letter 1 --on 5/6/2025 --fgdm-offered yes"], "9010Q"),
        (
            [
                "open 1 --on 3/6/2025",
                "step 1 --on 1/7/2025 --outcome issue",
                "issue-letter 1 --on 2/7/2025",
                "application 1 --on 3/7/2025",
            ],
            "9013",
        ),
    ],
)
def test_what_was_recorded_breaks_just_these_rules(tmp_path: Path, lines: list[str], broken: str) -> None:
    typed = Typed(tmp_path / "register.db")
    typed.does("child add 1 --dob 14/8/2019")
    for line in lines:
        typed.does(f"plo {line}")
    (said,) = [line for line in typed("export census").err.splitlines() if line.startswith("1: ")]
    assert [part.split()[0] for part in said.removeprefix("1: ").split("; ")] == broken.split()


KEPT: dict[str, Any] = {
    "LAchildID": "104501",
    "PPStartDate": date(2025, 6, 2),
    "LBPSentDate": date(2025, 6, 2),
    "FGDMMeetingOffer": 1,
    "FGDMMeetingFac": 1,
    "InitialPPMeetingDate": date(2025, 6, 12),
    "ReviewMeetingsCount": 0,
    "StepDecisionDate": date(2025, 9, 1),
    "PPOutcome": "A",
    "CourtAppDate": date(2025, 9, 1),
    "LetterInitCPDate": date(2025, 9, 1),
}
NOTHING = dict.fromkeys(COLUMNS)
BEFORE, AFTER = date(2025, 3, 31), date(2026, 4, 1)
BREAKING = [
    ("9005", {"PPStartDate": BEFORE}),
    ("9006", {"LBPSentDate": date(2025, 6, 1)}),
    ("9006", {"LBPSentDate": AFTER}),
    ("9007", {"FGDMMeetingOffer": None}),
    ("9008", {"InitialPPMeetingDate": BEFORE}),
    ("9008", {"InitialPPMeetingDate": AFTER}),
    ("9009", {"StepDecisionDate": date(2025, 6, 1)}),
    ("9010Q", {"FGDMMeetingFac": None}),
    ("9011", {"PPOutcome": "D"}),
    ("9012", {"CourtAppDate": date(2025, 8, 31)}),
    ("9013", {"LetterInitCPDate": date(2025, 8, 31)}),
    ("9013", {"LetterInitCPDate": AFTER}),
    ("9015Q", {"ReviewMeetingsCount": None}),
]


@pytest.mark.parametrize(("code", "changed"), BREAKING)
def test_each_national_rule_is_broken_by_one_value_and_by_that_rule_alone(code: str, changed: dict[str, Any]) -> None:
    broken = [check.code for check in CENSUS.checks if not check.kept({**KEPT, **changed}, YEAR)]
    assert broken == [code]


@pytest.mark.parametrize("row", [KEPT, NOTHING], ids=["all given", "nothing given"])
def test_a_row_that_keeps_every_rule_breaks_none(row: dict[str, Any]) -> None:
    assert all(check.kept(row, YEAR) for check in CENSUS.checks)
    assert {code for code, _ in BREAKING} == {check.code for check in CENSUS.checks}


def test_every_rule_is_about_columns_of_the_block() -> None:
    for check in CENSUS.checks:
        assert set(check.about) <= set(COLUMNS), check.code


def test_as_xml_a_child_has_its_id_and_a_block_for_each_period_without_what_is_blank(
    typed: Typed, tmp_path: Path
) -> None:
    typed.does("plo reopen 104504 --on 1/2/2026")
    typed.does(f"export census --output {tmp_path / 'block.xml'}")
    message = ET.parse(tmp_path / "block.xml").getroot()  # noqa: S314 - made by the line above
    assert message.findtext("Header/CollectionDetails/ReferenceDate") == "2026-03-31"
    children = {child.findtext("ChildIdentifiers/LAchildID"): child for child in message.iterfind("Children/Child")}
    assert list(children) == ["104501", "104502", "104504"]
    of_first = children["104501"].find(f"CINdetails/{BLOCK}")
    assert of_first is not None
    assert [(cell.tag, cell.text) for cell in of_first] == list(
        zip(COLUMNS[1:], GOLDEN.splitlines()[0].split(",")[1:], strict=True)
    )
    periods = children["104504"].findall(f"CINdetails/{BLOCK}")
    assert [[cell.tag for cell in period] for period in periods] == [
        ["PPStartDate", "StepDecisionDate", "PPOutcome"],
        ["PPStartDate"],
    ]
    assert typed.does("export census --format xml") == (tmp_path / "block.xml").read_text()
    both = f"export census --format csv --output {tmp_path / 'other.xml'}"
    assert "contradict each other" in typed.is_refused(both, status=2)


def test_the_name_of_a_child_is_in_neither_form(typed: Typed) -> None:
    typed.does("child set 104501 --name 'Ada Example'")
    assert all("Ada" not in typed.does(f"export census --format {form}") for form in ("csv", "xml"))


@given(st.text(min_size=1), st.text())
def test_whatever_an_id_or_a_note_holds_is_text_in_the_xml(child_id: str, note: str) -> None:
    block = Listing(BLOCK, (Column("LAchildID"), Column("PPStartDate")), [(child_id, "2025-06-02")])
    message = ET.fromstring(render(block, date(2026, 3, 31), [note]).encode())  # noqa: S314 - made by the line itself
    (child,) = message.iterfind("Children/Child")
    held = child.findtext("ChildIdentifiers/LAchildID")
    assert held == visible(child_id).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
    assert [cell.tag for cell in child.iterfind(f"CINdetails/{BLOCK}/*")] == ["PPStartDate"]


def test_the_shipped_register_gives_a_row_for_each_case_open_in_the_year(tmp_path: Path) -> None:
    typed = _sample(tmp_path)
    rows = typed("export census").out.splitlines()[1:]
    db = sqlite3.connect(typed.path)
    counted = """SELECT count(*) FROM cases WHERE register = ? AND void = 0
      AND opened_on <= '2021-03-31' AND coalesce(closed_on, '9999') >= '2020-04-01'"""
    assert len(rows) == db.execute(counted, (REGISTER,)).fetchone()[0] > 0


def _sample(folder: Path) -> Typed:
    typed = Typed.__new__(Typed)
    typed.path = folder / "sample.db"
    shutil.copy(Path(__file__).parents[1] / "sample.db", typed.path)
    return typed
