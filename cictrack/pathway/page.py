"""What a register prints of its own: the columns of its page, what makes a case stand out, who might belong on it."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - a NamedTuple's fields are looked at when it runs
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cictrack.pathway.case import Case
    from cictrack.pathway.events import Event


class Indicator(NamedTuple):
    """One thing that makes a placement fragile. `counted` tells from the child's record since when and until when."""

    name: str
    weight: int
    title: str
    counted: Callable[[Case], list[tuple[date, date | None]] | None] | None = None


class PageColumn(NamedTuple):
    """A column of a register's own page, read off a case on a day."""

    key: str
    value: Callable[[Case, date], object]
    title: str = ""
    right: bool = False


class Candidates(NamedTuple):
    """A list of children who are not on the register and whose own record speaks of it: a person decides.

    `row` gives the columns after `child_id` for a child's record up to a day, None for a child it does not
    speak of; `kinds` are the events of the record it looks at, at most `days` old.
    """

    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    days: int
    row: Callable[[Sequence[Event], date], tuple[object, ...] | None]
