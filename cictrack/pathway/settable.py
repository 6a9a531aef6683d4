"""Every setting there is: the amounts of the rules and alerts, and what a register declares beside them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

from cictrack.pathway.settings import returns
from cictrack.whole import whole
from cictrack.working_days import Amount

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cictrack.pathway.declare import Clock, Register
    from cictrack.pathway.settings import Value
    from cictrack.working_days import Calendar

Form = Literal["amount", "weight", "cut-off", "number", "day", ""]
"""What a value is: an amount of time, a whole number of some kind, a day; empty where there is nothing to set."""

STATUTE = "statute"
LARGEST = 9_999
DAYS_LOOKED_AT = 5 * 366


class Setting(NamedTuple):
    """One thing that an authority may set. `default` is as it is typed, empty where there is none.

    `kind` is what lists call it: that of a clock, else its form. `shows` names the column of the register's page that
    is counted with it, where that is no deadline.
    """

    name: str
    title: str
    default: str = ""
    form: Form = ""
    authority: str = "local"
    source: str = ""
    counts_from: str = ""
    shows: str = ""
    register: str = ""
    clock: Clock | None = None

    @property
    def kind(self) -> str:
        """What lists call it."""
        return self.clock.kind if self.clock else self.form

    @property
    def usual(self) -> Value:
        """The default as the engine counts with it."""
        return int(self.default) if self.form in {"weight", "cut-off", "number"} else self.default


RETENTION = Setting(
    "retention",
    "kept after the last case of a child closed, then offered to be purged",
    "24 months",
    "amount",
    source="this tool's own, and no law: it is a working register and not the case record",
    counts_from="the day on which the last case closed",
)
"""How long a child is kept here. Two years: a return is for the year to 31 March, and is compared with the one before.

The statutory record is kept elsewhere: to the 75th anniversary of birth for a looked-after child, CPPCR 2010 reg 50.
"""


def settable(registers: Mapping[str, Register]) -> dict[str, Setting]:
    """Every setting by its name, in the order of the registers: of each its clocks, then what it declares beside."""
    of_registers = {setting.name: setting for register in registers.values() for setting in _of(register)}
    return {**of_registers, RETENTION.name: RETENTION}


def _of(register: Register) -> Iterator[Setting]:
    for clock in register.clocks:
        amount = usual(clock)
        yield Setting(
            clock.name,
            clock.title,
            amount,
            "amount" if amount else "",
            clock.authority,
            clock.source,
            clock.counts_from or _counts_from(clock),
            register=register.name,
            clock=clock,
        )
    for setting in register.settings:
        yield setting._replace(register=register.name)


def usual(clock: Clock) -> str:
    """The default amount of a clock; empty where it has none of its own."""
    return str(next(iter(clock.amounts.values()), "")) or clock.amount


def _counts_from(clock: Clock) -> str:
    return " or ".join(_said(after.event) + (f" (its {after.until})" if after.until else "") for after in clock.after)


def _said(key: str) -> str:
    event, _, answer = key.partition(":")
    return f"{event} ({answer})" if answer else event


def read_value(setting: Setting, typed: str, read_day: Callable[[str], date]) -> Value:
    """The value that was typed, as it is kept. Raises ValueError with a sentence when it cannot be counted with."""
    if not setting.form:
        counted = f": it counts from {setting.counts_from}" if setting.counts_from else ""
        raise ValueError(f"{setting.name} has no amount of its own to set{counted}.")
    if setting.form == "day":
        return read_day(typed).isoformat()
    if setting.form == "amount":
        amount = Amount.read(typed)
        if not amount.n:
            raise ValueError(f'"{typed}" is no time at all: write at least 1 {amount.unit.removesuffix("s")}.')
        return str(amount)
    number = whole(typed)
    if number is None or not 1 <= number <= LARGEST:
        raise ValueError(f'"{typed}" cannot be counted with: {setting.name} is a whole number from 1 to {LARGEST:,}.')
    return number


def fits(setting: Setting, value: object) -> bool:
    """Whether a value is one that this setting can have, as it is kept; the return to the default is one too."""
    if returns(value):
        return True
    whole = setting.form in {"weight", "cut-off", "number"}
    if whole != isinstance(value, int) or isinstance(value, bool):
        return False
    try:
        read_value(setting, str(value), date.fromisoformat)
    except ValueError:
        return False
    return True


def longer_than_the_law(calendar: Calendar, setting: Setting, value: Value, since: date) -> date | None:
    """The first day, from `since` on, from which a value counts longer than a rule of the law; None if there is none.

    Units differ, so days are counted and compared: 28 days are longer than 20 working days from a Saturday.
    """
    if setting.authority != STATUTE or setting.form != "amount":
        return None
    own, law = Amount.read(str(value)), Amount.read(setting.default)
    days = (date.fromordinal(since.toordinal() + n) for n in range(DAYS_LOOKED_AT))
    return next((day for day in days if calendar.after(day, own) > calendar.after(day, law)), None)
