"""Fields of events as options: what their declaration says, in the shape click reads."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from cictrack.cli.cases import SAID, TEXT, on_a_terminal
from cictrack.cli.options import DAY
from cictrack.pathway.common import ASSIGNED
from cictrack.pathway.kinds import Field

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cictrack.pathway.declare import Register
    from cictrack.pathway.kinds import Kind

PREFIX = "field_"
"""What the names of field options begin with in a command's parameters, so that no field can hide another."""


def fields_of(register: Register, kind: Kind) -> tuple[Field, ...]:
    """The fields that an event of a kind carries: `details` those of the opening event, none of them required."""
    if kind.name == "details":
        return tuple(field._replace(required=False, default=None) for field in register.opening.fields)
    if kind.opens:
        known = {field.name for field in kind.fields}
        return (*kind.fields, *(Field(name) for name in ASSIGNED if name not in known))
    return kind.fields


def field_options(fields: Sequence[Field]) -> list[click.Parameter]:
    """An option for each field. A required one is asked for on a terminal and an error in a pipe."""
    return [_option(field) for field in fields]


def _option(field: Field) -> click.Option:
    about = field.about[:1].upper() + field.about[1:] or field.name.replace("_", " ").capitalize()
    settings: dict[str, Any] = {
        "type": type_of(field),
        "multiple": field.repeatable,
        "required": field.required,
        "help": f"{about}{f' ({field.default})' if field.default else ''}{'; may be repeated' * field.repeatable}.",
    }
    if field.type != "choice":
        settings["metavar"] = field.type.upper()
    if field.required and not field.repeatable and on_a_terminal():
        settings["prompt"] = field.name.replace("_", " ").capitalize()
    if field.required_with[0]:
        settings["callback"] = partial(_asked_with, field)
    return click.Option([field.option, PREFIX + field.name], **settings)


def _asked_with(field: Field, ctx: click.Context, param: click.Parameter, value: object) -> object:
    """Ask, on a terminal, for what another answer makes required."""
    beside, answer = field.required_with
    if value or ctx.params.get(PREFIX + beside) != answer or not on_a_terminal():
        return value
    return click.prompt(field.name.replace("_", " ").capitalize(), type=param.type)


def type_of(field: Field) -> click.ParamType[Any]:
    """The type of a field's value."""
    if field.type == "choice":
        return click.Choice(field.choices, case_sensitive=False)
    if field.type == "day":
        return DAY
    return SAID if field.required else TEXT


def given_fields(options: Mapping[str, object], note: str | None = None) -> dict[str, Any]:
    """The fields that a line gave, as an event keeps them: days as ISO text, several values as a list."""
    given = {name.removeprefix(PREFIX): kept(value) for name, value in options.items() if name.startswith(PREFIX)}
    if note:
        given["note"] = note
    return {name: value for name, value in given.items() if value not in (None, "", [])}


def kept(value: object) -> str | list[str] | None:
    """A value as an event keeps it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (tuple, list)):
        return [str(one) for one in value]
    return value.isoformat() if isinstance(value, date) else str(value)


def example(register: Register, kind: Kind, command: str | None = None) -> str:
    """A line that records an event of a kind: the register's own example, or one made from its fields."""
    name = command or kind.name
    own = register.examples.get(name)
    if own:
        return f"Example: {own}"
    wanted = [field for field in kind.fields if field.required]
    if kind.name == "details":
        wanted = list(fields_of(register, kind)[:1])
    words = [f"{field.option} {_sample(field)}" for field in wanted]
    return f"Example: {' '.join(['cictrack', register.name, name, '104523', '--on 5/3/2026', *words])}"


def _sample(field: Field) -> str:
    if field.type == "choice":
        return field.choices[0]
    return "2/4/2026" if field.type == "day" else f'"{(field.about or field.name.replace("_", " "))}"'
