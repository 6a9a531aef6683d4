"""Fragile placements, sentence by sentence of the specification, on worked days."""

from __future__ import annotations

from datetime import date

import pytest
from ledgers import OneCase, case, changed

from cictrack.registers._fragile import INDICATORS, level_on

FLAG = """
child 1 born 2017-03-01
2026-01-05 fragile flag source=carer indicator=needs-not-met
"""
HELD = FLAG + "2026-01-12 fragile stability-meeting\n"


def level(found: OneCase, on: str) -> str:
    return level_on(found.result.case, date.fromisoformat(on)).level


def indicators(found: OneCase, on: str) -> tuple[str, ...]:
    return level_on(found.result.case, date.fromisoformat(on)).indicators


def test_the_clocks_of_a_flag() -> None:
    fragile = case(FLAG)
    assert fragile.due("2026-01-05") == {
        "fragile.assess": "2026-01-07",
        "fragile.iro": "2026-01-07",
        "fragile.meeting": "2026-01-19",
    }
    assert fragile.amber("2026-01-05")["fragile.meeting"] == "2026-01-15"
    assert fragile.amber("2026-01-05")["fragile.assess"] == "2026-01-05"


def test_what_meets_them() -> None:
    fragile = case(HELD + "2026-01-06 fragile assessed\n2026-01-08 fragile iro-told")
    assert fragile.history("fragile.assess") == [("2026-01-07", "2026-01-06", "")]
    assert fragile.history("fragile.iro") == [("2026-01-07", "2026-01-08", "")]
    assert fragile.history("fragile.meeting") == [("2026-01-19", "2026-01-12", "")]


def test_a_review_every_28_days_from_the_stability_meeting_until_the_case_closes() -> None:
    fragile = case(HELD + "2026-02-02 fragile review\n2026-02-20 fragile stabilised")
    assert fragile.due("2026-01-12")["fragile.review"] == "2026-02-09"
    assert fragile.due("2026-02-02")["fragile.review"] == "2026-03-02"
    assert fragile.history("fragile.review") == [("2026-02-09", "2026-02-02", ""), ("2026-03-02", "2026-02-20", "")]
    assert fragile.stage("2026-02-20") == "stabilised"


def test_stages_are_the_latest_reached() -> None:
    fragile = case(
        HELD
        + "2026-01-06 fragile assessed\n2026-02-02 fragile notice given_by=carer\n2026-02-09 fragile notice-withdrawn\n"
        + "2026-02-16 fragile moved planned=no reason=CREQB\n2026-03-02 fragile disruption-meeting\n"
    )
    days = ("2026-01-05", "2026-01-06", "2026-01-12", "2026-02-02", "2026-02-09", "2026-02-16", "2026-03-02")
    stages = ["flagged", "assessed", "plan-agreed", "notice-given", "plan-agreed", "moved-unplanned", "broke-down"]
    assert [fragile.stage(day) for day in days] == stages
    assert fragile.blocking("2026-01-12")[1] == "social-care"


def test_a_planned_move_closes() -> None:
    fragile = case(HELD + "2026-02-16 fragile moved planned=yes reason=CARPL")
    assert fragile.stage("2026-02-16") == "moved-planned"
    assert fragile.open_rows("2026-02-16") == []


MOVED = HELD + "2026-02-16 fragile moved planned=no reason=CREQB\n"


def test_an_unplanned_move_stops_every_clock_but_the_disruption_meeting() -> None:
    task = 'a: 2026-01-12 fragile task text="respite" owner=worker due=2026-02-02\n'
    fragile = case(MOVED + task)
    assert "fragile.task" in fragile.due("2026-02-15")
    assert fragile.due("2026-02-16") == {"fragile.disruption": "2026-03-16"}
    assert fragile.alerts("2026-06-01") == {}
    assert fragile.history("fragile.review") == [("2026-02-09", "", "2026-02-16")]


def test_a_task_agreed_after_the_move_has_its_own_day() -> None:
    fragile = case(MOVED + "2026-02-17 fragile task text=visit owner=worker due=2026-02-20")
    assert fragile.overdue("2026-02-21") == {"fragile.task"}


def test_an_unplanned_move_closes_once_the_disruption_meeting_is_held() -> None:
    fragile = case(MOVED + "2026-03-20 fragile disruption-meeting")
    assert "fragile.disruption" in fragile.overdue("2026-03-17")
    assert fragile.history("fragile.disruption") == [("2026-03-16", "2026-03-20", "")]
    assert fragile.stage("2026-03-20") == "broke-down"


def test_or_once_a_reason_is_given_why_it_was_not_held() -> None:
    given = case(MOVED + '2026-03-20 fragile disruption-meeting held=no reason="carer has left"')
    assert given.stage("2026-03-20") == "broke-down"
    assert given.gaps("2026-03-20") == []
    missing = case(MOVED + "2026-03-20 fragile disruption-meeting held=no")
    assert missing.gaps("2026-03-20") == ["disruption-meeting"]


NOTICE = HELD + "2026-02-02 fragile notice given_by=carer\n"


def test_notice_is_due_the_day_it_ends_28_days_on_amber_14_before() -> None:
    fragile = case(NOTICE)
    assert fragile.due("2026-02-02")["fragile.notice"] == "2026-03-02"
    assert fragile.amber("2026-02-02")["fragile.notice"] == "2026-02-16"
    given = case(NOTICE.replace("given_by=carer", "given_by=provider ends_on=2026-02-13"))
    assert given.due("2026-02-02")["fragile.notice"] == "2026-02-13"
    assert given.amber("2026-02-02")["fragile.notice"] == "2026-02-02"


def test_notice_is_met_by_a_move_or_by_stabilising() -> None:
    moved = case(NOTICE + "2026-02-20 fragile moved planned=no reason=CREQB")
    assert moved.history("fragile.notice") == [("2026-03-02", "2026-02-20", "")]
    stabilised = case(NOTICE + "2026-02-20 fragile stabilised")
    assert stabilised.history("fragile.notice") == [("2026-03-02", "2026-02-20", "")]


def test_notice_withdrawn_stops_its_clock_and_takes_its_indicator_away() -> None:
    fragile = case(NOTICE + "2026-02-09 fragile notice-withdrawn\n2026-03-09 fragile notice given_by=carer\n")
    assert "notice-given" in indicators(fragile, "2026-02-08")
    assert level(fragile, "2026-02-08") == "red"
    assert "notice-given" not in indicators(fragile, "2026-02-09")
    assert level(fragile, "2026-02-09") == "watch"
    assert "fragile.notice" not in fragile.due("2026-02-09")
    assert fragile.history("fragile.notice") == [("2026-03-02", "", "2026-02-09"), ("2026-04-06", "", "")]
    assert fragile.stage("2026-03-09") == "notice-given"


def test_nothing_recorded_since_notice_was_given() -> None:
    fragile = case(NOTICE + "2026-02-20 fragile assigned worker=S9\n2026-02-23 fragile support kind=respite")
    assert "fragile.notice-no-plan" not in fragile.alerts("2026-02-15")
    sentence = "notice ends 2 Mar 2026, nothing recorded since it was given"
    assert fragile.alerts("2026-02-16")["fragile.notice-no-plan"] == sentence
    assert "fragile.notice-no-plan" in fragile.alerts("2026-02-20")
    assert "fragile.notice-no-plan" not in fragile.alerts("2026-02-23")


WEIGHTS = [
    ("notice-given", 5),
    ("carer-cannot-continue", 4),
    ("allegation-or-standards", 4),
    ("child-wants-to-leave", 3),
    ("missing", 3),
    ("needs-not-met", 2),
    ("exclusion", 2),
    ("moves", 2),
    ("worker-changes", 1),
    ("aged-12-15", 1),
    ("apart-from-siblings", 1),
    ("sdq-17-plus", 1),
    ("no-support", 1),
    ("contact-distress", 1),
]


def test_the_weights_of_the_indicators() -> None:
    assert sorted((i.name, i.weight) for i in INDICATORS) == sorted(WEIGHTS)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("carer-cannot-continue", "watch"),
        ("carer-cannot-continue,sdq-17-plus", "amber"),
        ("carer-cannot-continue,child-wants-to-leave", "amber"),
        ("carer-cannot-continue,child-wants-to-leave,no-support", "red"),
        ("notice-given", "red"),
        ("allegation-or-standards", "red"),
    ],
)
def test_five_is_amber_eight_is_red_and_notice_or_an_allegation_is_red_by_itself(shown: str, expected: str) -> None:
    assert level(case(FLAG.replace("needs-not-met", shown)), "2026-01-05") == expected


def test_an_indicator_appears_and_goes() -> None:
    fragile = case(
        FLAG
        + "2026-02-02 fragile indicator indicator=child-wants-to-leave\n"
        + "2026-03-02 fragile indicator indicator=child-wants-to-leave present=no\n"
    )
    assert level(fragile, "2026-02-01") == "watch"
    assert level(fragile, "2026-02-02") == "amber"
    assert level(fragile, "2026-03-02") == "watch"


def test_a_professional_sets_the_level_with_a_reason() -> None:
    fragile = case(FLAG + '2026-02-02 fragile level level=red reason="police called" by="team manager"')
    found = level_on(fragile.result.case, date(2026, 2, 2))
    assert found.level == "red"
    assert found.why == "set to red by team manager: police called (the checklist: needs-not-met 2 = 2: watch)"


def test_weights_and_cut_offs_are_settings() -> None:
    own = changed({"fragile.weight.needs-not-met": 5})
    assert level(case(FLAG, own), "2026-01-05") == "amber"
    assert level(case(FLAG, changed({"fragile.amber-from": 2})), "2026-01-05") == "amber"


def test_the_meeting_is_due_five_working_days_from_a_red_flag() -> None:
    fragile = case(FLAG.replace("needs-not-met", "allegation-or-standards"))
    assert fragile.due("2026-01-05")["fragile.meeting"] == "2026-01-12"


def test_when_it_turns_red_the_meeting_is_five_working_days_from_then_if_that_is_sooner() -> None:
    fragile = case(FLAG + "2026-01-07 fragile indicator indicator=allegation-or-standards")
    assert fragile.due("2026-01-06")["fragile.meeting"] == "2026-01-19"
    assert fragile.due("2026-01-07")["fragile.meeting"] == "2026-01-14"
    assert "fragile.meeting" in fragile.overdue("2026-01-15")
    later = case(FLAG + "2026-01-13 fragile indicator indicator=allegation-or-standards")
    assert later.due("2026-01-13")["fragile.meeting"] == "2026-01-19"


def test_the_meeting_stays_sooner_when_the_red_goes_again() -> None:
    fragile = case(
        FLAG
        + "2026-01-07 fragile indicator indicator=allegation-or-standards\n"
        + "2026-01-08 fragile indicator indicator=allegation-or-standards present=no\n"
    )
    assert fragile.due("2026-01-09")["fragile.meeting"] == "2026-01-14"


TWELVE = """
child 1 born 2014-01-08
2026-01-05 fragile flag source=carer indicator=carer-cannot-continue,child-wants-to-leave
"""


def test_a_birthday_alone_can_turn_a_placement_red_and_bring_the_meeting_forward() -> None:
    fragile = case(TWELVE)
    assert level(fragile, "2026-01-07") == "amber"
    assert level(fragile, "2026-01-08") == "red"
    assert fragile.due("2026-01-07")["fragile.meeting"] == "2026-01-19"
    assert fragile.due("2026-01-08")["fragile.meeting"] == "2026-01-15"


def test_a_meeting_before_that_birthday_leaves_nothing_to_bring_forward() -> None:
    fragile = case(TWELVE + "2026-01-06 fragile stability-meeting")
    assert fragile.history("fragile.meeting") == [("2026-01-19", "2026-01-06", "")]
    assert "fragile.meeting" not in fragile.due("2026-01-08")


def test_aged_12_to_15_comes_with_the_twelfth_birthday_and_goes_with_the_sixteenth() -> None:
    fragile = case("child 1 born 2010-02-01\n2026-01-05 fragile flag source=iro")
    assert indicators(fragile, "2026-01-31") == ("aged-12-15",)
    assert indicators(fragile, "2026-02-01") == ()


MOVES = """
child 1 born 2017-03-01
2025-02-03 child placement rne=S
2025-03-03 child placement rne=P
2025-12-01 child placement rne=B
2026-01-05 fragile flag source=iro
"""


def test_two_moves_in_twelve_months_are_counted_and_wear_off() -> None:
    fragile = case(MOVES)
    assert indicators(fragile, "2026-01-05") == ("moves",)
    assert indicators(fragile, "2026-03-02") == ("moves",)
    assert indicators(fragile, "2026-03-03") == ()


def test_only_a_change_of_carer_is_a_move() -> None:
    assert indicators(case(MOVES.replace("rne=B", "rne=L")), "2026-01-05") == ()


def test_what_the_record_counts_is_not_typed() -> None:
    typed = "2026-01-06 fragile indicator indicator=moves\n"
    assert indicators(case(FLAG + typed), "2026-01-06") == ("needs-not-met", "moves")
    assert indicators(case(MOVES.replace("rne=B", "rne=L") + typed), "2026-01-06") == ()


def test_missing_twice_in_28_days_is_counted_and_wears_off() -> None:
    fragile = case(FLAG + "2026-01-12 child missing\n2026-01-26 child missing\n2026-03-02 child missing")
    assert "missing" not in indicators(fragile, "2026-01-25")
    assert "missing" in indicators(fragile, "2026-01-26")
    assert "missing" in indicators(fragile, "2026-02-08")
    assert "missing" not in indicators(fragile, "2026-02-09")
    assert "missing" not in indicators(fragile, "2026-03-02")


def test_two_changes_of_worker_in_twelve_months() -> None:
    fragile = case(FLAG + "2025-06-02 child worker id=A\n2025-09-01 child worker id=B\n2026-02-02 child worker id=C")
    assert "worker-changes" not in indicators(fragile, "2026-02-01")
    assert "worker-changes" in indicators(fragile, "2026-02-02")
    assert "worker-changes" not in indicators(fragile, "2026-09-01")


RED = FLAG.replace("needs-not-met", "allegation-or-standards")


def test_red_for_28_days() -> None:
    fragile = case(RED + "2026-03-02 fragile indicator indicator=allegation-or-standards present=no")
    assert "fragile.red-standing" not in fragile.alerts("2026-02-01")
    assert fragile.alerts("2026-02-02")["fragile.red-standing"] == "red since 5 Jan 2026"
    assert "fragile.red-standing" not in fragile.alerts("2026-03-02")


def test_an_alert_of_a_red_that_wears_off_with_the_days_goes_with_them() -> None:
    red = (
        "child 1 born 2010-03-02\n"
        "2026-01-05 fragile flag source=iro indicator=carer-cannot-continue,child-wants-to-leave"
    )
    fragile = case(red)
    assert fragile.alerts("2026-03-01")["fragile.red-standing"] == "red since 5 Jan 2026"
    assert "fragile.red-standing" not in fragile.alerts("2026-03-02")


def test_no_support_recorded_ten_working_days_at_amber_or_red() -> None:
    fragile = case(RED + "2026-02-02 fragile support kind=respite helped=unknown")
    assert "fragile.no-support" not in fragile.alerts("2026-01-18")
    assert fragile.alerts("2026-01-19")["fragile.no-support"] == "amber or red since 5 Jan 2026, no support recorded"
    assert "fragile.no-support" not in fragile.alerts("2026-02-02")
    assert "fragile.no-support" not in case(FLAG).alerts("2026-06-01")


def test_the_days_at_amber_count_when_it_turns_red() -> None:
    fragile = case(
        FLAG.replace("needs-not-met", "carer-cannot-continue,sdq-17-plus")
        + "2026-01-12 fragile indicator indicator=allegation-or-standards\n"
    )
    assert fragile.alerts("2026-01-19")["fragile.no-support"] == "amber or red since 5 Jan 2026, no support recorded"


def test_an_alert_that_stands_does_not_begin_again_when_amber_turns_red() -> None:
    fragile = case(
        FLAG.replace("needs-not-met", "carer-cannot-continue,sdq-17-plus")
        + "2026-03-02 fragile indicator indicator=allegation-or-standards\n"
    )
    assert fragile.alerts("2026-03-01")["fragile.no-support"] == fragile.alerts("2026-03-02")["fragile.no-support"]


def test_nothing_recorded_for_14_days() -> None:
    fragile = case(FLAG)
    assert "fragile.stale" not in fragile.alerts("2026-01-18")
    assert fragile.alerts("2026-01-19")["fragile.stale"] == "nothing recorded since 5 Jan 2026"


def test_flagged_again_within_90_days_of_being_stabilised() -> None:
    first = FLAG + "2026-02-02 fragile stabilised\n"
    again = case(first + "2026-05-03 fragile flag source=school", period=2)
    assert again.alerts("2026-05-03")["fragile.reflagged"] == "flagged again 90 days after it was stabilised"
    later = case(first + "2026-05-04 fragile flag source=school", period=2)
    assert "fragile.reflagged" not in later.alerts("2026-05-04")
    moved = case(
        FLAG + "2026-02-02 fragile moved planned=yes reason=CARPL\n2026-02-09 fragile flag source=school", period=2
    )
    assert "fragile.reflagged" not in moved.alerts("2026-02-09")


@pytest.mark.parametrize("kind", ["notice", "support kind=respite", "indicator indicator=exclusion"])
def test_these_may_be_dated_before_the_flag(kind: str) -> None:
    assert case(FLAG + f"2025-12-15 fragile {kind}").gaps("2026-01-05") == []


@pytest.mark.parametrize("kind", ["assessed", "iro-told", "stability-meeting", "review", "stabilised"])
def test_and_nothing_else(kind: str) -> None:
    assert kind in case(FLAG + f"2025-12-15 fragile {kind}").gaps("2026-01-05")


def test_notice_before_the_flag_runs_from_the_flag_and_counts_from_the_notice() -> None:
    fragile = case(FLAG + "2025-12-29 fragile notice")
    assert fragile.due("2026-01-05")["fragile.notice"] == "2026-01-26"
    assert fragile.due("2026-01-05")["fragile.meeting"] == "2026-01-12"
    assert fragile.stage("2026-01-05") == "notice-given"


def test_a_notice_that_was_never_given_cannot_be_withdrawn() -> None:
    assert case(HELD + "2026-02-09 fragile notice-withdrawn").gaps("2026-02-09") == ["notice-withdrawn"]
