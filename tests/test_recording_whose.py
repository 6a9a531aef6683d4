"""Children beside any case; whose a case is; tasks, exceptions and notes on it."""

import json
from pathlib import Path

import pytest
from typed import Typed


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    typed = Typed(tmp_path / "register.db")
    typed.does("plo open 104523 --on 2/3/2026 --dob 14/8/2019 --team North --worker W07")
    return typed


def shown(typed: Typed, child_id: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(typed.does(f"show {child_id} --format json"))
    return found


def test_a_child_is_added_once(typed: Typed) -> None:
    assert typed.does("child add 00123 --dob 3/3/2020 --sibling-group S4") == (
        "Child 00123 added: born on Tuesday 3 March 2020.\n"
    )
    assert shown(typed, "00123")["dob"] == "2020-03-03"
    assert typed.is_refused("child add 00123 --dob 3/3/2020").startswith("Child 00123 is there already.")
    assert "give --dob, or --edd" in typed.is_refused("child add 5", status=2)


def test_a_birth_is_set_and_stops_what_waited_for_it(typed: Typed) -> None:
    typed.does("plo open 7 --on 2/3/2026 --edd 10/8/2026")
    out = typed.does("child set 7 --dob 30/3/2026")
    assert out.startswith("Child 7 set: born on Monday 30 March 2026.\nplo 7:\n")
    assert "before the birth" not in out
    assert (shown(typed, "7")["dob"], shown(typed, "7")["edd"]) == ("2026-03-30", "2026-08-10")


def test_a_birth_set_anew_corrects_the_old_one(typed: Typed) -> None:
    typed.does("child set 104523 --dob 15/8/2019")
    assert shown(typed, "104523")["dob"] == "2019-08-15"
    assert "recorded already" in typed.is_refused("child set 104523 --dob 15/8/2019")
    assert "before the child was born on 9 Mar 2026" in typed.is_refused("child set 104523 --dob 9/3/2026")
    assert typed.is_refused("child set 9 --dob 9/3/2026").startswith("There is no child 9.")


def test_a_child_expected_in_more_than_forty_weeks_is_refused(typed: Typed) -> None:
    assert "more than 40 weeks away" in typed.is_refused("child add 8 --edd 1/3/2027")


def test_an_assignment_changes_what_is_given_and_nothing_else(typed: Typed) -> None:
    typed.does("assign plo 104523 --worker W12 --on 9/3/2026")
    (case,) = json.loads(typed.does("plo --format json"))
    assert (case["team"], case["worker"]) == ("North", "W12")
    (case,) = json.loads(typed.does("plo --as-of 8/3/2026 --format json"))
    assert case["worker"] == "W07"
    assert "give at least one of --team" in typed.is_refused("assign plo 104523", status=2)


def test_every_open_case_of_a_worker_moves_at_once_and_only_when_somebody_said_so(typed: Typed) -> None:
    typed.does("iha open 7 --on 9/3/2026 --dob 1/1/2020 --worker W07")
    typed.does("plo open 8 --on 9/3/2026 --dob 1/1/2020 --worker W07")
    typed.does("plo close 8 --on 10/3/2026 --reason died")
    assert "add --yes" in typed.is_refused("transfer --from-worker W07 --to-worker W12")
    out = typed.does("transfer --from-worker W07 --to-worker W12 --team South --yes")
    assert out == "iha 7\nplo 104523\nMoved 2 cases from W07 to W12, Tuesday 31 March 2026.\n"
    (case,) = json.loads(typed.does("plo --format json"))
    assert (case["worker"], case["team"]) == ("W12", "South")
    assert typed.is_refused("transfer --from-worker W07 --to-worker W12 --yes").startswith("No open case has the")


def test_what_one_case_refuses_moves_none(typed: Typed) -> None:
    typed.does("iha open 7 --on 9/3/2026 --dob 1/1/2020 --worker W07")
    said = typed.is_refused("transfer --from-worker W07 --to-worker W12 --on 5/3/2026 --yes")
    assert said.startswith("iha 7: assigned on 5 Mar 2026 is before the case opened on 9 Mar 2026")


def test_a_task_is_agreed_listed_and_done_by_the_end_of_its_id(typed: Typed) -> None:
    out = typed.does('task add plo 104523 "refer to drug service" --owner FS --due +10wd')
    assert "refer to drug service, FS, due Thursday 16 April 2026.\n" in out
    end = out.strip().rpartition(" ")[2]
    assert len(end) == 6
    assert typed.does(f"task done {end}").startswith("plo 104523: refer to drug service: done, Tuesday 31 March 2026.")
    assert "was done on 31 Mar 2026" in typed.is_refused(f"task done {end} --on 30/3/2026")
    assert "is too short to name a task: give the last 6" in typed.is_refused(f"task done {end[-2:]}")
    assert typed.is_refused("task done zzzzzz") == "There is no task 'zzzzzz'. List them: cictrack tasks"
    assert "missing option '--owner'" in typed.is_refused("task add plo 104523 text --due +1w", status=2)


def test_an_assessment_is_a_task_that_is_done_when_its_report_is_there(typed: Typed) -> None:
    typed.does("plo assessment 104523 --kind viability --assessor psychologist --due 1/5/2026")
    (task,) = json.loads(typed.does("tasks --format json"))
    assert task["due_on"] == "2026-05-01"
    typed.does(f"task done {task['id'][-8:]}")


def test_an_exception_explains_a_rule_for_a_reason_of_the_registers_own_list(typed: Typed) -> None:
    rest = "--agreed-by manager --until 30/4/2026"
    out = typed.does(f"exception plo 104523 letter --reason court {rest}")
    assert out.startswith(
        "plo 104523: exception for plo.letter, court, agreed by manager, until Thursday 30 April 2026."
    )
    (row,) = json.loads(typed.does("overdue --format json"))
    assert (row["exception"], row["severity"]) == ("court", "red")
    said = typed.is_refused(f"exception plo 104523 leter --reason court {rest}", status=2)
    assert "there is no rule 'leter'. Did you mean plo.letter" in said
    assert "is no reason of plo" in typed.is_refused(f"exception plo 104523 letter --reason rain {rest}", status=2)
    assert "cannot end on 1 Jan 2026" in typed.is_refused(
        "exception plo 104523 end --reason court --agreed-by manager --until 1/1/2026"
    )


def test_the_iha_has_reasons_for_delay_of_its_own(typed: Typed) -> None:
    typed.does("iha open 104523 --on 9/3/2026")
    typed.does("exception iha 104523 assessed --reason interpreter --agreed-by manager --until 30/4/2026")


def test_a_note_that_begins_with_a_dash_comes_after_two(typed: Typed) -> None:
    typed.does('note plo 104523 -- "-1 visit"')
    rows = json.loads(typed.does("history plo 104523 --format json"))
    assert rows[-1]["fields"]["note"] == "-1 visit"
    assert "there is nothing in it" in typed.is_refused("note plo 104523 ' '", status=2)


def test_a_mistyped_register_is_answered_with_those_there_are(typed: Typed) -> None:
    assert "Did you mean plo?" in typed.is_refused("note pol 104523 text", status=2)
