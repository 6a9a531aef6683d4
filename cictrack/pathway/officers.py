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
    from cictrack.pathway.settings import Settings


class OfChild(NamedTuple):
    """A child as its own record tells of it: the day of birth, the record in order, and the days that care began.

    `care_began` holds those that a case tells of too.
    """

    dob: date | None
    record: Sequence[Event]
    care_began: Sequence[date]


class Found(NamedTuple):
    """What a measure says of one child: counted, and among those looked for, or why it cannot be counted.

    A child to whom the measure does not apply is not `counted`, and has no `why`.
    """

    counted: bool
    among: bool = False
    why: str = ""


class Measure(NamedTuple):
    """A measure over an officer's children: `title` and `definition` in words, in which `{day}` is the day."""

    title: str
    definition: str
    of: Callable[[OfChild, date], Found]


class OfficersPage(NamedTuple):
    """A register's page for one officer.

    `heading` is what a child's block begins with, `lines` what it says, each a label and a text. `caution` is how all
    of it is to be read, under the settings of a day.
    """

    heading: Callable[[Case, date], str]
    lines: Callable[[Case, Sequence[Event], date], Sequence[tuple[str, str]]]
    caution: Callable[[Settings, date], str]
    measures: tuple[Measure, ...] = ()
