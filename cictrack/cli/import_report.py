"""What a person is told of an import: the line that adds up, what was refused and why, and where the rest is."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from cictrack.pathway.offers import OFFERED
from cictrack.readers.plan import CLASHES, KNOWN, NEW, SAID

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cictrack.readers.outcome import Outcome
    from cictrack.readers.refusals import Refusal

PLAIN = ("utf-8", "utf-8-sig")
CALLED = {"cp1252": "Windows-1252"}
TABLE = "table"
UNREAD = {"": "nothing there is read", "minutes": "nothing is written there"}
"""Why rows of a file are not used, by the kind of file."""

SHOWN = 5
EXAMPLES = 2


def report_lines(heading: str, outcome: Outcome, *, dry_run: bool, rejects: str | None) -> Iterator[str]:
    """The outcome in lines; `heading` says what was read, in one line or more."""
    yield from heading.split("\n")
    yield _adds_up(outcome)
    yield from _not_used(outcome)
    yield _came_to(outcome, dry_run=dry_run)
    yield from _encodings(outcome)
    yield from _refused(outcome, rejects)
    yield from _changes(outcome, dry_run=dry_run)
    yield from _conflicts(outcome)
    yield from _contradictions(outcome)
    if dry_run:
        yield "Nothing was written: leave out --dry-run to import."
    elif outcome.events_added:
        yield "Next: cictrack summary, and cictrack gaps for what the file cannot say or contradicts."


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def _came_to(outcome: Outcome, *, dry_run: bool) -> str:
    add, opened = ("Would add", "open") if dry_run else ("Added", "opened")
    offers = _offers(outcome)
    events = _many(outcome.events_added - offers, "event")
    cases = _many(outcome.cases_opened, "case")
    noted = f"; {_many(offers, 'other value')} {'to be ' if dry_run else ''}noted, and not taken" if offers else ""
    return f"{add} {events} and {opened} {cases}; {outcome.events_unchanged:,} were known{noted}."


def _offers(outcome: Outcome) -> int:
    """How many events only note that a file says otherwise; of an import that is written in parts all count alike."""
    if len(outcome.events) < outcome.events_added:
        return 0
    return sum(event.kind == OFFERED for event in outcome.events)


def _adds_up(outcome: Outcome) -> str:
    parts = (
        (outcome.rows(NEW), "used"),
        (outcome.rows(KNOWN), "unchanged"),
        (outcome.rows(CLASHES), "in conflict"),
        (len(outcome.refused), "refused"),
        (outcome.rows(SAID), "not used"),
    )
    return f"Rows: {' + '.join(f'{count:,} {word}' for count, word in parts)} = {outcome.rows_read:,} read."


def _not_used(outcome: Outcome) -> Iterator[str]:
    """Which files have rows that nothing is read of, and how many rows say nothing that is kept."""
    left = outcome.rows(SAID)
    for read in outcome.reads:
        if read.not_used:
            left -= read.not_used
            yield f"Not used: {_many(read.not_used, 'row')} of {read.file}; {UNREAD.get(read.feed, UNREAD[''])}."
    # Of a team's own table it was said before, with the rows.
    if left and any(read.feed != TABLE for read in outcome.reads):
        yield f"Not used: {_many(left, 'row')} that say{'s' if left == 1 else ''} nothing that the register keeps."


def _encodings(outcome: Outcome) -> Iterator[str]:
    of: defaultdict[str, list[str]] = defaultdict(list)
    for read in outcome.reads:
        of[read.encoding].append(read.file)
    for encoding, files in of.items():
        if encoding not in PLAIN:
            yield f"Read as {CALLED.get(encoding, encoding.upper())}, not UTF-8: {', '.join(files)}."


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


def _changes(outcome: Outcome, *, dry_run: bool) -> Iterator[str]:
    if not outcome.changes:
        return
    yield "Would put right what files said before:" if dry_run else "Put right, of what files said before:"
    for change in outcome.changes[:SHOWN]:
        yield f"  {change.child_id} {change.event}: {change.held} → {change.now or 'taken back'}"
    yield from _more(len(outcome.changes))


def _conflicts(outcome: Outcome) -> Iterator[str]:
    if not outcome.conflicts:
        return
    yield "In conflict with what is held, which stays; both are in gaps:"
    for conflict in outcome.conflicts[:SHOWN]:
        yield f"  {conflict.child_id} {conflict.event}: held {conflict.held or 'none'}, offered {conflict.offered}"
    yield from _more(len(outcome.conflicts))
    if outcome.may_accept:
        yield "To take what the file says: --accept-changes. What a person recorded stays even so."


def _contradictions(outcome: Outcome) -> Iterator[str]:
    if not outcome.contradictions:
        return
    yield f"Cannot be so, or lacks its day: {len(outcome.contradictions):,}, all in gaps:"
    for child_id, found in outcome.contradictions[:SHOWN]:
        yield f"  {child_id} {found.event}: {found.why}"
    yield from _more(len(outcome.contradictions))


def _more(count: int) -> Iterator[str]:
    if count > SHOWN:
        yield f"  and {count - SHOWN:,} more: --format json lists them."
