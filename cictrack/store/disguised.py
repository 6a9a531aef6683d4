"""Telling an encrypted file from one of another kind, without a key: it looks like random bytes from its first on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ONE_PAGE = 4096
RANDOM = 240
"""So many of the 256 bytes occur on an encrypted page; on 4,096 random bytes all but a few hundredths of one do."""
OTHERS = (b"SQLite format 3\0", b"PK", b"%PDF", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8")
"""What files of other kinds begin with, some of which look as random."""


def looks_encrypted(path: Path | str) -> bool:
    """Whether the file begins as random bytes do: encrypted, or damaged through and through."""
    with open(path, "rb") as file:  # noqa: PTH123 - a name or a path
        first = file.read(ONE_PAGE)
    return len(set(first)) >= RANDOM and not first.startswith(OTHERS)
