"""SSDA903, the return on children looked after: its files told apart by their columns, its rows read or refused.

Which rows say what of a child's life is in `lives`; this module knows cells, and no pathway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.errors import Refused
from cictrack.readers import cells
from cictrack.readers.codes import CODES
from cictrack.readers.refusals import Refusal, Unreadable
from cictrack.readers.rows import Read, Row
from cictrack.readers.tables import HEADER, Line, Table, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

FEED = "ssda903"
"""What sources of these events begin with, and the name under which registers say what they read of it."""

COLUMNS: Mapping[str, frozenset[str]] = {
    name: frozenset(columns.split())
    for name, columns in {
        "header": "CHILD SEX DOB ETHNIC UPN MOTHER MC_DOB",
        "episodes": "CHILD DECOM RNE LS CIN PLACE PLACE_PROVIDER DEC REC REASON_PLACE_CHANGE HOME_POST PL_POST URN",
        "placed_adoption": "CHILD DOB DATE_PLACED DATE_PLACED_CEASED REASON_PLACED_CEASED",
        "ad1": "CHILD DOB DATE_INT DATE_MATCH FOSTER_CARE NB_ADOPTR SEX_ADOPTR LS_ADOPTR",
        "missing": "CHILD DOB MISSING MIS_START MIS_END",
        "reviews": "CHILD DOB REVIEW REVIEW_CODE",
        "sw_episodes": "CHILD DOB SW_ID SW_DECOM SW_DEC SW_REASON",
        "oc2": "CHILD DOB SDQ_SCORE SDQ_REASON CONVICTED HEALTH_CHECK IMMUNISATIONS TEETH_CHECK HEALTH_ASSESSMENT"
        " SUBSTANCE_MISUSE INTERVENTION_RECEIVED INTERVENTION_OFFERED",
        "oc3": "CHILD DOB IN_TOUCH ACTIV ACCOM",
        "uasc": "CHILD SEX DOB DUC",
        "prev_perm": "CHILD DOB PREV_PERM LA_PERM DATE_PERM",
        "dolo": "CHILD DOB DOLO_START DOLO_END",
    }.items()
}

DAYS: Mapping[str, tuple[str, ...]] = {
    "header": ("DOB",),
    "episodes": ("DECOM", "DEC"),
    "placed_adoption": ("DOB", "DATE_PLACED", "DATE_PLACED_CEASED"),
    "ad1": ("DOB", "DATE_INT", "DATE_MATCH"),
    "missing": ("DOB", "MIS_START", "MIS_END"),
    "reviews": ("DOB", "REVIEW"),
    "sw_episodes": ("DOB", "SW_DECOM", "SW_DEC"),
}
"""The days of each table that is used; the other tables are recognised, and their rows counted as not used."""

NEEDED: Mapping[str, tuple[str, ...]] = {
    "episodes": ("DECOM",),
    "placed_adoption": ("DATE_PLACED",),
    "missing": ("MIS_START",),
    "reviews": ("REVIEW",),
    "sw_episodes": ("SW_DECOM", "SW_ID"),
}
"""The cells without which a row says nothing."""

ENOUGH_MONTH_FIRST = 3
"""So many days that can only be month first, and none that can only be day first, condemn the ambiguous ones too."""


def files(paths: Iterable[Path]) -> list[tuple[Path, str]]:
    """The csv files of a return with the names that refusals call them: those given, and those of folders given.

    Raises Refused when a folder holds none.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        inside = [path]
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if _is_of_a_return(p))
            if not inside:
                raise Refused(f"No csv files in {path}. Give the folder or the files of the return.")
        found |= {p.resolve(): p for p in inside}
    names = [p.name for p in found.values()]
    return [(p, p.name if names.count(p.name) == 1 else str(p)) for p in found.values()]


def _is_of_a_return(path: Path) -> bool:
    """Whether a file of a folder is meant: no hidden one, nor what a spreadsheet leaves beside an open file."""
    return path.suffix.lower() == ".csv" and path.name[0] not in "._~" and not path.is_dir()


def read_file(path: Path, name: str) -> Read:
    """Read one file: its table told by its columns, each row read or refused."""
    table = read_table(path, name)
    if not table.columns:
        return Read(FEED, name, table.sha256, table.encoding, "", (), 0, table.refused)
    kinds = _kinds(table.columns)
    kind = kinds[0] if kinds else ""
    if len(kinds) != 1:
        why = f"the columns fit {' and '.join(kinds)}: one table a file" if kinds else _unknown(table.columns)
        refusal = Refusal(name, HEADER, "", ",".join(table.columns)[:80], why)
        return Read(FEED, name, table.sha256, table.encoding, "", (), 0, [refusal])
    if kind not in DAYS:
        return Read(FEED, name, table.sha256, table.encoding, kind, (), len(table.lines), table.refused)
    rows: list[Row] = []
    refused = list(table.refused)
    doubtful = _month_first(table, DAYS[kind])
    for line in table.lines:
        row = _row(kind, name, line, doubtful=doubtful)
        if isinstance(row, Row):
            rows.append(row)
        else:
            refused.append(row)
    return Read(FEED, name, table.sha256, table.encoding, kind, rows, 0, sorted(refused, key=lambda r: r.row))


def _kinds(columns: Sequence[str]) -> list[str]:
    """The tables whose columns are all there; other columns (LA, YEAR) may stand beside them, in any order."""
    present = frozenset(columns)
    return [name for name, wanted in COLUMNS.items() if wanted <= present]


def _unknown(columns: Sequence[str]) -> str:
    present = frozenset(columns)
    nearest = max(COLUMNS, key=lambda name: len(COLUMNS[name] & present) / len(COLUMNS[name] | present))
    lacking = sorted(COLUMNS[nearest] - present)
    if len(lacking) * 2 <= len(COLUMNS[nearest]):
        return f"not a table of SSDA903: nearest is {nearest}, which also has {', '.join(lacking)}"
    return "not a table of SSDA903: the columns are of none"


def _month_first(table: Table, columns: Sequence[str]) -> bool:
    """Whether the file writes the month first: then a day that could be either would be read wrong."""
    orders = [cells.order_of_day(line.cells[c].strip()) for line in table.lines for c in columns]
    return orders.count(-1) >= ENOUGH_MONTH_FIRST and 1 not in orders


def _row(kind: str, name: str, line: Line, *, doubtful: bool) -> Row | Refusal:
    texts = {column: cells.trimmed(cell) for column, cell in line.cells.items()}
    column = "CHILD"
    try:
        child = cells.child_id(texts[column])
        days: dict[str, date | None] = {}
        for column in DAYS[kind]:
            days[column] = cells.day(texts[column])
            if doubtful and cells.could_be_either(texts[column]):
                raise Unreadable("the file writes the month first, so this could be two days: say the day first")  # noqa: TRY301
        for column, known in CODES[kind].items():
            texts[column] = _code(column, texts[column], known)
        for column in NEEDED.get(kind, ()):
            if days.get(column, texts[column]) in {None, ""}:
                raise Unreadable("it is blank, and without it the row says nothing")  # noqa: TRY301
    except Unreadable as why:
        return Refusal(name, line.row, column, line.cells[column].strip(), str(why), line.cells)
    return Row(kind, name, line.row, child, days, texts, line.cells)


def _code(column: str, text: str, known: frozenset[str]) -> str:
    code = cells.code(text)
    if code and code not in known:
        raise Unreadable(f"no code of {column} in any year")
    return code
