"""Annex A, the lists of children that inspectors ask for: List 8 and List 10 found in a workbook, their rows read.

Names and places of sheets mislead (another inspection has an Annex A of its own): what decides is that the columns are
there. What the rows say of a child's life is in `annex_a_lives`.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from cictrack.readers import cells
from cictrack.readers.annex_a_columns import CHILD, LISTS, ListOf, columns_of, folded, twice
from cictrack.readers.contents import content_of
from cictrack.readers.refusals import Refusal, Unreadable
from cictrack.readers.rows import Read, Row
from cictrack.readers.workbooks import Sheet, read_workbook

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

HEADER_ROWS = 10
"""A header stands below a title or two, never deeper."""
SHEETS = 11
"""The lists of Annex A; what stands beside them stands before them."""
NAMED_SHEETS, NAMED_HEADERS = 5, 3
"""How many are named of a workbook that holds neither list."""
ENOUGH_MONTH_FIRST = 3
"""So many days that can only be month first, and none that can only be day first, condemn the ambiguous ones too."""


class _Found(NamedTuple):
    """A sheet that holds a list: its header's row, the first being 0, and where its columns stand."""

    of: ListOf
    sheet: Sheet
    header: int
    columns: Mapping[str, int]
    rank: int


def read_file(path: Path) -> list[Read]:
    """The lists in the workbook at `path`, each as if it were a file of its own; one refusal when there is none."""
    sha256 = ""
    try:
        sha256 = hashlib.sha256(content_of(path)).hexdigest()
        sheets = read_workbook(path)
        found = {of: _find(sheets, of) for of in LISTS}
    except Unreadable as why:
        return [_refused(LISTS[0], path.name, sha256, str(why))]
    reads = [_read(path.name, sha256, sheet) for sheet in found.values() if sheet]
    nearly = [(of, _nearly(sheets, of)) for of, sheet in found.items() if sheet is None]
    reads += [_refused(of, path.name, sha256, lacking) for of, lacking in nearly if lacking]
    return reads or [_refused(LISTS[0], path.name, sha256, _nothing(sheets))]


def _refused(of: ListOf, name: str, sha256: str, why: str, line: int = 1) -> Read:
    """A list, or a whole workbook, that cannot be used."""
    return Read(of.feed, name, sha256, "utf-8", "", (), 0, [Refusal(name, line, "", "", why)])


def _find(sheets: Sequence[Sheet], of: ListOf) -> _Found | None:
    """The sheet that holds a list: the one with its columns and, of several, the one with its name.

    Raises Unreadable when two are as good.
    """
    fits = [found for place, sheet in enumerate(sheets) if (found := _fits(sheet, of, place, len(sheets)))]
    best = [found for found in fits if found.rank == min(f.rank for f in fits)]
    if len(best) > 1:
        names = " and ".join(found.sheet.name for found in best)
        raise Unreadable(f"{of.title} could be {names}, which have the same columns: leave one")
    return best[0] if best else None


def _fits(sheet: Sheet, of: ListOf, place: int, sheets: int) -> _Found | None:
    for row, header in enumerate(sheet.rows[:HEADER_ROWS]):
        columns = columns_of(header, of)
        if all(column in columns for column in of.needed):
            return _Found(of, sheet, row, columns, _rank(sheet.name, of, place, sheets))
    return None


def _rank(name: str, of: ListOf, place: int, sheets: int) -> int:
    """How well a sheet's name and place fit: its number, its subject, its place among eleven, neither."""
    name = folded(name)
    if name == f"list{of.number}":
        return 0
    if name in of.subjects or name in {f"list{of.number}{subject}" for subject in of.subjects}:
        return 1
    return 2 if place in {of.number - 1, of.number - 1 + sheets - SHEETS} else 3


def _nearly(sheets: Sequence[Sheet], of: ListOf) -> str:
    """What the sheet lacks that is nearly the list; empty when none is near."""
    near: list[tuple[int, str]] = []
    for sheet in sheets:
        for header in sheet.rows[:HEADER_ROWS]:
            columns = columns_of(header, of)
            lacking = [column for column in of.needed if column not in columns]
            if len(lacking) * 2 <= len(of.needed) and CHILD in columns:
                why = f"{sheet.name} is nearly {of.title}, and lacks {', '.join(lacking)}: blank where there is none"
                near.append((len(lacking), why))
    return min(near)[1] if near else ""


def _nothing(sheets: Sequence[Sheet]) -> str:
    """What was found instead of the lists."""
    named = "; ".join(f"{sheet.name} ({', '.join(_headers(sheet))})" for sheet in sheets[:NAMED_SHEETS])
    more = f" and {len(sheets) - NAMED_SHEETS} more" if len(sheets) > NAMED_SHEETS else ""
    return f"neither List 8 nor List 10 of Annex A is among its sheets: {named or 'there is none'}{more}"


def _headers(sheet: Sheet) -> list[str]:
    """What a sheet's first row names, shortened."""
    filled = next((row for row in sheet.rows if any(map(cells.trimmed, row))), ())
    named = [" ".join(cell.split())[:40] for cell in filled if cell.strip()]
    return [*named[:NAMED_HEADERS], "..."] if len(named) > NAMED_HEADERS else named or ["empty"]


def _read(file: str, sha256: str, found: _Found) -> Read:
    of, name = found.of, f"{file} {found.sheet.name}"
    header = found.sheet.rows[found.header]
    if doubled := twice(header, of):
        why = f"the header names {', '.join(doubled)} twice, and which one counts cannot be told"
        return _refused(of, name, sha256, why, found.header + 1)
    reader = _Rows(name, found, header)
    rows: list[Row] = []
    refused: list[Refusal] = []
    not_used = 0
    for line, row in enumerate(found.sheet.rows[found.header + 1 :], found.header + 2):
        if any(map(cells.trimmed, (row[place] for place in found.columns.values() if place < len(row)))):
            read = reader.row(line, row)
            if isinstance(read, Row):
                rows.append(read)
            else:
                refused.append(read)
        elif any(map(cells.trimmed, row)):
            not_used += 1
    return Read(of.feed, name, sha256, "utf-8", of.title, rows, not_used, refused)


class _Rows:
    """The rows of one list: each read or refused, under the headers that the sheet has."""

    def __init__(self, name: str, found: _Found, header: Sequence[str]) -> None:
        self._name = name
        self._of = found.of
        self._columns = found.columns
        named = [" ".join(cell.split()) or "column" for cell in header]
        # Two of one name are told apart, so that a row is handed back whole.
        self._headers = [h if named.count(h) == 1 else f"{h} {n}" for n, h in enumerate(named, 1)]
        places = [found.columns[column] for column in found.of.all_days if column in found.columns]
        texts = [row[p].strip() for row in found.sheet.rows[found.header + 1 :] for p in places if p < len(row)]
        orders = [cells.order_of_day(text) for text in texts]
        self._doubtful = orders.count(-1) >= ENOUGH_MONTH_FIRST and 1 not in orders

    def row(self, line: int, row: Sequence[str]) -> Row | Refusal:
        by_header = dict(zip(self._headers, row, strict=False))
        texts = {column: _text(row, place) for column, place in self._columns.items()}
        column = CHILD
        try:
            if cells.unprintable("".join(row)):
                raise Unreadable("the row holds control characters")  # noqa: TRY301 - as what the cells raise
            child = cells.child_id(texts[CHILD])
            days: dict[str, date | None] = {}
            for column in (c for c in self._of.all_days if c in texts):
                days[column] = self._day(texts[column])
                if column == self._of.starts and days[column] is None:
                    raise Unreadable("it is blank, and without it the row says nothing")  # noqa: TRY301 - as the cells
        except Unreadable as why:
            at = self._columns[column]
            value = row[at].strip() if at < len(row) else ""
            return Refusal(self._name, line, self._headers[at], value, str(why), by_header)
        return Row(self._of.title, self._name, line, child, days, texts, by_header)

    def _day(self, text: str) -> date | None:
        if self._doubtful and cells.could_be_either(text):
            raise Unreadable("the sheet writes the month first, so this could be two days: say the day first")
        return cells.spreadsheet_day(text)


def _text(row: Sequence[str], place: int) -> str:
    return cells.trimmed(" ".join(row[place].split())) if place < len(row) else ""


def header_of(row: Row, of: ListOf, column: str) -> str:
    """What the row's sheet calls a column."""
    headers = list(row.cells)
    place = columns_of(headers, of).get(column)
    return column if place is None else headers[place]
