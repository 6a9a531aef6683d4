"""The child's own record: which of the facts that a file tells are not known yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cictrack.pathway.events import CHILD, WITHDRAWN, Event
from cictrack.pathway.record import CONTRADICTION, KIND
from cictrack.readers.held import without
from cictrack.readers.plan import Offered, fields_text, said_otherwise

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from cictrack.readers.plan import Plan
    from cictrack.readers.told import Fact, Told

BESIDE = frozenset({"worker"})
"""Kinds of which two on one day are two facts and no conflict."""

START = "care-started"
MOVED_DAYS = 90
"""Care that a file begins so near to a start that is held, and that the file lacks, is the same care on another day."""


def plan_record(plan: Plan, told: Told) -> None:
    """The events of the child's own record that `told` brings.

    Two rows of the return that differ are both taken, and are a contradiction; only what happens once is not.
    """
    record: dict[str, list[Event]] = {}
    for event in plan.standing():
        if event.register == CHILD:
            record.setdefault(event.kind, []).append(event)
    moved = _moved(told, record)
    if moved:
        plan.elsewhere = without(plan.elsewhere, moved.values())
        plan.agrees = False
    for fact in told.facts:
        held = record.setdefault(fact.kind, [])
        if fact.day in moved:
            held_then = next((e for e in held if e.day == moved[fact.day]), None)
            if held_then is not None:
                _move(plan, fact, held_then)
                continue
        added = _plan_fact(plan, fact, held)
        if added is not None and not KIND[fact.kind].repeats:
            held.append(added)
    _contradictions(plan, told, record.get(CONTRADICTION, []))
    if plan.agrees:
        _withdraw_what_went_on(plan, {(fact.kind, fact.day) for fact in told.facts if not fact.ongoing})


def _of_record(plan: Plan, kind: str, day: date, fields: Mapping[str, Any]) -> Event:
    id_ = plan.id_of(CHILD, kind, day.isoformat(), fields_text(fields))
    return Event(id_, CHILD, plan.child_id, "", kind, day, dict(fields))


def _plan_fact(plan: Plan, fact: Fact, held: Sequence[Event]) -> Event | None:
    """Take in one fact: the event that was added, None when it is known, changes another, or is in conflict."""
    event = _of_record(plan, fact.kind, fact.day, fact.fields)
    if plan.holds(event.id) or (fact.ongoing and _goes_on(fact, held)):
        back = None if fact.ongoing else plan.taken_back(event.id)
        if back is None:
            plan.known(fact.rows)
        else:
            plan.correct(back, fact.day, fact.fields, fact.rows, fact.kind)
        return None
    offered = Offered(CHILD, "", fact.kind, fact.rows)
    if not KIND[fact.kind].repeats and held and held[0].day != fact.day:
        plan.offer_day(offered, held[0], fact.day, fact.fields)
        return None
    same_day = [e for e in held if e.day == fact.day]
    if fact.kind in BESIDE:
        same_day = [e for e in same_day if e.fields == fact.fields]
    if not same_day:
        plan.add(event, fact.rows)
        return event
    compared = [(e, *said_otherwise(e.fields, fact.fields)) for e in same_day]
    if any(not adds and not differ for _, adds, differ in compared):
        plan.known(fact.rows)
        return None
    for other, adds, differ in compared:
        if not differ and plan.may_correct(other):
            plan.correct(other, other.day, {**other.fields, **adds}, fact.rows)
            return None
    other, adds, differ = compared[0]
    plan.offer_answers(offered, other, {**adds, **differ} if not plan.may_correct(other) else differ or adds)
    return None


def _goes_on(fact: Fact, held: Sequence[Event]) -> bool:
    """Whether the last held event of the kind, on or before the day, says the same."""
    before = [e for e in held if e.day <= fact.day]
    if not before:
        return False
    last = max(before, key=lambda e: (e.day, e.id))
    return all(last.fields.get(f) == fact.fields.get(f) for f in fact.fields if f not in {"rne", "ended"})


def _moved(told: Told, record: Mapping[str, Sequence[Event]]) -> dict[date, date]:
    """The days on which the file begins care that is held from another day, with that day."""
    starts = [fact.day for fact in told.facts if fact.kind == START]
    held = [e.day for e in record.get(START, ()) if e.day not in starts]
    ends = [e.day for e in record.get("care-ended", ())] + [f.day for f in told.facts if f.kind == "care-ended"]
    moved = {}
    for start in starts:
        for day in held:
            first, last = min(start, day), max(start, day)
            if (last - first).days < MOVED_DAYS and not any(first < end <= last for end in ends):
                moved[start] = day
    return {start: day for start, day in moved.items() if start not in {e.day for e in record.get(START, ())}}


def _move(plan: Plan, fact: Fact, held: Event) -> None:
    """Care began on another day than the register holds, and with it the first status and placement."""
    if plan.holds(_of_record(plan, fact.kind, fact.day, fact.fields).id):
        # What was held once has been put right since.
        plan.known(fact.rows)
        return
    plan.offer_day(Offered(CHILD, "", fact.kind, fact.rows), held, fact.day, fact.fields)


def _withdraw_what_went_on(plan: Plan, told: Collection[tuple[str, date]]) -> None:
    """A return begins in the middle: what it seemed to begin is withdrawn once an earlier return tells of its start."""
    record = sorted((e for e in plan.standing() if e.register == CHILD), key=lambda e: (e.day, e.line))
    begins = {e.day for e in record if e.kind == START}
    begins |= {e.day for e in record if e.kind == "placement" and e.fields.get("rne") == "S"}
    ends = {e.day for e in record if e.kind == "care-ended"}
    placed = [(e.day, e.fields.get("rne")) for e in record if e.kind == "placement"]
    unchanged = {
        "legal-status": {day for day, rne in placed if rne in {"P", "T"}},
        "placement": {day for day, rne in placed if rne in {"L", "", None}},
    }
    for kind, same in (("legal-status", ("code",)), ("placement", ("place", "provider"))):
        before: Event | None = None
        for event in (e for e in record if e.kind == kind):
            apart = before is None or any(before.day < day <= event.day for day in begins | ends)
            went_on = event.day in unchanged[kind]
            alike = before is not None and all(before.fields.get(f) == event.fields.get(f) for f in same)
            from_elsewhere = (kind, event.day) not in told and event.feed == plan.feed and plan.may_correct(event)
            if not apart and went_on and alike and from_elsewhere:
                plan.correct(event, event.day, {"why": "an earlier return tells when it began"}, (), WITHDRAWN)
            else:
                before = event


def _contradictions(plan: Plan, told: Told, held: Sequence[Event]) -> None:
    """Record what contradicts itself, and withdraw what this file has put right."""
    by_place = {str(e.fields.get("of", "")): e for e in held}
    found = {c.of: c for c in told.contradictions}
    for of, contradiction in found.items():
        fields = {"of": of, "event": contradiction.event, "says": contradiction.why}
        if contradiction.register:
            fields["register"] = contradiction.register
        event = by_place.get(of)
        if event is None:
            plan.add(_of_record(plan, CONTRADICTION, contradiction.day, fields), ())
        elif event.fields != fields:
            plan.correct(event, event.day, fields, ())
        else:
            plan.unchanged += 1
    for of in told.looked_for - found.keys():
        if of in by_place:
            plan.correct(by_place[of], by_place[of].day, {"why": "the return has put it right"}, (), WITHDRAWN)
