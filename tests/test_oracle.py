"""The engine says of pre-proceedings what a literal reading of the specification says, on every day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st
from ledgers import OneCase, england_and_wales, usual
from oracle_plo import Oracle, Told

from cictrack.pathway.child import evaluate_child
from cictrack.pathway.events import CHILD, Event
from cictrack.registers import registers

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

DECIDED = date(2026, 3, 9)
"""Four weeks before Easter: its two holidays lie within the first deadlines."""

KINDS = (
    *("letter", "meeting", "meeting", "fgdm", "review", "review", "extension", "step", "application", "closed"),
    *("task", "task", "task-done", "task-done", "note", "assigned", "exception", "outstanding"),
)


def _answers(draw: DrawFn, kind: str, n: int) -> dict[str, str]:
    later = draw(st.integers(0, 200).map(lambda days: (DECIDED + timedelta(days)).isoformat()))
    answers = {
        "letter": draw(st.sampled_from([{}, {"fgdm_offered": "yes"}])),
        "meeting": draw(st.sampled_from([{}, {"effective": "yes"}, {"effective": "no"}])),
        "extension": {"to": later, "agreed_by": "head", "reason": "r"},
        "step": draw(st.sampled_from([{"outcome": "issue"}, {"outcome": "step-down", "to": "no-further"}])),
        "task": {"text": f"task {n}", "owner": "worker", "due": later},
        "task-done": {"task": draw(st.sampled_from([f"{k:02d}" for k in range(1, 12)]))},
        "exception": {"rule": "plo.end", "reason": "court", "agreed_by": "head", "until": later},
        "closed": draw(st.sampled_from([{"reason": "left-care"}, {"reason": "moved-authority"}])),
    }
    return answers.get(kind, {})


@st.composite
def cases(draw: DrawFn) -> list[Told]:
    """A decision and what follows it, in any order; one step at most, and an application only after an issue."""
    told = [Told(DECIDED, "decision", {}, "00")]
    spread = draw(st.sampled_from([20, 150]))
    for n, kind in enumerate(draw(st.lists(st.sampled_from(KINDS), max_size=11)), 1):
        day = DECIDED + timedelta(draw(st.integers(0, spread)))
        told.append(Told(day, kind, _answers(draw, kind, n), f"{n:02d}"))
    steps = [t for t in told if t.kind == "step"]
    issued = [t for t in steps[:1] if t.answers["outcome"] == "issue"]
    kept = [t for t in told if t.kind != "step" or t is steps[0]]
    return [t for t in kept if t.kind != "application" or (issued and t.day >= issued[0].day)]


def _events(all_told: list[Told]) -> list[Event]:
    born = Event("born", CHILD, "1", "", "born", date(2019, 1, 1), {})
    return [born, *(Event(t.name, "plo", "1", "00", t.kind, t.day, t.answers) for t in all_told)]


CLASHES = (" is before ", " is no later than ", "there is no such task", " is after the case closed")
"""Sentences of the gaps that name a contradiction: the oracle knows only of what is missing."""


@given(told=cases())
def test_the_engine_agrees_with_a_literal_reading_on_every_day(told: list[Told]) -> None:
    oracle = Oracle(told, set(england_and_wales().holidays))
    found = evaluate_child(registers(), _events(told), usual())
    plo = OneCase(found.cases[0], found)
    for n in range(230):
        day = DECIDED + timedelta(n)
        on, seen = day.isoformat(), oracle.seen(day)
        rows = [r for r in plo.open_rows(on) if r.clock.kind != "drift"]
        assert plo.stage(on) == seen.stage, on
        assert {(r.clock.name, r.span.of): r.span.due_on for r in rows} == seen.due, on
        assert plo.alerts(on) == seen.alerts, on
        missing = {g.event for g in plo.result.gaps if not any(clash in g.why for clash in CLASHES)}
        assert set(plo.gaps(on)) & missing >= seen.gaps, on
        standing = {
            g.event
            for g in plo.result.gaps
            if not g.values and g.starts_on <= day and (g.ended_on is None or day < g.ended_on)
        }
        assert standing == seen.gaps, on
