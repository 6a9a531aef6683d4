"""Making a synthetic register: authority after authority, in one transaction."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from cictrack.demo.households import AUTHORITY, Authority
from cictrack.demo.telling import Ids, told
from cictrack.registers import _demo, registers
from cictrack.registers._demo._chance import Chance
from cictrack.registers._demo._lives import Lives, World
from cictrack.store.events import settings_of
from cictrack.store.making import create
from cictrack.store.writing import append, writing

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from cictrack.demo import Recipe
    from cictrack.pathway.events import Event
    from cictrack.store.progress import Progress
    from cictrack.working_days import Calendar

LEAST_ID, GREATEST_ID, WIDEST_GAP = 100_000, 999_999, 9


class Made(NamedTuple):
    """What a synthetic register holds."""

    children: int
    cases: int
    events: int


def make(path: Path, recipe: Recipe, progress: Progress, *, keeps_today: bool = True) -> Made:
    """Make a synthetic register at `path`; one that keeps its today says the same on every day.

    Raises Refused when something is there already. When it fails nothing is left behind.
    """
    db = create(path, "demo", today=recipe.today if keeps_today else None, synthetic=True)
    try:
        made = _fill(db, recipe, progress)
    except BaseException:
        db.close()
        path.unlink()
        raise
    db.close()
    return made


def _fill(db: sqlite3.Connection, recipe: Recipe, progress: Progress) -> Made:
    children = cases = events = 0

    def shown(done: int, _of: int) -> None:
        progress(children + done, recipe.children)

    with writing(db):
        for of_authority, lived in authorities(recipe, settings_of(db).calendar):
            append(db, lived, progress=shown)
            children += of_authority
            cases += len({event.opening for event in lived if event.opening})
            events += len(lived)
    return Made(children, cases, events)


def authorities(recipe: Recipe, calendar: Calendar) -> Iterator[tuple[int, list[Event]]]:
    """The children and events of each authority in turn: the same for the same recipe, always."""
    declared = registers()
    lives = invented_lives()
    gap = min(WIDEST_GAP, (GREATEST_ID - LEAST_ID) // recipe.children)
    serial = count()
    ids = Ids(Chance(f"{recipe.seed} ids"), recipe.today)
    for number, start in enumerate(range(0, recipe.children, AUTHORITY)):
        children = min(AUTHORITY, recipe.children - start)
        chance = Chance(f"{recipe.seed} {number}")
        world = World(chance, calendar, recipe.today, count())
        events: list[Event] = []
        for family in Authority(world, number, children).people(lives):
            for child in family.children:
                child_id = str(LEAST_ID + next(serial) * gap + chance.whole(0, gap - 1))
                events += told(child, child_id, declared, world, ids)
        yield children, events


def invented_lives() -> Mapping[str, Lives]:
    """The invented lives of each register that has some: the file in `_demo` named as the register's own."""
    found = {}
    for name in registers():
        file = name.replace("-", "_")
        if find_spec(f"{_demo.__name__}.{file}"):
            lives: Lives = import_module(f"{_demo.__name__}.{file}").LIVES
            found[name] = lives
    return found
