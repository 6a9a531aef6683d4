"""The bank holidays that a register is given, held to the days gov.uk publishes."""

from __future__ import annotations

from datetime import date

import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays  # type: ignore[import-untyped]  # it carries no types

from cictrack.store.bank_holidays import published_bank_holidays

HOLIDAYS, UNTIL = published_bank_holidays()


def test_every_weekday_bank_holiday_is_one_that_gov_uk_publishes_and_none_is_missing() -> None:
    # The library's cached copy, no network: England and Wales, each year of 2012 to 2028.
    published = BankHolidays(use_cached_holidays=True).get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
    days = [holiday["date"] for holiday in published]
    assert {day.year for day in days} == set(range(2012, 2029))
    assert days == [day for day in HOLIDAYS if day.year >= 2012 and day.weekday() < 5]


def test_the_days_are_known_to_the_end_of_the_last_year_that_gov_uk_publishes() -> None:
    published = BankHolidays(use_cached_holidays=True).get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
    assert date(max(holiday["date"] for holiday in published).year, 12, 31) == UNTIL
    assert max(HOLIDAYS) <= UNTIL


@pytest.mark.parametrize("day", ["2002-06-03", "2011-04-29", "2012-06-05", "2022-06-03", "2022-09-19", "2023-05-08"])
def test_a_bank_holiday_that_came_once_is_there(day: str) -> None:
    assert date.fromisoformat(day) in HOLIDAYS


@pytest.mark.parametrize(
    ("moved_from", "to"), [("2020-05-04", "2020-05-08"), ("2012-05-28", "2012-06-04"), ("2022-05-30", "2022-06-02")]
)
def test_a_bank_holiday_that_was_moved_is_on_its_new_day_only(moved_from: str, to: str) -> None:
    assert date.fromisoformat(to) in HOLIDAYS
    assert date.fromisoformat(moved_from) not in HOLIDAYS


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-04-03", "Good Friday"),
        ("2026-12-26", "Boxing Day"),
        ("2026-12-28", "Boxing Day (observed)"),
        ("2028-01-03", "New Year's Day (observed)"),
    ],
)
def test_a_bank_holiday_and_its_substitute_have_english_names(day: str, name: str) -> None:
    assert HOLIDAYS[date.fromisoformat(day)] == name


def test_the_days_are_in_order_from_the_first_year_asked_for() -> None:
    assert list(HOLIDAYS) == sorted(HOLIDAYS)
    assert min(HOLIDAYS) == date(2000, 1, 1)
    assert published_bank_holidays(2028)[0] == {d: name for d, name in HOLIDAYS.items() if d.year == 2028}
    assert published_bank_holidays(2029) == ({}, UNTIL)
