"""A line typed on a terminal of its own: answers and errors come on one screen, and questions are asked."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from typed import words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from typed import Typed


def on_a_terminal(
    typed: Typed, line: str, answer: str = "", meanwhile: Callable[[], object] | None = None
) -> tuple[int, str]:
    """Its status and all that was seen; `meanwhile` is done when it has asked, before it is answered."""
    pty, select = pytest.importorskip("pty"), pytest.importorskip("select")
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "cictrack", "--db", str(typed.path), *words_of(line)]
    surroundings = {**os.environ, "NO_COLOR": "1", "TERM": "xterm", "PAGER": "cat"}
    ran = subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs, env=surroundings)
    os.close(theirs)
    seen = b""
    while select.select([ours], [], [], 60)[0]:
        try:
            part = os.read(ours, 65536)
        except OSError:  # Linux says so when the other end is closed
            break
        seen += part
        if b"[y/N]" in seen and answer:
            if meanwhile:
                meanwhile()
            os.write(ours, answer.encode() + b"\n")
            answer = ""
        if not part:
            break
    os.close(ours)
    return ran.wait(60), seen.decode()
