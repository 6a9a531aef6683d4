"""What a register says on its page for one reviewing officer: each of their children, and what is counted beside them.

What every register knows is there without being declared: what is due, what drifts, what is escalated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from cictrack.pathway.case import Case
    from cictrack.pathway.events import Event
    from cictrack.pathway.measures import Measure
    from cictrack.pathway.settings import Settings


class OfficersPage(NamedTuple):
    """A register's page for one officer.

    `heading` is what a child's block begins with, `lines` what it says, each a label and a text. `caution` is how all
    of it is to be read, under the settings of a day. `measures` are those of children in care that it prints.
    """

    heading: Callable[[Case, date], str]
    lines: Callable[[Case, Sequence[Event], date], Sequence[tuple[str, str]]]
    caution: Callable[[Settings, date], str]
    measures: tuple[Measure, ...] = ()
