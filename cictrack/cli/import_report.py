"""What a person is told of an import: the line that adds up, what was refused and why, and where the rest is."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from cictrack.pathway.clocks import spoken
from cictrack.readers.plan import CLASHES, KNOWN, NEW, SAID

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from cictrack.readers.outcome import Outcome
    from cictrack.readers.refusals import Refusal

SHOWN = 5
EXAMPLES = 2


def report_lines(outcome: Outcome, as_at: date, *, dry_run: bool, rejects: str | None) -> Iterator[str]:
    """The outcome in lines, as at the return's own day."""
    tables = sum(1 for read in outcome.reads if read.table)
    yield f"Read as at {spoken(as_at)}: {_many(len(outcome.reads), 'file')}, {tables} of them tables of the return."
    yield _adds_up(outcome)
    would = "Would add" if dry_run else "Added"
    yield (
        f"{would} {_many(len(outcome.events), 'event')} and open {_many(outcome.cases_opened, 'case')};"
        if dry_run
        else f"{would} {_many(len(outcome.events), 'event')} and opened {_many(outcome.cases_opened, 'case')};"
    ) + f" {outcome.events_unchanged:,} were known."
    yield from _encodings(outcome)
    yield from _refused(outcome, rejects)
    yield from _conflicts(outcome)
    if dry_run:
        yield "Nothing was written: leave out --dry-run to import."
    elif outcome.events:
        yield "Next: cictrack summary, and cictrack gaps for what the return cannot say or contradicts."


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def _adds_up(outcome: Outcome) -> str:
    parts = (
        (outcome.rows(NEW), "used"),
        (outcome.rows(KNOWN), "unchanged"),
        (outcome.rows(CLASHES), "in conflict"),
        (len(outcome.refused), "refused"),
        (outcome.rows(SAID), "not used"),
    )
    return f"Rows: {' + '.join(f'{count:,} {word}' for count, word in parts)} = {outcome.rows_read:,} read."


def _encodings(outcome: Outcome) -> Iterator[str]:
    files = [read.file for read in outcome.reads if read.encoding != "utf-8"]
    if files:
        yield f"Read as Windows-1252, not UTF-8: {', '.join(files)}."


def _refused(outcome: Outcome, rejects: str | None) -> Iterator[str]:
    if not outcome.refused:
        return
    by_reason: defaultdict[tuple[str, str], list[Refusal]] = defaultdict(list)
    for refusal in outcome.refused:
        by_reason[refusal.column, refusal.reason].append(refusal)
    yield "Refused:"
    ranked = sorted(by_reason.items(), key=lambda item: -len(item[1]))
    for (_, reason), refusals in ranked[:SHOWN]:
        where = ", ".join(_where(refusal) for refusal in refusals[:EXAMPLES])
        more = ", …" if len(refusals) > EXAMPLES else ""
        yield f"  {len(refusals):,} × {reason}: {where}{more}"
    if len(ranked) > SHOWN:
        yield f"  and {_many(len(ranked) - SHOWN, 'more reason')}."
    yield f"All of them are in {rejects}." if rejects else "All of them, with the rows: --rejects FILE.csv"


def _where(refusal: Refusal) -> str:
    cell = f" {refusal.column} {refusal.value!r}" if refusal.column else ""
    return f"{refusal.file} row {refusal.row}{cell}"


def _conflicts(outcome: Outcome) -> Iterator[str]:
    if not outcome.conflicts:
        return
    yield "In conflict with what is held, which stays:"
    for conflict in outcome.conflicts[:SHOWN]:
        yield f"  {conflict.child_id} {conflict.event}: held {conflict.held}, offered {conflict.offered}"
    if len(outcome.conflicts) > SHOWN:
        yield f"  and {len(outcome.conflicts) - SHOWN:,} more: --format json lists them."
