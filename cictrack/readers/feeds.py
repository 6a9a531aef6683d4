"""The kinds of file that can be imported: for each, what its rows say of one child."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from cictrack.readers.rows import Row
    from cictrack.readers.told import Told

    Tell = Callable[[str, Iterable[Row], date | None, date], Told]
    """Child, its rows, its day of birth where the register knows it, and the file's own day."""


def teller(feed: str) -> Tell:
    """What reads the rows of a kind of file as the life of a child."""
    from cictrack.readers import ssda903, table_lives, table_rows
    from cictrack.readers.annex_a_columns import LIST_8, LIST_10
    from cictrack.readers.annex_a_lives import list_8, list_10
    from cictrack.readers.lives import told

    return {ssda903.FEED: told, LIST_8.feed: list_8, LIST_10.feed: list_10, table_rows.FEED: table_lives.told}[feed]
