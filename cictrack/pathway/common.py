"""What every register has: tasks, notes, exceptions, assignments, closing; and the alert that nothing happens.

Escalations, which every register has too, are in `escalations`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.pathway.clocks import Span, alert, deadline, spoken
from cictrack.pathway.declare import CLOSING, EVERY, Drift, Rule
from cictrack.pathway.escalations import KINDS as ESCALATION_KINDS
from cictrack.pathway.kinds import Field, Kind, choice, day
from cictrack.working_days import Amount

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from cictrack.pathway.case import Case, Mark
    from cictrack.pathway.events import Event

IN_ERROR = ("opened-in-error", "duplicate")
"""Closing reasons after which the case leaves every count on every day, as if never opened."""

CLOSING_REASONS = ("left-care", "moved-authority", "turned-18", "died", *IN_ERROR)

ASSIGNED = ("team", "worker", "manager", "iro", "locality", "family")
"""Whose a case is, and the key of the family whose cases start and end together."""

EXCEPTION_REASONS = (
    "court",
    "assessment-late",
    "capacity",
    "parents",
    "carer",
    "regional-agency",
    "health",
    "placement-move",
    "plan-changed",
    "childs-wishes",
    "other",
)

TASK = "task"
"""The kind of an agreed action; a register may have kinds that are tasks too: they carry a `due` day."""


def _task_known(case: Case, event: Event) -> str | None:
    known = any(task.event.line == event.fields.get("task") for task in tasks(case))
    return None if known else "there is no such task on this case"


COMMON_KINDS = (
    Kind("assigned", "assigned", tuple(Field(name) for name in ASSIGNED), repeats=True),
    Kind("details", "details changed", repeats=True),
    Kind("note", "note", repeats=True),
    Kind(
        TASK,
        "task agreed",
        (Field("text", required=True), Field("owner", required=True), day("due", required=True)),
        repeats=True,
    ),
    Kind("task-done", "task done", (Field("task", required=True),), repeats=True, check=_task_known),
    Kind(
        "exception",
        "exception agreed",
        (
            Field("rule", required=True),
            Field("reason", required=True),
            Field("agreed_by", required=True),
            day("until", required=True),
        ),
        repeats=True,
    ),
    *ESCALATION_KINDS,
    Kind("outstanding", "looked, and it has not been done", repeats=True),
    Kind(
        "closed",
        "closed",
        (choice("reason", *CLOSING_REASONS, required=True),),
        by="reason",
        closes={reason: reason for reason in CLOSING_REASONS},
    ),
)


def opened_in_error(events: Iterable[Event]) -> bool:
    """Whether a case was closed as one that should never have been opened."""
    return any(e.kind == "closed" and e.fields.get("reason") in IN_ERROR for e in events)


def tasks(case: Case) -> list[Mark]:
    """Every task of the case, done or not, in order."""
    found = [mark for kind in case.register.task_kinds for mark in case.all(kind)]
    return sorted(found, key=lambda mark: mark.seq) if found else found


def open_tasks(case: Case) -> list[tuple[Mark, date]]:
    """The tasks that are not done, with their due days, the earliest first."""
    done = {mark.event.fields.get("task") for mark in case.all("task-done")}
    due = [(t, case.day_in(t, "due")) for t in tasks(case) if t.event.line not in done]
    return sorted(((t, d) for t, d in due if d is not None), key=lambda pair: (pair[1], pair[0].seq))


def owner(task: Mark) -> str:
    """Who is to do it: its owner, or the assessor by role."""
    return str(task.event.fields.get("owner") or task.event.fields.get("assessor") or "")


def text(task: Mark) -> str:
    """What is to be done: its text, or what kind of thing was commissioned."""
    fields = task.event.fields
    return str(fields.get("text") or f"{fields.get('kind', '')} {task.key}".strip())


def task_rule(register: str, *kinds: str, until: str = "") -> Rule:
    """The rule of tasks: each is due on its own day, met when it is done; an event of `until` stops those before it."""

    def spans(case: Case) -> list[Span]:
        ended = case.mark(until)
        running = [(t, due) for t, due in open_tasks(case) if ended is None or t.seq > ended.seq]
        return [deadline(rule, case, t, due, of=t.event.line, why=text(t)) for t, due in running]

    rule = Rule(
        name=f"{register}.task",
        title="agreed task",
        ends=("task-done",),
        source="as agreed at the meeting that set it",
        blocking=TASK,
        kind="task",
        spans=spans,
        watch=(TASK, "task-done", CLOSING, *kinds, *([until] if until else ())),
    )
    return rule


def stale(register: str, days: int, *, serves_plan: bool = False) -> Drift:
    """The alert that nothing was recorded for `days`: any event counts but assignments and exceptions."""
    amount = Amount(days, "days")
    name = f"{register}.stale"

    def spans(case: Case) -> list[Span]:
        last = case.last
        if last is None:
            return []
        own = case.settings.amount(name, last.day, amount)
        begins = case.settings.calendar_for("prompt").after(last.day, own)
        return [alert(last, begins, f"nothing recorded since {spoken(last.day)}", amount=str(own))]

    return Drift(
        name=name,
        title="nothing recorded",
        authority="prompt",
        source="our own suggestion",
        spans=spans,
        watch=(EVERY,),
        serves_plan=serves_plan,
    )
