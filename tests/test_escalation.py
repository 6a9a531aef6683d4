"""Escalation on a case of any register: worked days, what may follow what, and the list that a meeting reads."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledgers import OneCase, case, changed, usual
from typed import Typed

from cictrack.pathway.child import evaluate_child
from cictrack.pathway.events import CHILD, Event
from cictrack.registers import registers

if TYPE_CHECKING:
    from pathlib import Path

    from cictrack.pathway.escalations import Escalated

OPENED = "child 1 born 2019-01-01\n2026-01-05 plo decision\n"
STAGE_1 = "plo escalation stage=1 to='service manager' reason='no plan'\n"
STAGE_2 = "plo escalation stage=2 to='head of service' reason='no plan'\n"
CAFCASS = "plo escalation stage=cafcass to=Cafcass reason='no plan'\n"
INFORMAL = "plo escalation stage=informal to='team manager' reason='no plan'\n"
EACH, WHOLE = "plo.escalation", "plo.escalation-total"
WHOSE = ("team", "worker", "manager", "iro", "locality")


def answered(outcome: str) -> str:
    return f"plo escalation-answer outcome={outcome}\n"


@pytest.mark.parametrize(
    ("raised", "answer_due", "amber", "whole_stands_from"),
    [
        # Monday to Monday; 20 working days end on Monday 2 February, and the alert stands the day after.
        ("2026-01-05", "2026-01-12", "2026-01-08", "2026-02-03"),
        # Maundy Thursday's week: Good Friday 3 April and Easter Monday 6 April are skipped; 1 May is the twentieth.
        ("2026-04-01", "2026-04-10", "2026-04-08", "2026-05-02"),
        # Christmas Day, the Monday for Boxing Day (a Saturday) and New Year's Day: 22 January is the twentieth.
        ("2026-12-22", "2026-12-31", "2026-12-29", "2027-01-23"),
        # From a Saturday day 1 is the Monday; the bank holidays of May are the 4th and the 25th.
        ("2026-05-02", "2026-05-11", "2026-05-07", "2026-06-03"),
    ],
)
def test_an_answer_is_due_in_5_working_days_and_the_whole_is_over_after_20(
    raised: str, answer_due: str, amber: str, whole_stands_from: str
) -> None:
    plo = case(OPENED + f"{raised} {STAGE_1}")
    assert plo.due(raised)[EACH] == answer_due
    assert plo.amber(raised)[EACH] == amber
    stands_from = date.fromisoformat(whole_stands_from)
    assert WHOLE not in plo.alerts((stands_from - timedelta(1)).isoformat())
    day = date.fromisoformat(raised)
    spoken = f"{day.day} {day:%b %Y}"
    assert plo.alerts(whole_stands_from)[WHOLE] == f"escalated formally on {spoken}, not ended within 20 working days"


def test_the_answer_meets_the_clock_and_escalated_ends_its_stage_alone() -> None:
    plo = case(OPENED + f"2026-01-06 {STAGE_1}2026-01-12 {answered('escalated')}")
    assert plo.history(EACH) == [("2026-01-13", "2026-01-12", "")]
    assert WHOLE in plo.alerts("2026-02-04")
    assert plo.open_rows("2026-01-12")[0].clock.name != EACH


@pytest.mark.parametrize("outcome", ["resolved", "withdrawn", "accepted-delay"])
def test_every_other_answer_ends_the_whole(outcome: str) -> None:
    ended = OPENED + f"2026-01-06 {STAGE_1}2026-02-05 {answered(outcome)}"
    plo = case(ended)
    assert plo.history(EACH) == [("2026-01-13", "2026-02-05", "")]
    assert WHOLE in plo.alerts("2026-02-04")
    assert WHOLE not in plo.alerts("2026-02-05")
    # What is raised after that begins a whole of its own.
    again = case(ended + f"2026-02-09 {STAGE_2}")
    assert WHOLE not in again.alerts("2026-03-09")
    assert WHOLE in again.alerts("2026-03-10")


def test_the_whole_counts_from_the_first_formal_stage_and_not_from_the_informal_one() -> None:
    plo = case(OPENED + f"2026-01-06 {INFORMAL}2026-01-13 {answered('escalated')}2026-01-20 {CAFCASS}")
    assert WHOLE not in plo.alerts("2026-02-17")
    assert plo.alerts("2026-02-18")[WHOLE].startswith("escalated formally on 20 Jan 2026")
    alone = case(OPENED + f"2026-01-06 {INFORMAL}")
    assert WHOLE not in alone.alerts("2026-12-01")


def test_the_next_stage_may_be_raised_over_one_that_nobody_answered() -> None:
    plo = case(OPENED + f"2026-01-06 {STAGE_1}2026-01-15 {CAFCASS}")
    assert plo.history(EACH) == [("2026-01-13", "", "2026-01-15"), ("2026-01-22", "", "")]
    assert plo.alerts("2026-02-04")[WHOLE].startswith("escalated formally on 6 Jan 2026")


def test_an_answer_and_the_next_stage_of_one_day_count_as_they_were_typed() -> None:
    handed_on = case(OPENED + f"2026-01-06 {STAGE_1}2026-01-13 {answered('escalated')}2026-01-13 {STAGE_2}")
    assert handed_on.history(EACH) == [("2026-01-13", "2026-01-13", ""), ("2026-01-20", "", "")]
    settled = case(OPENED + f"2026-01-06 {STAGE_1}2026-01-06 {answered('resolved')}")
    assert settled.history(EACH) == [("2026-01-13", "2026-01-06", "")]
    assert not settled.gaps("2026-01-06")


def test_a_case_that_closes_stops_all_of_it() -> None:
    plo = case(OPENED + f"2026-01-06 {STAGE_1}2026-02-05 plo closed reason=left-care")
    assert plo.history(EACH) == [("2026-01-13", "", "2026-02-05")]
    assert plo.history(WHOLE) == [("2026-02-04", "", "2026-02-05")]
    assert not plo.open_rows("2026-02-05")


def test_an_escalation_is_something_that_happened_on_the_case() -> None:
    plo = case(OPENED + f"2026-01-20 {STAGE_1}2026-01-22 {answered('resolved')}")
    assert "plo.stale" not in plo.alerts("2026-02-18")
    assert plo.alerts("2026-02-19")["plo.stale"] == "nothing recorded since 22 Jan 2026"


def test_whoever_escalates_knows_the_case_so_what_a_return_left_open_is_judged_from_then() -> None:
    told = "child 1 born 2019-01-01\n2026-01-05 iha entered-care via=ssda903\n"
    assert case(told).severity("2026-02-10")["iha.notify"] == "GREY"
    iha = case(told + "2026-02-09 iha escalation stage=1 to='service manager' reason='no assessment'\n")
    assert iha.severity("2026-02-08")["iha.notify"] == "GREY"
    assert iha.severity("2026-02-10")["iha.notify"] == "RED"
    assert iha.due("2026-02-10")["iha.escalation"] == "2026-02-16"


def test_an_answer_to_nothing_is_a_finding() -> None:
    plo = case(OPENED + f"2026-01-06 {answered('resolved')}")
    assert plo.gaps("2026-01-06") == ["escalation-answer"]
    twice = case(OPENED + f"2026-01-06 {STAGE_1}2026-01-07 {answered('escalated')}2026-01-08 {answered('escalated')}")
    assert twice.gaps("2026-01-08") == ["escalation-answer"]
    ended = case(OPENED + f"2026-01-06 {STAGE_1}2026-01-07 {answered('escalated')}2026-01-08 {answered('resolved')}")
    assert not ended.gaps("2026-01-08")
    assert WHOLE not in ended.alerts("2026-06-01")


def test_an_authority_sets_its_own_amounts_from_a_day_on() -> None:
    own = changed({EACH: "10 working days", WHOLE: "30 working days"}, since="2026-01-20")
    before = case(OPENED + f"2026-01-06 {STAGE_1}", own)
    assert before.due("2026-01-06")[EACH] == "2026-01-13"
    assert WHOLE in before.alerts("2026-02-04")
    after = case(OPENED + f"2026-01-20 {STAGE_1}", own)
    assert after.due("2026-01-20")[EACH] == "2026-02-03"
    assert WHOLE not in after.alerts("2026-03-03")
    assert after.alerts("2026-03-04")[WHOLE].endswith("not ended within 30 working days")


@pytest.mark.parametrize("name", sorted(registers()))
def test_every_register_has_it_and_says_whose_rule_it_is(name: str) -> None:
    register = registers()[name]
    each, whole = register.clock[f"{name}.escalation"], register.clock[f"{name}.escalation-total"]
    assert (each.kind, each.authority, each.unit, each.blocking) == (
        "deadline",
        "local",
        "working days",
        "escalation-answer",
    )
    assert (whole.kind, whole.authority) == ("drift", "guidance")
    assert "IRO Handbook 2010, as local procedures quote it" in whole.source


STAGES = st.sampled_from(["informal", "1", "2", "3", "4", "cafcass"])
OUTCOMES = st.sampled_from(["resolved", "escalated", "withdrawn", "accepted-delay"])
DAYS = st.integers(0, 60).map(lambda n: date(2026, 3, 2) + timedelta(n))


@st.composite
def told(draw: st.DrawFn) -> list[Event]:
    """A case with raises and answers in any order, a note among them, and perhaps a closing."""
    events = [Event("born", CHILD, "1", "", "born", date(2019, 1, 1), {})]
    events.append(Event("00", "plo", "1", "00", "decision", date(2026, 3, 2), {}))
    kinds = st.sampled_from(["escalation", "escalation", "escalation-answer", "note", "closed"])
    for n, kind in enumerate(draw(st.lists(kinds, max_size=10)), 1):
        fields: dict[str, dict[str, Any]] = {
            "escalation": {"stage": draw(STAGES), "to": "head of service", "reason": "no plan"},
            "escalation-answer": {"outcome": draw(OUTCOMES)},
            "closed": {"reason": "left-care"},
        }
        events.append(Event(f"{n:02d}", "plo", "1", "00", kind, draw(DAYS), fields.get(kind, {})))
    return events


def evaluated(events: list[Event]) -> OneCase:
    found = evaluate_child(registers(), events, usual())
    return OneCase(found.cases[0], found)


@given(told())
def test_at_most_one_row_of_each_rule_stands_and_closing_stops_both(events: list[Event]) -> None:
    plo = evaluated(events)
    closed_on = plo.result.closed_on
    for n in range(120):
        day = date(2026, 3, 2) + timedelta(n)
        names = [row.clock.name for row in plo.open_rows(day.isoformat())]
        assert names.count(EACH) <= 1
        assert names.count(WHOLE) <= 1
        assert not (closed_on and day >= closed_on and {EACH, WHOLE} & set(names))
    waiting = [one for one in plo.result.escalations if not one.answered_on and not one.ended_on]
    still = [row for row in plo.result.rows if row.clock.name == EACH and row.ended_on is None]
    assert [row.span.of for row in still] == [one.id for one in waiting]


def seen(one: Escalated, day: date) -> tuple[Any, ...]:
    """An escalation as a reader on a day sees it."""
    is_answered = one.answered_on is not None and one.answered_on <= day
    has_ended = one.ended_on is not None and one.ended_on <= day
    outcome = one.ended_as if has_ended else one.outcome if is_answered else ""
    return *one[:6], one.answered_on if is_answered else None, outcome, *one[8:10]


@given(told(), st.randoms(use_true_random=False))
def test_what_is_kept_answers_for_every_day_in_whatever_order_it_arrived(events: list[Event], shuffle: Any) -> None:  # noqa: ANN401 - Hypothesis' own
    whole = evaluated(events).result.escalations
    mixed = list(events)
    shuffle.shuffle(mixed)
    assert evaluated(mixed).result.escalations == whole
    for n in range(0, 64, 3):
        day = date(2026, 3, 2) + timedelta(n)
        then = evaluated([e for e in events if e.day <= day]).result.escalations
        assert [seen(one, day) for one in whole if one.raised_on <= day] == [seen(one, day) for one in then]


@pytest.fixture
def desk(tmp_path: Path) -> Typed:
    """Three cases on 31 March 2026: one challenged twice, one answered, one on another register."""
    typed = Typed(tmp_path / "register.db")
    for line in (
        "plo open 104523 --on 5/1/2026 --dob 14/8/2019 --team North --iro 'IRO 2'",
        "escalation raise plo 104523 --stage informal --to 'team manager' --reason 'no plan' --on 2/3/2026",
        "escalation answer plo 104523 --outcome escalated --on 9/3/2026",
        "escalation raise plo 104523 --stage 2 --to 'head of service' --reason 'no plan' --on 9/3/2026",
        "plo open 104524 --on 5/1/2026 --dob 14/8/2019 --team South --iro 'IRO 3'",
        "escalation raise plo 104524 --stage 1 --to 'service manager' --reason 'no visit' --on 23/3/2026",
        "escalation answer plo 104524 --outcome resolved --on 26/3/2026 --note 'visited'",
        "fragile open 104525 --on 2/3/2026 --dob 14/8/2013 --team North --iro 'IRO 2'",
        "escalation raise fragile 104525 --stage 1 --to 'service manager' --reason 'no meeting' --on 30/3/2026",
    ):
        typed.does(line)
    return typed


def listed(desk: Typed, line: str = "escalation") -> list[tuple[str, str, str | None, int]]:
    rows = json.loads(desk.does(f"{line} --format json"))
    return [(row["child_id"], row["stage"], row["outcome"], row["days_over"]) for row in rows]


def test_the_list_shows_what_stands_and_all_adds_what_has_ended(desk: Typed) -> None:
    standing = [("104523", "2", None, 15), ("104525", "1", None, -8)]
    assert listed(desk) == standing
    ended = [("104523", "informal", "escalated", 0), ("104524", "1", "resolved", -4)]
    assert listed(desk, "escalation --all") == [*standing, *ended]
    severities = [row["severity"] for row in json.loads(desk.does("escalation --all --format json"))]
    assert severities == ["red", "green", "green", "green"]
    assert desk("escalation --team North").err == "2 of 2 shown\n"
    assert desk("escalation --iro 'IRO 3'").err == "0 of 2 shown\n"


def test_the_list_is_right_on_every_day(desk: Typed) -> None:
    assert listed(desk, "escalation --as-of 8/3/2026") == [("104523", "informal", None, -1)]
    assert listed(desk, "escalation --as-of 25/3/2026") == [("104523", "2", None, 9), ("104524", "1", None, -5)]
    desk.does("plo close 104523 --reason left-care --on 30/3/2026")
    assert listed(desk) == [("104525", "1", None, -8)]
    assert ("104523", "2", "case-closed", 14) in listed(desk, "escalation --all")


def test_the_list_is_narrowed_by_stage_severity_and_authority(desk: Typed) -> None:
    assert [row[0] for row in listed(desk, "escalation --stage 2")] == ["104523"]
    assert [row[0] for row in listed(desk, "escalation --severity red")] == ["104523"]
    assert [row[0] for row in listed(desk, "escalation --register fragile")] == ["104525"]
    assert len(listed(desk, "escalation --authority guidance")) == 2
    assert listed(desk, "escalation --authority statute") == []
    assert desk("escalation --stage cafcass").err == "0 of 2 shown\n"
    assert "'rain'" in desk("escalation --stage rain").err


def test_its_keys_are_promised(desk: Typed) -> None:
    case = ("register", "child_id", "period", "family")
    raised = ("stage", "raised_on", "to", "answer_due_on", "answered_on", "outcome", "days_over")
    keys = [*case, *raised, "first_formal_on", "whole_due_on", "severity", "reason", *WHOSE]
    assert list(json.loads(desk.does("escalation --format json"))[0]) == keys
    assert desk.does("escalation --format csv").splitlines()[0] == ",".join(keys)
    assert desk("escalation --fail-if-any").status == 3


def test_what_cannot_be_answered_is_refused(desk: Typed) -> None:
    assert "no escalation open" in desk.is_refused("escalation answer plo 104524 --outcome resolved")
    assert "before the case opened" in desk.is_refused(
        "escalation raise plo 104524 --stage 1 --to x --reason y --on 2/1/2026"
    )
    # Its answer would have nothing to answer.
    wrong = "plo withdraw 104523 escalation --on 2/3/2026 --reason 'on the wrong child'"
    assert "no escalation open" in desk.is_refused(wrong)


def test_raising_says_when_the_answer_is_due_and_when_the_whole_is_to_end(desk: Typed) -> None:
    told_back = desk.does("escalation raise plo 104524 --stage cafcass --to Cafcass --reason 'no visit' --on 31/3/2026")
    assert "escalated, Cafcass to Cafcass, Tuesday 31 March 2026" in told_back
    assert "answer to escalation, due Thursday 9 April 2026" in told_back
    assert "The whole is to end by Thursday 30 April 2026" in told_back
    informal = desk.does("escalation raise plo 104524 --stage informal --to x --reason y --on 31/3/2026")
    assert "The whole is to end by Thursday 30 April 2026" in informal


def test_explain_shows_both_rules(desk: Typed) -> None:
    each, whole = (desk.does(f"explain plo 104523 {rule}") for rule in ("escalation", "escalation-total"))
    assert "stage 2, to head of service" in each
    assert "local: custom, and nobody is bound by it" in each
    assert "guidance: expected by whoever issued it, not law" in whole
    assert "Stands from   Thursday 9 April 2026" in whole
