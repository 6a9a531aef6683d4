"""A register's events as a social worker could write them, and what the engine says of them on a day.

    child 1 born 2019-01-01
    2026-01-05 plo decision team=North
    2026-01-08 plo letter fgdm_offered=yes
    t1: 2026-01-09 plo task text="find a bed" owner=worker due=2026-01-20

A case begins with its register's opening event; what stands above the first of them belongs to it too.
`child` lines are the child's own record. Before the day a line may hold `NAME:` (how others name it),
`correct NAME:` (what NAME should have said) or `withdraw NAME`; after it `via=ssda903` says that a file told of it.
"""

from __future__ import annotations

import shlex
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from cictrack.pathway import record
from cictrack.pathway.child import CaseOf, ChildEvaluation, evaluate_child
from cictrack.pathway.evaluate import Position
from cictrack.pathway.events import CHILD, PERSON, WITHDRAWN, Event
from cictrack.pathway.settings import Settings
from cictrack.registers import registers
from cictrack.store.bank_holidays import published_bank_holidays
from cictrack.working_days import Calendar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cictrack.pathway.clocks import Row

NOWHERE = Position(date.min, "", False, "", "", "", {})
GESTATION = timedelta(weeks=record.GESTATION_WEEKS)


@cache
def england_and_wales() -> Calendar:
    """The calendar that every register is made with."""
    return Calendar(*published_bank_holidays())


@cache
def usual() -> Settings:
    """Settings of an authority that changed nothing."""
    return Settings(england_and_wales())


def changed(values: Mapping[str, str | int], since: str = "0001-01-01") -> Settings:
    """Settings with local values that count from a day on."""
    day = date.fromisoformat(since)
    return Settings(england_and_wales(), values={name: ((day, value),) for name, value in values.items()})


class Ended(NamedTuple):
    """How a row of a rule ended: both are empty while it runs."""

    due: str
    met: str
    stopped: str


class OneCase:
    """One case, asked about days in ISO text."""

    def __init__(self, found: CaseOf, child: ChildEvaluation) -> None:
        self.found = found
        self.result = found.evaluation
        self.child = child

    def open_rows(self, on: str) -> list[Row]:
        """The rows that stand on a day, alerts included."""
        return [row for row in self.result.rows if row.open_on(date.fromisoformat(on))]

    def stage(self, on: str) -> str:
        """The stage on a day; empty before the case opened."""
        return self._position(on).stage

    def blocking(self, on: str) -> tuple[str, str]:
        """What is missing next on a day, and whose move it is."""
        position = self._position(on)
        return position.blocking, position.delay_side or position.side

    def held(self, on: str) -> dict[str, str]:
        """Whose the case is on a day."""
        return dict(self._position(on).assigned)

    def _position(self, on: str) -> Position:
        day = date.fromisoformat(on)
        before = [p for p in self.result.positions if p.from_on <= day]
        return before[-1] if before else NOWHERE

    def due(self, on: str) -> dict[str, str]:
        """The open deadlines of a day and their due days, tasks included."""
        rows = [r for r in self.open_rows(on) if r.clock.kind != "drift"]
        assert len({(r.clock.name, r.span.of) for r in rows}) == len(rows), "a rule runs twice"
        return {r.clock.name: r.span.due_on.isoformat() for r in rows}

    def amber(self, on: str) -> dict[str, str]:
        """The open deadlines of a day and the days they turn amber."""
        return {r.clock.name: r.span.amber_on.isoformat() for r in self.open_rows(on) if r.clock.kind != "drift"}

    def severity(self, on: str) -> dict[str, str]:
        """The colour of each open deadline on a day."""
        day = date.fromisoformat(on)
        return {r.clock.name: _colour(r, day) for r in self.open_rows(on) if r.clock.kind != "drift"}

    def overdue(self, on: str) -> set[str]:
        """The rules past their due day, known or not."""
        day = date.fromisoformat(on)
        return {r.clock.name for r in self.open_rows(on) if r.clock.kind != "drift" and r.span.due_on < day}

    def alerts(self, on: str) -> dict[str, str]:
        """The alerts that stand on a day and what they say, as a reader on that day fills them in."""
        day = date.fromisoformat(on)
        rows = [r for r in self.open_rows(on) if r.clock.kind == "drift"]
        return {r.clock.name: _said(r, day) for r in rows}

    def gaps(self, on: str) -> list[str]:
        """The events that are missing, or clash, on a day."""
        day = date.fromisoformat(on)
        standing = [g for g in self.result.gaps if g.starts_on <= day and not (g.ended_on and g.ended_on <= day)]
        return sorted(g.event for g in standing)

    def why(self, event: str) -> str:
        """What is said of the gap of an event."""
        return next((g.why for g in self.result.gaps if g.event == event), "")

    def history(self, rule: str) -> list[Ended]:
        """Every row of a rule that ever ran, in order."""
        rows = sorted((r for r in self.result.rows if r.clock.name == rule), key=lambda r: r.n)
        return [Ended(r.span.due_on.isoformat(), _iso(r.met_on), _iso(r.stopped_on)) for r in rows]


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _colour(row: Row, day: date) -> str:
    if row.span.due_on < day:
        return row.span.past.upper()
    return "AMBER" if row.span.amber_on <= day else "GREEN"


def _said(row: Row, day: date) -> str:
    days = (day - row.span.anchor_on).days
    return row.span.why.replace("{days}", str(days)).replace("{weeks}", str(days // 7))


def child(text: str, settings: Settings | None = None) -> ChildEvaluation:
    """Everything the engine says of the child of a ledger."""
    return evaluate_child(registers(), events(text), settings or usual())


def case(text: str, settings: Settings | None = None, *, register: str = "", period: int = 1) -> OneCase:
    """One case of a ledger: of the register named, else of the only one there is."""
    found = child(text, settings)
    named = [c for c in found.cases if c.register.name == register or not register]
    assert len({c.register.name for c in named}) == 1, "say which register"
    return OneCase(next(c for c in named if c.period == period), found)


def events(text: str) -> list[Event]:
    """The events of a ledger, with ids that say where they stand in it."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    reading = _Reading(next(line for line in lines if line.startswith("child ")))
    for line in lines[1:]:
        reading.read(line)
    return reading.events()


class _Reading:
    """A ledger half read: events that stand above their case's opening wait for it."""

    def __init__(self, heading: str) -> None:
        _, self.child_id, *facts = heading.split()
        self.named: dict[str, Event] = {}
        self.found: list[Event] = []
        self.opened: dict[str, str] = {}
        for kind, day in zip(facts[::2], facts[1::2], strict=True):
            on = date.fromisoformat(day)
            fields = {"edd": day} if kind == record.EXPECTED else {}
            self._add(CHILD, kind, on - GESTATION if fields else on, fields, PERSON)

    def read(self, line: str) -> None:
        words = shlex.split(line)
        if words[0] == "withdraw":
            wrong = self.named[words[1]]
            self.found.append(self._after(wrong, kind=WITHDRAWN))
            return
        correcting = words[0] == "correct"
        label = ""
        if correcting or words[0].endswith(":"):
            label = words[1 if correcting else 0].rstrip(":")
            words = words[2 if correcting else 1 :]
        day, register, kind, *told = words
        fields = self._fields(register, kind, dict(pair.split("=", 1) for pair in told))
        source = str(fields.pop("via", PERSON))
        if correcting:
            wrong = self.named[label]
            event = self._after(wrong, kind=kind)._replace(day=date.fromisoformat(day), fields=fields)
            self.found.append(event)
        else:
            event = self._add(register, kind, date.fromisoformat(day), fields, source)
        if label:
            self.named[label] = event

    def _fields(self, register: str, kind: str, told: Mapping[str, str]) -> dict[str, Any]:
        if register == CHILD:
            return dict(told)
        declared = registers()[register].kind[kind].fields
        several = {field.name for field in declared if field.repeatable}
        fields: dict[str, Any] = {k: v.split(",") if k in several else v for k, v in told.items()}
        if "task" in fields:
            fields["task"] = self.named[fields["task"]].line
        return fields

    def _add(self, register: str, kind: str, day: date, fields: Mapping[str, Any], source: str) -> Event:
        name = f"{len(self.found):03d}"
        opening = self.opened.get(register, "")
        if register != CHILD and registers()[register].kind[kind].opens:
            opening = self.opened[register] = name
        event = Event(name, register, self.child_id, opening, kind, day, fields, source=source)
        self.found.append(event)
        return event

    def _after(self, wrong: Event, *, kind: str) -> Event:
        name = f"{len(self.found):03d}"
        return wrong._replace(id=name, kind=kind, root=wrong.line, parent=wrong.id)

    def events(self) -> list[Event]:
        first: dict[str, str] = {}
        for event in self.found:
            if event.opening:
                first.setdefault(event.register, event.opening)
        return [e if e.register == CHILD or e.opening else e._replace(opening=first[e.register]) for e in self.found]
