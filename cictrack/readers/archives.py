"""The archive that a workbook is, looked at before it is opened: what it would inflate to, and whether it says so.

Nothing is believed that the archive says of itself: each part is inflated once, in pieces, and never kept.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING

from cictrack.readers.refusals import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

MEGABYTE = 1_000_000
LARGEST = 100 * MEGABYTE
"""Inflated: a workbook of a million cells has about 40 MB."""
MOST_PARTS = 5_000
MOST_TIMES = 200
"""A sheet shrinks to a tenth or a thirtieth; what shrinks more than this was made to."""
SMALL = 10 * MEGABYTE
"""Below it no ratio matters."""

DAMAGED = "the workbook is damaged: open it in Excel and save it again"
PROTECTED = "the workbook is protected with a password: save it without one"
COPY = "copy the sheets that are needed into a workbook of their own"

_PIECE = 256 * 1024
_END_LENGTH = 22
_LONGEST_COMMENT = 65_535
_LOCAL_LENGTH = 30
_IS_ENCRYPTED = 1
_DIRECTORY_ENTRY = 46
_LONGEST_DIRECTORY = MOST_PARTS * (_DIRECTORY_ENTRY + 300)


class Archive:
    """The parts of a zip archive by name, once it is known that they can be inflated without harm.

    Raises Unreadable when there are too many, when they are too large, encrypted or damaged.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        _check_directory(content)
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                parts = archive.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError):
            raise Unreadable(DAMAGED) from None
        _check_sizes(parts, len(content))
        self._parts = {part.filename: part for part in parts}

    @property
    def names(self) -> list[str]:
        """The names of its parts."""
        return list(self._parts)

    def pieces(self, name: str) -> Iterator[bytes]:
        """A part, inflated in pieces. Raises Unreadable when it holds more than its directory says, or is damaged."""
        part = self._parts[name]
        packed = self._packed(part)
        if part.compress_type == zipfile.ZIP_STORED:
            for at in range(0, len(packed), _PIECE):
                yield bytes(packed[at : at + _PIECE])
            return
        size = 0
        for piece in _inflated(packed):
            size += len(piece)
            if size > part.file_size:
                raise Unreadable(DAMAGED)
            yield piece

    def _packed(self, part: zipfile.ZipInfo) -> memoryview:
        local = self._content[part.header_offset : part.header_offset + _LOCAL_LENGTH]
        if len(local) < _LOCAL_LENGTH or not local.startswith(b"PK\x03\x04"):
            raise Unreadable(DAMAGED)
        names = int.from_bytes(local[26:28], "little") + int.from_bytes(local[28:30], "little")
        start = part.header_offset + _LOCAL_LENGTH + names
        return memoryview(self._content)[start : start + part.compress_size]


def _inflated(packed: memoryview) -> Iterator[bytes]:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    for at in range(0, len(packed), _PIECE):
        waiting = bytes(packed[at : at + _PIECE])
        while waiting and not inflate.eof:
            try:
                yield inflate.decompress(waiting, _PIECE)
            except zlib.error:
                raise Unreadable(DAMAGED) from None
            waiting = inflate.unconsumed_tail


def _check_directory(content: bytes) -> None:
    """Before anything reads the directory: that it is no longer than that of a workbook."""
    tail = content[-(_END_LENGTH + _LONGEST_COMMENT) :]
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END_LENGTH:
        raise Unreadable(DAMAGED)
    if int.from_bytes(tail[at + 12 : at + 16], "little") > _LONGEST_DIRECTORY:
        raise Unreadable(f"the workbook holds more than {MOST_PARTS:,} parts, as none does that people made")


def _check_sizes(parts: list[zipfile.ZipInfo], size: int) -> None:
    if len(parts) > MOST_PARTS:
        raise Unreadable(f"the workbook holds more than {MOST_PARTS:,} parts, as none does that people made")
    if any(part.flag_bits & _IS_ENCRYPTED for part in parts):
        raise Unreadable(PROTECTED)
    if any(part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for part in parts):
        raise Unreadable(DAMAGED)
    inflated = sum(part.file_size for part in parts)
    if sum(part.compress_size for part in parts) > size:
        raise Unreadable(DAMAGED)
    if inflated > LARGEST or inflated > max(size * MOST_TIMES, SMALL):
        raise Unreadable(
            f"the workbook would fill {inflated / MEGABYTE:,.0f} MB from a file of {size / MEGABYTE:,.1f} MB: {COPY}"
        )
