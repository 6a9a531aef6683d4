"""Where every export ends: written where it was asked for, and said."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cictrack.cli.opened import tell
from cictrack.cli.output import into_file, put_into
from cictrack.cli.trailing import keep_export
from cictrack.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

FORCE = click.option("--force", is_flag=True, help="Write over what is there.")
"""Above `@reading`, which puts it into what was asked."""


def ending_in(*endings: str) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    """A check of `--output`: a file whose name ends in one of these, or `-`."""

    def check(_ctx: click.Context, _param: click.Parameter, given: str | None) -> str | None:
        if given not in (None, "-") and not str(given).lower().endswith(endings):
            raise click.BadParameter(f"{given!r} does not end in {' or '.join(endings)}")
        return given

    return check


def give(
    chunks: Iterable[str] | bytes,
    *,
    rows: int,
    into: str | None,
    force: bool,
    notes: Iterable[str] = (),
    names: bool = False,
) -> None:
    """Write an export into a file, or on stdout; what a reader has to know comes after it, on stderr."""

    def first() -> None:
        keep_export(rows=rows, into=into, names=names)

    if not isinstance(chunks, bytes):
        put_into(into, chunks, force=force, first=first)
    elif into in (None, "-"):
        first()
        click.echo(chunks, nl=False)
    else:
        into_file(str(into), [chunks], force=force, first=first)
    for note in notes:
        tell(note)


def give_folder(files: Mapping[str, str], *, rows: int, into: str, force: bool, notes: Iterable[str]) -> None:
    """Write an export of several files into a folder, which is made for its owner alone if it is not there."""
    folder = Path(into)
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise Refused(f"{into} is there already, and is no folder. Choose another name.")
    # All are looked at before the first is written.
    for path in (folder / name for name in files):
        if path.is_symlink():
            raise Refused(f"{path} is a link, and is not written through. Choose another folder.")
        if path.exists() and not force:
            raise Refused(f"{path} is there already. Choose another folder, or write over it with --force.")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise Refused(f"{into} cannot be made: {error.strerror}.") from error
    keep_export(rows=rows, into=into, names=False)
    for name, text in files.items():
        into_file(str(folder / name), [text], force=force)
    for note in notes:
        tell(note)
