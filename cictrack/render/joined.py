"""Comma-separated values from rows that came joined: what a list of thousands costs is then the query alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.render.csv import AT_ONCE, careful
from cictrack.render.safe import FORMULA, QUOTED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Row = tuple[object, ...]

_ODD = (*FORMULA, QUOTED)


def render(
    keys: Sequence[str], lines: Sequence[str], rows: Callable[[], Sequence[tuple[object, ...]]]
) -> Iterator[str]:
    """The header and the `lines`, a thousand at a time as they are: the same bytes as `csv` gives for the rows.

    Where a cell may need quoting, neutralising or writing out, `rows` is asked for the same rows, cell by cell.
    """
    yield ",".join(keys) + "\n"
    apart: Sequence[Row] = ()
    for start in range(0, len(lines), AT_ONCE):
        chunk = lines[start : start + AT_ONCE]
        text = "\n".join(chunk)
        if _is_plain(text, len(chunk), len(keys)):
            yield text + "\n"
        else:
            apart = apart or rows()
            yield careful(apart[start : start + AT_ONCE])


def _is_plain(text: str, count: int, width: int) -> bool:
    if not text.replace("\n", "").isprintable() or '"' in text or text.startswith(_ODD):
        return False
    if text.count("\n") != count - 1 or text.count(",") != (width - 1) * count:
        return False
    return not any(mark in text and ("," + mark in text or "\n" + mark in text) for mark in _ODD)
