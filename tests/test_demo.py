"""Invented lives: the same from the same seed, of the strategy's scale, and nobody in them is real."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
from collections import Counter
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cictrack.demo import SAMPLE, Recipe
from cictrack.demo.households import AUTHORITY
from cictrack.demo.making import invented_lives, make
from cictrack.errors import Refused
from cictrack.registers import registers
from cictrack.store import schema
from cictrack.store.filters import Filters
from cictrack.store.fingerprint import fingerprint
from cictrack.store.lists import deadlines
from cictrack.store.opening import is_synthetic, open_register, own_today

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLE_DB = Path(__file__).parent.parent / "sample.db"
YEAR = ("2020-01-01", "2020-12-31")
OF_AN_EVENT = "id, register, child_id, opening, kind, day, fields, recorded_at, recorded_by, source, root, parent"
"""What is compared of an event: all but its salt and its place in the chain."""


def made(path: Path, recipe: Recipe) -> sqlite3.Connection:
    make(path, recipe, lambda _done, _of: None)
    return open_register(path)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    with closing(made(tmp_path_factory.mktemp("sample") / "sample.db", SAMPLE)) as db:
        yield db


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    with closing(made(tmp_path_factory.mktemp("larger") / "demo.db", Recipe(1500, 7, date(2026, 11, 22)))) as db:
        yield db


def number(db: sqlite3.Connection, query: str, *values: str) -> int:
    (found,) = db.execute(query, values).fetchone()
    return int(found)


def held(db: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every event, and every row derived from events; how it is chained depends on salts, and is left out."""
    tables = (*schema.OF_A_CHILD, *schema.OF_ALL)
    found = {t.name: sorted(db.execute(f"SELECT {t.quoted} FROM {t.name}"), key=repr) for t in tables}  # noqa: S608 - names of the schema
    return {**found, "events": db.execute(f"SELECT {OF_AN_EVENT} FROM events ORDER BY seq").fetchall()}  # noqa: S608 - names of this file


def test_the_sample_is_what_its_seed_makes(sample: sqlite3.Connection) -> None:
    # Not through open_register: it would derive again what other rules derived.
    with closing(sqlite3.connect(f"{SAMPLE_DB.as_uri()}?mode=ro", uri=True)) as shipped:
        again = f"rm sample.db; cictrack demo sample.db --children {SAMPLE.children} --seed {SAMPLE.seed}"
        assert held(shipped) == held(sample), f"{again} --today {SAMPLE.today}"
        assert shipped.execute("SELECT value FROM meta WHERE name = 'fingerprint'").fetchone() == (
            fingerprint(shipped),
        )
        assert own_today(shipped) == SAMPLE.today
        assert is_synthetic(shipped)
    assert SAMPLE_DB.stat().st_size < 5_000_000


@pytest.mark.parametrize(
    ("of", "register", "expected"),
    [
        (("family-finding", "linked", "matched", "plan-changing"), "placement-order", 44),
        (("placed", "application-lodged"), "placement-order", 33),
    ],
)
def test_the_sample_has_the_strategy_s_children_with_an_order(
    sample: sqlite3.Connection, of: tuple[str, ...], register: str, expected: int
) -> None:
    stages = Counter(
        stage
        for (stage,) in sample.execute(
            "SELECT stage FROM positions WHERE register = ? AND until_on IS NULL AND open = 1", (register,)
        )
    )
    assert sum(stages[stage] for stage in of) == expected


def test_the_sample_has_525_entries_to_care_in_the_year(sample: sqlite3.Connection) -> None:
    query = "SELECT count(*) FROM cases WHERE register = 'iha' AND void = 0 AND opened_on BETWEEN ? AND ?"
    assert number(sample, query, *YEAR) == 525


def test_in_the_sample_116_children_stepped_down_and_were_still_at_home(sample: sqlite3.Connection) -> None:
    query = """SELECT count(*) FROM cases c WHERE register = 'plo' AND outcome = 'stepped-down'
        AND closed_on BETWEEN ? AND ? AND NOT EXISTS (SELECT 1 FROM events e WHERE e.opening = c.opening
          AND e.kind = 'step' AND json_extract(e.fields, '$.to') = 'looked-after-s20')"""
    assert number(sample, query, *YEAR) == 116


def red_cases(db: sqlite3.Connection, day: date) -> set[tuple[Any, ...]]:
    found = deadlines(db, day, "overdue", Filters(severity=("red",)))
    places = [found.columns.index(name) for name in ("child_id", "register", "period")]
    return {tuple(row[place] for place in places) for row in found.rows}


@pytest.mark.parametrize("of", ["sample", "larger"])
def test_about_one_open_case_in_twenty_is_overdue(of: str, request: pytest.FixtureRequest) -> None:
    db = request.getfixturevalue(of)
    day = own_today(db)
    assert day is not None
    still_open = number(db, "SELECT count(*) FROM cases WHERE closed_on IS NULL AND void = 0")
    red = red_cases(db, day)
    assert 0.035 < len(red) / still_open < 0.065
    assert {register for _, register, _ in red} == set(registers())


def test_a_team_manager_can_read_the_sample_s_overdue_list(sample: sqlite3.Connection) -> None:
    assert 15 <= len(deadlines(sample, SAMPLE.today, "overdue").rows) <= 40


@pytest.mark.parametrize("of", ["sample", "larger"])
def test_every_child_asked_for_is_there_and_nothing_in_a_life_contradicts_itself(
    of: str, request: pytest.FixtureRequest
) -> None:
    db = request.getfixturevalue(of)
    assert number(db, "SELECT count(*) FROM children") == {"sample": SAMPLE.children, "larger": 1500}[of]
    why = db.execute("""SELECT child_id, register, why FROM gaps WHERE "values" <> '[]'""").fetchall()
    assert why == []


def test_a_larger_register_has_as_much_of_everything(larger: sqlite3.Connection) -> None:
    for name, lives in invented_lives().items():
        wanted = sum(story.cases for story in lives.stories) * 1500 / AUTHORITY
        found = number(larger, "SELECT count(*) FROM cases WHERE register = ?", name)
        assert wanted * 0.97 <= found <= wanted * 1.08, name


def test_every_life_has_happened_by_yesterday_and_was_recorded_no_earlier(larger: sqlite3.Connection) -> None:
    assert number(larger, "SELECT count(*) FROM events WHERE day >= '2026-11-22'") == 0
    assert number(larger, "SELECT count(*) FROM events WHERE substr(recorded_at, 1, 10) < day") == 0
    assert number(larger, "SELECT count(*) FROM events WHERE recorded_at >= '2026-11-22'") == 0


def test_every_register_has_corrections_unborn_children_siblings_and_second_periods(
    larger: sqlite3.Connection,
) -> None:
    assert number(larger, "SELECT count(*) FROM events WHERE parent > '' AND kind <> 'withdrawn'") > 5
    assert number(larger, "SELECT count(*) FROM events WHERE kind = 'withdrawn'") > 0
    assert number(larger, "SELECT count(*) FROM children WHERE dob IS NULL AND edd IS NOT NULL") > 0
    assert number(larger, "SELECT count(*) FROM children WHERE sibling_group IS NOT NULL") > 100
    assert number(larger, "SELECT count(*) FROM cases WHERE period > 1") > 5
    assert number(larger, "SELECT count(*) FROM deadlines WHERE past = 'grey' AND met_on IS NULL") > 0


def test_nobody_in_it_has_a_name(larger: sqlite3.Connection) -> None:
    query = "SELECT DISTINCT team, worker, manager, iro, locality, family FROM positions"
    named = re.compile(r"((North|South)( East| West)?|East|West|(Worker|Manager|IRO) \d\d+|Locality \d|F\d{4,})$")
    assert [word for row in larger.execute(query) for word in row if word and not named.match(word)] == []
    assert number(larger, "SELECT count(*) FROM children WHERE name IS NOT NULL") == 0
    assert number(larger, "SELECT count(*) FROM children WHERE child_id NOT GLOB '[0-9][0-9][0-9][0-9][0-9][0-9]'") == 0


def test_another_seed_makes_other_lives_and_the_same_seed_the_same(tmp_path: Path) -> None:
    recipe = Recipe(60, 3, date(2026, 11, 22))
    events = []
    for name, wanted in (("a", recipe), ("b", recipe), ("c", recipe._replace(seed=4))):
        with closing(made(tmp_path / name, wanted)) as db:
            events.append(db.execute(f"SELECT {OF_AN_EVENT} FROM events ORDER BY seq").fetchall())  # noqa: S608 - names of this file
    assert events[0] == events[1]
    assert not {row[0] for row in events[0]} & {row[0] for row in events[2]}


@pytest.mark.parametrize("children", [1, 2, 19, 200])
def test_a_register_may_be_small(tmp_path: Path, children: int) -> None:
    with closing(made(tmp_path / "demo.db", Recipe(children, 1, date(2026, 11, 22)))) as db:
        assert number(db, "SELECT count(*) FROM children") == children


def test_it_is_for_its_owner_alone_and_nothing_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    made(path, Recipe(5, 1, date(2026, 11, 22))).close()
    before = path.read_bytes()
    assert os.name != "posix" or stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(Refused, match="is there already"):
        make(path, Recipe(5, 2, date(2026, 11, 22)), lambda _done, _of: None)
    assert path.read_bytes() == before


def test_what_cannot_be_finished_leaves_nothing_behind(tmp_path: Path) -> None:
    def stopped(_done: int, _of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(tmp_path / "demo.db", Recipe(200, 1, date(2026, 11, 22)), stopped)
    assert list(tmp_path.iterdir()) == []
