"""What an invented life is made of: a child in a family, and the cases it lives through up to yesterday.

People do things when they are due: mostly in time, sometimes late. What they would do from today on has not
happened, so it is not there; and what is done late is done by yesterday, so nothing is overdue by accident.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from cictrack.working_days import months_after

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cictrack.registers._demo._chance import Chance
    from cictrack.working_days import Calendar

MONTHS_BETWEEN_SIBLINGS = 10
LATE = 0.12
"""How often something is done late when nobody says how often."""


class World(NamedTuple):
    """What all lives share: chance, the days that are worked on, today, and the numbering of events."""

    chance: Chance
    calendar: Calendar
    today: date
    ids: Iterator[int]

    @property
    def until(self) -> date:
        """The last day on which something has happened: yesterday."""
        return self.today - timedelta(days=1)

    @property
    def since(self) -> date:
        """The first day of the year that ends today."""
        return months_after(self.today, -12) + timedelta(days=1)

    def ago(self, least: int, most: int) -> date:
        """A working day that many days before today."""
        return self.worked(self.today - timedelta(days=self.chance.whole(least, most)))

    @property
    def begun(self) -> date:
        """The day from which people recorded; what was over before it came from files."""
        return months_after(self.today, -4)

    def in_the_year(self, *, but_last: int = 1) -> date:
        """A working day of the year that ends today, but none of its last days."""
        return max(self.ago(but_last, (self.today - self.since).days), self.since)

    def worked(self, day: date) -> date:
        """The day itself if it is worked on, else the last one before it."""
        return self.calendar.last_working_day(day)

    def working_days(self, start: date, n: int) -> date:
        """The working day `n` working days after `start`."""
        return self.calendar.working_days(start, n)


class Told(NamedTuple):
    """An event of a life, before it is known whose it is."""

    id: int
    kind: str
    day: date
    fields: dict[str, Any]


class Family:
    """Children who live together: who works with them, and where."""

    def __init__(self, key: str, assigned: dict[str, str]) -> None:
        self.key = key
        self.assigned = assigned
        self.children: list[Child] = []
        self.days: dict[str, date] = {}


class Child:
    """One invented child: its birth, its care, its own record and its cases.

    `days` of its family are those that its siblings share.
    """

    def __init__(self, family: Family) -> None:
        self.family = family
        self.born: date | None = None
        self.edd: date | None = None
        self.entered_care: date | None = None
        self.left_care: date | None = None
        self.record: list[Told] = []
        self.cases: list[Life] = []
        family.children.append(self)

    def on(self, register: str) -> bool:
        """Whether it has a case on the register."""
        return any(case.register == register for case in self.cases)

    def months_old(self, day: date) -> int:
        """Its age on a day in whole months, 0 when it is not born."""
        return (day - self.born).days * 12 // 365 if self.born and self.born < day else 0


class Life:
    """A case of a child while it is lived.

    `until` is the last day on which anything happens in it; `feed` the kind of file that it is known from,
    empty when people recorded it.
    """

    def __init__(self, world: World, child: Child, register: str) -> None:
        self.world = world
        self.chance = world.chance
        self.child = child
        self.register = register
        self.until = world.until
        self.feed = ""
        self.events: list[Told] = []
        child.cases.append(self)

    def next_period(self) -> Life:
        """Another case of the same child on the same register."""
        return Life(self.world, self.child, self.register)

    @property
    def last(self) -> date:
        """The day of its last event so far."""
        return max(told.day for told in self.events)

    def add(self, kind: str, day: date, /, **fields: Any) -> int:  # noqa: ANN401 - as an event's fields are
        """Something happens; the number of the event. What lies after yesterday has not happened."""
        told = next(self.world.ids)
        if day <= self.until:
            self.events.append(Told(told, kind, day, {k.rstrip("_"): v for k, v in fields.items() if v}))
        return told

    def shared(self, name: str, day: date) -> date:
        """A day that siblings share: theirs if one of them has lived it already, else this one."""
        return self.child.family.days.setdefault(name, day)

    def record(self, kind: str, day: date, /, **fields: Any) -> None:  # noqa: ANN401 - as above
        """Something happens to the child that belongs to no case."""
        if day <= self.world.until:
            self.child.record.append(Told(next(self.world.ids), kind, day, {k: v for k, v in fields.items() if v}))

    def open(self, kind: str, day: date, /, *, iro: bool = True, family: bool = False, **fields: Any) -> None:  # noqa: ANN401 - as above
        """The case opens, and it is somebody's from that day."""
        held = self.child.family.assigned
        whose = {name: who for name, who in held.items() if iro or name != "iro"}
        if family:
            whose["family"] = self.child.family.key
        self.add(kind, day, **fields, **whose)
        if self.chance.odds(0.1):
            later = self.world.worked(day + timedelta(days=self.chance.whole(5, 60)))
            number = int(held["worker"].split()[1])
            self.add("assigned", later, worker=f"Worker {max(1, number + self.chance.pick((-1, 1))):02d}")

    def by(self, after: date, due: date, *, late: float = LATE) -> date:
        """The day on which what is due by `due` is done, on or after `after`."""
        if late and self.chance.odds(late):
            done = self.world.working_days(due, self.chance.whole(1, 8))
            if done <= self.until:
                return done
        left = (due - after).days
        return max(after, self.world.worked(after + timedelta(days=self.chance.whole(left // 3, left))))

    def born(self, day: date, least: int, most: int) -> None:
        """The child is that many months old on a day, and no sibling was born within ten months of it."""
        if self.child.born or self.child.edd:
            return
        siblings = [c.born or c.edd for c in self.child.family.children if c.born or c.edd]
        for _ in range(12):
            born = months_after(day, -self.chance.whole(least, most)) - timedelta(days=self.chance.whole(0, 27))
            if all(s is None or abs((born - s).days) > MONTHS_BETWEEN_SIBLINGS * 31 for s in siblings):
                break
        self.child.born = born

    def task(self, day: date, what: str, owner: str, due: date, *, late: float = LATE) -> None:
        """An action is agreed, and done."""
        of = self.add("task", day, text=what, owner=owner, due=due.isoformat())
        self.done(of, day, due, late=late)

    def done(self, of: int, day: date, due: date, *, late: float = LATE) -> None:
        """What was agreed on a day is done."""
        self.add("task-done", self.by(day, due, late=late), task=of)

    def excepted(self, rule: str, reason: str, day: date, days: int) -> None:
        """A reason for a breach is agreed, for so many days."""
        agreed_by = self.child.family.assigned["manager"]
        until = (day + timedelta(days=days)).isoformat()
        self.add("exception", day, rule=rule, reason=reason, agreed_by=agreed_by, until=until)

    def closed(self, kind: str, day: date, /, **fields: Any) -> None:  # noqa: ANN401 - as above
        """The case ends; what would have followed has not happened."""
        self.events[:] = [told for told in self.events if told.day <= day]
        self.until = min(self.world.until, day)
        self.add(kind, day, **fields)
        self.until = self.world.until

    @property
    def long_over(self) -> bool:
        """Whether it was over before people recorded."""
        return self.last < self.world.begun

    def from_file(self, feed: str, *kinds: str) -> None:
        """It is known from a file of that kind alone, which holds these events and not whose the case is."""
        self.feed = feed
        unknown = {*self.child.family.assigned}
        self.events[:] = [
            told._replace(fields={k: v for k, v in told.fields.items() if k not in unknown})
            for told in self.events
            if told.kind in kinds
        ]

    def not_quiet(self, days: int, *texts: str, odds: float = 0.8) -> None:
        """Mostly somebody writes something down before nothing was recorded for so many days."""
        if (self.world.today - self.last).days >= days - 3 and self.chance.odds(odds):
            self.add("note", self.world.worked(self.world.ago(1, min(days - 5, 12))), note=self.chance.pick(texts))


class Story(NamedTuple):
    """One way in which a case can go.

    `cases` is how many of an authority's children live it. `follows` says which child, who has a history
    already, may live it; one that is made for it lives it otherwise.
    """

    cases: int
    live: Callable[[Life], None]
    follows: Callable[[Child, World], bool] | None = None


class Lives(NamedTuple):
    """The invented lives of a register: its stories, and how often siblings live them together.

    `place` is the order of the registers in a childhood; `joins` the share of cases for which a child with
    a history is looked for.
    """

    place: int
    stories: Sequence[Story]
    together: float = 0.35
    joins: float = 0.0


def days(n: int) -> timedelta:
    """So many days."""
    return timedelta(days=n)
