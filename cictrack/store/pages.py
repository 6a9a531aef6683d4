"""Reading the rows off a SQLite file's pages one by one, whatever else of it is damaged.

The file's own tree is not followed: each leaf page says what it holds, and one that cannot be read costs its own rows.
The format: https://www.sqlite.org/fileformat2.html, sections 1.3, 1.6 and 2.1.
"""

from __future__ import annotations

import mmap
from contextlib import closing
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    Value = None | int | str | bytes

TABLE_LEAF, INDEX_LEAF = 0x0D, 0x0A
USUAL_PAGE, SMALLEST_PAGE = 4096, 512
HEADER = 100
"""Bytes of the file's header, on the first page before its own."""

_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
"""How many bytes an integer of each serial type has."""
_FLOAT = 7
"""A register holds none; its eight bytes are passed over."""

_UNREADABLE = (IndexError, ValueError)


class Row(NamedTuple):
    """A row as it lies on a page: its rowid (None in a table without), and the values of its columns."""

    rowid: int | None
    values: Sequence[Value]


def rows(path: Path) -> Iterator[Row]:
    """Every row on every leaf page of the file, in the order of the pages, whichever table it is of."""
    if not path.stat().st_size:
        return
    with path.open("rb") as file, closing(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)) as data:
        pages = _Pages(data)
        for number in range(1, len(data) // pages.size + 2):
            yield from pages.rows(number)


class _Pages:
    """The pages of a file whose header may be damaged: then they have the usual size. None is reserved a part of."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        said = int.from_bytes(data[16:18])
        size = 65536 if said == 1 else said
        self.size = size if size >= SMALLEST_PAGE and not size & (size - 1) else USUAL_PAGE

    def rows(self, number: int) -> Iterator[Row]:
        page = self._page(number)
        at = HEADER if number == 1 else 0
        if len(page) <= at or page[at] not in {TABLE_LEAF, INDEX_LEAF}:
            return
        cells = int.from_bytes(page[at + 3 : at + 5])
        for place in range(min(cells, self.size // 4)):
            start = int.from_bytes(page[at + 8 + 2 * place :][:2])
            try:
                yield self._row(page, start, of_table=page[at] == TABLE_LEAF)
            except _UNREADABLE:
                continue

    def _page(self, number: int) -> bytes:
        return self._data[(number - 1) * self.size : number * self.size]

    def _row(self, page: bytes, start: int, *, of_table: bool) -> Row:
        length, at = _varint(page, start)
        rowid = None
        if of_table:
            rowid, at = _varint(page, at)
        return Row(rowid, _values(self._payload(page, at, length, of_table=of_table)))

    def _payload(self, page: bytes, at: int, length: int, *, of_table: bool) -> bytes:
        """What a cell holds, what has overflowed onto other pages included."""
        usable = self.size
        if length > len(self._data):
            raise ValueError("a row is larger than its file")
        most = usable - 35 if of_table else (usable - 12) * 64 // 255 - 23
        if length <= most:
            return page[at : at + length]
        least = (usable - 12) * 32 // 255 - 23
        local = least + (length - least) % (usable - 4)
        if local > most:
            local = least
        found = [page[at : at + local]]
        left, following = length - local, int.from_bytes(page[at + local : at + local + 4])
        while left > 0:
            more = self._page(following) if following else b""
            if not more:
                raise ValueError("the rest of a row is not there")
            found.append(more[4 : 4 + min(left, usable - 4)])
            left, following = left - (usable - 4), int.from_bytes(more[:4])
        return b"".join(found)


def _values(record: bytes) -> tuple[Value, ...]:
    length, at = _varint(record, 0)
    kinds = []
    while at < length:
        kind, at = _varint(record, at)
        kinds.append(kind)
    ends = [length]
    for kind in kinds:
        ends.append(ends[-1] + _size(kind))
    if ends[-1] > len(record):
        raise ValueError("a record is cut off")
    return tuple(_value(kind, record[start:end]) for kind, (start, end) in zip(kinds, pairwise(ends), strict=True))


def _size(kind: int) -> int:
    if kind >= 12:  # noqa: PLR2004 - from here on texts and blobs
        return (kind - 12) // 2
    return 8 if kind == _FLOAT else _INTEGERS.get(kind, 0)


def _value(kind: int, raw: bytes) -> Value:
    if kind >= 12:  # noqa: PLR2004 - as above
        return raw.decode() if kind % 2 else raw
    if kind in _INTEGERS:
        return int.from_bytes(raw, signed=True)
    return {8: 0, 9: 1}.get(kind)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """The number at a place, and the place after it."""
    number = 0
    for place in range(at, at + 8):
        number = number << 7 | data[place] & 0x7F
        if data[place] < 0x80:  # noqa: PLR2004 - the highest bit says that more follows
            return number, place + 1
    return number << 8 | data[at + 8], at + 9
