"""`REGISTER correct` and `REGISTER withdraw`: what was recorded wrongly is superseded, and stays in history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cictrack.cli.answers import answer
from cictrack.cli.cases import SAID, TEXT, asked, case_argument, recording_in
from cictrack.cli.days import in_words
from cictrack.cli.fields import fields_of, kept, type_of
from cictrack.cli.opened import OpenRegister, pass_register
from cictrack.cli.options import DAY
from cictrack.errors import Refused
from cictrack.pathway.clocks import spoken
from cictrack.pathway.events import UNDATED, WITHDRAWN
from cictrack.pathway.kinds import Field
from cictrack.pathway.offers import OFFER, OFFERED
from cictrack.store.checks import WHY
from cictrack.store.named import name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from cictrack.pathway.child import CaseOf
    from cictrack.pathway.declare import Register
    from cictrack.pathway.events import Event
    from cictrack.pathway.kinds import Kind
    from cictrack.store.named import CaseName
    from cictrack.store.recording import Recording


SHOWN = 5
"""Events that are alike and named in a refusal; the rest are in the history."""


def _which(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say which event is meant, and why it was wrong."""
    options = (
        case_argument,
        click.argument("event", metavar="EVENT"),
        click.option("--on", type=DAY, metavar="DAY", help="Its day as recorded."),
        click.option("--id", "id_", type=TEXT, metavar="ID", help="The end of its id, where two are alike."),
        asked("--reason", label="Reason", type=SAID, metavar="TEXT", help="Why what was recorded is wrong."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def correct_command(register: Register) -> click.Command:
    """The command that puts right the day or the fields of an event."""
    name = register.kinds[min(1, len(register.kinds) - 1)].name

    @click.command(
        "correct",
        epilog=f"Example: cictrack {register.name} correct 104523 {name} --on 5/3/2026 --to 6/3/2026 --reason misread",
    )
    @_which
    @click.option("--to", type=DAY, metavar="DAY", help="The right day.")
    @click.option(
        "--set", "changes", multiple=True, metavar="FIELD=VALUE", help="A field's right value; may be repeated."
    )
    @pass_register(write=True)
    def command(
        opened: OpenRegister,
        case: CaseName,
        event: str,
        on: date | None,
        id_: str | None,
        reason: str,
        to: date | None,
        changes: tuple[str, ...],
    ) -> None:
        """Put right the day or a field of an event. The old one stays in history."""
        kind = _kind(register, event)
        if to is None and not changes:
            raise click.UsageError("give --to DAY or --set FIELD=VALUE.", click.get_current_context())
        changed = _changes(register, kind, changes)
        with recording_in(opened) as it:
            head = _recorded(it, it.case(register.name, case), kind, on, id_)
            fields = {name: value for name, value in {**head.fields, **changed}.items() if value not in ("", [])}
            if to is not None:
                fields.pop(UNDATED, None)
            _refuse_what_lacks(register, kind, fields)
            it.supersede(head, kind.name, to or head.day, {**fields, WHY: reason})
            consequences = it.settle()
        moved = f" (was {in_words(head.day)})" if to else ""
        answer(consequences, f"corrected: {kind.title}, {in_words(to or head.day)}{moved}")

    return command


def withdraw_command(register: Register) -> click.Command:
    """The command that says that an event never happened."""

    @click.command(
        "withdraw", epilog=f'Example: cictrack {register.name} withdraw 104523 closed --reason "closed by mistake"'
    )
    @_which
    @pass_register(write=True)
    def command(
        opened: OpenRegister, case: CaseName, event: str, on: date | None, id_: str | None, reason: str
    ) -> None:
        """Say that an event never happened. It stays in history."""
        kind = _kind(register, event)
        with recording_in(opened) as it:
            named = it.case(register.name, case)
            if kind.opens:
                how = f"cictrack {register.name} close {case} --reason opened-in-error"
                raise Refused(f"An opening event is moved, never withdrawn. Opened in error? {how}")
            head = _recorded(it, named, kind, on, id_)
            it.supersede(head, WITHDRAWN, head.day, {WHY: reason})
            consequences = it.settle()
        answer(consequences, f"withdrawn: {kind.title}, {in_words(head.day)}")

    return command


def _kind(register: Register, name: str) -> Kind:
    """The kind an EVENT names; `open` and `close` are read as what they record."""
    known = {**register.kind, OFFERED: OFFER, "open": register.opening, "close": register.kind["closed"]}
    if name not in known:
        from cictrack.cli.main import did_you_mean

        said = f"there is no event {name!r} in {register.name}.{did_you_mean(name, list(known))}"
        raise click.BadParameter(said, click.get_current_context(), param_hint="EVENT")
    return known[name]


def _recorded(it: Recording, case: CaseOf, kind: Kind, on: date | None, id_: str | None) -> Event:
    """The event meant. Refused where there is none, or where two are alike and no id says which."""
    name = name_of(case.register.name, case.opening.child_id, case.period)
    of_kind = [e for e in it.standing(case) if e.kind == kind.name]
    found = [e for e in of_kind if (on is None or e.day == on) and (id_ is None or e.id.endswith(id_))]
    if len(found) == 1:
        return found[0]
    which = f" on {spoken(on)}" if on else ""
    if not found:
        held = "; ".join(f"one on {spoken(e.day)}" for e in of_kind)
        raise Refused(
            f"{name}: no {kind.name} is recorded{which}{f', but {held}' if held else ''}. Nothing was changed."
        )
    telling = _telling(found)
    alike = ", ".join(f"{spoken(e.day)} (--id {e.id[-telling:]})" for e in found[:SHOWN])
    more = f", … List them: cictrack history {name}" if len(found) > SHOWN else ""
    raise Refused(f"{name}: {len(found)} {kind.name} events are recorded{which}: {alike}{more}. Say which.")


def _telling(events: Sequence[Event]) -> int:
    """How many characters from the end tell the ids apart: six, or more."""
    for length in range(6, len(events[0].id)):
        if len({e.id[-length:] for e in events}) == len(events):
            return length
    return len(events[0].id)


def _changes(register: Register, kind: Kind, changes: Sequence[str]) -> dict[str, Any]:
    """The fields that `--set` gives, read as their options would be. An empty value takes the field away."""
    known = {field.name: field for field in (*fields_of(register, kind), Field("note"))}
    found: dict[str, Any] = {}
    for change in changes:
        name, equals, value = change.partition("=")
        field = known.get(name.strip().replace("-", "_"))
        ctx = click.get_current_context()
        if not equals or field is None:
            said = f"{change!r}: write FIELD=VALUE, with a field of {kind.name}: {', '.join(known)}"
            raise click.BadParameter(said, ctx, param_hint="--set")
        option = click.Option([field.option], type=type_of(field))
        read = kept(option.type.convert(value, option, ctx)) if value.strip() else ""
        found[field.name] = [*found.get(field.name, []), read] if field.repeatable and read else read
    return found


def _refuse_what_lacks(register: Register, kind: Kind, fields: dict[str, Any]) -> None:
    lacking = [field.name for field in fields_of(register, kind) if field.required and not fields.get(field.name)]
    if lacking:
        raise Refused(f"{kind.name} cannot go without {', '.join(lacking)}. Nothing was changed.")
