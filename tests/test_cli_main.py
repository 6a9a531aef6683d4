"""`cictrack` itself: its help, its statuses, and what it loads."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from typed import Typed

from cictrack.cli.main import COMMANDS, Commands, cictrack
from cictrack.errors import Damaged, Locked, Refused
from cictrack.registers import names

HEAVY = (
    *("rich", "sqlite_utils", "dateutil.parser", "dateutil", "holidays", "python_calamine", "platformdirs"),
    *("cictrack.pathway", "cictrack.pathway.declare", "cictrack.registers.plo", "hashlib", "difflib"),
)


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    return Typed(tmp_path / "register.db")


def in_a_process(*words: str, code: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, *(["-c", code] if code else ["-m", "cictrack"]), *words]
    return subprocess.run(line, capture_output=True, text=True, check=False, env={**os.environ, **environment})


def modules_of(*words: str) -> set[str]:
    code = (
        "import sys\nfrom cictrack.cli.main import main\ntry:\n    main()\n"
        "except SystemExit as done:\n    print('MODULES', done.code, *sys.modules, file=sys.stderr)"
    )
    said, _, loaded = in_a_process(*words, code=code).stderr.partition("MODULES ")
    status, *modules = loaded.split()
    assert status == "0", said
    return set(modules)


def test_overdue_loads_nothing_it_does_not_use(tmp_path: Path) -> None:
    path = tmp_path / "register.db"
    ran = in_a_process("--db", str(path), "init")
    assert ran.returncode == 0, ran.stderr
    loaded = modules_of("--db", str(path), "overdue")
    assert "sqlite3" in loaded
    assert not loaded & set(HEAVY)


def test_help_loads_no_command_and_no_register() -> None:
    loaded = modules_of("--help")
    modules = {where.partition(":")[0] for _, where, _ in COMMANDS.values()}
    assert not loaded & (modules | set(HEAVY))


def test_help_groups_the_commands_and_names_every_register(typed: Typed) -> None:
    said = typed.does("--help")
    sections = [line for line in said.splitlines() if line in {"Reading:", "Recording:", "In and out:", "Keeping:"}]
    assert sections == ["Reading:", "Recording:", "In and out:", "Keeping:"]
    assert all(f"\n  {name} " in said for name in [*COMMANDS, *names()])


def test_a_mistyped_command_is_answered_with_what_it_may_have_been(typed: Typed) -> None:
    said = typed.is_refused("overdeu", status=2)
    assert said.startswith("there is no command 'overdeu'. Did you mean overdue?")


@pytest.mark.parametrize("command", ["overdue", "plo letter"])
def test_the_register_named_after_the_command_is_answered_with_where_it_comes(typed: Typed, command: str) -> None:
    said = typed.is_refused(f"{command} --db north.db", status=2)
    assert said == f"--db comes before the command: cictrack --db FILE {command}"


def test_no_register_there_is_one_sentence_and_makes_no_file(tmp_path: Path) -> None:
    path = tmp_path / "nothing.db"
    for words in (("overdue",), ("plo", "letter", "1"), ()):
        ran = in_a_process(*words, CICTRACK_DB=str(path))
        assert ran.returncode == 1, ran.stderr
        assert ran.stderr.count("\n") == 1
        assert "cictrack init" in ran.stderr
        assert not path.exists()


def test_what_is_required_and_missing_is_said_with_its_choices_in_one_line(typed: Typed) -> None:
    said = typed.is_refused("plo close 104523", status=2)
    assert "missing option '--reason'. Choose from: left-care, moved-authority, turned-18, died" in said


def test_init_makes_a_register_and_never_writes_over_a_file(tmp_path: Path) -> None:
    typed = Typed(tmp_path / "register.db")
    assert "is there already, and is not written over" in typed.is_refused("init")
    other = tmp_path / "letter.txt"
    other.write_text("not a register", encoding="utf-8")
    ran = in_a_process("--db", str(other), "init")
    assert ran.returncode == 1
    assert other.read_text(encoding="utf-8") == "not a register"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("init", "Next: cictrack --db 'of the team.db' plo open"),
        ("task done 3f9a1c", "List them: cictrack --db 'of the team.db' tasks"),
        ("summary", "  cictrack --db 'of the team.db' due --within 14d"),
        ("kpi --nothing", "See: cictrack kpi --help"),
    ],
)
def test_what_to_type_next_names_the_register_that_the_line_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if line != "init":
        CliRunner().invoke(cictrack, ["--db", "of the team.db", "init"])
    ran = CliRunner().invoke(cictrack, ["--db", "of the team.db", *line.split()])
    assert says in ran.stdout + ran.stderr


def test_the_registers_own_day_is_said_on_stderr(typed: Typed) -> None:
    ran = in_a_process("--db", str(typed.path), "overdue")
    assert ran.stderr.startswith("Today is 31 March 2026: this register carries its own day.\n")


@pytest.mark.skipif(os.name != "posix", reason="bash is of POSIX")
def test_a_reader_who_has_enough_is_no_error(typed: Typed) -> None:
    line = f"{sys.executable} -m cictrack --db {typed.path} --help | head -1; echo ${{PIPESTATUS[0]}}"
    ran = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert ran.stdout.endswith("0\n")
    assert ran.stderr == ""


class Failing(Commands):
    """A command line whose every command ends in one way."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:  # noqa: ARG002 - click's signature
        def fails() -> None:
            raise self.error

        return click.Command("overdue", callback=fails)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Refused("No."), 1),
        (click.Abort(), 1),
        (click.UsageError("no"), 2),
        (Damaged("No."), 4),
        (Locked("No."), 5),
        (sqlite3.OperationalError("database is locked"), 5),
    ],
)
def test_each_way_of_going_wrong_has_its_status_and_one_line(error: BaseException, status: int) -> None:
    ran = CliRunner().invoke(Failing(error), ["overdue"])
    assert (ran.exit_code, ran.stdout) == (status, "")
    assert ran.stderr.startswith("cictrack: ")
    assert ran.stderr.count("\n") == 1


def test_a_bug_shows_its_traceback() -> None:
    bug = KeyError("a bug")
    assert CliRunner().invoke(Failing(bug), ["overdue"]).exception is bug


def test_what_data_says_never_reaches_the_terminal_as_an_escape() -> None:
    ran = CliRunner().invoke(Failing(Refused("No child \x1b[31m.")), ["overdue"])
    assert ran.stderr == "cictrack: No child \\x1b[31m.\n"


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal is made with pty")
def test_what_is_required_is_asked_for_on_a_terminal(typed: Typed) -> None:
    import pty

    typed.does("plo open 104523 --on 2/3/2026 --dob 14/8/2019")
    keyboard, terminal = pty.openpty()
    os.write(keyboard, b"perhaps\nissue\n")
    line = [sys.executable, "-m", "cictrack", "--db", str(typed.path), "plo", "step", "104523", "--on", "9/3/2026"]
    ran = subprocess.run(line, stdin=terminal, capture_output=True, text=True, check=False)
    os.close(keyboard)
    os.close(terminal)
    assert ran.returncode == 0, ran.stderr
    assert "Outcome (step-down, issue)" in ran.stdout + ran.stderr
    assert "Stage: to-issue" in ran.stdout


@pytest.mark.parametrize(
    ("typed_so_far", "offered"),
    [
        ("cictrack pl", ["placement-order", "plo"]),
        ("cictrack plo let", ["letter"]),
        ("cictrack plo letter 1045", ["104523"]),
        ("cictrack explain plo 1045", ["104523"]),
        ("cictrack assign pl", ["placement-order", "plo"]),
        ("cictrack overdue --team N", ["North"]),
        ("cictrack transfer --from-worker W", ["W07"]),
    ],
)
def test_a_shell_is_offered_what_the_register_knows(typed: Typed, typed_so_far: str, offered: list[str]) -> None:
    typed.does("plo open 104523 --on 2/3/2026 --dob 14/8/2019 --team North --worker W07")
    environment = {
        "CICTRACK_DB": str(typed.path),
        "_CICTRACK_COMPLETE": "bash_complete",
        "COMP_WORDS": typed_so_far,
        "COMP_CWORD": str(typed_so_far.count(" ")),
    }
    ran = in_a_process(**environment)
    assert [line.partition(",")[2] for line in ran.stdout.split()] == offered
    assert ran.stderr == ""
