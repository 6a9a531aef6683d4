"""Children who might belong on a register, an authority's own settings, and text that is no text."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from typed import Typed

from cictrack.pathway.events import CHILD, Event
from cictrack.store.events import new_id
from cictrack.store.opening import open_register
from cictrack.store.writing import append, writing

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    return Typed(tmp_path / "register.db")


def told(typed: Typed, *events: tuple[str, str, str, str, dict[str, str]]) -> None:
    """Append events that no command records: register, child, kind, day, fields."""
    db = open_register(typed.path, write=True)
    with writing(db):
        append(db, [Event(new_id(), r, c, "", k, date.fromisoformat(d), f) for r, c, k, d, f in events])
    db.close()


def rows(typed: Typed, line: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(typed.does(f"{line} --format json"))
    return found


def test_two_moves_in_a_year_make_a_candidate_until_the_child_is_on_the_register(typed: Typed) -> None:
    told(
        typed,
        (CHILD, "1", "born", "2012-01-01", {}),
        (CHILD, "1", "placement", "2025-06-01", {"rne": "S"}),
        (CHILD, "1", "placement", "2025-09-01", {"rne": "P", "ended": "PLACE"}),
        (CHILD, "1", "placement", "2026-01-10", {"rne": "P", "ended": "CREQB"}),
        (CHILD, "2", "born", "2012-01-01", {}),
        (CHILD, "2", "placement", "2025-09-01", {"rne": "P"}),
    )
    candidate = {"child_id": "1", "moves": 2, "ended_on": "2026-01-10", "ended_reason": "CREQB"}
    assert rows(typed, "fragile candidates") == [candidate]
    assert rows(typed, "fragile candidates --as-of 9/1/2026") == []
    typed.does("fragile open 1 --on 30/3/2026 --source carer")
    assert rows(typed, "fragile candidates") == []
    assert rows(typed, "fragile candidates --as-of 29/3/2026") == [candidate]
    assert typed("fragile candidates --fail-if-any --as-of 29/3/2026").status == 3


def test_the_authoritys_own_setting_is_said_with_what_it_replaced(typed: Typed) -> None:
    told(typed, ("settings", "", "rule", "2026-01-01", {"name": "plo.letter", "value": "10 working days"}))
    typed.does("plo open 104523 --on 2/3/2026 --dob 14/8/2019")
    [letter] = rows(typed, "explain plo 104523 letter")
    assert (letter["amount"], letter["local"], letter["due_on"]) == ("10 working days", "10 working days", "2026-03-16")
    assert rows(typed, "explain plo 104523 end")[0]["local"] is None
    said = typed.does("explain plo 104523 letter")
    assert "10 working days: the authority's own setting, in place of 5 working days" in said


def test_a_local_closure_is_skipped_and_named_where_the_rule_is_local_only(typed: Typed) -> None:
    told(typed, ("settings", "", "closure", "2026-03-04", {"name": "training day"}))
    typed.does("plo open 104523 --on 2/3/2026 --dob 14/8/2019")
    typed.does("iha open 104523 --on 2/3/2026")
    [letter] = rows(typed, "explain plo 104523 letter")
    assert (letter["skipped"], letter["due_on"]) == (["2026-03-04"], "2026-03-10")
    [assessed] = rows(typed, "explain iha 104523 assessed")
    assert assessed["skipped"] == []
    assert "training day, Wednesday 4 March 2026" in typed.does("explain plo 104523 letter")


def test_a_closure_is_no_working_day_over(typed: Typed) -> None:
    told(typed, ("settings", "", "closure", "2026-03-11", {"name": "training day"}))
    typed.does("plo open 104523 --on 2/3/2026 --dob 14/8/2019")
    [late] = rows(typed, "overdue --as-of 12/3/2026")
    assert (late["due_on"], late["days_over"], late["units_over"]) == ("2026-03-09", 3, 2)


def test_text_from_the_register_is_never_an_escape_a_mark_or_a_formula(typed: Typed) -> None:
    typed.does("plo open 104523 --on 2/3/2026 --dob 14/8/2019 --team '=1+1'")
    typed.does("task add plo 104523 '[red]x[/red] | <b>' --owner '=cmd' --due 20/3/2026")
    assert "'=1+1" in typed.does("overdue --format csv")
    assert "[red]x[/red] | <b>" in typed.does("tasks")
    assert "&lt;b&gt;" in typed.does("tasks --format markdown")
    assert rows(typed, "tasks")[0]["owner"] == "=cmd"


def test_two_days_for_one_fact_are_a_conflict_with_both_days(typed: Typed) -> None:
    typed.does("iha open 1 --on 2/3/2026 --dob 14/8/2019 --team North")
    told(typed, (CHILD, "1", "care-started", "2026-03-03", {}))
    [gap] = [row for row in rows(typed, "gaps") if row["period"]]
    assert gap["values"] == ["2026-03-02", "2026-03-03"]
    assert "entered-care" in gap["event"]
    assert "2026-03-02; 2026-03-03" in typed.does("gaps --format csv")


def test_a_case_opened_in_error_is_in_no_count_on_any_day(typed: Typed) -> None:
    typed.does("plo open 104523 --on 2/3/2026 --dob 14/8/2019")
    typed.does("plo close 104523 --reason opened-in-error --on 20/3/2026")
    for line in ("plo --all", "plo --as-of 10/3/2026", "overdue --as-of 12/3/2026"):
        assert rows(typed, line) == []
    assert "stands in no count" in typed.does("explain plo 104523 --as-of 10/3/2026")
