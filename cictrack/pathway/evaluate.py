"""The engine: a left fold over a case's events, in their order, into rows, positions and findings.

It never refuses and never raises: what cannot be is a finding, and counts as far as it can. It reads no
clock: nothing in it depends on the day it is run.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from cictrack.pathway import findings
from cictrack.pathway.case import RECORD, Case
from cictrack.pathway.clocks import Clocks, Row, wanted
from cictrack.pathway.common import ASSIGNED, opened_in_error, owner, tasks, text
from cictrack.pathway.declare import CLOSING
from cictrack.pathway.escalations import Escalated, as_kept
from cictrack.pathway.events import CHILD, PERSON, Event, Finding, said
from cictrack.pathway.gaps import Gap, Gaps
from cictrack.pathway.record import BORN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cictrack.pathway.case import Earlier
    from cictrack.pathway.declare import Clock, Register, Stage
    from cictrack.pathway.kinds import Kind
    from cictrack.pathway.settings import Settings


class Position(NamedTuple):
    """Where a case stands and whose it is, from a day on."""

    from_on: date
    stage: str
    open: bool
    blocking: str
    side: str
    delay_side: str
    assigned: Mapping[str, str]


class Task(NamedTuple):
    """An agreed action and what became of it."""

    id: str
    kind: str
    text: str
    owner: str
    agreed_on: date
    due_on: date
    done_on: date | None


class Exceptional(NamedTuple):
    """The recorded reason for a breach: it stands from its day until `until`, that day included."""

    rule: str
    reason: str
    agreed_by: str
    from_on: date
    until: date


class Evaluation(NamedTuple):
    """Everything that is derived from one case's events.

    `void` is a case opened in error: it has no rows and stands in no count on any day. `case` is the case
    as its last event left it.
    """

    opened_on: date
    closed_on: date | None
    outcome: str
    void: bool
    rows: Sequence[Row]
    positions: Sequence[Position]
    gaps: Sequence[Gap]
    tasks: Sequence[Task]
    exceptions: Sequence[Exceptional]
    escalations: Sequence[Escalated]
    days: Mapping[str, date]
    ended_by: Event | None
    case: Case


def ordered(register: Register, events: Sequence[Event], opening: Event) -> list[Event]:
    """The order that counts: day, opening before others before closing, place in the register's table, line.

    Of two of one kind on one day a person's comes after a file's: where the last counts, it is the person's.
    """
    place = register.place
    kinds = register.kind

    def key(event: Event) -> tuple[date, int, int, bool, str]:
        if event.register == CHILD:
            return event.day, 0, -1, False, event.line
        if event.line == opening.line:
            return event.day, 0, 0, False, event.line
        kind = kinds.get(event.kind)
        closing = kind is not None and bool(kind.closes) and bool(kind.closing_stage(event))
        return event.day, 2 if closing else 1, place.get(event.kind, 0), event.source == PERSON, event.line

    return sorted(events, key=key)


def evaluate(
    register: Register,
    events: Sequence[Event],
    opening: Event,
    settings: Settings,
    *,
    record: Sequence[Event] = (),
    earlier: Sequence[Earlier] = (),
    found: Sequence[Finding] = (),
) -> Evaluation:
    """Fold the standing `events` of one case, with those of the child's `record` that its register reads.

    `earlier` are the child's earlier periods on the register; `found` what is already known not to be.
    """
    born = next((e.day for e in record if e.kind == BORN), None)
    fold = _Fold(register, opening, settings, earlier, born)
    for finding in found:
        fold.gaps.conflict(finding)
    void = opened_in_error(events)
    for event in ordered(register, [*record, *events], opening):
        fold.take(event)
    return fold.result(events, void=void)


class _Fold:
    """The state of one fold."""

    def __init__(
        self,
        register: Register,
        opening: Event,
        settings: Settings,
        earlier: Sequence[Earlier],
        born: date | None,
    ) -> None:
        self.register = register
        self.opening = opening
        self.case = Case(register, settings, opening.day, earlier)
        self.case.born = born
        self.clocks = Clocks()
        self.gaps = Gaps(register)
        self.positions: list[Position] = []
        self.assigned: dict[str, str] = {}
        self.days: dict[str, date] = {}
        self.awake: set[Clock] = set()
        self.ended_by: Event | None = None

    def take(self, event: Event) -> None:
        if event.register == CHILD:
            keys: tuple[str, ...] = (RECORD + event.kind,)
            self.case.take(event, None, keys)
            self.awake.update(self.register.watching(keys))
            if self.case.opened:
                self.turn(keys)
            return
        kind = self.register.kind.get(event.kind)
        if kind is None:
            why = f"{event.kind} is no event of this register"
            self.gaps.conflict(Finding(event.day, event.kind, (event.day,), why))
            return
        self._take(event, kind)

    def _take(self, event: Event, kind: Kind) -> None:
        case = self.case
        for finding in findings.of(case, event, kind):
            self.gaps.conflict(finding)
        softly = case.soft and event.source == PERSON
        if case.closed and not softly and not kind.after_closing:
            return
        judged_before = case.judgeable
        keys = kind.keys(event)
        stage = kind.closing_stage(event)
        case.take(event, kind, keys)
        self.awake.update(self.register.watching(keys))
        self.days.setdefault(kind.name, event.day)
        if kind.opens or kind.name == "assigned":
            self.assigned = self.assigned | {k: str(v) for k, v in event.fields.items() if k in ASSIGNED and v}
        if kind.opens and event.line == self.opening.line:
            case.opened = True
        reopened = self._reopens(event)
        if not case.opened:
            return
        if stage:
            self._close(stage, event, hard=True)
        elif self._completes(event):
            self._close(self.register.complete_from_file[event.kind], event, hard=False)
        turning = kind.opens or kind.undoes or kind.name == "details" or self.register.given_up in keys
        changed = judged_before != case.judgeable
        closing = (CLOSING,) if case.closed else ()
        self.turn((*keys, *closing), everything=bool(turning or stage or reopened or changed))

    def _completes(self, event: Event) -> bool:
        """Whether it closes a case that only files know, and of which they tell no more."""
        case = self.case
        completes = event.kind in self.register.complete_from_file and not case.known_by_person
        return completes and case.last_in_files(event.kind)

    def _reopens(self, event: Event) -> bool:
        """A case that only files closed is opened again by a person's next event: no return says more."""
        if not self.case.soft or event.source != PERSON:
            return False
        self.ended_by = None
        self.case.closed_on = None
        self.case.soft = False
        return True

    def _close(self, stage: str, event: Event, *, hard: bool) -> None:
        self.ended_by = event
        self.case.closed_on = event.day
        self.case.stage = stage
        self.case.soft = not hard

    def turn(self, keys: tuple[str, ...], *, everything: bool = False) -> None:
        case, register = self.case, self.register
        day = case.day
        if case.closed_on is not None:
            self.clocks.stop(day, keys)
        else:
            asked = register.watching(keys)
            if everything:
                asked = tuple(clock for clock in register.clocks if clock in self.awake)
            for clock in asked:
                self.clocks.turn(clock, wanted(clock, case), day, keys)
        if everything or case.closed or keys[0].startswith(RECORD) or not register.way_keys.isdisjoint(keys):
            self.gaps.turn(case, day)
        self._stand(day)

    def _stand(self, day: date) -> None:
        case = self.case
        if case.closed:
            position = Position(day, case.stage, False, "", "", "", self.assigned)
        else:
            stage = stage_of(case)
            case.stage, case.next_step = stage.name, stage.next
            blocking, side = stage.next, stage.side
            if self.register.blocking:
                blocking, side = self.register.blocking(case)
            delay = self.register.delay_side(case) if self.register.delay_side else ""
            position = Position(day, stage.name, True, blocking, side, delay, self.assigned)
        last = self.positions[-1] if self.positions else None
        if last is not None and last[1:] == position[1:]:
            return
        if last is not None and last.from_on == day:
            self.positions.pop()
        self.positions.append(position)

    def result(self, events: Sequence[Event], *, void: bool) -> Evaluation:
        case = self.case
        outcome = case.stage if case.closed else ""
        done = {m.event.fields.get("task"): m.day for m in reversed(case.all("task-done"))}
        agreed = []
        for mark in tasks(case):
            due = case.day_in(mark, "due")
            if due is not None:
                line = mark.event.line
                agreed.append(Task(line, mark.key, text(mark), owner(mark), mark.day, due, done.get(line)))
        excepted = [_exception(e) for e in events if e.kind == "exception"]
        nothing: Sequence[Any] = ()
        return Evaluation(
            self.opening.day,
            case.closed_on,
            outcome,
            void,
            nothing if void else self.clocks.rows,
            nothing if void else self.positions,
            nothing if void else self.gaps.all,
            nothing if void else agreed,
            nothing if void else excepted,
            nothing if void else as_kept(case),
            self.days,
            self.ended_by,
            case,
        )


def stage_of(case: Case) -> Stage:
    """The stage of an open case: the last of its register's list whose condition holds."""
    for stage in reversed(case.register.stages):
        holds = stage.when(case) if callable(stage.when) else bool(case.all(stage.when))
        if holds:
            return stage
    return case.register.stages[0]


def _exception(event: Event) -> Exceptional:
    """One that names no end has run out on its day."""
    until = date.fromisoformat(said(event, "until") or event.day.isoformat())
    return Exceptional(said(event, "rule"), said(event, "reason"), said(event, "agreed_by"), event.day, until)
