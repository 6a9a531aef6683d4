"""Pre-proceedings, sentence by sentence of the specification, on worked days."""

from __future__ import annotations

from datetime import date

import pytest
from ledgers import case, changed, child

from cictrack.registers import registers

DECIDED = """
child 1 born 2019-01-01
2026-01-05 plo decision
"""
LETTER = DECIDED + "2026-01-08 plo letter fgdm_offered=yes\n"
MET = LETTER + "2026-01-20 plo meeting\n"


def test_the_letter_is_due_five_working_days_after_the_decision() -> None:
    plo = case(DECIDED)
    assert plo.due("2026-01-05")["plo.letter"] == "2026-01-12"
    assert plo.severity("2026-01-07")["plo.letter"] == "GREEN"
    assert plo.severity("2026-01-08")["plo.letter"] == "AMBER"
    assert plo.severity("2026-01-12")["plo.letter"] == "AMBER"
    assert plo.severity("2026-01-13")["plo.letter"] == "RED"


def test_easter_and_christmas_are_no_working_days() -> None:
    easter = DECIDED.replace("2026-01-05", "2026-04-02")
    assert case(easter).due("2026-04-02")["plo.letter"] == "2026-04-13"
    christmas = DECIDED.replace("2026-01-05", "2026-12-24")
    assert case(christmas).due("2026-12-24")["plo.letter"] == "2027-01-05"


def test_a_letter_meets_its_rule_on_its_day_in_time_or_late() -> None:
    assert case(LETTER).history("plo.letter") == [("2026-01-12", "2026-01-08", "")]
    late = case(DECIDED + "2026-01-15 plo letter")
    assert late.overdue("2026-01-14") == {"plo.letter"}
    assert late.overdue("2026-01-15") == set()
    assert late.history("plo.letter") == [("2026-01-12", "2026-01-15", "")]


def test_the_first_effective_meeting_is_due_ten_working_days_after_the_letter() -> None:
    plo = case(LETTER)
    assert "plo.meeting" not in plo.due("2026-01-07")
    assert plo.due("2026-01-08")["plo.meeting"] == "2026-01-22"


def test_no_meeting_is_due_and_nothing_is_missing_while_the_letter_is_waited_for() -> None:
    plo = case(DECIDED)
    assert "plo.meeting" not in plo.due("2026-06-01")
    assert plo.gaps("2026-06-01") == []


def test_an_abortive_meeting_does_not_stop_the_clock() -> None:
    plo = case(LETTER + "2026-01-20 plo meeting effective=no")
    assert plo.due("2026-01-21")["plo.meeting"] == "2026-01-22"
    assert plo.stage("2026-01-21") == "letter-sent"


def test_a_meeting_after_an_abortive_one_meets_the_rule() -> None:
    plo = case(LETTER + "2026-01-20 plo meeting effective=no\n2026-01-27 plo meeting effective=yes")
    assert plo.history("plo.meeting") == [("2026-01-22", "2026-01-27", "")]
    assert plo.stage("2026-01-27") == "in-pre-proceedings"


def test_a_meeting_without_the_letter_stops_the_letters_clock_and_reveals_the_gap() -> None:
    plo = case(DECIDED + "2026-01-20 plo meeting")
    assert plo.overdue("2026-01-19") == {"plo.letter"}
    assert plo.overdue("2026-01-20") == set()
    assert plo.history("plo.letter") == [("2026-01-12", "", "2026-01-20")]
    assert plo.gaps("2026-01-19") == []
    assert plo.gaps("2026-01-20") == ["letter"]


def test_a_letter_found_later_ends_the_gap_from_its_day() -> None:
    plo = case(DECIDED + "2026-01-20 plo meeting\n2026-01-23 plo letter")
    assert plo.gaps("2026-01-22") == ["letter"]
    assert "letter" not in plo.gaps("2026-01-23")
    assert plo.history("plo.letter") == [("2026-01-12", "", "2026-01-20")]
    assert "plo.meeting" not in plo.due("2026-01-23")


def test_a_review_without_letter_or_meeting_reveals_both() -> None:
    plo = case(DECIDED + "2026-02-10 plo review")
    assert plo.gaps("2026-02-10") == ["letter", "meeting"]
    assert plo.stage("2026-02-10") == "reviewed"


def test_a_letter_after_a_review_asks_for_no_meeting_that_is_missing_already() -> None:
    plo = case(DECIDED + "2026-01-06 plo review\n2026-01-08 plo letter")
    assert "plo.meeting" not in plo.due("2026-01-08")
    assert "meeting" in plo.gaps("2026-01-08")


def test_the_review_is_due_six_weeks_after_the_meeting_then_after_each_review() -> None:
    plo = case(MET + "2026-02-25 plo review\n2026-04-01 plo review")
    assert plo.due("2026-01-20")["plo.review"] == "2026-03-03"
    assert plo.due("2026-02-25")["plo.review"] == "2026-04-08"
    assert plo.due("2026-04-01")["plo.review"] == "2026-05-13"
    assert plo.history("plo.review") == [
        ("2026-03-03", "2026-02-25", ""),
        ("2026-04-08", "2026-04-01", ""),
        ("2026-05-13", "", ""),
    ]


def test_two_reviews_on_one_day_meet_one_after_the_other() -> None:
    plo = case(MET + "2026-02-25 plo review\n2026-02-25 plo review")
    assert plo.due("2026-02-25")["plo.review"] == "2026-04-08"
    assert plo.history("plo.review")[-1] == ("2026-04-08", "", "")


def test_a_step_meets_the_review() -> None:
    plo = case(MET + "2026-02-20 plo step outcome=issue")
    assert plo.history("plo.review") == [("2026-03-03", "2026-02-20", "")]


def test_pre_proceedings_end_sixteen_weeks_after_the_decision_amber_at_twelve() -> None:
    plo = case(DECIDED)
    assert plo.due("2026-01-05")["plo.end"] == "2026-04-27"
    assert plo.amber("2026-01-05")["plo.end"] == "2026-03-30"
    assert plo.severity("2026-03-29")["plo.end"] == "GREEN"
    assert plo.severity("2026-04-28")["plo.end"] == "RED"


def test_an_extension_moves_the_end_from_its_own_day_and_not_before() -> None:
    plo = case(DECIDED + '2026-04-20 plo extension to=2026-06-22 agreed_by="head of service" reason=assessment')
    assert plo.due("2026-04-19")["plo.end"] == "2026-04-27"
    assert plo.due("2026-04-20")["plo.end"] == "2026-06-22"
    assert plo.amber("2026-04-20")["plo.end"] == "2026-05-25"
    assert plo.history("plo.end") == [("2026-04-27", "", "2026-04-20"), ("2026-06-22", "", "")]


def test_an_extension_on_the_due_day_is_never_overdue() -> None:
    plo = case(DECIDED + "2026-04-27 plo extension to=2026-06-22 agreed_by=head reason=assessment")
    assert not any("plo.end" in plo.overdue(day) for day in ("2026-04-27", "2026-04-28", "2026-06-22"))
    assert "plo.end" in plo.overdue("2026-06-23")


def test_an_extension_after_the_due_day_was_overdue_until_it() -> None:
    plo = case(DECIDED + "2026-04-30 plo extension to=2026-06-22 agreed_by=head reason=assessment")
    assert "plo.end" in plo.overdue("2026-04-29")
    assert "plo.end" not in plo.overdue("2026-04-30")


def test_an_extension_must_be_later_than_the_end_it_replaces() -> None:
    plo = case(DECIDED + "2026-04-20 plo extension to=2026-04-27 agreed_by=head reason=assessment")
    assert plo.gaps("2026-04-20") == ["extension"]
    assert "no later than the end it replaces" in plo.why("extension")


def test_a_second_extension_is_an_alert_with_the_weeks_from_the_decision() -> None:
    plo = case(
        DECIDED
        + "2026-04-20 plo extension to=2026-06-22 agreed_by=head reason=a\n"
        + "2026-06-15 plo extension to=2026-07-20 agreed_by=head reason=b\n"
        + "2026-06-29 plo step outcome=issue\n"
    )
    assert "plo.extended-again" not in plo.alerts("2026-06-14")
    assert plo.alerts("2026-06-15")["plo.extended-again"] == "extended 2 times; now 28 weeks"
    assert "plo.extended-again" not in plo.alerts("2026-06-29")


def test_an_application_is_due_ten_working_days_after_the_decision_to_issue() -> None:
    plo = case(MET + "2026-03-30 plo step outcome=issue\n2026-04-10 plo application")
    assert plo.due("2026-03-30") == {"plo.application": "2026-04-15"}
    assert plo.stage("2026-03-30") == "to-issue"
    assert plo.blocking("2026-03-30") == ("application", "legal")
    assert plo.stage("2026-04-10") == "issued"
    assert plo.history("plo.application") == [("2026-04-15", "2026-04-10", "")]
    assert plo.due("2026-04-10") == {}


def test_a_step_stops_the_letter_and_the_meeting() -> None:
    plo = case(DECIDED + "2026-02-02 plo step outcome=issue")
    assert plo.history("plo.letter") == [("2026-01-12", "", "2026-02-02")]
    plo = case(LETTER + "2026-02-02 plo step outcome=issue")
    assert plo.history("plo.meeting") == [("2026-01-22", "", "2026-02-02")]


def test_stepping_down_closes_the_case_and_ends_every_clock() -> None:
    plo = case(MET + "2026-03-02 plo step outcome=step-down to=child-in-need")
    assert plo.stage("2026-03-01") == "in-pre-proceedings"
    assert plo.stage("2026-03-02") == "stepped-down"
    assert plo.result.closed_on is not None
    assert plo.open_rows("2026-03-02") == []
    assert plo.history("plo.end") == [("2026-04-27", "2026-03-02", "")]


def test_stepping_down_says_to_what() -> None:
    plo = case(MET + "2026-03-02 plo step outcome=step-down")
    assert plo.gaps("2026-03-02") == ["step"]


def test_an_application_needs_a_decision_to_issue() -> None:
    plo = case(MET + "2026-03-02 plo application")
    assert "application" in plo.gaps("2026-03-02")


def test_a_letter_of_issue_is_recorded_on_the_closed_case() -> None:
    issued = MET + "2026-03-02 plo step outcome=issue\n2026-03-09 plo application\n2026-03-11 plo issue-letter"
    assert case(issued).gaps("2026-04-01") == []
    without = MET + "2026-03-11 plo issue-letter"
    assert case(without).gaps("2026-04-01") == ["issue-letter"]


def test_what_is_dated_later_than_the_closing_stands_in_gaps_and_changes_nothing() -> None:
    plo = case(MET + "2026-03-02 plo step outcome=step-down to=no-further\n2026-04-01 plo review")
    assert plo.stage("2026-05-01") == "stepped-down"
    assert plo.gaps("2026-03-31") == []
    assert plo.gaps("2026-04-01") == ["review"]


@pytest.mark.parametrize("kind", ["letter", "meeting", "review", "step outcome=issue", "note"])
def test_nothing_but_family_decision_making_is_dated_before_the_decision(kind: str) -> None:
    plo = case(DECIDED + f"2026-01-02 plo {kind}")
    assert kind.split(maxsplit=1)[0] in plo.gaps("2026-01-05")
    assert case(DECIDED + "2025-12-15 plo fgdm").gaps("2026-01-05") == []


def test_nothing_is_dated_before_birth() -> None:
    plo = case("child 1 born 2026-01-10\n2026-01-05 plo decision\n2026-01-08 plo letter")
    assert plo.gaps("2026-02-01") == ["decision", "letter"]


def test_stages_are_the_furthest_reached() -> None:
    plo = case(MET + "2026-02-25 plo review\n2026-03-02 plo step outcome=issue\n2026-03-09 plo application")
    days = ("2026-01-04", "2026-01-05", "2026-01-08", "2026-01-20", "2026-02-25", "2026-03-02", "2026-03-09")
    stages = ["", "decided", "letter-sent", "in-pre-proceedings", "reviewed", "to-issue", "issued"]
    assert [plo.stage(day) for day in days] == stages


def test_what_blocks_is_the_next_step_and_social_care_makes_it() -> None:
    plo = case(MET + "2026-02-25 plo review")
    assert plo.blocking("2026-01-05") == ("letter", "social-care")
    assert plo.blocking("2026-01-08") == ("meeting", "social-care")
    assert plo.blocking("2026-01-20") == ("review", "social-care")
    assert plo.blocking("2026-02-25") == ("step", "social-care")


def test_no_effective_meeting_fifteen_working_days_after_the_decision() -> None:
    plo = case(LETTER + "2026-01-20 plo meeting effective=no\n2026-02-03 plo meeting")
    assert "plo.no-meeting" not in plo.alerts("2026-01-25")
    sentence = "no effective meeting 15 working days after the decision"
    assert plo.alerts("2026-01-26")["plo.no-meeting"] == sentence
    assert "plo.no-meeting" not in plo.alerts("2026-02-03")


def test_twelve_weeks_with_no_step() -> None:
    plo = case(MET + "2026-04-10 plo step outcome=issue")
    assert "plo.over-target" not in plo.alerts("2026-03-29")
    sentence = "12 weeks in pre-proceedings with no decision to step down or issue"
    assert plo.alerts("2026-03-30")["plo.over-target"] == sentence
    assert "plo.over-target" not in plo.alerts("2026-04-10")


def test_nothing_recorded_for_28_days() -> None:
    plo = case(LETTER)
    assert "plo.stale" not in plo.alerts("2026-02-04")
    assert plo.alerts("2026-02-05")["plo.stale"] == "nothing recorded since 8 Jan 2026"


@pytest.mark.parametrize("counts", ["note", "task text=a owner=b due=2026-05-01", "details", "outstanding"])
def test_notes_and_tasks_are_signs_of_work(counts: str) -> None:
    plo = case(LETTER + f"2026-01-30 plo {counts}")
    assert "plo.stale" not in plo.alerts("2026-02-05")
    assert "plo.stale" in plo.alerts("2026-02-27")


@pytest.mark.parametrize(
    "counts", ["assigned worker=S2", "exception rule=plo.end reason=court agreed_by=head until=2026-06-01"]
)
def test_assignments_and_exceptions_are_none(counts: str) -> None:
    plo = case(LETTER + f"2026-01-30 plo {counts}")
    assert "plo.stale" in plo.alerts("2026-02-05")


def test_a_correction_is_no_sign_of_work_but_says_the_true_day() -> None:
    plo = case(DECIDED + "l: 2026-01-08 plo letter\ncorrect l: 2026-01-07 plo letter")
    assert plo.history("plo.letter") == [("2026-01-12", "2026-01-07", "")]
    assert plo.due("2026-01-07")["plo.meeting"] == "2026-01-21"
    assert plo.alerts("2026-02-04")["plo.stale"] == "nothing recorded since 7 Jan 2026"


def test_a_withdrawn_event_never_happened() -> None:
    plo = case(DECIDED + "l: 2026-01-08 plo letter\nwithdraw l")
    assert plo.stage("2026-02-01") == "decided"
    assert "plo.letter" in plo.overdue("2026-02-01")


TASKS = (
    MET
    + """
a: 2026-01-20 plo task text="parenting course" owner=parents due=2026-02-02
b: 2026-01-20 plo assessment kind=cognitive assessor=psychologist due=2026-02-16
c: 2026-01-20 plo task text="housing letter" owner=worker due=2026-02-16
"""
)


def test_a_task_is_due_on_its_own_day_and_met_when_done() -> None:
    plo = case(TASKS + "2026-02-05 plo task-done task=a")
    task = next(row for row in plo.open_rows("2026-01-21") if row.span.why == "parenting course")
    assert (task.span.due_on.isoformat(), task.span.amber_on.isoformat()) == ("2026-02-02", "2026-01-29")
    assert task.met_on is not None
    assert task.met_on.isoformat() == "2026-02-05"
    assert plo.overdue("2026-02-03") == {"plo.task"}
    assert plo.overdue("2026-02-05") == set()


def test_an_assessment_is_a_task_with_a_kind_and_done_when_received() -> None:
    plo = case(TASKS + "2026-02-05 plo task-done task=a\n2026-02-10 plo task-done task=c")
    assert plo.overdue("2026-02-17") == {"plo.task"}
    assert [t.text for t in plo.result.tasks] == ["cognitive assessment", "parenting course", "housing letter"]
    done = case(TASKS + "2026-02-12 plo task-done task=b")
    assert [t.done_on.isoformat() if t.done_on else "" for t in done.result.tasks] == ["2026-02-12", "", ""]


def test_a_step_stops_the_tasks_agreed_before_it_but_not_those_agreed_after() -> None:
    plo = case(
        TASKS + "2026-02-05 plo step outcome=issue\n2026-02-06 plo task text=statement owner=worker due=2026-02-13\n"
    )
    assert plo.overdue("2026-02-04") == {"plo.task"}
    assert plo.overdue("2026-02-05") == set()
    assert plo.overdue("2026-02-16") == {"plo.task"}
    assert "plo.tasks" not in plo.alerts("2026-03-02")


def test_two_or_more_tasks_past_their_day_are_an_alert_that_names_the_oldest() -> None:
    plo = case(TASKS + "2026-02-20 plo task-done task=a\n2026-02-24 plo task-done task=b")
    assert "plo.tasks" not in plo.alerts("2026-02-16")
    three = "3 agreed tasks past their day, the oldest parents: parenting course"
    assert plo.alerts("2026-02-17")["plo.tasks"] == three
    two = "2 agreed tasks past their day, the oldest psychologist: cognitive assessment"
    assert plo.alerts("2026-02-20")["plo.tasks"] == two
    assert "plo.tasks" not in plo.alerts("2026-02-24")


def test_two_late_tasks_alert_again_when_another_falls_late_after_one_was_done() -> None:
    plo = case(
        MET
        + "a: 2026-01-20 plo task text=a owner=x due=2026-02-02\n"
        + "b: 2026-01-20 plo task text=b owner=x due=2026-02-09\n"
        + "2026-02-12 plo task-done task=a\n"
        + "e: 2026-02-16 plo task text=e owner=x due=2026-02-05\n"
    )
    assert "plo.tasks" in plo.alerts("2026-02-10")
    assert "plo.tasks" not in plo.alerts("2026-02-12")
    assert plo.alerts("2026-02-16")["plo.tasks"] == "2 agreed tasks past their day, the oldest x: e"


def test_a_task_that_was_never_agreed_cannot_be_done() -> None:
    plo = case(
        "child 1 born 2019-01-01\n2026-01-05 plo decision\nn: 2026-01-06 plo note\n2026-01-07 plo task-done task=n"
    )
    assert plo.gaps("2026-01-07") == ["task-done"]


def test_issue_decided_with_no_record_of_an_offer() -> None:
    plo = case(DECIDED + "2026-01-08 plo letter\n2026-01-20 plo meeting\n2026-03-02 plo step outcome=issue")
    assert "plo.fgdm" not in plo.alerts("2026-03-01")
    sentence = "decision to issue with no record of a family group decision-making offer"
    assert plo.alerts("2026-03-02")["plo.fgdm"] == sentence
    assert "plo.fgdm" not in case(MET + "2026-03-02 plo step outcome=issue").alerts("2026-03-02")


EXPECTED = "child 1 expected 2026-06-15\n2026-01-05 plo decision\n"


def test_a_step_before_the_birth_is_due_four_weeks_before_the_expected_day() -> None:
    plo = case(EXPECTED)
    assert plo.due("2026-01-05")["plo.unborn"] == "2026-05-18"
    assert plo.amber("2026-01-05")["plo.unborn"] == "2026-04-20"
    stepped = case(EXPECTED + "2026-05-01 plo step outcome=issue")
    assert stepped.history("plo.unborn") == [("2026-05-18", "2026-05-01", "")]


def test_birth_stops_the_clock_of_the_unborn() -> None:
    plo = case(EXPECTED.replace("\n", " born 2026-05-25\n", 1))
    assert "plo.unborn" in plo.overdue("2026-05-24")
    assert "plo.unborn" not in plo.overdue("2026-05-25")
    assert plo.history("plo.unborn") == [("2026-05-18", "", "2026-05-25")]
    assert plo.gaps("2026-08-01") == []
    assert str(plo.child.edd) == "2026-06-15"


def test_an_expected_day_three_weeks_past_and_no_birth_is_a_gap() -> None:
    plo = case(EXPECTED)
    assert plo.gaps("2026-07-05") == []
    assert plo.gaps("2026-07-06") == ["dob"]


def test_a_child_with_neither_birth_nor_expected_day_cannot_be_judged() -> None:
    assert case("child 1\n2026-01-05 plo decision").gaps("2026-01-05") == ["dob"]


def test_a_decision_later_than_week_22_of_pregnancy_is_a_warning() -> None:
    warn = case(EXPECTED).result.case.register.kind["decision"].warn
    assert warn is not None
    late = case(EXPECTED.replace("2026-01-05", "2026-02-10"))
    said = warn(late.result.case, late.found.opening)
    assert said is not None
    assert "later than week 22" in said
    in_time = case(EXPECTED.replace("2026-01-05", "2026-02-09"))
    assert warn(in_time.result.case, in_time.found.opening) is None


def test_opened_in_error_leaves_every_count_on_every_day() -> None:
    for reason in ("opened-in-error", "duplicate"):
        plo = case(LETTER + f"2026-03-02 plo closed reason={reason}")
        assert plo.result.void
        assert plo.stage("2026-01-10") == ""
        assert plo.open_rows("2026-01-10") == []
        assert plo.gaps("2026-01-10") == []


@pytest.mark.parametrize("reason", ["left-care", "moved-authority", "turned-18", "died"])
def test_other_closings_stay_in_history(reason: str) -> None:
    plo = case(LETTER + f"2026-03-02 plo closed reason={reason}")
    assert plo.stage("2026-03-01") == "letter-sent"
    assert plo.stage("2026-03-02") == reason
    assert plo.overdue("2026-03-01") == {"plo.meeting"}
    assert plo.history("plo.meeting") == [("2026-01-22", "", "2026-03-02")]


def test_a_closed_case_reopens_as_a_new_period() -> None:
    again = MET + "2026-03-02 plo step outcome=step-down to=child-in-need\n2026-07-06 plo decision\n"
    assert case(again, period=1).open_rows("2026-07-06") == []
    assert case(again, period=2).due("2026-07-06")["plo.letter"] == "2026-07-13"
    assert case(again, period=2).gaps("2026-07-06") == []


def test_a_second_case_while_one_is_open_stands_in_gaps() -> None:
    twice = MET + "2026-03-02 plo decision"
    assert case(twice, period=2).gaps("2026-03-02") == ["decision"]


def test_whose_it_was_when_can_be_told() -> None:
    plo = case(
        "child 1 born 2019-01-01\n2026-01-05 plo decision team=North worker=S1 family=F17\n"
        "2026-02-02 plo assigned worker=S2 iro=I1\n"
    )
    assert plo.held("2026-02-01") == {"team": "North", "worker": "S1", "family": "F17"}
    assert plo.held("2026-02-02") == {"team": "North", "worker": "S2", "family": "F17", "iro": "I1"}


def test_a_local_amount_counts_for_anchors_from_its_day_on() -> None:
    own = changed({"plo.letter": "10 working days"}, since="2026-01-05")
    assert case(DECIDED, own).due("2026-01-05")["plo.letter"] == "2026-01-19"
    earlier = DECIDED.replace("2026-01-05", "2025-12-15")
    assert case(earlier, own).due("2025-12-15")["plo.letter"] == "2025-12-22"


def test_an_exception_stands_beside_the_breach_until_its_day() -> None:
    plo = case(DECIDED + "2026-04-28 plo exception rule=plo.end reason=court agreed_by=head until=2026-05-10")
    assert plo.severity("2026-04-29")["plo.end"] == "RED"
    found = plo.result.exceptions[0]
    assert (found.rule, found.reason, found.until.isoformat()) == ("plo.end", "court", "2026-05-10")


def test_events_that_no_opening_explains_make_no_case() -> None:
    found = child("child 1 born 2019-01-01\n2026-01-05 plo decision\n2026-01-08 plo letter")
    orphans = [e._replace(opening="elsewhere") for e in found.record]
    assert orphans
    assert [c.period for c in found.cases] == [1]


def test_weeks_in_pre_proceedings_end_with_the_step() -> None:
    stepped = case("child 1 born 2019-01-01\n2026-01-05 plo decision\n2026-05-20 plo step outcome=issue")
    weeks = next(column for column in registers()["plo"].page if column.key == "weeks")
    assert weeks.value(stepped.result.case, date(2026, 5, 4)) == 17
    assert weeks.value(stepped.result.case, date(2026, 11, 22)) == 19
