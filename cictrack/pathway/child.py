"""One child: the cases of all registers and the child's own record, evaluated together.

The unit of deriving: what is recorded in one place counts in the other, so nothing smaller is right.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from cictrack.pathway.answers import readable
from cictrack.pathway.case import Earlier
from cictrack.pathway.clocks import spoken
from cictrack.pathway.common import opened_in_error
from cictrack.pathway.evaluate import Evaluation, evaluate
from cictrack.pathway.events import CHILD, Event, Finding, said, standing
from cictrack.pathway.offers import OFFERED, unsettled
from cictrack.pathway.record import BORN, CONTRADICTION, EXPECTED, care_periods
from cictrack.working_days import months_after

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cictrack.pathway.declare import Register
    from cictrack.pathway.record import Care
    from cictrack.pathway.settings import Settings

MONTHS_A_START_MATTERS = 12
"""How long a child whose care began and who has no case stands in `gaps`: as long as an import would open one."""


class CaseOf(NamedTuple):
    """One case of a child: its register, its period number (the rank of its opening day), its opening event."""

    register: Register
    period: int
    opening: Event
    evaluation: Evaluation


class ChildGap(NamedTuple):
    """A gap that belongs to no case: care began and there is none, events that no opening explains, contradictions."""

    register: str
    event: str
    starts_on: date
    ended_on: date | None
    why: str


class ChildEvaluation(NamedTuple):
    """Everything that is derived from one child's events."""

    dob: date | None
    edd: date | None
    about: Mapping[str, str]
    record: Sequence[Event]
    care: Sequence[Care]
    cases: Sequence[CaseOf]
    gaps: Sequence[ChildGap]


STARTED, PLACEMENT = "care-started", "placement"
LEAVES_CARE = frozenset({"left-care", "moved-authority", "turned-18", "died", "adopted"})
"""Outcomes of a case with which the child's care is over."""


def evaluate_child(registers: Mapping[str, Register], events: Sequence[Event], settings: Settings) -> ChildEvaluation:
    """Evaluate every case of one child from all of the child's events, in whatever order they are given."""
    stand, clashes = standing(events)
    stand, unread = readable(registers, stand)
    clashes += unread
    offers = [e for e in stand if e.kind == OFFERED]
    if offers:
        stand = [e for e in stand if e.kind != OFFERED]
        clashes += _unsettled(offers, stand)
    record = sorted((e for e in stand if e.register == CHILD), key=lambda e: (e.day, e.line))
    by_case: defaultdict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in stand:
        if event.register != CHILD:
            by_case[event.register, event.opening or event.line].append(event)
    openings, gaps = _openings(registers, by_case)
    for contradiction in (e for e in record if e.kind == CONTRADICTION):
        found = Finding(contradiction.day, said(contradiction, "event"), (), said(contradiction, "says"))
        of = _case_of(contradiction, registers, openings, by_case)
        clashes.append((of or contradiction, found))
    starts = _starts(registers, by_case)
    cases: list[CaseOf] = []
    for register, opened in openings.items():
        cases += _periods(register, opened, by_case, _Shared(record, starts, clashes, settings))
    gaps += _without_case(registers, record, cases)
    gaps += [ChildGap(CHILD, f.event, f.day, None, f.why) for event, f in clashes if event.register == CHILD]
    dob = next((e.day for e in record if e.kind == BORN), None)
    due = [e.fields["edd"] for e in record if e.kind == EXPECTED and e.fields.get("edd")]
    about = {k: str(v) for e in record if e.kind == "about" for k, v in e.fields.items()}
    care = _care(record, starts, cases)
    return ChildEvaluation(dob, date.fromisoformat(due[-1]) if due else None, about, record, care, cases, gaps)


def _care(
    record: Sequence[Event], starts: Mapping[str, Mapping[str, Sequence[date]]], cases: Sequence[CaseOf]
) -> list[Care]:
    """The periods of care: those of the record, and, of a child whose placements are on record, those of cases."""
    begun = [day for days in starts.get(STARTED, {}).values() for day in days]
    if not begun or not any(event.kind == PLACEMENT for event in record):
        return care_periods(record)
    of_care = (case.evaluation for case in cases if STARTED in case.register.one_fact.values())
    ended = [found.closed_on for found in of_care if found.closed_on and found.outcome in LEAVES_CARE]
    return care_periods(record, begun, ended)


def _unsettled(offers: Sequence[Event], stand: Sequence[Event]) -> list[tuple[Event, Finding]]:
    """What files offer and the register does not hold, each with an event of the case that it belongs to."""
    found = []
    for offer in offers:
        line = offer.opening
        of_case = [e for e in stand if e.register == offer.register and (not line or line in {e.opening, e.line})]
        finding = unsettled(offer, of_case)
        if finding is not None:
            found.append((of_case[0] if of_case else offer, finding))
    return found


class _Shared(NamedTuple):
    record: Sequence[Event]
    starts: Mapping[str, Mapping[str, Sequence[date]]]
    clashes: Sequence[tuple[Event, Finding]]
    settings: Settings


def _openings(
    registers: Mapping[str, Register], by_case: Mapping[tuple[str, str], Sequence[Event]]
) -> tuple[dict[Register, list[Event]], list[ChildGap]]:
    openings: defaultdict[str, list[Event]] = defaultdict(list)
    gaps = []
    for (name, line), events in by_case.items():
        register = registers.get(name)
        opening = next((e for e in events if e.line == line), None)
        if register is None or opening is None:
            first = min(events, key=lambda e: (e.day, e.line))
            gaps.append(ChildGap(name, first.kind, first.day, None, "recorded on a case that nothing opens"))
        else:
            openings[name].append(opening)
    ranked = {registers[n]: sorted(o, key=lambda e: (e.day, e.line)) for n, o in sorted(openings.items())}
    return ranked, gaps


def _case_of(
    contradiction: Event,
    registers: Mapping[str, Register],
    openings: Mapping[Register, Sequence[Event]],
    by_case: Mapping[tuple[str, str], Sequence[Event]],
) -> Event | None:
    """The opening of the case that a contradiction is about: the last by its day, else the first; None if none is."""
    register = registers.get(said(contradiction, "register"))
    opened = openings.get(register, ()) if register else ()
    sound = [e for e in opened if not opened_in_error(by_case[e.register, e.line])]
    return next((e for e in reversed(sound) if e.day <= contradiction.day), sound[0] if sound else None)


def _starts(
    registers: Mapping[str, Register], by_case: Mapping[tuple[str, str], Sequence[Event]]
) -> dict[str, dict[str, list[date]]]:
    """For each event of the child's record that cases may tell of too: the days, by register."""
    starts: defaultdict[str, defaultdict[str, list[date]]] = defaultdict(lambda: defaultdict(list))
    for (name, _), events in by_case.items():
        one_fact = registers[name].one_fact if name in registers else {}
        if not one_fact or opened_in_error(events):
            continue
        for kind, fact in one_fact.items():
            starts[fact][name] += [e.day for e in events if e.kind == kind]
    return {fact: dict(by) for fact, by in starts.items()}


def _periods(
    register: Register,
    opened: Sequence[Event],
    by_case: Mapping[tuple[str, str], Sequence[Event]],
    shared: _Shared,
) -> list[CaseOf]:
    cases: list[CaseOf] = []
    earlier: list[Earlier] = []
    wanted = {"born", "expected", *register.reads_record}
    record = [e for e in shared.record if e.kind in wanted]
    for period, opening in enumerate(opened, 1):
        events = by_case[register.name, opening.line]
        lines = {e.line for e in events} if shared.clashes else set()
        found = [finding for event, finding in shared.clashes if event.line in lines]
        still_open = [e for e in earlier if e.closed_on is None or e.closed_on > opening.day]
        for other in still_open:
            why = f"opened on {spoken(opening.day)}, and the case of {spoken(other.opened_on)} was open then"
            found.append(Finding(opening.day, opening.kind, (other.opened_on, opening.day), why))
        facts, conflicts = _one_fact(register, opening, events, shared)
        result = evaluate(
            register,
            [*events, *facts],
            opening,
            shared.settings,
            record=record,
            earlier=tuple(earlier),
            found=[*found, *conflicts],
        )
        cases.append(CaseOf(register, period, opening, result))
        if not result.void:
            earlier.append(Earlier(opening.day, result.closed_on, result.outcome))
    return cases


def _one_fact(
    register: Register, opening: Event, events: Sequence[Event], shared: _Shared
) -> tuple[list[Event], list[Finding]]:
    """What the child's record, or a case of another register, says of an event of this case.

    Recorded in one place it counts in the other; two days are a conflict.
    """
    facts: list[Event] = []
    conflicts: list[Finding] = []
    for kind, fact in register.one_fact.items():
        elsewhere = [d for name, days in shared.starts.get(fact, {}).items() if name != register.name for d in days]
        own = min((e for e in events if e.kind == kind), key=lambda e: (e.day, e.line), default=None)
        if own is None and not elsewhere and not shared.record:
            continue
        periods = care_periods(shared.record, elsewhere)
        there = _period_at(periods, opening.day)
        # Of an event that happens once the first counts: its own, when that is dated after the opening, may be second.
        if there is not None and (own is None or opening.day < own.day > there.start):
            told = Event(
                f"{fact} {there.start}",
                register.name,
                opening.child_id,
                opening.line,
                kind,
                there.start,
                {},
            )
            facts.append(told._replace(source=opening.source))
        period = _period_at(periods, own.day) if own else None
        if own is not None and period is not None and period.start != own.day:
            days = (own.day, period.start)
            why = f"{kind} is {spoken(own.day)} here and {spoken(period.start)} in the child's record"
            conflicts.append(Finding(max(*days, opening.day), kind, days, why))
    return facts, conflicts


def _period_at(periods: Sequence[Care], day: date) -> Care | None:
    """The period of care that `day` falls in, or the one that begins next with no other ending between."""
    for period in periods:
        if period.start <= day and (period.end is None or day < period.end):
            return period
    following = [p for p in periods if p.start > day]
    return following[0] if following and len(periods) == len(following) else None


def _without_case(
    registers: Mapping[str, Register], record: Sequence[Event], cases: Sequence[CaseOf]
) -> list[ChildGap]:
    """Care that began in the child's record and opened no case, for a register whose opening is that fact."""
    gaps: list[ChildGap] = []
    periods = care_periods(record)
    for register in registers.values() if periods else ():
        fact = register.one_fact.get(register.opening.name)
        if fact is None:
            continue
        opened = [c.opening.day for c in cases if c.register is register and not c.evaluation.void]
        for period in periods:
            end = min(period.end or date.max, months_after(period.start, MONTHS_A_START_MATTERS))
            end = min([end, *(d for d in opened if _period_at(periods, d) == period)])
            if end > period.start:
                why = f"care began on {spoken(period.start)} and no case was opened"
                gaps.append(ChildGap(register.name, register.opening.name, period.start, end, why))
    return gaps
