"""What is returned: the rows of the tables that registers declare, and which national rules a row does not keep."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from cictrack.pathway.child import evaluate_child
from cictrack.pathway.exports import OneChild
from cictrack.registers import registers
from cictrack.render.listing import Column, Listing
from cictrack.reports.position import as_at
from cictrack.reports.words import counted
from cictrack.store.events import events_of, settings_of
from cictrack.store.returned import children_with_a_case

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from cictrack.pathway.exports import Asked, Export


class Broken(NamedTuple):
    """A national rule that a row does not keep: its code, what the row says, what the rule asks for."""

    code: str
    says: str
    asks: str


class Row(NamedTuple):
    """A row of a table: each cell a day, a number, a text, or None where the register does not know."""

    child_id: str
    cells: tuple[object, ...]
    broken: tuple[Broken, ...]


class Table(NamedTuple):
    """The rows of one table, by child and by the day the case opened."""

    export: Export
    rows: list[Row]

    @property
    def failing(self) -> list[Row]:
        """The rows that break a national rule; they are returned like the others."""
        return [row for row in self.rows if row.broken]

    def without(self, codes: Sequence[str]) -> Table:
        """The table without the rows that break one of these rules."""
        return Table(self.export, [row for row in self.rows if not any(b.code in codes for b in row.broken)])


def tables(goes_to: str) -> dict[str, tuple[str, Export]]:
    """The tables that registers declare for a return, by name, each with its register's name."""
    return {
        name: (register.name, export)
        for register in registers().values()
        for name, export in register.exports.items()
        if export.goes_to == goes_to
    }


def table(db: sqlite3.Connection, register: str, export: Export, asked: Asked) -> Table:
    """Every row of a table, those that break a national rule among them."""
    rows = []
    whose = [column.name for column in export.columns].index(export.whose)
    for child in _children(db, register, export, asked):
        for told in export.rows(child):
            cells = tuple(_known(column.value(told)) if column.value else None for column in export.columns)
            rows.append(Row(str(cells[whose]), cells, _broken(export, cells, asked)))
    return Table(export, rows)


def _children(db: sqlite3.Connection, register: str, export: Export, asked: Asked) -> Iterator[OneChild]:
    declared, settings = registers(), settings_of(db)
    for child_id in children_with_a_case(db, register, asked.since, asked.until, export.kinds):
        events = as_at(events_of(db, child_id), asked.until)
        yield OneChild(child_id, register, evaluate_child(declared, events, settings), asked)


def _known(value: object) -> object:
    return None if value == "" else value


def _broken(export: Export, cells: Sequence[object], asked: Asked) -> tuple[Broken, ...]:
    named: dict[str, Any] = {column.name: cell for column, cell in zip(export.columns, cells, strict=True)}
    found = []
    for check in export.checks:
        if not check.kept(named, asked):
            says = ", ".join(f"{name} {'blank' if named[name] is None else named[name]}" for name in check.about)
            found.append(Broken(check.code, says, check.says))
    return tuple(found)


def listing(found: Table, *, day_first: bool) -> Listing:
    """The table as a list, its days as text: DD/MM/YYYY, or ISO."""
    columns = tuple(Column(column.name) for column in found.export.columns)
    rows = [tuple(_text(cell, day_first=day_first) for cell in row.cells) for row in found.rows]
    return Listing(found.export.name, columns, rows)


def _text(cell: object, *, day_first: bool) -> object:
    if not isinstance(cell, date):
        return cell
    return f"{cell.day:02}/{cell.month:02}/{cell.year:04}" if day_first else cell.isoformat()


def said_of(found: Table) -> list[str]:
    """What is said of the rules: how many rows break one, how often each is broken, then each row and its rules."""
    rows = counted(len(found.rows), "row")
    if not found.export.checks:
        return [f"{rows}."]
    if not found.failing:
        return [f"{rows}: every national rule known is kept."]
    every = Counter((broken.code, broken.asks) for row in found.failing for broken in row.broken)
    return [
        f"{rows}, all written; national rules broken in {len(found.failing):,} of them:",
        *(f"{code}, {counted(n, 'row')}: {asks}" for (code, asks), n in sorted(every.items())),
        *(f"{row.child_id}: " + "; ".join(f"{b.code} {b.says}" for b in row.broken) for row in found.failing),
    ]
