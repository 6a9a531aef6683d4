"""Evaluating many children, a part at a time; where there are thousands, in more processes than this.

A part goes in as events as they are kept, and comes out as rows of the derived tables. Which process did it, and
in which order the parts come, changes nothing that is written.
"""

from __future__ import annotations

from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from cictrack.pathway.child import evaluate_child
from cictrack.registers import registers
from cictrack.store.events import CHILD_ID, event_of
from cictrack.store.rows import latest_day, rows_of, together

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cictrack.pathway.settings import Settings
    from cictrack.store.events import Kept
    from cictrack.store.rows import Rows

    Part = Sequence[Sequence[Kept]]
    """The events of some children, each child's together."""

PART = 500
"""Children evaluated together."""

MANY = 10
"""So many parts are worth the start of more processes."""


class Derived(NamedTuple):
    """The rows of the children of one part, and the latest day on which one of them ended."""

    rows: Rows
    latest: str
    children: int


def derived(part: Part, settings: Settings) -> Derived:
    """Evaluate the children of a part."""
    declared = registers()
    rows = together(
        rows_of(events[0][CHILD_ID], evaluate_child(declared, [event_of(kept) for kept in events], settings))
        for events in part
    )
    return Derived(rows, latest_day(rows), len(part))


@contextmanager
def evaluating(children: Iterable[Sequence[Kept]], settings: Settings) -> Iterator[Iterator[Derived]]:
    """Evaluate children, given the events of each, while the caller does something else and then takes the parts."""
    parts = _parts(children)
    first = list(islice(parts, MANY))
    if len(first) < MANY:
        yield (derived(part, settings) for part in first)
        return
    from cictrack.store.processes import shared_out

    with shared_out(chain(first, parts), settings) as shared:
        yield shared


def _parts(children: Iterable[Sequence[Kept]]) -> Iterator[Part]:
    left = iter(children)
    while part := list(islice(left, PART)):
        yield part
