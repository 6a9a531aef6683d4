"""Clocks: which rows should run, given the case, and how they start and end.

A row answers every question of the form "on day D" by itself: it is open when
`starts_on <= D < min(met_on, stopped_on, lapses_on)`. So an event only ever opens a row or ends one.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from cictrack.pathway.declare import Drift, Rule
from cictrack.working_days import Amount

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from cictrack.pathway.case import Case, Mark
    from cictrack.pathway.declare import After, Clock


class Span(NamedTuple):
    """A row that should run: what it counts from, when it is due, and what it says.

    `begins` is the first day it could be seen; `of` tells rows of one clock apart (a task, a link);
    `met_on` is the day it was met already, for an anchor that comes after what satisfies it; `lapses_on`
    the first day on which time alone has ended it.
    """

    anchor: str
    anchor_on: date
    begins: date
    amber_on: date
    due_on: date
    why: str = ""
    past: str = "red"
    of: str = ""
    met_on: date | None = None
    lapses_on: date | None = None
    amount: str = ""


class Row:
    """One clock applied to one case, from `starts_on` until it is met, stopped or lapses.

    `n` counts the rows of that clock on that case from 1.
    """

    __slots__ = ("clock", "met_on", "n", "span", "starts_on", "stopped_on")

    def __init__(self, clock: Clock, n: int, starts_on: date, span: Span) -> None:
        self.clock = clock
        self.n = n
        self.starts_on = starts_on
        self.span = span
        self.met_on = span.met_on
        self.stopped_on: date | None = None

    @property
    def amber_on(self) -> date:
        """The day it turns amber, never before it starts."""
        return max(self.span.amber_on, self.starts_on)

    @property
    def ended_on(self) -> date | None:
        """The first day it is no longer open."""
        ends = [d for d in (self.met_on, self.stopped_on, self.span.lapses_on) if d is not None]
        return min(ends) if ends else None

    def open_on(self, day: date) -> bool:
        """Whether it stands on `day`."""
        ended = self.ended_on
        return self.starts_on <= day and (ended is None or day < ended)


def wanted(clock: Clock, case: Case) -> Sequence[Span]:
    """The rows of `clock` that should run, given what has happened so far."""
    if clock.serves_plan and case.given_up:
        return ()
    if clock.spans is not None:
        return clock.spans(case)
    after, anchor = _anchor(clock, case)
    if anchor is None or after is None:
        return ()
    if isinstance(clock, Drift):
        return _alert(clock, case, anchor)
    if isinstance(clock, Rule):
        return _deadline(clock, case, after, anchor)
    return ()


def _anchor(clock: Clock, case: Case) -> tuple[After | None, Mark | None]:
    """The latest event that the clock counts from: of a kind that happens once the first, else the last."""
    found: After | None = None
    anchor: Mark | None = None
    for after in clock.after:
        mark = case.mark(after.event) if clock.anchor is None else clock.anchor(case)
        if mark is not None and (anchor is None or mark.seq >= anchor.seq):
            found, anchor = after, mark
    return found, anchor


def _alert(clock: Drift, case: Case, anchor: Mark) -> tuple[Span, ...]:
    if case.answered(clock.ends, anchor) or case.answered(clock.stops, anchor):
        return ()
    amount = case.amount(clock, anchor.key, anchor.day)
    calendar = case.settings.calendar_for(clock.authority)
    begins = calendar.after(anchor.day, amount) if amount else anchor.day
    why = clock.why.replace("{day}", spoken(anchor.day)).replace("{amount}", _said(amount))
    return (alert(anchor, begins, why, amount=_said(amount)),)


def alert(
    anchor: Mark, begins: date, why: str, *, lapses_on: date | None = None, of: str = "", amount: str = ""
) -> Span:
    """A drift alert that stands from `begins`, that day included."""
    return Span(anchor.key, anchor.day, begins, begins, begins, why, "red", of, None, lapses_on, amount)


def _deadline(rule: Rule, case: Case, after: After, anchor: Mark) -> tuple[Span, ...]:
    met_on = met_day(rule, case, anchor)
    if met_on is None and _passed_over(rule, case, anchor):
        return ()
    calendar = case.settings.calendar_for(rule.authority)
    amount: Amount | None = None
    if after.until:
        due = case.day_in(anchor, after.until)
        if due is None:
            return ()
    else:
        own = rule.amount_for(case, anchor) if rule.amount_for else None
        amount = own or case.settings.amount(rule.name, anchor.day, rule.amounts[after.event])
        due = calendar.after(anchor.day, amount)
    span = deadline(rule, case, anchor, due, amount=amount, after=after, met_on=met_on)
    if met_on is None or met_on <= due or not _undated(rule, case, met_on):
        return (span,)
    return (span._replace(past="grey", why=f"done by {spoken(met_on)}, and the file does not say when"),)


def _passed_over(rule: Rule, case: Case, anchor: Mark) -> bool:
    """Whether a later step of its way was recorded without it, however early, or what stops it after the anchor."""
    return case.any(case.register.later_steps(rule)) or case.answered(rule.stops, anchor)


def deadline(
    rule: Clock,
    case: Case,
    anchor: Mark,
    due: date,
    *,
    amount: Amount | None = None,
    after: After | None = None,
    met_on: date | None = None,
    of: str = "",
    why: str = "",
) -> Span:
    """A deadline with its amber day, which never comes before the anchor.

    Where the rule names none: 2 working days before a due day counted in working days (so is a task's),
    else 14 days before.
    """
    calendar = case.settings.calendar_for(rule.authority)
    if after and after.amber:
        amber = calendar.after(anchor.day, Amount.read(after.amber))
    elif after and after.amber_before:
        amber = calendar.before(due, Amount.read(after.amber_before))
    elif rule.unit == "working days" or (amount and amount.unit == "working days"):
        amber = calendar.working_days_before(due, 2)
    else:
        amber = calendar.before(due, Amount(14, "days"))
    amber = max(min(amber, due), anchor.day, case.opened_on)
    past = "red" if rule.kind == "task" or case.judged(rule) else "grey"
    amounts = _said(amount) or "its own day"
    return Span(anchor.key, anchor.day, anchor.day, amber, due, why, past, of, met_on, None, amounts)


def met_day(rule: Rule, case: Case, anchor: Mark) -> date | None:
    """The day the rule was met: an event that happens once meets it whenever dated, one that repeats only after."""
    if not case.any(rule.ends):
        return None
    earliest = None
    if rule.met_from:
        earliest = case.settings.calendar.after(anchor.day, Amount.read(rule.met_from))
    met_on: date | None = None
    for key in rule.ends:
        mark = case.answers(key, anchor, earliest)
        if mark is not None and (met_on is None or mark.day < met_on):
            met_on = mark.day
    return met_on


def _undated(rule: Rule, case: Case, met_on: date) -> bool:
    """Whether what met the rule on that day may have happened before it."""
    return any(mark.event.undated for key in rule.ends for mark in case.all(key) if mark.day == met_on)


@cache
def _said(amount: Amount | None) -> str:
    return str(amount) if amount else ""


@cache
def spoken(day: date) -> str:
    """A day as a sentence says it: 2 Mar 2026."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class _Turns:
    """What one clock did on one case: the rows that run, how many there were, and what each was counted from.

    `marks` says of everything it ever counted from whether it was met.
    """

    __slots__ = ("count", "marks", "running")

    def __init__(self) -> None:
        self.running: list[Row] = []
        self.count = 0
        self.marks: dict[tuple[str, date, str], bool] = {}


class Clocks:
    """The rows of one case: those that run, and all that ever ran."""

    __slots__ = ("_turns", "rows")

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._turns: dict[str, _Turns] = {}

    def turn(self, clock: Clock, spans: Sequence[Span], day: date, keys: Collection[str]) -> None:
        """On `day`, after an event of `keys`: end the rows no longer wanted, open the wanted ones that are new."""
        turns = self._turns.get(clock.name)
        if turns is None:
            if not spans:
                return
            turns = self._turns[clock.name] = _Turns()
        if turns.running:
            spans = list(spans)
            turns.running = [row for row in turns.running if self._runs_on(turns, row, spans, day, keys)]
        for span in spans:
            self._open(turns, clock, span, day)

    def stop(self, day: date, keys: Collection[str]) -> None:
        """On `day` the case closes: end every row that runs."""
        for turns in self._turns.values():
            turns.running = [row for row in turns.running if self._runs_on(turns, row, [], day, keys)]

    def _runs_on(self, turns: _Turns, row: Row, new: list[Span], day: date, keys: Collection[str]) -> bool:
        span = row.span
        if span in new:
            new.remove(span)
            return True
        if span.lapses_on is not None and span.lapses_on <= day:
            return False
        mark = _mark(span)
        replaced = any(s.met_on is None and _mark(s) == mark for s in new) if new else False
        met = not replaced and not row.clock.ending.isdisjoint(keys)
        unseen = row.starts_on > day or (row.starts_on == day and (replaced or row.clock.kind == "drift"))
        if met:
            turns.marks[mark] = True
        if unseen:
            self.rows.remove(row)
        elif met:
            row.met_on = day
            now = next((s for s in new if s.past == "grey" and _mark(s) == mark), None)
            if now is not None:
                row.span = span._replace(past=now.past, why=now.why)
        else:
            row.stopped_on = day
        return False

    def _open(self, turns: _Turns, clock: Clock, span: Span, day: date) -> None:
        mark = _mark(span)
        was_met = turns.marks.get(mark)
        if was_met is not None:
            again = clock.reopens or clock.kind == "drift"
            if span.met_on is not None or (was_met and not again):
                return
        starts = max(day, span.begins)
        if span.lapses_on is not None and span.lapses_on <= starts:
            return
        turns.count += 1
        row = Row(clock, turns.count, starts, span)
        self.rows.append(row)
        if span.met_on is None:
            turns.running.append(row)
            turns.marks.setdefault(mark, False)
        else:
            turns.marks[mark] = True


def _mark(span: Span) -> tuple[str, date, str]:
    return span.anchor, span.anchor_on, span.of
