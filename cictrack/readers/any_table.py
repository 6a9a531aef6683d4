"""Any table that a team has: a csv of whatever kind, or a sheet of a workbook; where its header is, and what it says.

Titles above the header, sheets beside it and columns that nobody knows are left, and said.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from cictrack.errors import Refused
from cictrack.readers import cells, delimited, workbooks
from cictrack.readers.columns import Column, Vocabulary, matched
from cictrack.readers.contents import content_of
from cictrack.readers.delimited import Grid
from cictrack.readers.headers import same_header
from cictrack.readers.refusals import KEYS, LINE, Unreadable
from cictrack.readers.targets import CHILD_ID

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


LOOKED_THROUGH = 20
"""Rows among which the header is looked for: titles and blank rows stand above it."""
SAMPLE = 50
_LETTERS = 26


class File(NamedTuple):
    """A file that was opened: its text as one grid, or its sheets as several."""

    name: str
    sha256: str
    encoding: str
    grids: Sequence[Grid]


class Table(NamedTuple):
    """The table of a file that an import takes: its grid, the row of its header (1 is the first), its columns.

    `nameless` are the letters of columns that have cells and no header; `others` the sheets that are not read and
    have children's ids too.
    """

    file: File
    grid: Grid
    header: int
    columns: Sequence[Column]
    nameless: Sequence[str]
    others: Sequence[str]

    @property
    def name(self) -> str:
        """What refusals and sources call it: the file, and its sheet where there are several."""
        return f"{self.file.name} {self.grid.name}" if len(self.file.grids) > 1 else self.file.name


def open_file(path: Path, words: Vocabulary) -> File:
    """Open a csv or a workbook. Raises Refused with one sentence when it is neither, or cannot be read."""
    try:
        content = content_of(path)
    except Unreadable as why:
        raise Refused(f"{path.name}: {why}.") from None
    sha256 = hashlib.sha256(content).hexdigest()
    is_one = workbooks.is_workbook(content[:8])
    misnamed = not is_one and path.name.lower().endswith(workbooks.ENDINGS)
    try:
        if is_one:
            del content
            sheets = [Grid(sheet.name, sheet.rows, {}, exact=False) for sheet in workbooks.read_workbook(path)]
            return File(path.name, sha256, "utf-8", sheets)
        text, encoding = delimited.decoded(content)
        del content
        text, delimiter = delimited.declared(text)
        grid = delimited.separated(text, delimiter or _delimiter(text, words))
    except Unreadable as why:
        raise Refused(f"{path.name}: {workbooks.NONE if misnamed else why}.") from None
    if misnamed and not any(_score(row, words) for row in _head(grid)):
        raise Refused(f"{path.name}: {workbooks.NONE}.")
    return File(path.name, sha256, encoding, [grid])


def _delimiter(text: str, words: Vocabulary) -> str:
    """The delimiter by which most headers mean something; where none does, that by which there are most cells."""

    def weight(delimiter: str) -> tuple[int, int]:
        head = delimited.separated(text, delimiter, LOOKED_THROUGH).rows
        return max((_score(row, words) for row in head), default=0), max(map(len, head), default=0)

    return max(delimited.DELIMITERS, key=weight)


def _score(row: Sequence[str], words: Vocabulary) -> int:
    """How many headers of a row mean something. Without the children's ids a row is hardly a header."""
    known = [header for cell in row if words.knows(header := _header(cell))]
    return len(known) * 2 + any(map(words.names_a_child, known)) if known else 0


def _header(cell: str) -> str:
    return " ".join(cells.trimmed(cell).split())


def choose_table(file: File, words: Vocabulary, sheet: str | None, *, need_children: bool = True) -> Table:
    """The sheet that was named, else the one with the most columns that mean something; and what its columns say.

    Raises Refused where there is no such sheet, no header, or no column of children's ids that is needed.
    """
    grid = _grid(file, words, sheet)
    header = _header_row(grid, words)
    if header is None:
        where = f"sheet {grid.name!r} of {file.name}" if grid.name else file.name
        raise Refused(f"There is no row in {where} that could be a header.")
    headers = [_header(cell) for cell in grid.rows[header - 1]]
    samples = _Samples(grid, header)
    handed_back = _handed_back(headers)
    columns = matched(["" if at in handed_back else name for at, name in enumerate(headers)], samples, words)
    nameless = [_letters(at) for at in sorted(samples.filled() - handed_back - {c.at for c in columns})]
    others = [other.name for other in file.grids if other is not grid and _has_children(other, words)]
    table = Table(file, grid, header, columns, nameless, others)
    if need_children:
        _refuse_without_children(table, words)
    return table


def _handed_back(headers: Sequence[str]) -> set[int]:
    """The columns of a list of rejects that tell why its rows were refused: they are no part of the team's table."""
    if (*headers[: len(KEYS)],) != KEYS:
        return set()
    return {*range(len(KEYS)), *(at for at, header in enumerate(headers) if header == LINE)}


def _grid(file: File, words: Vocabulary, sheet: str | None) -> Grid:
    if sheet is None:
        return max(file.grids, key=lambda grid: max((_score(row, words) for row in _head(grid)), default=0))
    found = [grid for grid in file.grids if grid.name and same_header(grid.name) == same_header(sheet)]
    if not found:
        names = ", ".join(grid.name for grid in file.grids if grid.name)
        has = f"It has: {names}." if names else "It is a csv, which has none: leave out --sheet."
        raise Refused(f"{file.name} has no sheet {sheet!r}. {has}")
    return found[0]


def _has_children(grid: Grid, words: Vocabulary) -> bool:
    """Whether there is a header with children's ids among what else is known, and anything below it."""
    head = _head(grid)
    best = max(range(len(head)), key=lambda n: _score(head[n], words), default=0)
    known = [header for cell in head[best] if words.knows(header := _header(cell))] if head else []
    return len(known) > 1 and any(map(words.names_a_child, known)) and len(grid.rows) > best + 1


def _head(grid: Grid) -> Sequence[tuple[str, ...]]:
    return grid.rows[:LOOKED_THROUGH]


def _header_row(grid: Grid, words: Vocabulary) -> int | None:
    """The row, of those at the top, in which most cells mean something, else the first that is filled at all."""
    scores = [(_score(row, words), -n) for n, row in enumerate(_head(grid), 1)]
    best, at = max(scores, default=(0, 0))
    if best:
        return -at
    return next((n for n, row in enumerate(_head(grid), 1) if any(map(_header, row))), None)


def _refuse_without_children(table: Table, words: Vocabulary) -> None:
    if any(column.target is not None and column.target.event == CHILD_ID for column in table.columns):
        return
    names = ", ".join(column.header for column in table.columns)
    doubtful = next((c.why for c in table.columns if words.names_a_child(c.header) and c.why), "")
    why = f"{doubtful}, and which one counts cannot be told" if doubtful else "no column of children's ids is known"
    raise Refused(
        f'{table.name}: {why}. Say which it is in a map: [columns], then "its header" = "child". It has: {names}.'
    )


class _Samples:
    """Some of the filled cells below the header, column by column, looked at when they are asked for."""

    def __init__(self, grid: Grid, header: int) -> None:
        self._rows = [row for n, row in enumerate(grid.rows[header:], header + 1) if n not in grid.broken]

    def __call__(self, at: int) -> list[str]:
        found = []
        for row in self._rows:
            if at < len(row) and (cell := cells.trimmed(row[at])):
                found.append(cell)
                if len(found) == SAMPLE:
                    break
        return found

    def filled(self) -> set[int]:
        """The columns with any cell filled, as far as the first rows show."""
        return {at for row in self._rows[: SAMPLE * LOOKED_THROUGH] for at, cell in enumerate(row) if cell.strip()}


def _letters(at: int) -> str:
    """A column as a spreadsheet calls it: 0 is A, 26 is AA."""
    return (_letters(at // _LETTERS - 1) if at >= _LETTERS else "") + chr(ord("A") + at % _LETTERS)


def read_map(path: Path) -> dict[str, str]:
    """A map from a TOML file: `[columns]`, and in it headers with what they say. Raises Refused."""
    import tomllib

    try:
        said = tomllib.loads(content_of(path).decode())
    except (ValueError, RecursionError, Unreadable) as wrong:
        raise Refused(f"{path.name} is no map in TOML: {wrong}.") from None
    columns = said.get("columns")
    if not isinstance(columns, dict) or not all(isinstance(target, str) for target in columns.values()):
        raise Refused(f'{path.name} has no [columns] with lines such as "LBP sent" = "letter".')
    if len({same_header(header) for header in columns}) < len(columns):
        raise Refused(f"{path.name} names a column twice.")
    return {str(header): str(target).strip() for header, target in columns.items()}


def map_of(columns: Sequence[Column]) -> str:
    """The map that says of these columns what they were read as, as TOML."""
    import tomli_w

    said: Mapping[str, str] = {column.header: str(column.target or "") for column in columns}
    return tomli_w.dumps({"columns": said})
