"""Recording on a case: the consequence is told, the impossible refused with its days, the unusual warned of."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typed import Typed

from cictrack.store.events import events_of
from cictrack.store.making import create
from cictrack.store.named import CaseName
from cictrack.store.opening import open_register
from cictrack.store.recording import recording


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    typed = Typed(tmp_path / "register.db")
    typed.does("plo open 104523 --on 2/3/2026 --dob 14/8/2019 --team North --worker W07 --family F17")
    return typed


def test_an_event_is_answered_with_the_day_in_words_the_new_stage_and_what_is_due_next(typed: Typed) -> None:
    assert typed.does("plo letter 104523 --on 20/3/2026") == (
        "plo 104523: letter before proceedings sent, Friday 20 March 2026.\n"
        "Stage: letter-sent (was decided).\n"
        "Next: first effective meeting, due Tuesday 7 April 2026, in 3 working days.\n"
        "      decision to step down or issue, due Monday 22 June 2026, in 83 days.\n"
    )


def test_an_event_without_a_day_is_todays(typed: Typed) -> None:
    assert "Tuesday 31 March 2026" in typed.does("plo letter 104523")


def test_the_days_own_fields_and_who_recorded_them_are_kept(typed: Typed) -> None:
    typed.does('plo assessment 104523 --kind viability --assessor psychologist --due 2/5/2026 --note "by post"')
    db = open_register(typed.path)
    event = events_of(db, "104523")[-1]
    db.close()
    assert event.fields == {"kind": "viability", "assessor": "psychologist", "due": "2026-05-02", "note": "by post"}
    assert event.recorded_by == "tester"
    assert event.source == "person"


@pytest.mark.parametrize(
    ("line", "clash"),
    [
        ("plo letter 104523 --on 1/3/2026", "letter on 1 Mar 2026 is before the case opened on 2 Mar 2026"),
        ("plo open 104523 --on 9/3/2026", "opened on 9 Mar 2026, and the case of 2 Mar 2026 was open then"),
        ("plo letter 104523 --on 1/4/2026", "1 Apr 2026 is in the future: today is 31 Mar 2026"),
        ("plo application 104523 --on 9/3/2026", "application on 9 Mar 2026, and no step issue before it"),
        (
            "plo extension 104523 --to 22/6/2026 --agreed-by manager --reason court",
            "an extension to 22 Jun 2026 is no later than the end it replaces, 22 Jun 2026",
        ),
    ],
)
def test_what_is_impossible_is_refused_with_the_days_that_clash(typed: Typed, line: str, clash: str) -> None:
    said = typed.is_refused(line)
    assert clash in said
    assert "Nothing was recorded." in said


def test_an_event_after_the_case_closed_is_refused_and_one_before_it_is_taken(typed: Typed) -> None:
    typed.does("plo close 104523 --on 20/3/2026 --reason left-care")
    refusal = typed.is_refused("plo letter 104523 --on 21/3/2026")
    assert "letter on 21 Mar 2026 is after the case closed on 20 Mar 2026" in refusal
    assert refusal.endswith("Open its next period: cictrack plo reopen 104523")
    typed.does("plo letter 104523 --on 19/3/2026")


def test_a_next_period_is_offered_only_where_the_day_is_what_clashes(typed: Typed) -> None:
    typed.does("plo close 104523 --on 20/3/2026 --reason left-care")
    refusal = typed.is_refused("plo issue-letter 104523 --on 23/3/2026")
    assert refusal == "plo 104523: issue-letter on 23 Mar 2026, and no step issue before it. Nothing was recorded."


def test_the_letter_of_issue_is_taken_on_a_closed_case(typed: Typed) -> None:
    typed.does("plo step 104523 --on 9/3/2026 --outcome issue")
    typed.does("plo application 104523 --on 10/3/2026")
    typed.does("plo issue-letter 104523 --on 12/3/2026")


def test_the_same_event_is_not_recorded_twice(typed: Typed) -> None:
    typed.does("plo letter 104523 --on 5/3/2026 --fgdm-offered yes")
    refusal = typed.is_refused("plo letter 104523 --on 5/3/2026 --fgdm-offered yes")
    assert refusal == "plo 104523: letter on 5 Mar 2026 is recorded already. Nothing was recorded."


def test_a_second_event_of_a_kind_that_happens_once_is_warned_of(typed: Typed) -> None:
    typed.does("plo letter 104523 --on 5/3/2026")
    answer = typed("plo letter 104523 --on 9/3/2026")
    assert answer.status == 0
    assert answer.err == "Warning: plo 104523: letter is recorded on 5 Mar 2026 already; the first counts.\n"


def test_a_meeting_after_one_that_could_not_be_held_is_nothing_unusual(typed: Typed) -> None:
    typed.does("plo meeting 104523 --on 9/3/2026 --effective no")
    assert typed("plo meeting 104523 --on 12/3/2026").err == ""


def test_a_decision_late_in_a_pregnancy_is_warned_of(typed: Typed) -> None:
    answer = typed("plo open 7 --on 2/3/2026 --edd 1/6/2026")
    assert answer.status == 0
    assert answer.err.startswith("Warning: plo 7: the decision of 2 Mar 2026 is later than week 22")


def test_a_mistyped_child_is_answered_with_those_it_may_have_been(typed: Typed) -> None:
    said = typed.is_refused("plo letter 104532")
    assert said == "No open case plo 104532. Close: plo 104523. List them: cictrack plo"


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("plo letter 104523 --fgdm-offered maybe", "'maybe' is not one of 'yes', 'no'"),
        ("plo letter 104523 --on 3/13/2026", "'3/13/2026' has no such month: the day comes first"),
        ("plo step 104523", "missing option '--outcome'"),
        ("plo leter 104523", "there is no command 'leter' in plo. Did you mean letter?"),
        ("plo decision 104523", "'decision' opens the case: cictrack plo open CHILD --on DAY"),
        ("plo details 104523", "there is no command 'details' in plo"),
        ("plo letter ' '", "a child's id cannot be empty"),
        ("plo letter 1#x", "after # comes the period's number"),
        ("plo open 1#2 --dob 1/1/2020", "names a period: give the child's id alone"),
        (f"plo open {'9' * 41} --dob 1/1/2020", "is longer than 40 characters"),
        ("plo open 'a\x1bb' --dob 1/1/2020", "holds characters that cannot be seen"),
        ("plo letter 104523 --onn 1/3/2026", "no such option '--onn'"),
        ('note plo 104523 "-1 visit"', "Text that begins with a dash comes after --."),
    ],
)
def test_a_wrong_value_is_one_sentence_and_the_file_is_untouched(typed: Typed, line: str, wrong: str) -> None:
    assert wrong in typed.is_refused(line, status=2)


def test_a_child_who_is_not_there_is_added_by_a_birth_or_refused(typed: Typed) -> None:
    assert "--dob DAY, or --edd DAY for an unborn child" in typed.is_refused("plo open 104599 --on 9/3/2026")
    typed.does("plo open 104599 --on 9/3/2026 --edd 1/9/2026")
    assert "cictrack child set 104523 --dob 2019-08-15" in typed.is_refused("plo open 104523 --dob 15/8/2019")


def test_two_days_for_one_fact_are_kept_and_warned_of(typed: Typed) -> None:
    typed.does("iha open 104523 --on 9/3/2026")
    typed.does("placement-order open 104523 --on 20/3/2026")
    answer = typed("placement-order entered-care 104523 --on 10/3/2026")
    assert answer.status == 0
    assert "entered-care is 10 Mar 2026 here and 9 Mar 2026" in answer.err


def test_a_second_period_is_named_by_its_number_and_the_open_one_by_none(typed: Typed) -> None:
    typed.does("plo close 104523 --on 20/3/2026 --reason left-care")
    typed.does("plo reopen 104523 --on 23/3/2026")
    assert typed.does("plo letter 104523 --on 24/3/2026").startswith("plo 104523#2:")
    assert typed.does("plo letter 104523#1 --on 5/3/2026").startswith("plo 104523:")
    assert typed.is_refused("plo letter 104523#3").startswith("There is no plo 104523#3: 104523 has 2 periods.")


def test_a_family_is_recorded_at_once_and_those_left_out_are_named(typed: Typed) -> None:
    typed.does("plo open 104524 --on 2/3/2026 --dob 1/1/2020 --family F17")
    typed.does("plo open 104525 --on 2/3/2026 --dob 1/1/2021 --family F17")
    typed.does("plo close 104525 --on 3/3/2026 --reason died")
    typed.does("plo letter 104524 --on 5/3/2026")
    answer = typed("plo letter 104523 --on 5/3/2026 --family")
    assert answer.out.startswith("plo 104523: letter before proceedings sent")
    assert answer.err == (
        "Left out: plo 104524, it is recorded for 5 Mar 2026 already.\nLeft out: plo 104525, closed on 3 Mar 2026.\n"
    )


def test_what_one_sibling_refuses_is_recorded_for_none(typed: Typed) -> None:
    typed.does("plo open 104524 --on 9/3/2026 --dob 1/1/2020 --family F17")
    said = typed.is_refused("plo letter 104523 --on 5/3/2026 --family")
    assert said.startswith("plo 104524: letter on 5 Mar 2026 is before the case opened on 9 Mar 2026")


def test_a_case_without_a_family_says_how_to_give_it_one(typed: Typed) -> None:
    typed.does("plo open 7 --on 2/3/2026 --dob 1/1/2020")
    said = typed.is_refused("plo letter 7 --family")
    assert said == "plo 7 belongs to no family. Say which: cictrack assign plo 7 --family KEY"


def test_days_of_fields_may_lie_ahead_and_several_values_are_a_list(typed: Typed) -> None:
    typed.does("fragile open 104523 --on 9/3/2026 --indicator exclusion --indicator no-support")
    db = open_register(typed.path)
    assert events_of(db, "104523")[-1].fields["indicator"] == ["exclusion", "no-support"]
    db.close()


def test_a_case_opened_in_error_takes_nothing_until_its_closing_is_withdrawn(typed: Typed) -> None:
    out = typed.does("plo close 104523 --reason opened-in-error")
    assert "stands in no count any more" in out
    assert "was opened in error and is closed" in typed.is_refused("plo letter 104523")
    typed.does("plo withdraw 104523 closed --reason 'wrong child'")
    typed.does("plo letter 104523")


MET_BY = {"letter": "letter before proceedings", "meeting": "first effective meeting"}


@settings(deadline=None, max_examples=20)
@given(after=st.integers(0, 60), later=st.integers(0, 60))
def test_recording_what_meets_a_deadline_removes_exactly_that_one(
    tmp_path_factory: pytest.TempPathFactory, after: int, later: int
) -> None:
    db = create(tmp_path_factory.mktemp("met") / "register.db", "somebody")
    opened = date(2026, 1, 5)
    today = date(2026, 12, 1)
    with recording(db, today=today, by="tester") as it:
        it.take("child", "1", "born", date(2019, 1, 1), {})
        it.take("plo", "1", "decision", opened, {})
        (first,) = (one for one in it.settle() if one.events)
    due = {ahead.title for ahead in first.ahead}
    day = opened
    for kind, days in (("letter", after), ("meeting", later)):
        day += timedelta(days=days)
        with recording(db, today=today, by="tester") as it:
            it.take_on(it.case("plo", CaseName("1")), kind, day, {})
            (then,) = it.settle()
        left = {ahead.title for ahead in then.ahead}
        assert due - left == {MET_BY[kind]}
        due = left
    db.close()


def test_what_was_recorded_is_in_the_history_in_full(typed: Typed) -> None:
    typed.does("plo letter 104523 --on 5/3/2026")
    rows = json.loads(typed.does("history plo 104523 --format json"))
    assert [(row["kind"], row["day"], row["recorded_by"]) for row in rows][-1] == ("letter", "2026-03-05", "tester")


def test_what_an_answer_makes_required_is_named(team: Typed, tmp_path: Path) -> None:
    typed = Typed.copy_of(team, tmp_path / "register.db")
    answer = typed("plo step 104523 --on 20/3/2026 --outcome step-down")
    assert answer.status == 1
    assert "outcome step-down needs --to: child-in-need, child-protection" in answer.err
