"""Comma-separated values: every column, absent as an empty cell, a list joined by "; "."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.render.safe import FORMULA, KEPT, QUOTED, neutral, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cictrack.render.listing import Listing

AT_ONCE = 1000
_FIRST_ODD = (*FORMULA, QUOTED)
_SURELY_ODD = tuple(mark for mark in _FIRST_ODD if mark != "-")
"""Texts that begin so are rewritten; a dash begins negative numbers too, which are no formulas."""


class _Written(dict[str, str]):
    """Each text as its cell is written, worked out once: a list says the same team and title many times."""

    def __missing__(self, text: str) -> str:
        safe = neutral(visible(text, KEPT))
        written = '"' + safe.replace('"', '""') + '"' if any(c in safe for c in '",\n') else safe
        self[text] = written
        return written


def render(listing: Listing) -> Iterator[str]:
    """The header and the rows, in chunks: a thousand rows are looked at as one text, cell by cell only if odd."""
    yield ",".join(column.key for column in listing.columns) + "\n"
    width = len(listing.columns)
    for start in range(0, len(listing.rows), AT_ONCE):
        rows = listing.rows[start : start + AT_ONCE]
        yield quick(rows, width) or careful(rows)


def quick(rows: Sequence[tuple[object, ...]], width: int) -> str:
    """The rows joined as they are; nothing at all when any cell may need quoting, neutralising or writing out."""
    text = "\n".join([",".join([c if type(c) is str else "" if c is None else _text(c) for c in row]) for row in rows])
    # An empty cell alone in its row is quoted, or its row would be a blank line.
    if width == 1 or not text.replace("\n", "").isprintable() or '"' in text or text.startswith(_FIRST_ODD):
        return ""
    if text.count("\n") != len(rows) - 1 or text.count(",") != (width - 1) * len(rows):
        return ""
    if any(mark in text and ("," + mark in text or "\n" + mark in text) for mark in _SURELY_ODD):
        return ""
    return "" if _dashed(rows, text) else text + "\n"


def careful(rows: Sequence[tuple[object, ...]]) -> str:
    """The rows cell by cell: the same bytes as `quick`, wherever that says anything."""
    written = _Written()
    return "".join([_row(row, written) for row in rows])


def _row(row: tuple[object, ...], written: _Written) -> str:
    cells = [written[c] if type(c) is str else "" if c is None else _other(c, written) for c in row]
    return (",".join(cells) or '""') + "\n"


def _other(cell: object, written: _Written) -> str:
    return _text(cell) if isinstance(cell, (int, float)) else written[_text(cell)]


def _dashed(rows: Sequence[tuple[object, ...]], text: str) -> bool:
    if ",-" not in text and "\n-" not in text:
        return False
    return any(_text(c).startswith("-") for row in rows for c in row if not isinstance(c, (int, float)))


def _text(cell: object) -> str:
    if type(cell) is int:
        return str(cell)
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, (list, tuple)):
        return "; ".join(map(str, cell))
    return str(cell)
