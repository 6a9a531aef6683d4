"""Opening a register: what is no register is said to be none, and opening never makes a file.

Light on purpose: every command starts here. What only some commands need is imported where it is needed.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from cictrack.errors import Locked, Refused
from cictrack.store import APPLICATION_ID, VERSION
from cictrack.store.fingerprint import fingerprint
from cictrack.store.sealed import prove
from cictrack.store.writing import LOCKED, is_busy, writing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cictrack.store.keys import Key

WAIT = 30.0
"""Seconds that a command waits for another process to be done with the register."""

_PRAGMAS = {
    "foreign_keys": 1,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "recursive_triggers": 1,
    "secure_delete": 1,
    "synchronous": 2,
    "temp_store": 2,
}
"""Set and read back on every open. `recursive_triggers`: or INSERT OR REPLACE deletes past a trigger."""


def open_register(path: Path | str, *, write: bool = False, wait: float = WAIT) -> sqlite3.Connection:
    """The register at `path`, to read, or to write too.

    Raises Refused when there is none, or the file is another thing, or of another version; Locked when
    another process holds it longer than `wait` seconds. A register of an older version is migrated, and
    one whose rows were derived by other rules is derived again, once; where the file cannot be written
    that is done in memory.
    """
    _look_at(path)
    writable = _is_writable(path)
    if write and not writable:
        raise Refused(f"{path} cannot be written: look at the permissions of it and its folder, or work on a copy.")
    db = connect(path, wait, writable=writable)
    with _closed_if_refused(db):
        _check_identity(db, path)
        set_pragmas(db)
        current = _brought_up_to_date(db, path, writable=writable)
        if not write and current is db:
            prove(db)
            db.execute("PRAGMA query_only = ON")
    return current


def open_as_it_is(path: Path | str) -> sqlite3.Connection:
    """The register at `path` to look at: neither migrated nor derived again. Raises Refused as `open_register` does."""
    _look_at(path)
    db = connect(path, WAIT, writable=_is_writable(path))
    with _closed_if_refused(db):
        _check_identity(db, path)
        set_pragmas(db)
        db.execute("PRAGMA query_only = ON")
    return db


def to_hold_alone(path: Path | str, *, wait: float = WAIT) -> sqlite3.Connection:
    """The register at `path`, which no other process reads or writes until this is closed. Raises as `open_register`.

    A journal that was left beside it is played back first.
    """
    _look_at(path)
    db = connect(path, wait, writable=True)
    with _closed_if_refused(db):
        _check_identity(db, path)
        set_pragmas(db)
        db.execute("BEGIN EXCLUSIVE")
    return db


@contextmanager
def _closed_if_refused(db: sqlite3.Connection) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        db.close()
        if isinstance(error, sqlite3.OperationalError) and is_busy(error):
            raise Locked(LOCKED) from error
        raise


def _is_writable(path: Path | str) -> bool:
    return os.access(path, os.W_OK) and os.access(os.path.dirname(os.path.abspath(path)), os.W_OK)  # noqa: PTH100, PTH120


def own_today(db: sqlite3.Connection) -> date | None:
    """The register's own today, if it carries one."""
    found = _meta(db, "today")
    return date.fromisoformat(found) if found else None


def is_synthetic(db: sqlite3.Connection) -> bool:
    """Whether its children are invented."""
    return _meta(db, "synthetic") is not None


def warnings(db: sqlite3.Connection, path: Path | str) -> list[str]:
    """What a person should be told about the file before trusting a list made from it."""
    return [said for said in (mode_warning(db, path), clock_warning(db)) if said]


def mode_warning(db: sqlite3.Connection, path: Path | str) -> str:
    """That others can read the file; empty where they cannot, or its children are invented."""
    mode = os.stat(path).st_mode & 0o777  # noqa: PTH116 - as in `connect`
    if os.name != "posix" or not mode & 0o077 or is_synthetic(db):
        return ""
    return f"{path} can be read by others (mode {mode:04o}): chmod 600 {path}"


def clock_warning(db: sqlite3.Connection) -> str:
    """That something was recorded later than it is now; empty where the clock can be right."""
    (newest,) = db.execute("SELECT max(at) FROM links").fetchone()
    if not newest or newest <= datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"):
        return ""
    return (
        f"The newest recording is of {newest[:16].replace('T', ' ')} UTC, later than this machine's clock:"
        " one of the two is wrong, and so may be what is overdue."
    )


def _look_at(path: Path | str) -> None:
    if not os.path.exists(path):  # noqa: PTH110 - as in `connect`
        raise Refused(
            f"No register at {path}. Make one: cictrack init. Or try an invented one: cictrack --db sample.db"
        )
    if not os.path.isfile(path):  # noqa: PTH113 - as in `connect`
        kind = "a folder" if os.path.isdir(path) else "a device or a pipe"  # noqa: PTH112 - as in `connect`
        raise Refused(f"{path} is {kind}, not a register.")
    if os.path.getsize(path) == 0:  # noqa: PTH202 - as in `connect`
        raise Refused(
            f"{path} is empty (0 bytes): it is no register, and may be what is left of one. Nothing was done."
        )


def connect(path: Path | str, wait: float, *, writable: bool, key: Key | None = None) -> sqlite3.Connection:
    """The file as SQLite opens it, or SQLCipher where it is encrypted. Raises as `open_register` does.

    Readers open to write as well: after a killed writer, only who may write can roll its journal back.

    Whoever may not write into the folder cannot make a journal there, and so cannot write at all.
    """
    uri = uri_of(path, writable=writable)
    if key is None and "cictrack.store.cipher" in sys.modules:
        from cictrack.store.cipher import known

        key = known(path)
    if key is None:
        try:
            db = sqlite3.connect(uri, uri=True, timeout=wait, isolation_level=None)
        except sqlite3.OperationalError as error:
            raise Refused(f"{path} cannot be opened: {error}.") from error
        if not _is_encrypted(db, path):
            return db
        db.close()
    from cictrack.store import cipher

    return cipher.connect(uri, wait, path, key)


def uri_of(path: Path | str, *, writable: bool) -> str:
    """The file as SQLite is told of it, so that no file is made where none is."""
    # By hand: pathlib and urllib take a tenth of the start-up that every list has.
    name = os.path.abspath(path).replace(os.sep, "/")  # noqa: PTH100
    for mark, written in (("%", "%25"), ("?", "%3f"), ("#", "%23")):
        name = name.replace(mark, written)
    return f"file://{'' if name.startswith('/') else '/'}{name}?mode={'rw' if writable else 'ro'}"


def _is_encrypted(db: sqlite3.Connection, path: Path | str) -> bool:
    """Whether SQLite takes the file for none of its own, and it looks encrypted. Raises Locked as `writing` does."""
    try:
        db.execute("PRAGMA application_id").fetchone()
    except sqlite3.DatabaseError as error:
        if is_busy(error):
            db.close()
            raise Locked(LOCKED) from error
        if (error.sqlite_errorcode & 0xFF) == sqlite3.SQLITE_NOTADB:
            from cictrack.store.disguised import looks_encrypted

            return looks_encrypted(path)
    return False


def _check_identity(db: sqlite3.Connection, path: Path | str) -> None:
    try:
        (application,) = db.execute("PRAGMA application_id").fetchone()
        (version,) = db.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError as error:
        if is_busy(error):
            raise
        raise Refused(f"{path} is no register: {error}.") from error
    if application != APPLICATION_ID:
        raise Refused(f"{path} is a SQLite file of another program, not a register.")
    if version > VERSION:
        raise Refused(
            f"{path} was written by a newer cictrack (its version {version}, this one's {VERSION}): install that one."
        )


def set_pragmas(db: sqlite3.Connection) -> None:
    """Set what every connection has. Raises Refused where this SQLite cannot."""
    for name, value in _PRAGMAS.items():
        db.execute(f"PRAGMA {name} = {value}")
        (held,) = db.execute(f"PRAGMA {name}").fetchone()
        if held != value:
            raise Refused(f"This SQLite ({sqlite3.sqlite_version}) cannot set {name} to {value}: install a newer one.")


def _brought_up_to_date(db: sqlite3.Connection, path: Path | str, *, writable: bool) -> sqlite3.Connection:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version == VERSION and _meta(db, "fingerprint") == fingerprint(db):
        return db
    if writable:
        _rebuild_once(db)
        return db
    if version != VERSION:
        raise Refused(f"{path} is of an older version and cannot be written: copy it to where it can, and open that.")
    from cictrack.store.derive import known_at

    memory = known_at(db, None)
    db.close()
    return memory


def _rebuild_once(db: sqlite3.Connection) -> None:
    """Migrate and derive again in one transaction, unless another process did so while this one waited."""
    from cictrack.store.calendar import write_calendar
    from cictrack.store.derive import rebuild
    from cictrack.store.migrations import migrate
    from cictrack.store.progress import bar

    with writing(db), bar("The rules have changed: deriving every deadline again") as progress:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version < VERSION:
            migrate(db)
        elif _meta(db, "fingerprint") == fingerprint(db):
            return
        write_calendar(db)
        rebuild(db, progress, fingerprint(db))


def _meta(db: sqlite3.Connection, name: str) -> str | None:
    found = db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return found[0] if found else None
