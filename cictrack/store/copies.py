"""Copies of a register: one consistent file made while others write, checked before it has its name, and put back."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from cictrack.errors import Damaged, Locked, Refused
from cictrack.store.chain import head_text
from cictrack.store.opening import open_as_it_is, to_hold_alone
from cictrack.store.verifying import failing, recorded_since

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cictrack.pathway.events import Event

BESIDE = ("-journal", "-wal", "-shm")
"""What SQLite keeps beside a file: played back into another file of the same name, it destroys that one."""


class Copy(NamedTuple):
    """How many events a copy holds, the head of its chain, and the moment of its last recording (empty without)."""

    events: int
    head: str
    at: str


class Restored(NamedTuple):
    """What was put back, where the register that was there lies now, and how many of its events only it has.

    `only_aside` is None where that cannot be told: it cannot be read, or is no later state of the copy.
    """

    copy: Copy
    aside: Path | None
    only_aside: int | None


def back_up(register: Path | str, into: Path, *, keep: int, force: bool, first: Callable[[Copy], None]) -> Copy:
    """Write one consistent copy at `into`, for its owner alone, while others go on writing.

    `first` is done when the copy was checked, before it has its name. A copy that is there is refused (Refused), or
    written over with `force`; with `keep` it moves on to `NAME.1`, that to `NAME.2`, so that `keep` of them are there.
    Raises Damaged where the copy does not hold: then none is left.
    """
    _refuse_unless_free(into, force=force or keep > 1)
    with part_of(into) as part:
        with closing(open_as_it_is(register)) as db:
            _copy(db, part)
        copy = _held(part)
        first(copy)
        for older in range(keep - 1, 0, -1):
            _move_on(numbered(into, older - 1), numbered(into, older))
        part.replace(into)
    sync_folder(into)
    return copy


def numbered(path: Path, older: int) -> Path:
    """The name of a copy so many copies old: `north.db`, `north.1.db`, `north.2.db`."""
    return path.with_name(f"{path.stem}.{older}{path.suffix}") if older else path


def _move_on(old: Path, new: Path) -> None:
    if old.exists() and not old.is_symlink():
        old.replace(new)


def restore(backup: Path, path: Path, aside: Path) -> Restored:
    """Make a copy the register at `path`; what is there is put `aside`, and whoever still writes to it is refused.

    Raises Damaged where the copy does not hold, Locked where another process holds the register for long.
    """
    with closing(open_as_it_is(backup)) as db, part_of(path) as part:
        _copy(db, part)
        copy = _held(part)
        there, lost = path.exists(), None
        with _held_alone(path) as old:
            if old is not None:
                lost = recorded_since(old, copy.head)
            _swap(part, path, aside, old)
    sync_folder(path)
    return Restored(copy, aside if there else None, lost)


def erasures_of(path: Path) -> list[Event]:
    """The erasures that a register holds; none where it cannot be read."""
    from cictrack.store.erasing import purges

    try:
        with closing(open_as_it_is(path)) as db:
            return purges(db)
    except (Refused, sqlite3.DatabaseError):
        return []


def _swap(part: Path, path: Path, aside: Path, old: sqlite3.Connection | None) -> None:
    """Give the new file the name, and the old one another; there is a register under the name at every moment."""
    if old is not None and os.name == "nt":
        # Windows moves no file that is open.
        old.close()
    linked = False
    if path.exists():
        try:
            os.link(path, aside)
            linked = True
        except OSError:
            path.replace(aside)
    for end in BESIDE:
        _move_on(path.with_name(path.name + end), aside.with_name(aside.name + end))
    try:
        part.replace(path)
    except OSError:
        if linked:
            # Of one register with two names each name would have a journal of its own.
            aside.unlink()
        raise


@contextmanager
def _held_alone(path: Path) -> Iterator[sqlite3.Connection | None]:
    """The register that is to go, held so that nobody writes to it; None where it is too damaged to be held."""
    try:
        db = to_hold_alone(path)
    except Locked:
        raise
    except (Refused, sqlite3.DatabaseError):
        yield None
        return
    with closing(db):
        yield db


@contextmanager
def part_of(path: Path) -> Iterator[Path]:
    """An empty file for its owner alone beside `path`, that is gone afterwards unless it was given a name."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}. Nothing was done.") from error
    try:
        yield part
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}. Nothing was lost.") from error
    finally:
        for name in (part, *(part.with_name(part.name + end) for end in BESIDE)):
            name.unlink(missing_ok=True)


def _copy(db: sqlite3.Connection, part: Path) -> None:
    (reads_only,) = db.execute("PRAGMA query_only").fetchone()
    try:
        # A reader may write no file at all, the copy neither.
        db.execute("PRAGMA query_only = OFF")
        db.execute("VACUUM INTO ?", (str(part),))
    except sqlite3.OperationalError as error:
        raise Refused(f"No copy was made: {error}. Look at the disk.") from error
    finally:
        db.execute(f"PRAGMA query_only = {int(reads_only)}")
    with part.open("rb+") as file:
        os.fsync(file.fileno())


def _held(part: Path) -> Copy:
    """What a copy holds. Raises Damaged where it does not hold together."""
    with closing(open_as_it_is(part)) as db:
        wrong = failing(db)
        if wrong:
            raise Damaged(
                f"What was to be copied does not hold ({wrong}). Nothing was changed. Look into it: cictrack doctor"
            )
        (events,) = db.execute("SELECT count(*) FROM events").fetchone()
        (at,) = db.execute("SELECT max(at) FROM links").fetchone()
        return Copy(events, head_text(db), at or "")


def _refuse_unless_free(path: Path, *, force: bool) -> None:
    if path.is_symlink():
        raise Refused(f"{path} is a link, and is not written through. Name the file itself.")
    if path.is_dir():
        raise Refused(f"{path} is a folder. Name a file in it.")
    if path.exists() and not path.is_file():
        raise Refused(f"{path} is a pipe or a device, and is not written over. Name a file.")
    if path.exists() and not force:
        raise Refused(f"{path} is there already. Choose another name, keep several with --keep, or say --force.")


def sync_folder(path: Path) -> None:
    """Let the new name last as the content does; Windows does that by itself."""
    if os.name == "posix":
        folder = os.open(path.resolve().parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
