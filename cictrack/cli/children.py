"""`child add` and `child set`: a child before, or beside, any case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cictrack.cli.answers import answer, say
from cictrack.cli.cases import CHILD, TEXT, recording_in
from cictrack.cli.days import in_words
from cictrack.cli.opened import OpenRegister, pass_register
from cictrack.cli.options import DAY
from cictrack.errors import Refused
from cictrack.store.children import take_about, take_birth

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from typing import Any


@click.group(epilog="Example: cictrack child add 104523 --dob 14/8/2019")
def child() -> None:
    """Add a child, or set what is known of one."""


def _about_options(command: Callable[..., Any]) -> Callable[..., Any]:
    options = (
        click.argument("child_id", type=CHILD, metavar="CHILD"),
        click.option("--dob", type=DAY, metavar="DAY", help="Day of birth."),
        click.option("--edd", type=DAY, metavar="DAY", help="Day an unborn child is expected."),
        click.option("--name", type=TEXT, metavar="TEXT", help="Name; never shown unless asked for."),
        click.option("--sibling-group", type=TEXT, metavar="KEY", help="Children who should be placed together."),
        click.option("--locality", type=TEXT, metavar="NAME", help="Locality, where the case has none."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@child.command(epilog="Example: cictrack child add 104523 --dob 14/8/2019 --sibling-group S4")
@_about_options
@pass_register(write=True)
def add(register: OpenRegister, child_id: str, dob: date | None, edd: date | None, **about: str | None) -> None:
    """Add a child, by day of birth or expected day."""
    if dob is None and edd is None:
        raise click.UsageError("give --dob, or --edd for an unborn child.", click.get_current_context())
    with recording_in(register) as it:
        if it.knows(child_id):
            raise Refused(f"Child {child_id} is there already. Change what is known: cictrack child set {child_id}")
        take_birth(it, child_id, dob, edd)
        take_about(it, child_id, about)
        it.settle()
    say(f"Child {child_id} added{_when(dob, edd)}.")


@child.command("set", epilog="Example: cictrack child set 104523 --dob 3/3/2026")
@_about_options
@pass_register(write=True)
def set_(register: OpenRegister, child_id: str, dob: date | None, edd: date | None, **about: str | None) -> None:
    """Change what is given, and nothing else. What was recorded before stays in history."""
    if dob is None and edd is None and not any(about.values()):
        raise click.UsageError("give what is to be set, as --dob DAY.", click.get_current_context())
    with recording_in(register) as it:
        if not it.knows(child_id):
            raise Refused(f"There is no child {child_id}. Add it: cictrack child add {child_id} --dob DAY")
        changed = [take_birth(it, child_id, dob, edd), take_about(it, child_id, about)]
        if not any(changed):
            raise Refused(f"Child {child_id}: that is recorded already. Nothing was recorded.")
        consequences = it.settle()
    say(f"Child {child_id} set{_when(dob, edd)}.")
    answer(consequences)


def _when(dob: date | None, edd: date | None) -> str:
    said = [f"born on {in_words(dob)}"] if dob else []
    said += [f"expected on {in_words(edd)}"] if edd else []
    return f": {', '.join(said)}" if said else ""
