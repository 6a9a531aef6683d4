"""What the rows of one file say of one child: facts for the child's own record, and what registers read of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from cictrack.pathway.record import CaseDraft, Life
    from cictrack.readers.contradictions import Contradiction
    from cictrack.readers.refusals import Refusal
    from cictrack.readers.rows import Row


class Fact(NamedTuple):
    """Something for the child's own record, and the rows that say it.

    `ongoing`: the return begins in the middle, so this may have begun earlier and be known already.
    """

    kind: str
    day: date
    fields: Mapping[str, Any]
    rows: list[Row]
    ongoing: bool = False


class Told(NamedTuple):
    """All that the rows of one kind of file say of one child.

    `looked_for` names the contradictions that were looked for. Registers read their cases off `life`; a table
    made for one register brings its cases as `drafts`, by register, and one that lacks its opening event adds
    to the case that is there.
    """

    feed: str
    child_id: str
    facts: list[Fact]
    contradictions: list[Contradiction]
    looked_for: frozenset[str]
    life: Life
    rows: list[Row]
    refused: list[Refusal]
    drafts: Mapping[str, Sequence[CaseDraft]] = {}
