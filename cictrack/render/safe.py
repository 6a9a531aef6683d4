"""Text from the register made safe to print: it is never read as an escape, a mark of direction or a formula."""

from __future__ import annotations

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula at the start of a cell."""

QUOTED = "'"
KEPT = "\n\t"
_UNSEEN = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029\ufeff")
LAST_BYTE = 0xFF


def visible(text: str, keep: str = "") -> str:
    r"""`text` with every control character, mark of direction and lone surrogate written out: `\x1b`, `\u202e`.

    Line breaks and tabs are written out too, unless they are in `keep`.
    """
    if text.isprintable():
        return text
    return "".join(c if c in keep or not _hidden(c) else _written(c) for c in text)


def _hidden(c: str) -> bool:
    return c < " " or "\x7f" <= c <= "\x9f" or c in _UNSEEN or "\ud800" <= c <= "\udfff"


def _written(c: str) -> str:
    short = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(c)
    if short:
        return short
    return f"\\x{ord(c):02x}" if ord(c) <= LAST_BYTE else f"\\u{ord(c):04x}"


def neutral(text: str) -> str:
    """`text` as a spreadsheet cell that is never a formula: an apostrophe before what would start one.

    A text that begins with an apostrophe and such a character gets one more, so that `restored` is exact.

    >>> neutral("=1+1"), neutral("'=1+1"), neutral("plain")
    ("'=1+1", "''=1+1", 'plain')
    """
    return QUOTED + text if text.lstrip(QUOTED).startswith(FORMULA) else text


def restored(cell: str) -> str:
    """The text of a cell that `neutral` made.

    >>> restored("'=1+1"), restored("''=1+1"), restored("'tis")
    ('=1+1', "'=1+1", "'tis")
    """
    return cell[1:] if cell.startswith(QUOTED) and cell.lstrip(QUOTED).startswith(FORMULA) else cell
