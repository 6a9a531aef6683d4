"""What the rows of a team's own table say of one child: one case a row, or one that several rows tell of together."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from cictrack.pathway.clocks import spoken
from cictrack.pathway.common import ASSIGNED
from cictrack.pathway.events import UNDATED, Event
from cictrack.pathway.record import BORN, EXPECTED, GESTATION_WEEKS, Draft, Life
from cictrack.readers.answers import closing_stages, decisive
from cictrack.readers.contradictions import Contradiction
from cictrack.readers.refusals import Unreadable
from cictrack.readers.table_rows import FEED
from cictrack.readers.targets import CLOSED, DOB, EDD, NOTE, OF_THE_CHILD, Target, spelt
from cictrack.readers.told import Fact, Told
from cictrack.registers import registers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cictrack.pathway.declare import Register
    from cictrack.pathway.kinds import Kind
    from cictrack.readers.refusals import Refusal
    from cictrack.readers.rows import Row

ASSIGNED_TO = "assigned"
GESTATION = timedelta(weeks=GESTATION_WEEKS)


def told(child_id: str, rows: Iterable[Row], known_birth: date | None, as_at: date) -> Told:
    """What the rows say of one child. Rows of one period that agree are one case; what differs is refused."""
    periods: list[_Period] = []
    refused: list[Refusal] = []
    read = list(rows)
    register = registers()[read[0].table]
    used = []
    for row in sorted(read, key=lambda row: row.line):
        try:
            said = _Said(row, register, known_birth, as_at)
            _place(periods, said)
        except _Refused as why:
            refused.append(row.refusal(why.column, str(why)))
        else:
            used.append(row)
    births = {fact.kind: fact for period in reversed(periods) for fact in period.births}
    # A table loses its oldest rows first, so that periods are told apart by their places from the newest.
    newest_first = sorted(periods, key=lambda period: period.opened_on or date.max, reverse=True)
    ranked = [(f" {rank}" if rank else "", period) for rank, period in enumerate(newest_first)]
    found = [c._replace(of=c.of + rank) for rank, period in ranked if period.opened_on for c in period.found]
    looked = frozenset(of + rank for rank, period in ranked for of in period.looked)
    drafts = [period.draft for period in periods if period.draft]
    life = Life(child_id)
    return Told(FEED, child_id, [*births.values()], found, looked, life, used, refused, {register.name: drafts})


class _Refused(Unreadable):
    """Why a row is refused, and the column that says so."""

    def __init__(self, column: str, why: str) -> None:
        super().__init__(why)
        self.column = column


class _Said:
    """What one row says: the events of a case, the child's birth, and what in it cannot be kept."""

    def __init__(self, row: Row, register: Register, known_birth: date | None, as_at: date) -> None:
        self.row, self.register = row, register
        self._as_at = as_at
        self.found: list[Contradiction] = []
        self.looked: set[str] = set()
        self.births = self._births(known_birth)
        self.draft = self._draft()

    def _births(self, known_birth: date | None) -> list[Fact]:
        """The day of birth, or that on which it is expected. One to come in a table of the unborn is expected."""
        row, opening = self.row, self.row.days.get(self.register.opening.name)
        born, due = row.days.get(DOB), row.days.get(EDD)
        if born and born > self._as_at:
            if not self.register.unborn or born > self._as_at + GESTATION:
                raise _Refused(DOB, f"born after the file's own day ({self._as_at:%d/%m/%Y})")
            born, due = None, due or born
        if opening is None:
            return []
        first = born or known_birth
        if first and opening < first and not self.register.unborn:
            column = self.register.opening.name
            raise _Refused(column, f"the case would open before the child's birth ({first:%d/%m/%Y})")
        facts = [Fact(BORN, born, {}, [row])] if born else []
        return [*facts, Fact(EXPECTED, due - GESTATION, {"edd": due.isoformat()}, [row])] if due else facts

    def _draft(self) -> list[Draft]:
        """The events of the case, by day; whose it is and what was noted have no day of their own."""
        self._undecided()
        events = [event for of, kind in self._events() if (event := self._event(of, kind))]
        days = [event.day for event in events if not event.undated]
        ends = [event.day for event in events if _closes(self.register, event)]
        opened = self.row.days.get(self.register.opening.name)
        first = opened or min(days, default=self._as_at)
        # What a table says of a case that is closed was so while it was open, since when nobody knows.
        since = first if ends else max(first, self._as_at)
        whose = {name: text for name in ASSIGNED if (text := self.row.texts.get(name, ""))}
        if whose:
            events.append(Draft(ASSIGNED_TO, since, whose))
        last = max(days, default=self._as_at)
        for key, text in self.row.texts.items():
            target = spelt(key)
            if target is not None and target.event == NOTE:
                # A note is no sign of life: it stands beside the last thing that is known to have happened.
                events.append(Draft(NOTE, last, {NOTE: text}, undated=True))
        return list({(e.kind, e.day, str(e.fields)): e for e in events}.values())

    def _undecided(self) -> None:
        """Look for answers that say what became of the case, and of which the row has no day."""
        there = {(of.event, of.n) for key in self.row.days if (of := spelt(key))}
        for key, header in self.row.headers.items():
            target = spelt(key)
            if target is not None and target.field and decisive(self.register, target):
                answer = "" if (target.event, target.n) in there else self.row.texts.get(key, "")
                why = f"{header} is {answer}, and the table has no day of it"
                self._look(f"{key} day", target.event, why if answer else "")

    def _events(self) -> Iterator[tuple[Target, Kind]]:
        """The events that the row tells of, each once: by its day, or by a day that it is for."""
        seen = set()
        for key, day in self.row.days.items():
            target = spelt(key)
            if day is None or target is None or target.event in OF_THE_CHILD:
                continue
            of = target._replace(field="")
            if (of.event, of.n, of.answer) not in seen:
                seen.add((of.event, of.n, of.answer))
                yield of, self.register.kind[of.event]

    def _event(self, of: Target, kind: Kind) -> Draft | None:
        """One event, or none where it lies ahead, or lacks the answer that says what it is."""
        day = self.row.days.get(str(of))
        fields = self._fields(of, kind)
        if not self._has_happened(of, day):
            return None
        if of.event == CLOSED and (stage := closing_stages(self.register).get(fields.get("reason", ""))):
            name, answer = stage
            kind = self.register.kind[name]
            fields = {kind.by: answer} if answer else {}
        unsaid = next((f.name for f in kind.fields if f.name == kind.by and f.required and not fields.get(f.name)), "")
        why = f"the table has {of.event} on {spoken(day)} and no {unsaid}" if day and unsaid else ""
        self._look(f"{of} {unsaid or kind.by}", of.event, why)
        if why:
            return None
        if day is None:
            # It had been told of by the day that it is for.
            told_by = min(self._as_at, *self._days_in(of, kind))
            return Draft(kind.name, told_by, {**fields, UNDATED: "yes"}, undated=True)
        return Draft(kind.name, day, fields)

    def _has_happened(self, of: Target, day: date | None) -> bool:
        ahead = day is not None and day > self._as_at
        if ahead and of.event == self.register.opening.name:
            raise _Refused(str(of), f"after the file's own day ({self._as_at:%d/%m/%Y})")
        column = self.row.headers.get(str(of), str(of))
        why = f"{column} is {spoken(day)}, after the file's own day" if day and ahead else ""
        self._look(str(of), of.event, why)
        return not ahead

    def _look(self, of: str, event: str, why: str) -> None:
        """Note that something was looked at, and what is wrong with it if anything is."""
        place = f"{FEED} {self.register.name} {of}"
        opened = self.row.days.get(self.register.opening.name) or self._as_at
        self.looked.add(place)
        if why:
            self.found.append(Contradiction(place, min(opened, self._as_at), event, why, self.register.name))

    def _days_in(self, of: Target, kind: Kind) -> list[date]:
        days = [self.row.days.get(str(Target(of.event, field.name, n=of.n))) for field in kind.fields]
        return [self._as_at, *(day for day in days if day)]

    def _fields(self, of: Target, kind: Kind) -> dict[str, Any]:
        """The answers of an event, as an event keeps them."""
        fields: dict[str, Any] = {kind.by: of.answer} if of.answer else {}
        for field in kind.fields:
            key = str(Target(of.event, field.name, n=of.n))
            day = self.row.days.get(key)
            text = day.isoformat() if day else self.row.texts.get(key, "")
            if text:
                fields[field.name] = text.split("; ") if field.repeatable else text
        if of.event == CLOSED and (reason := self.row.texts.get("closed.reason", "")):
            fields["reason"] = reason
        return fields


def _closes(register: Register, event: Draft) -> bool:
    said = Event("", register.name, "", "", event.kind, event.day, event.fields)
    return bool(register.kind[event.kind].closing_stage(said))


class _Period:
    """One case, as one row or several tell of it together."""

    def __init__(self, said: _Said) -> None:
        self.register = said.register
        self.lines = [said.row.line]
        self.draft = said.draft
        self.births = said.births
        self.found, self.looked = said.found, said.looked

    @property
    def opened_on(self) -> date | None:
        return next((e.day for e in self.draft if e.kind == self.register.opening.name), None)

    @property
    def ended_on(self) -> date | None:
        """The day on which it was over, as far as the table says."""
        soft = self.register.complete_from_file
        ends = [e.day for e in self.draft if e.kind in soft or _closes(self.register, e)]
        return min(ends, default=None)

    def is_apart(self, other: _Period) -> bool:
        """Whether one was over when the other began."""
        if self.opened_on is None or other.opened_on is None:
            return False
        earlier, later = sorted((self, other), key=lambda period: period.opened_on or period.draft[0].day)
        return earlier.ended_on is not None and later.opened_on is not None and earlier.ended_on <= later.opened_on

    def differs(self, other: _Period) -> str:
        """What happens once, and is not the same in both; empty where they agree."""
        for event in other.draft:
            kind = self.register.kind[event.kind]
            same = [e for e in self.draft if e.kind == event.kind]
            if same and event.kind == ASSIGNED_TO:
                differ = [n for n, v in event.fields.items() if same[0].fields.get(n, v) != v]
                if differ:
                    return differ[0]
            elif same and not kind.repeats and (event.day, event.fields) != (same[0].day, same[0].fields):
                return event.kind
        mine = {fact.kind: fact.day for fact in self.births}
        return next((f.kind for f in other.births if mine.get(f.kind, f.day) != f.day), "")

    def add(self, other: _Period) -> None:
        """Take in what another row tells of it."""
        self.lines += other.lines
        known = {(e.kind, e.day, str(e.fields)) for e in self.draft}
        self.draft = [*self.draft, *(e for e in other.draft if (e.kind, e.day, str(e.fields)) not in known)]
        self.births = [*self.births, *(fact for fact in other.births if fact.kind not in {b.kind for b in self.births})]
        self.found = [*self.found, *other.found]
        self.looked = self.looked | other.looked


def _place(periods: list[_Period], said: _Said) -> None:
    """Make a row a period of its own, or part of one that is there. Raises _Refused where it is neither."""
    period = _Period(said)
    together = [p for p in periods if not p.is_apart(period)]
    if not together:
        _agree_on_birth(periods, period)
        periods.append(period)
        return
    opening = said.register.opening.name
    there = next((p for p in together if p.opened_on == period.opened_on), None)
    if there is None:
        no_day = [p for p in (period, *together) if p.opened_on is None]
        if not no_day or len(together) > 1:
            other = together[0].lines[0]
            why = f"row {other} tells of this child too, with another {opening}, and that case had not ended by then"
            raise _Refused(opening, why)
        there = together[0]
    differs = there.differs(period)
    if differs:
        column = DOB if differs == BORN else EDD if differs == EXPECTED else differs
        raise _Refused(column, f"row {there.lines[0]} tells of this case too, and of another {differs}")
    there.add(period)


def _agree_on_birth(periods: Sequence[_Period], period: _Period) -> None:
    born = {fact.kind: (fact.day, p.lines[0]) for p in periods for fact in p.births}
    for fact in period.births:
        if fact.kind in born and born[fact.kind][0] != fact.day:
            column = DOB if fact.kind == BORN else EDD
            raise _Refused(column, f"row {born[fact.kind][1]} tells of another day of birth for this child")
