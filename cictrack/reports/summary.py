"""The summary: each register's open cases by stage and by severity, in lines that add up, and the worst of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from cictrack.render.listing import Column, Listing
from cictrack.reports.words import counted, in_words
from cictrack.store.cases import Count, counts
from cictrack.store.filters import SEVERITIES, Filters
from cictrack.store.lists import deadlines
from cictrack.store.named import name_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence

    from cictrack.pathway.declare import Register
    from cictrack.store.lists import Rows

WEEK = timedelta(days=7)
WORST = 3
IN_ORDER = ("green", "amber", "red", "grey")
_NOBODY = Count(0, 0, {}, {}, 0)


class Summary(NamedTuple):
    """Each register's counts on a day, and the cases whose deadlines are furthest past, as rows of the overdue list."""

    day: date
    registers: Sequence[tuple[Register, Count]]
    worst: Sequence[Mapping[str, Any]]
    overdue: int


def summed_up(
    db: sqlite3.Connection, day: date, filters: Filters, registers: Mapping[str, Register], late: Rows | None = None
) -> Summary:
    """The summary on `day`, with the overdue list of that day where it is at hand.

    Newly red is what was not red seven days before.
    """
    found = counts(db, day, day - WEEK, filters)
    wanted = [r for name, r in registers.items() if not filters.register or name in filters.register]
    late = late or deadlines(db, day, "overdue", filters)
    rows = [dict(zip(late.columns, row, strict=True)) for row in late.rows]
    worst = {(row["register"], row["child_id"], row["period"]): row for row in reversed(rows)}
    first = sorted(worst.values(), key=rows.index)[:WORST]
    return Summary(day, [(r, found.get(r.name, _NOBODY)) for r in wanted], first, len(rows))


def as_machine(summary: Summary) -> dict[str, Any]:
    """Its promised keys: stages sum to open, severities sum to open."""
    return {
        "as_of": summary.day.isoformat(),
        "registers": [
            {
                "register": register.name,
                "open": count.open,
                "stages": dict(stages_of(register, count)),
                "severity": {severity: count.severity.get(severity, 0) for severity in IN_ORDER},
                "newly_red": count.newly_red,
            }
            for register, count in summary.registers
        ],
    }


def as_listing(summary: Summary) -> Listing:
    """The counts as rows, a register each."""
    keys = ("register", "open", "stages", *IN_ORDER, "newly_red")
    rows = [
        (
            register.name,
            count.open,
            [f"{stage} {n}" for stage, n in stages_of(register, count)],
            *(count.severity.get(severity, 0) for severity in IN_ORDER),
            count.newly_red,
        )
        for register, count in summary.registers
    ]
    columns = tuple(Column(key, right=key not in {"register", "stages"}) for key in keys)
    return Listing(f"Summary on {summary.day.isoformat()}", columns, rows)


def stages_of(register: Register, count: Count) -> list[tuple[str, int]]:
    """Every stage of the register in its order, with the number of open cases in it."""
    names = dict.fromkeys(stage.name for stage in register.stages)
    return [(name, count.stages.get(name, 0)) for name in names]


def as_text(summary: Summary, typed: str) -> Iterator[str]:
    """The summary as a person reads it; `typed` is how a command on its register begins."""
    yield f"As at {in_words(summary.day)}"
    for register, count in summary.registers:
        yield ""
        yield heading(register, count)
        if count.open:
            yield from (f"  {line}" for line in _sums(register, count))
            yield f"  {newly_red(summary, count)}"
    yield ""
    yield from ending(summary, typed)


def ending(summary: Summary, typed: str) -> Iterator[str]:
    """What stands under the counts: the worst of them, and the commands to go on with."""
    yield from _worst(summary)
    yield ""
    yield from _next(summary, typed)


def sums(summary: Summary) -> Iterator[tuple[str, str]]:
    """The lines that add up, each with its register: by stage, then by severity."""
    for register, count in summary.registers:
        for line in _sums(register, count) if count.open else ():
            yield register.name, line


def _sums(register: Register, count: Count) -> Iterator[str]:
    yield _sum(stages_of(register, count), count.open)
    yield _sum([(s, count.severity.get(s, 0)) for s in SEVERITIES], count.open, every=True)


def heading(register: Register, count: Count) -> str:
    """What a register is, and how many cases and families are open on it."""
    families = f", {counted(count.families, 'family', 'families')}" if count.families else ""
    return f"{register.name}: {register.title}, {counted(count.open, 'open case')}{families}"


def newly_red(summary: Summary, count: Count) -> str:
    """How many cases are red that were not a week before."""
    return f"{count.newly_red} newly red since {in_words(summary.day - WEEK)}"


def _sum(parts: Sequence[tuple[str, int]], total: int, *, every: bool = False) -> str:
    return " + ".join(f"{n} {name}" for name, n in parts if n or every) + f" = {total}"


def _worst(summary: Summary) -> Iterator[str]:
    if not summary.worst:
        yield "Nothing is past its day."
        return
    yield "Furthest past the day:"
    for row in summary.worst:
        named = name_of(row["register"], row["child_id"], row["period"])
        due = date.fromisoformat(row["due_on"])
        whose = ", ".join(str(row[key]) for key in ("side", "worker", "team") if row[key])
        grey = " (GREY: not in the return)" if row["severity"] == "grey" else ""
        why = f" ({row['why']})" if row["why"] and not grey else ""
        yield f"  {named}: {row['title']}{why}, due {in_words(due)}, {counted(row['days_over'], 'day')} over{grey}"
        yield f"    whose move: {whose}" if whose else "    whose move: nobody is named"


def _next(summary: Summary, typed: str) -> Iterator[str]:
    yield "What next:"
    steps = []
    if summary.worst:
        first = summary.worst[0]
        child = f"{first['child_id']}" + (f"#{first['period']}" if first["period"] > 1 else "")
        steps.append((f"{typed} explain {first['register']} {child}", "how those days were counted"))
        steps.append((f"{typed} overdue", f"all {counted(summary.overdue, 'deadline')} past the day"))
    steps += [
        (f"{typed} due --within 14d", "what falls due in the next two weeks"),
        (f"{typed} gaps", "what is missing"),
    ]
    width = max(len(step) for step, _ in steps)
    for step, about in steps:
        yield f"  {step:<{width}}  {about}"
