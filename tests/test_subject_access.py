"""`subject-access`: all that is held about one child, and of nobody else."""

from __future__ import annotations

import json
import re
import shutil
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest
from typed import Typed

from cictrack.render.paper import as_markdown
from cictrack.reports.subject_access import held, machine, paper
from cictrack.store.events import events_of
from cictrack.store.opening import open_register, own_today
from cictrack.store.shorter import child_ids

SAMPLE = Path(__file__).parent.parent / "sample.db"
SOME = 40


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    typed = Typed(tmp_path / "register.db")
    typed.does("plo open 104523 --on 2/3/2026 --dob 14/8/2019 --team North --worker W07 --family F17")
    typed.does("plo open 104524 --on 2/3/2026 --dob 1/2/2021 --family F17")
    typed.does("child set 104523 --name 'Alex Example'")
    typed.does("note plo 104523 'shares a room with 104524, school 1045249'")
    typed.does("plo letter 104523 --on 5/3/2026")
    typed.does("plo correct 104523 letter --to 6/3/2026 --reason 'typed wrongly'")
    return typed


def test_everything_of_the_child_is_there(typed: Typed) -> None:
    said = typed.does("subject-access 104523")
    for part in ("Alex Example", "born 2019-08-14", "plo.letter: letter before proceedings", "typed wrongly", "W07"):
        assert part in said, part
    assert "within a calendar month" in said


def test_other_ids_are_masked_and_what_only_looks_like_one_is_not(typed: Typed) -> None:
    for line in ("subject-access 104523", "subject-access 104523 --format json", "subject-access 104523 --format html"):
        said = typed.does(line)
        assert "shares a room with another child, school 1045249" in said
        assert "F17" not in said


def test_that_it_went_out_is_kept_and_names_no_child(typed: Typed) -> None:
    typed.does("subject-access 104523")
    newest = json.loads(typed.does("audit --format json"))[0]
    assert (newest["did"], newest["what"], newest["names"]) == ("export", "subject-access", True)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_the_document_is_for_its_owner_alone(typed: Typed, tmp_path: Path) -> None:
    typed.does(f"subject-access 104523 --output {tmp_path / 'access.html'}")
    assert stat.S_IMODE((tmp_path / "access.html").stat().st_mode) == 0o600


def test_a_child_who_is_not_there_and_a_list_are_refused(typed: Typed, tmp_path: Path) -> None:
    assert typed("subject-access 104599").status == 1
    assert typed("subject-access 104523 --format csv").status == 1
    assert typed(f"subject-access 104523 --output {tmp_path / 'access.xlsx'}").status == 1


def test_no_other_child_of_the_sample_is_in_the_document_of_one(tmp_path: Path) -> None:
    shutil.copy(SAMPLE, tmp_path / "sample.db")
    with closing(open_register(tmp_path / "sample.db")) as db:
        day, ids = own_today(db), child_ids(db)
        assert day is not None
        for child_id in ids[:: len(ids) // SOME]:
            one, masking = held(db, child_id, day, events_of(db, child_id))
            said = "".join(as_markdown(paper(db, one, masking, day))) + json.dumps(machine(one, masking))
            assert set(re.findall(r"\w+", said)) & set(ids) == {child_id}
