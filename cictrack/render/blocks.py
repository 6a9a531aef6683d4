"""A page of blocks for a terminal or a pipe: under each heading a few lines with their labels, folded between words."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, NamedTuple

from cictrack.render.safe import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

NARROW, WIDE = 60, 120
INDENT = "  "


class Block(NamedTuple):
    """A heading, and lines of a label and a text; a line without a label stands by itself."""

    heading: str
    lines: Sequence[tuple[str, str]] = ()


def render(title: str, notes: Iterable[str], blocks: Iterable[Block], width: int) -> Iterator[str]:
    """The title, what is to be known of all of it, and the blocks, no wider than `width` where words allow."""
    width = max(NARROW, min(width, WIDE))
    yield visible(title) + "\n"
    for note in notes:
        yield from _folded(note, "", "", width)
    for block in blocks:
        yield "\n"
        yield from _folded(block.heading, "", INDENT, width)
        label_width = max((len(label) for label, _ in block.lines), default=0)
        for label, text in block.lines:
            first = f"{INDENT}{label:<{label_width}}{INDENT}" if label else INDENT
            yield from _folded(text, first, " " * len(first) if label else INDENT * 2, width)


def _folded(text: str, first: str, then: str, width: int) -> Iterator[str]:
    shown = visible(text).strip() or "-"
    for line in wrap(
        shown,
        width,
        initial_indent=first,
        subsequent_indent=then,
        break_on_hyphens=False,
        break_long_words=False,
    ):
        yield line.rstrip() + "\n"
