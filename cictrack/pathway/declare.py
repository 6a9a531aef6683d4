"""What a register is made of: its kinds of event, its stages, and the clocks that run between them.

A *key* names an event, or an event with one answer: `meeting`, `meeting:yes`, `step:issue`. `closing`
is the key of whatever closes the case.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from cictrack.working_days import Amount

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from cictrack.pathway.case import Case, Mark
    from cictrack.pathway.clocks import Span
    from cictrack.pathway.exports import Export
    from cictrack.pathway.kinds import Kind
    from cictrack.pathway.measures import Measure
    from cictrack.pathway.officers import OfficersPage
    from cictrack.pathway.page import Candidates, PageColumn
    from cictrack.pathway.record import CaseDraft, Life
    from cictrack.pathway.settable import Setting

Authority = Literal["statute", "guidance", "indicator", "local", "prompt"]
CLOSING = "closing"
EVERY = "*"


class Stage(NamedTuple):
    """Where a case stands: the last of the list whose `when` holds. `next` is the step that is missing."""

    name: str
    when: str | Callable[[Case], bool]
    next: str
    side: str


class After(NamedTuple):
    """What a clock counts from: the day of an event and an amount, or a day that one of its fields holds.

    `amber` counts from the anchor; `amber_before` back from the due day.
    """

    event: str
    amount: str = ""
    until: str = ""
    amber: str = ""
    amber_before: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Clock:
    """What rules and drift alerts share: from which event they run and what ends them.

    `adoptive` clocks serve a plan and stop when the register's `given_up` key stands. `spans` says what
    a declaration cannot: the rows that should run, given the case; it is asked again after each event
    whose key is in `watch`. `amount` is the default of what `spans` reads from the settings under the clock's
    name, `counts_from` what it is counted from, where `after` does not say so.
    """

    name: str
    title: str
    after: tuple[After, ...] = ()
    ends: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    authority: Authority = "local"
    source: str = ""
    side: str = ""
    blocking: str = ""
    amount: str = ""
    counts_from: str = ""
    serves_plan: bool = False
    reopens: bool = False
    statute_from: str = ""
    anchor: Callable[[Case], Mark | None] | None = None
    spans: Callable[[Case], Sequence[Span]] | None = None
    watch: tuple[str, ...] = ()
    kind: Literal["deadline", "task", "drift"] = "deadline"

    @cached_property
    def unit(self) -> str:
        """The unit that days over are counted in: working days for a working-day rule, days for all others."""
        counted = self.after and all(a.amount.endswith("working days") for a in self.after)
        return "working days" if self.kind == "task" or (counted and self.kind == "deadline") else "days"

    @cached_property
    def ending(self) -> frozenset[str]:
        """The keys that end it."""
        return frozenset(self.ends)

    @cached_property
    def met_by(self) -> frozenset[str]:
        """The kinds of event that may meet it."""
        return frozenset(key.partition(":")[0] for key in self.ends)

    @cached_property
    def amounts(self) -> dict[str, Amount]:
        """The default amount of time by the key it counts from."""
        return {a.event: Amount.read(a.amount) for a in self.after if a.amount}


@dataclass(frozen=True, kw_only=True, eq=False)
class Rule(Clock):
    """A deadline: met by the first of `ends`, stopped by any of `stops`.

    `amount_for` gives another amount where the case asks for it; `met_from` is how long after the anchor
    an event has to be to meet it.
    """

    amount_for: Callable[[Case, Mark], Amount | None] | None = None
    met_from: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Drift(Clock):
    """An alert that nothing is moving, standing from the day its amount has passed.

    `why` is the sentence: `{day}` is the anchor's day; `{days}` and `{weeks}` since it are filled in by
    whoever reads, on the day of reading.
    """

    why: str = ""
    kind: Literal["deadline", "task", "drift"] = "drift"


@dataclass(frozen=True, eq=False)
class Register:
    """One register: everything that is its own is said here, and nowhere else.

    `ways` are the orders of events in which a later one makes the earlier expected; a step of a way may
    be several events in no order. `expects` are those without which a case cannot be judged. `one_fact`
    maps an event to the event of the child's record that is the same fact. `tasks` are kinds that are tasks
    too; `tasks_until` is the key of an event that stops the clocks of the tasks agreed before it. `carries` says
    for each kind of file which events it can hold; `complete_from_file` which of them closes a case that only
    files know, and in which stage, unless the files tell of what comes after it. `told_apart` are events
    that a return tells in tables beside its episodes. `words` are what others call its events and fields
    (`letter`, `letter.fgdm_offered`, whose a case is: `worker`). `officers` is its page for one reviewing officer.
    `settings` are what an authority may set beside the amounts of its clocks.
    """

    name: str
    title: str
    kinds: tuple[Kind, ...]
    stages: tuple[Stage, ...]
    rules: tuple[Clock, ...]
    about: str = ""
    ways: tuple[tuple[tuple[str, ...], ...], ...] = ()
    expects: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    tasks_until: str = ""
    given_up: str = ""
    delay_side: Callable[[Case], str] | None = None
    blocking: Callable[[Case], tuple[str, str]] | None = None
    unborn: bool = False
    reads_record: tuple[str, ...] = ()
    one_fact: Mapping[str, str] = field(default_factory=dict)
    carries: Mapping[str, frozenset[str]] = field(default_factory=dict)
    complete_from_file: Mapping[str, str] = field(default_factory=dict)
    reads: Mapping[str, Callable[[Life, date, date], list[CaseDraft]]] = field(default_factory=dict)
    told_apart: tuple[str, ...] = ()
    exception_reasons: tuple[str, ...] = ()
    page: tuple[PageColumn, ...] = ()
    page_order: Callable[[Mapping[str, Any]], tuple[Any, ...]] | None = None
    candidates: Candidates | None = None
    officers: OfficersPage | None = None
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    measures: tuple[Measure, ...] = ()
    exports: Mapping[str, Export] = field(default_factory=dict)
    examples: Mapping[str, str] = field(default_factory=dict)
    settings: tuple[Setting, ...] = ()

    @cached_property
    def kind(self) -> dict[str, Kind]:
        """The kinds by name, those of every register included."""
        from cictrack.pathway.common import COMMON_KINDS

        return {k.name: k for k in (*self.kinds, *COMMON_KINDS)}

    @cached_property
    def place(self) -> dict[str, int]:
        """The place of each kind in the register's table: what happened on one day counts in this order."""
        place = {name: n for n, name in enumerate(self.kind)}
        return {name: place[self.kind[name].beside or name] for name in place}

    @cached_property
    def opening(self) -> Kind:
        """The kind that opens a case."""
        return next(k for k in self.kinds if k.opens)

    @cached_property
    def clocks(self) -> tuple[Clock, ...]:
        """Its rules and drift alerts, and those that every register has: of tasks and of escalations."""
        from cictrack.pathway.common import task_rule
        from cictrack.pathway.escalations import escalation_clocks

        tasks = task_rule(self.name, *self.tasks, until=self.tasks_until)
        return (*self.rules, tasks, *escalation_clocks(self.name))

    @cached_property
    def clock(self) -> dict[str, Clock]:
        """Its clocks by name."""
        return {clock.name: clock for clock in self.clocks}

    def watching(self, keys: tuple[str, ...]) -> tuple[Clock, ...]:
        """The clocks that an event of these keys may start or end; those that watch every event are among them."""
        known = self._watching.get(keys)
        if known is None:
            every = self.watched[EVERY] if all(key.partition(":")[0] in self.kind for key in keys) else ()
            found = [clock for key in keys for clock in self.watched.get(key, every)]
            known = self._watching[keys] = tuple({clock.name: clock for clock in found}.values())
        return known

    @cached_property
    def _watching(self) -> dict[tuple[str, ...], tuple[Clock, ...]]:
        return {}

    @cached_property
    def repeating(self) -> frozenset[str]:
        """The keys of kinds that repeat."""
        kinds = [k for k in self.kind.values() if k.repeats]
        return frozenset(key for k in kinds for key in (k.name, *(f"{k.name}:{answer}" for answer in k.answers)))

    @cached_property
    def task_kinds(self) -> tuple[str, ...]:
        """The kinds that are tasks: the one of every register, and its own."""
        from cictrack.pathway.common import TASK

        return (TASK, *self.tasks)

    @cached_property
    def watched(self) -> dict[str, tuple[Clock, ...]]:
        """For each key, the clocks that an event of that key may start or end."""
        by_key: defaultdict[str, dict[str, Clock]] = defaultdict(dict)
        for clock in self.clocks:
            keys = {a.event for a in clock.after} | {*clock.ends, *self.stopping(clock), *clock.watch}
            for key in keys:
                by_key[key][clock.name] = clock
        every = by_key.pop(EVERY, {})
        found = {key: tuple((clocks | every).values()) for key, clocks in by_key.items()}
        return {**found, EVERY: tuple(every.values())}

    @cached_property
    def must_follow(self) -> dict[str, tuple[str, ...]]:
        """For each kind, the kinds that cannot be dated before it."""
        return {k.name: tuple(o.name for o in self.kinds if k.name in o.not_before) for k in self.kinds}

    @cached_property
    def way_keys(self) -> frozenset[str]:
        """Every key on one of its ways, or expected: those by which a gap begins or ends."""
        return frozenset({key for way in self.ways for step in way for key in step} | set(self.expects))

    def stopping(self, clock: Clock) -> tuple[str, ...]:
        """The keys that stop a clock: its own, and for a rule every later step of the way it is on."""
        return (*clock.stops, *self.later_steps(clock))

    def later_steps(self, clock: Clock) -> tuple[str, ...]:
        """The keys of the way that a rule is on which come after what meets it; an alert is on no way."""
        return self._later_steps[clock.name]

    @cached_property
    def _later_steps(self) -> dict[str, tuple[str, ...]]:
        return {clock.name: tuple(self._beyond(clock)) for clock in self.clocks}

    def _beyond(self, clock: Clock) -> Iterator[str]:
        if clock.kind != "deadline":
            return
        for way in self.ways:
            reached = [n for n, step in enumerate(way) if set(clock.ends) & set(step)]
            if reached:
                yield from (key for step in way[max(reached) + 1 :] for key in step if key not in clock.ends)
