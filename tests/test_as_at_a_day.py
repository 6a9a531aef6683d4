"""What the rows say of a day is what the events dated on or before it say; and no order of arrival changes them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from histories import FIRST, SPAN, histories, void
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers import usual

from cictrack.pathway.child import CaseOf, ChildEvaluation, evaluate_child
from cictrack.pathway.evaluate import ordered
from cictrack.pathway.events import Event, standing
from cictrack.pathway.record import BORN, EXPECTED
from cictrack.registers import registers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cictrack.pathway.clocks import Row

Shown = dict[str, Any]
"""What a list could show of one case."""


def evaluated(told: Sequence[Event]) -> ChildEvaluation:
    return evaluate_child(registers(), told, usual())


def _row(row: Row) -> tuple[Any, ...]:
    span = row.span
    return (
        *(row.clock.name, span.of, span.anchor, span.anchor_on, row.starts_on),
        *(span.amber_on, span.due_on, span.past, span.why),
    )


def shown(case: CaseOf, day: date) -> Shown:
    """What the stored rows say of a case on a day."""
    found = case.evaluation
    positions = [p for p in found.positions if p.from_on <= day]
    return {
        "case": (case.register.name, case.opening.line),
        "rows": sorted(_row(r) for r in found.rows if r.open_on(day)),
        "position": positions[-1][1:] if positions else None,
        "gaps": sorted(
            {
                (g.event, g.starts_on, g.why)
                for g in found.gaps
                if g.starts_on <= day and not (g.ended_on and g.ended_on <= day)
            }
        ),
        "exceptions": sorted(
            (x.rule, x.reason, x.from_on, x.until) for x in found.exceptions if x.from_on <= day <= x.until
        ),
    }


def everything(child: ChildEvaluation) -> list[Any]:
    """Every row that would be stored of a child, in an order of its own."""
    whole: list[Any] = [sorted(child.gaps), child.dob, child.edd]
    for case in child.cases:
        found = case.evaluation
        rows = [
            (_row(r), r.n, r.met_on or date.max, r.stopped_on or date.max, r.span.lapses_on or date.max)
            for r in found.rows
        ]
        gaps = [(g.event, g.starts_on, g.ended_on or date.max, g.values, g.why) for g in found.gaps]
        whole.append((case.register.name, case.period, case.opening, found.closed_on, found.outcome, found.void))
        whole += [
            sorted(rows),
            found.positions,
            sorted(gaps),
            found.tasks,
            sorted(found.exceptions),
            found.escalations,
            found.days,
        ]
    return whole


def by_then(told: Sequence[Event], day: date) -> list[Event]:
    """The events dated on or before a day: corrections folded first, and birth as it is known."""
    stand, _ = standing(told)
    return [e._replace(root="", parent="", id=e.line) for e in stand if e.day <= day or e.kind in {BORN, EXPECTED}]


def without_void(told: Sequence[Event]) -> list[Event]:
    stand, _ = standing(told)
    never = {e.opening for e in stand if void(e)}
    return [e for e in told if not e.opening or e.opening not in never]


def days_that_matter(child: ChildEvaluation) -> list[date]:
    found: set[date] = set()
    for case in child.cases:
        for row in case.evaluation.rows:
            found |= {d for d in (row.starts_on, row.ended_on, row.span.due_on) if d}
        found |= {p.from_on for p in case.evaluation.positions}
        found |= {g.starts_on for g in case.evaluation.gaps}
        found |= {g.ended_on for g in case.evaluation.gaps if g.ended_on}
    near = {d + timedelta(n) for d in found for n in (-1, 0, 1)}
    return sorted(d for d in near if FIRST <= d <= FIRST + timedelta(SPAN * 3))


@given(told=histories(), data=st.data())
def test_the_view_of_a_day_is_what_the_events_by_that_day_say(told: list[Event], data: st.DataObject) -> None:
    told = one_clash_free(without_void(told))
    whole = evaluated(told)
    if not whole.cases:
        return
    matter = days_that_matter(whole)
    for day in data.draw(st.lists(st.sampled_from(matter), min_size=1, max_size=8, unique=True)):
        then = {(c.register.name, c.opening.line): c for c in evaluated(by_then(told, day)).cases}
        for case in whole.cases:
            if case.evaluation.opened_on <= day:
                assert shown(case, day) == shown(then[case.register.name, case.opening.line], day), day


def one_clash_free(told: Sequence[Event]) -> list[Event]:
    """Lines with two heads stand as the greater id: what remains is one event a line."""
    stand, _ = standing(told)
    return [e._replace(root="", parent="", id=e.line) for e in stand]


@given(told=histories(), data=st.data())
def test_the_order_in_which_events_arrive_changes_nothing(told: list[Event], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(told))
    assert everything(evaluated(shuffled)) == everything(evaluated(told))


@given(told=histories())
def test_rows_run_between_opening_and_closing_one_a_rule_and_end_once(told: list[Event]) -> None:
    for case in evaluated(told).cases:
        found = case.evaluation
        assert not found.void or not found.rows
        for row in found.rows:
            assert row.met_on is None or row.stopped_on is None
            assert row.starts_on >= found.opened_on
            assert row.starts_on >= row.span.anchor_on
            if row.stopped_on is not None:
                assert row.starts_on <= row.stopped_on
            if found.closed_on is not None:
                ended = row.ended_on
                assert ended is not None or row.starts_on > found.closed_on, row.clock.name
                assert ended is None or ended <= found.closed_on, row.clock.name
        _one_at_a_time(found.rows)
        assert len({(r.clock.name, r.n) for r in found.rows}) == len(found.rows)
        starts = [p.from_on for p in found.positions]
        assert starts == sorted(set(starts))


def _one_at_a_time(rows: Sequence[Row]) -> None:
    by_rule: dict[tuple[str, str], list[tuple[date, date]]] = {}
    for row in rows:
        of = "" if row.clock.name in {"plo.tasks", "fragile.red-standing", "placement-order.long-wait"} else row.span.of
        by_rule.setdefault((row.clock.name, of), []).append((row.starts_on, row.ended_on or date.max))
    for key, runs in by_rule.items():
        open_runs = sorted(run for run in runs if run[0] < run[1])
        for (_, end), (start, _) in pairwise(open_runs):
            assert end <= start, key


@given(told=histories(whole=False), rubbish=st.sampled_from(["", "soon", "2026-02-30", None, 7, ["x"]]))
def test_nothing_that_a_merge_could_bring_makes_it_raise(told: list[Event], rubbish: object) -> None:
    spoilt = [e._replace(fields=dict.fromkeys(e.fields, rubbish)) if n % 3 == 0 else e for n, e in enumerate(told)]
    ring = told[-1]._replace(id="r1", root=told[-1].line, parent="r2")
    evaluated([*spoilt, ring, ring._replace(id="r2", parent="r1")])
    evaluated([e for e in told if e.opening != e.id])


@settings(max_examples=40, deadline=None)
@given(told=histories())
def test_recording_what_meets_a_deadline_ends_it(told: list[Event]) -> None:
    for case in evaluated(told).cases:
        for row in case.evaluation.rows:
            if row.met_on is not None and row.starts_on <= row.met_on:
                assert not row.open_on(row.met_on)
                assert row.open_on(row.met_on - timedelta(1)) or row.starts_on == row.met_on or row.span.lapses_on


@settings(max_examples=30, deadline=None)
@given(told=histories())
def test_the_order_that_counts_is_by_day_opening_first_closing_last(told: list[Event]) -> None:
    stand, _ = standing(told)
    for case in evaluated(told).cases:
        own = [e for e in stand if e.opening == case.opening.opening and e.register == case.register.name]
        order = ordered(case.register, own, case.opening)
        assert [e.day for e in order] == sorted(e.day for e in own)
        same_day = [e for e in order if e.day == case.opening.day]
        assert same_day[0].line == case.opening.line
