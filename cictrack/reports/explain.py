"""How each deadline of a case came about: from what it counts, how far, which days are skipped, by whose rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cictrack.pathway.case import RECORD

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from cictrack.pathway.child import CaseOf
    from cictrack.pathway.clocks import Row
    from cictrack.pathway.declare import Clock
    from cictrack.pathway.evaluate import Exceptional
    from cictrack.pathway.settings import Settings


class Explained(NamedTuple):
    """One row of one clock, or a clock that waits: then it has no anchor and `waits` says for what."""

    clock: Clock
    authority: str
    anchor: str = ""
    anchor_on: date | None = None
    amount: str = ""
    default: str = ""
    skipped: Sequence[tuple[date, str]] = ()
    starts_on: date | None = None
    amber_on: date | None = None
    due_on: date | None = None
    met_on: date | None = None
    stopped_on: date | None = None
    severity: str | None = None
    local: str | None = None
    why: str = ""
    days_over: int = 0
    working_days_over: int = 0
    working_day_before: date | None = None
    past_calendar: bool = False
    exceptions: Sequence[Exceptional] = ()
    waits: str = ""

    @property
    def ended(self) -> bool:
        """Whether it is met or stopped."""
        return self.met_on is not None or self.stopped_on is not None

    def as_machine(self) -> dict[str, Any]:
        """Its promised keys."""
        event = {"event": self.anchor, "day": _iso(self.anchor_on)} if self.anchor_on else None
        return {
            "rule": self.clock.name,
            "title": self.clock.title,
            "authority": self.authority,
            "source": self.clock.source,
            "anchor": event,
            "amount": self.amount or None,
            "skipped": [day.isoformat() for day, _ in self.skipped],
            "amber_on": _iso(self.amber_on),
            "due_on": _iso(self.due_on),
            "met_on": _iso(self.met_on),
            "stopped_on": _iso(self.stopped_on),
            "severity": self.severity,
            "local": self.local,
        }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def explained(case: CaseOf, day: date, settings: Settings, rule: str = "") -> list[Explained]:
    """Every clock of the case's register on `day`, in the register's order, or the one named `rule`.

    A clock's rows stand in the order they began, the live one last; one that has none is waiting.
    """
    found: list[Explained] = []
    of_clock: dict[str, list[Row]] = {}
    for row in case.evaluation.rows:
        of_clock.setdefault(row.clock.name, []).append(row)
    for clock in case.register.clocks:
        if rule and clock.name != rule:
            continue
        rows = sorted(of_clock.get(clock.name, ()), key=lambda r: (r.open_on(day), r.starts_on, r.n))
        found += [_row(case, row, day, settings) for row in rows]
        if not rows:
            found.append(_waiting(case, clock, day, settings))
    return found


def authority_on(clock: Clock, day: date, settings: Settings) -> str:
    """Whose rule it is on `day`: the law's from the day an Act commenced, where the authority has set that day."""
    if not clock.statute_from:
        return clock.authority
    commenced = str(settings.value(clock.statute_from, day, ""))
    return "statute" if commenced and commenced <= day.isoformat() else clock.authority


def _row(case: CaseOf, row: Row, day: date, settings: Settings) -> Explained:
    clock, span = row.clock, row.span
    calendar = settings.calendar_for(clock.authority)
    counted = "working day" in span.amount
    stopped_on = row.stopped_on or (span.lapses_on if span.lapses_on and span.lapses_on <= day else None)
    own = clock.name in settings.values and settings.value(clock.name, span.anchor_on, "") != ""
    skipped = [(d, calendar.holidays[d]) for d in calendar.skipped(span.anchor_on, span.due_on)] if counted else []
    last = span.due_on if counted or clock.kind != "deadline" else calendar.last_working_day(span.due_on)
    ended_on = row.met_on or stopped_on or day
    since = (ended_on - span.anchor_on).days
    return Explained(
        clock=clock,
        authority=authority_on(clock, day, settings),
        anchor=event_name(span.anchor),
        anchor_on=span.anchor_on,
        amount=span.amount,
        default=str(next(iter(clock.amounts.values()), "")),
        skipped=skipped,
        starts_on=row.starts_on,
        amber_on=row.amber_on,
        due_on=span.due_on,
        met_on=row.met_on,
        stopped_on=stopped_on,
        severity=_severity(row, day, ended=row.met_on or stopped_on),
        local=span.amount if own else None,
        why=span.why.replace("{days}", str(since)).replace("{weeks}", str(since // 7)),
        days_over=(ended_on - span.due_on).days,
        working_days_over=calendar.working_days_between(span.due_on, ended_on),
        working_day_before=last if last != span.due_on else None,
        past_calendar=(counted or clock.unit == "working days") and not calendar.knows(span.due_on),
        exceptions=[x for x in case.evaluation.exceptions if x.rule == clock.name and x.from_on <= day <= x.until],
    )


def _severity(row: Row, day: date, *, ended: date | None) -> str | None:
    """None of a row that has ended, unless nobody can tell whether it was met in time."""
    if ended is None:
        return severity_on(row, day)
    late = row.met_on is not None and row.clock.kind == "deadline" and row.met_on > row.span.due_on
    return "grey" if late and row.span.past == "grey" and row.span.why else None


def severity_on(row: Row, day: date) -> str:
    """The severity of a row that is open on `day`; one that is yet to begin is green."""
    if row.clock.kind == "drift":
        return "amber" if row.starts_on <= day else "green"
    if row.span.due_on < day:
        return row.span.past
    return "amber" if row.span.amber_on <= day else "green"


def _waiting(case: CaseOf, clock: Clock, day: date, settings: Settings) -> Explained:
    authority = authority_on(clock, day, settings)
    amount = str(next(iter(clock.amounts.values()), ""))
    events = list(dict.fromkeys(event_name(after.event) for after in clock.after))
    missing = {gap.event for gap in case.evaluation.gaps if gap.starts_on <= day and gap.ended_on is None}
    severity = "grey" if missing.intersection(events) else None
    return Explained(clock, authority, amount=amount, severity=severity, waits=_why_waiting(case, clock, events))


def _why_waiting(case: CaseOf, clock: Clock, events: Sequence[str]) -> str:
    state = case.evaluation.case
    if state.closed:
        return "never ran: the case closed without it"
    if clock.serves_plan and state.given_up:
        return f"does not run: {event_name(case.register.given_up)} is recorded, and the plan it serves is given up"
    if clock.kind == "drift" and not events:
        return "does not stand"
    if clock.kind == "task":
        return "waits for a task: none is open"
    passed = [e for e in events if state.all(e)]
    if passed:
        ended = next((event_name(k) for k in (*clock.ends, *case.register.stopping(clock)) if state.all(k)), "")
        return f"does not run: {ended} is recorded" if ended else "does not run on this case"
    return f"waits for {' or '.join(events)}" if events else "does not run on this case"


def event_name(key: str) -> str:
    """The event of a key: `meeting` of `meeting:yes`, `born` of `record.born`."""
    return key.removeprefix(RECORD).partition(":")[0]
