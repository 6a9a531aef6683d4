"""Stability of placements: which stays count, and what the two national measures say of worked lives."""

from __future__ import annotations

from datetime import date

import pytest
from ledgers import child

from cictrack.pathway.measures import InCare, Period, Verdict
from cictrack.pathway.stays import stays
from cictrack.registers._fragile_measures import long_term, many_placements

ON = date(2026, 3, 31)
NOT_MEANT = None
COUNTED, AMONG = Verdict(0), Verdict(1)
BORN = "child 1 born 2014-05-01\n"
IN_CARE = BORN + "2025-01-06 child care-started\n2025-01-06 child placement place=U1 provider=PR1 rne=S\n"


def life(ledger: str) -> InCare:
    found = child(ledger)
    told = stays(found.record, found.care)
    care = list(dict.fromkeys((stay.care_from, stay.care_until) for stay in told))
    placed = [(stay.from_on, stay.until_on) for stay in told if stay.placed]
    return InCare("1", found.dob, care, placed, [(s.from_on, s.until_on) for s in told if not s.placed])


def on(day: date) -> Period:
    return Period(day, day, day)


def placed(day: str, place: str = "U1", provider: str = "PR4", rne: str = "P") -> str:
    return f"{day} child placement place={place} provider={provider} rne={rne}\n"


@pytest.mark.parametrize(
    ("moves", "said"),
    [
        # The placement that stood when the year began is the first of the three.
        (placed("2025-06-02") + placed("2025-09-01", "K2"), AMONG),
        (placed("2025-06-02"), COUNTED),
        # One that ended on the year's first day is not of it; one that ended the day after is.
        (placed("2025-03-31") + placed("2025-09-01"), COUNTED),
        (placed("2025-04-01") + placed("2025-09-01"), AMONG),
        # A hospital and back home again is one placement; from hospital to another home is two.
        (placed("2025-06-02", "T1") + placed("2025-06-12", "U1", "PR1") + placed("2025-09-01"), COUNTED),
        (placed("2025-06-02", "T1") + placed("2025-06-12", "K2") + placed("2025-09-01"), AMONG),
        # The same carer under another code or another status is no move.
        (
            placed("2025-06-02", "A4", "PR1", "U") + placed("2025-09-01", "U4", "PR1", "T") + placed("2025-12-01"),
            COUNTED,
        ),
        # A move from one home of a provider to another of it is a move.
        (placed("2025-06-02", "U1", "PR1") + placed("2025-09-01", "U1", "PR1"), AMONG),
    ],
)
def test_placements_of_the_year(moves: str, said: Verdict | None) -> None:
    assert many_placements(life(IN_CARE + moves), on(ON)) == said


def test_the_year_counts_what_came_before_a_return_to_care() -> None:
    returned = (
        IN_CARE
        + placed("2025-06-02")
        + "2025-08-01 child care-ended\n2025-11-03 child care-started\n"
        + placed("2025-11-03", rne="S")
    )
    assert many_placements(life(returned), on(ON)) == AMONG
    assert many_placements(life(returned), on(date(2025, 9, 1))) == NOT_MEANT
    assert many_placements(life(returned), on(date(2025, 7, 31))) == COUNTED


def test_care_that_began_twice_with_no_end_between_is_one_time_in_care() -> None:
    twice = IN_CARE + "2025-01-13 child care-started\n" + placed("2025-06-02")
    assert many_placements(life(twice), on(ON)) == COUNTED
    assert long_term(life(long_life() + "2024-01-08 child care-started\n"), on(ON)) == AMONG


def test_short_breaks_are_no_care_and_no_placements() -> None:
    breaks = "2025-06-02 child legal-status code=V4\n" + placed("2025-06-02", rne="S") + placed("2025-09-01")
    assert many_placements(life(BORN + breaks), on(ON)) == NOT_MEANT
    inside = IN_CARE + breaks + placed("2025-12-01") + "2026-01-05 child legal-status code=C2\n"
    assert many_placements(life(inside + placed("2026-01-05")), on(ON)) == COUNTED


def test_a_record_that_lacks_what_is_counted_is_named() -> None:
    assert many_placements(life(BORN), on(ON)) == NOT_MEANT
    began = BORN + "2025-01-06 child care-started\n"
    assert many_placements(life(began), on(ON)) == Verdict(why_not="in care, and no placement recorded at all")
    late = began + placed("2025-12-01") + placed("2026-01-05")
    why = "in care, and no placement recorded before 1 Dec 2025"
    assert many_placements(life(late), on(ON)) == Verdict(why_not=why)


def long_life(began: str = "2023-09-30", *, born: str = "2012-05-01") -> str:
    return f"child 1 born {born}\n{began} child care-started\n" + placed(began, rne="S")


@pytest.mark.parametrize(
    ("ledger", "said"),
    [
        # Two and a half years on 30 March 2026: counted, and not before.
        (long_life("2023-09-30"), AMONG),
        (long_life("2023-10-01"), NOT_MEANT),
        # Two years in one placement from 31 March 2024.
        (long_life() + placed("2024-03-31"), AMONG),
        (long_life() + placed("2024-04-01"), COUNTED),
        # A hospital stay and a change of status leave it as it was.
        (long_life() + placed("2025-06-02", "T1") + placed("2025-06-09", "U1", "PR4"), AMONG),
        (long_life() + placed("2025-06-02", "U4", "PR4", "L"), AMONG),
        # Sixteen on the day is too old.
        (long_life(born="2010-03-31"), NOT_MEANT),
        (long_life(born="2010-04-01"), AMONG),
        (long_life() + "2026-03-31 child care-ended\n", NOT_MEANT),
    ],
)
def test_the_same_placement_for_two_years(ledger: str, said: Verdict | None) -> None:
    assert long_term(life(ledger), on(ON)) == said


def test_without_a_day_of_birth_nobody_is_under_sixteen() -> None:
    unborn = long_life().replace("child 1 born 2012-05-01", "child 1")
    assert long_term(life(unborn), on(ON)) == Verdict(why_not="no date of birth")


def test_care_that_only_a_case_tells_of_counts_where_the_placements_are_on_record() -> None:
    moved = placed("2025-01-06", rne="S") + placed("2025-06-02") + placed("2025-09-01", "U2")
    in_case = BORN + "2025-01-06 iha entered-care\n"
    assert many_placements(life(in_case + moved), on(ON)) == AMONG
    assert many_placements(life(in_case), on(ON)) is NOT_MEANT
    left = in_case + moved + "2026-02-02 iha left-care\n"
    assert many_placements(life(left), on(ON)) is NOT_MEANT
