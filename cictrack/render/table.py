"""A table for a terminal: drawn by rich up to a hundred rows, plain text above."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.render import plain
from cictrack.render.safe import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cictrack.render.listing import Listing

MOST_ROWS = 100
SHORT = 10
LEAST = 12
"""Cells up to `SHORT`, a day's length, are kept in one line where that leaves the other columns `LEAST`."""

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
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    headings, rights, rows = plain.shown(listing)
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    longest = [max(len(row[n]) for row in rows) for n in range(len(headings))]
    least = sum(max(n, len(h)) if n <= SHORT else LEAST for n, h in zip(longest, headings, strict=True))
    roomy = width is None or least + 2 * len(headings) <= width
    for heading, right, length in zip(headings, rights, longest, strict=True):
        kept = roomy and length <= SHORT
        table.add_column(Text(heading), justify="right" if right else "left", overflow="fold", no_wrap=kept)
    for row in rows:
        table.add_row(*(Text(cell, STYLES.get(cell, "")) for cell in row))
    console = Console(width=width, force_terminal=colour, color_system="standard" if colour else None)
    with console.capture() as capture:
        console.print(table)
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"
