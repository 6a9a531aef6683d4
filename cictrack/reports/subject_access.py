"""What the register holds about one child, as one paper to be read before it is given; other ids are masked."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from cictrack.render.paper import Chapter, Paper
from cictrack.reports import explained, history
from cictrack.reports.explain import explained as counted_how
from cictrack.reports.one_child import about_line, as_machine, one_child, sections
from cictrack.reports.position import ChildrenOn
from cictrack.reports.words import in_words
from cictrack.store.audited import acts
from cictrack.store.named import name_of
from cictrack.store.shorter import child_ids
from cictrack.store.trail import EXPORTED, IMPORTED, PACK

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence
    from datetime import date

    from cictrack.pathway.events import Event
    from cictrack.render.listing import Listing
    from cictrack.reports.one_child import OneChild

ANOTHER, A_KEY = "another child", "a key shared with other children"
KEYS = frozenset({"family", "sibling_group"})
"""Answers that stand for other people as well."""

SHORTEST = 5
"""A shorter id is masked where somebody wrote text, and left where it may be a number or a part of a day."""

_PARTS = re.compile(" {2,}")
"""Between a label and what stands beside it."""

_WORD = re.compile(r"[^\W_]+(?:[-_][^\W_]+)*")

BEFORE = """\
Somebody who knows the child must read this before it is given: no program understands what a note says of other people.
Ids of other children in this register are masked already. Names of professionals stand as they were recorded.
A reply is due within a calendar month of the request, within three where it is complex (UK GDPR article 12).
What is withheld, as it would cause serious harm, a professional decides (Data Protection Act 2018, Schedule 3, Part 3).
This is a working register. The child's case record is kept elsewhere, and belongs to the reply too."""


_WENT = {IMPORTED: "Files were read in", EXPORTED: "Lists or copies went out", PACK: "Packs were made"}


class Masking:
    """What stands in the place of other people's ids."""

    def __init__(self, db: sqlite3.Connection, child_id: str) -> None:
        self._others = set(child_ids(db)) - {child_id}

    def text(self, value: str, *, shortest: int = SHORTEST) -> str:
        """A text without the ids of others."""
        found = _WORD.sub(lambda m: ANOTHER if len(m[0]) >= shortest and m[0] in self._others else m[0], value)
        return ANOTHER if found in self._others and len(found) >= shortest else found

    def value(self, value: Any, *, shortest: int = SHORTEST) -> Any:  # noqa: ANN401 - what JSON can say
        """A text, or all texts in a list or an object, keys that others share too."""
        if isinstance(value, dict):
            return {k: A_KEY if k in KEYS and v else self.value(v, shortest=shortest) for k, v in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(self.value(one, shortest=shortest) for one in value)
        return self.text(value, shortest=shortest) if isinstance(value, str) else value

    def listing(self, listing: Listing) -> Listing:
        """A list whose cells are masked."""
        hidden = {n for n, column in enumerate(listing.columns) if column.key in KEYS}
        rows = [
            tuple([A_KEY if n in hidden and cell else self.value(cell) for n, cell in enumerate(row)])
            for row in listing.rows
        ]
        return listing._replace(rows=rows)


def held(db: sqlite3.Connection, child_id: str, day: date, events: Sequence[Event]) -> tuple[OneChild, Masking]:
    """All that is held of a child by `day`, and what masks the others; `events` are all of the child's."""
    masking = Masking(db, child_id)
    masked = [event._replace(fields=masking.value(event.fields, shortest=1)) for event in events]
    return one_child(db, child_id, day, masked, names=True), masking


def paper(db: sqlite3.Connection, one: OneChild, masking: Masking, day: date) -> Paper:
    """The paper of a child."""
    whole = history.as_listing(f"child {one.child_id}", one.events, "table")
    chapters = [
        Chapter("Before this is given", "before", BEFORE.splitlines()),
        Chapter("What is held", "held", [_about(one, masking, day)], [masking.listing(part) for part in sections(one)]),
        *(Chapter(title, f"how-{n}", says) for n, (title, says) in enumerate(_how(db, one, masking, day), 1)),
        Chapter("Every entry as it was recorded, and by whom", "recorded", lists=[masking.listing(whole)]),
        Chapter("Where it came from, and where it went", "went", [*_went(db, one)]),
    ]
    made = f"Made on {in_words(day)}, for a request for access to what is held about a person."
    return Paper(f"What this register holds about child {one.child_id}", [made], chapters)


def _about(one: OneChild, masking: Masking, day: date) -> str:
    about = {key: A_KEY if key in KEYS and value else value for key, value in one.about.items()}
    return masking.text(about_line(one._replace(about=about), day))


def _how(db: sqlite3.Connection, one: OneChild, masking: Masking, day: date) -> Iterator[tuple[str, list[str]]]:
    """For each case how the days of its deadlines were counted, a sentence for each."""
    children = ChildrenOn(db, day)
    until = children.settings.calendar.until
    for case in children[one.child_id].cases:
        found = [row for row in counted_how(case, day, children.settings) if row.anchor_on is not None]
        lines = explained.as_text(case, found, day, until, one_rule=False)
        blocks = [
            "; ".join(_PARTS.sub(": ", line.strip()) for line in block) for said, block in groupby(lines, bool) if said
        ]
        name = name_of(case.register.name, one.child_id, case.period)
        yield f"How the dates of {name} were counted", [masking.text(block) for block in blocks]


def _went(db: sqlite3.Connection, one: OneChild) -> Iterator[str]:
    for source in sorted({event.source for event in one.events}):
        yield f"Recorded from: {'what a person typed' if source == 'person' else source}."
    first = min((event.recorded_at for event in one.events), default="")
    done = [act for act in acts(db) if act.at >= first]
    for did, said in _WENT.items():
        some = [act for act in done if act.did == did]
        named = sum(act.names for act in some)
        if some:
            yield f"{said} since this child's first entry, by `cictrack audit`: {len(some)}, with names {named}."


def machine(one: OneChild, masking: Masking) -> dict[str, Any]:
    """The same as an object: that of `show`, masked."""
    masked: dict[str, Any] = masking.value(as_machine(one))
    return masked
