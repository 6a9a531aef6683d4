"""How large the sheets of a workbook are, found by looking through them before memory is asked for.

A sheet is read into a rectangle that reaches to its last filled cell, so that two cells can ask for seventeen
thousand million; and each cell gets a copy of its text, so that one long text can be asked for a million times.
"""

from __future__ import annotations

import re
from array import array
from typing import TYPE_CHECKING
from xml.parsers import expat

from cictrack.readers.archives import COPY, DAMAGED, MEGABYTE
from cictrack.readers.refusals import Unreadable
from cictrack.whole import whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cictrack.readers.archives import Archive

MOST_CELLS = 4_000_000
"""In all sheets together, each counted to its last filled cell: a hundred thousand rows of forty columns."""
MOST_TEXT = 100 * MEGABYTE
"""Characters in all cells together."""
MOST_TEXTS = 2_000_000
"""That cells share."""
LONGEST = MEGABYTE
"""Bytes of one text and its marks; Excel keeps 32,767 characters in a cell."""

_START = re.compile(rb"<(?:\w{1,20}:)?(row|c)(?=[\s/>])([^<>]*)>")
_REFERENCE = re.compile(rb"\sr=[\"']([A-Za-z]{0,3})(\d{1,7})[\"']")
_SHARED = re.compile(rb"\st=[\"']s[\"'][^<>]*>\s*<(?:\w{1,20}:)?v>(\d{1,9})<")
_TEXT_ENDS = re.compile(rb"</(?:\w{1,20}:)?si\s*>|<(?:\w{1,20}:)?si\s*/>")
_EXCEL_TEXTS = re.compile(r"/?xl/sharedstrings\.xml", re.IGNORECASE)

_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_CELLS = {_TABLE + "table-cell", _TABLE + "covered-table-cell"}


class Extent:
    """The cells and characters of all sheets seen so far. Raises Unreadable as soon as they are too many."""

    def __init__(self) -> None:
        self.cells = 0
        self._characters = 0

    def add(self, rows: int, columns: int) -> None:
        """A sheet, or some rows of it, as far as the last filled cell."""
        self.cells += rows * columns
        if self.cells > MOST_CELLS:
            raise Unreadable(
                f"the workbook has more than {MOST_CELLS:,} cells, counted to the last filled one of each sheet"
                f" (here row {rows:,}, column {columns:,}): {COPY}"
            )

    def write(self, characters: int) -> None:
        """Characters that stand in cells."""
        self._characters += characters
        if self._characters > MOST_TEXT:
            raise Unreadable(
                f"the cells of the workbook hold more than {MOST_TEXT // MEGABYTE} million characters: {COPY}"
            )


def check_excel(archive: Archive) -> None:
    """Look through an xlsx. Raises Unreadable when its sheets are too large, or a part is damaged.

    Any part may be named as a sheet, so that all are looked through as if they were.
    """
    extent = Extent()
    lengths = array("I")
    for name in archive.names:
        if _EXCEL_TEXTS.fullmatch(name):
            for length in _lengths(archive.pieces(name)):
                lengths.append(length)
                if len(lengths) > MOST_TEXTS:
                    raise Unreadable(f"the workbook has more than {MOST_TEXTS:,} different texts: {COPY}")
        else:
            extent.add(*_last_filled(archive.pieces(name), strict=not name.startswith("xl/media/")))
    if max(lengths, default=0) * extent.cells > MOST_TEXT:
        for name in archive.names:
            for piece in archive.pieces(name):
                extent.write(sum(lengths[int(n)] for n in _SHARED.findall(piece) if int(n) < len(lengths)))


def _last_filled(pieces: Iterable[bytes], *, strict: bool) -> tuple[int, int]:
    """The last row and the last column in which a cell of an Excel sheet is filled; a cell may not say its place."""
    row = column = last_row = last_column = 0
    for tag, attributes in _tags(pieces, strict=strict):
        place = _REFERENCE.search(attributes)
        if tag == b"row":
            row, column = (int(place[2]) if place else row + 1), 0
            continue
        column = _column(place[1]) if place and place[1] else column + 1
        row = int(place[2]) if place else row
        if not attributes.endswith(b"/"):
            last_row, last_column = max(last_row, row), max(last_column, column)
    return last_row, last_column


def _tags(pieces: Iterable[bytes], *, strict: bool) -> Iterator[tuple[bytes, bytes]]:
    """The tags that begin a row or a cell, and what stands in them. A tag holds no `<` but its own."""
    rest = b""
    for piece in pieces:
        text = rest + piece
        at = text.rfind(b"<")
        if strict and len(text) - at > LONGEST:
            raise Unreadable(DAMAGED)
        rest = text[at:] if at >= 0 and len(text) - at <= LONGEST else b""
        yield from _START.findall(text[: len(text) - len(rest)])
    yield from _START.findall(rest)


_numbers: dict[bytes, int] = {}


def _column(letters: bytes) -> int:
    """The number of a column by its letters: A is 1."""
    number = _numbers.get(letters)
    if number is None:
        number = 0
        for letter in letters.upper():
            number = number * 26 + letter - 64
        _numbers[letters] = number
    return number


def _lengths(pieces: Iterable[bytes]) -> Iterator[int]:
    """The length of each text that cells share, its marks included."""
    rest = b""
    for piece in pieces:
        *whole, rest = _TEXT_ENDS.split(rest + piece)
        yield from map(len, whole)
        if len(rest) > LONGEST:
            raise Unreadable("a cell of the workbook holds more text than a spreadsheet can keep")


def check_open_document(archive: Archive) -> None:
    """Look through an ods: what is written once and repeated counts as often. Raises Unreadable."""
    for name in archive.names:
        if name == "content.xml":
            _OpenDocument().read(archive.pieces(name))
        else:
            for _ in archive.pieces(name):
                pass


class _OpenDocument:
    """The rows of an ods as a parser meets them: how far each is filled, and how often it stands there."""

    def __init__(self) -> None:
        self._extent = Extent()
        self._row = self._rows = self._column = self._columns = 0
        self._last_row = self._last_column = 0
        self._cell = 0
        self._text = 0

    def read(self, pieces: Iterable[bytes]) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            for piece in pieces:
                parser.Parse(piece, False)
            parser.Parse(b"", True)
        except expat.ExpatError:
            raise Unreadable(DAMAGED) from None

    def _doctype(self, *_: object) -> None:
        raise Unreadable(DAMAGED)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name in _CELLS:
            self._cell = _times(attributes, "number-columns-repeated")
            self._column += self._cell
            if _OFFICE + "value-type" in attributes:
                self._columns = self._column
        elif name == _TABLE + "table-row":
            self._rows = _times(attributes, "number-rows-repeated")
            self._column = self._columns = self._text = 0

    def _characters(self, text: str) -> None:
        self._text += len(text) * self._cell

    def _end(self, name: str) -> None:
        if name in _CELLS:
            self._cell = 0
        elif name == _TABLE + "table-row":
            self._row += self._rows
            if self._columns:
                self._last_row, self._last_column = self._row, max(self._last_column, self._columns)
                self._extent.write(self._text * self._rows)
                Extent().add(self._last_row, self._last_column)
        elif name == _TABLE + "table":
            self._extent.add(self._last_row, self._last_column)
            self._row = self._last_row = self._last_column = 0


def _times(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(_TABLE + name, "1")
    number = whole(text)
    if number is None:
        raise Unreadable(DAMAGED)
    return number
