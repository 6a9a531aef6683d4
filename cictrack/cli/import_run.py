"""An import of tables: their rows are judged on the file's own day, and planned child by child."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cictrack.cli.import_landing import Landing, land, landing_options
from cictrack.cli.opened import real_today
from cictrack.pathway.clocks import spoken
from cictrack.reports.words import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from cictrack.cli.import_landing import Into
    from cictrack.cli.opened import OpenRegister
    from cictrack.pathway.settings import Settings
    from cictrack.readers.cases import Position
    from cictrack.readers.outcome import Outcome
    from cictrack.readers.rows import Read, Row

    ReadAll = Callable[[], Sequence[Read]]
    """Reads the files of an import: it is called once the register is known to be there."""

MONTHS_BACK = -12


class Asked(NamedTuple):
    """What an import of tables was asked for, beside its files."""

    as_of: str | None
    since: str | None
    accept_changes: bool
    landing: Landing

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Asked:
        """From what click has read of the command's options."""
        landing = {name: options[name] for name in Landing._fields}
        return cls(options["as_of"], options["since"], options["accept_changes"], Landing(**landing))


_OPTIONS = (
    click.option("--as-of", metavar="DAY", help="The file's own day, on which what is alive is judged (today)."),
    click.option("--since", metavar="DAY", help="Open cases for what began, or ended, since then (12 months before)."),
    click.option(
        "--accept-changes",
        is_flag=True,
        help="Take what the file says otherwise as a correction; what a person recorded stays.",
    ),
)


def import_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every import of tables: the command passes them on as `Asked.of(options)`."""
    command = landing_options(command)
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def run_import(ctx: click.Context, read: ReadAll, asked: Asked) -> None:
    """Import what `read` reads: the good rows land together, or not at all, and the outcome is told."""

    def begin(register: OpenRegister | None) -> _Tables:
        position = _position(asked, register)
        return _Tables(read(), position, accept=asked.accept_changes)

    land(ctx, begin, asked.landing)


def _position(asked: Asked, register: OpenRegister | None) -> Position:
    from cictrack.readers.cases import Position
    from cictrack.working_days import months_after

    today = register.today if register else real_today()
    as_at = _day(asked.as_of, "--as-of", today, register) if asked.as_of is not None else today
    since = months_after(as_at, MONTHS_BACK) if asked.since is None else _day(asked.since, "--since", today, register)
    if since > as_at:
        raise click.UsageError(f"--since {since.isoformat()} is later than the return's own day, {as_at.isoformat()}")
    return Position(as_at, since)


def _day(text: str, option: str, today: date, register: OpenRegister | None) -> date:
    from cictrack.cli.days import read_day

    def working_day(day: date, amount: int) -> date:
        if register is None:
            raise ValueError("working days are counted from a register's calendar, and there is none yet: give the day")
        return register.working_day(day, amount)

    try:
        return read_day(text, today, working_day)
    except ValueError as wrong:
        raise click.UsageError(f"{option}: {wrong}") from wrong


class _Tables:
    """Tables that were read, and what they would bring to a register."""

    def __init__(self, reads: Sequence[Read], position: Position, *, accept: bool) -> None:
        self._reads = reads
        self._position = position
        self._accept = accept
        self._older = 0

    @property
    def heading(self) -> str:
        tables = sum(1 for read in self._reads if read.table)
        others = len(self._reads) - tables
        more = f", and {others:,} that cannot be read as one" if others else ""
        lines = [f"Read as at {spoken(self._position.as_at)}: {counted(tables, 'table')}{more}."]
        if self._older:
            since = spoken(self._position.since)
            lines.append(
                f"No case began, or ended, since {since}: {self._older:,} of before then opened nothing;"
                " --since DAY, earlier than that, opens them."
            )
        return "\n".join(lines)

    def outcome(self, into: Into) -> Outcome:
        from cictrack.cli.cases import recorded_by
        from cictrack.readers.outcome import Outcome
        from cictrack.readers.plan import Stamp
        from cictrack.registers import registers
        from cictrack.store.events import content_id, events_of, settings_of

        outcome = Outcome(self._reads, into.write)
        outcome.may_accept = not self._accept
        stamp = Stamp(recorded_by(), {read.file: read.source for read in self._reads}, content_id, self._accept)
        settings = settings_of(into.db) if into.db else _usual_settings()
        children = outcome.rows_by_child()
        for done, (child_id, rows) in enumerate(children.items()):
            if into.progress:
                into.progress(done, len(children))
            held = events_of(into.db, child_id) if into.db else []
            outcome.plan_child(rows, held, registers(), settings, self._position, stamp)
        self._older = 0 if outcome.cases_opened else self._left_out(children)
        return outcome

    def _left_out(self, children: Mapping[str, Sequence[Row]]) -> int:
        """How many cases the files tell of that are older than is asked for; none where any is as young."""
        from datetime import date

        from cictrack.readers.feeds import teller
        from cictrack.registers import registers

        feed_of = {read.file: read.feed for read in self._reads}
        older = 0
        for child_id, rows in children.items():
            for feed in dict.fromkeys(feed_of[row.file] for row in rows):
                of_feed = [row for row in rows if feed_of[row.file] == feed]
                life = teller(feed)(child_id, of_feed, None, self._position.as_at).life
                for read in (r.reads[feed] for r in registers().values() if feed in r.reads):
                    if read(life, *self._position):
                        return 0
                    older += len(read(life, self._position.as_at, date.min))
        return older


def _usual_settings() -> Settings:
    """The settings that a new register would have."""
    from cictrack.pathway.settings import Settings
    from cictrack.store.bank_holidays import published_bank_holidays
    from cictrack.working_days import Calendar

    return Settings(Calendar(*published_bank_holidays()))
