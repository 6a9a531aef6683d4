"""Counting, held to the golden table, to two other people's calendars and to what must be true of any calendar."""

from __future__ import annotations

import csv
import doctest
from bisect import bisect_right
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest
from dateutil.relativedelta import relativedelta
from govuk_bank_holidays.bank_holidays import BankHolidays  # type: ignore[import-untyped]  # it carries no types
from hypothesis import example, given
from hypothesis import strategies as st

from cictrack import working_days
from cictrack.store.bank_holidays import published_bank_holidays
from cictrack.working_days import Amount, Calendar, last_day_beginning_with, months_after, weeks_after

DAY = timedelta(days=1)
ENGLAND = Calendar(*published_bank_holidays())
NO_HOLIDAYS = Calendar({}, date(2028, 12, 31))

with Path(__file__).with_name("golden_dates.csv").open(encoding="utf-8", newline="") as file:
    GOLDEN = list(csv.DictReader(file))

days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
near_days = st.dates(date(2019, 1, 1), date(2031, 12, 31))
holiday_names = st.dictionaries(st.dates(date(2020, 1, 1), date(2029, 12, 31)), st.just("Holiday"), max_size=60)
runs_of_closed_days = st.builds(
    lambda first, length: {first + i * DAY: "Closed" for i in range(length)}, near_days, st.integers(0, 40)
)
calendars = st.builds(
    lambda scattered, run, until: Calendar({**scattered, **run}, until),
    holiday_names,
    runs_of_closed_days,
    st.dates(date(2020, 1, 1), date(2040, 12, 31)),
)
counts = st.integers(1, 300)


def step_by_step(calendar: Calendar, start: date, n: int, step: timedelta = DAY) -> date:
    day = start
    while n:
        day += step
        n -= day.weekday() < 5 and day not in calendar.holidays
    return day


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: f"{row['from']} + {row['amount']}: {row['why']}")
def test_every_row_of_the_golden_table_is_due_on_its_day(row: dict[str, str]) -> None:
    due = ENGLAND.after(date.fromisoformat(row["from"]), Amount.read(row["amount"]))
    assert due == date.fromisoformat(row["due"])


def test_26_weeks_beginning_with_the_day_of_issue_end_a_day_before_issue_and_182_days() -> None:
    issued = date(2026, 3, 2)
    assert last_day_beginning_with(issued, Amount(26, "weeks")) == date(2026, 8, 30)
    assert last_day_beginning_with(issued, Amount(182, "days")) == date(2026, 8, 30)
    assert ENGLAND.after(issued, Amount(26, "weeks")) == date(2026, 8, 31)


@pytest.mark.parametrize(
    ("weeks", "due"),
    [
        (6, "2026-02-16"),
        (8, "2026-03-02"),
        (12, "2026-03-30"),
        (16, "2026-04-27"),
        (20, "2026-05-25"),
        (24, "2026-06-22"),
    ],
)
def test_the_pre_proceedings_clock_runs_in_whole_weeks_over_bank_holidays(weeks: int, due: str) -> None:
    assert weeks_after(date(2026, 1, 5), weeks) == date.fromisoformat(due)


def test_a_temporary_approval_of_16_weeks_may_be_followed_by_8_more() -> None:
    assert weeks_after(date(2026, 3, 2), 16) == date(2026, 6, 22)
    assert weeks_after(date(2026, 3, 2), 16 + 8) == date(2026, 8, 17)


def test_the_scorecards_days_are_calendar_days() -> None:
    assert ENGLAND.after(date(2026, 1, 5), Amount.read("426 days")) == date(2027, 3, 7)
    assert ENGLAND.after(date(2026, 1, 5), Amount.read("121 days")) == date(2026, 5, 6)


def test_every_start_day_of_2012_to_2028_agrees_with_the_days_published_and_with_the_holidays_library() -> None:
    # govuk-bank-holidays carries gov.uk's own list for every year of 2012 to 2028; its cached copy is read.
    published = BankHolidays(use_cached_holidays=True)
    by_rule = holidays.country_holidays("GB", subdiv="ENG", years=range(2012, 2029))
    start_days = [date(2012, 1, 1) + i * DAY for i in range((date(2028, 12, 31) - date(2012, 1, 1)).days + 1)]
    open_days = [d for d in start_days if published.is_work_day(d, division=BankHolidays.ENGLAND_AND_WALES)]
    assert open_days == [d for d in start_days if by_rule.is_working_day(d)]
    for start in start_days:
        expected = open_days[(i := bisect_right(open_days, start)) : i + 60]
        assert [ENGLAND.working_days(start, n) for n in range(1, len(expected) + 1)] == expected


def test_the_holidays_librarys_own_counting_gives_the_same_days() -> None:
    by_rule = holidays.country_holidays("GB", subdiv="ENG", years=range(2012, 2029))
    for i in range((date(2028, 9, 30) - date(2012, 1, 1)).days):
        start, n = date(2012, 1, 1) + i * DAY, i * 7 % 60 + 1
        assert ENGLAND.working_days(start, n) == by_rule.get_nth_working_day(start, n)


@given(calendars, near_days | days, counts)
@example(NO_HOLIDAYS, date(2029, 12, 31), 20)  # past the end of its table
@example(ENGLAND, date(2000, 2, 2), 3)  # back over the beginning of its table
def test_counting_is_what_going_day_by_day_finds_in_either_direction(calendar: Calendar, day: date, n: int) -> None:
    assert calendar.working_days(day, n) == step_by_step(calendar, day, n)
    assert calendar.working_days_before(day, n) == step_by_step(calendar, day, n, -DAY)


@pytest.mark.parametrize("reach", [-366, 30 * 52 * 7 - 366], ids=["looked up before it", "looked up after it"])
def test_a_day_is_the_same_whether_it_is_looked_up_or_worked_out(reach: int) -> None:
    # A calendar's table covers the thirty years to a year after its last day: both of its ends pass the day here.
    day = date(2026, 3, 30)  # a Monday, as the first day of a table is
    for shift in range(-50, 51):
        calendar = Calendar(ENGLAND.holidays, day + timedelta(reach + shift))
        for n in (1, 2, 3, 25):
            assert calendar.working_days(day, n) == ENGLAND.working_days(day, n)
            assert calendar.working_days_before(day, n) == ENGLAND.working_days_before(day, n)


def test_a_calendar_may_be_known_to_the_first_day_or_the_last_that_there_is() -> None:
    assert Calendar({}, date.min).working_days(date.min, 5) == date(1, 1, 8)
    assert Calendar({}, date.max).working_days_before(date.max, 5) == date(9999, 12, 24)


@given(calendars, near_days, counts)
def test_a_deadline_in_working_days_never_falls_on_a_closed_day(calendar: Calendar, start: date, n: int) -> None:
    assert calendar.is_working_day(calendar.working_days(start, n))
    assert calendar.is_working_day(calendar.working_days_before(start, n))


@given(calendars, near_days, st.integers(0, 60), st.integers(0, 60))
def test_a_count_may_be_made_in_two_parts(calendar: Calendar, start: date, a: int, b: int) -> None:
    assert calendar.working_days(calendar.working_days(start, a), b) == calendar.working_days(start, a + b)
    back = calendar.working_days_before(start, a)
    assert calendar.working_days_before(back, b) == calendar.working_days_before(start, a + b)


@given(calendars, runs_of_closed_days, near_days, counts)
def test_more_closed_days_never_bring_a_deadline_forward(
    calendar: Calendar, closures: dict[date, str], start: date, n: int
) -> None:
    closed_longer = calendar.with_closures(closures)
    assert closed_longer.working_days(start, n) >= calendar.working_days(start, n)
    assert closed_longer.working_days_before(start, n) <= calendar.working_days_before(start, n)


@given(calendars, near_days, st.integers(0, 300))
def test_working_days_between_is_the_inverse_of_working_days(calendar: Calendar, start: date, n: int) -> None:
    due = calendar.working_days(start, n)
    assert calendar.working_days_between(start, due) == n
    assert calendar.working_days_between(due, start) == 0
    assert n == 0 or calendar.working_days_between(start, due - DAY) == n - 1


@given(calendars, near_days, counts)
def test_from_a_working_day_counting_back_undoes_counting_on(calendar: Calendar, start: date, n: int) -> None:
    start = calendar.last_working_day(start)
    assert calendar.working_days_before(calendar.working_days(start, n), n) == start


@given(calendars, near_days, counts)
def test_the_days_skipped_are_the_named_days_among_the_weekdays_counted_over(
    calendar: Calendar, start: date, n: int
) -> None:
    due = calendar.working_days(start, n)
    over = [start + (i + 1) * DAY for i in range((due - start).days)]
    assert calendar.skipped(start, due) == [d for d in over if d.weekday() < 5 and d in calendar.holidays]
    assert sum(d.weekday() < 5 for d in over) == n + len(calendar.skipped(start, due))


@given(calendars, near_days)
def test_the_last_working_day_is_the_day_itself_or_the_nearest_before_it(calendar: Calendar, day: date) -> None:
    last = calendar.last_working_day(day)
    assert calendar.is_working_day(last)
    assert calendar.working_days_between(last, day) == 0
    assert last <= day


def test_no_working_days_from_a_day_is_that_day_even_when_it_is_closed() -> None:
    good_friday = date(2026, 4, 3)
    assert ENGLAND.working_days(good_friday, 0) == ENGLAND.working_days_before(good_friday, 0) == good_friday


def test_a_negative_number_of_working_days_is_refused() -> None:
    with pytest.raises(ValueError, match="-1 working days"):
        ENGLAND.working_days(date(2026, 1, 5), -1)
    with pytest.raises(ValueError, match="-1 working days"):
        ENGLAND.working_days_before(date(2026, 1, 5), -1)


def test_a_local_closure_lengthens_a_second_calendar_and_leaves_the_laws_alone() -> None:
    local = ENGLAND.with_closures({date(2026, 12, 29): "Offices shut", date(2026, 12, 25): "Offices shut"})
    assert local.working_days(date(2026, 12, 24), 1) == date(2026, 12, 30)
    assert ENGLAND.working_days(date(2026, 12, 24), 1) == date(2026, 12, 29)
    assert local.holidays[date(2026, 12, 25)] == "Christmas Day"
    assert local.until == ENGLAND.until


def test_after_the_last_day_known_only_weekends_are_skipped_and_the_calendar_says_it_does_not_know() -> None:
    assert ENGLAND.working_days(date(2028, 12, 29), 1) == date(2029, 1, 1)
    assert ENGLAND.knows(date(2028, 12, 31))
    assert not ENGLAND.knows(date(2029, 1, 1))


def test_a_calendar_does_not_change_with_the_days_it_was_made_from() -> None:
    named = {date(2026, 5, 4): "Early May"}
    calendar = Calendar(named, date(2026, 12, 31))
    named[date(2026, 5, 5)] = "Added later"
    assert calendar.working_days(date(2026, 5, 1), 1) == date(2026, 5, 5)
    assert calendar.is_working_day(date(2026, 5, 5))


@given(days, st.integers(-1200, 1200))
@example(date(2000, 1, 31), 1)
@example(date(2100, 1, 31), 1)
def test_months_are_counted_as_relativedelta_counts_them(start: date, n: int) -> None:
    assert months_after(start, n) == start + relativedelta(months=n)


@given(days, st.integers(-240, 240))
def test_a_month_ends_on_the_corresponding_date_or_where_there_is_none_on_the_months_last_day(
    start: date, n: int
) -> None:
    end = months_after(start, n)
    assert end.day == start.day or (end.day < start.day and (end + DAY).day == 1)


def test_months_do_not_chain() -> None:
    end_of_january = date(2026, 1, 31)
    assert months_after(end_of_january, 2) == date(2026, 3, 31)
    assert months_after(months_after(end_of_january, 1), 1) == date(2026, 3, 28)


@given(days, st.integers(-500, 500))
def test_weeks_keep_the_day_of_the_week(start: date, n: int) -> None:
    assert weeks_after(start, n) == start + timedelta(weeks=n)


@given(days, st.integers(1, 500))
def test_a_period_beginning_with_a_day_ends_a_day_sooner_than_one_counted_after_it(day: date, n: int) -> None:
    for unit in ("days", "weeks"):
        assert last_day_beginning_with(day, Amount(n, unit)) + DAY == ENGLAND.after(day, Amount(n, unit))


@pytest.mark.parametrize(
    ("begins", "last"),
    [
        ("2026-03-01", "2026-03-31"),
        ("2026-01-15", "2026-02-14"),
        ("2026-01-28", "2026-02-27"),
        ("2026-01-31", "2026-02-28"),
    ],
)
def test_a_month_beginning_with_a_day_ends_before_the_corresponding_date_or_with_the_month(
    begins: str, last: str
) -> None:
    assert last_day_beginning_with(date.fromisoformat(begins), Amount(1, "months")) == date.fromisoformat(last)


@pytest.mark.parametrize("amount", [Amount(5, "working days"), Amount(0, "weeks")], ids=str)
def test_no_period_in_working_days_or_of_no_length_begins_with_a_day(amount: Amount) -> None:
    with pytest.raises(ValueError, match="is no period beginning with a day"):
        last_day_beginning_with(date(2026, 3, 2), amount)


@pytest.mark.parametrize(
    ("amount", "day"),
    [("5 working days", "2026-04-27"), ("7 days", "2026-04-28"), ("2 weeks", "2026-04-21"), ("3 months", "2026-02-05")],
)
def test_an_amount_of_any_unit_is_counted_backwards(amount: str, day: str) -> None:
    assert ENGLAND.before(date(2026, 5, 5), Amount.read(amount)) == date.fromisoformat(day)


def test_months_are_counted_backwards_to_the_corresponding_date() -> None:
    assert ENGLAND.before(date(2026, 5, 31), Amount(3, "months")) == date(2026, 2, 28)


def test_a_unit_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match='"fortnights" is not a unit'):
        ENGLAND.after(date(2026, 1, 5), Amount(1, "fortnights"))


def test_the_examples_in_the_documentation_are_true() -> None:
    result = doctest.testmod(working_days)
    assert result.attempted
    assert not result.failed
