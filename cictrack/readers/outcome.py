"""What an import came to: each row is used, unchanged, in conflict, refused or not used, and they add up."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from cictrack.pathway.events import CHILD, standing
from cictrack.pathway.record import BORN
from cictrack.pathway.settings import SETTINGS
from cictrack.readers.cases import plan_cases
from cictrack.readers.feeds import teller
from cictrack.readers.importing import plan_record
from cictrack.readers.plan import CLASHES, KNOWN, NEW, SAID, Plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from cictrack.pathway.declare import Register
    from cictrack.pathway.events import Event
    from cictrack.pathway.settings import Settings
    from cictrack.readers.cases import Position
    from cictrack.readers.contradictions import Contradiction
    from cictrack.readers.plan import Change, Conflict, Stamp
    from cictrack.readers.refusals import Refusal
    from cictrack.readers.rows import Read, Row
    from cictrack.readers.told import Told

    Write = Callable[[Sequence[Event]], object]


PART = 50_000
"""Events held before they are written: an import of a hundred thousand rows has many more than memory should hold."""


class OfFile(NamedTuple):
    """What became of the rows of one file; `feed` is the kind of file."""

    feed: str
    file: str
    sha256: str
    rows_read: int
    rows_used: int
    rows_refused: int
    events_added: int


class Outcome:
    """The counts of one import, the rows refused and the values in conflict.

    `events` are those to be written; where there are very many, `write` is given them in parts, each child's together.
    `may_accept` says that what is in conflict can be taken when it is asked for.
    """

    def __init__(self, reads: Sequence[Read], write: Write | None = None, part: int = PART) -> None:
        self.reads = reads
        self.events: list[Event] = []
        self._write = write
        self._part = part
        self._written = 0
        self.conflicts: list[Conflict] = []
        self.changes: list[Change] = []
        self.contradictions: list[tuple[str, Contradiction]] = []
        self.refused: list[Refusal] = [refusal for read in reads for refusal in read.refused]
        self.events_unchanged = 0
        self.cases_opened = 0
        self.may_accept = False
        self._feed = {read.file: read.feed for read in reads}
        self._added: Counter[str] = Counter()
        self._rows: Counter[tuple[str, int]] = Counter()
        for read in reads:
            self._rows[read.file, SAID] += read.not_used

    def rows_by_child(self) -> dict[str, list[Row]]:
        """The rows that were read, by child."""
        of: dict[str, list[Row]] = {}
        for read in self.reads:
            for row in read.rows:
                of.setdefault(row.child_id, []).append(row)
        return of

    def plan_child(
        self,
        rows: Iterable[Row],
        held: Sequence[Event],
        registers: Mapping[str, Register],
        settings: Settings,
        position: Position,
        stamp: Stamp,
    ) -> None:
        """Take in what the rows of one child bring beyond what is held, one kind of file after the other."""
        by_feed: dict[str, list[Row]] = {}
        for row in rows:
            by_feed.setdefault(self._feed[row.file], []).append(row)
        known = list(held)
        for feed, of_feed in by_feed.items():
            born = next((e.day for e in standing(known)[0] if e.kind == BORN), None)
            says = teller(feed)(of_feed[0].child_id, of_feed, born, position.as_at)
            plan = Plan(says, known, stamp, position.as_at)
            plan_record(plan, says)
            plan_cases(plan, says, registers, settings, position)
            self._take(says, plan)
            file_of = {source: file for file, source in stamp.source.items()}
            self._added.update(file_of[event.source] for event in plan.events)
            known += plan.events

        if self._write is not None and len(self.events) >= self._part:
            self._write(self.events)
            self._written += len(self.events)
            self.events = []

    def _take(self, says: Told, plan: Plan) -> None:
        self.refused += [*says.refused, *plan.refused]
        self.events += plan.events
        self.conflicts += plan.conflicts
        self.events_unchanged += plan.unchanged
        self.changes += plan.changes
        self.contradictions += [(says.child_id, contradiction) for contradiction in says.contradictions]
        self.cases_opened += plan.opened
        self._rows.update((file, became) for (file, _), became in plan.of_rows.items())

    def add(self, file: str, event: Event) -> None:
        """Take in an event that stands as it is in a row of its own."""
        self.events.append(event)
        self._added[file] += 1
        of_case = event.register not in {CHILD, SETTINGS} and not event.root
        self.cases_opened += of_case and event.opening in {"", event.id}
        self.count(file, NEW)

    def count(self, file: str, became: int) -> None:
        """Count a row that came to that."""
        self._rows[file, became] += 1

    @property
    def events_added(self) -> int:
        """How many events it adds, written or to be written."""
        return self._written + len(self.events)

    def rows(self, became: int) -> int:
        """How many rows of all files came to that."""
        return sum(count for (_, is_), count in self._rows.items() if is_ == became)

    @property
    def rows_read(self) -> int:
        """All rows: the sum of what each came to. A file refused whole counts as one."""
        return sum(self._rows.values()) + len(self.refused)

    @property
    def any_used(self) -> bool:
        """Whether any row said something that the register takes or holds."""
        return any(self.rows(became) for became in (NEW, KNOWN, CLASHES))

    def of_files(self) -> list[OfFile]:
        """What became of each file."""
        refused = Counter(refusal.file for refusal in self.refused)
        return [
            OfFile(
                read.feed,
                read.file,
                read.sha256,
                sum(self._rows[read.file, became] for became in (SAID, KNOWN, NEW, CLASHES)) + refused[read.file],
                self._rows[read.file, NEW],
                refused[read.file],
                self._added[read.file],
            )
            for read in self.reads
        ]

    def as_json(self) -> dict[str, object]:
        """The outcome under the keys that are promised."""
        return {
            "files": len(self.reads),
            "rows_read": self.rows_read,
            "rows_used": self.rows(NEW),
            "rows_unchanged": self.rows(KNOWN),
            "rows_in_conflict": self.rows(CLASHES),
            "rows_refused": len(self.refused),
            "rows_not_used": self.rows(SAID),
            "events_added": self.events_added,
            "events_unchanged": self.events_unchanged,
            "conflicts": [conflict._asdict() for conflict in self.conflicts],
            "changes": [change._asdict() for change in self.changes],
            "contradictions": [
                {"child_id": child_id, "event": found.event, "why": found.why}
                for child_id, found in self.contradictions
            ],
            "refused": [
                {"file": r.file, "row": r.row, "column": r.column, "value": r.value, "reason": r.reason}
                for r in self.refused
            ],
            "cases_opened": self.cases_opened,
        }
