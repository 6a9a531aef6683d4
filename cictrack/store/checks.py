"""What is checked before anything is recorded: what is there already, what is impossible, what is unusual.

The engine says what cannot be (`pathway.findings`); here its answers before and after are compared.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from cictrack.errors import Refused
from cictrack.pathway.clocks import spoken
from cictrack.pathway.events import CHILD, WITHDRAWN, standing
from cictrack.pathway.offers import IN_A_FILE
from cictrack.store.named import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from cictrack.pathway.child import CaseOf, ChildEvaluation
    from cictrack.pathway.events import Event
    from cictrack.pathway.gaps import Gap
    from cictrack.pathway.kinds import Kind

WHY = "why"
"""The field of a correction or withdrawal that holds the reason for it; it is no field of the event."""

IN_THE_RECORD = "in the child's record"
"""How the engine ends its sentence about one fact with two days: both are kept, and `gaps` shows them."""

AFTER_CLOSING = "is after the case closed"
"""What the engine says of an event that belongs to a next period, if to any."""


def key_of(case: CaseOf) -> tuple[str, str]:
    """What tells a case from every other, whatever its period number becomes."""
    return case.register.name, case.opening.line


def opening_of(event: Event) -> str:
    """The id of the opening event of the case that an event belongs to."""
    return event.opening or event.line


def _content(event: Event) -> tuple[str, str, str, date, dict[str, Any]]:
    said = {name: value for name, value in event.fields.items() if name != WHY}
    return event.register, event.opening, event.kind, event.day, said


def refuse_what_is_there(events: Sequence[Event], event: Event) -> None:
    """An event exactly like one that stands: a line pasted twice, or a correction that corrects nothing."""
    stand, _ = standing(events)
    if any(_content(event) == _content(e) for e in stand if e.line == event.line or not event.parent):
        where = _whose(event)
        raise Refused(f"{where}: {event.kind} on {spoken(event.day)} is recorded already. Nothing was recorded.")


def _whose(event: Event) -> str:
    """Whose event it is, as a sentence begins: the register and child, or the child."""
    return f"child {event.child_id}" if event.register == CHILD else f"{event.register} {event.child_id}"


def _conflicts(case: CaseOf) -> Counter[tuple[str, tuple[date, ...], str]]:
    return Counter((g.event, g.values, g.why) for g in case.evaluation.gaps if g.values and not _two_sources(g))


def _two_sources(gap: Gap) -> bool:
    return gap.why.endswith((IN_THE_RECORD, IN_A_FILE))


def refuse_the_impossible(before: ChildEvaluation, after: ChildEvaluation, taken: Sequence[Event]) -> None:
    """Refuse what brings a finding that was not there before, with its days, and what is added to a void case."""
    known = {key_of(case): case for case in before.cases}
    for case in after.cases:
        name = name_of(case.register.name, case.opening.child_id, case.period)
        was = known.get(key_of(case))
        held = _conflicts(was) if was else Counter()
        new = list((_conflicts(case) - held).elements())
        if was and was.evaluation.void and not case.evaluation.void:
            continue
        if new:
            why = "; ".join(dict.fromkeys(why for _, _, why in new))
            raise Refused(f"{name}: {why}. Nothing was recorded.{_way_on(case, was, taken, why)}")
        if was and was.evaluation.void and case.evaluation.void and any(_adds(e, case) for e in taken):
            raise Refused(f"{name} was opened in error and is closed. Open it anew: cictrack {case.register.name} open")


def _adds(event: Event, case: CaseOf) -> bool:
    return not event.parent and opening_of(event) == case.opening.line and event.kind != "note"


def _way_on(case: CaseOf, was: CaseOf | None, taken: Sequence[Event], why: str) -> str:
    closed_on = was.evaluation.closed_on if was else None
    overtaken = closed_on and any(e.day > closed_on and opening_of(e) == case.opening.line for e in taken)
    if not overtaken or AFTER_CLOSING not in why:
        return ""
    return f" Open its next period: cictrack {case.register.name} reopen {case.opening.child_id}"


def warnings_of(case: CaseOf, was: CaseOf | None, own: Sequence[Event]) -> Iterator[str]:
    """What is unusual about the events just taken: possible, and perhaps not meant."""
    name = name_of(case.register.name, case.opening.child_id, case.period)
    for event in own:
        kind = case.register.kind.get(event.kind)
        if kind is None or event.kind == WITHDRAWN:
            continue
        first = None if event.parent or was is None else _counting_already(was, kind, event)
        if first is not None:
            counts = "the first counts" if first <= event.day else "the earlier one counts from now on"
            yield f"{name}: {kind.name} is recorded on {spoken(first)} already; {counts}."
        unusual = kind.warn(case.evaluation.case, event) if kind.warn else None
        if unusual:
            yield f"{name}: {unusual}."
    held = {g.why for g in was.evaluation.gaps} if was else set()
    for gap in case.evaluation.gaps:
        if _two_sources(gap) and gap.why not in held:
            yield f"{name}: {gap.why}; both are kept, see cictrack gaps."


def _counting_already(was: CaseOf, kind: Kind, event: Event) -> date | None:
    """The day of the event that counts already, for a kind that happens once."""
    if kind.repeats:
        return None
    marks = was.evaluation.case.all(kind.keys(event)[-1])
    return marks[0].day if marks else None
