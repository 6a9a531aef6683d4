"""A workbook of one list: days that are days, ids that are text, and nothing in it that is hidden or that runs."""

from __future__ import annotations

from datetime import date, datetime, time
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING

from cictrack.errors import Refused
from cictrack.render.cells import said
from cictrack.render.formats import DAY, Formats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it brings no types
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

    from cictrack.render.listing import Column, Listing

MOST_ROWS = 1_048_575
LONGEST = 32_767
"""Rows and characters in a cell: a sheet holds no more."""

CUT = " … [cut: the whole text is in the csv]"
WIDEST, NARROWEST = 60, 9
FOR_THE_FILTER = 3
"""The room that the arrow of the filter takes in a heading."""

LINE, TALLEST = 15, 405
"""Points of a line, and of the tallest row."""

WRITTEN_IN = {"new_day": 14, "note": 48}
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
EARLIEST = date(1900, 3, 1)
"""Before it spreadsheets disagree which number a day has: such a day stays text."""

LONGEST_HEADING_ON_PAPER = 250
WIDTH_OF_PAPER = 260
"""Characters on a page: a list that is wider goes on to the next one, and remains legible."""

_LAST_COLUMN = "XFD"

RICH = ("<r>", "</r>")
"""XlsxWriter takes a text between these for its own markup."""


def render(listing: Listing, day: date) -> bytes:
    """The list as a workbook, dated `day`: the same list and day give the same bytes.

    The cells are those of the csv; the headings are a person's. Raises Refused for more rows than a sheet holds.
    """
    _refuse_too_many(listing)
    listing = listing.as_read()
    return _book(listing.title, day, [("List", listing)], _told(listing, said(listing.title)))


def sheets(title: str, day: date, lists: Sequence[tuple[str, Listing]], about: Sequence[str]) -> bytes:
    """Several lists as the sheets of a workbook, each by its name and with what people are shown of it."""
    for _, listing in lists:
        _refuse_too_many(listing)
    return _book(title, day, [(name, listing.as_shown()) for name, listing in lists], [title, *about], about_first=True)


def _refuse_too_many(listing: Listing) -> None:
    if len(listing.rows) > MOST_ROWS:
        raise Refused(f"A sheet holds {MOST_ROWS:,} rows, and this list has {len(listing.rows):,}. Choose csv.")


def _book(
    title: str, day: date, lists: Sequence[tuple[str, Listing]], about: Sequence[str], *, about_first: bool = False
) -> bytes:
    import xlsxwriter

    held = BytesIO()
    # In memory: nothing about a child is put into a folder of temporary files.
    with xlsxwriter.Workbook(held, {"in_memory": True, "default_date_format": DAY}) as book:
        dated = {"author": "cictrack", "created": datetime.combine(day, time())}
        book.set_properties({"title": said(title)[:255], **dated})
        formats = Formats(book)
        if about_first:
            _about_sheet(book, about)
        for name, listing in lists:
            _list_sheet(book, formats, name, listing)
        if not about_first:
            _about_sheet(book, about)
    return held.getvalue()


def _list_sheet(book: Workbook, formats: Formats, name: str, listing: Listing) -> None:
    sheet = book.add_worksheet(name)
    title = said(listing.title)
    last_row, last_column = len(listing.rows), len(listing.columns) - 1
    for n, column in enumerate(listing.columns):
        sheet.write_string(0, n, said(column.heading), formats.heading(write_in=column.write_in))
    texts = [
        _column(sheet, n, column, [row[n] for row in listing.rows], formats) for n, column in enumerate(listing.columns)
    ]
    widths = [_width(column, longest) for column, longest in zip(listing.columns, texts, strict=True)]
    for n, (column, width) in enumerate(zip(listing.columns, widths, strict=True)):
        sheet.set_column(n, n, width)
        if column.write_in and column.holds_days and last_row:
            _asks_for_a_day(sheet, last_row, n)
    _heights(sheet, listing.rows, widths)
    sheet.freeze_panes(1, _kept_in_sight(listing))
    sheet.autofilter(0, 0, last_row, last_column)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{_LAST_COLUMN}{last_row + 1}"})
    sheet.write_comment(0, 0, "\n".join(_told(listing, title)), {"author": "cictrack", "x_scale": 3, "y_scale": 1.5})
    _on_paper(sheet, listing, title, widths)


def _column(sheet: Worksheet, n: int, column: Column, cells: Sequence[object], formats: Formats) -> int:
    """Write a column; how long its longest line is."""
    longest = 0
    for row, cell in enumerate(cells, 1):
        if isinstance(cell, (int, float)) and not isinstance(cell, bool):
            sheet.write_number(row, n, cell, formats.number(cell))
            longest = max(longest, len(str(cell)))
            continue
        text = said(cell)
        day = _day(text) if column.holds_days else None
        if day is not None:
            sheet.write_datetime(row, n, datetime.combine(day, time()), formats.day(write_in=column.write_in))
            longest = max(longest, len(text))
        elif text:
            longest = max(longest, *map(len, text.split("\n")))
            _write_text(sheet, row, n, text, formats, severity=column.key == "severity")
        elif column.write_in:
            sheet.write_blank(row, n, None, formats.to_write_in(day=column.holds_days))
    return longest


def _write_text(sheet: Worksheet, row: int, n: int, text: str, formats: Formats, *, severity: bool) -> None:
    if len(text) > LONGEST:
        text = text[: LONGEST - len(CUT)] + CUT
    form = formats.text(text, severity=severity)
    if text.startswith(RICH[0]) and text.endswith(RICH[1]):
        # In two pieces its own mark-up is made around what is, so, text.
        sheet.write_rich_string(row, n, text[:1], formats.plain, text[1:], form)
    else:
        sheet.write_string(row, n, text, form)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day >= EARLIEST and day.isoformat() == text else None


def _width(column: Column, longest: int) -> int:
    if column.write_in:
        return WRITTEN_IN.get(column.key, 18)
    return max(NARROWEST, min(WIDEST, max(longest + 2, len(column.heading) + FOR_THE_FILTER)))


def _heights(sheet: Worksheet, rows: Sequence[tuple[object, ...]], widths: Sequence[int]) -> None:
    """Room for texts of several lines: not every office makes it. Other rows grow by what is written in."""
    sheet.set_row(0, LINE + 3)
    for row, cells in enumerate(rows, 1):
        lines = max((_lines(said(cell), width) for cell, width in zip(cells, widths, strict=True)), default=1)
        if lines > 1:
            sheet.set_row(row, min(TALLEST, LINE * lines))


def _lines(text: str, width: int) -> int:
    """How many lines a text takes: letters are a little narrower than the digits that a width is counted in."""
    if len(text) < width and "\n" not in text:
        return 1
    return sum(max(1, ceil(len(line) / (width * 1.1))) for line in text.split("\n"))


def _asks_for_a_day(sheet: Worksheet, last_row: int, n: int) -> None:
    sheet.data_validation(
        1,
        n,
        last_row,
        n,
        {
            "validate": "date",
            "criteria": "between",
            "minimum": FIRST_DAY,
            "maximum": LAST_DAY,
            "ignore_blank": True,
            "error_title": "Not a day",
            "error_message": "Write a day, the day first: 16/3/2026.",
        },
    )


def _told(listing: Listing, title: str) -> list[str]:
    """What has to be known before a row is trusted, and how many rows there are."""
    empty = [] if listing.rows else [listing.empty]
    return [title, *map(said, (*empty, *filter(None, [listing.footer]), *listing.notes))]


def _about_sheet(book: Workbook, about: Sequence[str]) -> None:
    """A sheet beside the list, in plain sight: a line under the rows would be taken for one."""
    sheet = book.add_worksheet("About")
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    sheet.set_column(0, 0, 100)
    for n, line in enumerate(about):
        sheet.write_string(n, 0, said(line)[:LONGEST], wrapped)


def _kept_in_sight(listing: Listing) -> int:
    """How many of the first columns stay when the others move: up to the child's id."""
    return next((n for n, column in enumerate(listing.columns[:3], 1) if column.key == "child_id"), 0)


def _on_paper(sheet: Worksheet, listing: Listing, title: str, widths: Sequence[int]) -> None:
    """Paper has what a person reads, or up to what is to be written in; the rest is in the sheet."""
    on_paper = [n for n, column in enumerate(listing.columns) if column.shown]
    last = max([n for n in on_paper if listing.columns[n].write_in] or on_paper or [len(widths) - 1])
    sheet.print_area(0, 0, len(listing.rows), last)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(max(1, round(sum(widths[: last + 1]) / WIDTH_OF_PAPER)), 0)
    sheet.repeat_rows(0)
    kept = _kept_in_sight(listing)
    if kept:
        sheet.repeat_columns(0, kept - 1)
    sheet.set_margins(0.4, 0.4, 0.7, 0.7)
    # An ampersand begins a code there, and is doubled.
    sheet.set_header(f"&L{_escaped(title)}")
    sheet.set_footer(f"&L{_escaped(said(listing.footer))}&RPage &P of &N")


def _escaped(text: str) -> str:
    return text[: LONGEST_HEADING_ON_PAPER // 3].replace("&", "&&")
