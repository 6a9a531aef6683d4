"""What a list is narrowed by: names from an allow-list, values as parameters, never as SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

SEVERITIES = ("red", "amber", "grey", "green")
"""The worst first."""


class Filters(NamedTuple):
    """What every list can be narrowed by. They combine; several values of one are any of them; empty narrows nothing.

    `closed_too` is for lists of cases, which else show the open ones.
    """

    register: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    worker: tuple[str, ...] = ()
    iro: tuple[str, ...] = ()
    manager: tuple[str, ...] = ()
    locality: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    authority: tuple[str, ...] = ()
    closed_too: bool = False

    @property
    def given(self) -> dict[str, tuple[str, ...]]:
        """Those that narrow anything."""
        return {name: getattr(self, name) for name in NAMES if getattr(self, name)}


NAMES = Filters._fields[:-1]
NO_FILTERS = Filters()


def narrowed(filters: Filters, expressions: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """The filters as ` AND …` and its parameters; `expressions` says what each is in the query at hand."""
    where = ""
    parameters: dict[str, Any] = {}
    for name, values in filters.given.items():
        marks = [f"{name}_{n}" for n in range(len(values))]
        parameters |= zip(marks, values, strict=True)
        where += f" AND {expressions[name]} IN ({', '.join(':' + mark for mark in marks)})"
    return where, parameters


_HELD = frozenset({"team", "worker", "manager", "iro", "stage", "locality"})
"""Those of which a case may have any value; of the others every value is known."""

_WORDS = {"iro": "IRO"}


def unknown(db: sqlite3.Connection, filters: Filters) -> list[str]:
    """A sentence for each filter whose value no case ever had: asked when a list came out empty."""
    sentences = []
    for name, values in filters.given.items():
        held = _values(db, name) if name in _HELD else set(values)
        word = _WORDS.get(name, name)
        sentences += [f"No case has the {word} {v!r}.{_meant(v, held)}" for v in values if v not in held]
    return sentences


def _meant(value: str, held: set[str]) -> str:
    from difflib import get_close_matches

    folded = {known.casefold(): known for known in sorted(held)}
    near = get_close_matches(value.casefold(), folded, n=1)
    return f" Did you mean {folded[near[0]]}?" if near else ""


def _values(db: sqlite3.Connection, name: str) -> set[str]:
    query = f"SELECT DISTINCT {name} FROM positions WHERE {name} IS NOT NULL"  # noqa: S608 - names of this file
    held = {row[0] for row in db.execute(query)}
    if name == "locality":
        held |= {row[0] for row in db.execute("SELECT DISTINCT locality FROM children WHERE locality IS NOT NULL")}
    return held
