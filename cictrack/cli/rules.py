"""`rules`: what an authority may set for itself, what it has set, and how a case keeps the dates it had."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from cictrack.cli.cases import REGISTER, SAID, asked, recorded_by
from cictrack.cli.changing import change, change_options
from cictrack.cli.days import in_words, read_day
from cictrack.cli.listed_alone import PAGE, ListedAlone
from cictrack.cli.opened import OpenRegister, pass_register
from cictrack.cli.options import AUTHORITIES, DAY, reading
from cictrack.cli.output import FOR_PEOPLE, chosen, put_listing
from cictrack.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from typing import Any

    from click.shell_completion import CompletionItem

    from cictrack.cli.changing import Beside
    from cictrack.cli.options import Reading
    from cictrack.pathway.settable import Setting
    from cictrack.pathway.settings import Value
    from cictrack.store.foreseen import Plan


@click.group(cls=ListedAlone, epilog="Example: cictrack rules --register plo --authority local")
def rules() -> None:
    """What is counted by: every rule, alert, weight and cut-off, and what the authority has set in its place.

    Alone it lists them: every option of `list` is read.
    """


@rules.command(PAGE, epilog="Example: cictrack rules list --register fragile --format csv --output rules.csv")
@reading(filters=False)
@click.option("--register", multiple=True, type=REGISTER, metavar="NAME", help="Only this register.")
@click.option("--authority", multiple=True, type=click.Choice(AUTHORITIES), help="Only rules of this authority.")
@click.option("--history", is_flag=True, help="Everything that was ever set instead, whenever it counts from.")
def listed(asked: Reading, *, history: bool) -> None:
    """Each rule with its default, the local value that counts on the day, whose rule it is, since when and by whom."""
    from cictrack.reports.rules import as_history, as_listing
    from cictrack.store.events import settings_events, settings_of

    events, filters, people = settings_events(asked.db), asked.filters, chosen(asked) in FOR_PEOPLE
    if history:
        put_listing(asked, as_history(events, filters, for_people=people))
    else:
        put_listing(asked, as_listing(events, settings_of(asked.db), asked.as_of, filters, for_people=people))


def _names(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem | str]:
    return [name for name in _known() if name.startswith(incomplete)]


def _setting(command: Callable[..., Any]) -> Callable[..., Any]:
    """The setting a command is about."""
    return click.argument("setting", metavar="NAME", shell_complete=_names)(command)


def _by_and_from(command: Callable[..., Any]) -> Callable[..., Any]:
    """Who decided, and from which day on it counts."""
    by = asked("--by", label="Decided by", type=SAID, metavar="NAME", help="Who decided it, by role.")
    since = asked(
        *("--from", "commences"),
        label="From which day on",
        type=DAY,
        metavar="DAY",
        help="What is anchored on or after this day is counted by it; a case keeps the dates it had.",
    )
    return by(since(command))


@rules.command(
    "set",
    epilog='Example: cictrack rules set plo.letter "10 working days" --by "Head of service" --from 1/4/2026 --yes',
)
@_setting
@click.argument("value", metavar="VALUE")
@_by_and_from
@change_options
@pass_register(write=True)
def set_rule(
    register: OpenRegister, setting: str, value: str, by: str, commences: date, *, yes: bool, dry_run: bool
) -> None:
    """Set another value than the default, from a day on: it says what moves, and asks.

    VALUE is an amount of time ("10 working days", "6 weeks"), a whole number for a weight or a cut-off, or a day.
    """
    known = _found(setting)
    read = _read(known, value, register)
    from cictrack.store.settling import setting_event

    plan = _plan(partial(setting_event, setting=known, value=read, since=commences, by=by, typist=recorded_by()))
    change(
        register,
        plan,
        _said(register, known, read, commences),
        yes=yes,
        dry_run=dry_run,
        beside=_beside(register, known),
    )


@rules.command(
    "reset",
    epilog='Example: cictrack rules reset plo.letter --by "Head of service" --from 1/6/2026 --yes',
)
@_setting
@_by_and_from
@change_options
@pass_register(write=True)
def reset_rule(register: OpenRegister, setting: str, by: str, commences: date, *, yes: bool, dry_run: bool) -> None:
    """Return to the default, from a day on: it says what moves, and asks. What was set before stays in history."""
    known = _found(setting)
    from cictrack.store.settling import reset_event

    plan = _plan(partial(reset_event, setting=known, since=commences, by=by, typist=recorded_by()))
    change(
        register,
        plan,
        _said(register, known, None, commences),
        yes=yes,
        dry_run=dry_run,
        beside=_beside(register, known),
    )


def _beside(register: OpenRegister, setting: Setting) -> Beside:
    if not setting.shows:
        return None
    from cictrack.reports.levels import as_text

    return lambda events: as_text(register.db, setting, events, register.today)


def _plan(event: Callable[..., Any]) -> Plan:
    def planned(db: Any) -> Sequence[Any]:  # noqa: ANN401 - a connection, in: an event, out
        return [event(db)]

    return planned


def _known() -> dict[str, Setting]:
    from cictrack.pathway.settable import settable
    from cictrack.registers import registers

    return settable(registers())


def _found(typed: str) -> Setting:
    """The setting of that name. Refused, with those that look like it, when there is none."""
    known = _known()
    if typed not in known:
        from cictrack.cli.main import did_you_mean

        ends = {name.rpartition(".")[2]: name for name in reversed(known)}
        meant = did_you_mean(typed, list(known)) or (f" Did you mean {ends[typed]}?" if typed in ends else "")
        raise Refused(f"There is no rule {typed!r}.{meant} List them: cictrack rules")
    return known[typed]


def _read(setting: Setting, typed: str, register: OpenRegister) -> Value:
    from cictrack.pathway.settable import read_value

    try:
        return read_value(setting, typed.strip(), lambda text: read_day(text, register.today, register.working_day))
    except ValueError as why:
        raise Refused(f"{why} Nothing was recorded." if str(why).endswith(".") else f"{why}.") from why


def _said(register: OpenRegister, setting: Setting, value: Value | None, since: date) -> str:
    """The change in words: what counts from which day on, in place of what, and until when."""
    name, from_then = f"{setting.name} ({setting.title})", f"from {in_words(since)} on"
    if setting.form == "day":
        from datetime import date as day

        return f"{name} is {in_words(day.fromisoformat(str(value)))}" if value else f"{name} is not known any more"
    held = register.settings.values.get(setting.name, ())
    until = next((f", until {in_words(day)}" for day, _ in held if day > since), "")
    if value is None:
        return f"{name} returns to its default, {setting.default}, {from_then}{until}"
    whose = "the law's own" if setting.authority == "statute" else "its default"
    was = register.settings.own(setting.name, since)
    before = f"{whose}, {setting.default}" if was is None else f"{was} ({whose} is {setting.default})"
    return f"{name} is {value} in place of {before}, {from_then}{until}"
