"""What is wrong with a register in plain words, and what to do about it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from shlex import quote
from typing import TYPE_CHECKING

from cictrack import __version__
from cictrack.store import verifying
from cictrack.store.disguised import looks_encrypted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from cictrack.store.verifying import Check

HEADER = b"SQLite format 3\0"
MEGABYTE = 1_000_000
NOT_TO_BE_MADE_AGAIN = frozenset({verifying.FILE, verifying.PAGES, verifying.REFERENCES, verifying.EVENTS})
"""The checks of what no command derives anew."""

BEGINNINGS = {
    b"PK": "It is a workbook or an archive. To read a workbook: cictrack import table FILE --register R.",
    b"%PDF": "It is a PDF, and no register.",
    b"{": "It is text: perhaps an export of events. To read one: cictrack import events FILE --create.",
}
"""What a file that is no database begins with, and what it is then."""

KEPT_AS_IT_IS = "Record nothing more in it, and keep the file as it is."
EARLIER = "A backup from before, checked first: cictrack --db NEW.db restore BACKUP"


def looked_at(path: Path) -> Iterator[str]:
    """What can be seen of the file and the machine without opening the register."""
    yield f"cictrack {__version__}, Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}."
    if not path.exists():
        yield "Wrong: nothing is there."
        yield "  If it was moved, name it: cictrack --db FILE doctor. If there is a backup: cictrack restore BACKUP."
        yield "  To begin with an empty one: cictrack init."
        return
    if not path.is_file():
        yield "Wrong: it is a folder or a device, not a file. Name the file in it: cictrack --db FILE doctor."
        return
    yield from _file(path)
    yield from _folder(path)


def _file(path: Path) -> Iterator[str]:
    size = path.stat().st_size
    try:
        with path.open("rb") as file:
            begins = file.read(len(HEADER))
    except OSError as error:
        yield f"Wrong: it cannot be read: {error.strerror}. Ask whoever owns it to let you."
        return
    if begins == HEADER:
        yield f"It is a database of {size / MEGABYTE:.1f} MB."
    elif not size:
        yield "Wrong: it is empty (0 bytes). It may be what is left of a register: look for a backup."
    elif looks_encrypted(path):
        yield "It does not begin as a database does: it is encrypted, or damaged. Only its key can tell."
    elif not begins.strip(b"\0"):
        yield "Wrong: it begins with zeros, as a file does that a disk or a synchronised folder lost."
    else:
        known = next((said for begin, said in BEGINNINGS.items() if begins.startswith(begin)), "")
        yield f"Wrong: it does not begin as a database does. {known or 'Perhaps damaged, encrypted, or another thing.'}"


def _folder(path: Path) -> Iterator[str]:
    folder = path.resolve().parent
    free = shutil.disk_usage(folder).free
    if free < max(path.stat().st_size * 2, 10 * MEGABYTE):
        yield f"Worth knowing: {free / MEGABYTE:.0f} MB are free on its disk; a recording or a backup may not fit."
    if not (os.access(path, os.W_OK) and os.access(folder, os.W_OK)):
        yield "Worth knowing: it or its folder cannot be written by you: lists work, and nothing can be recorded."
    if path.with_name(path.name + "-journal").exists():
        yield (
            "Worth knowing: a journal lies beside it: a command is at work, or one was stopped half-way. The next"
            " command puts that right. Never delete or move the journal by itself."
        )


def advice(found: Sequence[Check], path: Path) -> list[str]:
    """What to do about the checks that fail or warn: one thing once, and first what must not wait."""
    db = f"cictrack --db {quote(str(path))}"
    if any(not check.ok and check.check in NOT_TO_BE_MADE_AGAIN for check in found):
        if looks_encrypted(path):
            key = f"Where it is encrypted and the key is at hand, look again: cictrack --key-file FILE{db[8:]} doctor"
            return [key, KEPT_AS_IT_IS, EARLIER]
        recover = f"Every event that can still be read, into a new file: {db} recover NEW.db"
        return [KEPT_AS_IT_IS, EARLIER, recover]
    steps = {
        verifying.DERIVED: f"What was recorded is not touched. Derive the rows again: {db} verify --rebuild",
        verifying.TABLES: f"Another program changed the file. Take the events into a new one: {db} recover NEW.db",
        verifying.TRAIL: "What was recorded holds, but not who exported what: tell whoever answers for the data.",
        verifying.CALENDAR: "Install a newer cictrack, which knows more bank holidays.",
        verifying.CLOCK: "Set the machine's clock. What was recorded while it was wrong is not lost.",
        verifying.MODE: f"Let nobody else read it: chmod 600 {quote(str(path))}",
        verifying.FILE: "Any command that lists or records brings it to this version.",
    }
    return list(dict.fromkeys(steps[check.check] for check in found if check.check in steps))
