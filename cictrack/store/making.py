"""Making a register: a file of its own, filled in one transaction, never over another."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cictrack.errors import Refused
from cictrack.store.calendar import write_calendar
from cictrack.store.derive import rebuild
from cictrack.store.fingerprint import fingerprint
from cictrack.store.migrations import migrate
from cictrack.store.opening import WAIT, connect, set_pragmas
from cictrack.store.trail import MADE, keep
from cictrack.store.writing import writing

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from cictrack.store.keys import Key


def create(
    path: Path,
    by: str,
    *,
    today: date | None = None,
    synthetic: bool = False,
    make_folder: bool = False,
    content: Callable[[sqlite3.Connection], None] | None = None,
    key: Key | None = None,
) -> sqlite3.Connection:
    """A new and empty register at `path`, made by `by`, open to write; the file is for its owner alone.

    Raises Refused when something is there already. `make_folder` makes the folder too, for its owner
    alone. `today` is the register's own today; `synthetic` marks one whose children are invented. `content` writes
    what it holds in the same transaction, its trail too. With a `key` it is encrypted.
    """
    if make_folder:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError as error:
        raise Refused(f"{path} is there already, and is not written over. Choose another name.") from error
    except OSError as error:
        raise Refused(f"{path} cannot be made: {error.strerror}.") from error
    try:
        db = connect(path, WAIT, writable=True, key=key)
    except BaseException:
        path.unlink()
        raise
    try:
        set_pragmas(db)
        with writing(db):
            _fill(db, today, synthetic=synthetic)
            if content is None:
                keep(db, MADE, by, {"synthetic": synthetic})
            else:
                content(db)
    except BaseException:
        db.close()
        path.unlink()
        raise
    return db


def _fill(db: sqlite3.Connection, today: date | None, *, synthetic: bool) -> None:
    migrate(db)
    write_calendar(db)
    if today is not None:
        db.execute("INSERT INTO meta VALUES ('today', ?)", (today.isoformat(),))
    if synthetic:
        db.execute("INSERT INTO meta VALUES ('synthetic', 'yes')")
    rebuild(db, None, fingerprint(db))
