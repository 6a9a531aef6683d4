"""What was recorded wrongly is put right by a later event, and stays in history."""

import json
from pathlib import Path

import pytest
from typed import Typed


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    typed = Typed(tmp_path / "register.db")
    typed.does("plo open 104523 --on 2/3/2026 --dob 14/8/2019 --team North")
    typed.does("plo letter 104523 --on 5/3/2026 --fgdm-offered yes")
    return typed


def history(typed: Typed) -> list[dict[str, object]]:
    return [row for row in json.loads(typed.does("history plo 104523 --format json")) if row["kind"] != "born"]


def test_a_day_is_corrected_and_the_deadline_that_counts_from_it_moves(typed: Typed) -> None:
    out = typed.does("plo correct 104523 letter --on 5/3/2026 --to 20/3/2026 --reason misread")
    assert out.startswith(
        "plo 104523: corrected: letter before proceedings sent, Friday 20 March 2026 (was Thursday 5 March 2026).\n"
    )
    assert "first effective meeting, due Tuesday 7 April 2026" in out


def test_a_correction_carries_the_whole_event_and_the_old_one_stays_in_history(typed: Typed) -> None:
    typed.does("plo correct 104523 letter --on 5/3/2026 --to 6/3/2026 --reason misread")
    *_, old, new = history(typed)
    assert (old["day"], new["day"]) == ("2026-03-05", "2026-03-06")
    assert new["supersedes"] == old["id"]
    assert new["fields"]["fgdm_offered"] == "yes"  # type: ignore[index]  # JSON


def test_a_correction_is_corrected_in_its_turn(typed: Typed) -> None:
    typed.does("plo correct 104523 letter --to 6/3/2026 --reason misread")
    assert "one on 6 Mar 2026" in typed.is_refused("plo correct 104523 letter --on 5/3/2026 --to 7/3/2026 --reason x")
    typed.does("plo correct 104523 letter --on 6/3/2026 --to 9/3/2026 --reason 'misread again'")
    assert "Monday 9 March 2026" in typed.does("plo withdraw 104523 letter --reason 'never sent'")


def test_a_correction_that_makes_the_rest_impossible_is_refused(typed: Typed) -> None:
    said = typed.is_refused("plo correct 104523 open --to 9/3/2026 --reason misread")
    assert "letter on 5 Mar 2026 is before the case opened on 9 Mar 2026" in said


def test_an_opening_event_is_moved_and_never_withdrawn(typed: Typed) -> None:
    out = typed.does("plo correct 104523 decision --to 27/2/2026 --reason misread")
    assert "Friday 27 February 2026 (was Monday 2 March 2026)" in out
    said = typed.is_refused("plo withdraw 104523 decision --reason 'wrong child'")
    assert said.endswith("cictrack plo close 104523 --reason opened-in-error")


def test_a_field_is_set_or_taken_away_and_read_as_its_option_would_be(typed: Typed) -> None:
    typed.does("plo correct 104523 letter --set fgdm-offered=no --set fgdm-reason=refused --reason misread")
    typed.does("plo correct 104523 letter --set fgdm-reason= --reason misread")
    assert history(typed)[-1]["fields"] == {"fgdm_offered": "no", "why": "misread"}
    said = typed.is_refused("plo correct 104523 letter --set fgdm-offered=perhaps --reason x", status=2)
    assert "'perhaps' is not one of 'yes', 'no'" in said
    assert "with a field of letter" in typed.is_refused("plo correct 104523 letter --set a=b --reason x", status=2)


def test_a_field_that_is_required_cannot_be_taken_away(typed: Typed) -> None:
    typed.does("plo step 104523 --on 9/3/2026 --outcome issue")
    assert "step cannot go without outcome" in typed.is_refused("plo correct 104523 step --set outcome= --reason x")


def test_a_correction_that_changes_nothing_is_refused(typed: Typed) -> None:
    assert "recorded already" in typed.is_refused("plo correct 104523 letter --to 5/3/2026 --reason x")
    assert "give --to DAY or --set FIELD=VALUE" in typed.is_refused("plo correct 104523 letter --reason x", status=2)


def test_where_two_are_alike_the_id_says_which(typed: Typed) -> None:
    typed.does("note plo 104523 first --on 9/3/2026")
    typed.does("note plo 104523 second --on 9/3/2026")
    said = typed.is_refused("plo withdraw 104523 note --on 9/3/2026 --reason twice")
    assert "2 note events are recorded on 9 Mar 2026" in said
    end = said.partition("--id ")[2].partition(")")[0]
    typed.does(f"plo withdraw 104523 note --on 9/3/2026 --id {end} --reason twice")
    typed.does("plo withdraw 104523 note --on 9/3/2026 --reason twice")


def test_of_many_alike_five_are_named_and_the_rest_are_in_the_history(typed: Typed) -> None:
    for n in range(7):
        typed.does(f"note plo 104523 note{n} --on 9/3/2026")
    said = typed.is_refused("plo withdraw 104523 note --reason twice")
    assert said.count("--id") == 5
    assert said.endswith(", … List them: cictrack history plo 104523. Say which.")


def test_a_withdrawn_event_counts_no_longer_and_the_clock_runs_on(typed: Typed) -> None:
    out = typed.does("plo withdraw 104523 letter --on 5/3/2026 --reason 'never sent'")
    assert "Stage: decided (was letter-sent)." in out
    assert "letter before proceedings, was due Monday 9 March 2026" in out


def test_a_closing_made_by_mistake_is_withdrawn_and_the_old_clocks_run_on(typed: Typed) -> None:
    typed.does("plo close 104523 --on 9/3/2026 --reason left-care")
    out = typed.does("plo withdraw 104523 closed --reason 'wrong child'")
    assert "Stage: letter-sent (was left-care)." in out
    assert "first effective meeting, was due Thursday 19 March 2026" in out


def test_reopening_needs_a_period_before_it_that_is_closed(typed: Typed) -> None:
    assert "was open then" in typed.is_refused("plo reopen 104523 --on 20/3/2026")
    assert typed.is_refused("iha reopen 104523").startswith("No open case iha 104523.")


def test_an_event_of_no_register_is_answered_with_what_it_may_have_been(typed: Typed) -> None:
    said = typed.is_refused("plo correct 104523 leter --to 6/3/2026 --reason x", status=2)
    assert "there is no event 'leter' in plo. Did you mean letter?" in said
