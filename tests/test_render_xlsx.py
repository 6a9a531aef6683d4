"""A csv, a page and a sheet of one list hold the same cells; a sheet has days that are days, and nothing that runs."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import load_workbook
from typed import Typed

from cictrack.errors import Refused
from cictrack.readers.workbooks import read_workbook
from cictrack.render import render, xlsx
from cictrack.render.cells import said
from cictrack.render.listing import Column, Listing
from cictrack.render.safe import restored
from cictrack.reports.listings import columns_of

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 3, 31)
HOSTILE = (
    "=1+1",
    "'=1",
    "@x",
    "-1",
    "<r>a</r>",
    "<r><t>",
    "_x000D_",
    "a\x1bb\r\n\tc",
    "\u202etxet",
    "00123",
    "<b>&amp;",
)
LISTS = (
    *("overdue", "due --within 300d", "drift", "gaps", "tasks --all", "plo --all", "placement-order --all"),
    *("fragile --all", "iha --all", "fragile candidates", "summary", "history plo 104523", "overdue --names"),
)


class Page(HTMLParser):
    """The cells of the tables on a page, row by row."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: list[str] = []
        self._in_cell = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            assert tag == "td" or ("scope", "col") in attrs or ("scope", "row") in attrs
            self.rows[-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.rows[-1][-1] += data


def of_csv(text: str) -> list[list[str]]:
    return [[restored(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""))]


def of_sheet(path: Path, width: int) -> list[list[str]]:
    sheet = read_workbook(path)[0]
    return [[*row, *[""] * (width - len(row))] for row in sheet.rows]


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Typed:
    typed = Typed(tmp_path_factory.mktemp("team") / "register.db")
    typed.does("plo open 104523 --on 2/3/2026 --dob 14/8/2019 --team North --family F17 --note 'two\nlines'")
    typed.does("plo open 00123 --on 2/2/2026 --dob 14/8/2019 --team '=1+1' --worker '\u05d0\u05d1'")
    typed.does("iha open 104523 --on 1/2/2026 --team '<b>North'")
    typed.does("fragile open 104523 --on 2/2/2026 --source carer --indicator needs-not-met")
    typed.does("placement-order open 104523 --on 2/3/2026")
    typed.does("task add plo 104523 '<r>hair test</r>' --owner W07 --due 20/3/2026")
    typed.does("child add 7 --dob 1/1/2020 --name '+ \u202eNobody'")
    return typed


@pytest.mark.parametrize("line", LISTS)
def test_a_csv_a_page_and_a_sheet_of_one_list_hold_the_same_cells(team: Typed, line: str, tmp_path: Path) -> None:
    header, *held = of_csv(team.does(f"{line} --format csv"))
    team.does(f"{line} --output {tmp_path / 'a.xlsx'}")
    team.does(f"{line} --output {tmp_path / 'a.html'}")
    headings, *sheet = of_sheet(tmp_path / "a.xlsx", len(header))
    page = Page((tmp_path / "a.html").read_text()).rows
    assert page == ([headings, *sheet] if held else [])
    assert len(headings) == len(header)
    # A person reads the columns in another order than a machine.
    named = [columns_of([key], [], [])[0].heading for key in header]
    assert sorted(named) == sorted(headings)
    order = [headings.index(name) for name in named]
    assert [[row[n] for n in order] for row in sheet] == held


TEXTS = st.one_of(
    st.text(max_size=30),
    st.text("=+-@'\t\r\n<r>/_x0D\x00\x1b\u202e\u05d0\ufffe&;\"", max_size=12),
    st.sampled_from(HOSTILE),
)


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4))
def test_any_text_comes_back_from_a_csv_a_page_and_a_sheet(rows: list[tuple[str, str]]) -> None:
    # A row that is empty altogether ends a sheet, and is none in it.
    rows = [(f"1{one}", other) for one, other in rows]
    listing = Listing("Any", (Column("child_id", "child"), Column("text")), rows)
    held = [[said(one), said(other)] for one, other in rows]
    assert Page("".join(render(listing, "html"))).rows[1:] == held
    book = load_workbook(io.BytesIO(xlsx.render(listing, DAY)))
    sheet = [[str(cell) for cell in row] for row in book.get_sheet_by_name("List").to_python()[1:]]
    assert [[*row, *[""] * (2 - len(row))] for row in sheet] == held
    _, *read = of_csv("".join(render(listing, "csv")))
    assert [[said(cell) for cell in row] for row in read] == held


def parts_of(book: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def of(*cells: object, key: str = "text", **more: object) -> Listing:
    return Listing("Any & all", (Column(key), Column("n", right=True)), [(cell, 1) for cell in cells])._replace(**more)  # type: ignore[arg-type] # what a listing has


def test_days_are_days_numbers_numbers_and_ids_text() -> None:
    book = load_workbook(io.BytesIO(xlsx.render(of("2026-03-02", "1899-12-31", "rain", key="due_on"), DAY)))
    assert book.get_sheet_by_name("List").to_python() == [
        ["due on", "n"],
        [date(2026, 3, 2), 1],
        ["1899-12-31", 1],
        ["rain", 1],
    ]
    assert (
        load_workbook(io.BytesIO(xlsx.render(of("2026-03-02"), DAY))).get_sheet_by_index(0).to_python()[1][0]
        == "2026-03-02"
    )


def test_nothing_in_a_sheet_is_hidden_runs_links_or_names_a_machine() -> None:
    parts = parts_of(xlsx.render(of(*HOSTILE, "http://e.example", "mailto:x", "{=1}", "1", "#N/A", "internal:x"), DAY))
    sheet = parts["xl/worksheets/sheet1.xml"]
    for absent in ("<f>", "<f ", "hyperlink", 'hidden="1"', "<v>#N/A"):
        assert absent not in sheet
    assert 'state="hidden"' not in parts["xl/workbook.xml"]
    assert 'quotePrefix="1"' in parts["xl/styles.xml"]
    assert "<dc:creator>cictrack</dc:creator>" in parts["docProps/core.xml"]
    assert "2026-03-31T00:00:00Z" in parts["docProps/core.xml"]
    for there in ("<autoFilter", 'state="frozen"', 'orientation="landscape"', "fitToPage"):
        assert there in sheet


def test_the_footer_the_notes_and_the_sentence_of_an_empty_list_stand_in_a_note_and_beside_the_list() -> None:
    told = of(footer="0 of 7 shown", notes=("Days are uncertain.",), empty="Nothing is overdue.")
    parts = parts_of(xlsx.render(told, DAY))
    about = load_workbook(io.BytesIO(xlsx.render(told, DAY))).get_sheet_by_name("About").to_python()
    for sentence in ("0 of 7 shown", "Days are uncertain.", "Nothing is overdue."):
        assert sentence in parts["xl/comments1.xml"]
        assert [sentence] in about


def test_a_row_has_room_for_a_text_of_several_lines_and_one_of_a_line_grows_by_itself() -> None:
    sheet = parts_of(xlsx.render(of("one\ntwo\nthree", "word " * 30, "short"), DAY))["xl/worksheets/sheet1.xml"]
    rows = dict(re.findall(r'<row r="(\d+)"([^>]*)>', sheet))
    assert 'ht="45"' in rows["2"]
    assert 'ht="45"' in rows["3"]
    assert "ht=" not in rows["4"]


def test_the_same_list_and_day_give_the_same_bytes() -> None:
    assert xlsx.render(of("a", "2026-03-02"), DAY) == xlsx.render(of("a", "2026-03-02"), DAY)


def test_a_cell_longer_than_a_sheet_holds_is_cut_in_plain_sight_and_too_many_rows_are_refused() -> None:
    book = load_workbook(io.BytesIO(xlsx.render(of("x" * 32_767, "y" * 32_768), DAY)))
    (_, (whole, _), (cut, _)) = book.get_sheet_by_name("List").to_python()
    assert whole == "x" * 32_767
    assert str(cut).endswith(xlsx.CUT)
    assert len(str(cut)) == 32_767
    with pytest.raises(Refused, match="A sheet holds 1,048,575 rows"):
        xlsx.render(of()._replace(rows=range(1_048_576)), DAY)  # type: ignore[arg-type] # they are only counted


def test_what_is_no_list_has_no_sheet_and_a_page_of_its_lines(team: Typed, tmp_path: Path) -> None:
    for line in ("explain plo 104523", "show 104523"):
        assert "no xlsx" in team.is_refused(f"{line} --output {tmp_path / 'a.xlsx'}")
        assert team.does(f"{line} --format html").startswith("<!doctype html>")
