"""`cictrack escalation`: challenge what is not done on a case, say what was answered, and list what stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cictrack.cli.answers import answer as tell_what_follows
from cictrack.cli.answers import say
from cictrack.cli.cases import (
    SAID,
    asked,
    case_argument,
    note_option,
    on_a_terminal,
    on_day,
    recording_in,
    register_argument,
)
from cictrack.cli.days import in_words
from cictrack.cli.listed_alone import PAGE, ListedAlone
from cictrack.cli.opened import OpenRegister, pass_register
from cictrack.cli.options import reading
from cictrack.cli.output import fail_if_any
from cictrack.cli.reading import show_list
from cictrack.pathway.escalations import ANSWER, ENDING, ESCALATED, ESCALATION, STAGES, stage_in_words

if TYPE_CHECKING:
    from datetime import date

    from cictrack.cli.options import Reading
    from cictrack.store.named import CaseName


@click.group(cls=ListedAlone, epilog="Example: cictrack escalation --iro 'IRO 2'")
def escalation() -> None:
    """Escalate on a case, say what was answered, or list what is escalated.

    Alone it lists the escalations that stand: every option of `list` is read.
    """


@escalation.command(PAGE, epilog="Example: cictrack escalation --all --format csv")
@reading(cases=True)
@fail_if_any
def listed(asked: Reading, *, fail_if_any: bool) -> int:
    """The escalations that stand, the worst first; `--all` adds those that have ended, and earlier stages.

    An answer is due in 5 working days, and the whole is to end within 20 of the first formal stage. `--stage` is the
    escalation's own.
    """
    from cictrack.store.escalations import escalations

    found = escalations(asked.db, asked.as_of, asked.filters, names=asked.names)
    # A stage of an escalation is none of a case, so nobody is told that no case has it.
    unlike = tuple(stage for stage in asked.filters.stage if stage not in STAGES)
    asked = asked._replace(filters=asked.filters._replace(stage=unlike))
    return show_list(asked, ESCALATION, found, failing=fail_if_any)


@escalation.command(
    "raise",
    epilog='Example: cictrack escalation raise plo 104523 --stage 1 --to "team manager" --reason "no plan in place"',
)
@register_argument
@case_argument
@asked("--stage", label="Stage", type=click.Choice(STAGES), help="Any may be skipped; Cafcass is open at any time.")
@asked("--to", "to", label="To whom", type=SAID, metavar="ROLE", help="Who is to answer, by role.")
@asked("--reason", label="Reason", type=SAID, metavar="TEXT", help="What it is, and what it means for the child.")
@on_day
@pass_register(write=True)
def raised(
    register: OpenRegister, register_name: str, case: CaseName, stage: str, to: str, reason: str, on: date | None
) -> None:
    """Escalate on a case: the next stage takes the place of the one that stands."""
    fields = {"stage": stage, "to": to, "reason": reason}
    with recording_in(register) as it:
        event = it.take_on(it.case(register_name, case), ESCALATION, on or register.today, fields)
        consequences = it.settle()
    tell_what_follows(consequences, f"escalated, {stage_in_words(stage)} to {to}, {in_words(event.day)}")
    _say_when_the_whole_ends(register, event.child_id, event.id)


def _say_when_the_whole_ends(register: OpenRegister, child_id: str, escalation_id: str) -> None:
    from cictrack.store.escalations import whole_due

    due = whole_due(register.db, child_id, escalation_id)
    if due is not None:
        say(f"The whole is to end by {in_words(due)}: that counts from the first formal stage.")


@escalation.command("answer", epilog="Example: cictrack escalation answer plo 104523 --outcome resolved --on 9/3/2026")
@register_argument
@case_argument
@click.option(
    "--outcome",
    required=True,
    prompt="Outcome" if on_a_terminal() else False,
    type=click.Choice((ENDING[0], ESCALATED, *ENDING[1:])),
    help=f"{ESCALATED}: this stage is answered, and the whole goes on. All others end the whole.",
)
@on_day
@note_option
@pass_register(write=True)
def answered(
    register: OpenRegister, register_name: str, case: CaseName, outcome: str, on: date | None, note: str | None
) -> None:
    """Say what was answered to the escalation that stands on a case."""
    with recording_in(register) as it:
        named = it.case(register_name, case)
        event = it.take_on(named, ANSWER, on or register.today, {"outcome": outcome, "note": note})
        consequences = it.settle()
    tell_what_follows(consequences, f"escalation answered, {outcome}, {in_words(event.day)}")
    if outcome == ESCALATED:
        say(f"The next stage, when it is raised: cictrack escalation raise {register_name} {case} --stage …")
