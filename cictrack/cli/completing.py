"""What a shell offers while a line is typed: child ids, and the teams, workers and others a register knows.

It never makes, changes or complains of anything: where there is no register there is nothing to offer.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from cictrack.cli.opened import Root
from cictrack.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    import click


def child_ids(ctx: click.Context, beginning: str) -> list[str]:
    """The ids that begin as typed, of the children the register knows."""
    from cictrack.store.named import ids_beginning

    return _asked(ctx, lambda db: ids_beginning(db, beginning))


def assigned(ctx: click.Context, param: click.Parameter, beginning: str) -> list[str]:
    """The teams, workers and others that begin as typed, of the open cases."""
    from cictrack.store.named import assigned_beginning

    return _asked(ctx, lambda db: assigned_beginning(db, str(param.name), beginning))


def _asked(ctx: click.Context, question: Callable[[sqlite3.Connection], list[str]]) -> list[str]:
    from cictrack.store.opening import open_register

    try:
        with closing(open_register(Root(ctx.find_root().params.get("db")).path)) as db:
            return question(db)
    except (Refused, sqlite3.Error):
        return []
