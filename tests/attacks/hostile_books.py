"""Workbooks that were made to do harm: by how much they ask for, by what they lack, and by what they are called."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from seeds import ANNEX_A, open_document, sheet_of_excel, unzipped, zipped
from test_workbooks import EMPTY, OPEN_DOCUMENT, PARTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DOCTYPE = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
DEEP = 300_000


def cell(place: str, text: str) -> str:
    """A cell with its text in it."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def rows(header: tuple[str, ...] = ANNEX_A[0], more: str = "") -> str:
    """The rows of a sheet that would be read."""
    told = [header, *ANNEX_A[1:]]
    lines = "".join(
        f'<row r="{n}">{"".join(cell(f"{chr(65 + m)}{n}", text) for m, text in enumerate(row))}</row>'
        for n, row in enumerate(told, 1)
    )
    return f"<sheetData>{lines}{more}</sheetData>"


def named(name: str) -> bytes:
    """A workbook whose sheet has a name."""
    book = PARTS["xl/workbook.xml"].replace("List 8", name)
    return sheet_of_excel(rows(), **{"xl/workbook.xml": book})


def targeted(target: str) -> bytes:
    """A workbook whose sheet is said to be elsewhere."""
    links = PARTS["xl/_rels/workbook.xml.rels"].replace("worksheets/sheet1.xml", target)
    return sheet_of_excel(rows(), **{"xl/_rels/workbook.xml.rels": links})


def many_sheets(count: int) -> bytes:
    """A workbook with very many sheets, which are all the same part."""
    sheet = '<sheet name="List 8" sheetId="1" r:id="rId1"/>'
    several = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, count))
    return sheet_of_excel(rows(), **{"xl/workbook.xml": PARTS["xl/workbook.xml"].replace(sheet, several)})


def twice() -> bytes:
    """An archive in which the sheet stands twice, the second time as another."""
    content = io.BytesIO(sheet_of_excel(rows()))
    with zipfile.ZipFile(content, "a") as archive:
        name = archive.namelist()[-1]
        archive.writestr(zipfile.ZipInfo(name.replace("sheet1", "sheet2")), "<worksheet/>")
    return content.getvalue().replace(b"sheet2.xml", b"sheet1.xml")


def overlapping() -> bytes:
    """An archive whose directory names one part a thousand times."""
    content = bytearray(sheet_of_excel(rows()))
    end = content.rfind(b"PK\x05\x06")
    start = int.from_bytes(content[end + 16 : end + 20], "little")
    entry = bytes(content[content.rfind(b"PK\x01\x02") : end])
    directory = bytes(content[start:end]) + entry * 1000
    head = bytearray(content[end:])
    head[8:10] = head[10:12] = (len(PARTS) + 1001).to_bytes(2, "little")
    head[12:16] = len(directory).to_bytes(4, "little")
    return bytes(content[:start]) + directory + bytes(head)


def open_book(inside: str, head: str = "") -> bytes:
    """An OpenDocument sheet whose rows are written by hand."""
    return zipped(
        {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": head + OPEN_DOCUMENT % inside}
    )


def _lacking() -> Iterator[tuple[str, Callable[[], bytes]]]:
    for name in (*PARTS, "xl/worksheets/sheet1.xml"):
        yield f"without {name}", lambda name=name: sheet_of_excel(rows(), **{name: ""})  # type: ignore[misc]
        yield f"with nothing in {name}", lambda name=name: sheet_of_excel(rows(), **{name: " "})  # type: ignore[misc]
        yield f"laughing in {name}", lambda name=name: _with_head(name)  # type: ignore[misc]


def _with_head(name: str) -> bytes:
    parts = unzipped(sheet_of_excel(rows()))
    parts[name] = DOCTYPE.encode() + parts[name].replace(b"104523", b"&l9;").replace(b"List 8", b"&l9;")
    return zipped(parts)


TEXT = "<si><t>x</t></si>"
REPEATED = "table:number-%s-repeated"
BOOKS: dict[str, Callable[[], bytes]] = {
    "bomb in the sheet": lambda: sheet_of_excel(rows(more=" " * 204_000_000)),
    "bomb beside the sheet": lambda: sheet_of_excel(rows(), **{"xl/media/image1.png": "\0" * 204_000_000}),
    "bomb below the limit": lambda: sheet_of_excel(rows(more=" " * 9_900_000)),
    "bomb in the texts": lambda: sheet_of_excel(rows(), texts=TEXT * 9_000_000),
    "bomb in an ods": lambda: open_book(" " * 204_000_000),
    "deep sheet": lambda: sheet_of_excel(rows(more="<row>" * DEEP)),
    "deep cell": lambda: sheet_of_excel(rows(more='<row r="9"><c r="A9" t="inlineStr"><is>' + "<r>" * DEEP)),
    "deep texts": lambda: sheet_of_excel(rows(), texts="<si><r>" * DEEP),
    "deep book": lambda: sheet_of_excel(rows(), **{"xl/workbook.xml": "<workbook>" + "<sheets>" * DEEP}),
    "deep ods": lambda: open_book("<table:table-row><table:table-cell>" + "<text:p>" * DEEP),
    "deep and closed ods": lambda: open_book(
        "<table:table-row><table:table-cell>"
        + "<text:p>" * 5000
        + "</text:p>" * 5000
        + "</table:table-cell></table:table-row>"
    ),
    **dict(_lacking()),
    "laughing ods": lambda: zipped({"content.xml": DOCTYPE + OPEN_DOCUMENT % "&l9;"}),
    "16,384 columns": lambda: sheet_of_excel(rows(more=f'<row r="9">{"<c><v>1</v></c>" * 16_384}</row>')),
    "20,000 columns": lambda: sheet_of_excel(rows(more=f'<row r="9">{"<c><v>1</v></c>" * 20_000}</row>')),
    "1,048,576 empty rows": lambda: sheet_of_excel(rows(more="<row/>" * 1_048_576)),
    "2,000,000 empty rows": lambda: sheet_of_excel(rows(more="<row/>" * 2_000_000)),
    "1,048,576 rows of nothing": lambda: sheet_of_excel(rows(more='<row><c t="s"/></row>' * 400_000)),
    "a cell in the last corner": lambda: sheet_of_excel(rows(more=f'<row r="1048576">{cell("XFD1048576", "x")}</row>')),
    "a row beyond the last": lambda: sheet_of_excel(rows(more=f'<row r="4294967295">{cell("A4294967295", "x")}</row>')),
    "a column beyond the last": lambda: sheet_of_excel(rows(more=f'<row r="9">{cell("ZZZZZZZ9", "x")}</row>')),
    "a cell without a place": lambda: sheet_of_excel(rows(more=f'<row r="9">{cell("", "x")}{cell("9", "x")}</row>')),
    "a dimension too small": lambda: sheet_of_excel('<dimension ref="A1"/>' + rows()),
    "a dimension far too large": lambda: sheet_of_excel('<dimension ref="A1:XFD1048576"/>' + rows()),
    "a dimension turned round": lambda: sheet_of_excel('<dimension ref="XFD1048576:A1"/>' + rows()),
    "a dimension that is none": lambda: sheet_of_excel('<dimension ref="=1+1"/>' + rows()),
    "all cells merged": lambda: sheet_of_excel(
        rows() + '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    ),
    "a text that is not there": lambda: sheet_of_excel(
        rows(more='<row r="9"><c r="A9" t="s"><v>99999</v></c><c r="B9" t="s"><v>-1</v></c></row>'), texts=TEXT
    ),
    "numbers that are none": lambda: sheet_of_excel(
        rows(more='<row r="9"><c r="A9"><v>1e999</v></c><c r="B9"><v>NaN</v></c><c r="C9"><v>x</v></c></row>')
    ),
    "days that are none": lambda: sheet_of_excel(
        rows(
            more='<row r="9"><c r="A9"><v>7</v></c><c r="B9" t="d"><v>2026-13-45</v></c>'
            '<c r="C9" s="7"><v>-9e9</v></c></row>'
        )
    ),
    "a style that is not there": lambda: sheet_of_excel(
        rows(more='<row r="9"><c r="A9" s="4294967295"><v>1</v></c></row>')
    ),
    "a sheet said to be elsewhere": lambda: targeted("../../../../etc/passwd"),
    "a sheet said to be on the net": lambda: targeted("http://e.example/sheet1.xml"),
    "a sheet that is the book": lambda: targeted("workbook.xml"),
    "a sheet that is absolute": lambda: targeted("/xl/worksheets/sheet1.xml"),
    "4,000 sheets": lambda: many_sheets(4_000),
    "a part twice": twice,
    "a part a thousand times": overlapping,
    "a name of control characters": lambda: named("a&#x1b;[31m&#x9b;&#x202e;&#x0;b"),
    "a name of raw control characters": lambda: named("\x1b]0;x\x07\u202e\x85"),
    "a name that is a path": lambda: named("../../register.db"),
    "a name that is mark-up": lambda: named("[/b] &lt;script&gt; =1+1"),
    "a name of 100,000 characters": lambda: named("x" * 100_000),
    "headers of control characters": lambda: sheet_of_excel(
        rows((ANNEX_A[0][0], ANNEX_A[0][1], "\x1b[31m\u202e", "_x001B_[31m_x202E_"))
    ),
    "headers alike": lambda: sheet_of_excel(rows((ANNEX_A[0][0],) * 4)),
    "cells of control characters": lambda: sheet_of_excel(
        rows(more=f'<row r="9">{cell("A9", "_x001B_[31m_x202E_")}{cell("B9", "&#x9b;&#x202e;&#x85;")}</row>')
    ),
    "an ods that repeats a cell": lambda: open_book(
        f"<table:table-row><table:table-cell office:value-type='string' {REPEATED % 'columns'}='2147483647'/>"
        "</table:table-row>"
    ),
    "an ods that repeats a row": lambda: open_book(
        f"<table:table-row {REPEATED % 'rows'}='99999999999999999999'>{EMPTY}</table:table-row>"
    ),
    "an ods that repeats less than once": lambda: open_book(
        f"<table:table-row {REPEATED % 'rows'}='-1'><table:table-cell {REPEATED % 'columns'}='0'/></table:table-row>"
    ),
    "an ods with days that are none": lambda: open_book(
        "<table:table-row><table:table-cell office:value-type='date' office:date-value='2026-13-45'/>"
        "<table:table-cell office:value-type='time' office:time-value='PT99999999H'/></table:table-row>"
    ),
    "an ods of which the end is gone": lambda: open_document(ANNEX_A)[:-40],
    "an archive of names that climb": lambda: zipped({f"../../{name}": text for name, text in PARTS.items()}),
}


def hidden(tag: str) -> bytes:
    """A sheet in which two cells are far apart, the second of them written as few would write it."""
    return sheet_of_excel(rows(more=f'<row r="9">{tag}<v>1</v></c></row>'))


def same_text(written: str, before: str = "") -> bytes:
    """A long text that a hundred thousand cells share."""
    one = f"<c {written}>{before}<v>0</v></c>"
    return sheet_of_excel(rows(more=f"<row>{one * 10}</row>" * 10_000), texts=f"<si><t>{'x' * 900_000}</t></si>")


def many_large_sheets(count: int) -> bytes:
    """A workbook that names one large part very often."""
    large = rows(more="<row><c><v>1</v></c><c><v>1</v></c><c><v>1</v></c></row>" * 100_000)
    sheet = '<sheet name="List 8" sheetId="1" r:id="rId1"/>'
    several = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, count))
    return sheet_of_excel(large, **{"xl/workbook.xml": PARTS["xl/workbook.xml"].replace(sheet, several)})


def elsewhere(part: str, sheet: bytes) -> bytes:
    """A workbook whose sheet is a part where none is looked for."""
    links = PARTS["xl/_rels/workbook.xml.rels"].replace("worksheets/sheet1.xml", part)
    return zipped({**PARTS, "xl/_rels/workbook.xml.rels": links, f"xl/{part}": sheet})


BOOKS |= {
    "a far cell with spaces around =": lambda: hidden('<c r = "XFD1048576">'),
    "a far cell in a line of its own": lambda: hidden('<c\nr\n=\n"XFD1048576"\n>'),
    "a far cell behind >": lambda: hidden('<c a=">" r="XFD1048576">'),
    "a far cell behind > in the other quotes": lambda: hidden("""<c b="'" a='>' r="XFD1048576">"""),
    "a far cell with an odd prefix": lambda: sheet_of_excel(
        rows(more='<row r="9"><a-b:c r="XFD1048576"><a-b:v>1</a-b:v></a-b:c></row>')
    ),
    "a far cell with a longest prefix": lambda: sheet_of_excel(
        rows(more='<row r="9"><{0}c r="XFD1048576"><{0}v>1</{0}v></{0}c></row>'.format("p" * 40 + ":"))
    ),
    "a far cell written out": lambda: hidden('<c r="&#88;FD1048576">'),
    "a far cell with zeros before": lambda: hidden('<c r="XFD000001048576">'),
    "a far cell with its place twice": lambda: hidden('<c r="A1" r="XFD1048576">'),
    "a far row": lambda: sheet_of_excel(rows(more='<row r="4000000"><c><v>1</v></c></row>')),
    "the last row": lambda: sheet_of_excel(rows(more='<row r="900000"><c><v>1</v></c></row>')),
    "an ods with a far row": lambda: open_book(
        f"<table:table-row {REPEATED % 'rows'}='900000'>{EMPTY}</table:table-row>"
        "<table:table-row><table:table-cell office:value-type='string'/></table:table-row>"
    ),
    "a far cell in a picture": lambda: elsewhere(
        "media/image1.png", b"\x89PNG" + unzipped(hidden('<c a=">" r="XFD1048576">'))["xl/worksheets/sheet1.xml"]
    ),
    "a sheet in a picture": lambda: elsewhere(
        "media/image1.png", unzipped(sheet_of_excel(rows()))["xl/worksheets/sheet1.xml"]
    ),
    "a far cell in UTF-16": lambda: elsewhere(
        "worksheets/sheet1.xml",
        (
            '<?xml version="1.0" encoding="UTF-16"?>'
            + unzipped(hidden('<c r="XFD1048576">'))["xl/worksheets/sheet1.xml"].decode()
        ).encode("utf-16"),
    ),
    "a long text in very many cells": lambda: same_text('t="s"'),
    "a long text in very many cells with spaces": lambda: same_text('t = "s"'),
    "a long text behind formulas": lambda: same_text('t="s"', "<f/>"),
    "a long text behind comments": lambda: same_text('t="s"', "<!-- -->"),
    "a large sheet 500 times": lambda: many_large_sheets(500),
}
