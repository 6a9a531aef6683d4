"""Rows to text: every format tells the same cells, and no cell is ever obeyed."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cictrack.render import FORMATS, render
from cictrack.render.csv import careful, quick
from cictrack.render.listing import Column, Listing
from cictrack.render.safe import KEPT, neutral, restored, visible

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
DANGEROUS = [*map(chr, range(32)), *map(chr, range(0x7F, 0xA0)), *"\u061c\u200e\u200f\u2028\u2029\ud800\udfff"]
DANGEROUS += [chr(n) for n in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]
NASTY = st.text(
    st.sampled_from([*"=+-@'\t\r\n\",; |<&>\\*[]ab1é\u00a0", "\x1b", "\x85", "\u202e", "\ud800"]), max_size=6
)
TEXTS = st.text(st.characters(exclude_categories=()), max_size=12) | NASTY
TAME = st.sampled_from(["red", "plo", "2026-03-02", "104523", "Worker 07", ""])
NUMBERS = st.integers(-99, 99) | st.floats(-9, 9) | st.booleans() | st.none()
CELLS = TAME | NUMBERS | TEXTS | st.lists(TEXTS, max_size=3)
LATE = Listing(
    "Overdue",
    (
        Column("severity"),
        Column("child_id"),
        Column("days_over", "over", right=True),
        Column("case", shown=False),
        Column("skipped"),
    ),
    (("red", "104523", 12, "a1", ["2026-04-03", "2026-04-06"]), ("amber", "104640", None, "b2", [])),
    footer="2 of 44 shown",
)


def text_of(listing: Listing, fmt: str, width: int | None = 80, *, colour: bool = False) -> str:
    return "".join(render(listing, fmt, width, colour))


def of_cells(*rows: tuple[object, ...]) -> Listing:
    """A listing of rows whose columns are called a, b, c …"""
    return Listing("Cells", tuple(Column(key) for key, _ in zip("abcdefghij", rows[0], strict=False)), rows)


def tables(cells: st.SearchStrategy[object], most: int = 6) -> st.SearchStrategy[list[tuple[object, ...]]]:
    """Rows of the same length, one cell to four."""
    return st.integers(1, 4).flatmap(lambda n: st.lists(st.tuples(*[cells] * n), min_size=1, max_size=most))


def as_a_reader_has_it(cell: object) -> str:
    """The text that a csv reader gets for a cell."""
    if cell is None or isinstance(cell, bool):
        return {None: "", True: "yes", False: "no"}[cell]
    if isinstance(cell, (int, float)):
        return str(cell)
    return neutral(visible("; ".join(cell) if isinstance(cell, list) else str(cell), KEPT))


def test_csv_holds_every_column_and_absent_is_empty() -> None:
    assert text_of(LATE, "csv") == (
        "severity,child_id,days_over,case,skipped\nred,104523,12,a1,2026-04-03; 2026-04-06\namber,104640,,b2,\n"
    )


def test_json_holds_every_column_and_absent_is_null() -> None:
    red, amber = json.loads(text_of(LATE, "json"))
    assert tuple(red) == tuple(amber) == ("severity", "child_id", "days_over", "case", "skipped")
    assert tuple(red.values()) == LATE.rows[0]
    assert tuple(amber.values()) == ("amber", "104640", None, "b2", [])


def test_plain_is_aligned_with_numbers_to_the_right_and_no_title() -> None:
    assert text_of(LATE, "plain").splitlines() == [
        "severity  child id  over  skipped",
        "red       104523      12  2026-04-03; 2026-04-06",
        "amber     104640",
    ]


def test_markdown_has_the_title_the_shown_columns_and_the_footer() -> None:
    assert text_of(LATE, "markdown").splitlines() == [
        "## Overdue",
        "",
        "| severity | child id | over | skipped |",
        "| --- | --- | ---: | --- |",
        "| red | 104523 | 12 | 2026-04-03; 2026-04-06 |",
        "| amber | 104640 |  |  |",
        "",
        "2 of 44 shown",
    ]


def test_a_table_has_the_title_the_shown_columns_and_the_footer() -> None:
    drawn = text_of(LATE, "table")
    assert drawn.startswith("Overdue\n")
    assert drawn.endswith("\n\n2 of 44 shown\n")
    assert re.search(r"red +104523 +12 +2026-04-03; 2026-04-06", drawn)
    assert "a1" not in drawn
    assert "\x1b" not in drawn


def test_colour_is_added_to_the_word_and_to_nothing_else() -> None:
    coloured = text_of(LATE, "table", colour=True)
    assert re.search("\x1b\\[[0-9;]*31mred *\x1b\\[0m", coloured)
    assert re.search("\x1b\\[[0-9;]*33mamber *\x1b\\[0m", coloured)
    assert re.sub("\x1b\\[[0-9;]*m", "", coloured).split() == text_of(LATE, "table").split()


@pytest.mark.parametrize("width", [80, 160])
def test_a_table_fits_the_terminal_and_uses_what_there_is(width: int) -> None:
    wide = of_cells(*[("words " * 10,) * 8] * 3)
    lengths = [len(line) for line in text_of(wide, "table", width).splitlines()]
    assert width - 10 < max(lengths) <= width


@pytest.mark.parametrize("width", [50, 80, 120])
def test_where_a_table_has_no_room_no_word_is_broken_and_no_cell_is_lost(width: int) -> None:
    titles = ("severity", "case", "what", "due", "stage", "whose move", "team", "authority", "exception")
    row = (
        *("red", "placement-order 102435", "placed within fourteen months of entering care", "2020-10-20"),
        *("family-finding", "regional-agency", "South East", "indicator", "regional-agency until 2021-01-30"),
    )
    drawn = text_of(Listing("Overdue", tuple(Column(t) for t in titles), [row]), "table", width)
    assert all(word in drawn.split() for cell in row for word in cell.split())
    assert max(map(len, drawn.splitlines())) <= width


def test_above_a_hundred_rows_a_table_is_plain_text() -> None:
    many = of_cells(*[("red", n) for n in range(101)])
    assert text_of(many, "table") == "Cells\n\n" + text_of(many, "plain")
    assert "─" in text_of(many._replace(rows=many.rows[:100]), "table")


def test_no_rows_are_a_sentence_for_a_person_and_no_rows_for_a_program() -> None:
    none = LATE._replace(rows=(), empty="Nothing is overdue.")
    assert text_of(none, "plain") == "Nothing is overdue.\n"
    assert text_of(none, "table") == "Overdue\n\nNothing is overdue.\n\n2 of 44 shown\n"
    assert text_of(none, "markdown") == "## Overdue\n\nNothing is overdue.\n\n2 of 44 shown\n"
    assert text_of(none, "csv") == "severity,child_id,days_over,case,skipped\n"
    assert json.loads(text_of(none, "json")) == []


@pytest.mark.parametrize("fmt", ["plain", "csv", "json"])
def test_the_footer_is_never_taken_for_a_row(fmt: str) -> None:
    assert "44 shown" not in text_of(LATE, fmt)


@settings(deadline=None)  # the first table loads what draws it
@given(rows=tables(CELLS), fmt=st.sampled_from(FORMATS))
def test_no_format_prints_what_a_terminal_obeys(rows: list[tuple[object, ...]], fmt: str) -> None:
    drawn = text_of(of_cells(*rows), fmt)
    allowed = {"\n", "\t"} if fmt in {"csv", "html"} else {"\n"}
    assert not set(drawn) & (set(DANGEROUS) - allowed)
    assert drawn.endswith("\n")


@settings(deadline=None)
@given(
    words=st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1),
    fmt=st.sampled_from(["plain", "table", "markdown"]),
)
def test_what_is_said_about_a_list_is_as_safe_as_its_cells(words: str, fmt: str) -> None:
    said = Listing(f"\x1b{words}\x1b", (Column("a"),), (), footer=f"\x1b{words}", empty=f"\u202e{words}")
    for listing in (said, said._replace(rows=(("x",),))):
        drawn = text_of(listing, fmt)
        assert not set(drawn) & (set(DANGEROUS) - {"\n"})


@given(rows=tables(CELLS, most=8))
@example([("'=1+1", "x")])
@example([(["-1", "2"], -1)])
@example([(-1, "x")])
@example([("",), (None,), ("x",)])
@example([("a", "x,y"), ("b", "z")])
def test_looking_at_many_rows_at_once_gives_the_bytes_of_cell_by_cell(rows: list[tuple[object, ...]]) -> None:
    assert quick(rows, len(rows[0])) in ("", careful(rows))


@given(rows=tables(TAME | st.integers() | st.none()).filter(lambda rows: len(rows[0]) > 1))
def test_rows_with_nothing_odd_are_written_at_once(rows: list[tuple[object, ...]]) -> None:
    ordinary = [("plo", *row) for row in rows]
    assert quick(ordinary, len(ordinary[0])) == careful(ordinary)


@given(rows=tables(CELLS))
@example([("",), (None,), ("x",)])
def test_csv_is_what_the_csv_module_writes_and_reads(rows: list[tuple[object, ...]]) -> None:
    expected = [[as_a_reader_has_it(cell) for cell in row] for row in rows]
    by_the_module = io.StringIO()
    csv.writer(by_the_module, lineterminator="\n").writerows([["a", "b", "c", "d"][: len(rows[0])], *expected])
    written = text_of(of_cells(*rows), "csv")
    assert written == by_the_module.getvalue()
    assert list(csv.reader(io.StringIO(written, newline="")))[1:] == expected


@given(text=TEXTS)
@example("'=1+1")
@example("''\t")
@example("'\r=1")
@example("'tis")
def test_a_text_comes_back_from_csv_as_it_was_and_was_never_a_formula(text: str) -> None:
    rows = list(csv.reader(io.StringIO(text_of(of_cells((text, "x")), "csv"), newline="")))
    assert not rows[1][0].startswith(FORMULAS)
    assert restored(rows[1][0]) == visible(text, KEPT)


@given(text=TEXTS)
def test_neutralising_is_undone_exactly(text: str) -> None:
    assert restored(neutral(text)) == text
    assert not neutral(text).startswith(FORMULAS)


def test_a_negative_number_is_no_formula() -> None:
    assert text_of(of_cells((-3, -0.5, "-3", "2026-03-02")), "csv").splitlines()[1] == "-3,-0.5,'-3,2026-03-02"


def test_an_odd_cell_changes_no_other_row_of_a_long_list() -> None:
    rows = [("plo", str(n)) for n in range(2500)]
    rows[1700] = ("plo", "a,b")
    lines = text_of(of_cells(*rows), "csv").splitlines()
    assert lines == ["a,b", *(f'plo,"{c}"' if "," in c else f"plo,{c}" for _, c in rows)]


@given(value=st.lists(st.dictionaries(st.sampled_from("abc"), CELLS | st.dictionaries(NASTY, CELLS, max_size=2))))
def test_json_comes_back_as_it_was(value: list[dict[str, object]]) -> None:
    rows = [(item,) for item in value]
    text = text_of(Listing("", (Column("a"),), rows), "json")
    as_python_reads_its_own = json.loads(json.dumps(value))
    assert [item["a"] for item in json.loads(text)] == as_python_reads_its_own


def test_json_keeps_letters_and_escapes_what_a_terminal_obeys() -> None:
    text = text_of(of_cells(("Zoë\x1b[31m\u202e\x9b\x7f",)), "json")
    assert '"Zoë\\u001b[31m\\u202e\\u009b\\u007f"' in text


@given(rows=tables(TEXTS | TAME))
def test_plain_and_markdown_are_one_line_a_row(rows: list[tuple[object, ...]]) -> None:
    listing = of_cells(*rows)
    assert text_of(listing, "plain").count("\n") == len(rows) + 1
    lines = text_of(listing, "markdown").split("\n")[2:-1]
    assert len(lines) == len(rows) + 2
    for line in lines:
        assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) == len(rows[0]) + 1


@given(text=TEXTS)
@example("<script>alert(1)</script>")
@example("&lt;b&gt; [x](http://example.org) `code` ![i](j)")
def test_no_tag_link_or_entity_of_the_data_lives_in_markdown(text: str) -> None:
    cell = text_of(of_cells((text, "x")), "markdown").split("\n")[4]
    assert "<" not in cell
    assert ">" not in cell
    assert not re.search(r"&(?!amp;|lt;|gt;)", cell)
    assert not re.search(r"(?<!\\)(?:\\\\)*[\[\]`]", cell)


@pytest.mark.parametrize("text", ["[bold]x[/bold]", "[link=http://x]y[/link]", "[/]", ":smile:"])
def test_marks_of_the_table_drawer_are_only_text(text: str) -> None:
    assert text in text_of(of_cells((text, "x")), "table", colour=True)
    assert text in text_of(of_cells(("x",))._replace(title=text), "table")


@pytest.mark.parametrize("char", DANGEROUS)
def test_what_a_terminal_obeys_is_written_out(char: str) -> None:
    assert visible(f"a{char}b").isprintable()
    assert visible(f"a{char}b").startswith("a\\")


def test_written_out_as_a_reader_knows_it() -> None:
    assert visible("\x1b[31m\n\t\u202e\x9b") == r"\x1b[31m\n\t\u202e\x9b"
    assert visible("a\n\tb\r", KEPT) == "a\n\tb\\r"


@given(text=st.text(st.characters(categories=("L", "N", "P", "S", "Zs", "M"))))
def test_whatever_else_people_write_is_left_alone(text: str) -> None:
    assert visible(text) == text


def test_a_list_in_a_pipe_loads_nothing_that_click_has_not() -> None:
    code = (
        "import sys, click; before = set(sys.modules); from cictrack.render import render;"
        "from cictrack.render.listing import Column, Listing;"
        "some = Listing('t', (Column('a'), Column('b')), [('x', 'y,z')]);"
        "[list(render(some, fmt)) for fmt in ('csv', 'plain', 'markdown')];"
        "print(*(m for m in set(sys.modules) - before if not m.startswith('cictrack')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_renderers_know_rows_and_nothing_else() -> None:
    code = (
        "import sys; import cictrack.render.csv, cictrack.render.json, cictrack.render.markdown;"
        "import cictrack.render.plain, cictrack.render.table;"
        "print(*(m for m in sys.modules if m.startswith('cictrack.') and not m.startswith('cictrack.render')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
