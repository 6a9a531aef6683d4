"""What can be recorded on a case of any register: tasks, exceptions, notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cictrack.cli.answers import answer, say
from cictrack.cli.cases import SAID, asked, case_argument, note_option, on_day, recording_in, register_argument
from cictrack.cli.days import in_words
from cictrack.cli.opened import OpenRegister, pass_register
from cictrack.cli.options import DAY
from cictrack.errors import Refused
from cictrack.pathway.clocks import spoken
from cictrack.pathway.common import EXCEPTION_REASONS, TASK
from cictrack.registers import registers
from cictrack.store.named import CaseName, task_by_end

if TYPE_CHECKING:
    from datetime import date

SHOWN_OF_AN_ID = 6
AFTER_DASHES = "Text that begins with a dash comes after --, as in: "


@click.group(epilog='Example: cictrack task add plo 104523 "refer to drug service" --owner FS --due +10wd')
def task() -> None:
    """Agree an action on a case, or say that it is done."""


@task.command(
    "add",
    epilog='Example: cictrack task add plo 104523 "refer to drug service" --owner FS --due 16/3/2026',
    help=f'Agree an action on a case.\n\n{AFTER_DASHES}cictrack task add plo 104523 --owner FS --due +2w -- "-1 visit"',
)
@register_argument
@case_argument
@click.argument("text", type=SAID, metavar="TEXT")
@asked("--owner", label="Owner", type=SAID, metavar="NAME", help="Who is to do it.")
@asked("--due", label="Due", type=DAY, metavar="DAY", help="The day it is due; it may lie ahead.")
@on_day
@pass_register(write=True)
def add(
    register: OpenRegister,
    register_name: str,
    case: CaseName,
    text: str,
    owner: str,
    due: date,
    on: date | None,
) -> None:
    """Agree an action on a case."""
    fields = {"text": text, "owner": owner, "due": due.isoformat()}
    with recording_in(register) as it:
        agreed = it.take_on(it.case(register_name, case), TASK, on or register.today, fields)
        consequences = it.settle()
    end = agreed.id[-SHOWN_OF_AN_ID:]
    answer(consequences, f"task {end} agreed on {in_words(agreed.day)}: {text}, {owner}, due {in_words(due)}")
    say(f"When it is done: cictrack task done {end}")


@task.command("done", epilog="Example: cictrack task done 4f9a21 --on 12/3/2026")
@click.argument("task_id", metavar="ID")
@on_day
@pass_register(write=True)
def done(register: OpenRegister, task_id: str, on: date | None) -> None:
    """Say that an action is done.

    ID is the end of the task's id: the last six characters, more where two are alike.
    """
    day = on or register.today
    with recording_in(register) as it:
        known = task_by_end(register.db, task_id)
        case = it.case(known.register, CaseName(known.child_id, known.period))
        was = next((t.done_on for t in case.evaluation.tasks if t.id == known.id), None)
        if was is not None:
            raise Refused(f"Task {task_id} ({known.text}) was done on {spoken(was)}. Nothing was recorded.")
        it.take_on(case, "task-done", day, {"task": known.id})
        consequences = it.settle()
    answer(consequences, f"{known.text}: done, {in_words(day)}")


@click.command(
    epilog="Example: cictrack exception plo 104523 plo.end --reason court --agreed-by manager --until 30/4/2026"
)
@register_argument
@case_argument
@click.argument("rule", metavar="RULE")
@asked("--reason", label="Reason", type=SAID, metavar="CODE", help="Its code; each register has its own list.")
@asked("--agreed-by", label="Agreed by", type=SAID, metavar="NAME", help="Who agreed it.")
@asked("--until", label="Until", type=DAY, metavar="DAY", help="The last day it explains the breach.")
@on_day
@note_option
@pass_register(write=True)
def exception(
    register: OpenRegister,
    register_name: str,
    case: CaseName,
    rule: str,
    reason: str,
    agreed_by: str,
    until: date,
    on: date | None,
    note: str | None,
) -> None:
    """Record the agreed reason for a breach. It explains and hides nothing: red stays red."""
    day = on or register.today
    known = _rule(register_name, rule)
    fields = {"rule": known, "reason": _reason(register_name, reason), "agreed_by": agreed_by}
    if until < day:
        raise Refused(f"An exception from {spoken(day)} cannot end on {spoken(until)}. Nothing was recorded.")
    with recording_in(register) as it:
        named = it.case(register_name, case)
        it.take_on(named, "exception", day, {**fields, "until": until.isoformat(), "note": note})
        consequences = it.settle()
    answer(consequences, f"exception for {known}, {reason}, agreed by {agreed_by}, until {in_words(until)}")


@click.command(
    epilog='Example: cictrack note plo 104523 "parents asked for a later meeting"',
    help=f'Write a note on a case.\n\n{AFTER_DASHES}cictrack note plo 104523 -- "-1 visit"',
)
@register_argument
@case_argument
@click.argument("text", type=SAID, metavar="TEXT")
@on_day
@pass_register(write=True)
def note(register: OpenRegister, register_name: str, case: CaseName, text: str, on: date | None) -> None:
    """Write a note on a case."""
    with recording_in(register) as it:
        it.take_on(it.case(register_name, case), "note", on or register.today, {"note": text})
        consequences = it.settle()
    answer(consequences)


def _rule(register_name: str, typed: str) -> str:
    """A rule by its name, with or without its register's."""
    known = [clock.name for clock in registers()[register_name].clocks]
    name = typed if typed.startswith(f"{register_name}.") else f"{register_name}.{typed}"
    if name not in known:
        from cictrack.cli.main import did_you_mean

        meant = did_you_mean(name, known) or f" There are {', '.join(known)}."
        raise click.BadParameter(f"there is no rule {typed!r}.{meant}", click.get_current_context(), param_hint="RULE")
    return name


def _reason(register_name: str, typed: str) -> str:
    """An exception's reason code, of the register's own list where it has one."""
    known = registers()[register_name].exception_reasons or EXCEPTION_REASONS
    if typed not in known:
        said = f"{typed!r} is no reason of {register_name}: {', '.join(known)}"
        raise click.BadParameter(said, click.get_current_context(), param_hint="--reason")
    return typed
