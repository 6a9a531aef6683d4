"""Workbooks that were made to do harm, each through every import that takes one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hostile_books import BOOKS
from test_bad_files import Desk, desk, guarded, words_of

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["desk", "guarded"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["annex-a", "table", "minutes"])
@pytest.mark.parametrize("book", BOOKS.values(), ids=BOOKS)
def test_it_is_read_or_refused(desk: Desk, kind: str, book: Callable[[], bytes]) -> None:
    desk.imports(kind, book(), "sent.xlsx", *words_of(kind, "plo"))
