"""Encrypting, decrypting, changing the key: one new file beside the old, checked, then put in its place.

The old file's bytes are written over before it goes. That reaches what the disk lets a program reach: an SSD, a
snapshot, a synchronised folder or a backup may still hold them.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING

from cictrack.errors import Damaged, Locked, Refused
from cictrack.store import APPLICATION_ID, chain, cipher, trail
from cictrack.store.copies import part_of, sync_folder
from cictrack.store.opening import WAIT, open_as_it_is, open_register, uri_of
from cictrack.store.verifying import failing
from cictrack.store.writing import LOCKED, is_busy, writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cictrack.store.keys import Key

CHUNK = 1 << 20


def rewrite(path: Path, new: Key | None, did: str, by: str, keep: Callable[[], None]) -> None:
    """Write the register at `path` anew under another key, or as a plain file without one.

    `keep` is done when the new file was checked, before it has the name: there a new key is kept. Raises Damaged
    where the register does not hold, Locked where another process holds it for long; then nothing was changed.
    """
    if path.is_symlink():
        raise Refused(f"{path} is a link, and would become a file beside what it names. Name the file itself.")
    with closing(open_register(path, write=True)):
        old = cipher.known(path)
    with held_alone(path, old) as db, part_of(path) as part:
        _export(db, part, new)
        with _opened(part, new) as made:
            with writing(made):
                trail.keep(made, did, by, {"head": chain.head_text(made)})
            wrong = failing(made)
            if wrong or chain.head(made) != chain.head(db):
                raise Damaged(f"What would be written does not hold ({wrong or 'its chain'}). Nothing was changed.")
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        keep()
        _swap(part, path, db)


@contextmanager
def _opened(part: Path, key: Key | None) -> Iterator[sqlite3.Connection]:
    """The new file as every command opens it, with this key and no other."""
    with ExitStack() as stack:
        if key:
            stack.enter_context(closing(cipher.connect(uri_of(part, writable=True), WAIT, part, key)))
        yield stack.enter_context(closing(open_register(part, write=True)))


def is_encrypted(path: Path) -> bool:
    """Whether the register at `path` is; it is opened, so that one that cannot be is refused."""
    with closing(open_as_it_is(path)):
        return cipher.known(path) is not None


@contextmanager
def held_alone(path: Path, key: Key | None, wait: float = WAIT) -> Iterator[sqlite3.Connection]:
    """The register, which no other process reads or writes until the end, though a transaction ends."""
    db = cipher.with_key(uri_of(path, writable=True), wait, key)
    try:
        db.execute("PRAGMA temp_store = 2")
        db.execute("PRAGMA main.locking_mode = EXCLUSIVE")
        db.execute("BEGIN EXCLUSIVE")
        db.execute("COMMIT")
        yield db
    except sqlite3.OperationalError as error:
        if is_busy(error):
            raise Locked(LOCKED) from error
        raise Refused(f"Nothing was done: {error}. Look at the disk.") from error
    finally:
        db.close()


def _export(db: sqlite3.Connection, part: Path, key: Key | None) -> None:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    # An empty key is a plain file.
    db.execute("ATTACH ? AS part KEY ?", (str(part), key.for_attach() if key else ""))
    db.execute("PRAGMA part.synchronous = 2")
    db.execute("SELECT sqlcipher_export('part')").fetchone()
    db.execute(f"PRAGMA part.application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA part.user_version = {int(version)}")
    db.execute("DETACH part")


def _swap(part: Path, path: Path, db: sqlite3.Connection) -> None:
    """Give the new file the name, and write over the old one, which has none any more."""
    if os.name == "nt":
        # Windows gives nobody the name of a file that is open.
        db.close()
        old = path.with_name(part.name + ".old")
        path.replace(old)
        part.replace(path)
        with old.open("rb+") as file:
            _write_over(file.fileno())
        old.unlink()
        return
    with path.open("rb+") as file:
        part.replace(path)
        sync_folder(path)
        _write_over(file.fileno())
        db.close()


def _write_over(file: int) -> None:
    left = os.fstat(file).st_size
    os.lseek(file, 0, os.SEEK_SET)
    while left > 0:
        left -= os.write(file, bytes(min(CHUNK, left)))
    os.fsync(file)
