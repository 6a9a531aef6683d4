"""A register under attack: commands as processes that are killed or whose writes fail, and what must hold after."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from cictrack.store.derive import differences
from cictrack.store.opening import open_as_it_is, open_register
from cictrack.store.verifying import failing

ROOT = Path(__file__).parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "CICTRACK_USER": "tester"}
ENDINGS = (0, 1, 4, 5)
"""Exit statuses by which a command may say that it could not write."""


class Ended(NamedTuple):
    """How a process ended: its status (negative: by which signal), and what it said on stderr."""

    status: int
    err: str


def command(register: Path, *words: str) -> list[str]:
    """A command line as a process of its own."""
    return [sys.executable, "-m", "cictrack", "--db", str(register), *words]


def run(register: Path, *words: str, under: tuple[str, ...] = (), killed_after: float | None = None) -> Ended:
    """Run a command to its end, under another program, or until it is killed so many seconds after its start."""
    with subprocess.Popen(
        [*under, *command(register, *words)], env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        try:
            _, err = process.communicate(timeout=killed_after)
        except subprocess.TimeoutExpired:
            process.kill()
            _, err = process.communicate()
        return Ended(process.returncode, err.decode(errors="replace"))


def ids(register: Path) -> set[str]:
    """The ids of every event."""
    with closing(open_as_it_is(register)) as db:
        return {id_ for (id_,) in db.execute("SELECT id FROM events")}


def texts(register: Path) -> set[str]:
    """The text of every note."""
    with closing(open_as_it_is(register)) as db:
        return {t for (t,) in db.execute("SELECT json_extract(fields, '$.note') FROM events WHERE kind = 'note'")}


def is_whole(register: Path) -> None:
    """Its events are what was recorded, and its derived rows those that they give."""
    with closing(open_register(register)) as db:
        assert not failing(db)
        assert not list(differences(db))


def copied(of: Path, folder: Path, name: str) -> Path:
    """A copy of a register, without what was left beside an earlier one."""
    into = folder / name
    for end in ("", "-journal"):
        (folder / f"{name}{end}").unlink(missing_ok=True)
    shutil.copy(of, into)
    return into
