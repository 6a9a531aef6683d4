"""What a list costs: one indexed query, and none of the libraries that take longer to load than it takes to run."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cictrack.render.csv import careful
from cictrack.render.joined import render
from cictrack.store import lists
from cictrack.store.filters import Filters
from cictrack.store.opening import open_register

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from typed import Typed

    from cictrack.store.lists import Which

LATEST, EARLIER = date(2026, 3, 31), date(2026, 3, 12)
HEAVY = (
    *("rich", "sqlite_utils", "dateutil", "holidays", "python_calamine", "cictrack.pathway"),
    *("json", "locale", "pathlib", "shlex"),
)


@pytest.fixture
def db(team: Typed) -> Iterator[sqlite3.Connection]:
    opened = open_register(team.path)
    yield opened
    opened.close()


def plan(db: sqlite3.Connection, day: date, which: Which, filters: Filters = Filters()) -> str:  # noqa: B008 - immutable
    query, parameters = lists.statement(db, day, which, filters, lists.DEADLINE)
    parameters |= {"until": day.isoformat(), "child": ""}
    return "\n".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {query}", parameters))


@pytest.mark.parametrize("which", ["overdue", "due", "drift"])
def test_todays_lists_are_read_off_the_covering_index_of_open_rows(db: sqlite3.Connection, which: Which) -> None:
    assert "SEARCH main.deadlines USING COVERING INDEX open_rows" in plan(db, LATEST, which)
    assert "SEARCH main.deadlines USING COVERING INDEX open_rows" in plan(db, LATEST, which, Filters(team=("North",)))
    assert "SCAN" not in plan(db, LATEST, which).replace("SCAN CONSTANT ROW", "")


def test_an_earlier_day_is_not_read_off_an_index_that_lacks_what_ended_since(db: sqlite3.Connection) -> None:
    assert "open_rows" not in plan(db, EARLIER, "overdue")


def test_both_ways_of_asking_for_the_latest_day_find_the_same_rows(db: sqlite3.Connection) -> None:
    for which in ("overdue", "due", "drift"):
        query, parameters = lists.statement(db, LATEST, which, Filters(), lists.DEADLINE)
        parameters |= {"until": "2026-04-30", "child": ""}
        general = query.replace(
            "d.met_on IS NULL AND d.stopped_on IS NULL",
            "(d.met_on IS NULL OR d.met_on > :day) AND (d.stopped_on IS NULL OR d.stopped_on > :day)",
        )
        assert general != query
        assert db.execute(query, parameters).fetchall() == db.execute(general, parameters).fetchall()


def test_nothing_heavy_is_loaded_to_print_what_is_overdue(team: Typed) -> None:
    for more in ([], ["--format", "csv"]):
        code = (
            "import sys; sys.argv = ['cictrack', '--db', sys.argv[1], 'overdue', *sys.argv[2:]]\n"
            "from cictrack.cli.main import main\n"
            "try: main()\n"
            "except SystemExit: print('LOADED', *sys.modules, file=sys.stderr)"
        )
        ran = subprocess.run(
            [sys.executable, "-c", code, str(team.path), *more], capture_output=True, text=True, check=True
        )
        loaded = set(ran.stderr.rpartition("LOADED")[2].split())
        assert "cictrack.store.lists" in loaded
        assert not [name for name in HEAVY if name in loaded]


@given(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.integers(-400, 400))
def test_the_query_counts_working_days_as_the_calendar_does(day: date, apart: int) -> None:
    from ledgers import england_and_wales

    calendar = england_and_wales()
    due = day + timedelta(days=apart)
    counted = calendar.working_days_between(due, day) - calendar.working_days_between(day, due)
    assert _units_over(day, due) == counted


def _units_over(day: date, due: date) -> int:
    import sqlite3

    from ledgers import england_and_wales

    db = sqlite3.connect(":memory:")
    db.executescript("CREATE TABLE bank_holidays (day, name); CREATE TABLE closures (day, name);")
    db.executemany(
        "INSERT INTO bank_holidays VALUES (?, ?)", [(str(d), n) for d, n in england_and_wales().holidays.items()]
    )
    query = f"""SELECT {lists.DEADLINE["units_over"]} FROM (SELECT ? AS due_on) d,
        (SELECT 'working days' AS unit, 'statute' AS authority) r"""  # noqa: S608 - the list's own
    found = db.execute(query.replace("?", ":due"), {**lists.on(day), "due": due.isoformat()}).fetchone()[0]
    db.close()
    return int(found)


CELLS = st.text(st.sampled_from("ab,\"\n\x1b=+-@'\t 1é"), max_size=4)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=5))
def test_rows_that_came_joined_are_written_as_the_same_bytes(rows: list[tuple[str, str, str]]) -> None:
    lines = [",".join(row) for row in rows]
    assert "".join(render(("a", "b", "c"), lines, lambda: rows)) == "a,b,c\n" + careful(rows)
