"""`export events` and `import events`: everything that was recorded, whole, as lines of text."""

from __future__ import annotations

from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cictrack.cli.export_end import FORCE, ending_in, give
from cictrack.cli.import_landing import Landing, land, landing_options
from cictrack.cli.opened import opened, pass_register
from cictrack.errors import Refused
from cictrack.reports.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cictrack.cli.import_landing import Into
    from cictrack.cli.opened import OpenRegister
    from cictrack.readers.event_files import Events
    from cictrack.readers.outcome import Outcome
    from cictrack.store.events import Kept
    from cictrack.store.progress import Progress

EACH = 1_000
ENDINGS = (".jsonl", ".ndjson", ".json")


@click.command("events", epilog="Example: cictrack export events --output north.jsonl")
@pass_register()
@click.option("--output", "jsonl", callback=ending_in(*ENDINGS), metavar="FILE", help="Into FILE.jsonl.")
@click.option("--names", is_flag=True, help="Also when children's names were recorded.")
@FORCE
def export_events(register: OpenRegister, *, jsonl: str | None, names: bool, force: bool) -> None:
    """Give every event of the register, a JSON object a line: `import events` takes them back, none is lost.

    Corrections and withdrawals are there beside what they corrected, each with the moment of recording and who
    recorded it. What people wrote in notes and tasks is there too: keep the file as you keep the register.
    """
    from cictrack.readers.event_lines import line_of
    from cictrack.store.all_events import every_event, held
    from cictrack.store.progress import bar

    there = held(register.db)
    if there.named and not names:
        children = counted(there.named, "child's name is", "children's names are")
        raise Refused(f"{children} recorded, and every event holds them too: say --names to give them out.")
    whole = there.events - there.erased
    notes = [f"{counted(whole, 'event')} of {there.events:,}."]
    if there.erased:
        notes.append(f"{counted(there.erased, 'event')} erased by law: nothing is left of them to give.")
    with (
        # Closed before the register is, when a reader of the lines has gone away in the middle.
        closing(every_event(register.db)) as events,
        bar("Exporting") if jsonl not in (None, "-") else nullcontext() as progress,
    ):
        lines = map(line_of, events)
        shown = _telling(lines, whole, progress) if progress else lines
        give(shown, rows=whole, into=jsonl, force=force, notes=notes, names=bool(there.named))


def _telling(lines: Iterable[str], of: int, progress: Progress) -> Iterator[str]:
    for done, line in enumerate(lines, 1):
        yield line
        if done % EACH == 0:
            progress(done, of)


@click.command("events", epilog="Example: cictrack import events north.jsonl --create --dry-run")
@click.argument("lines", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")
@landing_options
@click.option("--erase", is_flag=True, help="Erase here what was purged there: its record comes with the events.")
@click.pass_context
def import_events(ctx: click.Context, /, lines: Path, *, erase: bool, **landing: Any) -> None:  # noqa: ANN401 - click has given each option its type
    """Take in the events of another register, or of this one: what `export events` gave.

    An event that is held is left as it is; a line that is no event is refused and named; the others land together,
    or not at all, with the moment at which they were first recorded and who recorded them. What was purged here stays
    out; what was purged there and is held here still is erased when --erase is said, and for good.
    """
    asked = Landing(**landing)

    def begin(_register: OpenRegister | None) -> _Lines:
        from cictrack.readers.event_files import read_events

        return _Lines(read_events(lines), may_erase=erase or asked.dry_run)

    land(ctx, begin, asked)
    if erase and not asked.dry_run:
        from cictrack.cli.purge import write_anew

        write_anew(opened(ctx).db)


class _Lines:
    """Events that were read, and which of them a register lacks."""

    def __init__(self, read: Events, *, may_erase: bool) -> None:
        self._read = read
        self._may_erase = may_erase
        self._stay_out = self._go = 0

    @property
    def heading(self) -> str:
        """How many lines hold an event; how many stay out, and how many events go, once the outcome is known."""
        said = [f"Read: {counted(len(self._read.events), 'event')}."]
        if self._stay_out:
            said.append(f"Refused: {counted(self._stay_out, 'event')} that a purge erased: what is erased stays out.")
        if self._go:
            said.append(f"Erased with them: {counted(self._go, 'event')} held here, purged where the file comes from.")
        return "\n".join(said)

    def outcome(self, into: Into) -> Outcome:
        """Those that the register lacks. Refused where they would erase what it holds, and that was not asked for."""
        from cictrack.readers.event_files import outcome_of
        from cictrack.store.all_events import held_under
        from cictrack.store.erasing import held_of, named_by
        from cictrack.store.events import kept_of

        db, named = into.db, named_by(self._read.events)
        self._go = held_of(db, named) if db and named else 0
        if self._go and not self._may_erase:
            raise Refused(
                f"The file says that {counted(self._go, 'event')} held here were purged where it comes from: say"
                " --erase to erase them here too, for good, or --dry-run to see. Nothing was recorded."
            )
        out = {event.id for event in self._read.events if event.child_id and event.id in named}

        def known(ids: Sequence[str]) -> Mapping[str, Kept | None]:
            held = held_under(db, ids) if db else {}
            out.update(id_ for id_, kept in held.items() if kept is None)
            return held | dict.fromkeys(out.intersection(ids), None)

        taken = outcome_of(self._read, known, kept_of)
        self._stay_out = len(out)
        return taken
