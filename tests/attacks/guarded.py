"""Lines run in a process of their own, so that one which hangs or asks for all memory ends that process and no other.

Run as a script this is the process: it reads lines of JSON, runs each in this interpreter, and answers each.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

PATIENCE = float(os.environ.get("CICTRACK_TEST_PATIENCE", "20"))
"""Seconds after which a line hangs. No line needs two; a machine that does ten things at once is given more."""
MEMORY = 2_000_000_000
STATUSES = frozenset({0, 1, 2, 3, 4, 5})


class Answer(NamedTuple):
    """What a line printed and how it ended; `broke` is its traceback, empty where it ended in one of its own ways."""

    status: int
    out: str
    err: str
    broke: str


class Guarded:
    """Somebody who types against registers, and is not waited for longer than `PATIENCE`."""

    def __enter__(self) -> Guarded:
        self._begin()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._end()

    def _begin(self) -> None:
        paths = os.pathsep.join(sys.path)
        environment = {**os.environ, "PYTHONPATH": paths, "CICTRACK_USER": "tester", "PYTHONIOENCODING": "utf-8"}
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        )

    def _end(self) -> None:
        self._process.kill()
        self._process.communicate()

    def types(self, folder: Path, *words: str, db: Path | None = None) -> Answer:
        """Run a line in a folder, against the register there or `db`; it must end by itself and without a traceback."""
        asked = {"folder": str(folder), "words": ["--db", str(db or folder / "register.db"), *words]}
        to, from_ = self._process.stdin, self._process.stdout
        assert to is not None
        assert from_ is not None
        to.write(json.dumps(asked).encode() + b"\n")
        to.flush()
        ready, _, _ = select.select([from_], [], [], PATIENCE)
        told = from_.readline() if ready else b""
        if not told:
            self._end()
            self._begin()
            raise AssertionError(f"{'it died' if ready else 'no end'}: {words}")
        answer = Answer(**json.loads(told))
        assert not answer.broke, f"{words}\n{answer.broke}"
        assert answer.status in STATUSES, (words, answer)
        return answer


def _serve() -> None:
    """Run line after line. What is printed by the lines goes nowhere but into the answers."""
    import traceback

    from click.testing import CliRunner

    from cictrack.cli.main import cictrack

    _limit_memory()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        os.chdir(asked["folder"])
        ran = CliRunner().invoke(cictrack, asked["words"])
        broke = ""
        if ran.exc_info is not None and not isinstance(ran.exception, SystemExit | None):
            broke = "".join(traceback.format_exception(*ran.exc_info))
        answers.write(json.dumps(Answer(ran.exit_code, ran.stdout, ran.stderr, broke)._asdict()).encode() + b"\n")
        answers.flush()


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def files_in(folder: Path) -> dict[str, bytes | None]:
    """Every file, folder and link below a folder, and what the files hold."""
    found: dict[str, bytes | None] = {}
    for path in sorted(folder.rglob("*")):
        holds = path.is_file() and not path.is_symlink()
        found[str(path.relative_to(folder))] = path.read_bytes() if holds else None
    return found


if __name__ == "__main__":
    _serve()
