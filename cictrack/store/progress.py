"""A progress bar on stderr for what takes long, when a terminal is there to see it."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Progress = Callable[[int, int], None]
    """Told how many of how many are done."""


@contextmanager
def bar(title: str) -> Iterator[Progress]:
    """A bar that is told `(done, of)`; without a terminal nothing is printed, and nothing imported."""
    if not sys.stderr.isatty():
        yield lambda _done, _of: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(title, total=None)
        yield lambda done, of: shown.update(task, completed=done, total=of)
