"""`cictrack kpi`: figures that say how they were defined, count what they say, and name whom they leave out."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_lives import days, empty_register, event, lives, record
from typed import Typed

from cictrack.pathway.common import IN_ERROR
from cictrack.pathway.events import CHILD
from cictrack.pathway.measures import year_to
from cictrack.pathway.record import care_periods
from cictrack.pathway.stays import stays
from cictrack.registers import registers
from cictrack.reports.kpi import Measured, measures, parts, period_of
from cictrack.reports.suppression import FEW, suppressed
from cictrack.store.filters import NO_FILTERS

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from cictrack.pathway.events import Event

PERIOD = "--from 1/1/2026 --to 31/3/2026"
IHA = ("due.raw", "due.adjusted", "day-28.raw", "day-28.adjusted")


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    return Typed(tmp_path / "register.db")


def kpi(typed: Typed, *words: str) -> dict[str, dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(typed.does(f"kpi {PERIOD} --format json {' '.join(words)}"))
    return {row["measure"]: row for row in found}


def fraction(row: dict[str, Any]) -> tuple[Any, Any, Any]:
    return row["numerator"], row["denominator"], row["value"]


def entered(typed: Typed, child: str, day: str, *later: str) -> None:
    typed.does(f"iha open {child} --on {day} --dob 14/8/2015")
    for line in later:
        event, _, rest = line.partition(" ")
        typed.does(f"iha {event} {child} {rest}")


def test_timeliness_has_four_ways_of_counting_in_their_order(typed: Typed) -> None:
    entered(typed, "1", "5/1/2026", "assessed --on 2/2/2026")  # due on 2 February: 20 working days from 5 January
    entered(typed, "2", "5/1/2026", "assessed --on 3/2/2026")
    entered(typed, "3", "5/1/2026", "left-care --on 1/2/2026")
    entered(typed, "4", "5/1/2026", "not-required --on 6/1/2026 --assessed-on 1/12/2025")
    entered(typed, "5", "5/1/2026", "refused --on 20/1/2026")
    entered(typed, "6", "5/1/2026")
    typed.does("exception iha 6 iha.assessed --reason not-brought --agreed-by M --until 30/4/2026 --on 3/2/2026")
    entered(typed, "7", "5/1/2026")
    typed.does("exception iha 7 iha.assessed --reason capacity --agreed-by M --until 30/4/2026 --on 3/2/2026")
    found = kpi(typed)
    assert [name for name in found if name.startswith("iha.")][:4] == [f"iha.{name}" for name in IHA]
    assert fraction(found["iha.due.raw"]) == (1, 5, 20.0)
    assert found["iha.due.raw"]["excluded"] == [
        {"child_id": "3", "reason": "left-care on 1 Feb 2026"},
        {"child_id": "4", "reason": "not-required on 6 Jan 2026"},
    ]
    assert fraction(found["iha.due.adjusted"]) == (1, 3, 33.3)
    assert found["iha.due.adjusted"]["excluded"][2:] == [
        {"child_id": "5", "reason": "refused by the young person"},
        {"child_id": "6", "reason": "late, and excepted: not-brought"},
    ]
    assert fraction(found["iha.day-28.raw"]) == (1, 5, 20.0)


def test_the_28th_day_is_not_the_20th_working_day_around_christmas(typed: Typed) -> None:
    # Entered on 3 December 2025: day 28 is 31 December, the 20th working day 5 January (25, 26 December and 1 January).
    entered(typed, "1", "3/12/2025", "assessed --on 5/1/2026")
    found = kpi(typed)
    assert fraction(found["iha.due.raw"]) == (1, 1, 100.0)
    assert found["iha.day-28.raw"]["denominator"] == 0
    december = kpi(typed, "--from 1/12/2025 --to 31/12/2025")
    assert (december["iha.due.raw"]["denominator"], december["iha.day-28.raw"]["denominator"]) == (0, 1)


def test_lateness_is_split_by_side_and_adds_up_to_all_that_was_late(typed: Typed) -> None:
    entered(typed, "1", "5/1/2026", "assessed --on 2/2/2026")
    entered(typed, "2", "5/1/2026")  # nobody told health: the authority's move
    entered(
        typed,
        "3",
        "5/1/2026",
        "notified --on 6/1/2026",
        "consent --on 6/1/2026 --basis parent",
        "referred --on 7/1/2026",
    )
    entered(typed, "4", "5/1/2026")
    typed.does("exception iha 4 iha.assessed --reason consent --agreed-by M --until 30/4/2026 --on 3/2/2026")
    found = kpi(typed)
    late = {name.rpartition(".")[2]: row["numerator"] for name, row in found.items() if ".late." in name}
    assert {side: n for side, n in late.items() if n} == {"social-care": 1, "health": 1, "family": 1}
    raw = found["iha.due.raw"]
    assert raw["numerator"] + sum(late.values()) == raw["denominator"]


def test_notification_and_referral_count_what_was_due_and_done_in_time(typed: Typed) -> None:
    entered(typed, "1", "5/1/2026", "notified --on 8/1/2026", "consent --on 9/1/2026 --basis parent")
    typed.does("iha referred 1 --on 12/1/2026")
    found = kpi(typed)
    assert fraction(found["iha.notified"]) == fraction(found["iha.referred"]) == (1, 1, 100.0)
    typed.does("iha referral-returned 1 --on 13/1/2026")
    typed.does("iha referred 1 --on 14/1/2026")
    assert fraction(kpi(typed)["iha.referred"]) == (0, 1, 0.0)


def test_what_was_due_today_is_not_over_and_what_a_return_cannot_say_is_left_out(typed: Typed) -> None:
    entered(typed, "1", "3/3/2026")  # due on 31 March, which is today
    assert kpi(typed)["iha.due.raw"]["excluded"] == [
        {"child_id": "1", "reason": "due on 31 Mar 2026, which is not over"}
    ]


def test_the_weeks_of_those_in_pre_proceedings_on_the_last_day(typed: Typed) -> None:
    for n, day in enumerate(("6/1/2026", "9/12/2025", "8/12/2025", "3/12/2025")):
        typed.does(f"plo open {n} --on {day} --dob 14/8/2015")
    found = kpi(typed)
    assert fraction(found["plo.weeks.median"]) == (None, 4, 16.1)
    assert found["plo.weeks.longest"]["value"] == 16.9
    assert fraction(found["plo.over-12-weeks"]) == (3, 4, 75.0)
    # From 9 December sixteen weeks end on 31 March itself: not over.
    assert found["plo.over-16-weeks"]["numerator"] == 2


def test_children_and_families_stepped_down_and_issued(typed: Typed) -> None:
    for child, family in (("1", "F1"), ("2", "F1"), ("3", "F2"), ("4", "F3")):
        typed.does(f"plo open {child} --on 5/1/2026 --dob 14/8/2015 --family {family}")
    typed.does("plo step 1 --on 2/2/2026 --outcome step-down --to child-in-need")
    typed.does("plo step 2 --on 2/2/2026 --outcome step-down --to looked-after-s20")
    typed.does("plo step 3 --on 2/2/2026 --outcome issue")
    typed.does("plo application 3 --on 9/2/2026")
    found = kpi(typed)
    assert fraction(found["plo.stepped-down"]) == (2, 3, 2)
    assert fraction(found["plo.stepped-down.families"]) == (1, 2, 1)
    assert fraction(found["plo.remained"]) == (1, 3, 1)
    assert fraction(found["plo.issued"]) == (1, 3, 1)
    assert found["plo.issued.families"]["unit"] == "families"


def test_a_family_that_comes_back_within_twelve_months_is_a_re_entry(typed: Typed) -> None:
    for child, ended in (("1", "30/1/2025"), ("2", "29/1/2025")):
        typed.does(f"plo open {child} --on 6/1/2025 --dob 14/8/2015")
        typed.does(f"plo step {child} --on {ended} --outcome step-down --to child-in-need")
        typed.does(f"plo reopen {child} --on 30/1/2026")
    typed.does("plo open 3 --on 2/2/2026 --dob 14/8/2015")
    assert fraction(kpi(typed)["plo.re-entry"]) == (1, 3, 33.3)


def test_the_waits_for_a_match_and_a_placement(typed: Typed) -> None:
    for child, entered_on, matched in (("1", "1/4/2025", "1/2/2026"), ("2", "1/4/2024", "2/3/2026")):
        typed.does(f"placement-order open {child} --on 1/10/2025 --dob 14/8/2020")
        typed.does(f"placement-order entered-care {child} --on {entered_on}")
        typed.does(f"placement-order match {child} --on {matched}")
        typed.does(f"placement-order placed {child} --on 9/3/2026")
    typed.does("placement-order open 3 --on 5/1/2026 --dob 14/8/2020")
    typed.does("placement-order match 3 --on 2/1/2026")
    found = kpi(typed)
    assert fraction(found["placement-order.a2"]) == (123 + 152 + 0, 3, 91.7)
    assert fraction(found["placement-order.a2.within"]) == (1, 3, 33.3)
    assert fraction(found["placement-order.a10"]) == (342 + 707, 2, 524.5)
    assert fraction(found["placement-order.a10.within"]) == (1, 2, 50.0)


def test_how_flagged_placements_ended(typed: Typed) -> None:
    for child in ("1", "2", "3"):
        typed.does(f"fragile open {child} --on 5/1/2026 --dob 14/8/2015 --source carer")
    typed.does("fragile stabilised 1 --on 2/3/2026")
    typed.does("fragile moved 2 --on 2/3/2026 --planned no --reason CREQB")
    typed.does("fragile disruption-meeting 2 --on 16/3/2026")
    found = kpi(typed)
    assert fraction(found["fragile.stabilised"]) == fraction(found["fragile.broke-down"]) == (1, 2, 50.0)


def placed(day: date, place: str, rne: str, child: str = "104523") -> Event:
    return event(CHILD, "placement", day, child, place=place, provider="PR1", rne=rne)


def began(day: date) -> list[date]:
    return [day + timedelta(days=30 * n) for n in range(12)]


def test_stays_leave_out_what_is_temporary_and_what_is_with_the_same_carer() -> None:
    first, *later = began(date(2025, 1, 6))
    record = [
        event(CHILD, "care-started", first),
        placed(first, "U6", "S"),
        placed(later[0], "T1", "P"),
        placed(later[1], "U6", "P"),
        placed(later[2], "U5", "T"),
        placed(later[3], "K2", "P"),
        placed(later[4], "K2", "P"),
    ]
    assert [stay.from_on for stay in stays(record, care_periods(record))] == [first, later[3], later[4]]


def test_three_placements_in_the_year_and_two_years_in_the_same() -> None:
    day = date(2026, 3, 31)
    db = empty_register()

    def in_care(child: str, born: date, *days: date) -> None:
        placements = [placed(d, "U6", "P", child) for d in days]
        record(db, event(CHILD, "born", born, child), event(CHILD, "care-started", days[0], child), *placements)

    in_care("1", date(2015, 1, 5), date(2025, 3, 1), date(2025, 6, 2), date(2025, 9, 1))  # the first ended in the year
    in_care("2", date(2015, 1, 5), date(2024, 3, 1), date(2025, 3, 31), date(2025, 9, 1))  # the first ended before it
    in_care("3", date(2015, 1, 5), date(2023, 9, 30), date(2024, 3, 31))
    in_care("4", date(2015, 1, 5), date(2023, 9, 30), date(2024, 4, 1))
    in_care("5", date(2010, 3, 31), date(2020, 1, 6))
    record(db, event(CHILD, "care-started", date(2023, 1, 9), "6"), event(CHILD, "born", date(2015, 1, 5), "6"))
    found = counted(db, day)
    assert found["fragile.three-placements"].figure[:3] == (1, 5, 20.0)
    assert found["fragile.long-term"].figure[:3] == (1, 2, 50.0)
    assert found["fragile.long-term"].figure.excluded == [("6", "in care, and no placement recorded at all")]
    db.close()


def counted(db: sqlite3.Connection, day: date) -> dict[str, Measured]:
    period = period_of(None, None, day)
    return {one.name: one for one in measures(db, registers().values(), period, NO_FILTERS)}


@pytest.mark.slow
@given(lives(), lives("00123"), days)
def test_what_is_recorded_for_later_days_changes_no_figure(one: list[Event], other: list[Event], day: date) -> None:
    now, later = empty_register(), empty_register()
    # A case opened in error was never open, on whichever day that is found out.
    both = [event for event in (*one, *other) if event.fields.get("reason") not in IN_ERROR]
    # A correction counts whenever it was made; what is dated later is left out with all that corrects it.
    late = {e.line for e in both if e.day > day}
    record(now, *(e for e in both if e.line not in late and e.opening not in late))
    record(later, *(e for e in both if e.opening not in late or e.day > day))
    if any(e.line in late and e.day <= day for e in both):
        return
    assert {name: one.figure for name, one in counted(now, day).items()} == {
        name: one.figure for name, one in counted(later, day).items()
    }
    now.close()
    later.close()


@pytest.mark.slow
@given(lives(), lives("00123"), days, st.sampled_from(["month", "quarter", "team"]))
def test_the_parts_of_a_period_add_up_to_it(one: list[Event], other: list[Event], day: date, by: str) -> None:
    db = empty_register()
    record(db, *one)
    record(db, *other)
    period = period_of(None, None, day)
    whole = {m.name: m.figure for m in measures(db, registers().values(), period, NO_FILTERS)}
    apart: dict[str, int] = {}
    for part in measures(db, registers().values(), period, NO_FILTERS, by=by):
        apart[part.name] = apart.get(part.name, 0) + (part.figure.denominator or 0)
    adding = ("iha.due.raw", "plo.stepped-down", "placement-order.a2", "fragile.broke-down", "plo.re-entry")
    assert {name: apart.get(name, 0) for name in adding} == {name: whole[name].denominator for name in adding}
    db.close()


@given(st.dates(date(2020, 1, 1), date(2027, 1, 1)), st.integers(0, 800), st.sampled_from(["month", "quarter"]))
def test_months_and_quarters_follow_each_other_without_a_hole(first: date, length: int, by: str) -> None:
    last = first + timedelta(days=length)
    found = parts(period_of(first, last, last), by)
    assert (found[0].first, found[-1].last) == (first, last)
    assert all(b.first - a.last == timedelta(days=1) for a, b in pairwise(found))
    assert all(part.first.replace(day=1) == part.last.replace(day=1) for part in found if by == "month")


def test_a_year_to_a_day_has_its_day_and_not_that_of_the_year_before() -> None:
    assert year_to(date(2026, 3, 31)) == date(2025, 4, 1)


def test_figures_of_fewer_than_five_are_hidden_and_nobody_is_named(typed: Typed) -> None:
    for n in range(7):
        entered(typed, str(n), "5/1/2026", *(["assessed --on 2/2/2026"] if n < 5 else []))
    entered(typed, "8", "5/1/2026", "left-care --on 20/1/2026")
    found = kpi(typed, "--suppress")
    assert fraction(found["iha.due.raw"]) == (None, 7, None)  # two were late
    assert all(row["excluded"] is None for row in found.values())
    shown = typed.does(f"kpi {PERIOD} --suppress")
    assert "hidden" in shown
    assert "Nothing was left out" not in shown


def test_an_adjusted_figure_that_lies_a_few_children_from_the_raw_one_is_hidden_whole(typed: Typed) -> None:
    for n in range(20):
        late = "refused --on 3/2/2026" if n == 19 else "assessed --on 2/3/2026"
        entered(typed, str(n), "5/1/2026", "assessed --on 20/1/2026" if n < 10 else late)
    raw = kpi(typed)
    assert (raw["iha.due.raw"]["denominator"], raw["iha.due.adjusted"]["denominator"]) == (20, 19)
    found = kpi(typed, "--suppress")
    assert fraction(found["iha.due.raw"]) == (10, 20, 50.0)
    assert fraction(found["iha.due.adjusted"]) == (None, None, None)


def test_one_part_that_is_hidden_alone_takes_the_next_smallest_with_it() -> None:
    db = empty_register()
    period = period_of(None, None, date(2026, 3, 31))
    found = [one for one in measures(db, registers().values(), period, NO_FILTERS) if one.measure.split]
    counts = [2, 7, 9, *[0] * (len(found) - 3)]
    told = [
        one._replace(figure=one.figure._replace(numerator=n, denominator=40))
        for one, n in zip(found, counts, strict=True)
    ]
    assert [one.figure.numerator for one in suppressed(told)] == [None, None, 9, *[0] * (len(found) - 3)]
    db.close()


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=14))
def test_no_small_figure_is_ever_shown(counts: list[tuple[int, int]]) -> None:
    db = empty_register()
    found = measures(db, registers().values(), period_of(None, None, date(2026, 3, 31)), NO_FILTERS)
    shares = [one for one in found if one.measure.comes_to == "share"]
    told = [
        one._replace(figure=one.figure._replace(numerator=n, denominator=n + more))
        for one, (n, more) in zip(shares, counts, strict=False)
    ]
    for one in suppressed(told):
        shown = one.figure
        for n in (shown.numerator, shown.denominator):
            assert n is None or n == 0 or n >= FEW
        if shown.numerator is not None and shown.denominator is not None:
            assert not 0 < shown.denominator - shown.numerator < FEW
    db.close()


def test_days_out_of_order_are_wrong_usage(typed: Typed) -> None:
    typed.is_refused("kpi --from 2/3/2026 --to 1/3/2026", status=2)
    typed.is_refused("kpi --to 1/4/2026", status=2)


def test_people_read_the_definition_and_who_was_left_out(typed: Typed) -> None:
    entered(typed, "1", "5/1/2026", "left-care --on 20/1/2026")
    printed = typed.does(f"kpi {PERIOD} --register iha")
    assert printed.startswith("Measures from Thursday 1 January 2026 to Tuesday 31 March 2026\n")
    assert "children whose assessment fell due in the period: assessed by the due day" in printed
    assert "left-care" in printed
    csv = typed.does(f"kpi {PERIOD} --register iha --format csv")
    assert csv.startswith("measure,from,to,numerator,denominator,value,unit,definition,excluded\n")
    assert "1: left-care on 20 Jan 2026" in csv
