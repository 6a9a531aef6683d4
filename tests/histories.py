"""Histories at random, for the tests that hold of all of them: made from what the registers declare.

Days lie close together so that events meet, cross and contradict each other.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from cictrack.pathway import record
from cictrack.pathway.common import IN_ERROR
from cictrack.pathway.events import CHILD, PERSON, WITHDRAWN, Event
from cictrack.registers import registers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import DrawFn

    from cictrack.pathway.declare import Register
    from cictrack.pathway.kinds import Field, Kind

FIRST = date(2025, 11, 3)
SPAN = 420
SOURCES = st.sampled_from([PERSON, PERSON, "ssda903 1f", "annex-a-8 2e", "annex-a-10 3d"])
WORDS = {"link": ("birch", "oak"), "rne": ("S", "P", "B", "L", "T"), "id": ("A", "B", "C"), "away": ("yes", "no")}


def days() -> st.SearchStrategy[date]:
    """A day of the time that histories are about, more often a near one."""
    near = st.integers(0, 60)
    return st.one_of(near, st.integers(0, SPAN)).map(lambda n: FIRST + timedelta(n))


def _value(draw: DrawFn, field: Field) -> str | list[str]:
    if field.type == "day":
        return str(draw(days()))
    choices = field.choices or WORDS.get(field.name, ("north", "south"))
    if field.repeatable:
        return draw(st.lists(st.sampled_from(choices), max_size=3, unique=True))
    return str(draw(st.sampled_from(choices)))


def fields_of(draw: DrawFn, kind: Kind, *, whole: bool = True) -> dict[str, Any]:
    """Answers to the fields of a kind: the required ones always, unless `whole` is False."""
    told = [f for f in kind.fields if (f.required and whole) or draw(st.booleans())]
    return {f.name: _value(draw, f) for f in told}


class Teller:
    """One child's events, told one by one."""

    def __init__(self, draw: DrawFn, *, whole: bool = True) -> None:
        self.draw = draw
        self.whole = whole
        self.told: list[Event] = []

    def tell(self, register: str, opening: str, kind: Kind, day: date) -> Event:
        name = f"{len(self.told):03d}"
        fields = fields_of(self.draw, kind, whole=self.whole)
        event = Event(name, register, "1", opening or name, kind.name, day, fields, source=self.draw(SOURCES))
        event = event._replace(opening="") if register == CHILD else event
        if kind.name == "details" and register != CHILD:
            event = event._replace(fields=fields_of(self.draw, registers()[register].opening))
        self.told.append(event)
        return event

    def case(self, register: Register, most: int) -> None:
        opening = self.tell(register.name, "", register.opening, self.draw(days()))
        kinds = [k for k in register.kind.values() if not k.opens]
        for kind in self.draw(st.lists(st.sampled_from(kinds), max_size=most)):
            event = self.tell(register.name, opening.id, kind, self.draw(days()))
            if kind.name == "task-done":
                self._a_real_task(event)
            if kind.name == "closed" and self.draw(st.integers(0, 3)):
                self.told[-1] = event._replace(fields={"reason": "left-care"})

    def _a_real_task(self, event: Event) -> None:
        agreed = [e.id for e in self.told if e.opening == event.opening and e.kind in {"task", "assessment"}]
        if agreed:
            self.told[-1] = event._replace(fields={"task": self.draw(st.sampled_from(agreed))})

    def record(self, most: int) -> None:
        if self.draw(st.booleans()):
            born = self.draw(st.sampled_from([date(2019, 1, 1), date(2014, 1, 20), date(2026, 2, 2)]))
            self.told.append(Event("born", CHILD, "1", "", record.BORN, born, {}))
        if self.draw(st.booleans()):
            edd = self.draw(days())
            day = edd - timedelta(weeks=record.GESTATION_WEEKS)
            self.told.append(Event("expected", CHILD, "1", "", record.EXPECTED, day, {"edd": edd.isoformat()}))
        kinds = [k for k in record.KINDS if k.name not in {record.BORN, record.EXPECTED}]
        for kind in self.draw(st.lists(st.sampled_from(kinds), max_size=most)):
            self.tell(CHILD, "", kind, self.draw(days()))

    def corrections(self, most: int) -> None:
        for wrong in self.draw(st.lists(st.sampled_from(self.told), max_size=most)):
            name = f"c{len(self.told):03d}"
            heads = [e for e in self.told if e.line == wrong.line]
            parent = self.draw(st.sampled_from(heads))
            event = wrong._replace(id=name, root=wrong.line, parent=parent.id)
            if wrong.opening != wrong.line and not self.draw(st.integers(0, 2)):
                event = event._replace(kind=WITHDRAWN)
            elif wrong.id not in {record.BORN, record.EXPECTED}:
                event = event._replace(day=self.draw(days()))
            self.told.append(event)


@st.composite
def histories(
    draw: DrawFn, names: Sequence[str] = (), most: int = 9, cases: int = 3, *, whole: bool = True
) -> list[Event]:
    """Everything recorded of one child: some cases on some registers, the child's own record, corrections."""
    teller = Teller(draw, whole=whole)
    teller.record(5)
    declared = registers()
    for name in draw(st.lists(st.sampled_from(sorted(names or declared)), min_size=1, max_size=cases)):
        teller.case(declared[name], most)
    teller.corrections(3)
    return teller.told


def void(event: Event) -> bool:
    """Whether an event says that its case was never to be."""
    return event.kind == "closed" and event.fields.get("reason") in IN_ERROR
