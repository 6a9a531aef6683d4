"""A csv as a spreadsheet reads it: any delimiter, any usual encoding, cells of several lines; nothing swallowed.

A quote that is opened and never closed costs its own line: what stands after it is read as rows again.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from cictrack.readers.refusals import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

DELIMITERS = (",", ";", "\t", "|")
MOST_LINES = 200
"""Lines in one cell and its row: a note has a few, and a quote that was never closed soon passes it."""
LONGEST = 40_000
"""Characters in a cell; Excel keeps 32,767."""
FEW = 4
"""Columns: in a narrower table a line of a note may well have as many commas as a row."""
OPEN_QUOTE = "a quote is opened and not closed, or closed in the middle of a cell"

_DECLARED = "sep="
_HEAD = 400


class Grid(NamedTuple):
    """Rows of cells, the first being row 1. `broken` says by row what could not be told apart into cells.

    `exact`: a row has as many cells as there are columns, or is refused; those of a sheet may be shorter.
    """

    name: str
    rows: Sequence[tuple[str, ...]]
    broken: Mapping[int, str]
    exact: bool


def decoded(content: bytes) -> tuple[str, str]:
    """The text of a file and its encoding: UTF-8 or UTF-16 with a mark or without, else Windows-1252.

    Raises Unreadable for an empty file, and for what is no text.
    """
    if not content.strip(b"\0 \t\r\n"):
        raise Unreadable("the file is empty")
    if wide := _wide(content):
        return _exactly(content, wide), "utf-16"
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return _exactly(content, "cp1252"), "cp1252"


def _wide(content: bytes) -> str:
    """Which UTF-16 it is, if it is: by its mark, or by every other byte of its beginning being empty."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = content[:_HEAD]
    if head[1::2].count(0) * 2 > len(head[1::2]):
        return "utf-16-le"
    return "utf-16-be" if head[::2].count(0) * 2 > len(head[::2]) else ""


def _exactly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        known = "UTF-16" if encoding.startswith("utf-16") else "UTF-8 or Windows-1252"
        raise Unreadable(f"the file is no text in {known}: save it as CSV UTF-8") from None


def declared(text: str) -> tuple[str, str]:
    """The text without a first line `sep=;`, and the delimiter that the line names; empty where there is none."""
    line = text[: len(_DECLARED) + 1]
    if line[:-1].lower() == _DECLARED and line[-1:] in DELIMITERS:
        rest = text[len(line) :]
        if rest[:1] in {"\r", "\n"}:
            return rest.removeprefix("\r").removeprefix("\n"), line[-1]
    return text, ""


def separated(text: str, delimiter: str, most: int | None = None) -> Grid:
    """The rows of a csv, or the first `most` lines of it. A blank line is a row without cells."""
    lines = list(islice(io.StringIO(text, newline=""), most))
    csv.field_size_limit(LONGEST)
    texts: dict[str, str] = {}  # One copy of what many cells hold: days and teams come again and again.
    try:
        read = csv.reader(lines, delimiter=delimiter, strict=True)
        rows = [tuple([texts.setdefault(cell, cell) for cell in cells]) for cells in read]
    except csv.Error:
        return _line_by_line(lines, delimiter, _width(line.split(delimiter) for line in lines))
    width = _width(rows)
    if len(rows) < len(lines) and any(_swallows(cells, delimiter, width) for cells in rows):
        return _line_by_line(lines, delimiter, width)
    return Grid("", rows, {}, exact=True)


def _width(rows: Iterable[Sequence[str]]) -> int:
    """How many cells most rows have."""
    return max(Counter(map(len, rows)).items(), key=lambda of: (of[1], of[0]), default=(0, 0))[0]


def _swallows(cells: Sequence[str], delimiter: str, width: int) -> bool:
    """Whether a line in the middle of a cell is a row by its delimiters: then a stray quote has swallowed it."""
    if width <= FEW:
        return False
    within = (line for cell in cells if "\n" in cell for line in cell.split("\n")[1:])
    return any(line.count(delimiter) == width - 1 for line in within)


def _line_by_line(lines: Sequence[str], delimiter: str, width: int) -> Grid:
    """The rows where some line cannot be told apart into cells: each such line is a broken row of one cell."""
    rows: list[tuple[str, ...]] = []
    broken: dict[int, str] = {}
    at = 0
    while at < len(lines):
        reader = csv.reader(lines[at : at + MOST_LINES], delimiter=delimiter, strict=True)
        why = ""
        cells: tuple[str, ...] = ()
        try:
            cells = tuple(next(reader))
        except csv.Error as error:
            too_long = "field larger" in str(error)
            why = f"a cell is longer than {LONGEST:,} characters" if too_long else OPEN_QUOTE
        if not why and _swallows(cells, delimiter, width):
            why = OPEN_QUOTE
        if why:
            cells = (lines[at].rstrip("\r\n"),)
            broken[len(rows) + 1] = why
        rows.append(cells)
        at += 1 if why else reader.line_num
    return Grid("", rows, broken, exact=True)
