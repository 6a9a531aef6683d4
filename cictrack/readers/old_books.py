"""An old Excel file (xls) looked at before it is opened: how far its sheets reach.

Such a file is a small file system of sectors (MS-CFB); the workbook in it is a run of records, of which those of filled
cells begin with their row and column (MS-XLS 2.4).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from cictrack.readers.archives import DAMAGED
from cictrack.readers.extents import Extent
from cictrack.readers.refusals import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ENTRY = 128
_FIRST_SECTORS = 109
_LAST = 0xFFFFFFFA
"""Numbers from here on are no sectors: the end of a chain, or a free one."""
_NAMES = frozenset(name.encode("utf-16-le") for name in ("Workbook", "Book"))
_BEGIN = frozenset({0x0009, 0x0209, 0x0409, 0x0809})
# FORMULA, NUMBER, LABEL, BOOLERR, RK, LABELSST, RSTRING, MULRK, and the cells of the versions before 97
_CELLS = frozenset({0x06, 0x0206, 0x0406, 0x0203, 0x0204, 0x0205, 0x027E, 0xFD, 0xD6, 0xBD, 0x02, 0x03, 0x04, 0x05})
_SEVERAL = 0xBD
_DIMENSIONS, _TEXTS = 0x0200, 0xFC
_NEW_DIMENSIONS = 12
"""Bytes of the record since Excel 97; before, rows were numbers of two bytes."""
MOST_ROWS, MOST_COLUMNS = 65_536, 256
LEAST_TEXT = 3
"""Bytes of a text that is empty."""


def check_old_book(content: bytes) -> None:
    """Look through an xls. Raises Unreadable when its sheets are too large, or it is damaged."""
    try:
        records = _workbook(content)
        extent = Extent()
        for rows, columns in _extents(records):
            extent.add(rows, columns)
    except (struct.error, IndexError):
        raise Unreadable(DAMAGED) from None


def _extents(records: bytes) -> Iterator[tuple[int, int]]:
    """The last row and column of each sheet; where one begins within another (a chart), both count."""
    at = rows = columns = 0
    while at + 4 <= len(records):
        kind, length = struct.unpack_from("<HH", records, at)
        if kind in _BEGIN:
            yield rows, columns
            rows = columns = 0
        elif kind in _CELLS and length >= 6:  # noqa: PLR2004 - row, column and format
            row, column = struct.unpack_from("<HH", records, at + 4)
            if kind == _SEVERAL:
                (column,) = struct.unpack_from("<H", records, at + 4 + length - 2)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        elif kind in {_DIMENSIONS, _TEXTS}:
            _check_promise(kind, records[at + 4 : at + 4 + length], len(records))
        at += 4 + length
    yield rows, columns


def _check_promise(kind: int, data: bytes, size: int) -> None:
    """That a record promises no more rows, columns or texts than there can be: memory is asked for what it says."""
    if kind == _TEXTS:
        sound = struct.unpack_from("<I", data, 4)[0] * LEAST_TEXT <= size
    elif len(data) >= _NEW_DIMENSIONS:
        first, rows, left, columns = struct.unpack_from("<IIHH", data)
        sound = first <= rows <= MOST_ROWS and left <= columns <= MOST_COLUMNS
    else:
        first, rows, left, columns = struct.unpack_from("<4H", data)
        sound = first <= rows and left <= columns <= MOST_COLUMNS
    if not sound:
        raise Unreadable(DAMAGED)


def _workbook(content: bytes) -> bytes:
    """The stream of the workbook."""
    (shift, small_shift) = struct.unpack_from("<HH", content, 30)
    directory, _, cutoff, small_first = struct.unpack_from("<4I", content, 48)
    if shift not in {9, 12} or small_shift not in range(4, shift):
        raise Unreadable(DAMAGED)
    size = 1 << shift
    table = _table(content, size)
    entries = _chain(content, table, directory, size, size)
    root, found = b"", b""
    for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
        entry = entries[at : at + _ENTRY]
        name = entry[: max(int.from_bytes(entry[64:66], "little") - 2, 0)]
        root = entry if entry[66] == 5 else root  # noqa: PLR2004 - the kind of the root
        found = entry if name in _NAMES and not found else found
    if not found or not root:
        raise Unreadable(DAMAGED)
    first, length = struct.unpack_from("<II", found, 116)
    if length >= cutoff:
        return _chain(content, table, first, size, size)[:length]
    small = _chain(content, table, struct.unpack_from("<I", root, 116)[0], size, size)
    numbers = _chain(content, table, small_first, size, size)
    small_table = struct.unpack(f"<{len(numbers) // 4}I", numbers)
    return _chain(small, small_table, first, 1 << small_shift, 0)[:length]


def _table(content: bytes, size: int) -> Sequence[int]:
    """The allocation table: for each sector the one that follows it."""
    numbers = list(struct.unpack_from(f"<{_FIRST_SECTORS}I", content, 76))
    further, _ = struct.unpack_from("<II", content, 68)
    seen: set[int] = set()
    while further < _LAST and further not in seen:
        seen.add(further)
        more = struct.unpack_from(f"<{size // 4}I", content, (further + 1) * size)
        numbers += more[:-1]
        further = more[-1]
    sectors = (content[(n + 1) * size : (n + 2) * size] for n in numbers if n < _LAST)
    joined = b"".join(sectors)
    return struct.unpack(f"<{len(joined) // 4}I", joined[: len(joined) // 4 * 4])


def _chain(content: bytes, table: Sequence[int], first: int, size: int, base: int) -> bytes:
    """The sectors of `size` from `first` on, counted from `base`; a chain that bites its tail is damaged."""
    pieces: list[bytes] = []
    number = first
    while number < _LAST:
        if len(pieces) > len(table):
            raise Unreadable(DAMAGED)
        piece = content[base + number * size : base + (number + 1) * size]
        if len(piece) < size:
            raise Unreadable(DAMAGED)
        pieces.append(piece)
        number = table[number]
    return b"".join(pieces)
