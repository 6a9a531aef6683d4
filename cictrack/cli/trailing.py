"""What leaves a register is kept in its trail before it goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cictrack.cli.opened import Root, tell
from cictrack.errors import Locked, Refused
from cictrack.store.trail import BACKED_UP, EXPORTED, PACK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def keep_pack(
    *, as_of: str, since: str, head: str, into: str | None, names: bool, of: Mapping[str, Sequence[str]]
) -> None:
    """Keep that a pack is about to go out: of which cases, which day and since which, and the head that it names."""
    entry = {"as_of": as_of, "since": since, "head": head, "names": names, "into": into or "-", "of": of}
    _keep(PACK, entry, names=names)


def keep_export(*, rows: int, into: str | None, names: bool) -> None:
    """Keep that what the running command gives is about to go out: how many rows of it, and where to."""
    what = click.get_current_context().command_path.partition(" ")[2]
    _keep(EXPORTED, {"what": what, "rows": rows, "names": names, "into": into or "-"}, names=names)


def keep_backup(*, into: str, events: int, head: str) -> None:
    """Keep that a copy of the register is about to have its name."""
    _keep(BACKED_UP, {"into": into, "events": events, "head": head}, names=False)


def _keep(did: str, entry: dict[str, object], *, names: bool) -> None:
    """Add an entry to the trail of the running command's register.

    Where the register cannot be written, ids go out all the same and a line says so; names do not (Refused).
    """
    from contextlib import closing

    from cictrack.cli.cases import recorded_by
    from cictrack.store.opening import open_register
    from cictrack.store.trail import keep
    from cictrack.store.writing import writing

    root = click.get_current_context().find_object(Root)
    if root is None:
        raise RuntimeError("something was exported outside `cictrack`")
    try:
        with closing(open_register(root.path, write=True)) as db, writing(db):
            keep(db, did, recorded_by(), entry)
    except (Refused, Locked) as why:
        if names:
            raise type(why)(
                f"Names go out only when that is kept in the register's trail, and it cannot be. {why}"
            ) from why
        tell(f"The register's trail does not hold that this went out: {why}")
