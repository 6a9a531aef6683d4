"""The measures of a period: each with its definition, what was counted, and what was left out, by child and reason."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from cictrack.pathway.measures import CASES, IN_CARE, Period, figures, year_to
from cictrack.render.listing import Listing
from cictrack.reports.listings import columns_of
from cictrack.reports.suppression import suppressed
from cictrack.reports.words import in_words
from cictrack.store import measured
from cictrack.working_days import months_after

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cictrack.pathway.declare import Register
    from cictrack.pathway.measures import Figure, Measure
    from cictrack.store.filters import Filters

MONTHS = {"month": 1, "quarter": 3}
NO_TEAM = "no team"
KEYS = ("measure", "from", "to", "numerator", "denominator", "value", "unit", "definition", "excluded")
_NUMBERS = frozenset({"numerator", "denominator", "value", "left_out"})
NAMED = 5
HIDDEN = "hidden"


class Measured(NamedTuple):
    """One measure of one period, of one team where it is asked for by team; `hidden` as its figures are small."""

    register: str
    measure: Measure
    period: Period
    team: str | None
    figure: Figure
    hidden: bool = False

    @property
    def name(self) -> str:
        """`REGISTER.NAME`, as it is promised."""
        return f"{self.register}.{self.measure.name}"


def period_of(first: date | None, last: date | None, as_of: date) -> Period:
    """The days asked for: up to the day of the list, from twelve months before where nobody said."""
    end = last or as_of
    return Period(first or year_to(end), end, as_of)


def measures(
    db: sqlite3.Connection,
    registers: Iterable[Register],
    period: Period,
    filters: Filters,
    *,
    by: str = "",
    suppress: bool = False,
) -> list[Measured]:
    """Every measure of the registers, in their order, for the whole period or for each part of it."""
    found = [one for register in registers for one in _of_register(db, register, period, filters, by)]
    return suppressed(found) if suppress else found


def _of_register(
    db: sqlite3.Connection, register: Register, period: Period, filters: Filters, by: str
) -> Iterator[Measured]:
    things = things_of(db, register, period, filters, register.measures, teams=by == "team")
    for measure in register.measures:
        for part in parts(period, by):
            for team, of_team in sorted(things[measure.looks_at].items()):
                for of, told in figures(measure, of_team, part):
                    yield Measured(register.name, of, part, team or None, told)


def things_of(
    db: sqlite3.Connection,
    register: Register,
    period: Period,
    filters: Filters,
    wanted: Iterable[Measure],
    *,
    teams: bool = False,
) -> Mapping[str, Mapping[str, Sequence[Any]]]:
    """What measures of the register look at, around the period: by team where `teams` are wanted, else under "" all."""
    whole: dict[str, dict[str, list[Any]]] = {measure.looks_at: {} if teams else {"": []} for measure in wanted}
    rules = whole.keys() - {CASES, IN_CARE}
    if rules:
        around = {measure.looks_at for measure in wanted if measure.around}
        for rule, team, due in measured.deadlines(db, {r: r in around for r in rules}, period, filters, teams=teams):
            whole[rule].setdefault((team or NO_TEAM) if teams else "", []).append(due)
    for looks_at, found in (
        (CASES, measured.cases(db, register.name, period, filters)),
        (IN_CARE, measured.in_care(db, period, filters, teams=teams)),
    ):
        if looks_at in whole:
            for team, thing in found:
                whole[looks_at].setdefault((team or NO_TEAM) if teams else "", []).append(thing)
    return whole


def parts(period: Period, by: str) -> list[Period]:
    """The calendar months or quarters of a period, the first and the last as far as it reaches; else itself."""
    months = MONTHS.get(by)
    if months is None:
        return [period]
    found = []
    start = period.first
    while start <= period.last:
        first_month = (start.month - 1) // months * months + 1
        following = months_after(date(start.year, first_month, 1), months)
        found.append(Period(start, min(following - timedelta(days=1), period.last), period.as_of))
        start = following
    return found


def as_machine(found: Sequence[Measured]) -> list[dict[str, Any]]:
    """The promised keys of each; `team` where it is asked for by team."""
    rows = []
    for one in found:
        left_out = one.figure.excluded
        excluded = None if left_out is None else [{"child_id": child, "reason": why} for child, why in left_out]
        figures = {"numerator": one.figure.numerator, "denominator": one.figure.denominator, "value": one.figure.value}
        said = {"measure": one.name, "definition": one.measure.definition}
        days = {"from": one.period.first.isoformat(), "to": one.period.last.isoformat()}
        team = {"team": one.team} if one.team is not None else {}
        rows.append({**said, **days, **team, **figures, "unit": one.measure.unit, "excluded": excluded})
    return rows


def as_listing(found: Sequence[Measured], period: Period) -> Listing:
    """The figures as rows with every column: for csv and sheets."""
    by_team = any(one.team is not None for one in found)
    keys = [*KEYS[:3], *(["team"] if by_team else []), *KEYS[3:]]
    rows = []
    for row in as_machine(found):
        left_out = [f"{out['child_id']}: {out['reason']}" for out in row["excluded"] or ()]
        rows.append(tuple({**row, "excluded": left_out}[key] for key in keys))
    return Listing(title(period), _columns(keys, rows), rows)


def title(period: Period) -> str:
    """What it is, in a line."""
    said = f"Measures from {in_words(period.first)} to {in_words(period.last)}"
    return said if period.as_of == period.last else f"{said}, as known on {in_words(period.as_of)}"


def sections(found: Sequence[Measured]) -> Iterator[Listing]:
    """As people read them: the figures of each register, what was left out and why, and what each measure means."""
    for register in dict.fromkeys(one.register for one in found):
        of_register = [one for one in found if one.register == register]
        yield _figures(register, of_register)
    yield _left_out(found)
    meaning = dict.fromkeys((one.name, one.measure.definition) for one in found)
    yield Listing("What each measure means", _columns(("measure", "definition"), ()), list(meaning))


def _figures(register: str, found: Sequence[Measured]) -> Listing:
    wanted = {
        "measure": True,
        "from": len({one.period for one in found}) > 1,
        "to": len({one.period for one in found}) > 1,
        "team": any(one.team is not None for one in found),
        **dict.fromkeys(("numerator", "denominator", "value", "unit", "left_out"), True),
    }
    keys = [key for key, is_wanted in wanted.items() if is_wanted]
    rows = []
    for one in found:
        said = {
            **dict(zip(("measure", "unit", "team"), (one.name, one.measure.unit, one.team), strict=True)),
            **dict(zip(("from", "to"), (one.period.first.isoformat(), one.period.last.isoformat()), strict=True)),
            **dict(zip(("numerator", "denominator", "value"), one.figure[:3], strict=True)),
            "left_out": HIDDEN if one.figure.excluded is None else len(one.figure.excluded),
        }
        if one.hidden:
            said |= {"numerator": HIDDEN, "value": HIDDEN, "denominator": one.figure.denominator or HIDDEN}
        rows.append(tuple(said[key] for key in keys))
    return Listing(register, _columns(keys, rows), rows)


def _left_out(found: Sequence[Measured]) -> Listing:
    """Who was left out, by measure and reason: some by name; json and csv name all."""
    lists: dict[str, list[Sequence[tuple[str, str]]]] = {}
    for one in found:
        lists.setdefault(one.name, []).append(one.figure.excluded or ())
    alike: dict[tuple[int, ...], list[str]] = {}
    for name, excluded in lists.items():
        alike.setdefault(tuple(map(id, excluded)), []).append(name)  # the figures that one is split into share a list
    of: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for names in alike.values():
        reasons: dict[str, list[str]] = {}
        for child, reason in chain.from_iterable(lists[names[0]]):
            reasons.setdefault(_kind(reason), []).append(child)
        for reason, children in reasons.items():
            of.setdefault((reason, tuple(children)), []).extend(names)
    rows = []
    for (reason, named), names in of.items():
        some = ", ".join(named[:NAMED]) + (", …" if len(named) > NAMED else "")
        beside = f" and {len(names) - 1} more" if len(names) > 1 else ""
        rows.append((names[0] + beside, reason, len(named), some))
    columns = _columns(("measure", "reason", "left_out", "children"), rows)
    hidden = any(one.figure.excluded is None for one in found)
    empty = "Who was left out is hidden, and how many were." if hidden else "Nothing was left out."
    cut = any(str(row[-1]).endswith("…") for row in rows)
    footer = "Every child left out is named by --format json." if cut else ""
    return Listing("Left out", columns, rows, footer, empty)


@lru_cache(10_000)
def _kind(reason: str) -> str:
    """A reason without its day."""
    return reason.partition(" on ")[0]


def _columns(keys: Iterable[str], rows: Sequence[tuple[object, ...]]) -> tuple[Any, ...]:
    return tuple(column._replace(right=column.key in _NUMBERS) for column in columns_of([*keys], [*keys], rows))
