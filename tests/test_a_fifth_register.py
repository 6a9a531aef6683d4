"""A new register is one new file in the folder, and nothing else: commands, page, explain and view come with it."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import cictrack

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
REG24 = README.partition("```python\n")[2].partition("```")[0]
"""The register that the README adds: what is promised there is what is tried here."""


@pytest.fixture(scope="module")
def with_a_fifth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fifth")
    source = Path(cictrack.__file__).parent
    shutil.copytree(source, folder / "cictrack", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "cictrack" / "registers" / "reg24.py").write_text(REG24, encoding="utf-8")
    cictrack_on(folder, "init", "--today", "2026-11-22")
    cictrack_on(folder, "reg24", "open", "104523", "--on", "2/3/2026", "--dob", "14/8/2019", "--team", "North")
    return folder


def cictrack_on(folder: Path, *words: str) -> str:
    line = [sys.executable, "-m", "cictrack", "--db", str(folder / "register.db"), *words]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    ran = subprocess.run(line, capture_output=True, text=True, cwd=folder, env=environment, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_its_deadline_is_overdue_after_sixteen_weeks(with_a_fifth: Path) -> None:
    rows = json.loads(cictrack_on(with_a_fifth, "overdue", "--format", "json"))
    assert [(row["rule"], row["due_on"], row["severity"]) for row in rows] == [("reg24.end", "2026-06-22", "red")]


def test_it_has_a_page_of_its_own(with_a_fifth: Path) -> None:
    rows = json.loads(cictrack_on(with_a_fifth, "reg24", "--format", "json"))
    assert [(row["child_id"], row["stage"], row["weeks"]) for row in rows] == [("104523", "temporary", 37)]


def test_it_explains_itself_by_the_law(with_a_fifth: Path) -> None:
    said = cictrack_on(with_a_fifth, "explain", "reg24", "104523")
    assert "16 weeks" in said
    assert "regs 24 and 25" in said


def test_it_is_in_the_help_and_the_summary(with_a_fifth: Path) -> None:
    assert "reg24" in cictrack_on(with_a_fifth, "--help")
    assert "extended" in cictrack_on(with_a_fifth, "reg24", "--help")
    assert "reg24" in cictrack_on(with_a_fifth, "summary")


def test_it_has_a_view_that_anybody_can_read(with_a_fifth: Path) -> None:
    with sqlite3.connect(with_a_fifth / "register.db") as db:
        assert db.execute("SELECT child_id, stage FROM reg24").fetchall() == [("104523", "temporary")]
    db.close()


def test_recording_on_it_moves_the_deadline(with_a_fifth: Path) -> None:
    folder = with_a_fifth / "moved"
    folder.mkdir()
    shutil.copytree(with_a_fifth / "cictrack", folder / "cictrack")
    shutil.copy(with_a_fifth / "register.db", folder)
    cictrack_on(folder, "reg24", "extended", "104523", "--on", "1/6/2026", "--to", "17/8/2026")
    assert (
        json.loads(cictrack_on(folder, "due", "--as-of", "10/8/2026", "--format", "json"))[0]["due_on"] == "2026-08-17"
    )


def test_escalating_on_it_needs_no_word_of_its_own(with_a_fifth: Path) -> None:
    folder = with_a_fifth / "escalated"
    folder.mkdir()
    shutil.copytree(with_a_fifth / "cictrack", folder / "cictrack")
    shutil.copy(with_a_fifth / "register.db", folder)
    wanted = ("--stage", "1", "--to", "service manager", "--reason", "no plan")
    cictrack_on(folder, "escalation", "raise", "reg24", "104523", "--on", "1/6/2026", *wanted)
    (row,) = json.loads(cictrack_on(folder, "escalation", "--as-of", "1/6/2026", "--format", "json"))
    assert (row["register"], row["answer_due_on"], row["whole_due_on"]) == ("reg24", "2026-06-08", "2026-06-29")
