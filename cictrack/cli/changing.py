"""A change that may move every deadline: it is said what would move, asked, and written whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cictrack.cli.answers import say
from cictrack.cli.cases import on_a_terminal
from cictrack.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cictrack.cli.opened import OpenRegister
    from cictrack.pathway.events import Event
    from cictrack.store.foreseen import Plan

    Beside = Callable[[Sequence[Event]], Iterable[str]] | None

DERIVING = "Deriving every deadline"


def change_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a change: `--dry-run` and `--yes`."""
    yes = click.option("--yes", is_flag=True, help="Do it without asking: for scripts.")
    dry_run = click.option("--dry-run", is_flag=True, help="Say what would move, and write nothing.")
    return dry_run(yes(command))


def change(register: OpenRegister, plan: Plan, what: str, *, yes: bool, dry_run: bool, beside: Beside = None) -> None:
    """Say what a change would move, ask, write it, and say that it was.

    `what` is the change in words; `beside` says of its events what they change that is no deadline.
    """
    from cictrack.reports.foreseen import as_text
    from cictrack.store.foreseen import preview, write
    from cictrack.store.progress import bar

    if not (yes or dry_run or on_a_terminal()):
        plan(register.db)
        raise Refused("Nobody is there to be asked: add --yes, or --dry-run to see what moves. Nothing was recorded.")
    with bar(DERIVING) as progress:
        shown = preview(register.db, plan, register.today, progress)
    say(f"{what}.")
    for line in (*as_text(shown.found), *(beside(shown.events) if beside else ())):
        say(line)
    if dry_run:
        say("Nothing was written (--dry-run).")
        return
    if not yes and not click.confirm("Do it?"):
        raise click.Abort
    with bar(DERIVING) as progress:
        write(register.db, plan, shown, register.today, progress)
    say("Recorded.")
