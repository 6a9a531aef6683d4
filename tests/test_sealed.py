"""Rows that prove themselves: one that was changed behind the register's back is never shown as it lies."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from raw import raw
from typed import Typed

from cictrack.store import schema
from cictrack.store.opening import open_register
from cictrack.store.sealed import UNPROVEN, as_they_lie, sealed

if TYPE_CHECKING:
    from pathlib import Path

DAMAGED = 4
LISTS = ("overdue", "overdue --format csv", "plo", "summary", "show 104523", "changes --since 1/3/2026")


@pytest.fixture
def own(team: Typed, tmp_path: Path) -> Typed:
    return Typed.copy_of(team, tmp_path / "register.db")


def changed(typed: Typed, statement: str) -> None:
    with closing(raw(typed.path)) as db, db:
        assert db.execute(statement).rowcount


def recorded_otherwise(typed: Typed, statement: str) -> None:
    """Change an event, which the register itself refuses."""
    with closing(raw(typed.path)) as db, db:
        (refusal,) = db.execute("SELECT sql FROM sqlite_schema WHERE name = 'events_no_update'").fetchone()
        db.execute("DROP TRIGGER events_no_update")
        assert db.execute(statement).rowcount
        db.execute(refusal)


@pytest.mark.parametrize("line", LISTS)
def test_a_list_that_would_show_a_row_as_it_was_not_derived_is_refused(own: Typed, line: str) -> None:
    assert own(line).status == 0
    changed(own, "UPDATE positions SET team = 'Nortj' WHERE child_id = '104523' AND until_on IS NULL")
    answer = own(line)
    assert (answer.status, answer.out) == (DAMAGED, "")
    assert "not what was derived" in answer.err
    assert answer.err.endswith("What to do: cictrack doctor\n")


@pytest.mark.parametrize(
    ("statement", "line"),
    [
        (
            "UPDATE deadlines SET due_on = '2036-03-09' WHERE child_id = '104523' AND met_on IS NULL",
            "due --within 600w",
        ),
        ("UPDATE rules SET title = 'no letter'", "gaps"),
        ("UPDATE children SET dob = '2014-08-14' WHERE child_id = '104523'", "show 104523"),
        ("UPDATE cases SET opened_on = '2026-01-02' WHERE child_id = '104523'", "plo"),
        ("UPDATE cases SET opened_on = '2026-01-02' WHERE child_id = '104523'", "kpi"),
    ],
)
def test_a_changed_row_of_any_table_is_told_by_the_list_that_reads_it(own: Typed, statement: str, line: str) -> None:
    changed(own, statement)
    assert own(line).status == DAMAGED


def test_of_very_many_children_rows_may_be_counted_as_they_lie(own: Typed) -> None:
    changed(own, "UPDATE positions SET team = 'Nortj' WHERE child_id = '104523' AND until_on IS NULL")
    with closing(open_register(own.path)) as db:
        assert not as_they_lie(db)
        with pytest.raises(sqlite3.OperationalError, match=UNPROVEN):
            db.execute("SELECT team FROM positions").fetchall()
        assert as_they_lie(db, many=1)
        assert ("Nortj",) in db.execute("SELECT team FROM positions").fetchall()
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            db.execute("DELETE FROM positions")


def test_deriving_the_rows_again_mends_it(own: Typed) -> None:
    sound = own("plo")
    changed(own, "UPDATE positions SET team = 'Nortj' WHERE child_id = '104523' AND until_on IS NULL")
    own.does("verify --rebuild")
    assert own("plo") == sound


def test_every_row_is_kept_with_its_seal(team: Typed) -> None:
    with closing(raw(team.path)) as db:
        for table in (*schema.OF_A_CHILD, *schema.OF_ALL):
            for row in db.execute(f"SELECT {table.quoted} FROM {table.name}"):  # noqa: S608 - names of the schema
                assert sealed(row[:-1]) == row


def test_a_condition_on_a_column_is_no_false_alarm_for_rows_that_do_not_meet_it(team: Typed) -> None:
    with closing(open_register(team.path)) as db:
        for table in schema.OF_A_CHILD:
            for column in table.columns:
                assert _by_value(db, table.name, column) == _count(db, table.name), (table.name, column)


def _by_value(db: sqlite3.Connection, table: str, column: str) -> int:
    values = [value for (value,) in db.execute(f'SELECT DISTINCT "{column}" FROM main.{table}')]  # noqa: S608 - names of the schema
    condition = "{0} IS NULL" if None in values else "0"
    found = _count(db, table, condition.format(f'"{column}"'))
    for value in values:
        if value is not None:
            literal = value if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
            found += _count(db, table, f'"{column}" = {literal}')
    return found


def _count(db: sqlite3.Connection, table: str, condition: str = "1") -> int:
    (count,) = db.execute(f"SELECT count(*) FROM {table} WHERE {condition}").fetchone()  # noqa: S608 - names of the schema
    return int(count)


@pytest.mark.parametrize("line", ["history plo 104523", "subject-access 104523"])
@pytest.mark.parametrize(
    "change", ["recorded_by = 'somebody'", "recorded_at = replace(recorded_at, 'T', 't')", "source = 'an import'"]
)
def test_who_recorded_an_event_and_when_is_told_only_as_the_chain_has_it(own: Typed, line: str, change: str) -> None:
    assert own(line).status == 0
    recorded_otherwise(own, f"UPDATE events SET {change} WHERE child_id = '104523' AND kind = 'letter'")  # noqa: S608 - names of this file
    answer = own(line)
    assert (answer.status, answer.out) == (DAMAGED, "")
    assert "does not fit its events" in answer.err


def test_a_setting_is_told_only_as_it_was_recorded(own: Typed) -> None:
    own.does('rules set plo.letter "10 working days" --by Head --from 1/4/2026 --yes')
    recorded_otherwise(own, "UPDATE events SET fields = replace(fields, '10 w', '11 w') WHERE kind = 'rule'")
    answer = own("rules")
    assert (answer.status, answer.out) == (DAMAGED, "")
