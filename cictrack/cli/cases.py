"""What recording commands share: how a child, a case and a register are typed, and who is recording."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from cictrack.cli.options import DAY, known_names
from cictrack.pathway.events import unfit
from cictrack.store.named import CaseName
from cictrack.whole import whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from click.shell_completion import CompletionItem

    from cictrack.cli.opened import OpenRegister
    from cictrack.store.recording import Recording

ASSIGNED_HELP = {
    "team": "The team.",
    "worker": "The social worker.",
    "manager": "The manager.",
    "iro": "The independent reviewing officer.",
    "locality": "The locality.",
    "family": "The key of the family whose cases start and end together.",
}


class _Text(click.ParamType[str]):
    """Text as typed, without the spaces around it."""

    name = "text"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002 - click's signature
        return str(value).strip()


class _Said(_Text):
    """Text that says something: an empty answer to what is required is none."""

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = super().convert(value, param, ctx)
        if not text:
            self.fail("there is nothing in it", param, ctx)
        return text


class _Child(click.ParamType[str]):
    """A child's id: text, never a number, of at most 40 characters that can be seen."""

    name = "child"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value).strip()
        why = unfit(text)
        if why:
            self.fail(f"{text!r}: {why}" if text else why, param, ctx)
        return text

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - click's signature
        """Offer the ids that the register knows."""
        from cictrack.cli.completing import child_ids

        return _offered(child_ids(ctx, incomplete))


class _Case(click.ParamType[CaseName]):
    """A case within its register: `104523`, or `104523#2` for its second period."""

    name = "case"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> CaseName:
        if isinstance(value, CaseName):
            return value
        child_id, hash_, period = str(value).strip().rpartition("#")
        if not hash_:
            return CaseName(CHILD.convert(period, param, ctx))
        number = whole(period)
        if not number:
            self.fail(f"{str(value)!r}: after # comes the period's number, as in 104523#2", param, ctx)
        return CaseName(CHILD.convert(child_id, param, ctx), number)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Offer the ids that the register knows."""
        return CHILD.shell_complete(ctx, param, incomplete)


class _Register(click.ParamType[str]):
    """The name of a register."""

    name = "register"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from cictrack.cli.main import did_you_mean
        from cictrack.registers import names

        if value not in names():
            meant = did_you_mean(str(value), names()) or f" There are {', '.join(names())}."
            self.fail(f"there is no register {str(value)!r}.{meant}", param, ctx)
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - click's signature
        """Offer the registers there are."""
        from cictrack.registers import names

        return _offered([name for name in names() if name.startswith(incomplete)])


def _offered(words: list[str]) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(word) for word in words]


TEXT, SAID, CHILD, CASE, REGISTER = _Text(), _Said(), _Child(), _Case(), _Register()

on_day = click.option("--on", type=DAY, metavar="DAY", help="The day it happened (today).")
note_option = click.option("--note", type=TEXT, metavar="TEXT", help="A note kept with it.")


def case_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    """The case a command is about: the child's id, with `#2` for a second period."""
    return click.argument("case", type=CASE, metavar="CHILD")(command)


def register_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    """The register a command is about."""
    return click.argument("register_name", type=REGISTER, metavar="REGISTER")(command)


def assigned_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say whose a case is."""
    for name, about in reversed(ASSIGNED_HELP.items()):
        metavar = "NAME" if name != "family" else "KEY"
        option = click.option(f"--{name}", type=TEXT, metavar=metavar, help=about, shell_complete=known_names)
        command = option(command)
    return command


def asked(*names: str, label: str, **settings: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:  # noqa: ANN401 - what click.option takes
    """An option without which it cannot be recorded: asked for on a terminal, an error in a pipe."""
    return click.option(*names, required=True, prompt=label if on_a_terminal() else False, **settings)


def on_a_terminal() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def recorded_by() -> str:
    """Who is recording: CICTRACK_USER, else the login name."""
    named = os.environ.get("CICTRACK_USER", "").strip()
    if named:
        return named.encode(errors="backslashreplace").decode()
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "unknown"


def recording_in(register: OpenRegister) -> AbstractContextManager[Recording]:
    """One transaction of recording in the open register, by whoever is typing."""
    from cictrack.store.recording import recording

    return recording(register.db, today=register.today, by=recorded_by())
