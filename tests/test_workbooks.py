"""Workbooks: every cell as text where it stands, and what no workbook should be is refused before it is opened."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it brings no types
from hypothesis import given
from hypothesis import strategies as st

from cictrack.readers.cells import spreadsheet_day, trimmed
from cictrack.readers.extents import MOST_CELLS
from cictrack.readers.refusals import Unreadable
from cictrack.readers.workbooks import is_workbook, read_workbook

if TYPE_CHECKING:
    from pathlib import Path

SPREADSHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship'
    ' Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f"<workbook {SPREADSHEET}"
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="List 8" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"'
    ' Target="worksheets/sheet1.xml"/></Relationships>',
}
OPEN_DOCUMENT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="List 8">%s</table:table></office:spreadsheet></office:body></office:document-content>'
)
EMPTY = "<table:table-cell/>"


def _zipped(path: Path, parts: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def _excel(path: Path, rows: str, texts: str = "") -> Path:
    sheet = f"<worksheet {SPREADSHEET}><dimension ref='A1:XFD1048576'/><sheetData>{rows}</sheetData></worksheet>"
    shared = {"xl/sharedStrings.xml": f"<sst {SPREADSHEET}>{texts}</sst>"} if texts else {}
    return _zipped(path, PARTS | {"xl/worksheets/sheet1.xml": sheet} | shared)


def _ods(path: Path, rows: str, manifest: str = "<manifest/>") -> Path:
    kind = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "META-INF/manifest.xml": manifest}
    return _zipped(path, kind | {"content.xml": OPEN_DOCUMENT % rows})


def _why(path: Path) -> str:
    with pytest.raises(Unreadable) as refused:
        read_workbook(path)
    return str(refused.value)


def test_every_cell_is_text_and_stands_where_the_spreadsheet_shows_it(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("List_8")
        shown = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(2, 1, ["Child Unique ID", "Date of Birth"])
        sheet.write_string(3, 1, "00123")
        sheet.write_datetime(3, 2, date(2026, 3, 2), shown)
        sheet.write_number(4, 1, 1761444)
        sheet.write_datetime(4, 2, datetime.fromisoformat("2026-03-02 14:30"), shown)
        sheet.write_number(5, 1, 123456789012345678)
        sheet.write_formula(5, 2, "=C4+5", shown, 46088)
        sheet.write_boolean(6, 1, True)
        sheet.write_formula(6, 2, "=NA()", None, "#N/A")
        book.add_worksheet("nothing")
        book.add_worksheet("hidden").hide()
    listed, nothing, hidden = read_workbook(path)
    assert listed.rows[:2] == [("", "", ""), ("", "", "")]
    assert listed.rows[2:] == [
        ("", "Child Unique ID", "Date of Birth"),
        ("", "00123", "2026-03-02"),
        ("", "1761444", "2026-03-02 14:30:00"),
        ("", "1.23456789012346E+17", "2026-03-07"),
        ("", "TRUE", ""),
    ]
    assert nothing.rows == []
    assert hidden.name == "hidden"


def test_an_ods_is_read_like_an_excel_whatever_it_is_called(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>%s</text:p></table:table-cell>'
    day = '<table:table-cell office:value-type="date" office:date-value="2026-03-02"/>'
    rest = f'<table:table-row table:number-rows-repeated="1048570">{EMPTY}</table:table-row>'
    rows = f"<table:table-row>{EMPTY}</table:table-row><table:table-row>{cell % '00123'}{day}</table:table-row>{rest}"
    (sheet,) = read_workbook(_ods(tmp_path / "called.xlsx", rows))
    assert sheet.name == "List 8"
    assert sheet.rows[1] == ("00123", "2026-03-02")


def test_a_workbook_is_told_by_what_it_begins_with() -> None:
    assert is_workbook(b"PK\x03\x04...")
    assert is_workbook(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...")
    assert not is_workbook(b"CHILD,DOB\n")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no workbook"),
        (b"CHILD,DOB\n104523,01/02/2020\n", "no workbook"),
        (b"PK\x03\x04" + bytes(200), "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "no workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "Workbook".encode("utf-16-le") + bytes(600), "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "password"),
    ],
)
def test_what_is_no_workbook_is_refused_in_one_sentence(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert why in _why(path)


def test_an_archive_that_is_no_workbook_says_so(tmp_path: Path) -> None:
    assert "no workbook" in _why(_zipped(tmp_path / "a.xlsx", {"word/document.xml": "<x/>"}))
    assert "xlsb" in _why(_zipped(tmp_path / "b.xlsx", {"xl/workbook.bin": ""}))


def test_a_password_is_named(tmp_path: Path) -> None:
    manifest = '<manifest><file-entry full-path="content.xml"><encryption-data/></file-entry></manifest>'
    assert "password" in _why(_ods(tmp_path / "a.ods", "", manifest))
    assert "password" in _why(_zipped(tmp_path / "b.ods", {"encrypted-package": "x"}))


def test_half_a_workbook_is_damaged(tmp_path: Path) -> None:
    path = _excel(tmp_path / "a.xlsx", '<row r="1"><c r="A1"><v>1</v></c></row>')
    content = path.read_bytes()
    for cut in range(10, len(content), 97):
        path.write_bytes(content[:cut])
        assert _why(path)


def test_a_bomb_is_refused_by_what_it_would_fill(tmp_path: Path) -> None:
    path = _excel(tmp_path / "a.xlsx", '<row r="1"><c r="A1"><v>1</v></c></row>' * 500_000)
    assert "would fill 20 MB" in _why(path)


def test_a_bomb_that_lies_about_its_size_is_damaged(tmp_path: Path) -> None:
    path = _excel(tmp_path / "a.xlsx", '<row r="1"><c r="A1"><v>1</v></c></row>' * 500_000)
    content = bytearray(path.read_bytes())
    entry = content.rfind(b"xl/worksheets/sheet1.xml") - 46
    content[entry + 24 : entry + 28] = (1000).to_bytes(4, "little")
    path.write_bytes(content)
    assert "damaged" in _why(path)


def test_an_archive_of_very_many_parts_is_refused(tmp_path: Path) -> None:
    assert "parts" in _why(_zipped(tmp_path / "a.xlsx", PARTS | {f"x/{n}": "" for n in range(6_000)}))


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row><c r="A1"><v>1</v></c></row>' + "<row/>" * 1_000 + "<row>" + "<c><v>1</v></c>" * 5_000 + "</row>",
        "<x:row><x:c r='A1'><x:v>1</x:v></x:c><x:c r='XFD4000'><x:v>1</x:v></x:c></x:row>",
    ],
)
def test_two_cells_far_apart_ask_for_no_memory(tmp_path: Path, rows: str) -> None:
    assert f"more than {MOST_CELLS:,} cells" in _why(_excel(tmp_path / "a.xlsx", rows))


def test_a_dimension_or_a_border_far_away_does_no_harm(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>7</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    (sheet,) = read_workbook(_excel(tmp_path / "a.xlsx", rows))
    assert sheet.rows == [("7",)]


def test_one_long_text_in_many_cells_is_refused(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 5_001))
    assert "characters" in _why(_excel(tmp_path / "a.xlsx", rows, f"<si><t>{'long ' * 6_000}</t></si>"))


ONE = '<table:table-cell office:value-type="float" office:value="1"/>'
MANY = ONE.replace("office:", 'table:number-columns-repeated="9999999" office:', 1)


@pytest.mark.parametrize(
    "rows",
    [
        f'<table:table-row table:number-rows-repeated="1048576">{ONE * 5}</table:table-row>',
        f"<table:table-row>{MANY}</table:table-row>",
        f'<table:table-row table:number-rows-repeated="4000001"/><table:table-row>{ONE}</table:table-row>',
        f'<table:table-row table:number-rows-repeated="99999999999">{EMPTY}</table:table-row>',
    ],
)
def test_what_an_ods_repeats_counts_as_often(tmp_path: Path, rows: str) -> None:
    assert _why(_ods(tmp_path / "a.ods", rows))


def test_no_document_type_is_read(tmp_path: Path) -> None:
    path = _ods(tmp_path / "a.ods", "")
    parts = {"mimetype": "x", "content.xml": '<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'}
    assert "damaged" in _why(_zipped(path, parts))


@pytest.mark.parametrize(
    "text",
    [
        "02/03/2026",
        "2/3/2026",
        "2026-03-02",
        "2026-03-02 14:30:00",
        "02/03/2026 14:30",
        "2 Mar 2026",
        "02-Mar-2026",
        "2 March 2026",
        "46083",
        "46083.604166",
        "2026-03-02T14:30:00Z",
        "2.3.2026",
        "2nd March 2026",
        "Mon 2 Mar 2026",
        "Monday 2 March 2026",
        "monday, 2nd march 2026",
        "Mon 02/03/2026",
        "2026/03/02",
    ],
)
def test_a_day_of_a_workbook_is_read_in_each_of_its_forms(text: str) -> None:
    assert spreadsheet_day(text) == date(2026, 3, 2)


@pytest.mark.parametrize("text", ["", "0", "1", "01/01/1900", "1900-01-01", "1900-01-01 00:00:00", "00:00:00"])
def test_the_first_day_of_a_spreadsheet_is_a_blank(text: str) -> None:
    assert spreadsheet_day(text) is None


@pytest.mark.parametrize(
    "text",
    ["2/3/26", "03/14/2026", "Mar 2, 2026", "2 Mar 26", "12345", "99999", "soon", "31/02/2026", "1nd Mar 2026"],
)
def test_a_day_that_could_be_another_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        spreadsheet_day(text)


def test_a_day_of_the_week_that_it_is_not_is_refused() -> None:
    with pytest.raises(Unreadable, match="2 Nov 2026 is a Monday, not a Tuesday"):
        spreadsheet_day("Tue 2 Nov 2026")


@pytest.mark.parametrize("text", ["soon", "2 Mrz 2026", "Mar 2, 2026", "2/3/26", "99999", "Mon 1", "3nd Mar 2026"])
def test_why_a_day_cannot_be_read_names_forms_that_can(text: str) -> None:
    with pytest.raises(Unreadable) as why:
        spreadsheet_day(text)
    assert str(why.value).endswith("write dd/mm/yyyy, yyyy-mm-dd or 2 Mar 2026")


@given(st.dates(date(1955, 1, 1), date(2099, 12, 31)))
def test_a_serial_is_the_day_that_excel_shows(day: date) -> None:
    assert spreadsheet_day(str((day - date(1899, 12, 30)).days)) == day


@pytest.mark.parametrize("text", ["", "  ", "\xa0", "#N/A", "-", "NULL", "n/a", "#REF!", "\N{EN DASH}", "\xa0-\xa0"])
def test_what_stands_for_nothing_is_a_blank(text: str) -> None:
    assert trimmed(text) == ""


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn")), max_size=8),
            max_size=5,
        )
    )
)
def test_any_text_comes_back_from_an_excel(rows: list[list[str]]) -> None:
    from cictrack.readers.workbooks import sheets_of

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for n, row in enumerate(rows):
            for m, text in enumerate(row):
                sheet.write_string(n, m, text)
    (read,) = sheets_of(content.getvalue())
    for n, row in enumerate(rows):
        for m, text in enumerate(row):
            cell = read.rows[n][m] if n < len(read.rows) and m < len(read.rows[n]) else ""
            assert cell == text


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _xls(path: Path, cells: dict[tuple[int, int], float], sector: int = 512) -> Path:
    """An old workbook written by hand: one sheet of numbers, in a file system of two chains."""
    name = b"List 8"
    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 1997, 0, 6)
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 1997, 0, 6))
    sheet += b"".join(_record(0x0203, struct.pack("<HHHd", *place, 0, number)) for place, number in cells.items())
    sheet += _record(0x000A, b"")
    globals_ = _record(0x0809, begin) + _record(0x0042, b"\xb0\x04")
    where = len(globals_) + 4 + 8 + len(name) + 4
    globals_ += _record(0x0085, struct.pack("<IBBBB", where, 0, 0, len(name), 0) + name) + _record(0x000A, b"")
    stream = (globals_ + sheet).ljust(4096, b"\0")
    sectors = -(-len(stream) // sector)

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = name.encode("utf-16-le")
        there = text.ljust(64, b"\0") + struct.pack("<HBB3I", len(text) + 2, kind, 1, 2**32 - 1, 2**32 - 1, child)
        return there + bytes(36) + struct.pack("<IIQ", start, size, 0)[:12]

    end, none, table = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    chain = [*range(3, 2 + sectors), end]
    numbers = [table, end, *chain]
    numbers += [none] * (sector // 4 - len(numbers))
    entries = entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, none, 2, len(stream))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<5H6x9I", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0)
    head += struct.pack("<109I", 0, *[none] * 108)
    body = (
        struct.pack(f"<{len(numbers)}I", *numbers)
        + entries.ljust(sector, b"\0")
        + stream.ljust(sectors * sector, b"\0")
    )
    path.write_bytes(head.ljust(sector, b"\0") + body)
    return path


def test_an_old_workbook_is_read_like_a_new_one(tmp_path: Path) -> None:
    (sheet,) = read_workbook(_xls(tmp_path / "a.xls", {(0, 0): 7, (2, 1): 1.5}))
    assert sheet == ("List 8", [("7", ""), ("", ""), ("", "1.5")])


def test_an_old_workbook_with_two_cells_far_apart_asks_for_no_memory(tmp_path: Path) -> None:
    assert "more than" in _why(_xls(tmp_path / "a.xls", {(0, 0): 7, (65535, 255): 8}))


def test_half_an_old_workbook_is_damaged(tmp_path: Path) -> None:
    path = _xls(tmp_path / "a.xls", {(0, 0): 7})
    content = path.read_bytes()
    for cut in range(600, len(content) - 3_000, 211):
        path.write_bytes(content[:cut])
        assert _why(path)
