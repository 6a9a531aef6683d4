"""What a row of Annex A says of one child: facts for the child's own record, and its cells for the registers.

List 8 has one row a child, of the latest period of care; List 10 one of an adoption plan. What cannot be so, and what
is written and fits no code, stands in `gaps`; the days beside it are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.pathway.clocks import spoken
from cictrack.pathway.record import BORN, SHORT_BREAKS, Life
from cictrack.readers.annex_a import header_of
from cictrack.readers.annex_a_codes import KNOWN, code_in
from cictrack.readers.annex_a_columns import (
    ADOPTED,
    ASSESSED,
    CEASED,
    DECIDED,
    EARLY,
    ENTERED,
    LIST_8,
    LIST_10,
    MATCHED,
    NEED,
    ORDERED,
    PLACE,
    PLACED,
    PLACED_FROM,
    PROVIDER,
    REVERSED,
    REVIEWED,
    STARTED,
    STATUS,
    STATUS_FROM,
    TEAM,
    WHY_CEASED,
    WHY_REVERSED,
    WORKER,
)
from cictrack.readers.annex_a_columns import BORN as BIRTH
from cictrack.readers.contradictions import Contradiction
from cictrack.readers.told import Fact, Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from cictrack.readers.annex_a_columns import ListOf
    from cictrack.readers.refusals import Refusal
    from cictrack.readers.rows import Row

AS_AT = "as at"
"""Among the days of a life: the file's own day."""

EVENT = {
    BIRTH: "born",
    STARTED: "care-started",
    STATUS_FROM: "legal-status",
    PLACED_FROM: "placement",
    REVIEWED: "looked-after-review",
    ASSESSED: "health-assessment",
    CEASED: "care-ended",
    ENTERED: "entered-care",
    DECIDED: "adm",
    ORDERED: "order",
    MATCHED: "match",
    EARLY: "early-permanence",
    PLACED: "placed",
    ADOPTED: "adopted",
    REVERSED: "reversal",
}
"""The event that each day is, for what stands in `gaps`."""

_CODED = {
    STATUS: ("legal-status", "legal status"),
    PLACE: ("placement", "placement"),
    WHY_CEASED: ("care-ended", "reason why care ended"),
    WHY_REVERSED: ("reversal", "reason"),
}
"""The columns whose labels matter, the event that each belongs to, and what it is called."""


def list_8(child_id: str, rows: Iterable[Row], known_birth: date | None, as_at: date) -> Told:
    """What List 8 says of one child. Of several rows that of the latest period counts, and the others are refused."""
    row, refused = _one(sorted(rows, key=lambda r: r.days[STARTED] or as_at, reverse=True), LIST_8, known_birth, as_at)
    if row is None:
        return _nothing_told(LIST_8, child_id, refused)
    said = _Said(row, LIST_8, as_at)
    facts = said.births()
    started = said.days.get(STARTED)
    if started is not None:
        care = said.texts[STATUS] not in SHORT_BREAKS
        ended = said.end(started)
        facts += said.facts(STARTED, "care-started", reason=NEED) if care else []
        facts += said.facts(STATUS_FROM, "legal-status", code=STATUS) if said.texts[STATUS] else []
        facts += said.facts(PLACED_FROM, "placement", place=PLACE, provider=PROVIDER)
        facts += said.facts(REVIEWED, "looked-after-review")
        facts += said.facts(ASSESSED, "health-assessment")
        facts += said.facts(CEASED, "care-ended", reason=WHY_CEASED) if care and ended else []
        said.undated(STATUS, STATUS_FROM)
        said.undated(PLACE, PLACED_FROM)
    return said.told(facts, refused)


def list_10(child_id: str, rows: Iterable[Row], known_birth: date | None, as_at: date) -> Told:
    """What List 10 says of one child. Its days belong to the case of an order: a row without one is not used."""
    ordered = sorted(rows, key=lambda r: (r.days[ORDERED] or as_at, r.line), reverse=True)
    row, refused = _one(ordered, LIST_10, known_birth, as_at)
    if row is None:
        return _nothing_told(LIST_10, child_id, refused)
    said = _Said(row, LIST_10, as_at)
    said.undated(WHY_REVERSED, REVERSED)
    later = next((column for column in (ADOPTED, PLACED, MATCHED) if column in said.days), "")
    why = f"List 10 has {later} and no {ORDERED}: no case was opened" if later and ORDERED not in said.days else ""
    said.look(ORDERED, "order", why)
    return said.told(said.births() if ORDERED in said.days else [], refused)


def _one(rows: Iterable[Row], of: ListOf, known_birth: date | None, as_at: date) -> tuple[Row | None, list[Refusal]]:
    """The first row that can be, and the others refused."""
    used: Row | None = None
    refused: list[Refusal] = []
    for row in rows:
        birth = row.days.get(BIRTH)
        born = birth or known_birth
        entered = of.starts or ENTERED
        begins = row.days.get(entered)
        if birth and birth > as_at:
            refused.append(row.refusal(header_of(row, of, BIRTH), f"born after the file's own day ({as_at:%d/%m/%Y})"))
        elif born and begins and begins < born:
            why = f"care would begin before birth ({born:%d/%m/%Y})"
            refused.append(row.refusal(header_of(row, of, entered), why))
        elif used is not None:
            why = f"row {used.line} tells of this child too: {of.title} has one row a child, the latest"
            refused.append(row.refusal(header_of(row, of, of.columns[0]), why))
        else:
            used = row
    return used, refused


def _nothing_told(of: ListOf, child_id: str, refused: list[Refusal]) -> Told:
    return Told(of.feed, child_id, [], [], frozenset(), Life(child_id), [], refused)


class _Said:
    """One row: its days up to the file's own, its labels as codes, and what in it cannot be so."""

    def __init__(self, row: Row, of: ListOf, as_at: date) -> None:
        self._row = row
        self._of = of
        self._found: list[Contradiction] = []
        self._looked: set[str] = set()
        self._first = min(next((day for c in (ORDERED, *of.days) if (day := row.days.get(c))), as_at), as_at)
        self.days = {AS_AT: as_at}
        for column, day in row.days.items():
            ahead = day is not None and day > as_at
            self.look(
                column, EVENT[column], f"{column} is {spoken(day)}, after the file's own day" if day and ahead else ""
            )
            if day and not ahead:
                self.days[column] = day
        self.texts = {column: self._code(column, row.texts.get(column, "")) for column in KNOWN if column in of.texts}
        self.texts |= {column: row.texts.get(column, "") for column in (TEAM, WORKER)}

    def look(self, column: str, event: str, why: str) -> None:
        """Note that something was looked at, and what is wrong with it if anything is."""
        of = f"{self._of.title} {column}"
        self._looked.add(of)
        if why:
            self._found.append(Contradiction(of, self._first, event, why))

    def _code(self, column: str, label: str) -> str:
        code = code_in(column, label) if label else ""
        if column in _CODED:
            event, called = _CODED[column]
            self.look(
                f"{column} label",
                event,
                f"the {called} is called {label}, which is no code" if label and not code else "",
            )
        return code

    def undated(self, column: str, day: str) -> None:
        """Note a label whose day is blank."""
        label = self._row.texts.get(column, "")
        blank = bool(label) and self._row.days.get(day) is None
        event, called = _CODED[column]
        self.look(
            f"{day} of {column}", event, f"{self._of.title} has a {called} ({label}) and no day for it" if blank else ""
        )

    def end(self, started: date) -> bool:
        """Whether care ended, and not before it began; what is wrong with its end is noted."""
        ceased = self.days.get(CEASED)
        reason = self._row.texts.get(WHY_CEASED, "")
        why = ""
        if ceased and ceased < started:
            why = f"care began on {spoken(started)} and ended before that, on {spoken(ceased)}"
            del self.days[CEASED]
        elif ceased and not reason:
            why = f"care ended on {spoken(ceased)} with no reason"
        elif reason and not ceased and not self._row.days.get(CEASED):
            why = f"List 8 has a reason why care ended ({reason}) and no day"
        self.look(f"{CEASED} end", "care-ended", why)
        return CEASED in self.days

    def births(self) -> list[Fact]:
        """The day of birth, where the row has one."""
        return self.facts(BIRTH, BORN)

    def facts(self, column: str, kind: str, **fields: str) -> list[Fact]:
        """The fact that a day tells, with the codes of other columns as its fields; none where it is blank."""
        day = self.days.get(column)
        given = {name: code for name, of in fields.items() if (code := self.texts.get(of, ""))}
        ongoing = kind in {"legal-status", "placement"}
        return [Fact(kind, day, given, [self._row], ongoing)] if day else []

    def told(self, facts: list[Fact], refused: list[Refusal]) -> Told:
        """All of it."""
        texts: Mapping[str, str] = self.texts
        life = Life(self._row.child_id, days=self.days, texts=texts)
        looked = frozenset(self._looked)
        return Told(self._of.feed, life.child_id, facts, self._found, looked, life, [self._row], refused)
