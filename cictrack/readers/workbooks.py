"""A workbook as its sheets of text: xlsx, xlsm, xls and ods, told apart by what they hold and not by their names.

Formula cells are read by the value that was stored with them; nothing of a workbook is ever run. One that is too
large, protected or damaged is refused with a sentence before memory is asked for.
"""

from __future__ import annotations

from datetime import date, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from cictrack.readers.apart import read_apart
from cictrack.readers.archives import COPY, DAMAGED, PROTECTED, Archive
from cictrack.readers.extents import Extent, check_excel, check_open_document
from cictrack.readers.old_books import check_old_book
from cictrack.readers.refusals import Unreadable

if TYPE_CHECKING:
    from pathlib import Path

    from python_calamine import CalamineSheet

LARGEST_FILE = 50_000_000
LARGEST_OLD = 20_000_000
"""An xls is not packed: it holds 65,536 rows a sheet at most."""

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLD_BOOK = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))
EXACT = 10**15
"""Numbers below it are exact in Excel, which keeps fifteen digits."""


ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods")
NONE = "the file is no workbook: save it as xlsx, xls or ods"
NO_READER = "the part that reads workbooks cannot run on this machine: save each sheet as csv"


class Sheet(NamedTuple):
    """A sheet, hidden ones too: every cell as text, row 1 of the sheet being the first of `rows`.

    A day is `2026-03-02`, with a time `2026-03-02 14:30:00`; a whole number has no `.0`, and one of more digits than a
    spreadsheet keeps is `1.76144412345679E+17`; TRUE and FALSE; a cell with an error (#N/A) is empty, as an empty one.
    """

    name: str
    rows: list[tuple[str, ...]]


def is_workbook(head: bytes) -> bool:
    """Whether a file that begins with `head` is a workbook, or meant to be one: an archive, or an old Office file."""
    return head.startswith((_ZIP, _OLE))


def read_workbook(path: Path) -> list[Sheet]:
    """The sheets of the workbook at `path`, in its order.

    Raises Unreadable, with one sentence, when it is none, damaged, protected with a password or too large.
    """
    if path.stat().st_size > LARGEST_FILE:
        raise Unreadable(f"the file has more than {LARGEST_FILE // 1_000_000} MB: {COPY}")
    content = path.read_bytes()
    _check(content)
    return read_apart(sheets_of, content)


def sheets_of(content: bytes) -> list[Sheet]:
    """The sheets of a workbook that was looked at."""
    try:
        from python_calamine import CalamineError, PasswordError, SheetTypeEnum, load_workbook
    except ImportError:
        # It is compiled: a single file carries it for some systems only, and some machines run nothing unknown.
        raise Unreadable(NO_READER) from None

    texts: dict[str, str] = {}
    try:
        with load_workbook(BytesIO(content)) as book:
            names = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
            # A part that is named as many sheets is read as often.
            extent, sheets = Extent(), []
            for name in names:
                sheet = book.get_sheet_by_name(name)
                extent.add(sheet.total_height, sheet.total_width)
                sheets.append(Sheet(name, _rows(sheet, texts)))
            return sheets
    except PasswordError:
        raise Unreadable(PROTECTED) from None
    except (CalamineError, ValueError, OverflowError, OSError):
        raise Unreadable(DAMAGED) from None


def _rows(sheet: CalamineSheet, texts: dict[str, str]) -> list[tuple[str, ...]]:
    """The rows from the sheet's first on. `texts` keeps one copy of what many cells hold."""
    down, right = sheet.start or (0, 0)
    rows = [tuple([texts.setdefault(text, text) for text in map(_text, cells)]) for cells in sheet.iter_rows()]
    # Where the filled cells do not begin in A1, calamine gives the rows above them and leaves out the columns before.
    above = down + sheet.height - len(rows)
    before = ("",) * (right + sheet.width - max(map(len, rows), default=0))
    return [()] * above + ([(*before, *row) for row in rows] if before else rows)


def _text(cell: object) -> str:
    """A cell as text."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        return _number(cell)
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat(" ", "seconds") if isinstance(cell, datetime) else cell.isoformat()
    return str(cell)


def _number(number: float) -> str:
    if abs(number) >= EXACT:
        return f"{number:.14E}"
    return str(int(number)) if number == int(number) else repr(number)


def _check(content: bytes) -> None:
    """That it is a workbook, and can be read without harm."""
    if content.startswith(_OLE):
        _check_old(content)
        return
    if not content.startswith(_ZIP):
        raise Unreadable(NONE)
    archive = Archive(content)
    names = {name.lower().lstrip("/") for name in archive.names}
    if "xl/workbook.xml" in names:
        check_excel(archive)
    elif "content.xml" in names:
        _check_manifest(archive)
        check_open_document(archive)
    elif "encrypted-package" in names:
        raise Unreadable(PROTECTED)
    elif "xl/workbook.bin" in names:
        raise Unreadable("the workbook is in Excel's binary form (xlsb): save it as xlsx")
    else:
        raise Unreadable("the file is an archive, but no workbook: save it as xlsx, xls or ods")


def _check_manifest(archive: Archive) -> None:
    """That no part of an ods is encrypted: the archive itself does not say so."""
    manifest = next((name for name in archive.names if name == "META-INF/manifest.xml"), None)
    if manifest and b"encryption-data" in b"".join(archive.pieces(manifest)):
        raise Unreadable(PROTECTED)


def _check_old(content: bytes) -> None:
    """That an old Office file holds sheets that anyone may read."""
    if _ENCRYPTED in content:
        raise Unreadable(PROTECTED)
    if not any(name in content for name in _OLD_BOOK):
        raise Unreadable("the file is an old Office document, but no workbook: save it as xlsx, xls or ods")
    if len(content) > LARGEST_OLD:
        raise Unreadable(f"the file has more than {LARGEST_OLD // 1_000_000} MB: {COPY}")
    check_old_book(content)
