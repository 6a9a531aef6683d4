"""A case as it stands in the middle of its events: what has happened so far, and what that means."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from cictrack.pathway.events import PERSON

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cictrack.pathway.declare import Clock, Register
    from cictrack.pathway.events import Event
    from cictrack.pathway.kinds import Kind
    from cictrack.pathway.settings import Settings
    from cictrack.working_days import Amount


class Mark(NamedTuple):
    """An event that has happened: its key, its day, and its place in the order that counts."""

    key: str
    day: date
    seq: int
    event: Event


class Earlier(NamedTuple):
    """What a case needs to know of the child's earlier periods on the register."""

    opened_on: date
    closed_on: date | None
    outcome: str


RECORD = "record."
"""The prefix of keys from the child's own record: `record.placement`."""

_UNCOUNTED = frozenset({"assigned", "exception"})
"""What is no sign of work on the case: the last event of `stale` is any other."""


class Case:
    """What the events folded so far say. Declarations and register functions read it; only the fold writes it.

    `soft` is a closing that only files know of: a person's next event opens the case again.
    """

    def __init__(self, register: Register, settings: Settings, opened_on: date, earlier: Sequence[Earlier]) -> None:
        self.register = register
        self.settings = settings
        self.opened_on = opened_on
        self.earlier = earlier
        self.day = opened_on
        self.opened = False
        self.stage = ""
        self.next_step = ""
        self.closed_on: date | None = None
        self.soft = False
        self.born: date | None = None
        self.known_by_person = False
        self.carried: frozenset[str] = frozenset()
        self._sources: set[str] = set()
        self.details: dict[str, object] = {}
        self.last: Mark | None = None
        self._has: dict[str, list[Mark]] = {}
        self._undone: dict[str, list[Mark]] = {}
        self._seq = 0

    @property
    def closed(self) -> bool:
        """Whether it is closed, as far as the events folded so far say."""
        return self.closed_on is not None

    @property
    def given_up(self) -> bool:
        """Whether the plan that its clocks serve is given up."""
        return bool(self.register.given_up) and self.register.given_up in self._has

    def all(self, key: str) -> list[Mark]:
        """Every event of `key` that counts, in order; what was undone counts no longer."""
        return self._has.get(key, [])

    def ever(self, key: str) -> list[Mark]:
        """Every event of `key`, those that were undone included, in order."""
        return [*self._undone.get(key, ()), *self._has.get(key, ())]

    def any(self, keys: Iterable[str]) -> bool:
        """Whether there is an event of any of `keys` that counts."""
        return not self._has.keys().isdisjoint(keys)

    def mark(self, key: str) -> Mark | None:
        """The event of `key` that counts: the first, or the last of a kind that repeats."""
        marks = self._has.get(key)
        if not marks:
            return None
        return marks[-1] if len(marks) > 1 and self._repeats(key) else marks[0]

    def day_of(self, key: str) -> date | None:
        """The day of the event of `key` that counts."""
        mark = self.mark(key)
        return mark.day if mark else None

    def answers(self, key: str, anchor: Mark, earliest: date | None = None) -> Mark | None:
        """The event of `key` that meets or stops a clock running from `anchor`.

        One that happens once does so whenever it is dated; one that repeats only after the anchor, or where it
        may be dated before the opening and the anchor is the opening: a planned admission has its appointment.
        """
        marks = self._has.get(key)
        if not marks:
            return None
        any_day: bool | None = None
        for mark in marks:
            if earliest is not None and mark.day < earliest:
                continue
            if mark.seq > anchor.seq:
                return mark
            if any_day is None:
                any_day = not self._repeats(key) or self._planned(key, anchor)
            if any_day:
                return mark
        return None

    def answered(self, keys: Sequence[str], anchor: Mark) -> bool:
        """Whether an event of any of `keys` meets or stops a clock running from `anchor`."""
        return bool(keys) and self.any(keys) and any(self.answers(key, anchor) is not None for key in keys)

    def day_in(self, mark: Mark, name: str) -> date | None:
        """The day that a field of an event holds."""
        value = mark.event.fields.get(name)
        return date.fromisoformat(value) if value else None

    def amount(self, clock: Clock, key: str, anchor_on: date) -> Amount | None:
        """The amount of a clock counted from `key`, with the local value where there is one."""
        default = clock.amounts.get(key) or next(iter(clock.amounts.values()), None)
        return self.settings.amount(clock.name, anchor_on, default) if default else None

    def judged(self, clock: Clock) -> bool:
        """Whether a missing day is a fact: a person has worked on the case, or the files would tell of it.

        Where any of several events meets the clock, files that cannot hold one of them cannot tell.
        """
        if self.known_by_person or not self._sources:
            return True
        return bool(clock.ends) and clock.met_by <= self.carried

    @property
    def judgeable(self) -> tuple[bool, bool, frozenset[str]]:
        """All that `judged` looks at beside the clock: while it is the same, so are the answers."""
        return self.known_by_person, bool(self._sources), self.carried

    def last_in_files(self, kind: str) -> bool:
        """Whether the files that tell of the case carry nothing that comes after an event on its way."""
        for way in self.register.ways:
            at = next((n for n, step in enumerate(way) if kind in step), len(way))
            if any(not self.carried.isdisjoint(step) for step in way[at + 1 :]):
                return False
        return True

    def _planned(self, key: str, anchor: Mark) -> bool:
        kind = self.register.kind.get(key.partition(":")[0])
        return kind is not None and kind.before_opening and anchor.key == self.register.opening.name

    def _repeats(self, key: str) -> bool:
        return key in self.register.repeating or key.startswith(RECORD)

    def take(self, event: Event, kind: Kind | None, keys: tuple[str, ...]) -> None:
        """Count an event: `kind` is None for one of the child's own record."""
        self._seq += 1
        day = event.day
        self.day = max(self.opened_on, day)
        for key in keys:
            mark = Mark(key, day, self._seq, event)
            if key in self._has:
                self._has[key].append(mark)
            else:
                self._has[key] = [mark]
        if kind is None:
            return
        if event.source == PERSON:
            self.known_by_person = True
        elif event.source not in self._sources:
            self._sources.add(event.source)
            self.carried |= self.register.carries.get(event.feed, event.carried_beside)
        if kind.opens or kind.name == "details":
            self.details.update(event.fields)
        if kind.name not in _UNCOUNTED:
            self.last = self._has[kind.name][-1]
        for undone in kind.undoes:
            for key in [k for k in self._has if k.partition(":")[0] == undone]:
                self._undone.setdefault(key, []).extend(self._has.pop(key))
