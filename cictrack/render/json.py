"""JSON: a list of objects with every column, absent as null."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.render.safe import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cictrack.render.listing import Listing


def document(value: object) -> str:
    r"""A value as JSON text. Characters a terminal would obey stand as escapes: `\u001b`, `\u202e`."""
    import json

    text = json.dumps(value, indent=2, ensure_ascii=False)
    if text.replace("\n", "").isprintable():
        return text + "\n"
    for c in set(text):
        if visible(c, "\n") != c:
            text = text.replace(c, f"\\u{ord(c):04x}")
    return text + "\n"


def render(listing: Listing) -> Iterator[str]:
    """The rows as objects by column key."""
    keys = [column.key for column in listing.columns]
    yield document([dict(zip(keys, row, strict=True)) for row in listing.rows])
