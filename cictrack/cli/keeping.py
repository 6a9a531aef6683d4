"""`init`: a new register."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cictrack.cli.new_keys import new_key_options
from cictrack.cli.options import DAY
from cictrack.errors import Refused

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from cictrack.cli.opened import Root


@click.command(epilog="Example: cictrack --db north.db init")
@click.option("--today", type=DAY, metavar="DAY", help="A day of its own that is always its today: to try things on.")
@click.option("--encrypt", is_flag=True, help="Encrypt it: only a key opens it then.")
@new_key_options
@click.pass_obj
def init(root: Root, today: date | None, *, encrypt: bool, keyring: bool, make_key_file: Path | None) -> None:
    """Make a new register. A file that is there already is left alone."""
    from cictrack.cli.answers import say
    from cictrack.cli.cases import recorded_by
    from cictrack.cli.days import in_words
    from cictrack.store.making import create

    path = root.path
    if path.exists():
        raise Refused(f"{path} is there already, and is not written over. Look into it: cictrack summary")
    if encrypt:
        _make_encrypted(root, today, keyring=keyring, make_key_file=make_key_file)
    elif keyring or make_key_file:
        raise Refused("A key is only made with --encrypt. Nothing was done.")
    else:
        create(path, recorded_by(), today=today, make_folder=root.is_usual).close()
    say(f"Made a register: {path.resolve()}")
    if today is not None:
        say(f"Its today is {in_words(today)}, always.")
    following = "cictrack plo open CHILD --on DAY --dob DAY, or cictrack import ssda903 FOLDER"
    say(f"Next: {following}; cictrack --help")


def _make_encrypted(root: Root, today: date | None, *, keyring: bool, make_key_file: Path | None) -> None:
    from cictrack.cli.answers import say
    from cictrack.cli.cases import recorded_by
    from cictrack.cli.new_keys import LOST, chosen
    from cictrack.store.making import create

    key, keep, where = chosen(root.path, keyring=keyring, make_key_file=make_key_file, other=False)
    # Made first: a key that nothing needs does no harm, and a register whose key was not kept is lost.
    keep()
    create(root.path, recorded_by(), today=today, make_folder=root.is_usual, key=key).close()
    say(f"It is encrypted; the key is {where}. {LOST}")
