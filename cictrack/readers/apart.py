"""A process of its own in which workbooks are read: one that asks for all memory, or for ever, ends that process."""

from __future__ import annotations

import os
import signal
import sys
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from cictrack.readers.archives import DAMAGED
from cictrack.readers.refusals import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

Read = TypeVar("Read")

MEMORY = 2_000_000_000
"""Bytes of addresses: the largest workbook that is let in needs a third. Windows has no such bound."""
PATIENCE = 60
"""Seconds after which what is being read is given up; four million cells take ten."""
STANDARD_ERROR = 2


def read_apart(read: Callable[[bytes], Read], content: bytes) -> Read:
    """What `read` makes of `content`, in the other process; here, where none can be had.

    Raises Unreadable when `read` does, and when the process ended or did not end.
    """
    try:
        reader: _Reader[Read] = _reader(read)
    except (OSError, ImportError, NotImplementedError):
        return read(content)
    try:
        answer = reader.answer(content)
    except BaseException:
        _reader.cache_clear()
        reader.end()
        raise
    if isinstance(answer, Unreadable):
        raise answer
    return answer


@cache
def _reader(read: Callable[[bytes], Read]) -> _Reader[Read]:
    """Begun once: several workbooks are read one after the other."""
    return _Reader(read)


class _Reader(Generic[Read]):
    def __init__(self, read: Callable[[bytes], Read]) -> None:
        context = get_context("spawn")
        to_read, self._to = context.Pipe(duplex=False)
        self._from, answered = context.Pipe(duplex=False)
        self._process = context.Process(target=_serve, args=(to_read, answered, read), daemon=True)
        self._process.start()
        to_read.close()
        answered.close()

    def answer(self, content: bytes) -> Read | Unreadable:
        try:
            self._to.send_bytes(content)
            if self._from.poll(PATIENCE):
                told: Read | Unreadable = self._from.recv()
                return told
        except (EOFError, OSError):
            pass
        raise Unreadable(DAMAGED)

    def end(self) -> None:
        self._process.kill()
        self._to.close()
        self._from.close()


def _serve(to_read: Connection, answered: Connection, read: Callable[[bytes], Read]) -> None:
    """Read what comes until nothing comes. An interrupt is for the first process to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory()
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), STANDARD_ERROR)  # a panic prints itself there
    while True:
        try:
            content = to_read.recv_bytes()
        except EOFError:
            return
        try:
            answered.send(read(content))
        except Unreadable as why:
            answered.send(why)


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
