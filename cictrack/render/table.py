"""A table for a terminal: drawn by rich where no word has to be broken, else each row on lines of its own.

Above a hundred rows it is plain text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.render import plain
from cictrack.render.plain import BETWEEN
from cictrack.render.safe import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table
    from rich.text import Text

    from cictrack.render.listing import Listing

MOST_ROWS = 100
INDENT = "    "
KEPT_WHOLE = 10
"""Cells up to the length of a day are never folded."""

STYLES = {"red": "bold red", "amber": "yellow", "grey": "dim", "green": "green"}
"""Colour goes with the word, never instead of it."""


def render(listing: Listing, width: int | None, *, colour: bool) -> Iterator[str]:
    """The title, the table and the footer."""
    if listing.title:
        yield visible(listing.title) + "\n\n"
    if listing.rows and len(listing.rows) <= MOST_ROWS:
        yield _drawn(listing, width, colour=colour)
    else:
        yield from plain.render(listing)
    if listing.footer:
        yield f"\n{visible(listing.footer)}\n"


def _drawn(listing: Listing, width: int | None, *, colour: bool) -> str:
    from rich.console import Console

    headings, rights, rows = plain.shown(listing)
    least = [max(map(_unbroken, column)) for column in zip(headings, *rows, strict=True)]
    console = Console(width=width, force_terminal=colour, color_system="standard" if colour else None)
    with console.capture() as capture:
        if width is None or sum(least) + len(BETWEEN) * len(least) <= width:
            console.print(_table(headings, rights, least, rows))
        else:
            for line in _lines(headings, rights, rows, width):
                console.print(line, soft_wrap=True)
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def _unbroken(cell: str) -> int:
    """The width below which a word of the cell would be broken. A case, a day and a number stay in one line."""
    return max(map(len, cell.split(" "))) if len(cell) > KEPT_WHOLE else len(cell)


def _table(headings: list[str], rights: list[bool], least: list[int], rows: list[list[str]]) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for heading, right, width in zip(headings, rights, least, strict=True):
        table.add_column(Text(heading), justify="right" if right else "left", overflow="fold", min_width=width)
    for row in rows:
        table.add_row(*(Text(cell, STYLES.get(cell, "")) for cell in row))
    return table


def _lines(headings: list[str], rights: list[bool], rows: list[list[str]], width: int) -> Iterator[Text]:
    """The first columns aligned, as many as fit; under each row the others, each with its heading."""
    from rich.text import Text

    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    fit = 1
    while fit < len(widths) and sum(widths[: fit + 1]) + len(BETWEEN) * fit <= width:
        fit += 1
    for n, row in enumerate((headings, *rows)):
        line = Text()
        for cell, room, right in list(zip(row, widths, rights, strict=True))[:fit]:
            line.append(cell.rjust(room) if right else cell.ljust(room), STYLES.get(cell, "") if n else "bold")
            line.append(BETWEEN)
        yield line
        if n:
            beside = [f"{heading}: {cell}" for heading, cell in zip(headings[fit:], row[fit:], strict=True) if cell]
            yield from map(Text, _folded(beside, width))


def _folded(parts: list[str], width: int) -> Iterator[str]:
    """What stands under a row, folded between words."""
    from textwrap import wrap

    yield from wrap(" · ".join(parts), width, initial_indent=INDENT, subsequent_indent=INDENT, break_on_hyphens=False)
