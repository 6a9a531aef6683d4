"""What a renderer is given: a title, columns and rows. It knows nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Column(NamedTuple):
    """A column: `key` is a promise (the csv header, the JSON key), `title` the heading a person sees.

    csv and json always hold every column; table, plain and markdown those that are `shown`.
    """

    key: str
    title: str = ""
    shown: bool = True
    right: bool = False

    @property
    def heading(self) -> str:
        """The heading a person sees: the title, or the key in words."""
        return self.title or self.key.replace("_", " ")


class Listing(NamedTuple):
    """Rows in the order they are to be read, one cell a column: text, numbers, None, or a list of texts.

    `footer` says how many of how many are shown, `notes` what a reader has to know before trusting a row.
    """

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[object, ...]]
    footer: str = ""
    empty: str = "Nothing to show."
    notes: tuple[str, ...] = ()
