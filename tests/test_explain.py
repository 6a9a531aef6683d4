"""How a deadline was counted, and what was recorded: read aloud, and as machines read it."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st
from typed import Typed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def keys(text: str) -> list[str]:
    """The keys of a machine format, in their order."""
    return text.split()


KEYS = keys("rule title authority source anchor amount skipped amber_on due_on met_on stopped_on severity local")
HISTORY = keys("id kind day fields recorded_at recorded_by source supersedes superseded_by")


def explained(team: Typed, line: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(team.does(f"explain {line} --format json"))
    return found


def test_every_rule_of_the_register_is_explained_with_the_promised_keys(team: Typed) -> None:
    found = explained(team, "plo 104523")
    assert all(list(row) == KEYS for row in found)
    assert {"plo.letter", "plo.meeting", "plo.review", "plo.end", "plo.task"} <= {row["rule"] for row in found}


def test_each_skipped_bank_holiday_is_named_with_its_day(team: Typed, snapshot: Callable[[str], None]) -> None:
    [report] = explained(team, "iha 104527 report")
    assert report["anchor"] == {"event": "assessed", "day": "2026-03-27"}
    assert report["amount"] == "5 working days"
    assert report["skipped"] == ["2026-04-03", "2026-04-06"]
    assert report["due_on"] == "2026-04-07"
    snapshot(team.does("explain iha 104527"))


def test_red_stays_red_with_the_exception_beside_it(team: Typed, snapshot: Callable[[str], None]) -> None:
    [meeting] = explained(team, "plo 104523 plo.meeting")
    assert meeting["severity"] == "red"
    snapshot(team.does("explain plo 104523 meeting"))


def test_a_rule_that_waits_says_for_what_and_has_no_anchor(team: Typed) -> None:
    [meeting] = explained(team, "plo 104524 meeting")
    assert (meeting["anchor"], meeting["due_on"], meeting["severity"]) == (None, None, None)
    assert "plo.meeting" in team.does("explain plo 104524")
    assert "waits for letter" in team.does("explain plo 104524 meeting")


def test_a_rule_that_waits_for_a_missing_day_is_grey(team: Typed) -> None:
    [placed] = explained(team, "placement-order 104528 placed")
    assert (placed["anchor"], placed["severity"]) == (None, "grey")


def test_a_month_that_ends_on_a_closed_day_names_the_last_working_day_before_it(team: Typed) -> None:
    said = team.does("explain placement-order 104528 first-review")
    assert "Due           Thursday 1 January 2026" in said
    assert "the last working day before it is Wednesday 31 December 2025" in said


def test_an_earlier_day_is_explained_as_it_stood(team: Typed) -> None:
    [letter] = explained(team, "plo 104523 letter --as-of 4/3/2026")
    assert (letter["met_on"], letter["severity"]) == (None, "green")
    [letter] = explained(team, "plo 104523 letter --as-of 5/3/2026")
    assert (letter["met_on"], letter["severity"]) == ("2026-03-05", None)


def test_an_extension_is_the_live_row_and_comes_last(tmp_path: Path) -> None:
    typed = Typed(tmp_path / "register.db")
    typed.does("plo open 104523 --on 5/1/2026 --dob 14/8/2019")
    typed.does("plo extension 104523 --on 2/3/2026 --to 8/6/2026 --agreed-by manager --reason court")
    first, live = explained(typed, "plo 104523 end")
    assert (first["due_on"], first["stopped_on"]) == ("2026-04-27", "2026-03-02")
    assert (live["due_on"], live["stopped_on"], live["severity"]) == ("2026-06-08", None, "green")
    assert live["anchor"] == {"event": "extension", "day": "2026-03-02"}


def test_an_unknown_rule_is_refused_with_those_there_are(team: Typed) -> None:
    refused = team.is_refused("explain plo 104523 lettr")
    assert refused.startswith("There is no rule 'lettr' on plo. There are: plo.letter, plo.meeting,")


def test_a_case_that_is_not_there_is_refused_with_those_that_look_like_it(team: Typed) -> None:
    assert team.is_refused("explain plo 104532").startswith("No open case plo 104532. Close: plo 104526, plo 104525")
    assert "104523 has 1 period" in team.is_refused("explain plo 104523#2")


def test_past_the_end_of_the_calendar_is_said_out_loud(tmp_path: Path) -> None:
    typed = Typed(tmp_path / "register.db")
    typed.does("plo open 104523 --on 2/3/2026 --dob 14/8/2019")
    typed.does("task add plo 104523 'see again' --owner W07 --due 5/3/2035")
    assert "UNCERTAIN" in typed.does("explain plo 104523 task")
    assert "Bank holidays are known to" in typed("due --within 600w").err
    assert "Bank holidays are known to" in typed("show 104523").err
    assert "Bank holidays are known to" not in typed("due --within 6w").err


def test_corrections_stand_beside_what_they_corrected(tmp_path: Path) -> None:
    typed = Typed(tmp_path / "register.db")
    typed.does("plo open 104523 --on 2/3/2026 --dob 14/8/2019")
    typed.does("plo letter 104523 --on 9/3/2026")
    typed.does("plo review 104523 --on 30/3/2026")
    typed.does("plo correct 104523 letter --on 9/3/2026 --to 6/3/2026 --reason 'read wrongly'")
    found = json.loads(typed.does("history plo 104523 --format json"))
    assert all(list(event) == HISTORY for event in found)
    assert [(e["kind"], e["day"]) for e in found][:3] == [
        ("decision", "2026-03-02"),
        ("letter", "2026-03-09"),
        ("letter", "2026-03-06"),
    ]
    assert found[1]["superseded_by"] == found[2]["id"]
    assert found[2]["supersedes"] == found[1]["id"]
    said = typed.does("history plo 104523")
    assert "corrected below: this counts no longer" in said
    assert f"corrects …{found[1]['id'][-6:]}" in said
    assert explained(typed, "plo 104523 letter")[0]["met_on"] == "2026-03-06"
    assert explained(typed, "plo 104523 letter --as-of 7/3/2026")[0]["met_on"] == "2026-03-06"


@settings(max_examples=25, deadline=None)
@given(st.dates(date(2026, 3, 2), date(2026, 9, 1)))
def test_what_is_explained_as_late_is_what_the_lists_call_overdue(team: Typed, day: date) -> None:
    late = json.loads(team.does(f"overdue --as-of {day} --register plo --format json"))
    for child in ("104523", "104524"):
        listed = sorted((row["rule"], row["due_on"]) for row in late if row["child_id"] == child)
        told = explained(team, f"plo {child} --as-of {day}")
        rows = [r for r in told if r["severity"] in {"red", "grey"} and r["due_on"] and r["due_on"] < day.isoformat()]
        assert sorted((row["rule"], row["due_on"]) for row in rows) == listed


def test_an_alert_that_has_ended_speaks_as_of_its_end(tmp_path: Path) -> None:
    typed = Typed(tmp_path / "register.db")
    typed.does("placement-order open 104523 --on 1/9/2025 --dob 14/8/2023")
    typed.does("placement-order link 104523 --on 2/12/2025 --link A")
    assert "no active link 92 days after the order" in typed.does("explain placement-order 104523 no-link")
