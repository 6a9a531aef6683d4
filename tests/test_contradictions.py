"""What cannot be is found, says which days clash, and never changes what the rest of the case says."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from ledgers import OneCase, case, events, usual

from cictrack.pathway.child import evaluate_child
from cictrack.registers import registers

if TYPE_CHECKING:
    from cictrack.pathway.child import ChildEvaluation
    from cictrack.pathway.declare import Register
    from cictrack.pathway.events import Event
    from cictrack.pathway.kinds import Kind

OPENED = {
    "plo": "2026-01-05 plo decision",
    "placement-order": "2026-01-05 placement-order order",
    "fragile": "2026-01-05 fragile flag",
    "iha": "2026-01-05 iha entered-care",
}
NEEDING = [pytest.param(r, k, id=f"{r.name} {k.name}") for r in registers().values() for k in r.kinds if k.needs]
FOLLOWED = [
    pytest.param(r, earlier, k, id=f"{r.name} {k.name} before {earlier}")
    for r in registers().values()
    for k in r.kinds
    for earlier in k.not_before
    if not k.opens
]


def _answered(kind: Kind) -> dict[str, str]:
    return {f.name: f.choices[0] if f.choices else "2026-05-01" for f in kind.fields if f.required}


def _found(told: list[Event], kind: str) -> list[str]:
    found = evaluate_child(registers(), told, usual()).cases[0].evaluation
    return [g.why for g in found.gaps if g.event == kind and g.values]


def _after_opening(register: Register, *kinds: str) -> list[Event]:
    """A case and an event of each kind, a week apart."""
    told = events(f"child 1 born 2015-01-01\n{OPENED[register.name]}")
    opening = told[-1]
    for n, name in enumerate(kinds, 1):
        day = opening.day + timedelta(weeks=n)
        told.append(opening._replace(id=f"z{n}", kind=name, day=day, fields=_answered(register.kind[name])))
    return told


@pytest.mark.parametrize(("register", "kind"), NEEDING)
def test_an_event_without_what_it_follows_from_is_found(register: Register, kind: Kind) -> None:
    assert any("before it" in why for why in _found(_after_opening(register, kind.name), kind.name))


@pytest.mark.parametrize(("register", "earlier", "kind"), FOLLOWED)
def test_an_event_dated_before_what_it_cannot_precede_is_found(register: Register, earlier: str, kind: Kind) -> None:
    if register.kind[earlier].opens:
        told = _after_opening(register, kind.name)
        told[-1] = told[-1]._replace(day=told[-1].day - timedelta(weeks=2))
    else:
        told = _after_opening(register, kind.name, earlier)
    if kind.closes:
        assert any("after the case closed" in why for why in _found(told, earlier))
    else:
        assert any("before" in why for why in _found(told, kind.name))


def test_a_match_after_the_adoption_is_found_with_both_days() -> None:
    order = case(
        "child 1 born 2021-03-01\n2026-01-05 placement-order order\n"
        "2026-03-02 placement-order adopted\n2026-03-09 placement-order match\n"
    )
    gap = next(g for g in order.result.gaps if g.event == "match")
    assert [str(day) for day in gap.values] == ["2026-03-02", "2026-03-09"]
    assert order.stage("2026-04-01") == "adopted"


def _corrected_apart(text: str) -> ChildEvaluation:
    """A ledger whose last two lines correct the same event, each in a copy that does not know of the other."""
    told = events(text)
    told[-1] = told[-1]._replace(parent=told[-2].parent)
    return evaluate_child(registers(), told, usual())


def test_two_corrections_made_apart_are_a_conflict_and_the_greater_id_stands() -> None:
    found = _corrected_apart(
        "child 1 born 2019-01-01\n2026-01-05 plo decision\nl: 2026-01-08 plo letter\n"
        "correct l: 2026-01-07 plo letter\ncorrect l: 2026-01-09 plo letter\n"
    )
    plo = OneCase(found.cases[0], found)
    assert plo.history("plo.letter") == [("2026-01-12", "2026-01-09", "")]
    assert plo.gaps("2026-01-09") == ["letter"]
    assert "corrected twice" in plo.why("letter")


def test_one_correction_of_another_is_none() -> None:
    plo = case(
        "child 1 born 2019-01-01\n2026-01-05 plo decision\nl: 2026-01-08 plo letter\n"
        "correct l: 2026-01-07 plo letter\ncorrect l: 2026-01-06 plo letter\n"
    )
    assert plo.history("plo.letter") == [("2026-01-12", "2026-01-06", "")]
    assert plo.gaps("2026-02-01") == []


def test_two_corrections_of_the_childs_own_record_are_a_conflict_too() -> None:
    found = _corrected_apart(
        "child 1 born 2019-01-01\nm: 2026-01-08 child missing\n"
        "correct m: 2026-01-07 child missing\ncorrect m: 2026-01-09 child missing\n"
    )
    assert [g.event for g in found.gaps] == ["missing"]


def test_a_correction_that_arrives_before_the_event_it_corrects_waits_for_it() -> None:
    told = events(
        "child 1 born 2019-01-01\n2026-01-05 plo decision\nl: 2026-01-08 plo letter\ncorrect l: 2026-01-07 plo letter"
    )
    early = [e for e in told if e.kind != "letter" or e.parent]
    assert list(evaluate_child(registers(), early, usual()).cases[0].evaluation.days) == ["decision"]
    late = evaluate_child(registers(), [*early, *(e for e in told if e not in early)], usual())
    assert str(late.cases[0].evaluation.days["letter"]) == "2026-01-07"


def test_events_that_no_opening_explains_make_no_case_and_stand_in_gaps() -> None:
    told = events("child 1 born 2019-01-01\n2026-01-05 plo decision\n2026-01-08 plo letter")
    found = evaluate_child(registers(), [e for e in told if e.kind != "decision"], usual())
    assert found.cases == []
    assert [(g.register, g.event) for g in found.gaps] == [("plo", "letter")]


def test_an_answer_that_cannot_be_read_is_left_out_and_found() -> None:
    plo = case(
        "child 1 born 2019-01-01\n2026-01-05 plo decision\n2026-04-20 plo extension to=soon agreed_by=a reason=b"
    )
    assert any("its to cannot be read" in g.why for g in plo.result.gaps)


def test_a_contradiction_stands_from_the_day_it_can_be_seen() -> None:
    order = case(
        """
        child 1 born 2019-01-01
        2025-06-02 placement-order entered-care
        2026-01-05 placement-order order
        2026-01-20 placement-order match
        2026-01-27 placement-order adm
        """
    )
    assert order.gaps("2026-01-26") == ["adm"]
    assert order.gaps("2026-01-27") == ["match", "order"]
