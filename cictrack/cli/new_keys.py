"""Where the key of a register that is newly encrypted comes from, and where it is kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from cictrack.store.keys import Key

F = TypeVar("F", bound="Callable[..., Any]")

LOST = "Without it nobody reads the register: keep a copy of the key apart from the file, and each backup needs it too."


def new_key_options(command: F) -> F:
    """Say where a new random key is kept; without either the key is the one given, or a passphrase asked for twice."""
    command = click.option(
        "--make-key-file",
        type=click.Path(path_type=Path),
        metavar="PATH",
        help="Make a random key, kept in this new file for you alone.",
    )(command)
    return click.option("--keyring", is_flag=True, help="Make a random key, kept in the system keyring.")(command)


def chosen(
    register: Path, *, keyring: bool, make_key_file: Path | None, other: bool
) -> tuple[Key, Callable[[], None], str]:
    """A new key, what keeps it, and where it is then. `other`: the key that was given is the old one."""
    from cictrack.store import keys

    if keyring and make_key_file:
        raise click.UsageError("a new key is kept by --keyring or by --make-key-file, not by both.")
    if keyring:
        key = keys.random_key()
        return key, lambda: key.kept_in_keyring(register), "in the system keyring"
    if make_key_file:
        key = keys.random_key()
        return key, lambda: key.kept_in(make_key_file), f"in {make_key_file}"
    given = None if other else keys.named()
    if given:
        return given, lambda: None, "the one that was given"
    return keys.new_key(register), lambda: None, "the passphrase that was typed"
