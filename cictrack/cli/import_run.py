"""One run of an import: planned, written in one transaction, told; what is refused is handed back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cictrack.cli.opened import Root, real_today, tell
from cictrack.errors import Refused

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence
    from datetime import date

    from cictrack.cli.opened import OpenRegister
    from cictrack.pathway.settings import Settings
    from cictrack.readers.cases import Position
    from cictrack.readers.outcome import Outcome
    from cictrack.readers.rows import Read
    from cictrack.store.progress import Progress

    ReadAll = Callable[[], Sequence[Read]]
    """Reads the files of an import: it is called once the register is known to be there."""

ANY_REFUSED = 3
MONTHS_BACK = -12

SETTINGS = {"help_option_names": ["-h", "--help"]}


class Asked(NamedTuple):
    """What an import was asked for, beside its files."""

    as_of: str | None
    since: str | None
    dry_run: bool
    rejects: Path | None
    create: bool
    fail_if_any: bool
    accept_changes: bool
    format: str | None


_OPTIONS = (
    click.option("--as-of", metavar="DAY", help="The file's own day, on which what is alive is judged (today)."),
    click.option("--since", metavar="DAY", help="Open cases for what began, or ended, since then (12 months before)."),
    click.option("--dry-run", is_flag=True, help="Say what would be added, and write nothing."),
    click.option(
        "--rejects",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Hand the refused rows back as csv.",
    ),
    click.option("--create", is_flag=True, help="Make the register if there is none."),
    click.option("--fail-if-any", is_flag=True, help="Exit with status 3 when rows were refused."),
    click.option(
        "--accept-changes",
        is_flag=True,
        help="Take what the file says otherwise as a correction; what a person recorded stays.",
    ),
    click.option("--format", type=click.Choice(("table", "plain", "json")), help="How the outcome is written."),
)


def import_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every import: the command passes them on as `Asked(**options)`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def run_import(ctx: click.Context, read: ReadAll, asked: Asked) -> None:
    """Import what `read` reads: the good rows land together, or not at all, and the outcome is told."""
    if asked.rejects:
        from cictrack.cli.rejects import check_rejects

        check_rejects(asked.rejects)
    outcome, position = _imported(ctx, read, asked)
    _report(outcome, position, asked)
    if not outcome.any_used:
        why = "see what was refused, and why" if outcome.refused else "no row says anything that the register keeps"
        raise Refused(f"Nothing could be used, and nothing was recorded: {why}.")
    if asked.fail_if_any and outcome.refused:
        ctx.exit(ANY_REFUSED)


def _imported(ctx: click.Context, read: ReadAll, asked: Asked) -> tuple[Outcome, Position]:
    root = ctx.find_object(Root)
    if root is None:
        raise RuntimeError("`import` was run outside `cictrack`")
    new = asked.create and not root.path.exists()
    register = None if new else root.register(write=not asked.dry_run)
    position = _position(asked, register)
    reads = read()
    if asked.dry_run:
        return _planned(reads, register.db if register else None, position, asked), position
    if register is None:
        # Planned first: a register is made only when there is something to put into it.
        first = _planned(reads, None, position, asked)
        if not first.any_used:
            return first, position
        _create(root.path)
        register = root.register(write=True)
    return _written(reads, register.db, position, asked), position


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


def _create(path: Path) -> None:
    from cictrack.cli.cases import recorded_by
    from cictrack.store.opening import create

    create(path, recorded_by(), make_folder=True).close()
    tell(f"Made a register: {path}")


def _planned(
    reads: Sequence[Read],
    db: sqlite3.Connection | None,
    position: Position,
    asked: Asked,
    progress: Progress | None = None,
) -> Outcome:
    """What the files bring beyond what the register holds; without a register, all of it."""
    from cictrack.cli.cases import recorded_by
    from cictrack.readers.outcome import Outcome
    from cictrack.readers.plan import Stamp
    from cictrack.registers import registers
    from cictrack.store.events import content_id, events_of, settings_of

    outcome = Outcome(reads)
    stamp = Stamp(recorded_by(), {read.file: read.source for read in reads}, content_id, asked.accept_changes)
    settings = settings_of(db) if db else _usual_settings()
    children = outcome.rows_by_child()
    for done, (child_id, rows) in enumerate(children.items()):
        if progress:
            progress(done, len(children))
        held = events_of(db, child_id) if db else []
        outcome.plan_child(rows, held, registers(), settings, position, stamp)
    return outcome


def _usual_settings() -> Settings:
    """The settings that a new register would have."""
    from cictrack.pathway.settings import Settings
    from cictrack.store.bank_holidays import published_bank_holidays
    from cictrack.working_days import Calendar

    return Settings(Calendar(*published_bank_holidays()))


def _written(reads: Sequence[Read], db: sqlite3.Connection, position: Position, asked: Asked) -> Outcome:
    """Plan and write in one transaction: what was held when it was planned is held still."""
    from cictrack.cli.cases import recorded_by
    from cictrack.store.progress import bar
    from cictrack.store.trail import keep_import
    from cictrack.store.writing import append, writing

    with bar("Importing") as progress, writing(db):
        outcome = _planned(reads, db, position, asked, progress)
        if outcome.any_used:
            append(db, outcome.events, progress=progress)
            files = [file._asdict() for file in outcome.of_files()]
            keep_import(db, recorded_by(), files, added=bool(outcome.events))
    return outcome


def _report(outcome: Outcome, position: Position, asked: Asked) -> None:
    from cictrack.cli.import_report import report_lines
    from cictrack.render.safe import visible

    failed = _hand_back(asked.rejects, outcome) if asked.rejects else None
    if asked.format == "json":
        import json

        click.echo(json.dumps(outcome.as_json(), indent=2))
    else:
        rejects = str(asked.rejects) if asked.rejects and not failed else None
        for line in report_lines(outcome, position.as_at, dry_run=asked.dry_run, rejects=rejects):
            click.echo(visible(line))
    if failed:
        raise failed


def _hand_back(path: Path, outcome: Outcome) -> Refused | None:
    """Write the refused rows; why that could not be done is told when the outcome is: by then it is recorded."""
    from cictrack.cli.rejects import write_rejects

    try:
        write_rejects(path, outcome.refused)
    except Refused as why:
        return why
    return None
