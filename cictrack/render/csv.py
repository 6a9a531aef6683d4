"""Comma-separated values: every column, absent as an empty cell, a list joined by "; "."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.render.safe import FORMULA, KEPT, neutral, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cictrack.render.listing import Listing

AT_ONCE = 1000
_ODD = ('"', "\t", "\r")
_FORMULA_STARTS = tuple(mark + start for mark in (",", "\n") for start in ("=", "+", "@", "'"))


def render(listing: Listing) -> Iterator[str]:
    """The header and the rows, in chunks: a thousand rows are looked at as one text, cell by cell only if odd."""
    yield ",".join(column.key for column in listing.columns) + "\n"
    width = len(listing.columns)
    for start in range(0, len(listing.rows), AT_ONCE):
        rows = listing.rows[start : start + AT_ONCE]
        yield _quick(rows, width) or "".join(map(_row, rows))


def _quick(rows: Sequence[tuple[object, ...]], width: int) -> str:
    """The rows joined as they are, empty when any cell may need quoting or neutralising."""
    lines = []
    for row in rows:
        try:
            lines.append(",".join(row))  # type: ignore[arg-type]  # texts only is the quick case; else TypeError
        except TypeError:
            lines.append(",".join(["" if c is None else c if type(c) is str else _text(c) for c in row]))
    text = "\n".join(lines)
    if not text.replace("\n", "").isprintable() or text.count("\n") != len(rows) - 1:
        return ""
    if text.count(",") != (width - 1) * len(rows) or any(odd in text for odd in _ODD):
        return ""
    if text.startswith(FORMULA) or any(start in text for start in _FORMULA_STARTS):
        return ""
    return "" if _dashed(rows, text) else text + "\n"


def _dashed(rows: Sequence[tuple[object, ...]], text: str) -> bool:
    """Whether a text begins with a dash; a negative number does too, and is no formula."""
    if ",-" not in text and "\n-" not in text and not text.startswith("-"):
        return False
    return any(type(c) is str and c.startswith("-") for row in rows for c in row)


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, (list, tuple)):
        return "; ".join(map(str, cell))
    return str(cell)


def _row(row: tuple[object, ...]) -> str:
    return ",".join("" if c is None else _cell(c) for c in row) + "\n"


def _cell(cell: object) -> str:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return str(cell)
    text = visible(neutral(_text(cell)), KEPT)
    if any(c in text for c in '",\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text
