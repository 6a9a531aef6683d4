"""The days on which nobody works: the bank holidays that are known, and an authority's own closures."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import TYPE_CHECKING, Any, get_args

import pytest
from typed import Typed

from cictrack.pathway.declare import Authority
from cictrack.pathway.settings import Settings
from cictrack.working_days import Calendar

if TYPE_CHECKING:
    from pathlib import Path

CLOSED = "--name 'Training day' --by 'Head of service'"


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    """A case on two registers, with a rule of local custom and one of the law."""
    typed = Typed(tmp_path / "register.db")
    typed.does("plo open 104523 --on 25/3/2026 --dob 14/8/2019 --team North --worker W07")
    typed.does("iha open 104523 --on 25/3/2026")
    return typed


def found(typed: Typed, line: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(typed.does(f"{line} --format json"))
    return rows


def due(typed: Typed, register: str, rule: str) -> str:
    [row] = found(typed, f"explain {register} 104523 {rule}")
    return str(row["due_on"])


def test_the_calendar_names_this_years_and_next_years_bank_holidays_and_how_far_it_reaches(typed: Typed) -> None:
    answer = typed("calendar")
    assert "2026-12-28  Boxing Day (observed)" in answer.out
    assert "2027-03-26  Good Friday" in answer.out
    assert answer.err.endswith("Bank holidays are known to Sunday 31 December 2028.\n")
    rows = found(typed, "calendar")
    assert {row["day"][:4] for row in rows} == {"2026", "2027"}
    assert rows[0] == {"day": "2026-01-01", "name": "New Year's Day", "kind": "bank-holiday"} | {
        "weekday": "Thursday",
        "by": None,
    }
    assert {row["day"][:4] for row in found(typed, "calendar --year 2028 --year 2024")} == {"2024", "2028"}
    assert found(typed, "calendar --year 2030") == []
    assert {row["day"][:4] for row in found(typed, "calendar --as-of 1/7/2024")} == {"2024", "2025"}


@pytest.mark.parametrize("fmt", ["table", "plain", "csv", "markdown", "html"])
def test_the_calendar_is_read_in_every_format(typed: Typed, fmt: str) -> None:
    assert "Good Friday" in typed.does(f"calendar --format {fmt}")


def test_a_closure_lengthens_what_is_local_and_never_the_law(typed: Typed) -> None:
    before = due(typed, "iha", "assessed")
    assert due(typed, "plo", "letter") == "2026-04-01"
    out = typed.does(f"calendar add-closure 30/3/2026 {CLOSED} --yes")
    assert out.startswith("Closed on Monday 30 March 2026: Training day.\n")
    assert "plo 104523: letter before proceedings, due Thursday 2 April 2026, was Wednesday 1 April 2026\n" in out
    assert "initial health assessment" not in out
    assert (due(typed, "plo", "letter"), due(typed, "iha", "assessed")) == ("2026-04-02", before)
    [closure] = [row for row in found(typed, "calendar") if row["kind"] == "closure"]
    assert (closure["day"], closure["name"], closure["by"]) == ("2026-03-30", "Training day", "Head of service")


@pytest.mark.parametrize("authority", get_args(Authority))
def test_closures_are_no_working_days_of_custom_and_prompts_alone(authority: str) -> None:
    day = date(2026, 3, 30)
    settings = Settings(Calendar({}, date(2028, 12, 31)), closures={day: "Training day"})
    assert settings.calendar_for(authority).is_working_day(day) == (authority not in {"local", "prompt"})


def test_a_closure_that_is_removed_is_withdrawn_and_stays_in_history(typed: Typed) -> None:
    before = due(typed, "plo", "letter")
    typed.does(f"calendar add-closure 30/3/2026 {CLOSED} --yes")
    out = typed.does("calendar remove-closure 30/3/2026 --reason 'the office stays open' --yes")
    assert out.startswith("Open again on Monday 30 March 2026: the office stays open.\n")
    assert due(typed, "plo", "letter") == before
    assert not [row for row in found(typed, "calendar") if row["kind"] == "closure"]
    assert [(row["kind"], row["name"], row["reason"], row["remark"]) for row in found(typed, "rules --history")] == [
        ("closure", "Training day", None, "counts no longer"),
        ("withdrawn", "Training day", "the office stays open", "withdraws what was recorded before"),
    ]
    typed.does(f"calendar add-closure 30/3/2026 {CLOSED} --yes")


def test_a_closure_of_many_days_leaves_out_those_that_are_shut_already(typed: Typed) -> None:
    typed.does(f"calendar add-closure 24/12/2026 --to 4/1/2027 {CLOSED} --yes")
    days = [row["day"] for row in found(typed, "calendar") if row["kind"] == "closure"]
    assert days == ["2026-12-24", "2026-12-29", "2026-12-30", "2026-12-31", "2027-01-04"]
    said = typed.is_refused(f"calendar add-closure 22/12/2026 --to 24/12/2026 {CLOSED} --yes")
    assert said.startswith("24 Dec 2026 is a closure already: Training day. Nothing was recorded.")
    typed.does("calendar remove-closure 1/12/2026 --to 31/1/2027 --reason 'not agreed' --yes")
    assert not [row for row in found(typed, "calendar") if row["kind"] == "closure"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (f"add-closure 4/4/2026 {CLOSED}", "4 Apr 2026: nobody works then already (no working day)."),
        (f"add-closure 3/4/2026 {CLOSED}", "3 Apr 2026: nobody works then already (Good Friday)."),
        (f"add-closure 3/4/2026 --to 6/4/2026 {CLOSED}", "3 Apr 2026 to 6 Apr 2026: nobody works then already"),
        (f"add-closure 1/1/2026 --to 2/1/2027 {CLOSED}", "is more than a year"),
        ("remove-closure 30/3/2026 --reason x", "No closure is recorded for 30 Mar 2026. Nothing was recorded."),
    ],
)
def test_what_closes_or_opens_nothing_is_refused(typed: Typed, line: str, why: str) -> None:
    assert why in typed.is_refused(f"calendar {line} --yes")


def test_the_last_day_of_a_closure_is_not_before_its_first(typed: Typed) -> None:
    said = typed.is_refused(f"calendar add-closure 30/3/2026 --to 27/3/2026 {CLOSED} --yes", status=2)
    assert "Friday 27 March 2026 is before Monday 30 March 2026" in said


def test_the_nearest_closure_is_named_where_there_is_none(typed: Typed) -> None:
    typed.does(f"calendar add-closure 30/3/2026 {CLOSED} --yes")
    said = typed.is_refused("calendar remove-closure 31/3/2026 --reason x --yes")
    assert "The nearest is on 30 Mar 2026." in said


def test_in_a_pipe_it_is_not_done_without_yes_and_dry_run_writes_nothing(typed: Typed) -> None:
    before = typed.path.read_bytes()
    assert "add --yes, or --dry-run" in typed.is_refused(f"calendar add-closure 30/3/2026 {CLOSED}")
    assert "Nothing was written" in typed.does(f"calendar add-closure 30/3/2026 {CLOSED} --dry-run")
    assert typed.path.read_bytes() == before


def test_what_a_closure_is_called_is_no_escape_and_no_formula(typed: Typed) -> None:
    said = typed("calendar add-closure 30/3/2026 --name '=1+1\x1b[2J[/b]' --by '=cmd\x1b[0m' --yes")
    assert "\x1b" not in said.out + said.err
    for line in ("calendar", "rules --history"):
        for fmt in ("table", "plain", "csv", "markdown", "html"):
            assert "\x1b" not in typed.does(f"{line} --format {fmt}"), (line, fmt)
        cells = [cell for row in csv.reader(io.StringIO(typed.does(f"{line} --format csv"))) for cell in row]
        assert any(cell.startswith("'=1+1") for cell in cells)


def test_known_at_an_earlier_moment_there_was_no_closure(typed: Typed) -> None:
    typed.does(f"calendar add-closure 30/3/2026 {CLOSED} --yes")
    then = "2020-01-01T00:00:00"
    assert not [row for row in found(typed, f"calendar --known-at {then}") if row["kind"] == "closure"]
    assert found(typed, f"rules --history --known-at {then}") == []
