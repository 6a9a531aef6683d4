"""What leaves a register is kept in its trail before it goes out."""

from __future__ import annotations

import click

from cictrack.cli.opened import Root, tell
from cictrack.errors import Locked, Refused


def keep_export(*, rows: int, into: str | None, names: bool) -> None:
    """Keep that what the running command gives is about to go out: how many rows of it, and where to.

    Where the register cannot be written, ids go out all the same and a line says so; names do not (Refused).
    """
    from contextlib import closing

    from cictrack.cli.cases import recorded_by
    from cictrack.store.opening import open_register
    from cictrack.store.trail import EXPORTED, keep
    from cictrack.store.writing import writing

    ctx = click.get_current_context()
    root = ctx.find_object(Root)
    if root is None:
        raise RuntimeError("something was exported outside `cictrack`")
    entry = {"what": ctx.command_path.partition(" ")[2], "rows": rows, "names": names, "into": into or "-"}
    try:
        with closing(open_register(root.path, write=True)) as db, writing(db):
            keep(db, EXPORTED, recorded_by(), entry)
    except (Refused, Locked) as why:
        if names:
            raise type(why)(
                f"Names go out only when that is kept in the register's trail, and it cannot be. {why}"
            ) from why
        tell(f"The register's trail does not hold this export: {why}")
