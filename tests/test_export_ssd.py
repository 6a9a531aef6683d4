"""`export ssd`: the tables of the Standard Safeguarding Dataset, its columns, its days, and blank where unknown."""

from __future__ import annotations

import csv
import os
import shutil
import sqlite3
import stat
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from ledgers import child
from typed import Typed

from cictrack.pathway.exports import Asked, OneChild
from cictrack.pathway.record import KIND as OF_THE_RECORD
from cictrack.reports.returns import tables

FIELDS = Path(__file__).parents[2] / "shared" / "data" / "codes" / "ssd_fields.csv"
OWNER_ALONE, OWNER_S_FOLDER = stat.S_IRUSR | stat.S_IWUSR, stat.S_IRWXU
PLO, ORDERS, HEALTH = "ssd_pre_proceedings", "ssd_permanence", "ssd_cla_health"


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    """A register with one child, on 31 March 2026."""
    typed = Typed(tmp_path / "register.db")
    typed.does("child add 00123 --dob 14/8/2019 --name 'Ada Example'")
    return typed


def rows(typed: Typed, table: str, *, also: str = "") -> list[dict[str, str]]:
    """The rows of a table; what is blank is left out, and the row's own id."""
    read = csv.DictReader(typed.does(f"export ssd --table {table} {also}").splitlines())
    own = {"prep_table_id", "perm_table_id", "clah_health_check_id"}
    return [{name: cell for name, cell in row.items() if cell and name not in own} for row in read]


def test_the_tables_are_the_dataset_s_own_columns_in_its_order() -> None:
    if not FIELDS.exists():
        pytest.skip("the dataset's list of fields is not here")
    listed: dict[str, list[str]] = {}
    with FIELDS.open(encoding="utf-8") as file:
        for field in csv.DictReader(file):
            listed.setdefault(field["object"], []).append(field["field"])
    for name, (_, export) in tables("ssd").items():
        assert [column.name for column in export.columns] == listed[name]


def test_pre_proceedings_are_given_by_the_dataset_s_names_with_days_day_first(typed: Typed) -> None:
    typed.does("plo open 00123 --on 2/6/2025 --family F17")
    typed.does("plo letter 00123 --on 5/6/2025 --fgdm-offered yes")
    typed.does("plo meeting 00123 --on 12/6/2025")
    assert rows(typed, PLO) == [
        {
            "prep_person_id": "00123",
            "prep_plo_family_id": "F17",
            "prep_pre_pro_decision_date": "02/06/2025",
            "prep_initial_pre_pro_meeting_date": "12/06/2025",
            "prep_legal_gateway_outcome": "B",
            "prep_pre_pro_letter_date": "05/06/2025",
            "prep_pre_pro_meetings_num": "0",
        }
    ]


def test_what_ended_pre_proceedings_is_in_the_dataset_s_words_and_an_earlier_period_is_counted(typed: Typed) -> None:
    typed.does("plo open 00123 --on 2/6/2025")
    typed.does("plo step 00123 --on 1/8/2025 --outcome step-down --to child-in-need")
    typed.does("plo reopen 00123 --on 1/9/2025")
    typed.does("plo step 00123 --on 1/12/2025 --outcome issue")
    typed.does("plo application 00123 --on 3/12/2025")
    typed.does("plo issue-letter 00123 --on 4/12/2025")
    first, second = rows(typed, PLO)
    assert first["prep_pre_pro_outcome"] == "Decision to step down"
    assert "prep_prev_pre_proc_child" not in first
    assert second == {
        "prep_person_id": "00123",
        "prep_pre_pro_decision_date": "01/09/2025",
        "prep_pre_pro_outcome": "Decision to Issue Care Proceedings",
        "prep_agree_stepdown_issue_date": "01/12/2025",
        "prep_legal_gateway_outcome": "B",
        "prep_prev_pre_proc_child": "1",
        "prep_care_pro_letter_date": "04/12/2025",
    }


def test_a_row_has_the_same_id_whenever_it_is_exported(typed: Typed) -> None:
    typed.does("plo open 00123 --on 2/6/2025")
    first = typed.does(f"export ssd --table {PLO}")
    typed.does("plo correct 00123 decision --on 2/6/2025 --to 1/6/2025 --reason 'minutes read again'")
    second = typed.does(f"export ssd --table {PLO}")
    assert first != second
    assert first.splitlines()[1].partition(",")[0] == second.splitlines()[1].partition(",")[0]


def test_permanence_is_given_as_far_as_it_counts(typed: Typed) -> None:
    typed.does("placement-order open 00123 --on 2/3/2025 --sibling-group S1")
    typed.does("placement-order adm 00123 --on 1/2/2025")
    typed.does("placement-order match 00123 --on 2/6/2025")
    typed.does("placement-order placed 00123 --on 12/6/2025")
    known = {
        "perm_person_id": "00123",
        "perm_adm_decision_date": "01/02/2025",
        "perm_placement_order_date": "02/03/2025",
        "perm_part_of_sibling_group": "1",
    }
    placed = {"perm_placed_for_adoption_date": "12/06/2025", "perm_matched_date": "02/06/2025"}
    assert rows(typed, ORDERS) == [known | placed]
    typed.does("placement-order disrupted 00123 --on 1/9/2025")
    typed.does("placement-order reversal 00123 --on 1/10/2025 --reason RD3")
    reversed_on = {"perm_decision_reversed_date": "01/10/2025", "perm_decision_reversed_reason": "RD3"}
    assert rows(typed, ORDERS) == [known | reversed_on]
    assert rows(typed, ORDERS, also="--as-of 1/8/2025") == [known | placed]


@pytest.mark.parametrize(
    ("event", "type_"),
    [
        ("adopted", "Adoption"),
        ("other-order --kind 'special guardianship order'", "Special Guardianship"),
        ("other-order --kind 'Child arrangements'", "Child Arrangements Order/ Residence Order"),
        ("other-order --kind 'care order'", "care order"),
        ("revoked", None),
    ],
)
def test_the_order_that_ends_it_is_in_the_dataset_s_words(typed: Typed, event: str, type_: str | None) -> None:
    typed.does("placement-order open 00123 --on 2/3/2025")
    kind, _, options = event.partition(" ")
    typed.does(f"placement-order {kind} 00123 --on 3/11/2025 {options}")
    (row,) = rows(typed, ORDERS)
    assert row.get("perm_permanence_order_type") == type_
    assert row.get("perm_permanence_order_date") == (type_ and "03/11/2025")


def check(on: str, status: str, type_: str = "Initial Health Assessment") -> dict[str, str]:
    return {
        "clah_person_id": "00123",
        "clah_health_check_type": type_,
        "clah_health_check_date": on,
        "clah_health_check_status": status,
    }


def test_health_checks_are_what_became_of_each_appointment_and_the_assessment(typed: Typed) -> None:
    typed.does("iha open 00123 --on 2/2/2026")
    typed.does("iha appointment 00123 --on 3/2/2026 --for 10/2/2026")
    assert rows(typed, HEALTH) == [check("10/02/2026", "Planned")]
    typed.does("iha cancelled-by-carer 00123 --on 9/2/2026")
    typed.does("iha appointment 00123 --on 10/2/2026 --for 17/2/2026")
    typed.does("iha not-brought 00123 --on 17/2/2026")
    typed.does("iha appointment 00123 --on 18/2/2026 --for 24/2/2026")
    typed.does("iha declined 00123 --on 24/2/2026")
    typed.does("iha appointment 00123 --on 25/2/2026 --for 3/3/2026")
    missed = [check("10/02/2026", "Cancelled"), check("24/02/2026", "Refused")]
    assert rows(typed, HEALTH) == [*missed, check("03/03/2026", "Planned")]
    typed.does("iha assessed 00123 --on 3/3/2026")
    assert rows(typed, HEALTH) == [*missed, check("03/03/2026", "Completed")]


def test_an_assessment_made_before_entry_and_a_refusal_are_health_checks(typed: Typed) -> None:
    typed.does("iha open 00123 --on 2/2/2026")
    typed.does("iha not-required 00123 --on 3/2/2026 --assessed-on 2/12/2025")
    typed.does("iha reopen 00123 --on 1/3/2026")
    typed.does("iha refused 00123 --on 20/3/2026")
    assert rows(typed, HEALTH) == [
        check("02/12/2025", "Completed", "Health Assessment"),
        check("20/03/2026", "Refused"),
    ]


def test_a_case_opened_in_error_is_in_no_table(typed: Typed) -> None:
    for register in ("plo", "placement-order", "iha"):
        typed.does(f"{register} open 00123 --on 2/2/2026")
        typed.does(f"{register} close 00123 --reason opened-in-error")
    assert [rows(typed, table) for table in (PLO, ORDERS, HEALTH)] == [[], [], []]


def test_all_tables_go_into_a_folder_for_the_owner_alone(typed: Typed, tmp_path: Path) -> None:
    typed.does("plo open 00123 --on 2/6/2025")
    folder = tmp_path / "ssd"
    answer = typed(f"export ssd --output {folder}")
    assert (answer.status, answer.out) == (0, "")
    assert f"{PLO}: 1 row.\n" in answer.err
    assert os.name != "posix" or stat.S_IMODE(folder.stat().st_mode) == OWNER_S_FOLDER
    assert sorted(path.name for path in folder.iterdir()) == [f"{name}.csv" for name in (HEALTH, ORDERS, PLO)]
    for name in (PLO, ORDERS, HEALTH):
        assert os.name != "posix" or stat.S_IMODE((folder / f"{name}.csv").stat().st_mode) == OWNER_ALONE
        assert (folder / f"{name}.csv").read_text() == typed.does(f"export ssd --table {name}")
        assert "Ada" not in (folder / f"{name}.csv").read_text()


def test_what_is_there_is_written_over_by_force_alone(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "ssd").mkdir()
    there = tmp_path / "ssd" / f"{ORDERS}.csv"
    there.write_text("another's work\n")
    assert "is there already" in typed.is_refused(f"export ssd --output {tmp_path / 'ssd'}")
    assert [path.name for path in (tmp_path / "ssd").iterdir()] == [there.name]
    typed.does(f"export ssd --force --output {tmp_path / 'ssd'}")
    assert there.read_text().startswith("perm_table_id,")


def test_nothing_is_written_through_a_link_and_no_file_before_all_are_looked_at(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "ssd").mkdir()
    (tmp_path / "ssd" / f"{PLO}.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert "is a link" in typed.is_refused(f"export ssd --force --output {tmp_path / 'ssd'}")
    assert [path.name for path in (tmp_path / "ssd").iterdir()] == [f"{PLO}.csv"]
    assert not (tmp_path / "elsewhere.csv").exists()
    (tmp_path / "linked").symlink_to(tmp_path / "ssd")
    assert "is no folder" in typed.is_refused(f"export ssd --output {tmp_path / 'linked'}")


def test_a_day_to_come_is_said_to_be_one(typed: Typed) -> None:
    assert "2026-05-01 is still to come" in typed(f"export ssd --table {PLO} --as-of 1/5/2026").err


def test_as_known_earlier_it_is_what_was_known(typed: Typed) -> None:
    typed.does("plo open 00123 --on 2/6/2025")
    assert rows(typed, PLO, also="--known-at 2020-01-01") == []
    assert len(rows(typed, PLO, also="--known-at 2999-01-01T00:00")) == 1


def test_a_table_or_a_folder_has_to_be_named(typed: Typed) -> None:
    assert "all tables go into a folder" in typed.is_refused("export ssd", 2)
    assert "all tables go into a folder" in typed.is_refused("export ssd --output all.csv", 2)
    assert "does not end in .csv" in typed.is_refused(f"export ssd --table {PLO} --output all", 2)


def test_an_id_that_a_spreadsheet_would_take_for_a_formula_is_none(typed: Typed) -> None:
    typed.does("plo open --on 2/6/2025 --dob 14/8/2019 -- '=1+1'")
    assert rows(typed, PLO)[0]["prep_person_id"] == "'=1+1"


def of_record(ledger: str) -> list[tuple[str, str, str]]:
    """Day, status and type of each health check of a ledger's child."""
    register, export = tables("ssd")[HEALTH]
    one = OneChild("1", register, child(ledger), Asked(date.min, date(2026, 3, 31)))
    return [(check.on.isoformat(), check.status, check.type) for check in export.rows(one)]


def test_health_checks_of_the_child_s_own_record_are_given_once_whether_there_is_a_case_or_not() -> None:
    record = """
        child 1 born 2019-01-01
        2025-06-02 child health-assessment
        2026-02-24 child health-assessment
    """
    known = [("2025-06-02", "Completed", "Health Assessment"), ("2026-02-24", "Completed", "Health Assessment")]
    assert of_record(record) == known
    first = "2026-02-24", "Completed", "Initial Health Assessment"
    assert of_record(record + "2026-02-02 iha entered-care\n2026-02-24 iha assessed\n") == [first, known[0]]


@pytest.mark.parametrize("name", [name for goes_to in ("census", "ssd") for name in tables(goes_to)])
def test_what_a_register_declares_for_a_return_names_only_what_there_is(name: str) -> None:
    _, export = {**tables("census"), **tables("ssd")}[name]
    columns = [column.name for column in export.columns]
    assert export.name == name
    assert len(set(columns)) == len(columns)
    assert export.whose in columns
    assert {column for check in export.checks for column in check.about} <= set(columns)
    assert set(export.kinds) <= set(OF_THE_RECORD)


def test_the_shipped_register_gives_every_case_and_every_assessment(tmp_path: Path) -> None:
    typed = Typed.__new__(Typed)
    typed.path = tmp_path / "sample.db"
    shutil.copy(Path(__file__).parents[1] / "sample.db", typed.path)
    db = sqlite3.connect(typed.path)
    for table in (PLO, ORDERS):
        register, _ = tables("ssd")[table]
        counted = "SELECT count(*) FROM cases WHERE register = ? AND void = 0"
        assert len(rows(typed, table)) == db.execute(counted, (register,)).fetchone()[0] > 0
    statuses = Counter(row["clah_health_check_status"] for row in rows(typed, HEALTH))
    register, _ = tables("ssd")[HEALTH]
    days = "SELECT count(*) FROM cases WHERE register = ? AND void = 0 AND days LIKE '%\"assessed\"%'"
    other = "SELECT count(*) FROM cases WHERE register = ? AND void = 0 AND days LIKE '%\"not-required\"%'"
    assessed = sum(db.execute(query, (register,)).fetchone()[0] for query in (days, other))
    assert statuses["Completed"] == assessed > 0
    assert set(statuses) <= {"Planned", "Refused", "Cancelled", "Completed"}
