"""`assign` and `transfer`: whose a case is. Assignments are events, so who had it when can be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cictrack.cli.answers import answer, say
from cictrack.cli.cases import (
    ASSIGNED_HELP,
    REGISTER,
    SAID,
    TEXT,
    asked,
    assigned_options,
    case_argument,
    on_a_terminal,
    on_day,
    recording_in,
    register_argument,
)
from cictrack.cli.days import in_words
from cictrack.cli.opened import OpenRegister, pass_register
from cictrack.cli.options import known_names
from cictrack.errors import Refused
from cictrack.store.named import CaseName, Whose, cases_of_worker, name_of

if TYPE_CHECKING:
    from datetime import date

ASSIGNED = "assigned"


@click.command(epilog="Example: cictrack assign plo 104523 --worker W07 --team North")
@register_argument
@case_argument
@assigned_options
@on_day
@pass_register(write=True)
def assign(register: OpenRegister, register_name: str, case: CaseName, on: date | None, **assigned: str | None) -> None:
    """Say whose a case is, from a day on. What is not given stays as it was."""
    given = {name: value for name, value in assigned.items() if value}
    if not given:
        options = ", ".join(f"--{name}" for name in ASSIGNED_HELP)
        raise click.UsageError(f"give at least one of {options}.", click.get_current_context())
    day = on or register.today
    with recording_in(register) as it:
        it.take_on(it.case(register_name, case), ASSIGNED, day, given)
        consequences = it.settle()
    said = ", ".join(f"{name} {value}" for name, value in given.items())
    answer(consequences, f"{said} from {in_words(day)}")


def _workers(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    return known_names(ctx, click.Option(["--worker"]), incomplete)


@click.command(epilog="Example: cictrack transfer --from-worker W07 --to-worker W12 --team North --yes")
@asked(
    "--from-worker",
    label="From worker",
    type=SAID,
    metavar="NAME",
    help="The worker who leaves.",
    shell_complete=_workers,
)
@asked(
    "--to-worker", label="To worker", type=SAID, metavar="NAME", help="Who takes the cases on.", shell_complete=_workers
)
@click.option("--team", type=TEXT, metavar="NAME", help="Their team from now on, where it changes.")
@click.option("--manager", type=TEXT, metavar="NAME", help="Their manager from now on, where it changes.")
@click.option("--register", "registers", multiple=True, type=REGISTER, metavar="NAME", help="Only this register.")
@on_day
@click.option("--yes", is_flag=True, help="Do it without asking: for scripts.")
@pass_register(write=True)
def transfer(
    register: OpenRegister,
    from_worker: str,
    to_worker: str,
    team: str | None,
    manager: str | None,
    registers: tuple[str, ...],
    on: date | None,
    yes: bool,
) -> None:
    """Move every open case of a worker to another, all of them or none.

    It shows which, and asks.
    """
    cases = cases_of_worker(register.db, from_worker, registers)
    if not cases:
        raise Refused(f"No open case has the worker {from_worker!r}. Look: cictrack --worker on any list")
    if from_worker == to_worker:
        raise Refused(f"The cases are {to_worker}'s already. Nothing was recorded.")
    day = on or register.today
    for case in cases:
        say(name_of(*case))
    number = f"{len(cases)} case{'s' if len(cases) > 1 else ''}"
    question = f"{number} from {from_worker} to {to_worker}, {in_words(day)}"
    _ask(question, yes=yes)
    given = {"worker": to_worker, "team": team, "manager": manager}
    with recording_in(register) as it:
        if cases_of_worker(register.db, from_worker, registers) != cases:
            raise Refused(f"{from_worker}'s cases have changed since they were shown. Look again.")
        for case in cases:
            it.take_on(it.case(case.register, _name(case)), ASSIGNED, day, given)
        it.settle()
    say(f"Moved {question}.")


def _name(case: Whose) -> CaseName:
    return CaseName(case.child_id, case.period)


def _ask(question: str, *, yes: bool) -> None:
    if yes:
        return
    if not on_a_terminal():
        raise Refused("Nobody is there to be asked: add --yes. Nothing was recorded.")
    if not click.confirm(f"Move {question}?"):
        raise click.Abort
