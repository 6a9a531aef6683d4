"""What a renderer is given: a title, columns and rows. It knows nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


_DAYS = frozenset({"day", "new_day", "dob", "edd", "as_of"})
_ENDS_OF_DAYS = ("_on", "_until")


class Column(NamedTuple):
    """A column: `key` is a promise (the csv header, the JSON key), `title` the heading a person sees.

    csv, json, html and xlsx hold every column; table, plain and markdown those that are `shown`. A column to
    `write_in` is empty, and is to come back with what a meeting wrote into it.
    """

    key: str
    title: str = ""
    shown: bool = True
    right: bool = False
    write_in: bool = False

    @property
    def holds_days(self) -> bool:
        """Whether its texts are days, as its key says: then a sheet has them as days."""
        return self.key in _DAYS or self.key.endswith(_ENDS_OF_DAYS)

    @property
    def heading(self) -> str:
        """The heading a person sees: the title, or the key in words."""
        return self.title or self.key.replace("_", " ")


class Listing(NamedTuple):
    """Rows in the order they are to be read, one cell a column: text, numbers, None, or a list of texts.

    `footer` says how many of how many are shown, `notes` what a reader has to know before trusting a row.
    `first` names the columns that a person reads first, where every column is held.
    """

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[object, ...]]
    footer: str = ""
    empty: str = "Nothing to show."
    notes: tuple[str, ...] = ()
    first: tuple[str, ...] = ()

    def as_read(self) -> Listing:
        """The same cells with the columns as they are read: first, to write in, shown, and what is for machines."""
        order = sorted(range(len(self.columns)), key=lambda n: self._place(self.columns[n]))
        columns = tuple(self.columns[n] for n in order)
        return self._replace(columns=columns, rows=[tuple([row[n] for n in order]) for row in self.rows])

    def as_shown(self) -> Listing:
        """The same rows with the columns that people are shown, and no other."""
        shown = [n for n, column in enumerate(self.columns) if column.shown]
        rows = [tuple([row[n] for n in shown]) for row in self.rows]
        return self._replace(columns=tuple(self.columns[n] for n in shown), rows=rows)

    def _place(self, column: Column) -> tuple[int, int]:
        if column.key in self.first:
            return 0, self.first.index(column.key)
        return (1 if column.write_in else 2 if column.shown else 3), 0
