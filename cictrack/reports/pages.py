"""A register's own page: its cases with the columns that it declares; and the children who might belong on it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from cictrack.pathway.events import CHILD
from cictrack.render.listing import Listing
from cictrack.reports.listings import FIRST, SHOWN, columns_of
from cictrack.reports.position import ChildrenOn, as_at
from cictrack.reports.words import counted
from cictrack.store.cases import CASE, cases
from cictrack.store.events import events_of
from cictrack.store.lists import Rows
from cictrack.store.shorter import child, children_with

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from cictrack.pathway.declare import Register
    from cictrack.pathway.page import Candidates
    from cictrack.store.filters import Filters


def page(
    db: sqlite3.Connection,
    register: Register,
    day: date,
    filters: Filters,
    *,
    names: bool,
    children: ChildrenOn | None = None,
) -> Rows:
    """The register's cases on `day`: the columns of every page, then those it declares, in the order it declares.

    Its own columns are read off the case as the events dated on or before the day make it; `children` are on that day.
    """
    found = cases(db, day, filters._replace(register=(register.name,)), names=names)
    own = [column for column in register.page if column.key not in CASE]
    held = children or ChildrenOn(db, day)
    columns = (*found.columns, *(column.key for column in own))
    child_id, period = found.columns.index("child_id"), found.columns.index("period")
    rows = []
    for row in found.rows:
        case = held.case(register, row[child_id], row[period]).evaluation.case
        rows.append((*row, *(_cell(column.value(case, day)) for column in own)))
    if register.page_order is not None:
        order = register.page_order
        rows.sort(key=lambda row: order(dict(zip(columns, row, strict=True))))
    return Rows(columns, rows, found.of)


def _cell(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def as_listing(register: Register, day: date, found: Rows, notes: Sequence[str] = ()) -> Listing:
    """The page as a list; its footer counts children, and families where any case has a family key."""
    shown = (*SHOWN["cases"], *(column.key for column in register.page))
    columns = columns_of(found.columns, shown, found.rows)
    family, child_id = found.columns.index("family"), found.columns.index("child_id")
    families = len({row[family] for row in found.rows if row[family]})
    children = counted(len({row[child_id] for row in found.rows}), "child", "children")
    with_families = f", {counted(families, 'family', 'families')}" if families else ""
    footer = f"{len(found.rows):,} of {found.of:,} shown: {children}{with_families}"
    title = f"{register.title} on {day.isoformat()}"
    open_one = register.examples.get("open", f"cictrack {register.name} open CHILD --on DAY")
    first = (*FIRST["cases"], *(column.key for column in register.page))
    return Listing(title, columns, found.rows, footer, f"No case to show. Open one: {open_one}", tuple(notes), first)


def candidates(db: sqlite3.Connection, register: Register, wanted: Candidates, day: date, *, names: bool) -> Rows:
    """The children who are not on the register on `day` and whose own record speaks of it: nobody is flagged."""
    since = day - timedelta(days=wanted.days)
    rows = []
    for child_id in children_with(db, wanted.kinds, register.name, since, day):
        record = [event for event in as_at(events_of(db, child_id), day) if event.register == CHILD]
        told = wanted.row(sorted(record, key=lambda event: (event.day, event.line)), day)
        if told is not None:
            rows.append((child_id, *((child(db, child_id) or (None,) * 3)[2:3] if names else ()), *told))
    columns = ("child_id", *(("name",) if names else ()), *wanted.columns)
    return Rows(columns, rows, len(rows))
