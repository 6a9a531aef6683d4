"""Which column of a table says what: a map decides first, then the words; what two things claim is not guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cictrack.errors import Refused
from cictrack.pathway.common import ASSIGNED
from cictrack.readers import cells
from cictrack.readers.headers import folded, numbered, same_header
from cictrack.readers.refusals import Unreadable
from cictrack.readers.targets import (
    CHILD_ID,
    CLOSED,
    NOTE,
    OF_REGISTER,
    OF_THE_CHILD,
    Claim,
    Target,
    dates_itself,
    holds_days,
    read_target,
    repeats,
    targets,
    vocabulary,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cictrack.pathway.declare import Register

    Sample = Callable[[int], Sequence[str]]
    """Some of the filled cells of a column, trimmed."""

OWN_PAGE = ("register", "child_id", "period", "stage", "opened_on")
"""The columns by which a list of cases that cictrack wrote itself is known."""

OURS = "cictrack works it out"
"""Why a column of its own list is left out."""

UNMAPPED = "left out as asked"

ANSWERED = "as you answered"

UNKNOWN = "no event, field or assignment is called so"


class Column(NamedTuple):
    """A column: where it stands, its header, and what it says. `why` is the reason when that is nothing."""

    at: int
    header: str
    target: Target | None = None
    why: str = ""


class Vocabulary:
    """What headers mean to one register, with what a map says of some; `mapping` is by header, "" leaves one out."""

    def __init__(self, register: Register, mapping: Mapping[str, str]) -> None:
        self.register = register
        self.mapped = {same_header(header): target for header, target in mapping.items()}
        self._claims = vocabulary(register)

    def knows(self, header: str) -> bool:
        """Whether a header means anything, or is in the map."""
        return bool(header) and (same_header(header) in self.mapped or bool(self.claims(header)))

    def names_a_child(self, header: str) -> bool:
        """Whether a column of this header holds the children's ids."""
        mapped = self.mapped.get(same_header(header))
        return (
            mapped == CHILD_ID if mapped is not None else any(c.target.event == CHILD_ID for c in self.claims(header))
        )

    def claims(self, header: str) -> list[Claim]:
        """What a header may mean. A number tells columns of one thing apart: only what repeats has a second."""
        whole = self._claims.get(folded(header), [])
        if whole:
            return whole
        base, n = numbered(header)
        found = [Claim(rank, target._replace(n=n)) for rank, target in self._claims.get(base, ())] if n else []
        return [claim for claim in found if n == 1 or repeats(self.register, claim.target)]


def matched(headers: Sequence[str], sample: Sample, words: Vocabulary) -> list[Column]:
    """What each column says. Raises Refused for a header that stands twice, and for a map that names what is not there.

    Columns without a header are left out of the answer.
    """
    named = [Column(at, header) for at, header in enumerate(headers) if header]
    _refuse_twice(named)
    _refuse_unknown(named, words)
    own = _own_page(headers, words.register)
    found = [_one(column, sample, words, own) for column in named]
    return _with_their_events(words.register, _numbered(words, _claimed_once(words, found, sample)))


def answered(columns: Sequence[Column], answers: Mapping[str, str]) -> list[Column]:
    """The columns, those among them that somebody left out when asked said to be so, and not by a map."""
    return [c._replace(why=ANSWERED) if answers.get(c.header) == "" and c.why == UNMAPPED else c for c in columns]


def _refuse_twice(columns: Sequence[Column]) -> None:
    seen: dict[str, str] = {}
    for column in columns:
        key = same_header(column.header)
        if key in seen:
            raise Refused(f"Two columns are called {column.header!r}, and which one counts cannot be told: rename one.")
        seen[key] = column.header


def _refuse_unknown(columns: Sequence[Column], words: Vocabulary) -> None:
    there = {same_header(column.header) for column in columns}
    for header, target in words.mapped.items():
        if header not in there:
            names = ", ".join(column.header for column in columns)
            raise Refused(f"The map names the column {header!r}, and the file has no such column. It has: {names}.")
        if target and read_target(target, words.register) is None:
            known = ", ".join(targets(words.register))
            raise Refused(
                f"The map gives {header!r} to {target!r}, which {words.register.name} has not. Known: {known}."
            )


def _own_page(headers: Sequence[str], register: Register) -> Mapping[str, Target] | None:
    """Which columns of a list that cictrack wrote are facts: the others it worked out itself."""
    if not {*OWN_PAGE} <= set(headers):
        return None
    return {
        "register": Target(OF_REGISTER),
        "child_id": Target(CHILD_ID),
        "opened_on": Target(register.opening.name),
        "closed_on": Target(CLOSED),
        "outcome": Target(CLOSED, "reason"),
        **{name: Target(name) for name in ASSIGNED},
    }


def _one(column: Column, sample: Sample, words: Vocabulary, own: Mapping[str, Target] | None) -> Column:
    mapped = words.mapped.get(same_header(column.header))
    if mapped is not None:
        target = read_target(mapped, words.register)
        return column._replace(target=target, why="" if target else UNMAPPED)
    if own is not None:
        target = own.get(column.header)
        return column._replace(target=target, why="" if target else OURS)
    claims = words.claims(column.header)
    if len(claims) > 1:
        claims = _by_what_it_holds(column.header, claims, sample(column.at), words.register)
    best = min((claim.rank for claim in claims), default=0)
    plainest = [claim.target for claim in claims if claim.rank == best]
    if len(plainest) == 1:
        return column._replace(target=plainest[0])
    if plainest:
        return column._replace(why=f"it may be {' or '.join(map(str, plainest))}")
    return column._replace(why=UNKNOWN)


def _by_what_it_holds(header: str, claims: list[Claim], sample: Sequence[str], register: Register) -> list[Claim]:
    """The claims that the cells bear out: a column of days is no answer in words, and words are no days.

    Where there are no cells yet, a header that speaks of a date is one of days.
    """
    days = sum(_is_day(cell) for cell in sample) * 2 > len(sample) if sample else "date" in same_header(header)
    borne_out = [claim for claim in claims if holds_days(register, claim.target) == days]
    return borne_out or claims


def _is_day(cell: str) -> bool:
    try:
        return cells.spreadsheet_day(cell) is not None
    except Unreadable:
        return False


def _claimed_once(words: Vocabulary, columns: list[Column], sample: Sample) -> list[Column]:
    """Of two columns for one thing that happens once, the one that the map chose or that is plainer, else none."""
    by_target: dict[str, list[Column]] = {}
    for column in columns:
        if column.target is not None and not repeats(words.register, column.target):
            by_target.setdefault(column.target.name, []).append(column)
    lost: dict[int, str] = {}
    for target, several in by_target.items():
        chosen = [column for column in several if same_header(column.header) in words.mapped]
        if len(chosen) > 1:
            names = " and ".join(repr(column.header) for column in chosen)
            raise Refused(f"The map gives {names} to {target}, of which a row has one.")
        if len(several) > 1:
            kept = chosen or _plainer(several, sample)
            names = " and ".join(repr(column.header) for column in several)
            why = f"{kept[0].header!r} is taken for {target}" if kept else f"{names} may both be {target}"
            lost |= {c.at: why for c in several if c not in kept}
    return [c._replace(target=None, why=lost[c.at]) if c.at in lost else c for c in columns]


def _plainer(several: Sequence[Column], sample: Sample) -> list[Column]:
    """The one column of several that has any cells, or else that is called by the name itself; empty where none is."""
    filled = [column for column in several if sample(column.at)] or list(several)
    if len(filled) == 1:
        return filled
    named = [c for c in filled if c.target and folded(c.target.field or c.target.event) in folded(c.header)]
    return named if len(named) == 1 else []


def _numbered(words: Vocabulary, columns: list[Column]) -> list[Column]:
    """Columns of one thing that repeats, each with a number of its own; one that stands alone keeps what it has."""
    counts: dict[str, int] = {}
    for column in columns:
        if column.target is not None:
            counts[column.target.name] = counts.get(column.target.name, 0) + 1
    taken: dict[str, set[int]] = {}
    numbered_ = []
    for column in sorted(columns, key=lambda c: (c.target is None or not c.target.n, c.at)):
        target = column.target
        if target is not None and repeats(words.register, target) and counts[target.name] > 1:
            used = taken.setdefault(target.name, set())
            n = target.n if target.n and target.n not in used else next(n for n in range(1, 1000) if n not in used)
            used.add(n)
            target = target._replace(n=n)
        numbered_.append(column._replace(target=target))
    return sorted(numbered_, key=lambda c: c.at)


def _with_their_events(register: Register, columns: list[Column]) -> list[Column]:
    """The columns of answers beside the day of their event; one whose day is in no column says nothing."""
    days: dict[str, set[int]] = {}
    for column in columns:
        target = column.target
        if target is None or target.event not in register.kind or target.event == NOTE:
            continue
        if not target.field or dates_itself(register, target):
            days.setdefault(target.event, set()).add(target.n)
    return [_beside(column, days) for column in columns]


def _beside(column: Column, days: Mapping[str, set[int]]) -> Column:
    target = column.target
    if target is None or not target.field or target.event in OF_THE_CHILD:
        return column
    there = days.get(target.event, set())
    if target.n in there:
        return column
    if len(there) == 1 and (not target.n or there == {0}):
        return column._replace(target=target._replace(n=next(iter(there))))
    why = f"which {target.event} it belongs to is not said" if there else f"no column has the day of its {target.event}"
    return column._replace(target=None, why=f"it may be {target.name}, and {why}")
