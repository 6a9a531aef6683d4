"""Aligned text for a pipe: no colour, no wrapping, the headings on the first line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.render.safe import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cictrack.render.listing import Listing

BETWEEN = "  "


def cell_text(cell: object) -> str:
    """A cell as one line that a person reads: nothing for None, a list joined by "; "."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return visible(cell)
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, (list, tuple)):
        return visible("; ".join(map(str, cell)))
    return str(cell)


def shown(listing: Listing) -> tuple[list[str], list[bool], list[list[str]]]:
    """The headings, which columns are numbers, and the cells of the columns that people see."""
    places = [n for n, column in enumerate(listing.columns) if column.shown]
    columns = [listing.columns[n] for n in places]
    rows = [[cell_text(row[n]) for n in places] for row in listing.rows]
    return [c.heading for c in columns], [c.right for c in columns], rows


def render(listing: Listing) -> Iterator[str]:
    """The headings and a line a row; the sentence for an empty list when there is none."""
    if not listing.rows:
        yield visible(listing.empty) + "\n"
        return
    headings, rights, rows = shown(listing)
    widths = [max(len(h), *(len(row[n]) for row in rows)) for n, h in enumerate(headings)]
    for row in (headings, *rows):
        cells = [c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, widths, rights, strict=True)]
        yield BETWEEN.join(cells).rstrip() + "\n"
