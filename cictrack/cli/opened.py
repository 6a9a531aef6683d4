"""The register a command works on: which file it is, opened when first asked for, and what is told about it."""

from __future__ import annotations

import os
import sys
from datetime import date
from typing import IO, TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path

    from cictrack.pathway.settings import Settings

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

BARE = "cictrack"
"""How a command begins where no register is named on the line."""

NEEDS = "register_is_opened_to"
"""The attribute of a command's function that says whether it reads or writes the register, if it needs one."""

READ, WRITE = "read", "write"


class OpenRegister:
    """The register a command works on. `today` is its own day where it carries one, else the real one."""

    def __init__(self, path: Path | str, db: sqlite3.Connection, today: date) -> None:
        self.path = path
        self.db = db
        self.today = today
        self._settings: Settings | None = None

    @property
    def settings(self) -> Settings:
        """Its calendar and local values, read when first asked for."""
        if self._settings is None:
            from cictrack.store.events import settings_of

            self._settings = settings_of(self.db)
        return self._settings

    def working_day(self, day: date, amount: int) -> date:
        """The working day `amount` after `day` (before it when negative), the law's working days."""
        calendar = self.settings.calendar
        return calendar.working_days(day, amount) if amount >= 0 else calendar.working_days_before(day, -amount)

    def known_at(self, moment: str | None) -> sqlite3.Connection:
        """The register as it had been told by `moment`; itself when that is None."""
        if moment is None:
            return self.db
        from cictrack.store.derive import known_at

        return known_at(self.db, moment)


class Root:
    """What `cictrack` itself was given: which register. It is opened when first asked for."""

    def __init__(self, given: str | None) -> None:
        self._given = given
        self._opened: OpenRegister | None = None

    @property
    def path(self) -> Path:
        """The register's file: `--db`, else CICTRACK_DB, else register.db in the user's data folder."""
        from pathlib import Path

        return Path(self._where())

    @property
    def is_usual(self) -> bool:
        """Whether nobody named it: it is the one in the user's data folder."""
        return not (self._given or os.environ.get("CICTRACK_DB"))

    @property
    def typed(self) -> str:
        """How a command on this register begins, so that it can be typed again as it stands."""
        from shlex import quote

        return f"{BARE} --db {quote(self._given)}" if self._given else BARE

    @property
    def there(self) -> Path:
        """The register's file, which is not opened. Raises Refused where there is none."""
        if not self.path.exists():
            self._refuse_none(self._where())
        return self.path

    def _where(self) -> str:
        """The path as text: pathlib costs every list a tenth of its start-up."""
        given = self._given or os.environ.get("CICTRACK_DB")
        if given:
            return given
        from platformdirs import user_data_dir

        return os.path.join(user_data_dir("cictrack", appauthor=False), "register.db")  # noqa: PTH118

    def register(self, *, write: bool = False) -> OpenRegister:
        """Open the register, once a command. The lines every command owes about it go to stderr."""
        if self._opened is None:
            from cictrack.store.opening import open_register, own_today, warnings

            path = self._where()
            if not os.path.exists(path):  # noqa: PTH110 - pathlib costs a list its start-up
                self._refuse_none(path)
            db = open_register(path, write=write)
            own = own_today(db)
            if own is not None:
                tell(f"Today is {own.day} {MONTHS[own.month - 1]} {own.year}: this register carries its own day.")
            for warning in warnings(db, path):
                tell(warning)
            self._opened = OpenRegister(path, db, own or real_today())
        return self._opened

    def _refuse_none(self, path: str) -> NoReturn:
        """Raise Refused where no register is, with the ways on: each is typed as it stands there."""
        from cictrack.errors import Refused

        ctx = click.get_current_context(silent=True)
        creates = ctx is not None and any(param.name == "create" for param in ctx.command.params)
        here = ", or say --create to make it by this import" if creates else ""
        raise Refused(
            f"No register at {path}. Make one: {self.typed} init{here}. Or try an invented one: cictrack --db sample.db"
        )

    def close(self) -> None:
        """Close the register, if it was opened."""
        if self._opened is not None:
            self._opened.db.close()
            self._opened = None
        if "cictrack.store.keys" in sys.modules:
            from cictrack.store.keys import forget

            forget()


def real_today() -> date:
    """The day it is where the command was typed."""
    return date.today()  # noqa: DTZ011 - the local day is meant: at half past midnight it is not UTC's


def fitted(line: str, stream: IO[str] | None) -> str:
    """A line broken between words where a terminal would break it within one; as it is in a pipe."""
    if stream is None or not stream.isatty():
        return line
    from shutil import get_terminal_size
    from textwrap import wrap

    width = get_terminal_size().columns
    indent = " " * (len(line) - len(line.lstrip()))
    if len(line) <= width:
        return line
    indent += "  "
    return "\n".join(wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False))


def typed() -> str:
    """How a command on the register of this line begins, so that it can be typed as it stands."""
    ctx = click.get_current_context(silent=True)
    root = ctx.find_object(Root) if ctx is not None else None
    return root.typed if root is not None else BARE


def again(sentence: str) -> str:
    """A sentence whose commands can be typed as they stand: where this line names a register, they name it too."""
    begins = typed() if f"{BARE} " in sentence else BARE
    if begins == BARE:
        return sentence
    import re

    top = click.get_current_context().find_root()
    known = top.command.list_commands(top) if isinstance(top.command, click.Group) else ()
    return re.sub(rf"\b{BARE} (?=(?:{'|'.join(known)})\b)", lambda _: f"{begins} ", sentence)


def tell(line: str) -> None:
    """One line on stderr, safe to show whatever it quotes."""
    from cictrack.render.safe import visible

    try:
        click.echo(fitted(visible(again(line)), sys.stderr), err=True)
    except OSError:
        # Nobody reads stderr any more, and what was asked for is to be done all the same.
        return


def pass_register(*, write: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give the command the open register as its first argument; days in its options are read against it."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: object, **options: object) -> object:
            return command(opened(click.get_current_context()), *args, **options)

        wrap(call, command)
        setattr(call, NEEDS, WRITE if write else READ)
        return call

    return decorate


def wrap(outer: Callable[..., Any], inner: Callable[..., Any]) -> None:
    """Let a function stand in the place of the one it calls: its name, its help, its options."""
    outer.__name__, outer.__doc__ = inner.__name__, inner.__doc__
    outer.__dict__.update(inner.__dict__)


def needs(ctx: click.Context) -> str:
    """Whether the running command reads or writes a register; empty when it needs none."""
    return str(getattr(ctx.command.callback, NEEDS, ""))


def opened(ctx: click.Context) -> OpenRegister:
    """The register of the running command, opened to read or to write as the command declared."""
    root = ctx.find_object(Root)
    if root is None:
        raise RuntimeError("a command that needs a register was run outside `cictrack`")
    return root.register(write=needs(ctx) == WRITE)
