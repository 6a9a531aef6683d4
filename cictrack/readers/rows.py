"""Rows of a file that were read, whatever kind of file it is, and what became of the file as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cictrack.readers.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date


class Row(NamedTuple):
    """A row that was read: its days, and its other cells trimmed, codes in capitals.

    `line` is its line as a spreadsheet numbers it, the header being 1; `cells` are as they stood. `headers` are
    those of the columns that are called something else here than in the file.
    """

    table: str
    file: str
    line: int
    child_id: str
    days: Mapping[str, date | None]
    texts: Mapping[str, str]
    cells: Mapping[str, str]
    headers: Mapping[str, str] = {}

    @property
    def place(self) -> tuple[str, int]:
        """Where it stands: file and line."""
        return self.file, self.line

    def refusal(self, column: str, reason: str) -> Refusal:
        """The row, refused for what stands in `column`."""
        header = self.headers.get(column, column)
        return Refusal(self.file, self.line, header, self.cells.get(header, "").strip(), reason, self.cells)


class Read(NamedTuple):
    """One table that was read: of which kind of file (`feed`), and how many rows are not used.

    `table` is empty when it was refused whole. `feed` is what sources of its events begin with, and the
    name under which registers say what they read of it. `carried` are the events that it has columns for, where
    that is not the same for every file of the kind.
    """

    feed: str
    file: str
    sha256: str
    encoding: str
    table: str
    rows: Sequence[Row]
    not_used: int
    refused: Sequence[Refusal]
    carried: Sequence[str] = ()

    @property
    def source(self) -> str:
        """What its events are marked with: the kind of file, the beginning of its hash, and what it carries."""
        return " ".join((self.feed, self.sha256[:12], *self.carried))
