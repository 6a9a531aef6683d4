"""Placement orders, sentence by sentence of the specification, on worked days."""

from __future__ import annotations

import pytest
from ledgers import case

ORDER = """
child 1 born 2021-03-01
2025-06-02 placement-order entered-care
2025-11-03 placement-order adm
2026-01-05 placement-order order
"""
MATCHED = ORDER + "2026-03-02 placement-order match\n"
PLACED = MATCHED + "2026-03-16 placement-order placed\n"


def test_the_clocks_of_an_order() -> None:
    order = case(ORDER)
    assert order.due("2026-01-05") == {
        "placement-order.match": "2026-05-06",
        "placement-order.adm-match": "2026-05-03",
        "placement-order.first-review": "2026-04-05",
        "placement-order.placed": "2026-08-02",
    }
    amber = order.amber("2026-01-05")
    assert amber["placement-order.match"] == "2026-04-05"
    assert amber["placement-order.adm-match"] == "2026-04-19"


def test_no_clock_runs_before_the_order() -> None:
    order = case(ORDER)
    assert order.open_rows("2026-01-04") == []
    assert order.stage("2026-01-04") == ""


def test_a_match_before_the_order_meets_its_rule_before_it_started() -> None:
    order = case(ORDER + "2025-12-15 placement-order match")
    assert order.history("placement-order.match") == [("2026-05-06", "2025-12-15", "")]
    assert "placement-order.match" not in order.due("2026-01-05")
    assert order.due("2026-01-05")["placement-order.move"] == "2026-01-12"
    assert order.stage("2026-01-05") == "matched"


def test_three_months_from_the_decision_for_a_relinquished_child_under_six_months() -> None:
    baby = ORDER.replace("2021-03-01", "2025-05-04").replace(
        "2025-11-03 placement-order adm", "2025-11-03 placement-order adm relinquished=yes"
    )
    assert case(baby).due("2026-01-05")["placement-order.adm-match"] == "2026-02-03"
    older = baby.replace("born 2025-05-04", "born 2025-05-03")
    assert case(older).due("2026-01-05")["placement-order.adm-match"] == "2026-05-03"
    not_relinquished = ORDER.replace("2021-03-01", "2025-05-04")
    assert case(not_relinquished).due("2026-01-05")["placement-order.adm-match"] == "2026-05-03"


def test_the_first_review_is_met_by_a_review_or_by_placing() -> None:
    assert case(ORDER + "2026-03-30 placement-order review").history("placement-order.first-review") == [
        ("2026-04-05", "2026-03-30", "")
    ]
    assert case(PLACED).history("placement-order.first-review") == [("2026-04-05", "2026-03-16", "")]


def test_each_review_is_due_six_months_after_the_last_until_the_child_is_placed() -> None:
    order = case(ORDER + "2026-03-30 placement-order review\n2026-09-01 placement-order review")
    assert order.due("2026-03-30")["placement-order.review"] == "2026-09-30"
    assert order.due("2026-09-01")["placement-order.review"] == "2027-03-01"
    placed = case(ORDER + "2026-03-30 placement-order review\n2026-04-20 placement-order placed")
    assert placed.history("placement-order.review") == [("2026-09-30", "2026-04-20", "")]


def test_a_looked_after_review_is_no_adoption_review() -> None:
    order = case(ORDER + "2026-03-30 child looked-after-review")
    assert "placement-order.first-review" in order.overdue("2026-04-06")


def test_early_permanence_meets_the_fourteen_months_but_is_not_placed() -> None:
    order = case(ORDER + "2025-12-01 placement-order early-permanence")
    assert order.history("placement-order.placed") == [("2026-08-02", "2025-12-01", "")]
    assert order.stage("2026-01-05") == "family-finding"
    assert "placement-order.placed-review-1" not in order.due("2026-01-05")


def test_a_child_is_placed_within_28_days_of_the_match() -> None:
    assert case(MATCHED).due("2026-03-02")["placement-order.move"] == "2026-03-30"
    assert case(PLACED).history("placement-order.move") == [("2026-03-30", "2026-03-16", "")]


def test_the_reviews_after_placement() -> None:
    order = case(
        PLACED
        + "2026-04-10 placement-order review\n2026-07-01 placement-order review\n2026-12-01 placement-order review\n"
    )
    assert order.due("2026-03-16")["placement-order.placed-review-1"] == "2026-04-13"
    assert order.due("2026-04-10")["placement-order.placed-review-2"] == "2026-07-10"
    assert order.due("2026-07-01")["placement-order.placed-review-n"] == "2027-01-01"
    assert order.due("2026-12-01")["placement-order.placed-review-n"] == "2027-06-01"
    assert order.history("placement-order.placed-review-1") == [("2026-04-13", "2026-04-10", "")]
    assert order.history("placement-order.placed-review-2") == [("2026-07-10", "2026-07-01", "")]
    assert "placement-order.review" not in order.due("2026-12-01")


def test_a_review_before_the_placement_does_not_count_as_one_after_it() -> None:
    order = case(MATCHED + "2026-03-09 placement-order review\n2026-03-16 placement-order placed")
    assert order.due("2026-03-16")["placement-order.placed-review-1"] == "2026-04-13"
    assert "placement-order.placed-review-2" not in order.due("2026-03-16")


def test_a_review_on_the_day_of_the_placement_counts() -> None:
    order = case(PLACED + "2026-03-16 placement-order review")
    assert order.due("2026-03-16")["placement-order.placed-review-2"] == "2026-06-16"


def test_adoption_meets_the_later_reviews() -> None:
    order = case(
        PLACED
        + "2026-04-10 placement-order review\n2026-07-01 placement-order review\n2026-09-01 placement-order adopted\n"
    )
    assert order.history("placement-order.placed-review-n") == [("2027-01-01", "2026-09-01", "")]
    assert order.stage("2026-09-01") == "adopted"
    assert order.open_rows("2026-09-01") == []


def test_the_application_is_due_26_weeks_after_placement_amber_at_16() -> None:
    order = case(PLACED + "2026-08-03 placement-order adoption-application")
    assert order.due("2026-03-16")["placement-order.application"] == "2026-09-14"
    assert order.amber("2026-03-16")["placement-order.application"] == "2026-07-06"
    assert order.history("placement-order.application") == [("2026-09-14", "2026-08-03", "")]
    assert order.stage("2026-08-03") == "application-lodged"
    assert order.blocking("2026-08-03") == ("adopted", "court")


def test_an_application_before_ten_weeks_of_placement_is_a_warning() -> None:
    placed = case(PLACED)
    warn = placed.found.register.kind["adoption-application"].warn
    assert warn is not None
    early = placed.found.opening._replace(kind="adoption-application")
    assert warn(placed.result.case, early._replace(day=early.day.replace(2026, 5, 24))) is not None
    assert warn(placed.result.case, early._replace(day=early.day.replace(2026, 5, 25))) is None


def test_time_in_early_permanence_counts_towards_the_ten_weeks() -> None:
    placed = case(PLACED + "2025-12-01 placement-order early-permanence")
    warn = placed.found.register.kind["adoption-application"].warn
    assert warn is not None
    early = placed.found.opening._replace(kind="adoption-application")
    assert warn(placed.result.case, early._replace(day=early.day.replace(2026, 4, 1))) is None


DISRUPTED = PLACED + "2026-05-04 placement-order disrupted\n"


def test_disruption_leads_back_to_family_finding() -> None:
    order = case(DISRUPTED)
    assert order.stage("2026-05-03") == "placed"
    assert order.stage("2026-05-04") == "family-finding"


def test_after_a_disruption_what_was_met_stays_met() -> None:
    order = case(DISRUPTED)
    due = order.due("2026-05-04")
    met = ("match", "adm-match", "placed", "move", "first-review", "application")
    assert not any(f"placement-order.{rule}" in due for rule in met)
    assert order.history("placement-order.match") == [("2026-05-06", "2026-03-02", "")]


def test_the_review_after_a_disruption_is_due_in_42_days_and_not_met_before_28() -> None:
    order = case(DISRUPTED + "2026-05-20 placement-order review\n2026-06-01 placement-order review")
    assert order.due("2026-05-04")["placement-order.disruption-review"] == "2026-06-15"
    assert order.due("2026-05-20")["placement-order.disruption-review"] == "2026-06-15"
    assert order.history("placement-order.disruption-review") == [("2026-06-15", "2026-06-01", "")]
    too_early = case(DISRUPTED + "2026-05-31 placement-order review")
    assert "placement-order.disruption-review" in too_early.due("2026-05-31")


def test_a_disruption_stops_the_reviews_of_the_placement_and_reviews_run_from_its_day() -> None:
    order = case(DISRUPTED)
    assert order.history("placement-order.placed-review-1") == [("2026-04-13", "", "2026-05-04")]
    assert order.due("2026-05-04")["placement-order.review"] == "2026-11-04"


def test_a_second_match_and_placement_run_their_own_clocks() -> None:
    again = DISRUPTED + "2026-09-01 placement-order match\n2026-09-14 placement-order placed\n"
    order = case(again)
    assert order.due("2026-09-01")["placement-order.move"] == "2026-09-29"
    assert order.due("2026-09-14")["placement-order.placed-review-1"] == "2026-10-12"
    assert order.due("2026-09-14")["placement-order.application"] == "2027-03-15"
    assert order.stage("2026-09-14") == "placed"
    assert order.gaps("2026-09-14") == []


def test_alerts_run_from_the_disruption() -> None:
    order = case(DISRUPTED)
    assert "placement-order.no-link" not in order.alerts("2026-08-03")
    assert order.alerts("2026-08-04")["placement-order.no-link"] == "no active link 92 days after the disruption"
    assert "placement-order.still-right" not in order.alerts("2026-11-03")
    assert "placement-order.still-right" in order.alerts("2026-11-04")


REVERSED = ORDER + "2026-05-11 placement-order reversal reason=RD1\n"


def test_a_reversal_stops_every_adoption_clock_but_the_statutory_reviews() -> None:
    order = case(REVERSED)
    assert order.overdue("2026-05-10") == {
        "placement-order.match",
        "placement-order.adm-match",
        "placement-order.first-review",
    }
    assert order.due("2026-05-11") == {
        "placement-order.first-review": "2026-04-05",
        "placement-order.revoke": "2026-06-09",
    }
    assert order.history("placement-order.match") == [("2026-05-06", "", "2026-05-11")]
    assert order.stage("2026-05-11") == "plan-changing"


def test_a_reversal_stops_every_alert_but_the_order_that_still_stands() -> None:
    order = case(REVERSED)
    assert "placement-order.no-link" in order.alerts("2026-05-10")
    assert order.alerts("2026-06-09") == {}
    sentence = "plan changed on 11 May 2026 but the order still stands"
    assert order.alerts("2026-06-10") == {"placement-order.order-still-live": sentence}
    assert order.alerts("2027-06-10") == {"placement-order.order-still-live": sentence}


def test_an_application_to_revoke_meets_the_rule_and_the_order_stands_until_revoked() -> None:
    order = case(REVERSED + "2026-06-01 placement-order revocation-application\n2026-07-01 placement-order revoked\n")
    assert order.history("placement-order.revoke") == [("2026-06-09", "2026-06-01", "")]
    assert "placement-order.order-still-live" in order.alerts("2026-06-30")
    assert order.stage("2026-06-30") == "plan-changing"
    assert order.stage("2026-07-01") == "revoked"
    assert order.open_rows("2026-07-01") == []


def test_plan_confirmed_resumes_what_is_unmet() -> None:
    order = case(REVERSED + "2026-06-08 placement-order plan-confirmed")
    due = order.due("2026-06-08")
    assert due["placement-order.match"] == "2026-05-06"
    assert due["placement-order.adm-match"] == "2026-05-03"
    assert due["placement-order.placed"] == "2026-08-02"
    assert "placement-order.revoke" not in due
    assert order.history("placement-order.match") == [("2026-05-06", "", "2026-05-11"), ("2026-05-06", "", "")]
    assert order.stage("2026-06-08") == "family-finding"
    assert "placement-order.no-link" in order.alerts("2026-06-08")


def test_plan_confirmed_does_not_resume_what_was_met_meanwhile() -> None:
    order = case(REVERSED + "2026-05-18 placement-order match\n2026-06-08 placement-order plan-confirmed\n")
    assert order.stage("2026-05-18") == "plan-changing"
    assert order.stage("2026-06-08") == "matched"
    assert "placement-order.match" not in order.due("2026-06-08")
    assert order.due("2026-06-08")["placement-order.move"] == "2026-06-15"


def test_a_second_reversal_stops_them_again() -> None:
    order = case(
        REVERSED + "2026-06-08 placement-order plan-confirmed\n2026-07-06 placement-order reversal reason=RD3\n"
    )
    assert order.stage("2026-07-06") == "plan-changing"
    assert order.due("2026-07-06")["placement-order.revoke"] == "2026-08-03"
    assert "placement-order.match" not in order.due("2026-07-06")


def test_no_active_link_three_months_after_the_decision() -> None:
    order = case(ORDER)
    assert order.alerts("2026-02-02") == {"placement-order.stale": "nothing recorded since 5 Jan 2026"}
    assert order.alerts("2026-02-03")["placement-order.no-link"] == "no active link 92 days after the decision"
    without_adm = case(ORDER.replace("2025-11-03 placement-order adm\n", ""))
    assert "placement-order.no-link" not in without_adm.alerts("2026-04-04")
    assert without_adm.alerts("2026-04-05")["placement-order.no-link"] == "no active link 90 days after the order"


def test_a_link_ends_the_alert_and_its_end_brings_it_back() -> None:
    order = case(
        ORDER
        + "2026-03-02 placement-order link link=birch\n"
        + "2026-04-01 placement-order link-ended link=birch reason=withdrew\n"
    )
    assert "placement-order.no-link" in order.alerts("2026-03-01")
    assert "placement-order.no-link" not in order.alerts("2026-03-02")
    assert order.stage("2026-03-02") == "linked"
    assert order.alerts("2026-04-01")["placement-order.no-link"] == "no active link 149 days after the decision"
    assert order.stage("2026-04-01") == "family-finding"


def test_a_link_that_was_never_opened_cannot_end() -> None:
    order = case(ORDER + "2026-03-02 placement-order link link=birch\n2026-04-01 placement-order link-ended link=oak")
    assert order.gaps("2026-04-01") == ["link-ended"]
    assert order.stage("2026-04-01") == "linked"


def test_a_link_open_eight_weeks_with_no_panel_or_match() -> None:
    linked = ORDER + "2026-02-02 placement-order link link=birch\n"
    order = case(linked)
    assert "placement-order.slipped-link" not in order.alerts("2026-03-29")
    sentence = "link open 8 weeks with no panel or match"
    assert order.alerts("2026-03-30")["placement-order.slipped-link"] == sentence
    with_panel = case(linked + "2026-03-16 placement-order panel")
    assert "placement-order.slipped-link" not in with_panel.alerts("2026-06-01")
    matched = case(linked + "2026-04-06 placement-order match")
    assert "placement-order.slipped-link" in matched.alerts("2026-04-05")
    assert "placement-order.slipped-link" not in matched.alerts("2026-04-06")


def test_the_panel_of_an_earlier_link_does_not_answer_for_a_later_one() -> None:
    order = case(
        ORDER
        + "2026-02-02 placement-order link link=birch\n2026-02-23 placement-order panel\n"
        + "2026-03-02 placement-order link-ended link=birch\n2026-03-09 placement-order link link=oak\n"
    )
    assert "placement-order.slipped-link" not in order.alerts("2026-05-03")
    assert "placement-order.slipped-link" in order.alerts("2026-05-04")


def test_a_review_that_answered_no_and_nothing_decided() -> None:
    order = case(
        ORDER
        + "2026-03-30 placement-order review still_right=no\n2026-06-01 placement-order reversal reason=RD1\n"
        + "2026-07-01 placement-order plan-confirmed\n"
    )
    assert "placement-order.no-and-nothing" not in order.alerts("2026-04-26")
    sentence = "the review of 30 Mar 2026 found adoption no longer right; nothing decided since"
    assert order.alerts("2026-04-27")["placement-order.no-and-nothing"] == sentence
    assert "placement-order.no-and-nothing" not in order.alerts("2026-06-01")
    assert "placement-order.no-and-nothing" not in order.alerts("2026-07-01")


@pytest.mark.parametrize(
    ("answer", "begins"), [("yes", "2026-09-30"), ("no", "2026-09-30"), ("deferred", "2026-07-05")]
)
def test_six_months_and_nobody_has_said_whether_adoption_is_still_right(answer: str, begins: str) -> None:
    order = case(ORDER + f"2026-03-30 placement-order review still_right={answer}")
    before = str(begins)[:8] + f"{int(begins[8:]) - 1:02d}"
    assert "placement-order.still-right" not in order.alerts(before)
    sentence = "not placed after six months and nobody has recorded whether adoption is still right"
    assert order.alerts(begins)["placement-order.still-right"] == sentence


def test_twelve_and_eighteen_months_since_the_order() -> None:
    order = case(ORDER)
    assert "placement-order.long-wait" not in order.alerts("2027-01-04")
    assert order.alerts("2027-01-05")["placement-order.long-wait"] == "12 months since the order"
    assert order.alerts("2027-07-04")["placement-order.long-wait"] == "12 months since the order"
    assert order.alerts("2027-07-05")["placement-order.long-wait"] == "18 months since the order"
    assert "placement-order.long-wait" not in case(PLACED).alerts("2027-01-05")


def test_placed_without_a_match_stops_its_clock_and_reveals_the_gap() -> None:
    order = case(ORDER + "2026-05-18 placement-order placed")
    assert "placement-order.match" in order.overdue("2026-05-17")
    assert order.history("placement-order.match") == [("2026-05-06", "", "2026-05-18")]
    assert order.gaps("2026-05-17") == []
    assert order.gaps("2026-05-18") == ["match"]


def test_an_order_without_the_day_the_child_entered_care_cannot_be_judged() -> None:
    order = case(ORDER.replace("2025-06-02 placement-order entered-care\n", ""))
    assert order.gaps("2026-01-05") == ["entered-care"]
    assert "placement-order.placed" not in order.due("2026-01-05")


def test_an_order_without_the_decision_before_it_stands_in_gaps() -> None:
    assert case(ORDER.replace("2025-11-03 placement-order adm\n", "")).gaps("2026-01-05") == ["adm"]


@pytest.mark.parametrize(
    "kind", ["entered-care", "adm", "early-permanence", "search", "link", "panel", "match", "placed"]
)
def test_these_may_be_dated_before_the_order(kind: str) -> None:
    assert kind not in case(ORDER + f"2025-12-15 placement-order {kind}").gaps("2026-01-05")


@pytest.mark.parametrize("kind", ["review", "reversal reason=RD1", "adopted", "revoked", "disrupted"])
def test_and_nothing_else(kind: str) -> None:
    order = case(ORDER + f"2025-12-15 placement-order {kind}")
    assert kind.partition(" ")[0] in order.gaps("2026-01-05")


def test_a_closing_before_the_order_closes_nothing() -> None:
    assert case(ORDER + "2025-12-15 placement-order revoked").stage("2026-02-01") == "family-finding"


def test_stages_are_exclusive_and_lead_to_a_closing() -> None:
    order = case(PLACED + "2026-02-02 placement-order link link=birch\n2026-06-01 placement-order other-order kind=sgo")
    days = ("2026-01-05", "2026-02-02", "2026-03-02", "2026-03-16", "2026-06-01")
    stages = ["family-finding", "linked", "matched", "placed", "other-order"]
    assert [order.stage(day) for day in days] == stages


def test_whose_move_it_is() -> None:
    order = case(PLACED)
    assert order.blocking("2026-01-05") == ("link", "regional-agency")
    assert order.blocking("2026-03-02") == ("placed", "regional-agency")
    assert case(REVERSED).blocking("2026-05-11")[1] == "social-care"


def test_the_side_of_a_delay_stands_in_place_of_any_other_from_its_day() -> None:
    order = case(ORDER + "2026-02-02 placement-order details delay_side=health")
    assert order.blocking("2026-02-01") == ("link", "regional-agency")
    assert order.blocking("2026-02-02") == ("link", "health")


def test_each_rule_says_whose_move_it_is() -> None:
    rules = {clock.name.partition(".")[2]: clock for clock in case(ORDER).found.register.rules}
    agency = {name for name, clock in rules.items() if clock.side == "regional-agency"}
    assert agency == {"match", "adm-match", "placed", "move", "application", "no-link", "slipped-link"}


def test_care_that_started_and_entered_care_are_one_fact() -> None:
    told_elsewhere = ORDER.replace("placement-order entered-care", "child care-started")
    order = case(told_elsewhere)
    assert order.gaps("2026-01-05") == []
    assert order.due("2026-01-05")["placement-order.placed"] == "2026-08-02"


def test_two_days_of_one_fact_are_a_conflict() -> None:
    order = case(ORDER + "2025-06-09 child care-started")
    assert order.gaps("2026-01-05") == ["entered-care"]
    assert [str(d) for d in order.result.gaps[0].values] == ["2025-06-02", "2025-06-09"]


def test_entered_care_of_a_health_assessment_counts_for_an_order_too() -> None:
    text = ORDER.replace("placement-order entered-care", "iha entered-care")
    order = case(text, register="placement-order")
    assert order.due("2026-01-05")["placement-order.placed"] == "2026-08-02"


IMPORTED = """
child 1 born 2021-03-01
2025-06-02 placement-order entered-care via=ssda903
2025-11-03 placement-order adm via=ssda903
2026-01-05 placement-order order via=ssda903
"""


def test_what_a_return_cannot_say_is_grey_and_what_it_carries_is_red() -> None:
    order = case(IMPORTED)
    assert order.severity("2026-12-01") == {
        "placement-order.match": "GREY",
        "placement-order.adm-match": "GREY",
        "placement-order.first-review": "GREY",
        "placement-order.placed": "RED",
    }


def test_a_list_that_carries_the_match_makes_it_red() -> None:
    order = case(IMPORTED.replace("via=ssda903", "via=annex-a-10"))
    assert order.severity("2026-12-01")["placement-order.match"] == "RED"
    assert order.severity("2026-12-01")["placement-order.first-review"] == "GREY"


@pytest.mark.parametrize("kind", ["outstanding", "note", "search"])
def test_from_a_persons_first_event_all_of_it_is_judged(kind: str) -> None:
    order = case(IMPORTED + f"2026-12-07 placement-order {kind}")
    assert order.severity("2026-12-06")["placement-order.match"] == "GREY"
    assert order.severity("2026-12-07")["placement-order.match"] == "RED"
    assert order.history("placement-order.match") == [("2026-05-06", "", "2026-12-07"), ("2026-05-06", "", "")]


def test_a_looked_and_not_done_by_a_file_is_no_persons() -> None:
    order = case(IMPORTED + "2026-12-07 placement-order note via=ssda903")
    assert order.severity("2026-12-07")["placement-order.match"] == "GREY"
