"""How a command line ends badly: one sentence on stderr, and the status that says in which way.

Loaded when something went wrong, so that what went well pays nothing for it.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from typing import TYPE_CHECKING, Any

import click

from cictrack.cli.opened import again, tell
from cictrack.errors import Damaged, Locked, ReaderGone, Refused
from cictrack.store.sealed import UNPROVEN
from cictrack.store.writing import LOCKED, is_busy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from cictrack.cli.opened import Root

DONE, NOT_DONE = 0, 1
FAULTY = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
WHOLE = "What was being written is written whole or not at all."
WHAT_TO_DO = "What to do: cictrack doctor"

UNDECODABLE = "Could not decode"
"""What Python says of a text in the file that is none."""


def status_of(error: Exception) -> int | None:
    """Tell what went wrong, and give the exit status. None for what nobody foresaw: that is to show its traceback."""
    for kind, ending in _ENDINGS.items():
        if isinstance(error, kind):
            return ending(error)
    return None


def told_of(error: Exception, root: Root | None) -> Refused | None:
    """What is told in place of an error: that there is damage, or the refusal with what to type as it stands."""
    if said := _of_damage(error):
        return Damaged(again(said))
    if isinstance(error, Refused):
        return type(error)(again(str(error)))
    if root is None or isinstance(error, (*_ENDINGS, click.exceptions.Exit)):
        return None
    return _damage_in(root.path)


def _damage_in(path: Path) -> Damaged | None:
    from cictrack.cli.opened import real_today
    from cictrack.store.verifying import verify

    try:
        wrong = next((check for check in verify(path, real_today()) if not check.ok), None)
    except (Refused, sqlite3.Error):
        return None
    if wrong is None:
        return None
    return Damaged(again(f"This register is damaged ({wrong.check}: {wrong.detail}). {WHAT_TO_DO}"))


def _refused(refused: Refused) -> int:
    return _told(str(refused), refused.status)


def _told(sentence: str, status: int) -> int:
    tell(f"cictrack: {sentence}")
    return status


def _stopped(error: click.Abort) -> int:
    if error.__cause__ is None:
        return _told("stopped. Nothing was recorded.", NOT_DONE)
    # By Ctrl-C, wherever it struck: the transaction may have been over.
    return _told(f"stopped. {WHOLE}", NOT_DONE)


def _reader_gone(_error: Exception) -> int:
    _let_go_of_stdout()
    return DONE


def _let_go_of_stdout() -> None:
    """Send what stdout still holds nowhere: Python would complain once more when it closes it."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)
    except (OSError, ValueError):
        return


def _of_the_register(error: sqlite3.DatabaseError) -> int | None:
    if is_busy(error) or "locked" in str(error):
        return _told(LOCKED, Locked.status)
    if said := _of_damage(error):
        return _told(said, Damaged.status)
    if isinstance(error, sqlite3.OperationalError) and _is_the_disks(error):
        return _told(f"The register could not be read or written: {error}.", NOT_DONE)
    return None


def _of_damage(error: Exception) -> str:
    """What to say where an error tells of a damaged register; empty where it tells of something else."""
    if isinstance(error, Damaged):
        return str(error)
    if not isinstance(error, sqlite3.DatabaseError):
        return ""
    if UNPROVEN in str(error):
        what = "A row of this register is not what was derived from its events: the file is damaged."
        return f"{what} Leave it as it is. {WHAT_TO_DO}"
    if (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF in FAULTY or UNDECODABLE in str(error):
        return f"This register is damaged ({error}). Leave the file as it is. {WHAT_TO_DO}"
    return ""


def _is_the_disks(error: sqlite3.OperationalError) -> bool:
    of_the_disk = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}
    return (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF in of_the_disk


def _of_the_system(error: OSError) -> int:
    if error.filename is None:
        _let_go_of_stdout()
        if os.name == "nt":
            from cictrack.cli.windows import is_gone

            if is_gone(error):
                return DONE
        return _told(f"What was to be printed could not be written: {error.strerror or error}.", NOT_DONE)
    return _told(f"{os.fsdecode(error.filename)}: {error.strerror}.", NOT_DONE)


def _out_of_memory(_error: MemoryError) -> int:
    return _told(f"there is not enough memory for this. {WHOLE}", NOT_DONE)


def _not_loaded(error: ImportError) -> int:
    return _told(f"a part of cictrack could not be loaded: {error}. {WHOLE}", NOT_DONE)


def _wrong_usage(wrong: click.ClickException) -> int:
    if isinstance(wrong, click.exceptions.NoArgsIsHelpError):
        click.echo(wrong.ctx.get_help() if wrong.ctx else "", err=True)
        return wrong.exit_code
    ctx = getattr(wrong, "ctx", None)
    if isinstance(wrong, click.NoSuchOption) and ctx is not None and (before := _before(wrong.option_name, ctx)):
        return _told(before, wrong.exit_code)
    # The choices of a missing option stand on lines of their own.
    said = " ".join(line.strip() for line in wrong.format_message().split("\n"))
    help_of = f" See: {ctx.command_path} --help" if ctx is not None and ctx.command_path else ""
    end = "" if said.endswith((".", "?")) else "."
    if isinstance(wrong, click.NoSuchOption) and ctx is not None and any(p.name == "text" for p in ctx.command.params):
        end += " Text that begins with a dash comes after --."
    return _told(f"{said[:1].lower()}{said[1:]}{end}{help_of}", wrong.exit_code)


def _before(option: str, ctx: click.Context) -> str:
    """What is said of an option of `cictrack` itself that was typed after the command."""
    root, _, command = ctx.command_path.partition(" ")
    of_root = [param for param in ctx.find_root().command.params if param.metavar and option in param.opts]
    return "".join(f"{option} comes before the command: {root} {option} {p.metavar} {command}" for p in of_root)


_ENDINGS: Mapping[type[Exception], Callable[[Any], int | None]] = {
    Refused: _refused,
    click.ClickException: _wrong_usage,
    click.Abort: _stopped,
    ReaderGone: _reader_gone,
    BrokenPipeError: _reader_gone,
    sqlite3.DatabaseError: _of_the_register,
    OSError: _of_the_system,
    MemoryError: _out_of_memory,
    ImportError: _not_loaded,
}
