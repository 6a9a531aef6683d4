"""A list as it goes to a meeting: with empty columns for what is agreed there, to be read back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.render.listing import Column

if TYPE_CHECKING:
    from datetime import date

    from cictrack.render.listing import Listing


def to_write_in(listing: Listing, day: date) -> Listing:
    """The list with the day it was made for, and empty columns for a new day, an owner and a note.

    A list that says whose each row is has a column for the new owner.
    """
    owner = "new_owner" if any(column.key == "owner" for column in listing.columns) else "owner"
    blank = (None, None, None)
    return listing._replace(
        columns=(
            *listing.columns,
            Column("as_of", "list of"),
            *(Column(key, write_in=True) for key in ("new_day", owner, "note")),
        ),
        rows=[(*row, day.isoformat(), *blank) for row in listing.rows],
    )
