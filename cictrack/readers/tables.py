"""A csv file exactly as it stands: nothing dropped, nothing guessed; what is not exact is refused with its line.

Each line of the file is a row, as a return has it: a cell that goes on over several lines is refused as
an open quote, so that a stray quote costs its own line and never swallows those after it.
"""

from __future__ import annotations

import csv
import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple

from cictrack.readers.cells import unprintable
from cictrack.readers.contents import content_of
from cictrack.readers.refusals import Refusal, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

HEADER = 1
LONGEST = 10_000
"""Characters in a row: no row of a return comes near it, and a quote that swallows lines soon passes it."""


class Line(NamedTuple):
    """A row: its line in the file, and its cells untouched, by column."""

    row: int
    cells: Mapping[str, str]


class Table(NamedTuple):
    """A file that was read: `columns` trimmed and in capitals, in the file's order; empty when it was refused whole."""

    file: str
    sha256: str
    encoding: str
    columns: tuple[str, ...]
    lines: list[Line]
    refused: list[Refusal]


def read_table(path: Path, name: str) -> Table:
    """Read the csv at `path`, called `name` in refusals. UTF-8 with or without a mark, else Windows-1252."""
    sha256, encoding = "", "utf-8"
    try:
        content = content_of(path)
        sha256 = hashlib.sha256(content).hexdigest()
        text, encoding = _decoded(content)
        lines = re.split(r"\r\n|\n|\r", text)
        columns = _columns(lines[0])
    except Unreadable as why:
        return Table(name, sha256, encoding, (), [], [Refusal(name, HEADER, "", "", str(why))])
    read: list[Line] = []
    refused: list[Refusal] = []
    for line in _lines(lines, columns, name):
        if isinstance(line, Line):
            read.append(line)
        else:
            refused.append(line)
    return Table(name, sha256, encoding, tuple(filter(None, columns)), read, refused)


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:2]:
        raise Unreadable("the file is UTF-16 text: save it as CSV UTF-8")
    if content.startswith(b"PK\x03\x04"):
        raise Unreadable("the file is a workbook, not a csv: save it as CSV UTF-8")
    if not content.strip():
        raise Unreadable("the file is empty")
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        raise Unreadable("the file is text neither in UTF-8 nor in Windows-1252: save it as CSV UTF-8") from None


def _columns(header: str) -> list[str]:
    columns = [cell.strip().upper() for cell in _split(header)]
    if len(columns) == 1 and any(mark in header for mark in ";\t|"):
        raise Unreadable("the cells are not separated by commas: save it as CSV UTF-8 (comma delimited)")
    if unprintable("".join(columns)):
        raise Unreadable("the header holds control characters")
    named = [column for column in columns if column]
    twice = sorted({column for column in named if named.count(column) > 1})
    if twice:
        raise Unreadable(f"the header names {', '.join(twice)} twice, and which one counts cannot be told")
    return columns


def _split(line: str) -> list[str]:
    if '"' not in line:
        return line.split(",")
    try:
        return next(csv.reader([line], strict=True))
    except csv.Error:
        raise Unreadable("a quote is opened and not closed on this line, or closed in the middle of a cell") from None


def _lines(lines: list[str], columns: list[str], name: str) -> Iterator[Line | Refusal]:
    for row, line in enumerate(lines[1:], HEADER + 1):
        if not line.strip(" ,\t"):
            continue
        try:
            cells = _cells(line, columns)
        except Unreadable as why:
            yield Refusal(name, row, "", line[:80], str(why), {"": line})
            continue
        yield Line(row, cells)


def _cells(line: str, columns: list[str]) -> dict[str, str]:
    if len(line) > LONGEST:
        raise Unreadable(f"the row is longer than {LONGEST:,} characters")
    if unprintable(line):
        raise Unreadable("the row holds control characters")
    cells = _split(line)
    if len(cells) != len(columns):
        how = "more" if len(cells) > len(columns) else "fewer"
        raise Unreadable(f"the row has {how} cells ({len(cells)}) than the header has columns ({len(columns)})")
    if any(cell.strip() for column, cell in zip(columns, cells, strict=True) if not column):
        raise Unreadable("the row has a cell under no column")
    return {column: cell for column, cell in zip(columns, cells, strict=True) if column}
