"""A cell as text where every column is held: the same in a csv, on a page and in a sheet."""

from __future__ import annotations

from cictrack.render.safe import KEPT, visible

_NO_CHARACTERS = {0xFFFE: "\\ufffe", 0xFFFF: "\\uffff"}
"""What neither a page nor a sheet can hold and `visible` lets through."""


def said(cell: object) -> str:
    r"""The whole cell as text that is safe to show; line breaks and tabs stay.

    >>> said(None), said(["North", "South"]), said(True), said("a\x1b")
    ('', 'North; South', 'yes', 'a\\x1b')
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    text = "; ".join(map(str, cell)) if isinstance(cell, (list, tuple)) else str(cell)
    return text if text.isprintable() else visible(text, KEPT).translate(_NO_CHARACTERS)
