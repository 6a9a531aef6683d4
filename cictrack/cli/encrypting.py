"""`encrypt`, `decrypt`, `rekey`: the register in another file under another key, or under none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cictrack.cli.new_keys import LOST, chosen, new_key_options
from cictrack.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cictrack.cli.opened import Root
    from cictrack.store.keys import Key

REMAINS = (
    "The old file was written over. An SSD, a snapshot, a synchronised folder and backups made until now may still hold"
)


@click.command(epilog="Example: cictrack encrypt --make-key-file north.key")
@new_key_options
@click.pass_obj
def encrypt(root: Root, *, keyring: bool, make_key_file: Path | None) -> None:
    """Encrypt the register: a checked new file in the place of the old one.

    The key is looked for in --key-file (before the command) or CICTRACK_KEY_FILE, in CICTRACK_KEY, in the system
    keyring, else asked for; never on a command line. Without --keyring or --make-key-file the key given so is taken,
    or a passphrase asked for twice.
    """
    from cictrack.cli.answers import say
    from cictrack.store.trail import ENCRYPTED

    path = _there(root, encrypted=False)
    key, keep, where = chosen(path, keyring=keyring, make_key_file=make_key_file, other=False)
    _rewrite(path, ENCRYPTED, key=key, keep=keep)
    say(f"Encrypted: {path}. The key is {where}. {LOST}")
    say(f"{REMAINS} the register as it was, readable by anybody.")


@click.command(epilog="Example: cictrack --db locked.db decrypt")
@click.pass_obj
def decrypt(root: Root) -> None:
    """Make the register a plain file again, which whoever gets it can read."""
    from cictrack.cli.answers import say
    from cictrack.store.trail import DECRYPTED

    path = _there(root, encrypted=True)
    _rewrite(path, DECRYPTED)
    say(f"Decrypted: {path}. Whoever gets the file can read it now.")


@click.command(epilog="Example: cictrack --db locked.db rekey --make-key-file new.key")
@new_key_options
@click.pass_obj
def rekey(root: Root, *, keyring: bool, make_key_file: Path | None) -> None:
    """Give the encrypted register another key: a checked new file in the place of the old one.

    The key it has is given as ever. The other one is made by --keyring or --make-key-file, or is a passphrase asked
    for twice. A backup made until now still needs the key it had.
    """
    from cictrack.cli.answers import say
    from cictrack.store.trail import REKEYED

    path = _there(root, encrypted=True)
    key, keep, where = chosen(path, keyring=keyring, make_key_file=make_key_file, other=True)
    _rewrite(path, REKEYED, key=key, keep=keep)
    say(f"It has another key: {path}. The key is {where}. {LOST}")
    say(f"{REMAINS} the register under its earlier key.")


def _there(root: Root, *, encrypted: bool) -> Path:
    """The register, which is encrypted already or is not, as the command needs it."""
    from cictrack.store.encryption import is_encrypted

    path = root.there
    if is_encrypted(path) != encrypted:
        said = "is not encrypted" if encrypted else "is encrypted already. To give it another key: cictrack rekey"
        raise Refused(f"{path} {said}.")
    return path


def _rewrite(path: Path, did: str, *, key: Key | None = None, keep: Callable[[], None] = lambda: None) -> None:
    from cictrack.cli.cases import recorded_by
    from cictrack.store.encryption import rewrite

    rewrite(path, key, did, recorded_by(), keep)
