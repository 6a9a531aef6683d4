"""The other engine: SQLCipher, for a register that is encrypted. Loaded only where one is met or made.

Its exceptions are given as those of `sqlite3`, so that whoever catches these catches both, and no other module knows
which engine it speaks to. A file that it has open is never opened by `sqlite3` in the same process: on POSIX, closing
that one would let go of the locks of this.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakSet

from cictrack.errors import Refused
from cictrack.store import keys

try:
    import sqlcipher3.dbapi2 as engine  # type: ignore[import-untyped]  # it has no types
except ImportError as error:
    raise Refused(
        "This register is encrypted or is to be, and what that needs is not installed:"
        " python -m pip install 'cictrack[encrypted]'"
    ) from error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cictrack.store.keys import Key

WRONG = "cannot be opened with this key: it is another file's, or an earlier one, or the file is damaged"

for _kind in (type(None), bytes):
    engine.register_adapter(_kind, lambda value: value)


@contextmanager
def _as_sqlite() -> Iterator[None]:
    try:
        yield
    except engine.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        said = str(error)
        kind: type[sqlite3.Error] = getattr(sqlite3, type(error).__name__, sqlite3.DatabaseError)
        if code == sqlite3.SQLITE_ERROR and said == "SQL logic error":
            # So it names a page whose seal is broken.
            kind, code, said = sqlite3.DatabaseError, sqlite3.SQLITE_CORRUPT, "a page is not what was encrypted"
        told = kind(said)
        told.sqlite_errorcode = code or 0
        raise told from None


class Cursor(engine.Cursor):  # type: ignore[misc]  # it has no types
    """A cursor that fails as `sqlite3`'s do."""

    def execute(self, *args: Any) -> Any:  # noqa: ANN401, D102 - sqlite3's
        with _as_sqlite():
            return super().execute(*args)

    def executemany(self, *args: Any) -> Any:  # noqa: ANN401, D102 - sqlite3's
        with _as_sqlite():
            return super().executemany(*args)

    def __next__(self) -> Any:  # noqa: ANN401 - sqlite3's
        try:
            return super().__next__()
        except engine.Error:
            with _as_sqlite():
                raise

    def fetchone(self) -> Any:  # noqa: ANN401, D102 - sqlite3's
        with _as_sqlite():
            return super().fetchone()

    def fetchall(self) -> Any:  # noqa: ANN401, D102 - sqlite3's
        with _as_sqlite():
            return super().fetchall()

    def fetchmany(self, *args: Any) -> Any:  # noqa: ANN401, D102 - sqlite3's
        with _as_sqlite():
            return super().fetchmany(*args)


class Connection(engine.Connection):  # type: ignore[misc]  # it has no types
    """A connection that fails as `sqlite3`'s do."""

    key: Key | None = None
    number: tuple[int, int] | None = None

    def close(self) -> None:  # noqa: D102 - sqlite3's
        _open.discard(self)
        super().close()

    def cursor(self, factory: type[Any] = Cursor) -> Any:  # noqa: ANN401, D102 - sqlite3's
        return super().cursor(factory)

    def execute(self, *args: Any) -> Any:  # noqa: ANN401, D102 - sqlite3's
        return self.cursor().execute(*args)

    def executemany(self, *args: Any) -> Any:  # noqa: ANN401, D102 - sqlite3's
        return self.cursor().executemany(*args)

    def executescript(self, *args: Any) -> Any:  # noqa: ANN401, D102 - sqlite3's
        with _as_sqlite():
            return self.cursor().executescript(*args)


_open: WeakSet[Connection] = WeakSet()
"""The connections to encrypted files that this process has."""


def known(path: Path | str) -> Key | None:
    """The key by which this process has the file open."""
    number = _number(path)
    return next((db.key for db in _open if db.number == number), None)


def connect(uri: str, wait: float, path: Path | str, key: Key | None) -> sqlite3.Connection:
    """Open the file with this key, or with the first that fits of those that are found.

    Raises Refused where none fits.
    """
    for one in [key] if key else keys.keys_of(Path(path)):
        db = with_key(uri, wait, one)
        if _fits(db):
            held = cast("Connection", db)
            held.key, held.number = one, _number(path)
            _open.add(held)
            keys.fitted(one)
            return db
        db.close()
    raise Refused(f"{path} {WRONG}.")


def with_key(uri: str, wait: float, key: Key | None) -> sqlite3.Connection:
    """A connection with this key, or to a plain file without one."""
    with _as_sqlite():
        db = engine.connect(uri, uri=True, timeout=wait, isolation_level=None, factory=Connection)
    # Else it writes a log of its own to stderr.
    db.execute("PRAGMA cipher_log_level = NONE")
    if key:
        db.execute(f"PRAGMA key = {key.as_sql()}")
    return cast("sqlite3.Connection", db)


def _fits(db: sqlite3.Connection) -> bool:
    try:
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        return error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_NOTADB
    return True


def _number(path: Path | str) -> tuple[int, int]:
    found = os.stat(path)  # noqa: PTH116 - a name or a path
    return found.st_dev, found.st_ino
