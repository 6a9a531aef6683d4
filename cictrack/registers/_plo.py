"""Pre-proceedings: what the declarations cannot say."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cictrack.pathway.case import RECORD
from cictrack.pathway.clocks import Span, alert, deadline, spoken
from cictrack.pathway.common import open_tasks, owner, text
from cictrack.pathway.declare import After, Rule
from cictrack.pathway.events import said
from cictrack.working_days import Amount, weeks_after

if TYPE_CHECKING:
    from cictrack.pathway.case import Case, Mark
    from cictrack.pathway.events import Event

END = "plo.end"
LATEST_WEEK_OF_PREGNANCY = 22
WEEKS_LEFT_AT_22 = 40 - LATEST_WEEK_OF_PREGNANCY


def _end(case: Case) -> date | None:
    """The day pre-proceedings are to end by: 16 weeks (or as set) after the decision, or the last extension's day."""
    decision, extension = case.mark("decision"), case.mark("extension")
    if extension is not None:
        return case.day_in(extension, "to")
    if decision is None:
        return None
    return case.settings.calendar.after(decision.day, case.settings.amount(END, decision.day, Amount(16, "weeks")))


def extension_is_later(case: Case, event: Event) -> str | None:
    """An extension moves the end: to a day later than the end it replaces."""
    end = _end(case)
    if not said(event, "to"):
        return "an extension needs its new end"
    to = date.fromisoformat(said(event, "to"))
    if end is not None and to <= end:
        return f"an extension to {spoken(to)} is no later than the end it replaces, {spoken(end)}"
    return None


def late_in_pregnancy(case: Case, event: Event) -> str | None:
    """A decision later than week 22 of the pregnancy (local) is unusual."""
    edd = _edd(case)
    if edd is None or case.all(RECORD + "born") or event.day <= weeks_after(edd, -WEEKS_LEFT_AT_22):
        return None
    return f"the decision of {spoken(event.day)} is later than week 22 of the pregnancy (expected {spoken(edd)})"


def after_the_meeting(case: Case, event: Event) -> str | None:
    """A letter after the meeting it invites to is unusual."""
    return _later_than(case, event, "meeting:yes")


def after_a_review(case: Case, event: Event) -> str | None:
    """A first meeting after a review is unusual."""
    return _later_than(case, event, "review")


def _later_than(case: Case, event: Event, step: str) -> str | None:
    """Unusual, and no more: letters go out late."""
    earlier = [mark.day for mark in case.all(step) if mark.day < event.day]
    what = step.partition(":")[0]
    return f"the {event.kind} of {spoken(event.day)} is after the {what} of {spoken(earlier[0])}" if earlier else None


def _edd(case: Case) -> date | None:
    expected = case.all(RECORD + "expected")
    return case.day_in(expected[-1], "edd") if expected else None


def _unborn(case: Case) -> list[Span]:
    """A step before the birth: due 4 weeks before the expected day, amber from 8; the birth stops it."""
    edd = _edd(case)
    if edd is None or case.all(RECORD + "born") or case.all("step"):
        return []
    expected = case.all(RECORD + "expected")[-1]
    amount = case.settings.amount(UNBORN.name, expected.day, Amount.read(UNBORN.amount))
    due = case.settings.calendar_for(UNBORN.authority).before(edd, amount)
    after = After("expected", until="edd", amber_before="4 weeks")
    span = deadline(UNBORN, case, expected, due, after=after)
    return [span._replace(amount=f"{amount} before the day expected")]


def extended_again(case: Case) -> list[Span]:
    """From the second extension on: how often, and how long it is now."""
    extensions, decision = case.all("extension"), case.mark("decision")
    if len(extensions) <= 1 or decision is None or case.all("step"):
        return []
    to = case.day_in(extensions[-1], "to")
    weeks = (to - decision.day).days // 7 if to else 0
    return [alert(extensions[-1], extensions[-1].day, f"extended {len(extensions)} times; now {weeks} weeks")]


def tasks_late(case: Case) -> list[Span]:
    """Two or more tasks past their day: begins the day after the second falls due; the count rises with time."""
    if case.all("step"):
        return []
    late = open_tasks(case)
    spans = []
    for n in range(2, len(late) + 1):
        begins = late[n - 1][1]
        ends = late[n][1] if n < len(late) else None
        if begins == ends:
            continue
        oldest = late[0][0]
        why = f"{n} agreed tasks past their day, the oldest {owner(oldest)}: {text(oldest)}"
        ends_on = _next_day(ends) if ends else None
        spans.append(alert(late[n - 1][0], _next_day(begins), why, lapses_on=ends_on, of=str(n)))
    return spans


def _next_day(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def no_offer(case: Case) -> list[Span]:
    """Issue decided, and no word of an offer of family group decision making."""
    issue: Mark | None = case.mark("step:issue")
    if issue is None or any(m.event.fields.get("fgdm_offered") for m in case.all("letter")) or case.all("fgdm"):
        return []
    return [alert(issue, issue.day, "decision to issue with no record of a family group decision-making offer")]


UNBORN = Rule(
    name="plo.unborn",
    title="step before the birth",
    ends=("step",),
    authority="prompt",
    source="our own suggestion: 4 weeks before the expected day",
    amount="4 weeks",
    counts_from="the day expected, and before it",
    spans=_unborn,
    watch=("decision", "step", RECORD + "born", RECORD + "expected"),
)
