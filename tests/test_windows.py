"""What Windows does otherwise, as far as another system can try it: modules, code pages, names, ends of lines."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typed import Typed

import cictrack
from cictrack.cli.windows import is_device

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCES = Path(cictrack.__file__).parent

NOT_THERE = ("fcntl", "termios", "tty", "pty", "pwd", "grp", "resource", "readline", "curses", "syslog")
"""Modules that Windows has not."""

IMPORT_ALL = f"""
import importlib, os, pkgutil, sys
for name in {NOT_THERE}:
    sys.modules.pop(name, None)
class Refusing:
    def find_spec(self, name, path=None, target=None):
        if name in {NOT_THERE}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Refusing())
import cictrack
for module in pkgutil.walk_packages(cictrack.__path__, "cictrack."):
    if module.name != "cictrack.__main__":
        importlib.import_module(module.name)
        print(module.name)
from cictrack.cli.main import cictrack as command
command.main(["--db", sys.argv[1], "overdue", "--format", "csv"])
"""

LISTS = (
    *("summary", "overdue", "due", "drift", "gaps", "tasks", "plo", "iha", "fragile", "placement-order"),
    *("changes --since 1/3/2026", "kpi", "rules", "calendar", "escalation", "show 104523 --names", "guide", "report"),
    *("explain plo 104523", "history plo 104523", "fragile --help", "plo --names", "export census"),
    *("completion powershell", "--help", "overdue --help", "plo --help", "plo letter --help", "import table --help"),
)
WRONG = (
    *("overdue --team Зоя", "plo letter Łukasz", "overdeú", "overdue --output ☃.foo", "plo letter 104523 --on Ω"),
    *("import table ☃.csv --register plo", "task done Ωλέγ", "overdue --register Ω", "plo open 1 --on 31/2/2026"),
)
TYPING = """
import json, sys
from cictrack.cli import main
statuses = []
main._take_any_text()
for line in json.loads(sys.argv[2]):
    try:
        line = line.encode().decode(sys.getfilesystemencoding(), "surrogateescape")
        main.cictrack.main(["--db", sys.argv[1], *line.split()])
    except SystemExit as ended:
        sys.stdout.flush()
        statuses.append(ended.code)
print("ENDED", *statuses, file=sys.stderr)
"""


@pytest.fixture(scope="module")
def many_tongues(tmp_path_factory: pytest.TempPathFactory) -> Typed:
    """A register with names and words of many alphabets."""
    typed = Typed(tmp_path_factory.mktemp("tongues") / "register.db")
    for line in (
        "child add 104523 --dob 14/8/2019 --name 'Łukasz Ωμέγα 李'",
        "plo open 104523 --on 2/3/2026 --team Nørth --worker Зоя --family F17",
        "plo letter 104523 --on 5/3/2026",
        "iha open 104523 --on 9/2/2026 --team 'Süd – Ост' --worker 李",
        "fragile open 104523 --on 27/3/2026 --source carer --indicator needs-not-met --team West --iro 'Åse 😀'",
        "placement-order open 104600 --on 1/10/2025 --dob 2/2/2023 --worker Ωmega",
        "task add plo 104523 'hair test – Ünder → ☃' --owner Зоя --due 20/3/2026",
        "note plo 104523 'мир 😀'",
    ):
        typed.does(line)
    return typed


def test_every_module_is_imported_where_posix_modules_are_not_there(many_tongues: Typed) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, many_tongues.path],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.count("cictrack.") > 200
    assert "severity" in ran.stdout


def everything_typed(typed: Typed, lines: list[str], folder: Path, environment: dict[str, str]) -> tuple[bytes, bytes]:
    """What one process prints into a file for many lines, and what it says into a pipe beside them."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHONIO"))}
    with (folder / "printed").open("wb") as printed:
        ran = subprocess.run(
            [sys.executable, "-c", TYPING, str(typed.path), json.dumps(lines)],
            stdout=printed,
            stderr=subprocess.PIPE,
            env={**clean, **environment},
            check=False,
        )
    assert b"Traceback" not in ran.stderr, ran.stderr
    said, _, statuses = ran.stderr.rpartition(b"ENDED ")
    for line, status in zip(lines, map(int, statuses.split()), strict=True):
        assert status in ({0} if line.partition(" --format")[0] in LISTS else {0, 1, 2}), line
    return (folder / "printed").read_bytes(), said


@pytest.mark.parametrize("encoding", ["cp1252", "cp437"])
def test_every_list_page_and_refusal_is_printed_on_an_old_code_page(
    many_tongues: Typed, tmp_path: Path, encoding: str
) -> None:
    printed, said = everything_typed(many_tongues, [*LISTS, *WRONG], tmp_path, {"PYTHONIOENCODING": encoding})
    assert "N\\u00f8rth" in printed.decode(encoding) or "Nørth" in printed.decode(encoding)
    assert "\\u0417\\u043e\\u044f" in printed.decode(encoding)
    assert "\\u0141ukasz" in said.decode(encoding)


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "cp1252", "LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
)
def test_every_format_is_printed_whatever_the_locale_is(
    many_tongues: Typed, tmp_path: Path, environment: dict[str, str]
) -> None:
    formats = ("plain", "json", "markdown")
    lines = [f"{line} --format {fmt}" for line in LISTS[:13] for fmt in formats]
    everything_typed(many_tongues, [*lines, *LISTS, *WRONG], tmp_path, environment)


def test_a_file_is_utf_8_whatever_the_code_page_is(many_tongues: Typed, tmp_path: Path) -> None:
    lines = [f"{register} --names --output {tmp_path / register}.csv" for register in ("plo", "iha", "fragile")]
    everything_typed(many_tongues, lines, tmp_path, {"PYTHONIOENCODING": "cp1252"})
    assert "Łukasz Ωμέγα 李" in (tmp_path / "plo.csv").read_text(encoding="utf-8")
    assert "Süd – Ост" in (tmp_path / "iha.csv").read_text(encoding="utf-8")
    assert b"\r" not in (tmp_path / "iha.csv").read_bytes()


def test_a_page_in_a_pipe_is_utf_8_as_it_says(many_tongues: Typed, tmp_path: Path) -> None:
    for line in ("plo --format html", "show 104523 --format html", "overdue --format html"):
        printed, _ = everything_typed(many_tongues, [line], tmp_path, {"PYTHONIOENCODING": "cp1252"})
        assert '<meta charset="utf-8">' in printed.decode("utf-8")
        assert "Зоя" in printed.decode("utf-8"), line


@pytest.mark.parametrize("name", ["con.csv", "NUL.xlsx", r"C:\Reports\aux.html", "com1.md", "LPT¹.json", "prn .csv"])
def test_a_name_that_windows_keeps_for_a_device_is_known(name: str) -> None:
    assert is_device(name)


@pytest.mark.parametrize("name", ["control.csv", "com.csv", "COM10.csv", r"C:\con\overdue.csv", "my nul.csv", ".csv"])
def test_a_name_that_only_looks_like_a_devices_is_not(name: str) -> None:
    assert not is_device(name)


def opened_as_text(tree: ast.Module) -> Iterator[ast.Call]:
    """Each call that opens a file as text and leaves its encoding to the machine."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        said = {keyword.arg for keyword in node.keywords}
        modes = [a.value for a in (*node.args, *(k.value for k in node.keywords)) if isinstance(a, ast.Constant)]
        binary = any(isinstance(mode, str) and "b" in mode and len(mode) <= 3 for mode in modes)
        if name in {"read_text", "write_text", "open", "fdopen"} and "encoding" not in said and not binary:
            yield node


def test_no_file_is_read_or_written_in_the_machines_own_encoding() -> None:
    left = {
        f"{path.relative_to(SOURCES).as_posix()}: {ast.unparse(call)}"
        for path in SOURCES.rglob("*.py")
        if "registers" not in path.relative_to(SOURCES).parts
        for call in opened_as_text(ast.parse(path.read_text(encoding="utf-8")))
        if not ast.unparse(call).startswith("os.open(")
    }
    assert not left


def test_a_machine_that_may_not_run_the_reader_of_workbooks_says_so(many_tongues: Typed, tmp_path: Path) -> None:
    book = tmp_path / "overdue.xlsx"
    many_tongues.does(f"overdue --minutes --output {book}")
    (tmp_path / "refused").mkdir()
    (tmp_path / "refused" / "python_calamine.py").write_text("raise ImportError", encoding="utf-8")
    line = json.dumps([f"import minutes {book}"])
    ran = subprocess.run(
        [sys.executable, "-c", TYPING, many_tongues.path, line],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path / "refused"), *sys.path])},
        check=False,
    )
    assert "the part that reads workbooks cannot run on this machine: save each sheet as csv" in ran.stdout
    assert ran.stderr.endswith("ENDED 1\n")


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_a_table_with_any_ends_of_lines_reads_the_same(tmp_path: Path, end: str) -> None:
    typed = Typed(tmp_path / "register.db")
    lines = ("Child,DOB,Team,Date of decision", '00331,14/08/2019,"North', 'and South",02/02/2026', "")
    (tmp_path / "table.csv").write_bytes(end.join(lines).encode())
    assert "1 used" in typed.does(f"import table {tmp_path / 'table.csv'} --register plo")
    assert "00331" in typed.does("plo")


def test_events_that_went_through_a_windows_editor_are_read(team: Typed, tmp_path: Path) -> None:
    events = team.does("export events").replace("\n", "\r\n")
    for name, begin in (("plain", b""), ("marked", b"\xef\xbb\xbf")):
        (tmp_path / f"{name}.jsonl").write_bytes(begin + events.encode())
        typed = Typed(tmp_path / f"{name}.db")
        typed.does(f"import events {tmp_path / name}.jsonl")
        assert typed.does("overdue --format csv") == team.does("overdue --format csv")


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59", "0001-01-01T00:00", "0500-01-01T00:00"])
def test_a_moment_that_no_clock_shows_is_wrong_usage(team: Typed, moment: str) -> None:
    assert "moments from 1900 to 9998 are read" in team.is_refused(f"overdue --known-at {moment}", status=2)
