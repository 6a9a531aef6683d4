"""Fragile placements: the clocks of a notice that runs, and of a placement that was stabilised and is flagged again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cictrack.pathway.clocks import Span, alert, deadline, spoken
from cictrack.pathway.declare import After, Drift, Rule
from cictrack.registers._fragile_settings import NOTICE_DAYS
from cictrack.working_days import Amount

if TYPE_CHECKING:
    from datetime import date

    from cictrack.pathway.case import Case, Mark

BEFORE_IT_ENDS = "14 days"


def _notice_ends(case: Case, notice: Mark) -> date:
    """The day the notice ends: as given, else 28 days on (a term of contract, not law)."""
    days = case.settings.number(NOTICE_DAYS.name, notice.day, int(NOTICE_DAYS.default))
    return case.day_in(notice, "ends_on") or notice.day + timedelta(days=days)


def _notice(case: Case) -> list[Span]:
    notice = case.mark("notice")
    if notice is None:
        return []
    met_on = next((d for d in (case.day_of("stabilised"), case.day_of("moved")) if d), None)
    after = After("notice", until="ends_on", amber_before=BEFORE_IT_ENDS)
    return [deadline(NOTICE, case, notice, _notice_ends(case, notice), after=after, met_on=met_on)]


def _no_plan(case: Case) -> list[Span]:
    notice, last = case.mark("notice"), case.last
    if notice is None or (last is not None and last.seq > notice.seq):
        return []
    ends = _notice_ends(case, notice)
    amount = case.settings.amount(NO_PLAN.name, notice.day, Amount.read(NO_PLAN.amount))
    begins = max(notice.day, case.settings.calendar_for(NO_PLAN.authority).before(ends, amount))
    why = f"notice ends {spoken(ends)}, nothing recorded since it was given"
    return [alert(notice, begins, why, amount=f"{amount} before it ends")]


def _reflagged(case: Case) -> list[Span]:
    flag = case.mark("flag")
    ended = [e.closed_on for e in case.earlier if e.outcome == "stabilised" and e.closed_on]
    steady = [day for day in ended if flag is not None and day <= flag.day]
    if flag is None or not steady:
        return []
    amount = case.settings.amount(REFLAGGED.name, flag.day, Amount.read(REFLAGGED.amount))
    if flag.day > case.settings.calendar_for(REFLAGGED.authority).after(max(steady), amount):
        return []
    days = (flag.day - max(steady)).days
    return [alert(flag, flag.day, f"flagged again {days} days after it was stabilised")]


NOTICE = Rule(
    name="fragile.notice",
    title="notice ends",
    after=(After("notice", until="ends_on"),),
    ends=("stabilised", "moved"),
    source="local: a term of the contract, 28 days where none is given",
    spans=_notice,
    watch=("notice", "notice-withdrawn"),
    blocking="moved",
)

REFLAGGED = Drift(
    name="fragile.reflagged",
    title="flagged again",
    spans=_reflagged,
    watch=("flag",),
    source="local custom",
    amount="90 days",
    counts_from="stabilised: a flag within that time",
    serves_plan=True,
)

NO_PLAN = Drift(
    name="fragile.notice-no-plan",
    title="notice ends, no plan",
    spans=_no_plan,
    watch=("*",),
    source="local custom",
    amount=BEFORE_IT_ENDS,
    counts_from="the day the notice ends, and before it",
    serves_plan=True,
)
