"""Days as people write them: day first always, and nothing guessed."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cictrack.cli.days import in_words, read_day

TODAY = date(2026, 3, 2)
MONTHS = [date(2026, n, 1).strftime("%B") for n in range(1, 13)]
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def weekdays_only(day: date, amount: int) -> date:
    """The working day `amount` away in a country without bank holidays."""
    step = timedelta(1 if amount > 0 else -1)
    for _ in range(abs(amount)):
        day += step
        while day.isoweekday() > 5:
            day += step
    return day


def read(text: str, today: date = TODAY) -> date:
    return read_day(text, today, weekdays_only)


def refusal(text: str, today: date = TODAY) -> str:
    with pytest.raises(ValueError, match=r"\S") as refused:
        read(text, today)
    return str(refused.value)


def spellings(day: date) -> set[str]:
    """Every way to write a day out, in small letters."""
    name = MONTHS[day.month - 1].lower()
    days, months = {f"{day.day}", f"{day.day:02}"}, {f"{day.month}", f"{day.month:02}"}
    names = {name, name[:3], *(["sept"] if name == "september" else [])}
    slashed = {f"{d}/{m}/{day.year}" for d in days for m in months}
    return {day.isoformat()} | slashed | {f"{d} {n} {day.year}" for d in days for n in names}


@given(day=DAYS)
def test_each_way_of_writing_a_day_says_that_day(day: date) -> None:
    for text in spellings(day):
        assert read(text) == read(text.upper()) == read(text.title()) == read(f" {text} ") == day


@given(day=DAYS)
def test_a_day_said_back_in_words_is_that_day(day: date) -> None:
    weekday, _, rest = in_words(day).partition(" ")
    assert read(rest) == day
    assert weekday == day.strftime("%A")


def test_the_second_of_march_is_said_in_words() -> None:
    assert in_words(TODAY) == "Monday 2 March 2026"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-02", "2026-03-02"),
        ("2/3/2026", "2026-03-02"),
        ("02/03/2026", "2026-03-02"),
        ("2 Mar 2026", "2026-03-02"),
        ("2 MARCH 2026", "2026-03-02"),
        ("3 Sept 2026", "2026-09-03"),
        ("29/2/2028", "2028-02-29"),
        ("today", "2026-03-02"),
        ("Yesterday", "2026-03-01"),
        ("-2w", "2026-02-16"),
        ("+3d", "2026-03-05"),
        ("-3d", "2026-02-27"),
        ("+5wd", "2026-03-09"),
        ("-5wd", "2026-02-23"),
        ("+0wd", "2026-03-02"),
        ("+2m", "2026-05-02"),
        ("-12m", "2025-03-02"),
    ],
)
def test_the_forms_that_are_read(text: str, day: str) -> None:
    assert read(text) == date.fromisoformat(day)


def test_months_end_on_the_last_day_of_a_month_that_is_too_short() -> None:
    assert read("-1m", date(2026, 3, 31)) == date(2026, 2, 28)
    assert read("+1m", date(2028, 1, 31)) == date(2028, 2, 29)


@given(today=DAYS, n=st.integers(0, 9999), unit=st.sampled_from(["d", "w"]), sign=st.sampled_from([1, -1]))
def test_days_and_weeks_from_today_are_counted_or_too_far_away(today: date, n: int, unit: str, sign: int) -> None:
    text = f"{'+' if sign > 0 else '-'}{n}{unit}"
    meant = today + sign * timedelta(n * (7 if unit == "w" else 1))
    if 1900 <= meant.year <= 2100:
        assert read(text, today) == meant
    else:
        assert "1900 to 2100" in refusal(text, today)


@pytest.mark.parametrize("text", ["3/25/2026", "03/25/2026", "12/31/2025"])
def test_month_first_is_refused_and_told_that_the_day_comes_first(text: str) -> None:
    assert "the day comes first" in refusal(text)


@pytest.mark.parametrize("text", ["2/3/26", "02-03-26", "2.3.26", "26-03-02", "3/25/26"])
def test_a_year_of_two_digits_is_refused_and_told_that_the_day_comes_first(text: str) -> None:
    assert "two digits" in refusal(text)
    assert "the day first" in refusal(text)


@pytest.mark.parametrize("text", ["31/2/2026", "2026-02-29", "31 April 2026", "0/1/2026", "13/13/2026", "2026-00-10"])
def test_a_day_that_no_calendar_has_is_refused_as_no_such_day(text: str) -> None:
    assert refusal(text) == f"{text!r}: there is no such day"


@pytest.mark.parametrize("text", ["31/12/1899", "2101-01-01", "1 Jan 0001", "9999-12-31", "-9999m", "+9999w"])
def test_a_year_that_no_case_is_in_is_refused(text: str) -> None:
    assert text in refusal(text)
    assert "1900 to 2100" in refusal(text)


def test_yesterday_is_held_to_the_same_years() -> None:
    assert "1900 to 2100" in refusal("yesterday", date(1900, 1, 1))


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "now", "tomorrow", "2w", "+2", "w", "--2w", "+2y", "+2 w", "-2.5w", "+12345d", "monday"),
        *("2.3.2026", "2-3-2026", "2026/3/2", "2026-3-2", "20260302", "2026-03-02T00:00", "2026-W10-1"),
        *("March 2 2026", "Mar 2, 2026", "2nd March 2026", "2 Marc 2026", "2 mars 2026", "2 Mar 26", "2  Mar 2026"),
        *("2026-03-02\n2026-03-03", "٢/٣/٢٠٢٦", "２/３/２０２６", "2026−03−02", "2026\u201103\u201102"),
    ],
)
def test_any_other_form_is_refused_with_the_value_and_the_forms_that_are_read(text: str) -> None:
    said = refusal(text)
    assert repr(text) in said
    assert "2/3/2026 (day first)" in said
    assert "+5wd" in said


@given(text=st.text(alphabet="0123456789/- +wdmarsept") | st.from_regex(r"[0-9]{1,4}[ /-][0-9a-z]{1,4}[ /-][0-9]{1,4}"))
@example("02/03/2026")
@example("2 sept 2026")
def test_whatever_is_read_is_one_of_the_forms(text: str) -> None:
    try:
        day = read(text)
    except ValueError:
        return
    words = text.strip().lower()
    assert words in spellings(day) | {"today", "yesterday"} or re.fullmatch(r"[+-][0-9]{1,4}(wd|d|w|m)", words)


@given(text=st.text(st.characters(exclude_categories=())), today=st.dates())
@example("+9999m", date.max)
@example("yesterday", date.min)
@example("-9999w", date.min)
def test_any_text_is_a_day_or_one_printable_line(text: str, today: date) -> None:
    try:
        day = read(text, today)
    except ValueError:
        assert refusal(text, today).isprintable()
    else:
        assert 1900 <= day.year <= 2100


def test_what_the_calendar_says_against_a_working_day_is_passed_on() -> None:
    def no_calendar(_day: date, _amount: int) -> date:
        raise ValueError("there is no calendar yet")

    with pytest.raises(ValueError, match=r"'\+5wd': there is no calendar yet"):
        read_day("+5wd", TODAY, no_calendar)
