"""A register's page for one reviewing officer: a block for each of their children, and measures counted beside them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from cictrack.pathway.clocks import spoken
from cictrack.pathway.escalations import escalation_clocks, stage_in_words
from cictrack.pathway.measures import Period, figure
from cictrack.render.blocks import Block
from cictrack.reports import pages
from cictrack.reports.position import ChildrenOn
from cictrack.reports.words import counted, in_words
from cictrack.store.cases import cases
from cictrack.store.escalations import escalations
from cictrack.store.lists import deadlines
from cictrack.store.measured import in_care
from cictrack.store.named import name_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence

    from cictrack.pathway.declare import Register
    from cictrack.pathway.measures import Figure, Measure
    from cictrack.pathway.officers import OfficersPage
    from cictrack.store.filters import Filters
    from cictrack.store.lists import Rows

AHEAD = timedelta(days=28)
"""How far ahead what falls due is named; what lies beyond is counted."""

BETWEEN = "; "
NO_CARE = "no care on record"


class Page(NamedTuple):
    """The page: its title, how it is to be read, the blocks, the cases it shows, and how many of how many they are."""

    title: str
    caution: str
    blocks: Sequence[Block]
    rows: Rows
    footer: str


def officers_page(
    db: sqlite3.Connection, register: Register, declared: OfficersPage, day: date, filters: Filters, *, names: bool
) -> Page:
    """The children of the officer that `filters` name who are on the register, the worst level first, then severity.

    The measures are over all children with an open case of the officer, on whichever register.
    """
    made = _Making(db, register, declared, day)
    found = pages.page(db, register, day, filters, names=names, children=made.children)
    held = sorted((dict(zip(found.columns, row, strict=True)) for row in found.rows), key=_has_closed)
    children = counted(len({row["child_id"] for row in held}), "child", "children")
    officer = ", ".join(filters.iro)
    return Page(
        f"{register.title}, {officer}: {in_words(day)}",
        declared.caution(made.children.settings, day),
        [*(made.block(row) for row in held), *(() if held else (Block("No case to show."),)), *made.measures(filters)],
        found,
        f"{len(found.rows):,} of {found.of:,} shown: {children}",
    )


def _has_closed(row: Mapping[str, Any]) -> bool:
    return row["closed_on"] is not None


def _by_child(found: Rows) -> dict[str, list[dict[str, Any]]]:
    of_child: dict[str, list[dict[str, Any]]] = {}
    for row in found.rows:
        held = dict(zip(found.columns, row, strict=True))
        of_child.setdefault(held["child_id"], []).append(held)
    return of_child


class _Making:
    """A page in the making."""

    def __init__(self, db: sqlite3.Connection, register: Register, declared: OfficersPage, day: date) -> None:
        self.children = ChildrenOn(db, day)
        self._db, self._register, self._declared, self._day = db, register, declared, day
        self._raised = _by_child(escalations(db, day))

    def block(self, row: Mapping[str, Any]) -> Block:
        """A child of the page: what the register says of the case, then what every register knows."""
        register, declared, day, child_id = self._register, self._declared, self._day, row["child_id"]
        case = self.children.case(register, child_id, row["period"]).evaluation.case
        own = self._open(child_id, row["period"])
        parts = (
            ("Overdue", BETWEEN.join(_late(own, day))),
            ("Due", BETWEEN.join(_due(own, day)) or "nothing more"),
            ("Drifting", BETWEEN.join(r["why"] for r in own if r["kind"] == "drift")),
            *(("Escalated", _escalated(one, register.name, day)) for one in self._raised.get(child_id, ())),
        )
        lines = [*declared.lines(case, self.children[child_id].record, day), *(part for part in parts if part[1])]
        return Block(" · ".join(_heading(declared.heading(case, day), row)), lines)

    def _open(self, child_id: str, period: int) -> list[dict[str, Any]]:
        """What is open on the case; its escalation is told by itself."""
        rows = deadlines(self._db, self._day, "open", child_id=child_id)
        held = [dict(zip(rows.columns, row, strict=True)) for row in rows.rows]
        name = self._register.name
        apart = {clock.name for clock in escalation_clocks(name)}
        return [r for r in held if (r["register"], r["period"]) == (name, period) and r["rule"] not in apart]

    def measures(self, filters: Filters) -> Iterator[Block]:
        """Each measure over all children with an open case of the officer."""
        wider = filters._replace(register=(), stage=(), severity=(), authority=(), closed_too=False)
        rows = cases(self._db, self._day, wider)
        at = rows.columns.index("child_id")
        children = {row[at] for row in rows.rows}
        if not children or not self._declared.measures:
            return
        of_all, officer = counted(len(children), "child", "children"), ", ".join(filters.iro)
        yield Block(f"Stability, from the children's own record: {of_all} with an open case of {officer}")
        now = Period(self._day, self._day, self._day)
        things = [child for _, child in in_care(self._db, now, wider)]
        without = sorted(children - {child.name for child in things})
        for measure in self._declared.measures:
            yield _measured(measure, figure(measure, things, now), without)


def _heading(level: str, row: Mapping[str, Any]) -> Iterator[str]:
    number = f"#{row['period']}" if row["period"] > 1 else ""
    yield f"{row['child_id']}{number}" + (f" {row['name']}" if row.get("name") else "")
    if row["closed_on"]:
        yield f"closed {spoken(date.fromisoformat(row['closed_on']))} as {row['outcome']}"
    else:
        yield level
        yield f"deadlines {row['severity']}"
        yield str(row["stage"])
    whose = ", ".join(filter(None, (row["worker"], row["team"])))
    if whose:
        yield whose


def _late(own: Sequence[Mapping[str, Any]], day: date) -> Iterator[str]:
    """What is past its day, the furthest first."""
    for row, due in _deadlines(own):
        if due < day:
            over = counted((day - due).days, "day")
            past = over if row["severity"] == "red" else f"{over}, {row['severity']}: {row['why']}"
            excepted = f", {row['exception']} until {_spoken(row['exception_until'])}" if row["exception"] else ""
            yield f"{_what(row)} {spoken(due)} ({past}{excepted})"


def _due(own: Sequence[Mapping[str, Any]], day: date) -> Iterator[str]:
    """What falls due in the next four weeks; what comes later as a number, the first of it named."""
    later = [f"{_what(row)} {spoken(due)}" for row, due in _deadlines(own) if due > day + AHEAD]
    yield from (f"{_what(row)} {spoken(due)}" for row, due in _deadlines(own) if day <= due <= day + AHEAD)
    if later:
        yield later[0] if len(later) == 1 else f"{len(later)} more from {later[0]}"


def _deadlines(own: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], date]]:
    rows = [(row, date.fromisoformat(row["due_on"])) for row in own if row["kind"] != "drift"]
    return sorted(rows, key=lambda pair: (pair[1], pair[0]["rule"]))


def _what(row: Mapping[str, Any]) -> str:
    return f"{row['title']}: {row['why']}" if row["kind"] == "task" else str(row["title"])


def _escalated(one: Mapping[str, Any], register: str, day: date) -> str:
    where = "" if one["register"] == register else f" ({name_of(one['register'], one['child_id'], one['period'])})"
    said = f"{stage_in_words(one['stage'])} to {one['to']}{where}, {_spoken(one['raised_on'])}: {one['reason']}; "
    if one["answered_on"]:
        said += f"answered {_spoken(one['answered_on'])}, {one['outcome']}"
    else:
        late = f" ({counted(one['days_over'], 'day')} over)" if one["days_over"] > 0 else ""
        said += f"answer {'was ' if late else ''}due {_spoken(one['answer_due_on'])}{late}"
    if one["whole_due_on"]:
        past = one["whole_due_on"] < day.isoformat()
        said += f"; the whole {'was to end' if past else 'is to end'} by {_spoken(one['whole_due_on'])}"
    return said


def _spoken(day: str) -> str:
    return spoken(date.fromisoformat(day))


def _measured(measure: Measure, found: Figure, without: Sequence[str]) -> Block:
    share = f" ({found.value:g}{measure.unit})" if found.value is not None else ""
    why: dict[str, list[str]] = {}
    for child_id, reason in [*(found.excluded or ()), *((child_id, NO_CARE) for child_id in without)]:
        why.setdefault(reason, []).append(child_id)
    missing = "; ".join(f"{', '.join(of)}: {reason}" for reason, of in why.items())
    lines = [("", measure.definition)]
    lines += [("", f"Not counted, {missing}.")] if missing else []
    return Block(f"{measure.title}: {found.numerator} of {found.denominator}{share}", lines)
