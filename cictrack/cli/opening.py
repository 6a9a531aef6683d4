"""`REGISTER open` and `REGISTER reopen`: a case begins with its register's opening event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cictrack.cli.answers import answer
from cictrack.cli.cases import CHILD, assigned_options, note_option, on_day, recording_in
from cictrack.cli.fields import example, field_options, given_fields
from cictrack.cli.opened import OpenRegister, pass_register
from cictrack.cli.options import DAY
from cictrack.errors import Refused
from cictrack.pathway.clocks import spoken
from cictrack.pathway.common import ASSIGNED
from cictrack.store.children import take_birth
from cictrack.store.named import no_open_case

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from cictrack.pathway.declare import Register
    from cictrack.store.recording import Recording


def open_command(register: Register) -> click.Command:
    """The command that opens a case, and adds the child where its birth is given."""

    @click.argument("child_id", type=CHILD, metavar="CHILD")
    @on_day
    @click.option("--dob", type=DAY, metavar="DAY", help="Day of birth: adds the child.")
    @click.option("--edd", type=DAY, metavar="DAY", help="Day an unborn child is expected: adds the child.")
    @assigned_options
    @note_option
    @pass_register(write=True)
    def callback(
        opened: OpenRegister,
        child_id: str,
        on: date | None,
        dob: date | None,
        edd: date | None,
        note: str | None,
        **options: object,
    ) -> None:
        with recording_in(opened) as it:
            _take_child(it, register, child_id, dob, edd)
            it.take(register.name, child_id, register.opening.name, on or it.today, _fields(options, note))
            consequences = it.settle()
        answer([one for one in consequences if one.events])

    said = f"Open a case: {register.opening.title}.\n\nA child who is not there yet is added by --dob or --edd."
    return _command(register, "open", callback, said)


def reopen_command(register: Register) -> click.Command:
    """The command that opens the next period of a child who was on the register."""

    @click.argument("child_id", type=CHILD, metavar="CHILD")
    @on_day
    @assigned_options
    @note_option
    @pass_register(write=True)
    def callback(opened: OpenRegister, child_id: str, on: date | None, note: str | None, **options: object) -> None:
        with recording_in(opened) as it:
            if not any(case.register is register for case in it.child(child_id).cases):
                raise Refused(no_open_case(it.db, register.name, child_id))
            it.take(register.name, child_id, register.opening.name, on or it.today, _fields(options, note))
            consequences = it.settle()
        answer(consequences)

    said = "Open the next period, with clocks of its own.\n\nA closing made by mistake is withdrawn instead: "
    return _command(register, "reopen", callback, f"{said}cictrack {register.name} withdraw CHILD closed")


def _command(register: Register, name: str, callback: Callable[..., Any], said: str) -> click.Command:
    shared = list(reversed(callback.__dict__.pop("__click_params__")))
    own = [field for field in register.opening.fields if field.name not in ASSIGNED]
    params = [*shared[:-1], *field_options(own), shared[-1]]
    return click.Command(
        name, params=params, callback=callback, help=said, epilog=example(register, register.opening, name)
    )


def _fields(options: Mapping[str, object], note: str | None) -> dict[str, Any]:
    assigned = {name: options[name] for name in ASSIGNED if options.get(name)}
    return {**given_fields(options, note), **assigned}


def _take_child(it: Recording, register: Register, child_id: str, dob: date | None, edd: date | None) -> None:
    if not it.knows(child_id):
        if dob is None and edd is None:
            how = f"cictrack {register.name} open {child_id} --dob DAY, or --edd DAY for an unborn child"
            raise Refused(f"There is no child {child_id}. Add it with the case: {how}")
        take_birth(it, child_id, dob, edd)
        return
    held = it.child(child_id)
    for name, recorded, given in (("dob", held.dob, dob), ("edd", held.edd, edd)):
        if given is not None and recorded is not None and given != recorded:
            how = f"cictrack child set {child_id} --{name} {given.isoformat()}"
            raise Refused(f"Child {child_id} has the {name} {spoken(recorded)}, not {spoken(given)}. Change it: {how}")
    take_birth(it, child_id, dob, edd)
