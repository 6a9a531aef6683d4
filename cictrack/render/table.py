"""A table for a terminal: drawn by rich up to a hundred rows, plain text above."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.render import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cictrack.render.listing import Listing

MOST_ROWS = 100
STYLES = {"red": "bold red", "amber": "yellow", "grey": "dim", "green": "green"}
"""Colour goes with the word, never instead of it."""


def render(listing: Listing, width: int | None, *, colour: bool) -> Iterator[str]:
    """The title, the table and the footer."""
    if not listing.rows:
        yield f"{listing.title}\n\n{listing.empty}\n"
    elif len(listing.rows) > MOST_ROWS:
        yield listing.title + "\n\n"
        yield from plain.render(listing)
    else:
        yield _drawn(listing, width, colour=colour)
    if listing.footer:
        yield f"\n{listing.footer}\n"


def _drawn(listing: Listing, width: int | None, *, colour: bool) -> str:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    headings, rights, rows = plain.shown(listing)
    table = Table(title=Text(listing.title), title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for heading, right in zip(headings, rights, strict=True):
        table.add_column(Text(heading), justify="right" if right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell, STYLES.get(cell, "")) for cell in row))
    console = Console(width=width, force_terminal=colour, no_color=not colour, highlight=False, markup=False)
    with console.capture() as capture:
        console.print(table)
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"
