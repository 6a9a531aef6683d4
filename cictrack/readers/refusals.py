"""What was not taken from a file, and why: one refusal a row, or one for a file that cannot be read at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Refusal(NamedTuple):
    """A row that was refused. `row` is its line as a spreadsheet numbers it: the header is 1.

    A file that is refused whole has one refusal, at the line that gave the reason. `cells` is the row as
    it stood, to be handed back.
    """

    file: str
    row: int
    column: str
    value: str
    reason: str
    cells: Mapping[str, str] = {}


class Unreadable(Exception):  # noqa: N818 - it is caught a few lines up and becomes a refusal
    """A cell that cannot be read: the reason, as a person is told it."""


KEYS = Refusal._fields[:-1]
"""What is said of a refused row where it is handed back: it stands before the row's own cells."""

LINE = "line"
"""The column of a row that could not be told apart into cells, where it is handed back."""
