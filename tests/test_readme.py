"""The README keeps its word: every console block and query is run, and what it shows is what comes out."""

import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
OWN_DAY = "Today is "
TASK_ID = re.compile(r"\b(task|done) [0-9a-f]{6}\b")
"""An id is new each time: the README shows one of them."""
FILE = re.compile(r"^<!-- file: (\S+) -->\n```csv\n(.*?)^```$", re.MULTILINE | re.DOTALL)
QUERY = re.compile(r"^```sql\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> list[str]:
    return [part.partition("\n```")[0] for part in README.split("```console\n")[1:]]


def files() -> list[tuple[str, str]]:
    """What its blocks read: the name and the text of each file that it shows."""
    return FILE.findall(README)


def steps(block: str) -> list[tuple[str, str]]:
    """Each line that begins with `$ `, and the lines shown under it."""
    found: list[tuple[str, str]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], ""))
        else:
            command, shown = found[-1]
            found[-1] = command, f"{shown}{line}\n"
    return found


def printed(command: str, folder: Path) -> str:
    """What a command prints in a pipe: its lists, then what it says beside them."""
    name, *words = shlex.split(command)
    assert name == "cictrack", command
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "CICTRACK_USER": "reader"}
    ran = subprocess.run(
        [sys.executable, "-m", "cictrack", *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=folder,
        env=environment,
        check=False,
    )
    beside = [line for line in ran.stderr.splitlines(keepends=True) if not line.startswith(OWN_DAY)]
    said = (ran.stdout + "".join(beside)).replace(f"{folder}{os.sep}", "")
    return TASK_ID.sub(r"\1 3f9a1c", said)


def test_every_block_of_the_readme_prints_what_it_shows(tmp_path: Path) -> None:
    shutil.copy(ROOT / "sample.db", tmp_path)
    for name, text in files():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    for block in blocks():
        for command, shown in steps(block):
            assert printed(command, tmp_path) == shown, command


def test_every_query_of_the_readme_finds_rows_in_the_sample(tmp_path: Path) -> None:
    shutil.copy(ROOT / "sample.db", tmp_path)
    with closing(sqlite3.connect(tmp_path / "sample.db")) as db:
        for query in QUERY.findall(README):
            assert db.execute(query).fetchall(), query


def test_there_are_blocks_files_and_queries_to_run() -> None:
    assert len(blocks()) > 5
    assert files()
    assert QUERY.findall(README)


def test_every_file_that_the_readme_points_to_is_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_its_second_command_is_the_one_that_continuous_integration_runs() -> None:
    marked = README.partition("<!-- tests: debian -->\n```sh\n")[2].partition("\n```")[0]
    assert marked.endswith("-m pytest")
    assert "<!-- tests: debian -->" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
