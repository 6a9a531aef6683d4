"""A Markdown table, for a paper: no tag, link or table mark of the data's lives in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.render.plain import shown
from cictrack.render.safe import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cictrack.render.listing import Listing

_MARKS = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", **{mark: "\\" + mark for mark in "\\|`*_[]!~"}},
)


def render(listing: Listing) -> Iterator[str]:
    """The title, the table, the footer."""
    yield f"## {escaped(listing.title)}\n\n"
    yield from table(listing)


def table(listing: Listing) -> Iterator[str]:
    """The table, or the sentence of an empty list, and the footer."""
    if listing.rows:
        headings, rights, rows = shown(listing)
        yield _line([escaped(h) for h in headings])
        yield _line(["---:" if right else "---" for right in rights])
        for row in rows:
            yield _line([escaped(cell) for cell in row])
    else:
        yield escaped(listing.empty) + "\n"
    if listing.footer:
        yield f"\n{escaped(listing.footer)}\n"


def escaped(text: str) -> str:
    """A text of which Markdown reads no mark, and HTML no tag."""
    return visible(text).translate(_MARKS)


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |\n"
