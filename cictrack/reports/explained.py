"""An explanation as text that can be read aloud: what was counted, from where, and whose rule it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.reports.words import counted, in_words
from cictrack.store.named import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from cictrack.pathway.child import CaseOf
    from cictrack.reports.explain import Explained

LABEL = 14
AUTHORITY = {
    "statute": "statute: the law itself",
    "guidance": "guidance: expected by whoever issued it, not law",
    "indicator": "indicator: a published national measure, not law",
    "local": "local: custom, and nobody is bound by it",
    "prompt": "prompt: this tool's own suggestion",
}


def as_text(case: CaseOf, found: Sequence[Explained], day: date, until: date, *, one_rule: bool) -> Iterator[str]:
    """The lines of an explanation: the case, each row that ran, and then what waits or does not run.

    `until` is the last day for which bank holidays are known.
    """
    register, opening, evaluation = case.register, case.opening, case.evaluation
    name = name_of(register.name, opening.child_id, case.period)
    yield f"{name}: {register.title}"
    yield f"as at {in_words(day)}. Opened {in_words(evaluation.opened_on)}; {_standing(case)}."
    if evaluation.void:
        yield f"Closed as {evaluation.outcome}: it stands in no count on any day, and nothing runs on it."
        return
    for one in found:
        if one.anchor_on is not None:
            yield ""
            yield from _row(one, day, until)
    waiting = [one for one in found if one.anchor_on is None]
    if not waiting:
        return
    yield ""
    if not one_rule:
        yield "Not running:"
    width = max(len(one.clock.name) for one in waiting)
    for one in waiting:
        grey = " (GREY: its day is missing)" if one.severity == "grey" else ""
        yield f"  {one.clock.name:<{width}}  {one.clock.title}: {one.waits}{grey}"
        if one_rule:
            yield from _whose(one)


def _standing(case: CaseOf) -> str:
    evaluation = case.evaluation
    if evaluation.closed_on is not None:
        return f"closed {in_words(evaluation.closed_on)} as {evaluation.outcome}"
    return f"stage {evaluation.case.stage}"


def _row(one: Explained, day: date, until: date) -> Iterator[str]:
    state = _state(one, day)
    yield f"{one.clock.name}: {one.clock.title}. {state}"
    if one.why:
        yield _line("Says", one.why)
    if one.anchor_on is not None:
        yield _line("Counts from", f"{one.anchor}, {in_words(one.anchor_on)}" + (" (day 0)" if one.amount else ""))
    if one.amount:
        yield _line("Amount", _amount(one))
    yield from _counting(one)
    if one.due_on is not None:
        yield from _due(one, one.due_on, until)
    if not one.ended:
        yield from _over(one)
    for exception in one.exceptions:
        said = f"{exception.reason}, agreed by {exception.agreed_by}, until {in_words(exception.until)}"
        yield _line("Exception", f"{said}. It explains the breach; it does not lift it.")
    yield from _whose(one)


def _state(one: Explained, day: date) -> str:
    if one.met_on is not None:
        late = one.clock.kind != "drift" and one.due_on is not None and one.met_on > one.due_on
        if one.severity == "grey":
            return f"GREY: met by {in_words(one.met_on)}, and whether in time cannot be told"
        word = "ENDED" if one.clock.kind == "drift" else "MET"
        said = "late" if late else "in time"
        return f"{word} {in_words(one.met_on)}" + ("" if one.clock.kind == "drift" else f", {said}{_lateness(one)}")
    if one.stopped_on is not None:
        return f"STOPPED {in_words(one.stopped_on)}: neither met nor late any more"
    if one.starts_on is not None and one.starts_on > day:
        return f"Not yet: it would begin {in_words(one.starts_on)}"
    return (one.severity or "").upper()


def _lateness(one: Explained) -> str:
    if one.days_over <= 0:
        return ""
    return f": {counted(one.days_over, 'day')} over, {counted(one.working_days_over, 'working day')}"


def _amount(one: Explained) -> str:
    if one.local is None:
        return one.amount
    default = f", in place of {one.default}" if one.default else ""
    return f"{one.amount}: the authority's own setting{default}"


def _counting(one: Explained) -> Iterator[str]:
    if "working day" not in one.amount:
        return
    yield _line("Skipped", "weekends" + ("" if one.skipped else "; no bank holiday falls in it"))
    for day, name in one.skipped:
        yield _line("", f"{name}, {in_words(day)}")


def _due(one: Explained, due: date, until: date) -> Iterator[str]:
    drift = one.clock.kind == "drift"
    yield _line("Stands from" if drift else "Due", in_words(due))
    if one.working_day_before is not None:
        yield _line(
            "", f"offices are shut that day: the last working day before it is {in_words(one.working_day_before)}"
        )
    if one.past_calendar:
        yield _line(
            "UNCERTAIN",
            f"bank holidays are known to {in_words(until)} only; after that none was skipped, so it may be later",
        )
    if not drift and one.amber_on is not None:
        yield _line("Amber from", in_words(one.amber_on))


def _over(one: Explained) -> Iterator[str]:
    if one.days_over <= 0:
        return
    days, working = counted(one.days_over, "day"), counted(one.working_days_over, "working day")
    if one.clock.kind == "drift":
        yield _line("For", days)
        return
    over = f"{working}, {days} by the calendar" if one.clock.unit == "working days" else f"{days}, {working}"
    yield _line("Over by", over)
    if one.severity == "grey":
        yield _line("GREY", "not in the return, so it may have been done: nobody has said that it was not")


def _whose(one: Explained) -> Iterator[str]:
    yield _line("Authority", AUTHORITY[one.authority])
    if one.clock.source:
        yield _line("Source", one.clock.source)


def _line(label: str, text: str) -> str:
    return f"  {label:<{LABEL}}{text}"
