"""How every import ends: planned and written in one transaction, told, and what is refused handed back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import click

from cictrack.cli.opened import Root, again, tell
from cictrack.errors import Refused

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from cictrack.cli.opened import OpenRegister
    from cictrack.pathway.events import Event
    from cictrack.readers.outcome import Outcome, Write
    from cictrack.store.progress import Progress

    Begin = Callable[[OpenRegister | None], "Planned"]
    """Reads the files, once the register is known to be there: None when there is none yet."""

ANY_REFUSED = 3


class Planned(Protocol):
    """Files that were read, and what they would bring to a register."""

    @property
    def heading(self) -> str:
        """What was read, as a sentence."""

    def outcome(self, into: Into) -> Outcome:
        """What they bring beyond what the register holds; without a register, all of it."""


class Into(NamedTuple):
    """Where an import lands. Very many events may be given to `write` before all is planned."""

    db: sqlite3.Connection | None
    progress: Progress | None = None
    write: Write | None = None


class Landing(NamedTuple):
    """How an import is to end."""

    dry_run: bool = False
    rejects: Path | None = None
    create: bool = False
    fail_if_any: bool = False
    format: str | None = None


_CREATE = click.option("--create", is_flag=True, help="Make the register if there is none.")
_OPTIONS = (
    click.option("--dry-run", is_flag=True, help="Say what would be added, and write nothing."),
    click.option(
        "--rejects",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Hand the refused rows back as csv.",
    ),
    _CREATE,
    click.option("--fail-if-any", is_flag=True, help="Exit with status 3 when rows were refused."),
    click.option("--format", type=click.Choice(("table", "plain", "json")), help="How the outcome is written."),
)


def landing_options(command: Callable[..., Any], *, create: bool = True) -> Callable[..., Any]:
    """The options of every import that say how it ends: `Landing(**options)`; `create` where it may be the first."""
    for option in reversed(_OPTIONS):
        command = option(command) if create or option is not _CREATE else command
    return command


def land(ctx: click.Context, begin: Begin, asked: Landing) -> None:
    """Import what `begin` reads: the good rows land together, or not at all, and the outcome is told."""
    if asked.rejects:
        from cictrack.cli.rejects import check_rejects

        check_rejects(asked.rejects)
    planned, outcome = _landed(ctx, begin, asked)
    _report(planned, outcome, asked)
    if not outcome.any_used:
        why = "see what was refused, and why" if outcome.refused else "no row says anything that the register keeps"
        raise Refused(f"Nothing could be used, and nothing was recorded: {why}.")
    if asked.fail_if_any and outcome.refused:
        ctx.exit(ANY_REFUSED)


def _landed(ctx: click.Context, begin: Begin, asked: Landing) -> tuple[Planned, Outcome]:
    root = ctx.find_object(Root)
    if root is None:
        raise RuntimeError("`import` was run outside `cictrack`")
    new = asked.create and not root.path.exists()
    register = None if new else root.register(write=not asked.dry_run)
    planned = begin(register)
    if asked.dry_run:
        return planned, planned.outcome(Into(register.db if register else None, write=_forget))
    if register is None:
        # Planned first: a register is made only when there is something to put into it.
        first = planned.outcome(Into(None, write=_forget))
        if not first.any_used:
            return planned, first
        del first  # or it is in memory twice
        _create(root.path)
        register = root.register(write=True)
    return planned, _written(planned, register.db)


def _forget(events: Sequence[Event]) -> None:
    """Nothing is written yet."""


def _create(path: Path) -> None:
    from cictrack.cli.cases import recorded_by
    from cictrack.store.making import create

    create(path, recorded_by(), make_folder=True).close()
    tell(f"Made a register: {path}")


def _written(planned: Planned, db: sqlite3.Connection) -> Outcome:
    """Plan and write in one transaction: what was held when it was planned is held still."""
    from cictrack.cli.cases import recorded_by
    from cictrack.store.progress import bar
    from cictrack.store.trail import keep_import
    from cictrack.store.writing import append, writing

    stay_out = 0

    def write(events: Sequence[Event]) -> None:
        nonlocal stay_out
        stay_out += append(db, events, progress=progress).unchanged

    with bar("Importing") as progress, writing(db):
        outcome = planned.outcome(Into(db, progress, write))
        if outcome.any_used:
            write(outcome.events)
            files = [file._asdict() for file in outcome.of_files()]
            keep_import(db, recorded_by(), files, added=bool(outcome.events_added))
    if stay_out:
        tell(f"Of the events counted as added, {stay_out:,} stay out: a purge erased them here.")
    return outcome


def _report(planned: Planned, outcome: Outcome, asked: Landing) -> None:
    from cictrack.cli.import_report import report_lines
    from cictrack.render.safe import visible

    place = {read.file: n for n, read in enumerate(outcome.reads)}
    outcome.refused.sort(key=lambda refusal: (place.get(refusal.file, 0), refusal.row))
    failed = _hand_back(asked.rejects, outcome) if asked.rejects else None
    if asked.format == "json":
        import json

        click.echo(json.dumps(outcome.as_json(), indent=2))
    else:
        rejects = str(asked.rejects) if asked.rejects and not failed else None
        for line in report_lines(planned.heading, outcome, dry_run=asked.dry_run, rejects=rejects):
            click.echo(visible(again(line)))
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
