"""What is handed over: a source archive, a wheel, and one file that runs where nothing may be installed."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cictrack import __version__
from cictrack.store.evaluating import MANY, PART
from cictrack.store.processes import MOST

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Run = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
BIN = "Scripts" if sys.platform == "win32" else "bin"
OF_THE_USER = ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "LOCALAPPDATA", "USERPROFILE")
NOT_OURS = ("PYTHONPATH", "SHIV_ROOT", "CICTRACK_DB", "CICTRACK_USER", *OF_THE_USER)
TABLE = "Child;DOB;Team;Date of decision;LBP sent\n00331;14/08/2019;North;02/02/2026;06/02/2026\n"


def done(words: Sequence[str | Path]) -> None:
    """Run what needs a connection; where there is none it is no failure, but on CI it is."""
    ran = subprocess.run(words, capture_output=True, text=True, check=False, cwd=ROOT)
    if ran.returncode and not os.environ.get("CI"):
        pytest.skip(f"it cannot be built here: {ran.stderr[-300:]}")
    assert ran.returncode == 0, ran.stderr


def archives(folder: Path) -> tuple[Path, Path]:
    """The source archive and the wheel, of a clone in which somebody keeps a register."""
    clone = folder / "clone"
    shutil.copytree(ROOT, clone, ignore=shutil.ignore_patterns(".git", ".venv", "dist", "__pycache__", ".*_cache"))
    for stray in ("team.db", "cictrack/team.db", "cictrack/registers/team.csv", "tests/team.db"):
        (clone / stray).write_text("children", encoding="utf-8")
    tools = folder / "tools"
    done([sys.executable, "-m", "venv", tools])
    done([tools / BIN / "python", "-m", "pip", "install", "-q", "hatchling"])
    subprocess.run([tools / BIN / "python", "-m", "hatchling", "build", "-d", folder], check=True, cwd=clone)
    return folder / f"cictrack-{__version__}.tar.gz", folder / f"cictrack-{__version__}-py3-none-any.whl"


def running(start: Sequence[str | Path], folder: Path) -> Run:
    """A way to run the tool from a folder of its own, with an empty home, and nothing of this process's Python."""
    shutil.copy(ROOT / "sample.db", folder)
    (folder / "home").mkdir()
    environment = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    environment |= dict.fromkeys(OF_THE_USER, str(folder / "home"))

    def run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*start, *words],
            capture_output=True,
            encoding="utf-8",
            check=False,
            cwd=folder,
            env={**environment, "PYTHONIOENCODING": "utf-8", **more},
        )

    return run


def works(run: Run, folder: Path) -> None:
    """Everything that asks for a file or a library of its own is there: rules, bank holidays, guide, readers, pages."""

    def does(*words: str) -> str:
        ran = run(*words)
        assert ran.returncode == 0, ran.stderr
        assert "Warning" not in ran.stderr
        return ran.stdout

    assert does("--version") == f"cictrack {__version__}\n"
    assert does("--db", "sample.db", "overdue").count("\n") == 26
    assert "week" in does("guide")
    assert "placement-order" in does("--help")
    (folder / "table.csv").write_text(TABLE, encoding="utf-8")
    team = ("--db", "team.db")
    does(*team, "init", "--today", "2026-03-10")
    does(*team, "import", "table", "table.csv", "--register", "plo")
    for name in ("overdue.csv", "overdue.xlsx", "overdue.html"):
        does(*team, "overdue", "--output", name)
    does(*team, "overdue", "--minutes", "--output", "minutes.xlsx")
    assert "no row says anything" in run(*team, "import", "minutes", "minutes.xlsx").stderr
    does(*team, "report", "--output", "pack.html")
    does(*team, "export", "calendar", "--output", "due.ics")
    assert "fragile" in run(_CICTRACK_COMPLETE="bash_complete", COMP_WORDS="cictrack fr", COMP_CWORD="1").stdout


def other_processes_help(run: Run, folder: Path) -> None:
    """Where thousands of children are derived at once, more processes than one load the engine."""
    row = "{:05d}" + TABLE.splitlines()[1].removeprefix("00331") + "\n"
    rows = [TABLE.splitlines(keepends=True)[0], *map(row.format, range(PART * MANY))]
    (folder / "many.csv").write_text("".join(rows), encoding="utf-8")
    words = ("--db", "many.db", "import", "table", "many.csv", "--register", "plo", "--create")
    ran = run(*words, PYTHONPROFILEIMPORTTIME="1")
    assert ran.returncode == 0, ran.stderr
    loaded = [line.rpartition("|")[2].strip() for line in ran.stderr.splitlines()]
    assert loaded.count("cictrack.store.processes") == 1 + min(os.cpu_count() or 1, MOST) - (os.cpu_count() == 1)


# One test for each thing that is made: it takes long, and a test that runs beside would make it again.


def test_the_archives_hold_what_they_need_and_the_wheel_works_where_there_is_nothing_else(tmp_path: Path) -> None:
    source, wheel = archives(tmp_path)
    holds_what_it_needs_and_nothing_else(source, wheel)
    says_what_it_is(wheel)
    place = tmp_path / "installed"
    done([sys.executable, "-m", "venv", place])
    done([place / BIN / "python", "-m", "pip", "install", "-q", wheel])
    subprocess.run([place / BIN / "python", "-m", "pip", "check"], check=True, capture_output=True)
    works(running([place / BIN / "cictrack"], tmp_path), tmp_path)


def holds_what_it_needs_and_nothing_else(source: Path, wheel: Path) -> None:
    package = [*ROOT.glob("cictrack/**/*.py"), *ROOT.glob("cictrack/docs/*.md"), ROOT / "cictrack" / "py.typed"]
    expected = {path.relative_to(ROOT).as_posix() for path in package}
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    assert {name for name in held if ".dist-info/" not in name} == expected
    assert any(name.endswith("licenses/LICENSE") for name in held)
    with tarfile.open(source) as packed:
        names = {name.partition("/")[2] for name in packed.getnames()}
    assert expected | {"LICENSE", "README.md", "pyproject.toml", "sample.db", "tests/conftest.py"} <= names
    assert not [name for name in names if "team." in name or name.startswith(("dist/", ".venv/", ".git/"))]


def says_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        metadata = archive.read(f"cictrack-{__version__}.dist-info/METADATA").decode()
    head, _, description = metadata.partition("\n\n")
    for line in ("License-Expression: MIT", "Requires-Python: >=3.11", "Description-Content-Type: text/markdown"):
        assert line in head.splitlines()
    for version in ("3.11", "3.12", "3.13", "3.14"):
        assert f"Classifier: Programming Language :: Python :: {version}" in head
    assert description == (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_single_file_works_where_nothing_is_installed_and_only_its_user_can_write_what_it_unpacks(
    tmp_path: Path,
) -> None:
    single = tmp_path / "cictrack.pyz"
    done([sys.executable, ".ci/pyz.py", "--here", single])
    run = running([sys.executable, single], tmp_path)
    works(run, tmp_path)
    other_processes_help(run, tmp_path)
    if os.name == "posix":
        others_are_kept_out(run, tmp_path)
    unpacks_for_one_run_without_a_home(run, tmp_path)


def others_are_kept_out(run: Run, folder: Path) -> None:
    assert stat.S_IMODE((folder / "home" / "cictrack-pyz").stat().st_mode) == 0o700
    shared = folder / "shared"
    shared.mkdir()
    shared.chmod(0o770)
    ran = run("--version", SHIV_ROOT=str(shared))
    assert ran.returncode == 1
    assert ran.stderr.startswith(f"cictrack: others can write in {shared}")
    assert ran.stderr.count("\n") == 1
    assert not [*shared.iterdir()]


def unpacks_for_one_run_without_a_home(run: Run, folder: Path) -> None:
    (folder / "file").touch()
    (folder / "temporary").mkdir()
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder / "temporary"))
    for home in (str(folder / "file"), ""):
        ran = run("--db", "sample.db", "overdue", **dict.fromkeys(OF_THE_USER, home), **temporary)
        assert ran.returncode == 0, ran.stderr
        assert ran.stderr.startswith("cictrack: nothing can be kept in ")
        assert ran.stdout.count("\n") == 26
    if os.name == "posix":
        assert not [*(folder / "temporary").iterdir()]
