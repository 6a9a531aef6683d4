"""`audit`: everything that was done with a register, in counts that add up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typed import Typed

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    typed = Typed(tmp_path / "register.db")
    typed.does("plo open 104523 --on 2/3/2026 --dob 14/8/2019 --team North")
    typed.does("rules set plo.letter '10 working days' --by 'Head of service' --from 1/1/2026 --yes")
    typed.does("overdue --names")
    typed.does("overdue")
    typed.does(f"backup {tmp_path / 'copy.db'}")
    typed.does(f"report --output {tmp_path / 'pack.html'}")
    return typed


def acts(typed: Typed, line: str = "audit --format json") -> list[dict[str, Any]]:
    found = json.loads(typed.does(line))
    assert all(list(act) == ["at", "by", "did", "rows", "names", "what"] for act in found)
    return list(found)


def test_every_act_is_there_the_newest_first(typed: Typed) -> None:
    found = acts(typed)
    assert [act["did"] for act in found] == ["pack", "backup", "export", "rules", "record", "made"]
    assert [act["rows"] for act in found] == [None, 3, 1, 1, 2, None]
    assert [act["at"] for act in found] == sorted((act["at"] for act in found), reverse=True)
    assert {act["by"] for act in found} == {"tester"}


def test_what_went_out_with_names_is_told_from_what_did_not(typed: Typed) -> None:
    (export,) = acts(typed, "audit --did export --format json")
    assert (export["names"], export["what"]) == (True, "overdue")
    assert "with names" in typed.does("audit")


def test_the_counts_add_up_to_the_entries(typed: Typed) -> None:
    answer = typed("audit --format table")
    assert "6 entries: 1 backup + 1 export + 1 made + 1 pack + 1 record + 1 rules = 6" in answer.out


def test_an_import_is_one_recording_however_many_links_it_has(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "header.csv").write_text("CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n104599,1,14/08/2019,,,,\n")
    typed.does(f"import ssda903 {tmp_path / 'header.csv'}")
    imported, recorded, *_ = acts(typed)
    assert (imported["did"], recorded["did"]) == ("import", "record")
    assert "header.csv; 1 event added" in str(imported["what"])


@pytest.mark.parametrize(
    ("narrowed", "count"),
    [("--by TESTER", 6), ("--by another", 0), ("--since 1/1/2099", 0), ("--until 1/1/2020", 0), ("--did record", 1)],
)
def test_it_is_narrowed_by_person_day_and_kind(typed: Typed, narrowed: str, count: int) -> None:
    assert len(acts(typed, f"audit {narrowed} --format json")) == count


def test_a_kind_that_there_is_not_is_named_with_those_there_are(typed: Typed) -> None:
    answer = typed("audit --did rain")
    assert answer.status == 2
    assert "record, rules, made, import, export" in answer.err
