"""Initial Health Assessments, sentence by sentence of the specification, on worked days."""

from __future__ import annotations

import pytest
from ledgers import case, child

ENTERED = """
child 1 born 2015-03-01
2026-01-05 iha entered-care
"""
READY = (
    ENTERED
    + """
2026-01-06 iha notified
2026-01-07 iha consent basis=parent
2026-01-08 iha referred
"""
)
BOOKED = READY + "2026-01-12 iha appointment for=2026-01-26\n"
SEEN = BOOKED + "2026-01-26 iha assessed\n"


def test_the_clocks_of_a_child_entering_care() -> None:
    iha = case(ENTERED)
    assert iha.due("2026-01-05") == {
        "iha.notify": "2026-01-08",
        "iha.refer": "2026-01-12",
        "iha.appointment": "2026-01-19",
        "iha.assessed": "2026-02-02",
    }


def test_the_assessment_is_amber_with_five_working_days_left() -> None:
    iha = case(ENTERED)
    assert iha.severity("2026-01-25")["iha.assessed"] == "GREEN"
    assert iha.severity("2026-01-26")["iha.assessed"] == "AMBER"
    assert iha.severity("2026-02-02")["iha.assessed"] == "AMBER"
    assert iha.severity("2026-02-03")["iha.assessed"] == "RED"


@pytest.mark.parametrize(
    ("entered", "due"),
    [
        ("2026-03-30", "2026-04-29"),
        ("2026-04-02", "2026-05-05"),
        ("2026-12-18", "2027-01-20"),
        ("2026-12-19", "2027-01-20"),
    ],
)
def test_twenty_working_days_over_easter_and_christmas(entered: str, due: str) -> None:
    assert case(ENTERED.replace("2026-01-05", entered)).due(entered)["iha.assessed"] == due


def test_what_meets_each() -> None:
    iha = case(SEEN + "2026-01-30 iha report\n2026-02-02 iha shared\n")
    assert iha.history("iha.notify") == [("2026-01-08", "2026-01-06", "")]
    assert iha.history("iha.refer") == [("2026-01-12", "2026-01-08", "")]
    assert iha.history("iha.appointment") == [("2026-01-19", "2026-01-12", "")]
    assert iha.history("iha.assessed") == [("2026-02-02", "2026-01-26", "")]
    assert iha.history("iha.report") == [("2026-02-02", "2026-01-30", "")]
    assert iha.stage("2026-02-02") == "complete"
    assert iha.gaps("2026-02-02") == []


def test_consent_and_referral_are_both_wanted() -> None:
    consented = case(ENTERED + "2026-01-07 iha consent basis=parent")
    assert "iha.refer" in consented.overdue("2026-01-13")
    referred = case(ENTERED + "2026-01-07 iha referred\n2026-01-14 iha consent basis=court")
    assert "iha.refer" in referred.overdue("2026-01-13")
    assert referred.history("iha.refer") == [("2026-01-12", "2026-01-14", "")]


def test_returned_paperwork_counts_no_longer_until_it_is_sent_again() -> None:
    iha = case(READY + "2026-01-14 iha referral-returned\n2026-01-20 iha referred\n")
    assert "iha.refer" not in iha.due("2026-01-13")
    assert iha.due("2026-01-14")["iha.refer"] == "2026-01-12"
    assert iha.stage("2026-01-14") == "awaiting-referral"
    assert iha.blocking("2026-01-14") == ("referred", "social-care")
    assert iha.history("iha.refer") == [("2026-01-12", "2026-01-08", ""), ("2026-01-12", "2026-01-20", "")]
    assert iha.stage("2026-01-20") == "awaiting-appointment"


def test_an_assessment_meets_the_appointment() -> None:
    iha = case(READY + "2026-01-15 iha assessed")
    assert iha.history("iha.appointment") == [("2026-01-19", "2026-01-15", "")]


@pytest.mark.parametrize("outcome", ["not-brought", "cancelled-by-carer", "cancelled-by-health", "declined"])
def test_the_appointment_rule_stays_met_whatever_becomes_of_it(outcome: str) -> None:
    iha = case(BOOKED + f"2026-01-26 iha {outcome}")
    assert iha.history("iha.appointment") == [("2026-01-19", "2026-01-12", "")]
    assert iha.stage("2026-01-25") == "appointment-booked"
    assert iha.stage("2026-01-26") == "awaiting-appointment"
    side = "carer" if outcome in {"not-brought", "cancelled-by-carer"} else "health"
    assert iha.blocking("2026-01-26") == ("appointment", side)


def test_once_attended_the_assessment_is_what_is_missing() -> None:
    iha = case(BOOKED + "2026-01-26 iha attended")
    assert iha.blocking("2026-01-26") == ("assessed", "health")


def test_a_new_appointment_is_booked_again() -> None:
    iha = case(BOOKED + "2026-01-26 iha not-brought\n2026-01-28 iha appointment for=2026-02-04\n")
    assert iha.stage("2026-01-28") == "appointment-booked"
    assert iha.blocking("2026-01-28") == ("assessed", "health")


def test_the_report_is_due_five_working_days_after_the_assessment() -> None:
    assert case(BOOKED + "2026-01-20 iha assessed").due("2026-01-20")["iha.report"] == "2026-01-27"


def test_or_at_the_first_review_if_that_is_sooner_and_not_before_the_assessment() -> None:
    assert case(BOOKED + "2026-01-28 iha assessed").due("2026-01-28")["iha.report"] == "2026-02-02"
    assert case(BOOKED + "2026-02-02 iha assessed").due("2026-02-02")["iha.report"] == "2026-02-02"
    assert case(BOOKED + "2026-02-03 iha assessed").due("2026-02-03")["iha.report"] == "2026-02-10"


def test_a_returned_report_counts_no_longer_until_it_comes_again() -> None:
    iha = case(SEEN + "2026-01-30 iha report\n2026-02-04 iha report-returned\n2026-02-06 iha report\n")
    assert "iha.report" not in iha.due("2026-02-03")
    assert iha.stage("2026-02-03") == "reported"
    assert iha.overdue("2026-02-04") == {"iha.report"}
    assert iha.stage("2026-02-04") == "assessed"
    assert iha.history("iha.report") == [("2026-02-02", "2026-01-30", ""), ("2026-02-02", "2026-02-06", "")]


def test_stages_are_the_first_that_holds() -> None:
    iha = case(SEEN + "2026-01-30 iha report\n2026-02-02 iha shared\n")
    days = ("2026-01-05", "2026-01-07", "2026-01-08", "2026-01-12", "2026-01-26", "2026-01-30", "2026-02-02")
    stages = ["awaiting-consent", "awaiting-referral", "awaiting-appointment", "appointment-booked"]
    assert [iha.stage(day) for day in days] == [*stages, "assessed", "reported", "complete"]


@pytest.mark.parametrize(
    ("told", "blocking", "side"),
    [
        ("", "notified", "social-care"),
        ("2026-01-06 iha notified", "consent", "social-care"),
        ("2026-01-06 iha notified\n2026-01-06 iha consent-requested", "consent", "social-care"),
        ("2026-01-06 iha notified\n2026-01-06 iha consent-requested basis=parent", "consent", "family"),
        ("2026-01-06 iha notified\n2026-01-06 iha consent-requested basis=young-person", "consent", "young-person"),
        ("2026-01-06 iha notified\n2026-01-06 iha consent-requested basis=court", "consent", "court"),
        ("2026-01-06 iha notified\n2026-01-06 iha consent-requested basis=authority", "consent", "social-care"),
        ("2026-01-06 iha notified\n2026-01-07 iha consent basis=parent", "referred", "social-care"),
        (READY.partition("entered-care")[2], "appointment", "health"),
        (BOOKED.partition("entered-care")[2], "assessed", "health"),
        (SEEN.partition("entered-care")[2], "report", "health"),
        (SEEN.partition("entered-care")[2] + "2026-01-30 iha report", "shared", "social-care"),
    ],
)
def test_what_blocks_and_whose_it_is(told: str, blocking: str, side: str) -> None:
    assert case(ENTERED + told).blocking("2026-02-01") == (blocking, side)


def test_a_refusal_of_consent_leaves_it_missing() -> None:
    iha = case(READY + "2026-01-12 iha consent-refused")
    assert iha.stage("2026-01-12") == "awaiting-appointment"
    assert iha.blocking("2026-01-12") == ("consent", "social-care")
    assert iha.due("2026-01-12")["iha.refer"] == "2026-01-12"


def test_an_assessment_reveals_what_was_passed_over_and_stops_its_clocks() -> None:
    iha = case(ENTERED + "2026-01-19 iha assessed")
    assert iha.gaps("2026-01-18") == []
    assert iha.gaps("2026-01-19") == ["consent", "notified", "referred"]
    assert iha.history("iha.notify") == [("2026-01-08", "", "2026-01-19")]
    assert iha.history("iha.refer") == [("2026-01-12", "", "2026-01-19")]


def test_a_report_without_the_day_of_the_assessment_stops_its_clock_and_reveals_it() -> None:
    iha = case(BOOKED + "2026-02-05 iha report")
    assert iha.overdue("2026-02-04") == {"iha.assessed"}
    assert iha.history("iha.assessed") == [("2026-02-02", "", "2026-02-05")]
    assert iha.gaps("2026-02-05") == ["assessed"]
    assert "iha.stale" not in iha.alerts("2026-04-01")


def test_consent_asked_for_and_not_given_in_five_working_days() -> None:
    asked = ENTERED + "2026-01-07 iha consent-requested basis=parent\n"
    iha = case(asked + "2026-01-20 iha consent basis=parent")
    assert "iha.consent" not in iha.alerts("2026-01-13")
    assert iha.alerts("2026-01-14")["iha.consent"] == "consent asked for on 7 Jan 2026, not given"
    assert "iha.consent" not in iha.alerts("2026-01-20")


def test_not_brought_from_the_second_time() -> None:
    iha = case(
        BOOKED
        + "2026-01-26 iha not-brought\n2026-01-28 iha appointment for=2026-02-04\n2026-02-04 iha not-brought\n"
        + "2026-02-05 iha appointment for=2026-02-11\n2026-02-11 iha not-brought\n2026-02-18 iha assessed\n"
    )
    assert "iha.not-brought" not in iha.alerts("2026-02-03")
    assert iha.alerts("2026-02-04")["iha.not-brought"] == "not brought 2 times"
    assert iha.alerts("2026-02-11")["iha.not-brought"] == "not brought 3 times"
    assert "iha.not-brought" not in iha.alerts("2026-02-18")


def test_placed_out_of_area_with_no_provider_named() -> None:
    away = ENTERED.replace("iha entered-care", "iha entered-care out_of_area=yes")
    iha = case(away + "2026-01-14 iha details provider=Leeds")
    assert iha.alerts("2026-01-05") == {"iha.no-provider": "placed out of area, no provider named"}
    assert "iha.no-provider" not in iha.alerts("2026-01-14")
    assert case(away.replace("out_of_area=yes", "out_of_area=yes provider=Leeds")).alerts("2026-01-05") == {}


def test_overdue_and_nothing_recorded_since_the_later_of_the_due_day_and_the_last_event() -> None:
    iha = case(READY)
    assert "iha.stale" not in iha.alerts("2026-02-08")
    sentence = "overdue since 2 Feb 2026, nothing recorded since 8 Jan 2026"
    assert iha.alerts("2026-02-09")["iha.stale"] == sentence
    noted = case(READY + "2026-02-05 iha note")
    assert "iha.stale" not in noted.alerts("2026-02-11")
    assert noted.alerts("2026-02-12")["iha.stale"] == "overdue since 2 Feb 2026, nothing recorded since 5 Feb 2026"


@pytest.mark.parametrize(
    ("told", "stage"),
    [
        ("2026-01-20 iha left-care", "left-care"),
        ("2026-01-20 iha refused", "refused"),
        ("2026-01-20 iha not-required assessed_on=2025-10-05", "not-required"),
        ("2026-01-20 iha closed reason=moved-authority", "moved-authority"),
    ],
)
def test_closings(told: str, stage: str) -> None:
    iha = case(READY + told)
    assert iha.stage("2026-01-19") == "awaiting-appointment"
    assert iha.stage("2026-01-20") == stage
    assert iha.open_rows("2026-01-20") == []
    assert iha.gaps("2026-01-20") == []


@pytest.mark.parametrize("assessed_on", ["2025-10-04", "2026-01-06"])
def test_an_assessment_makes_another_unnecessary_only_in_the_three_months_before_entry(assessed_on: str) -> None:
    assert case(READY + f"2026-01-20 iha not-required assessed_on={assessed_on}").gaps("2026-01-20") == ["not-required"]


@pytest.mark.parametrize(
    "kind",
    [
        "notified",
        "consent-requested",
        "consent basis=court",
        "consent-refused",
        "referred",
        "appointment for=2026-01-12",
    ],
)
def test_a_planned_admission_is_prepared_before_it(kind: str) -> None:
    assert case(ENTERED + f"2025-12-22 iha {kind}").gaps("2026-01-05") == []


@pytest.mark.parametrize("kind", ["attended", "assessed", "report", "shared", "left-care"])
def test_and_nothing_else_is_dated_before_entry(kind: str) -> None:
    assert kind in case(ENTERED + f"2025-12-22 iha {kind}").gaps("2026-01-05")


def test_what_was_prepared_before_entry_is_met_before_it_starts() -> None:
    iha = case(ENTERED + "2025-12-22 iha notified")
    assert iha.history("iha.notify") == [("2026-01-08", "2025-12-22", "")]
    assert "iha.notify" not in iha.due("2026-01-05")


def test_an_appointment_without_one_booked_cannot_be_missed() -> None:
    assert case(READY + "2026-01-20 iha not-brought").gaps("2026-01-20") == ["not-brought"]


def test_a_child_whose_care_began_and_who_has_no_case_stands_in_gaps() -> None:
    found = child("child 1 born 2015-03-01\n2026-01-05 child care-started")
    gaps = [g for g in found.gaps if g.register == "iha"]
    assert [(g.event, str(g.starts_on)) for g in gaps] == [("entered-care", "2026-01-05")]


def test_until_the_case_is_opened() -> None:
    found = child("child 1 born 2015-03-01\n2026-01-05 child care-started\n2026-01-05 iha entered-care")
    assert found.gaps == []


def test_care_that_began_after_the_case_opened_is_one_conflict_and_no_missing_case() -> None:
    found = child("child 1 born 2015-03-01\n2026-01-08 child care-started\n2026-01-05 iha entered-care")
    assert [g.event for c in found.cases for g in c.evaluation.gaps] == ["entered-care"]
    assert not found.gaps


def test_a_case_opened_in_error_leaves_the_child_without_one() -> None:
    found = child(
        """
        child 1 born 2015-03-01
        2026-01-05 child care-started
        2026-01-05 iha entered-care
        2026-01-06 iha closed reason=opened-in-error
        """
    )
    assert [g.why for g in found.gaps] == ["care began on 5 Jan 2026 and no case was opened"]


def test_care_that_started_on_another_day_than_the_case_says_is_a_conflict() -> None:
    iha = case("child 1 born 2015-03-01\n2026-01-04 child care-started\n2026-01-05 iha entered-care")
    assert iha.gaps("2026-01-05") == ["entered-care"]


IMPORTED = """
child 1 born 2015-03-01
2026-01-05 iha entered-care via=ssda903
"""


def test_a_return_of_episodes_says_nothing_of_health() -> None:
    iha = case(IMPORTED)
    assert set(iha.severity("2026-03-02").values()) == {"GREY"}
    assert set(iha.severity("2026-01-06").values()) <= {"GREEN", "AMBER"}


def test_list_8_carries_the_assessment_and_nothing_else() -> None:
    iha = case(IMPORTED.replace("ssda903", "annex-a-8"))
    grey = {"iha.notify": "GREY", "iha.refer": "GREY", "iha.appointment": "GREY"}
    assert iha.severity("2026-03-02") == {**grey, "iha.assessed": "RED"}


def test_looked_and_it_has_not_been_done_makes_it_red() -> None:
    iha = case(IMPORTED + "2026-03-02 iha outstanding")
    assert set(iha.severity("2026-03-01").values()) == {"GREY"}
    assert set(iha.severity("2026-03-02").values()) == {"RED"}
    assert iha.history("iha.assessed") == [("2026-02-02", "", "2026-03-02"), ("2026-02-02", "", "")]


COMPLETE = IMPORTED.replace("ssda903", "annex-a-8") + "2026-01-20 iha assessed via=annex-a-8\n"


def test_an_assessment_known_only_from_a_file_completes_the_case_on_its_day() -> None:
    iha = case(COMPLETE)
    assert iha.stage("2026-01-19") == "awaiting-consent"
    assert iha.stage("2026-01-20") == "complete"
    assert iha.open_rows("2026-01-20") == []
    assert iha.gaps("2026-02-01") == []
    assert iha.result.outcome == "complete"


def test_a_persons_next_event_opens_it_again() -> None:
    iha = case(COMPLETE + "2026-02-16 iha note")
    assert iha.stage("2026-02-15") == "complete"
    assert iha.stage("2026-02-16") == "assessed"
    assert iha.overdue("2026-02-16") == {"iha.report"}
    assert iha.gaps("2026-02-16") == ["consent", "notified", "referred"]
    assert iha.result.closed_on is None


def test_a_file_that_tells_of_leaving_care_later_leaves_it_complete() -> None:
    iha = case(COMPLETE + "2026-06-01 iha left-care via=ssda903")
    assert iha.stage("2026-06-01") == "complete"
    assert str(iha.result.closed_on) == "2026-01-20"


def test_an_assessment_from_a_file_on_a_case_that_a_person_keeps_is_not_the_end_of_it() -> None:
    iha = case(READY + "2026-01-20 iha assessed via=annex-a-8")
    assert iha.stage("2026-01-20") == "assessed"
    assert iha.due("2026-01-20") == {"iha.report": "2026-01-27"}


def test_nobody_says_that_nothing_was_done_of_a_case_that_only_files_know() -> None:
    told = "child 1 born 2015-03-01\n2026-01-05 iha entered-care via=ssda903\n"
    assert "iha.stale" not in case(told).alerts("2026-04-01")
    looked = case(told + "2026-03-02 iha outstanding")
    assert "iha.stale" not in looked.alerts("2026-03-08")
    assert looked.alerts("2026-03-09")["iha.stale"] == "overdue since 2 Feb 2026, nothing recorded since 2 Mar 2026"
