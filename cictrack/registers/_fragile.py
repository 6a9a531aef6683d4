"""Fragile placements: which indicators are present on a day, and the level they come to.

A transparent checklist, no prediction: the weights and cut-offs are our own prompt, and a professional sets
another level with a reason. What the child's own record counts is not typed.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from cictrack.pathway.case import RECORD
from cictrack.pathway.clocks import Span, alert, deadline, spoken
from cictrack.pathway.events import said
from cictrack.pathway.page import Candidates, Indicator
from cictrack.pathway.record import MOVED
from cictrack.registers._fragile_settings import AMBER_FROM, RED_FROM, WEIGHT, WHEN_RED
from cictrack.working_days import Amount, months_after

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cictrack.pathway.case import Case, Mark
    from cictrack.pathway.declare import Drift, Rule
    from cictrack.pathway.events import Event

Run = tuple[date, date | None]
"""From a day until another, that one excluded; None is open-ended."""

WATCH, AMBER, RED = "watch", "amber", "red"
RED_BY_ITSELF = frozenset({"notice-given", "allegation-or-standards"})


class Level(NamedTuple):
    """How fragile the placement is from a day on, and how that came about."""

    from_on: date
    level: str
    why: str
    indicators: tuple[str, ...]


def twice_within(days: Sequence[date], later: Callable[[date], date]) -> list[Run]:
    """When two or more of `days` lie within a window: from the second, until the earlier of two wears off.

    `later` gives the first day on which an event of a given day is out of the window.
    """
    runs: list[Run] = []
    ordered = sorted(days)
    for first, second in pairwise(ordered):
        end = later(first)
        if second >= end:
            continue
        previous = runs[-1] if runs else None
        if previous is not None and previous[1] is not None and previous[1] >= second:
            runs[-1] = (previous[0], end)
        else:
            runs.append((second, end))
    return runs


def _in_a_year(day: date) -> date:
    return months_after(day, 12)


def moves(case: Case) -> list[Run] | None:
    """2 or more moves to another carer (RNE P or B) in 12 months."""
    placements = case.all(RECORD + "placement")
    if not placements:
        return None
    return twice_within([m.day for m in placements if m.event.fields.get("rne") in MOVED], _in_a_year)


def missing(case: Case) -> list[Run] | None:
    """Missing 2 or more times in 28 days."""
    marks = case.all(RECORD + "missing")
    if not marks:
        return None
    days = [m.day for m in marks if m.event.fields.get("away") != "yes"]
    return twice_within(days, lambda day: day + timedelta(days=28))


def worker_changes(case: Case) -> list[Run] | None:
    """2 or more changes of social worker in 12 months: the first worker is no change."""
    marks = case.all(RECORD + "worker")
    if not marks:
        return None
    pairs = pairwise(marks)
    return twice_within([b.day for a, b in pairs if a.event.fields.get("id") != b.event.fields.get("id")], _in_a_year)


def aged_12_to_15(case: Case) -> list[Run] | None:
    """From the twelfth birthday until the sixteenth."""
    if not case.all(RECORD + "born"):
        return None
    born = case.all(RECORD + "born")[0].day
    return [(months_after(born, 12 * 12), months_after(born, 12 * 16))]


INDICATORS = (
    Indicator("notice-given", 5, "notice given"),
    Indicator("carer-cannot-continue", 4, "carer feels unable to continue"),
    Indicator("allegation-or-standards", 4, "allegation, or standards of care"),
    Indicator("child-wants-to-leave", 3, "child wants to leave"),
    Indicator("missing", 3, "missing 2 or more times in 28 days", missing),
    Indicator("needs-not-met", 2, "needs not met"),
    Indicator("exclusion", 2, "excluded or out of school"),
    Indicator("moves", 2, "2 or more moves in 12 months", moves),
    Indicator("worker-changes", 1, "2 or more changes of worker in 12 months", worker_changes),
    Indicator("aged-12-15", 1, "aged 12 to 15", aged_12_to_15),
    Indicator("apart-from-siblings", 1, "apart from siblings"),
    Indicator("sdq-17-plus", 1, "SDQ 17 or more"),
    Indicator("no-support", 1, "no support"),
    Indicator("contact-distress", 1, "distress after contact"),
)
NAMES = tuple(indicator.name for indicator in INDICATORS)


def _typed(case: Case, name: str) -> list[Run]:
    """When an indicator that people type is present: from the flag or the day it appeared, until it goes."""
    says = [(m.day, m.seq, True) for m in case.all("flag") if name in (m.event.fields.get("indicator") or ())]
    says += [
        (m.day, m.seq, m.event.fields.get("present", "yes") != "no")
        for m in case.all("indicator")
        if m.event.fields.get("indicator") == name
    ]
    if name == "notice-given":
        says += [(m.day, m.seq, True) for m in case.ever("notice")]
        says += [(m.day, m.seq, False) for m in case.all("notice-withdrawn")]
    runs: list[Run] = []
    for on, _, present in sorted(says, key=lambda say: say[1]):
        standing = bool(runs) and runs[-1][1] is None
        if present and not standing:
            runs.append((on, None))
        elif not present and standing:
            runs[-1] = (runs[-1][0], on)
    return runs


def present(case: Case, indicator: Indicator) -> list[Run]:
    """When an indicator is present: counted where the child's record holds such events, else as typed."""
    if indicator.counted is not None:
        counted = indicator.counted(case)
        if counted is not None:
            return counted
    return _typed(case, indicator.name)


def levels(case: Case) -> list[Level]:
    """The level from each day on which it, or how it came about, changes: the future included."""
    runs = {i: present(case, i) for i in INDICATORS}
    set_by_hand = [m for m in case.all("level") if said(m.event, "level")]
    days = {case.opened_on}
    for some in runs.values():
        days |= {d for run in some for d in run if d is not None and d > case.opened_on}
    days |= {max(m.day, case.opened_on) for m in set_by_hand}
    found: list[Level] = []
    for on in sorted(days):
        here = [i for i, some in runs.items() if any(a <= on and (b is None or on < b) for a, b in some)]
        by_hand = [m for m in set_by_hand if m.day <= on and not _overtaken(m, runs, on)]
        level = _level(case, on, here, by_hand[-1] if by_hand else None)
        if not found or found[-1][1:] != level[1:]:
            found.append(level)
    return found


def _overtaken(by_hand: Mark, runs: Mapping[Indicator, Sequence[Run]], on: date) -> bool:
    """Whether what is red by itself came after the level was set: whoever set it cannot have weighed it."""
    alone = [run for i, some in runs.items() if i.name in RED_BY_ITSELF for run in some]
    return any(by_hand.day < start <= on and (end is None or on < end) for start, end in alone)


def _level(case: Case, on: date, here: Sequence[Indicator], by_hand: Mark | None) -> Level:
    weights = {i.name: case.settings.number(f"{WEIGHT}{i.name}", on, i.weight) for i in here}
    total = sum(weights.values())
    alone = [i.name for i in here if i.name in RED_BY_ITSELF]
    if alone or total >= case.settings.number(RED_FROM.name, on, int(RED_FROM.default)):
        level = RED
    else:
        amber = total >= case.settings.number(AMBER_FROM.name, on, int(AMBER_FROM.default))
        level = AMBER if amber else WATCH
    terms = " + ".join(f"{name} {weight}" for name, weight in weights.items()) or "no indicator"
    why = f"{terms} = {total}: {level}" + (f" ({alone[0]} is red by itself)" if alone else "")
    if by_hand is not None:
        level, by, reason = (said(by_hand.event, name) for name in ("level", "by", "reason"))
        why = f"set to {level} by {by}: {reason} (the checklist: {why})"
    return Level(on, level, why, tuple(weights))


def level_on(case: Case, on: date) -> Level:
    """The level on a day; before the flag, that of the flag's day."""
    found = levels(case)
    return next((level for level in reversed(found) if level.from_on <= on), found[0])


def _standing_at(found: Sequence[Level], wanted: frozenset[str]) -> list[tuple[date, date | None, str]]:
    """The runs of days at one of the wanted levels: from, until (excluded), and the level."""
    runs: list[tuple[date, date | None, str]] = []
    for n, level in enumerate(found):
        end = found[n + 1].from_on if n + 1 < len(found) else None
        if level.level not in wanted:
            continue
        if runs and runs[-1][1] == level.from_on and runs[-1][2] == level.level:
            runs[-1] = (runs[-1][0], end, level.level)
        else:
            runs.append((level.from_on, end, level.level))
    return runs


def meeting_spans(case: Case, rule: Rule) -> list[Span]:
    """10 working days from the flag; 5 when it is red, or from the day it turns red if that is sooner."""
    flag = case.mark("flag")
    if flag is None:
        return []
    met_on = case.day_of("stability-meeting")
    calendar = case.settings.calendar_for(rule.authority)
    ordinary = case.settings.amount(rule.name, flag.day, Amount(10, "working days"))
    soon = case.settings.amount(WHEN_RED.name, flag.day, Amount.read(WHEN_RED.default))
    red = next((run[0] for run in _standing_at(levels(case), frozenset({RED}))), None)
    due = calendar.after(flag.day, ordinary)
    first = deadline(rule, case, flag, due, amount=ordinary, met_on=met_on)
    if red is None or calendar.after(red, soon) >= due:
        return [first]
    sooner = deadline(rule, case, flag, calendar.after(red, soon), amount=soon, met_on=met_on)
    sooner = sooner._replace(begins=red)
    return [sooner] if red <= flag.day else [first._replace(lapses_on=red), sooner]


def red_standing_spans(case: Case, drift: Drift) -> list[Span]:
    """Red for 28 days on end."""
    flag = case.mark("flag")
    calendar = case.settings.calendar_for(drift.authority)
    spans = []
    for start, end, _ in _standing_at(levels(case), frozenset({RED})) if flag else ():
        if flag:
            why = f"red since {spoken(start)}"
            amount = case.settings.amount(drift.name, start, Amount.read(drift.amount))
            begins = calendar.after(start, amount)
            spans.append(alert(flag, begins, why, lapses_on=end, of=start.isoformat(), amount=str(amount)))
    return spans


def no_support_spans(case: Case, drift: Drift) -> list[Span]:
    """10 working days at amber or red with no support recorded."""
    flag = case.mark("flag")
    if flag is None or case.all("support"):
        return []
    calendar = case.settings.calendar_for(drift.authority)
    amount = case.settings.amount(drift.name, flag.day, Amount.read(drift.amount))
    spans = []
    for since, end in _without_breaks(_standing_at(levels(case), frozenset({AMBER, RED}))):
        why = f"amber or red since {spoken(since)}, no support recorded"
        begins = calendar.after(since, amount)
        spans.append(alert(flag, begins, why, lapses_on=end, of=since.isoformat(), amount=str(amount)))
    return spans


def _without_breaks(runs: Sequence[tuple[date, date | None, str]]) -> list[Run]:
    """The runs of days whatever the level was: one that turns into another goes on."""
    found: list[Run] = []
    for start, end, _ in runs:
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


BREAKDOWN = frozenset({"CREQB", "CREQO", "CHILD", "STAND", "ALLEG"})
DAYS_AFTER_BREAKDOWN = 90
MOVES_THAT_COUNT = 2


def candidate(record: Sequence[Event], on: date) -> tuple[object, ...] | None:
    """Two or more counted moves in 12 months, or a placement that broke down in the last 90 days.

    The moves of the 12 months to `on`, the day the last such placement ended, and why it ended.
    """
    placements = [e for e in record if e.kind == "placement" and e.day <= on]
    moved = [e for e in placements if e.fields.get("rne") in MOVED and on < _in_a_year(e.day)]
    ended = [e for e in placements if e.fields.get("ended") in BREAKDOWN and (on - e.day).days <= DAYS_AFTER_BREAKDOWN]
    if len(moved) < MOVES_THAT_COUNT and not ended:
        return None
    last = ended[-1] if ended else None
    return len(moved), last.day.isoformat() if last else None, last.fields["ended"] if last else None


CANDIDATES = Candidates(("moves", "ended_on", "ended_reason"), ("placement",), 366, candidate)


def support_tried(case: Case) -> list[str]:
    """What was tried and whether it helped, in order."""
    tried = []
    for mark in case.all("support"):
        helped = mark.event.fields.get("helped")
        tried.append(said(mark.event, "kind") + (f" (helped: {helped})" if helped else ""))
    return tried
