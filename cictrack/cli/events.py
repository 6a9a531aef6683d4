"""Recording an event of a register: one command for each kind it declares, and `close`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cictrack.cli.answers import answer
from cictrack.cli.cases import case_argument, note_option, on_day, recording_in
from cictrack.cli.fields import example, field_options, fields_of, given_fields
from cictrack.cli.opened import OpenRegister, pass_register, tell
from cictrack.errors import Refused
from cictrack.pathway.clocks import spoken
from cictrack.store.named import name_of

if TYPE_CHECKING:
    from datetime import date

    from cictrack.pathway.child import CaseOf
    from cictrack.pathway.declare import Register
    from cictrack.pathway.kinds import Kind
    from cictrack.store.named import CaseName
    from cictrack.store.recording import Recording

family_flag = click.option(
    "--family", "family_too", is_flag=True, help="Record it for every open case of the family, or for none."
)


def event_command(register: Register, kind: Kind) -> click.Command:
    """The command that records an event of `kind`."""
    title = f"{kind.title[:1].upper()}{kind.title[1:]}"
    return _command(register, kind, kind.name, f"Record on a case: {title[:1].lower()}{title[1:]}.")


def close_command(register: Register) -> click.Command:
    """The command that closes a case for a reason that every register knows."""
    said = (
        "Close a case.\n\nAfter opened-in-error and duplicate it stands in no count on any day. A closing made by "
        f"mistake is withdrawn: cictrack {register.name} withdraw CHILD closed"
    )
    return _command(register, register.kind["closed"], "close", said)


def _command(register: Register, kind: Kind, name: str, said: str) -> click.Command:
    @case_argument
    @on_day
    @family_flag
    @note_option
    @pass_register(write=True)
    def callback(
        opened: OpenRegister, case: CaseName, on: date | None, family_too: bool, note: str | None, **options: object
    ) -> None:
        fields = given_fields(options, note)
        _refuse_no_change(register, kind, fields)
        with recording_in(opened) as it:
            named = it.case(register.name, case)
            left_out = _take(it, named, kind, on or opened.today, fields, family_too=family_too)
            consequences = it.settle()
        answer(consequences)
        for line in left_out:
            tell(f"Left out: {line}.")

    declared = list(reversed(callback.__dict__.pop("__click_params__")))
    at = next(n for n, param in enumerate(declared) if param.name == "on") + 1
    params = [*declared[:at], *field_options(fields_of(register, kind)), *declared[at:]]
    return click.Command(name, params=params, callback=callback, help=said, epilog=example(register, kind, name))


def _refuse_no_change(register: Register, kind: Kind, fields: dict[str, Any]) -> None:
    """`details` without any has nothing to say; every other event says that it happened."""
    if kind.name != "details" or fields:
        return
    known = ", ".join(field.option for field in fields_of(register, kind))
    raise click.UsageError(f"give at least one of {known}.", click.get_current_context())


def _take(it: Recording, case: CaseOf, kind: Kind, day: date, fields: dict[str, Any], *, family_too: bool) -> list[str]:
    """Take the event on the case, or on every open case of its family; those left out are given with the reason."""
    if not family_too:
        it.take_on(case, kind.name, day, fields)
        return []
    left_out = []
    taken = 0
    for one in it.family(case):
        why = _left_out(it, one, kind, day)
        if why:
            left_out.append(f"{name_of(one.register.name, one.opening.child_id, one.period)}, {why}")
        else:
            it.take_on(one, kind.name, day, fields)
            taken += 1
    if not taken:
        raise Refused(f"Nothing was recorded: {'; '.join(left_out)}.")
    return left_out


def _left_out(it: Recording, case: CaseOf, kind: Kind, day: date) -> str:
    closed_on = case.evaluation.closed_on
    if closed_on is not None:
        return f"closed on {spoken(closed_on)}"
    if any(event.kind == kind.name and event.day == day for event in it.standing(case)):
        return f"it is recorded for {spoken(day)} already"
    return ""
