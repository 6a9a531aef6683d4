"""What a file tells of a case that is there: what is new is added, what is held stays, what differs is offered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cictrack.pathway.common import CLOSING_REASONS
from cictrack.pathway.events import PERSON, WITHDRAWN, Event
from cictrack.readers.plan import KNOWN, Offered, fields_text, said_otherwise

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from cictrack.pathway.child import CaseOf
    from cictrack.pathway.declare import Register
    from cictrack.pathway.kinds import Kind
    from cictrack.pathway.record import CaseDraft, Draft
    from cictrack.readers.plan import Plan
    from cictrack.readers.rows import Row
    from cictrack.readers.told import Told

OF_NO_CASE = frozenset({"header", "missing", "reviews", "sw_episodes"})
"""Tables of a return whose rows tell nothing of a case."""

ASSIGNED = "assigned"


def rows_that_tell(told: Told, event: Draft) -> list[Row]:
    """The rows that an event of a case comes from: those with its day, that of an episode's start above all."""
    of_day = [r for r in told.rows if r.table not in OF_NO_CASE and event.day in r.days.values()]
    starts = [r for r in of_day if event.day not in {r.days.get("DEC"), r.days.get("DOB")}]
    return starts or of_day or ([] if told.life.episodes else told.rows)


def add_to_case(
    plan: Plan, told: Told, case: CaseOf, draft: CaseDraft, of_episodes: Collection[tuple[str, date]]
) -> None:
    """Add what the case does not know of a draft, and offer what it holds otherwise.

    `of_episodes` are the kinds and days that the episodes of returns tell together; none where they do not agree.
    """
    of_case = _OfCase(plan, told, case, of_episodes, [event for event in draft if event.undated])
    days = {(event.kind, event.day) for event in draft}
    if of_episodes:
        of_case.withdraw_the_untold(days)
    for event in draft:
        of_case.take(event, days)


class _OfCase:
    """One case, and the file that tells of it."""

    def __init__(
        self,
        plan: Plan,
        told: Told,
        case: CaseOf,
        of_episodes: Collection[tuple[str, date]],
        undated: Sequence[Draft],
    ) -> None:
        self.plan = plan
        self.undated = undated
        self.of_episodes = of_episodes
        self.told = told
        self.register: Register = case.register
        self.line = case.opening.line
        self.closed_on = case.evaluation.closed_on
        of_case = [e for e in plan.standing() if e.register == self.register.name]
        self.stand = sorted(
            (e for e in of_case if self.line in {e.line, e.opening}),
            key=lambda e: (e.day, e.line != self.line, e.source == PERSON, e.line),
        )

    def take(self, event: Draft, told_days: set[tuple[str, date]]) -> None:
        """Take one event of a draft; `told_days` are all that the file tells of this case."""
        plan, rows = self.plan, rows_that_tell(self.told, event)
        if event.kind == ASSIGNED:
            self._assign(event, rows)
            return
        kind = self.register.kind[event.kind]
        offered = Offered(self.register.name, self.line, event.kind, rows)
        same = [e for e in self.stand if e.kind == event.kind]
        same_day = self._undated(kind, event, same) if event.undated else self._same_day(kind, event, same)
        others = [e for e in same if (e.kind, e.day) not in told_days]
        overtaken = self.closed_on is not None and event.day > self.closed_on
        if same_day is not None:
            self._compare(offered, same_day, event.fields)
        elif event.undated:
            self._add(event, rows)
        elif others and not kind.repeats and self._told_in_full(event, others[-1]):
            self._moved(offered, others[-1], event)
        elif plan.holds(self._id(event)):
            back = plan.taken_back(self._id(event)) if self.of_episodes else None
            if back is None:
                plan.known(rows)
            else:
                plan.correct(back, event.day, event.fields, rows, event.kind)
        elif overtaken and self._leaves(event):
            plan.mark(rows, KNOWN)
        elif others and (not kind.repeats or self._one_for_one(event, same, others, told_days)):
            self._moved(offered, others[-1], event)
        elif self.closed_on is not None and (overtaken or kind.closes) and not kind.after_closing:
            plan.offer_day(offered, None, event.day, {}, f"closed {self.closed_on.isoformat()}")
        else:
            self._add(event, rows)

    def withdraw_the_untold(self, told_days: set[tuple[str, date]]) -> None:
        """Withdraw what was read off fewer episodes, and a decision that turns out to be of another case."""
        told_kinds = {kind for kind, _ in told_days}
        decided = {*self.told.life.matches, *(decision.day for decision in self.told.life.decisions)}
        for e in list(self.stand):
            kind = self.register.kind.get(e.kind)
            if kind is None or (e.kind, e.day) in told_days or not self._may_withdraw(e):
                continue
            if kind.closing_stage(e):
                self.closed_on = None
            told_here = e.kind not in self.register.told_apart or e.day in decided
            if told_here and (kind.repeats or e.kind not in told_kinds):
                self.plan.correct(e, e.day, {"why": "another return tells otherwise"}, (), WITHDRAWN)
                self.stand.remove(e)

    def _may_withdraw(self, held: Event) -> bool:
        return held.feed == self.plan.feed and held.kind != ASSIGNED and self.plan.may_correct(held)

    def _same_day(self, kind: Kind, event: Draft, same: Sequence[Event]) -> Event | None:
        """The held event that the file tells of again; one that repeats may do so on the same day, with other words."""
        of_day = [e for e in same if e.day == event.day]
        if kind.repeats and not kind.by:
            of_day = [e for e in of_day if not said_otherwise(e.fields, event.fields)[1]]
        return of_day[0] if of_day else None

    def _undated(self, kind: Kind, event: Draft, same: Sequence[Event]) -> Event | None:
        """The held event that is told again without its day: by the day it is for, or word for word.

        Where one such is told otherwise and one is held that no row tells again, the file has changed that one.
        """
        by = next((field.name for field in kind.fields if field.type == "day" and field.required), "")

        def is_told(held: Event, event: Draft) -> bool:
            return held.fields.get(by) == event.fields.get(by) if by else held.fields == event.fields

        again = next((e for e in same if is_told(e, event)), None)
        if again is not None or not by:
            return again
        of_kind = [e for e in self.undated if e.kind == event.kind]
        new = [e for e in of_kind if not any(is_told(held, e) for held in same)]
        from_file = [e for e in same if e.feed == self.plan.feed]
        untold = [held for held in from_file if not any(is_told(held, e) for e in of_kind)]
        return untold[0] if len(new) == len(untold) == 1 else None

    def _compare(self, offered: Offered, held: Event, fields: Mapping[str, Any]) -> None:
        adds, differ = said_otherwise(held.fields, fields)
        may_correct = self.plan.may_correct(held)
        if not adds and not differ:
            self.plan.known(offered.rows)
        elif not differ and may_correct:
            self.plan.correct(held, held.day, {**held.fields, **adds}, offered.rows)
        else:
            self.plan.offer_answers(offered, held, differ if may_correct else {**adds, **differ})

    def _moved(self, offered: Offered, held: Event, event: Draft) -> None:
        """Another day for what is held: a correction without asking where another return tells the rest of the life."""
        if self.plan.may_correct(held) and self._told_in_full(event, held):
            self.plan.correct(held, event.day, {**held.fields, **event.fields}, offered.rows)
        else:
            self.plan.offer_day(offered, held, event.day, event.fields)

    def _told_in_full(self, event: Draft, held: Event) -> bool:
        """Whether returns that agree told less before: what was read off fewer episodes is read off more of them."""
        return held.feed == self.plan.feed and (event.kind, event.day) in self.of_episodes

    def _one_for_one(
        self, event: Draft, same: Sequence[Event], others: Sequence[Event], told_days: set[tuple[str, date]]
    ) -> bool:
        """Whether a kind that repeats is told as often as it is held by this kind of file: then a day has moved."""
        told = [day for kind, day in told_days if kind == event.kind]
        from_file = [e for e in same if e.feed == self.plan.feed]
        return len(others) == 1 and others[0].feed == self.plan.feed and len(told) == len(from_file)

    def _assign(self, event: Draft, rows: Sequence[Row]) -> None:
        """Whose it is from a day on: only what was not so already by then, and nothing that a person has said since."""
        opening = self.register.opening.name
        so: dict[str, Event] = {}
        from_file: set[tuple[str, Any]] = set()
        for e in self.stand:
            if e.kind in {ASSIGNED, opening} and e.day <= event.day:
                so.update(dict.fromkeys(e.fields, e))
                from_file |= set() if e.source == PERSON else {(name, str(value)) for name, value in e.fields.items()}
        new = {n: v for n, v in event.fields.items() if v and not (n in so and so[n].fields[n] == v)}
        by_hand = {name: so[name] for name in new if name in so and so[name].source == PERSON}
        added = {name: value for name, value in new.items() if name not in by_hand}
        if added:
            self._say_whose(event._replace(fields=added), rows)
        # What a file said before a person said otherwise, it may go on saying.
        asked = {name: held for name, held in by_hand.items() if (name, str(new[name])) not in from_file}
        for name, held in asked.items():
            self.plan.offer_answers(Offered(self.register.name, self.line, held.kind, rows), held, {name: new[name]})
        if not added and not asked:
            self.plan.known(rows)

    def _say_whose(self, event: Draft, rows: Sequence[Row]) -> None:
        """Of two files of one day the one that is read later counts."""
        of_day = (e for e in self.stand if e.kind == ASSIGNED and e.day == event.day and self.plan.may_correct(e))
        held = next(of_day, None)
        if held is None:
            self._add(event, rows)
        else:
            self.plan.correct(held, event.day, {**held.fields, **event.fields}, rows)

    def _id(self, event: Draft) -> str:
        fields = fields_text(event.fields)
        opening = "" if event.kind == self.register.opening.name else self.line
        return self.plan.id_of(self.register.name, opening, event.kind, event.day.isoformat(), fields)

    def _add(self, event: Draft, rows: Sequence[Row]) -> None:
        made = Event(
            self._id(event),
            self.register.name,
            self.plan.child_id,
            self.line,
            event.kind,
            event.day,
            dict(event.fields),
        )
        self.plan.add(made, rows)

    def _leaves(self, event: Draft) -> bool:
        """Whether it ends a case of any kind, whatever stage it was in: the child left care, moved, died."""
        said = Event("", self.register.name, "", "", event.kind, event.day, event.fields)
        return self.register.kind[event.kind].closing_stage(said) in CLOSING_REASONS
