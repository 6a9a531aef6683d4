"""What a file holds, once it is known to be a file that ends: a pipe may never, and a device does not."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from cictrack.readers.refusals import Unreadable

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 100_000_000
"""Bytes: a hundred thousand rows of forty columns have forty million."""


def content_of(path: Path) -> bytes:
    """The bytes of a file. Raises Unreadable for a folder, a pipe or a device, and for a file that is too large."""
    if check_is_file(path) > LARGEST:
        raise Unreadable(f"the file has more than {LARGEST // 1_000_000} MB: divide it")
    return path.read_bytes()


def check_is_file(path: Path) -> int:
    """How many bytes a file has. Raises Unreadable where there is none that can be read to its end."""
    try:
        found = path.stat()
    except OSError as error:
        raise Unreadable(f"the file cannot be read: {error.strerror}") from error
    if stat.S_ISDIR(found.st_mode):
        raise Unreadable("this is a folder, not a file")
    if not stat.S_ISREG(found.st_mode):
        raise Unreadable("this is a pipe or a device: save what comes from it as a file")
    return found.st_size
