"""`import minutes`: a list that was taken to a meeting comes back, with what was agreed written into it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cictrack.cli.import_landing import Landing, land, landing_options
from cictrack.errors import Refused
from cictrack.reports.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from cictrack.cli.import_landing import Into
    from cictrack.cli.opened import OpenRegister
    from cictrack.readers.minutes import Minute, Minutes
    from cictrack.readers.outcome import Outcome
    from cictrack.store.recording import Recording


@click.command(epilog="Example: cictrack import minutes overdue.xlsx --on 30/3/2026 --dry-run")
@click.argument("written", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--on", metavar="DAY", help="The day of the meeting (today).")
@partial(landing_options, create=False)
@click.pass_context
def minutes(ctx: click.Context, /, written: Path, on: str | None, **landing: Any) -> None:  # noqa: ANN401 - click has given each option its type
    """Record what a meeting wrote into a list: any that was exported with --minutes, as xlsx or csv.

    Where the row is an agreed action, a new day moves it, an owner gives it to somebody else, and a note says why.
    In any other row a new day and an owner make a new action: the note says what is to be done, or else it is what
    was due. A note alone is kept on the case.

    A row that nothing is written in changes nothing. Each row stands alone: one that cannot be recorded is refused
    and named, as if it had been typed. An action that somebody has moved or done since the list was made stays as
    it is. Reading the same file again records nothing twice.
    """

    def begin(register: OpenRegister | None) -> _Agreed:
        if register is None:
            raise RuntimeError("an import that makes no register was begun without one")
        from cictrack.readers.minutes import read_minutes

        day = _day(on, register) if on is not None else register.today
        return _Agreed(read_minutes(written), register, day, dry_run=bool(landing["dry_run"]))

    land(ctx, begin, Landing(**landing))


def _day(text: str, register: OpenRegister) -> date:
    from cictrack.cli.days import read_day

    try:
        return read_day(text, register.today, register.working_day)
    except ValueError as wrong:
        raise click.UsageError(f"--on: {wrong}") from wrong


class _Agreed:
    """Lists that were read, and what was agreed in them."""

    def __init__(self, lists: Sequence[Minutes], register: OpenRegister, day: date, *, dry_run: bool) -> None:
        self._lists = lists
        self._register = register
        self._day = day
        self._dry_run = dry_run
        self._said: list[str] = []
        self._there: list[str] = []

    @property
    def heading(self) -> str:
        """How many rows were written in, and what each was recorded as."""
        rows = counted(sum(len(one.minutes) for one in self._lists), "row")
        lines = [f"Read: {rows} written in."]
        if self._said:
            lines += ["Would record:" if self._dry_run else "Recorded:", *self._said]
        if self._there:
            lines.append(f"Recorded before, and left as they are: row {', '.join(self._there)}.")
        return "\n".join(lines)

    def outcome(self, into: Into) -> Outcome:
        """What each row brings beyond what the register holds, the rows before it among that."""
        from cictrack.cli.cases import recorded_by
        from cictrack.readers.outcome import Outcome
        from cictrack.store.recording import Recording

        self._said, self._there = [], []
        outcome = Outcome([one.read for one in self._lists])
        it = Recording(into.db or self._register.db, self._register.today, recorded_by())
        rows = [(one.read.file, minute) for one in self._lists for minute in one.minutes]
        for done, (file, minute) in enumerate(rows):
            if into.progress:
                into.progress(done, len(rows))
            self._take(outcome, it, file, minute)
        return outcome

    def _take(self, outcome: Outcome, it: Recording, file: str, minute: Minute) -> None:
        from cictrack.cli.minuted import minuted, reason_of
        from cictrack.readers.plan import KNOWN
        from cictrack.readers.refusals import Refusal
        from cictrack.render.safe import visible

        try:
            came_to = minuted(it, minute, self._day)
        except Refused as why:
            outcome.refused.append(Refusal(file, minute.row, "", "", reason_of(why), minute.cells))
            return
        if came_to.event is None:
            outcome.events_unchanged += 1
            outcome.count(file, KNOWN)
            self._there.append(str(minute.row))
        else:
            outcome.add(file, came_to.event)
            whose = f"row {minute.row}, {minute.register} {minute.child_id}"
            self._said.append(f"  {visible(whose)}: {visible(came_to.says)}")
