"""More processes that evaluate children meanwhile. Where there can be none all is done in this one, and is the same."""

from __future__ import annotations

import gc
import os
import pickle
import signal
from collections import deque
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import TYPE_CHECKING

from cictrack.store.evaluating import Derived, derived

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cictrack.pathway.settings import Settings
    from cictrack.store.evaluating import Part

MOST = 4
"""Processes: with more, they would wait for the one that writes."""

AHEAD = 40
"""Parts given away before their rows are asked for; rows that are ready wait in memory, packed."""


@contextmanager
def shared_out(parts: Iterable[Part], settings: Settings) -> Iterator[Iterator[Derived]]:
    """Share parts out at once, to take their rows, in the same order, when the caller wants them."""
    pool = _pool(settings)
    if pool is None:
        yield (derived(part, settings) for part in parts)
        return
    try:
        left = iter(parts)
        given = deque((part, _given(pool, part)) for part in islice(left, AHEAD))
        yield _taken(pool, given, left, settings)
    finally:
        pool.shutdown(cancel_futures=True)


def _pool(settings: Settings) -> ProcessPoolExecutor | None:
    # Spawned: by a fork the connection to the register would be carried into another process.
    try:
        most = min(os.cpu_count() or 1, MOST)
        return ProcessPoolExecutor(most, get_context("spawn"), _begin, (settings,)) if most > 1 else None
    except (OSError, ImportError, NotImplementedError):
        return None


def _given(pool: ProcessPoolExecutor, part: Part) -> Future[bytes]:
    try:
        return pool.submit(_answer, part)
    except (BrokenExecutor, OSError, RuntimeError) as error:
        failed: Future[bytes] = Future()
        failed.set_exception(BrokenExecutor(str(error)))
        return failed


def _taken(
    pool: ProcessPoolExecutor, given: deque[tuple[Part, Future[bytes]]], left: Iterator[Part], settings: Settings
) -> Iterator[Derived]:
    while given:
        part, answer = given.popleft()
        given.extend((more, _given(pool, more)) for more in islice(left, 1))
        try:
            yield pickle.loads(answer.result())  # noqa: S301 - our own process packed it
        except BrokenExecutor:
            yield derived(part, settings)


_settings: Settings


def _begin(settings: Settings) -> None:
    """In another process: an interrupt is for the first to answer, and when that is gone nobody waits."""
    global _settings  # noqa: PLW0603 - given once, when the process begins
    _settings = settings
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_leave_with_the_first, daemon=True).start()


def _leave_with_the_first() -> None:
    first = parent_process()
    if first is not None:
        first.join()
        os._exit(1)


def _answer(part: Part) -> bytes:
    return pickle.dumps(derived(part, _settings), pickle.HIGHEST_PROTOCOL)
