"""Keys of encrypted registers: where one is found, and where a new one is kept. Never on a command line.

They are looked for in this order: the key file that was named (`--key-file`, CICTRACK_KEY_FILE), CICTRACK_KEY, the
system keyring under the register's path, a key that fitted another file of this command, a prompt on a terminal.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cictrack.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FILE, SECRET = "CICTRACK_KEY_FILE", "CICTRACK_KEY"
"""Variables of the environment: the name of a key file, and a key itself."""

SERVICE, EARLIER = "cictrack", " (earlier key)"
"""What the keyring's entries are called; an entry replaced by `rekey` stays under its name and the second of these."""

SHORTEST = 12
"""Letters of a passphrase that is new. A register is copied as easily as a file, and can be guessed at for ever."""

RAW = re.compile("[0-9a-fA-F]{64}")

_hidden: list[str] = []
_fitted: list[Key] = []
_registers: list[Path] = []


class Key:
    """A raw key (64 hex digits) or a passphrase. It shows itself in no message."""

    def __init__(self, text: str) -> None:
        if not text or not text.isprintable():
            raise Refused("A key is one line of printable text: 64 hex digits, or a passphrase.")
        self._text = text

    def __repr__(self) -> str:
        return "Key(not shown)"

    def as_sql(self) -> str:
        """What stands after `PRAGMA key =`, which takes no parameter: a raw key needs no 180 ms of derivation."""
        return f"\"x'{self._text}'\"" if RAW.fullmatch(self._text) else "'" + self._text.replace("'", "''") + "'"

    def for_attach(self) -> str:
        """What ATTACH is given as a parameter."""
        return f"x'{self._text}'" if RAW.fullmatch(self._text) else self._text

    def kept_in(self, file: Path) -> None:
        """Write it into a new file for its owner alone."""
        try:
            written = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError as error:
            raise Refused(f"{file} is there already, and is not written over. Name another key file.") from error
        except OSError as error:
            raise Refused(f"{file} cannot be made: {error.strerror}.") from error
        with open(written, "w", encoding="utf-8") as opened:  # noqa: PTH123 - by its number
            opened.write(self._text + "\n")
            opened.flush()
            os.fsync(written)

    def kept_in_keyring(self, register: Path) -> None:
        """Keep it under the register's path. One that is there already stays as the earlier one."""
        import keyring
        from keyring.errors import KeyringError

        name = _entry(register)
        try:
            held = keyring.get_password(SERVICE, name)
            if held:
                keyring.set_password(SERVICE, name + EARLIER, held)
            keyring.set_password(SERVICE, name, self._text)
        except KeyringError as error:
            raise Refused(
                "The system keyring takes no key. Nothing was done. Say --make-key-file FILE instead."
            ) from error


def random_key() -> Key:
    """A new raw key of 32 random bytes."""
    return Key(os.urandom(32).hex())


def hide() -> None:
    """Take the key out of this process's environment, so that no process that it starts has it."""
    given = os.environ.pop(SECRET, None)
    if given:
        _hidden[:] = [given]


def name_file(file: str) -> Callable[[], None]:
    """Look for the key in this file, before every other place, until what is given back is called."""
    before = os.environ.get(FILE)
    os.environ[FILE] = file

    def undo() -> None:
        if before is None:
            os.environ.pop(FILE, None)
        else:
            os.environ[FILE] = before

    return undo


def fitted(key: Key) -> None:
    """Remember a key that opened a file: copies that this command makes of it have the same."""
    if key not in _fitted:
        _fitted.append(key)


def forget() -> None:
    """Forget every key that fitted: the command is over."""
    _fitted.clear()
    _registers.clear()


def belongs_to(register: Path) -> None:
    """Look in the keyring under this register's path too: a backup has its key and another name."""
    _registers[:] = [register]


def named() -> Key | None:
    """The key of the key file that was named, else of CICTRACK_KEY; None without either."""
    file = os.environ.get(FILE)
    if file:
        return _of_file(Path(file))
    text = os.environ.get(SECRET) or next(iter(_hidden), "")
    return Key(text) if text else None


def keys_of(path: Path) -> Iterator[Key]:
    """The keys that the file may have, likeliest first. Raises Refused where there is none to try."""
    given = named()
    if given:
        yield given
        return
    found = [key for named_so in (path, *_registers) for key in _of_keyring(named_so)] + _fitted
    yield from found
    if sys.stdin is not None and sys.stdin.isatty():
        yield _asked(f"Key of {path.name}: ")
    elif not found:
        raise Refused(
            f"{path} is encrypted, and no key was given: --key-file FILE before the command, {FILE}, {SECRET},"
            " or the system keyring. A file of another kind, or a damaged one, can look the same."
        )


def new_key(path: Path) -> Key:
    """A passphrase for a new file at `path`, asked for twice on a terminal."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise Refused(f"No new key was given for {path}: say --keyring or --make-key-file FILE.")
    first = _asked(f"New passphrase for {path.name}: ")
    return checked(first, _asked("The same again: "))


def checked(first: Key, again: Key) -> Key:
    """A new passphrase that was typed the same twice and is long enough."""
    if first.for_attach() != again.for_attach():
        raise Refused("The two passphrases are not the same. Nothing was done.")
    if len(first.for_attach()) < SHORTEST:
        raise Refused(f"A passphrase needs at least {SHORTEST} letters. Nothing was done.")
    return first


def _asked(prompt: str) -> Key:
    from getpass import getpass

    return Key(getpass(prompt))


def _of_file(file: Path) -> Key:
    try:
        with file.open(encoding="utf-8") as opened:
            mode = os.fstat(opened.fileno()).st_mode & 0o777
            if os.name == "posix" and mode & 0o077:
                raise Refused(f"The key file {file} can be read by others (mode {mode:04o}): chmod 600 {file}")
            return Key(opened.read(4096).rstrip("\r\n"))
    except UnicodeDecodeError as error:
        raise Refused(f"The key file {file} holds no text.") from error
    except OSError as error:
        raise Refused(f"The key file {file} cannot be read: {error.strerror}.") from error


def _of_keyring(path: Path) -> list[Key]:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return []
    try:
        held = [keyring.get_password(SERVICE, _entry(path) + end) for end in ("", EARLIER)]
    except KeyringError:
        return []
    return [Key(text) for text in held if text]


def _entry(path: Path) -> str:
    return str(path.resolve())
