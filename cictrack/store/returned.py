"""The SELECTs of what is returned: which children a table may have rows of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import date


def children_with_a_case(
    db: sqlite3.Connection, register: str, since: date, until: date, kinds: Sequence[str] = ()
) -> list[str]:
    """The children with a case on `register` that opened by `until` and, as known now, had not closed before `since`.

    With them those of whose own record one of `kinds` is dated by `until`. In the order of their ids.
    """
    marks = ", ".join("?" * len(kinds))
    query = f"""SELECT child_id FROM cases WHERE register = ? AND void = 0 AND opened_on <= ?
        AND (closed_on IS NULL OR closed_on >= ?)
      UNION SELECT child_id FROM events WHERE register = 'child' AND kind IN ({marks}) AND day <= ?
      ORDER BY child_id"""  # noqa: S608 - question marks only
    last = until.isoformat()
    return [row[0] for row in db.execute(query, (register, last, since.isoformat(), *kinds, last))]
