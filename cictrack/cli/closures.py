"""`calendar`: the bank holidays that are known, and the days on which the authority's own offices are shut."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from cictrack.cli.cases import SAID, asked, recorded_by
from cictrack.cli.changing import change, change_options
from cictrack.cli.days import EARLIEST, LATEST, in_words
from cictrack.cli.listed_alone import PAGE, ListedAlone
from cictrack.cli.opened import OpenRegister, pass_register
from cictrack.cli.options import DAY, reading
from cictrack.cli.output import put_listing

if TYPE_CHECKING:
    from datetime import date

    from cictrack.cli.options import Reading


@click.group(
    "calendar",
    cls=ListedAlone,
    epilog="Example: cictrack calendar --year 2026",
)
def calendar() -> None:
    """The days that are no working days: bank holidays, how far they are known, and local closures.

    A closure lengthens rules of local custom and our own prompts; the law's working days know none. Alone it lists
    them: every option of `list` is read.
    """


@calendar.command(PAGE, epilog="Example: cictrack calendar list --year 2027 --format csv")
@reading(filters=False)
@click.option(
    "--year",
    "years",
    multiple=True,
    type=click.IntRange(EARLIEST, LATEST),
    metavar="YEAR",
    help="Of this year; may be repeated (this year and the next).",
)
def listed(asked: Reading, years: tuple[int, ...]) -> None:
    """The bank holidays and local closures of some years, and how far bank holidays are known."""
    from cictrack.reports.closures import as_listing
    from cictrack.store.events import settings_events, settings_of

    wanted = years or (asked.as_of.year, asked.as_of.year + 1)
    put_listing(asked, as_listing(settings_of(asked.db), settings_events(asked.db), wanted))


_DAY = click.argument("day", type=DAY, metavar="DAY")
_TO = click.option("--to", type=DAY, metavar="DAY", help="The last day, where there are more than one.")


@calendar.command(
    "add-closure",
    epilog='Example: cictrack calendar add-closure 29/12/2026 --to 31/12/2026 --name "Christmas closure"'
    ' --by "Head of service" --yes',
)
@_DAY
@_TO
@asked("--name", "named", label="Name", type=SAID, metavar="TEXT", help="What the closure is called.")
@asked("--by", label="Decided by", type=SAID, metavar="NAME", help="Who decided it, by role.")
@change_options
@pass_register(write=True)
def add_closure(
    register: OpenRegister, day: date, to: date | None, named: str, by: str, *, yes: bool, dry_run: bool
) -> None:
    """Say that the offices are shut on a day, or from a day to another: it says what moves, and asks.

    Weekends and bank holidays between the two are shut already, and are left out.
    """
    from cictrack.store.settling import closing_events

    last = _last(day, to)
    plan = partial(closing_events, first=day, last=last, name=named, by=by, typist=recorded_by())
    change(register, plan, f"Closed {_days(day, last)}: {named}", yes=yes, dry_run=dry_run)


@calendar.command(
    "remove-closure",
    epilog='Example: cictrack calendar remove-closure 29/12/2026 --reason "the office stays open" --yes',
)
@_DAY
@_TO
@asked("--reason", label="Reason", type=SAID, metavar="TEXT", help="Why it is none.")
@change_options
@pass_register(write=True)
def remove_closure(
    register: OpenRegister, day: date, to: date | None, reason: str, *, yes: bool, dry_run: bool
) -> None:
    """Withdraw a closure: it says what moves, and asks. It stays in `cictrack rules --history`."""
    from cictrack.store.settling import opening_events

    last = _last(day, to)
    plan = partial(opening_events, first=day, last=last, reason=reason, typist=recorded_by())
    change(register, plan, f"Open again {_days(day, last)}: {reason}", yes=yes, dry_run=dry_run)


def _last(first: date, to: date | None) -> date:
    if to is not None and to < first:
        said = f"{in_words(to)} is before {in_words(first)}"
        raise click.BadParameter(said, click.get_current_context(), param_hint="--to")
    return to or first


def _days(first: date, last: date) -> str:
    return f"on {in_words(first)}" if first == last else f"from {in_words(first)} to {in_words(last)}"
