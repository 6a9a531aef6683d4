"""Rows to text, or to a sheet, which is bytes (`render.xlsx`). Renderers know rows and nothing else, and never sort."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cictrack.render.listing import Listing

FORMATS = ("table", "plain", "csv", "json", "markdown", "html")


def render(listing: Listing, fmt: str, width: int | None = None, colour: bool = False) -> Iterator[str]:
    """The listing as text in chunks, the last newline included; `fmt` is one of `FORMATS`.

    `width` is the terminal's, and `colour` whether it takes any: both are for a table alone. The footer is in a
    table, in Markdown and in a page only: elsewhere it would be taken for a row.
    """
    if fmt == "csv":
        from cictrack.render.csv import render as csv

        return csv(listing)
    if fmt == "json":
        from cictrack.render.json import render as json

        return json(listing)
    if fmt == "markdown":
        from cictrack.render.markdown import render as markdown

        return markdown(listing)
    if fmt == "html":
        from cictrack.render.html import render as html

        return html(listing)
    if fmt == "plain":
        from cictrack.render.plain import render as plain

        return plain(listing)
    from cictrack.render.table import render as table

    return table(listing, width, colour=colour)
