"""A list that comes back from a meeting: in each row what was written under new day, owner and note, and of which case.

Columns are found by their headers, wherever they stand; rows may be sorted, filtered or taken out.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from cictrack.pathway.events import CHILD as RECORD
from cictrack.readers import cells
from cictrack.readers.contents import content_of
from cictrack.readers.delimited import DELIMITERS, Grid, declared, decoded, separated
from cictrack.readers.headers import folded
from cictrack.readers.refusals import Refusal, Unreadable
from cictrack.readers.rows import Read
from cictrack.readers.workbooks import is_workbook, read_workbook
from cictrack.registers import names
from cictrack.whole import whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

FEED, LIST = "minutes", "list"
HEADER = 1
SHOWN = 80
NEW_DAY, OWNER, NEW_OWNER, NOTE = "new_day", "owner", "new_owner", "note"
_WRITTEN_IN = (NEW_DAY, OWNER, NEW_OWNER, NOTE)
_CALLED = {"child_id": "child", "title": "what", "due_on": "due", "as_of": "list of"}
"""What a sheet calls a column otherwise than its key."""

_OF_THE_ROW = (*("register", "child_id", "period", "id", "kind", "title", "text", "why", "due_on", "as_of"),)
_NEEDED = ("register", "child_id", NEW_DAY, NOTE)
_DAYS = (NEW_DAY, "due_on", "as_of")
_TASK = "task"
_OF_NO_CASE = (
    "the row is of no case, and an action or a note needs one: what is in doubt here is put right on the child's own"
    " record (cictrack child set, or the next return), or write it into a row of one of the child's cases"
)
_NONE_THERE = (
    "it has no columns register, child, new day, owner and note: export a list with --minutes, and write in that"
)


class Minute(NamedTuple):
    """What was written into one row: at least one of `new_day`, `owner` and `note` says something.

    `is_task` says that the row is an agreed action, of the id `task` where the list has ids. `about` is the action's
    text, or what was due; `due` and `whose` are as the list had them. `list_of` is the day the list was made for.
    """

    row: int
    register: str
    child_id: str
    period: int | None
    new_day: date | None
    owner: str
    note: str
    is_task: bool
    task: str
    about: str
    due: date | None
    whose: str
    list_of: date | None
    cells: Mapping[str, str]


class Minutes(NamedTuple):
    """A list that was read, and what was written into it; `read` has the rows refused, and those left as they were."""

    read: Read
    minutes: Sequence[Minute]


def read_minutes(path: Path) -> list[Minutes]:
    """Read the lists in the workbook or csv at `path`. A file without columns to write in is refused whole."""
    sha256 = ""
    try:
        content = content_of(path)
        sha256 = hashlib.sha256(content).hexdigest()
        found, encoding = _found(path, content)
    except Unreadable as why:
        refusal = Refusal(path.name, HEADER, "", "", str(why))
        return [Minutes(Read(FEED, path.name, sha256, "utf-8", "", (), 0, [refusal]), [])]
    lists = []
    for grid, columns in found:
        name = f"{path.name} {grid.name}" if len(found) > 1 else path.name
        minutes, refused, not_used = _read(name, grid, columns)
        lists.append(Minutes(Read(FEED, name, sha256, encoding, LIST, (), not_used, refused), minutes))
    return lists


def _found(path: Path, content: bytes) -> tuple[list[tuple[Grid, dict[str, int]]], str]:
    """The lists of a file with where their columns stand, and its encoding. Raises Unreadable when there is none."""
    grids, encoding = _grids(path, content)
    found = [(grid, columns) for grid in grids if (columns := _columns(grid))]
    if not found:
        raise Unreadable(_NONE_THERE)
    return found, encoding


def _grids(path: Path, content: bytes) -> tuple[list[Grid], str]:
    if is_workbook(content[:8]):
        return [Grid(sheet.name, sheet.rows, {}, exact=False) for sheet in read_workbook(path)], "utf-8"
    whole, encoding = decoded(content)
    text, delimiter = declared(whole)
    first = text.partition("\n")[0]
    return [separated(text, delimiter or max(DELIMITERS, key=first.count))], encoding


def _columns(grid: Grid) -> dict[str, int]:
    """Where each column stands; nothing when those to write in, or those that name a case, are not there."""
    header = grid.rows[0] if grid.rows else ()
    keys = (*_OF_THE_ROW, *_WRITTEN_IN)
    known = {folded(name): key for key in keys for name in (key, _CALLED.get(key, key))}
    at: dict[str, int] = {}
    for n, cell in enumerate(header):
        key = known.get(folded(cell))
        if key is not None and at.setdefault(key, n) != n:
            raise Unreadable(f"the header names {cell.strip()!r} twice, and which one counts cannot be told")
    there = all(key in at for key in _NEEDED) and (OWNER in at or NEW_OWNER in at)
    return at if there else {}


def _read(file: str, grid: Grid, columns: Mapping[str, int]) -> tuple[list[Minute], list[Refusal], int]:
    """What was written in, what was refused, and how many rows were left as they were."""
    minutes: list[Minute] = []
    refused: list[Refusal] = []
    not_used = 0
    header = grid.rows[0]
    month_first = _month_first(grid, columns)
    for row, line in enumerate(grid.rows[1:], HEADER + 1):
        if not any(cell.strip() for cell in line):
            continue
        if row in grid.broken:
            refused.append(Refusal(file, row, "", line[0][:SHOWN], grid.broken[row], {"": line[0]}))
            continue
        as_it_stood = {name: line[n] if n < len(line) else "" for n, name in enumerate(header) if name}
        try:
            _refuse_what_has_no_column(header, line, exact=grid.exact)
            minute = _Line(line, columns, of_csv=grid.exact, month_first=month_first).minute(row, as_it_stood)
        except _WrongCell as wrong:
            refused.append(Refusal(file, row, wrong.column, wrong.value[:SHOWN], str(wrong), as_it_stood))
            continue
        if minute is None:
            not_used += 1
        else:
            minutes.append(minute)
    return minutes, refused, not_used


def _month_first(grid: Grid, columns: Mapping[str, int]) -> bool:
    """Whether somewhere a day can only be month first: a spreadsheet set up so has written all of them that way."""
    at = [columns[key] for key in _DAYS if key in columns]
    return any(cells.order_of_day(line[n].strip()) < 0 for line in grid.rows[1:] for n in at if n < len(line))


class _WrongCell(Exception):  # noqa: N818 - it is caught a few lines up and becomes a refusal
    def __init__(self, column: str, value: str, why: str) -> None:
        super().__init__(why)
        self.column, self.value = column, value


def _refuse_what_has_no_column(header: Sequence[str], line: Sequence[str], *, exact: bool) -> None:
    named = {n for n, name in enumerate(header) if name.strip()}
    beyond = "; ".join(cell.strip() for n, cell in enumerate(line) if cell.strip() and n not in named)
    if beyond:
        raise _WrongCell("", beyond, "it stands beside the table, in no column that has a header")
    if exact and len(line) < len(header):
        raise _WrongCell("", "", f"{len(line)} cells, and the header has {len(header)} columns")


class _Line:
    """The cells of a row by the keys of their columns."""

    def __init__(self, line: Sequence[str], columns: Mapping[str, int], *, of_csv: bool, month_first: bool) -> None:
        self._month_first = month_first
        own = cells.restored if of_csv else str
        self._held = {key: own(line[n].strip()) if n < len(line) else "" for key, n in columns.items()}

    def minute(self, row: int, as_it_stood: Mapping[str, str]) -> Minute | None:
        """What the row says; None when nothing was written into it."""
        owner_key = NEW_OWNER if NEW_OWNER in self._held else OWNER
        new_day, owner, note = self._day(NEW_DAY), self._text(owner_key), self._text(NOTE)
        if not (new_day or owner or note):
            return None
        self._refuse_what_is_no_case()
        task = self._of("id")
        is_task = bool(task) or self._of("kind") == _TASK
        return Minute(
            row,
            self._of("register"),
            self._of("child_id").removesuffix(".0"),
            self._period(),
            new_day,
            owner,
            note,
            is_task,
            task,
            self._about(is_task=is_task),
            self._day("due_on"),
            self._of(OWNER) if owner_key == NEW_OWNER else "",
            self._day("as_of"),
            as_it_stood,
        )

    def _of(self, key: str) -> str:
        return self._held.get(key, "")

    def _text(self, key: str) -> str:
        try:
            return cells.text_of(cells.trimmed(self._of(key)))
        except Unreadable as why:
            raise _WrongCell(key, self._of(key), str(why)) from None

    def _day(self, key: str) -> date | None:
        if self._month_first and cells.could_be_either(self._of(key)):
            raise _WrongCell(
                key, self._of(key), "day first or month first? Other rows have the month first: save it as xlsx"
            )
        try:
            return cells.spreadsheet_day(cells.trimmed(self._of(key)))
        except Unreadable as why:
            raise _WrongCell(key, self._of(key), str(why)) from None

    def _period(self) -> int | None:
        text = self._of("period").removesuffix(".0")
        if not text:
            return None
        period = whole(text)
        if not period:
            raise _WrongCell("period", text, "not the number of a period")
        return period

    def _refuse_what_is_no_case(self) -> None:
        if self._of("register") == RECORD:
            raise _WrongCell("register", RECORD, _OF_NO_CASE)
        if self._of("register") not in names():
            raise _WrongCell("register", self._of("register"), f"no register: {', '.join(names())}")
        if not self._of("child_id"):
            raise _WrongCell("child_id", "", "no child id")
        if "period" in self._held and not self._of("period"):
            raise _WrongCell("period", "", _OF_NO_CASE)

    def _about(self, *, is_task: bool) -> str:
        """The action's text, or what was due or is missing."""
        if "text" in self._held:
            return self._of("text")
        return self._of("why") if is_task or "title" not in self._held else self._of("title")
