"""The rows of a table read or refused, one refusal a row; a value that no event can hold is left out and said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from cictrack.pathway.common import ASSIGNED
from cictrack.readers import cells
from cictrack.readers.answers import Answers, decisive
from cictrack.readers.headers import folded
from cictrack.readers.refusals import Refusal, Unreadable
from cictrack.readers.rows import Read, Row
from cictrack.readers.ssda903 import ENOUGH_MONTH_FIRST
from cictrack.readers.targets import (
    CHILD_ID,
    DOB,
    EDD,
    NOTE,
    OF_REGISTER,
    Target,
    beside_it,
    dates_itself,
    holds_days,
    value_words,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from cictrack.pathway.declare import Register
    from cictrack.readers.any_table import Table

FEED = "table"

NO_DAY = frozenset({"tbc", "tba", "na", "n/a", "nil", "none", "not known", "unknown", "not yet", "?"})
"""What teams write where there is no day yet, beside the blanks of every file."""


class Cells(Mapping[str, str]):
    """A row as it stood, by header: the headers are kept once for the table."""

    __slots__ = ("_at", "_cells")

    def __init__(self, at: Mapping[str, int], row: Sequence[str]) -> None:
        self._at = at
        self._cells = row

    def __getitem__(self, header: str) -> str:
        at = self._at[header]
        return self._cells[at] if at < len(self._cells) else ""

    def __iter__(self) -> Iterator[str]:
        return iter(self._at)

    def __len__(self) -> int:
        return len(self._at)


class Aside(NamedTuple):
    """A value that was left out of a row that was used: under which header, why, and in which rows.

    Without a header it is of rows that were left out whole.
    """

    header: str
    why: str
    rows: Sequence[int]


class _Reader(NamedTuple):
    """One column that says something, and how its cells are read."""

    at: int
    header: str
    target: Target
    key: str
    read: Callable[[str], str]
    is_day: bool
    needs: str
    event: str
    decides: Sequence[str]
    also: Mapping[str, Mapping[str, str]]


def read_rows(table: Table, register: Register) -> tuple[Read, list[Aside]]:
    """Read the rows below the header. What is left out of rows that are used is said beside it."""
    rows = _Rows(table, register)
    found: list[Row] = []
    refused: list[Refusal] = []
    for n, row in enumerate(table.grid.rows[table.header :], table.header + 1):
        if any(map(str.strip, row)):
            one = rows.read(n, row)
            (found if isinstance(one, Row) else refused).append(one)  # type: ignore[arg-type]  # each by its type
    carried = sorted({r.target.event for r in rows.readers if r.target.event in register.kind} - {NOTE})
    read = Read(
        FEED, table.name, table.file.sha256, table.file.encoding, register.name, found, 0, refused, tuple(carried)
    )
    asides = [Aside(header, why, at) for (header, why), at in rows.aside.items()]
    bare = [row.line for row in found if not row.texts and row.days.keys() <= {DOB, EDD}]
    return read, [*asides, Aside("", "name a child and say nothing of a case", bare)] if bare else asides


class _Rows:
    """How the rows of one table are read."""

    def __init__(self, table: Table, register: Register) -> None:
        self._table, self._register = table, register
        self.readers = [
            reader for column in table.columns if (reader := self._reader(column.at, column.header, column.target))
        ]
        self._child = next(r for r in self.readers if r.target.event == CHILD_ID)
        self._others = sorted((r for r in self.readers if r is not self._child), key=lambda r: bool(r.target.field))
        self._width = len(table.grid.rows[table.header - 1])
        self._at = {column.header: column.at for column in table.columns}
        self._headers = {r.key: r.header for r in self.readers}
        self._doubtful = self._month_first()
        self._days: dict[str, date | None] = {}
        self.aside: dict[tuple[str, str], list[int]] = {}

    def _reader(self, at: int, header: str, target: Target | None) -> _Reader | None:
        if target is None:
            return None
        register = self._register
        is_day = holds_days(register, target)
        read: Callable[[str], str] = Answers(register, target) if target.field else cells.text_of
        if target.event in ASSIGNED:
            read = _named
        own_day = dates_itself(register, target)
        needs = str(Target(target.event, n=target.n)) if target.field and not own_day else ""
        event = str(Target(target.event, n=target.n))
        decides = decisive(register, target)
        also = {str(beside): value_words(register, beside) for beside in beside_it(register, target)}
        return _Reader(at, header, target, str(target), read, is_day, needs, event, decides, also if decides else {})

    def _month_first(self) -> bool:
        """Whether the table writes the month first: then a day that could be either would be read wrong."""
        texts: Counter[str] = Counter()
        at = [reader.at for reader in self.readers if reader.is_day]
        for row in self._table.grid.rows[self._table.header :]:
            texts.update([row[n] for n in at if n < len(row)])
        orders: Counter[int] = Counter()
        for text, count in texts.items():
            orders[cells.order_of_day(text.strip())] += count
        return orders[-1] >= ENOUGH_MONTH_FIRST and not orders[1]

    def read(self, n: int, row: Sequence[str]) -> Row | Refusal:
        """One row, or why it is refused."""
        table, stood = self._table, Cells(self._at, row)
        if n in table.grid.broken:
            return Refusal(table.name, n, "", row[0][:80], table.grid.broken[n], {"": row[0]})
        if table.grid.exact and (why := self._misshapen(row)):
            return Refusal(table.name, n, "", "", why, stood)
        column = self._child
        try:
            child = cells.child_id(cells.text_of(cells.trimmed(_cell(row, column.at))))
            days: dict[str, date] = {}
            texts: dict[str, str] = {}
            there: set[str] = set()
            for column in self._others:
                if cell := cells.trimmed(_cell(row, column.at)):
                    self._take(n, column, cell, days, texts, there)
        except Unreadable as why:
            return Refusal(table.name, n, column.header, _cell(row, column.at).strip(), str(why), stood)
        return Row(self._register.name, table.name, n, child, days, texts, stood, self._headers)

    def _misshapen(self, row: Sequence[str]) -> str:
        if len(row) > self._width and any(map(str.strip, row[self._width :])):
            return f"the row has more cells ({len(row)}) than the header has columns ({self._width})"
        if len(row) < self._width:
            return f"the row has fewer cells ({len(row)}) than the header has columns ({self._width})"
        return ""

    def _take(
        self, n: int, column: _Reader, cell: str, days: dict[str, date], texts: dict[str, str], there: set[str]
    ) -> None:
        """Take one cell. `there` are the events whose day the row has: an answer goes with its event or is left out."""
        target = column.target
        if column.needs and column.needs not in there:
            self._without_day(n, column, cell, texts)
            return
        if column.is_day:
            day = self._day(cell)
            if day is not None:
                days[column.key] = day
                there.add(column.event)
            return
        text = column.read(cell)
        if target.event == OF_REGISTER and text != self._register.name:
            raise Unreadable(f"the row is of another register than {self._register.name}")
        if text and target.event != OF_REGISTER:
            texts[column.key] = text
        for key, words in column.also.items():
            # "Stepped down to CIN" is two answers in one cell; a column of its own counts before it.
            if answer := words.get(folded(cell)):
                texts.setdefault(key, answer)

    def _without_day(self, n: int, column: _Reader, cell: str, texts: dict[str, str]) -> None:
        """An answer whose event has no day: one that says what became of a case is kept, to stand in `gaps`."""
        if column.decides:
            try:
                answer = column.read(cell)
            except Unreadable:
                answer = cell
            if answer in column.decides:
                texts[column.key] = answer
            if answer in column.decides or not answer:
                return
        why = f"the row has no day of the {column.target.event} that it belongs to"
        self.aside.setdefault((column.header, why), []).append(n)

    def _day(self, cell: str) -> date | None:
        if cell not in self._days:
            self._days[cell] = self._day_of(cell)
        return self._days[cell]

    def _day_of(self, cell: str) -> date | None:
        if cell.casefold() in NO_DAY:
            return None
        if self._doubtful and cells.could_be_either(cell):
            raise Unreadable("the file writes the month first, so this could be two days: say the day first")
        return cells.spreadsheet_day(cell)


def _named(cell: str) -> str:
    """Whose a case is, in one line."""
    return " ".join(cells.text_of(cell).split())


def _cell(row: Sequence[str], at: int) -> str:
    return row[at] if at < len(row) else ""
