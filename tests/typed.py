"""Lines as people type them, run in this process against a register of their own."""

from __future__ import annotations

import shlex
import shutil
from typing import TYPE_CHECKING, NamedTuple

from click.testing import CliRunner

from cictrack.cli.main import cictrack

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TODAY = "2026-03-31"
OWN_DAY = "Today is 31 March 2026: this register carries its own day.\n"


def words_of(line: str) -> list[str]:
    r"""The words of a line as a POSIX shell has them, but for backslashes, which stand in Windows' paths."""
    words = shlex.shlex(line, posix=True, punctuation_chars=False)
    words.whitespace_split = True
    words.commenters = words.escape = ""
    return list(words)


class Answer(NamedTuple):
    """What a line printed and how it ended; `err` without the line about the register's own day."""

    status: int
    out: str
    err: str


class Typed:
    """A register on 31 March 2026, and somebody who types."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.does(f"init --today {TODAY}")

    @classmethod
    def copy_of(cls, other: Typed, path: Path) -> Typed:
        """The same register in a file of its own."""
        shutil.copy(other.path, path)
        typed = cls.__new__(cls)
        typed.path = path
        return typed

    def __call__(self, line: str) -> Answer:
        """Run a line, whatever comes of it."""
        return self.types(words_of(line))

    def types(self, words: Sequence[str]) -> Answer:
        """Run a line given word by word."""
        ran = CliRunner(env={"CICTRACK_USER": "tester", "CICTRACK_DB": str(self.path)}).invoke(cictrack, list(words))
        if ran.exception is not None and not isinstance(ran.exception, SystemExit):
            raise ran.exception
        return Answer(ran.exit_code, ran.stdout, ran.stderr.removeprefix(OWN_DAY))

    def does(self, line: str) -> str:
        """Run a line that must work; what it printed."""
        answer = self(line)
        assert answer.status == 0, answer.err
        return answer.out

    def is_refused(self, line: str, status: int = 1) -> str:
        """Run a line that must be refused, in one line and with the file untouched; that line."""
        before = self.path.read_bytes() if self.path.exists() else None
        answer = self(line)
        after = self.path.read_bytes() if self.path.exists() else None
        assert answer.status == status, (answer.status, answer.out, answer.err)
        assert answer.err.count("\n") == 1, answer.err
        assert answer.err.startswith("cictrack: ")
        assert after == before
        return answer.err.removeprefix("cictrack: ").rstrip("\n")
