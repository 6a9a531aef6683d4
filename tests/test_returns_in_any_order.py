"""Five yearly returns of one population give one register, whatever the order in which they are read."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import example, given
from hypothesis import strategies as st

from cictrack.pathway.child import evaluate_child
from cictrack.pathway.events import CHILD, Event, standing
from cictrack.pathway.settings import Settings
from cictrack.readers.cases import Position
from cictrack.readers.outcome import Outcome
from cictrack.readers.plan import Stamp
from cictrack.readers.rows import Read, Row
from cictrack.registers import registers
from cictrack.store.bank_holidays import published_bank_holidays
from cictrack.store.events import content_id
from cictrack.store.rows import CASES, rows_of
from cictrack.working_days import Calendar, months_after

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SETTINGS = Settings(Calendar(*published_bank_holidays()))
FIRST, YEARS = 2013, 5
PLACES = ("U6", "U4", "U5", "T2", "K2")
ADOPTIVE = ("A5", "A6")
"""Placements for adoption under a placement order: rule 408 of the return wants the order with them."""
ENDS = ("E11", "E4A", "E45", "E2", "E3", "E8")


class Spell(NamedTuple):
    """One episode as it came to be: how it began, and how it ended, if it has."""

    start: date
    rne: str
    status: str
    place: str
    end: date | None
    why: str


class Child(NamedTuple):
    """One child's life in care, and the decision that the child should be placed."""

    spells: tuple[Spell, ...]
    decided: date | None
    reversed_on: date | None
    missing: tuple[tuple[date, date], ...]
    reviews: tuple[date, ...]


def rne(before: Spell | None, status: str, place: str) -> str:
    """Why an episode begins, as the return codes it."""
    if before is None:
        return "S"
    moved = before.place != place
    if before.status != status:
        return "B" if moved else "L"
    return "P" if moved else "T"


@st.composite
def lives(draw: st.DrawFn) -> Child:
    day = date(FIRST, 4, 1) + timedelta(days=draw(st.integers(0, 900)))
    spells: list[Spell] = []
    for _ in range(draw(st.integers(1, 2))):
        before: Spell | None = None
        count = draw(st.integers(1, 5))
        for n in range(count):
            end = day + timedelta(days=draw(st.integers(2, 400)))
            last = n == count - 1
            status = draw(st.sampled_from(["C2", "E1", "V2"]))
            place = draw(st.sampled_from(PLACES + ADOPTIVE if status == "E1" else PLACES))
            why = draw(st.sampled_from(ENDS)) if last else "X1"
            before = Spell(day, rne(before, status, place), status, place, end, why)
            spells.append(before)
            day = end
        day += timedelta(days=draw(st.integers(1, 300)))
    if draw(st.booleans()):
        spells[-1] = spells[-1]._replace(end=None, why="")
    orders = [s.start for s in spells if s.status == "E1"]
    earlier = timedelta(days=draw(st.integers(0, 60)))
    was_decided = draw(st.booleans())
    # A decision is made for the care that the child is in.
    into_care = max((s.start for s in spells if orders and s.rne == "S" and s.start <= orders[0]), default=day)
    decided = max(orders[0] - earlier, into_care) if orders and was_decided else None
    span = spells[0].start
    gone = [span + timedelta(days=draw(st.integers(0, 900))) for _ in range(draw(st.integers(0, 2)))]
    missing = tuple((start, start + timedelta(days=3)) for start in gone)
    reviewed = draw(st.lists(st.integers(0, 900), max_size=2))
    reviews = tuple(span + timedelta(days=n) for n in sorted(set(reviewed)))
    return Child(tuple(spells), decided, None, missing, reviews)


def year(child: Child, ends_in: int) -> list[Row]:
    """The rows of the child in the return that ends on 31 March: what was so in its year, as it was known then."""
    first, last = date(ends_in - 1, 4, 1), date(ends_in, 3, 31)
    rows = [
        Row("episodes", "e", n, "7", {"DECOM": s.start, "DEC": ended}, texts(s, ended), {})
        for n, s in enumerate(child.spells)
        if s.start <= last and (s.end is None or s.end >= first)
        for ended in [s.end if s.end and s.end <= last else None]
    ]
    if not rows:
        return []
    if child.decided and child.decided <= last and stands(child, child.decided, first):
        said = {"DOB": None, "DATE_PLACED": child.decided, "DATE_PLACED_CEASED": None}
        rows.append(Row("placed_adoption", "p", 0, "7", said, {"REASON_PLACED_CEASED": ""}, {}))
    for n, (start, end) in enumerate(child.missing):
        if start <= last and end >= first:
            spell = {"DOB": None, "MIS_START": start, "MIS_END": end if end <= last else None}
            rows.append(Row("missing", "m", n, "7", spell, {"MISSING": "M"}, {}))
    for n, day in enumerate(child.reviews):
        if first <= day <= last:
            rows.append(Row("reviews", "r", n, "7", {"DOB": None, "REVIEW": day}, {"REVIEW_CODE": "PN1"}, {}))
    rows.append(Row("header", "h", 0, "7", {"DOB": date(2010, 5, 5)}, {}, {}))
    return rows


def stands(child: Child, decided: date, on: date) -> bool:
    """Whether the period of care that a decision was made for had not ended by `on`."""
    ends = [s.end for s in child.spells if s.end and s.why != "X1" and s.end > decided]
    return not ends or ends[0] >= on


def texts(spell: Spell, ended: date | None) -> dict[str, str]:
    return {
        "RNE": spell.rne,
        "LS": spell.status,
        "CIN": "N1",
        "PLACE": spell.place,
        "PLACE_PROVIDER": "PR1",
        "REC": spell.why if ended else "",
        "REASON_PLACE_CHANGE": "CARPL" if ended and spell.why == "X1" else "",
    }


def read(child: Child, years: Sequence[int]) -> list[Event]:
    """The events that the returns of `years` bring, read in that order."""
    held: list[Event] = []
    for ends_in in years:
        rows = year(child, ends_in)
        if not rows:
            continue
        files = {row.file for row in rows}
        reads = [
            Read("ssda903", f, f"{ends_in}{f}", "utf-8", f, [r for r in rows if r.file == f], 0, ())
            for f in sorted(files)
        ]
        source = {read.file: read.source for read in reads}
        outcome = Outcome(reads)
        as_at = date(ends_in, 3, 31)
        position = Position(as_at, months_after(as_at, -12))
        outcome.plan_child(rows, held, registers(), SETTINGS, position, Stamp("somebody", source, content_id))
        assert not outcome.conflicts, (ends_in, outcome.conflicts)
        held += outcome.events
    return held


def register_of(events: list[Event]) -> tuple[object, ...]:
    """What the register says: the child's own record, and every derived row but the ids of opening events.

    With an id its case's seal goes.
    """
    rows = rows_of("7", evaluate_child(registers(), events, SETTINGS))
    rows[CASES][:] = [(*row[:3], *row[4:-1]) for row in rows[CASES]]
    record = sorted((e.kind, e.day, sorted(e.fields.items())) for e in standing(events)[0] if e.register == CHILD)
    return record, rows


def in_order() -> Iterator[int]:
    return iter(range(FIRST + 1, FIRST + 1 + YEARS))


def _spells(*told: tuple[str, str, str, str, str]) -> tuple[Spell, ...]:
    """Spells by their day, reason, status, place and the reason that ended them; each ends as the next begins."""
    days = [date.fromisoformat(day) for day, *_ in told]
    ends = [*days[1:], days[-1] + timedelta(days=2)]
    return tuple(
        Spell(day, rne, status, place, end, why)
        for day, end, (_, rne, status, place, why) in zip(days, ends, told, strict=True)
    )


TWO_ORDERS = Child(
    _spells(
        ("2013-04-01", "S", "C2", "U6", "X1"),
        ("2013-04-05", "B", "E1", "A5", "X1"),
        ("2014-02-25", "P", "E1", "U6", "X1"),
        ("2015-04-01", "L", "C2", "U6", "E11"),
        ("2015-04-04", "S", "C2", "U6", "X1"),
        ("2015-04-06", "B", "E1", "A5", "X1"),
        ("2016-04-01", "B", "C2", "U6", "E11"),
    ),
    None,
    None,
    (),
    (),
)
"""The return of 2017 read before that of 2016 seems to tell of the first order, and of the second it does."""


REVOKED_BETWEEN = Child(
    _spells(
        ("2013-04-01", "S", "C2", "U6", "X1"),
        ("2014-04-01", "L", "E1", "U6", "X1"),
        ("2015-04-01", "L", "C2", "U6", "X1"),
        ("2016-04-01", "L", "E1", "U6", "E11"),
    ),
    None,
    None,
    (),
    (),
)
"""The return of 2017 begins with the status that the child had in 2014 too, and says that it is a new one."""


@example(TWO_ORDERS, [2014, 2015, 2017, 2016, 2018])
@example(REVOKED_BETWEEN, [2014, 2017, 2015, 2016, 2018])
@given(lives(), st.permutations(list(in_order())))
def test_returns_read_in_any_order_give_one_register(child: Child, years: list[int]) -> None:
    assert register_of(read(child, years)) == register_of(read(child, list(in_order())))


@given(lives(), st.permutations(list(in_order())))
def test_a_return_read_again_after_the_others_changes_nothing(child: Child, years: list[int]) -> None:
    assert register_of(read(child, [*years, *years])) == register_of(read(child, years))
