"""Options that commands share: days, filters, formats.

Every list loads this, so it imports nothing but click and what click has loaded already.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cictrack.cli.helping import HELP
from cictrack.cli.opened import NEEDS, READ, needs, opened, real_today, wrap
from cictrack.store.filters import Filters

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from cictrack.cli.opened import OpenRegister

FORMATS = ("table", "plain", "csv", "json", "markdown", "html")
ENDINGS = (".csv", ".json", ".md", ".html", ".xlsx")
SEVERITIES = ("red", "amber", "grey")
AUTHORITIES = ("statute", "guidance", "indicator", "local", "prompt")


class _Day(click.ParamType[date]):
    """A day, in any form that `cictrack.cli.days` reads, against the register's own today."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        from cictrack.cli.days import read_day
        from cictrack.errors import Refused

        try:
            if ctx is None or not needs(ctx):
                return read_day(str(value), real_today(), _no_register)
            register = opened(ctx)
            return read_day(str(value), register.today, register.working_day)
        except (Refused, ValueError) as refusal:
            if isinstance(refusal, Refused) and str(value) not in str(refusal):
                raise
            self.fail(str(refusal), param, ctx)


def _no_register(_day: date, _amount: int) -> date:
    raise ValueError("working days are counted by a register's calendar, and there is none yet")


DAY = _Day()
"""A day as an option's type: `type=DAY`."""


class _Moment(click.ParamType[str]):
    """A moment, as the text that `recorded_at` is compared with. A day alone is its end, local time."""

    name = "moment"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value).strip()
        try:
            moment = datetime.fromisoformat(text) if len(text) > len("2026-03-02") else None
        except ValueError:
            moment = None
        if moment is None:
            day = DAY.convert(text, param, ctx)
            moment = datetime(day.year, day.month, day.day) + timedelta(days=1, microseconds=-1)  # noqa: DTZ001
        elif not 1900 <= moment.year <= 9998:  # noqa: PLR2004 - four digits, in any time zone
            self.fail(f"{text!r} is in the year {moment.year}: moments from 1900 to 9998 are read", param, ctx)
        try:
            return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        except OSError:
            # Windows knows no local time before 1970; no register was told of anything then.
            return "1900-01-01T00:00:00.000000Z"


MOMENT = _Moment()
"""A moment as an option's type: it gives fixed-width UTC text, as `recorded_at` has it."""


class Reading(NamedTuple):
    """What a reading command was asked: which register, which day, which rows, in what form.

    `db` is the register as known at the moment asked for. `format` is None when nobody chose:
    the output's ending, or the terminal, decides.
    """

    register: OpenRegister
    db: sqlite3.Connection
    as_of: date
    known_at: str | None
    filters: Filters
    format: str | None
    output: str | None
    names: bool
    force: bool = False
    minutes: bool = False

    @property
    def today(self) -> date:
        """The register's today, whatever day the list is as of."""
        return self.register.today


def reading(
    *,
    filters: bool = True,
    whose: bool = False,
    cases: bool = False,
    output: bool = True,
    minutes: bool = False,
    as_at: bool = True,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Options of a reading command; it gets one `Reading` as its first argument.

    `filters` adds the filters, `whose` those alone that say whose a case is; `cases` also `--all`; `output` the
    formats, `minutes` the columns to write in; `as_at` the days as at which and as known then.
    """

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: object, **given: Any) -> object:  # noqa: ANN401 - each option has its own type
            return command(_taken_from(given), *args, **given)

        wrap(call, command)
        setattr(call, NEEDS, READ)
        wanted = [
            *(_AS_AT if as_at else ()),
            *(_WHOSE if whose or filters else ()),
            *(_FILTERS if filters and not whose else ()),
            *(_CASES if cases else ()),
            *(_OUTPUT if output else ()),
            *(_MINUTES if minutes else ()),
            HELP,
        ]
        call.__dict__.setdefault("__click_params__", []).extend(reversed(wanted))
        return call

    return decorate


def _taken_from(given: dict[str, Any]) -> Reading:
    """What was asked, out of the options given; those that are the command's own are left in it."""
    register = opened(click.get_current_context())
    as_of, known_at = given.pop("as_of", None), given.pop("known_at", None)
    return Reading(
        register,
        register.known_at(known_at),
        as_of or register.today,
        known_at,
        Filters(**{name: given.pop(name) for name in Filters._fields if name in given}),
        given.pop("format", None),
        given.pop("output", None),
        bool(given.pop("names", False)),
        bool(given.pop("force", False)),
        bool(given.pop("minutes", False)),
    )


def _known_registers(_ctx: click.Context, _param: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    if given:
        from cictrack.registers import names

        for name in given:
            if name not in names():
                raise click.BadParameter(f"there is no register {name!r}; there are {', '.join(names())}")
    return given


def known_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Offer the teams, workers and others that the register knows, while a line is typed."""
    from cictrack.cli.completing import assigned

    return assigned(ctx, param, incomplete)


def _output_ending(_ctx: click.Context, _param: click.Parameter, given: str | None) -> str | None:
    if given is not None and given != "-" and not given.lower().endswith(ENDINGS):
        raise click.BadParameter(f"{given!r} ends in none of {' '.join(ENDINGS)}, which choose the format")
    return given


# One of each, shared by every command that has it: making them anew costs each list a twentieth.
_AS_AT = (
    click.Option(["--as-of"], type=DAY, metavar="DAY", help="The position on that day (today)."),
    click.Option(["--known-at"], type=MOMENT, metavar="MOMENT", help="Only what the register had been told by then."),
)
_WHOSE = (
    click.Option(["--register"], multiple=True, callback=_known_registers, metavar="NAME", help="Only this register."),
    *(
        click.Option(
            [f"--{name}"], multiple=True, metavar="NAME", help=f"Only this {called}.", shell_complete=known_names
        )
        for name in ("team", "worker", "iro", "manager", "locality")
        for called in (name.replace("iro", "IRO"),)
    ),
)
_FILTERS = (
    click.Option(["--stage"], multiple=True, metavar="NAME", help="Only this stage."),
    click.Option(["--severity"], multiple=True, type=click.Choice(SEVERITIES), help="Only this severity."),
    click.Option(["--authority"], multiple=True, type=click.Choice(AUTHORITIES), help="Only rules of this authority."),
)
_CASES = (click.Option(["--all", "closed_too"], is_flag=True, help="Closed cases too."),)
_OUTPUT = (
    click.Option(["--format"], type=click.Choice(FORMATS), help="How rows are written."),
    click.Option(["--output"], callback=_output_ending, metavar="FILE", help="Into a file; its ending is the format."),
    click.Option(["--force"], is_flag=True, help="Write over the file that is there."),
    click.Option(["--names"], is_flag=True, help="Children's names too."),
)
_MINUTES = (click.Option(["--minutes"], is_flag=True, help="Columns to write in, for `import minutes`: xlsx or csv."),)
