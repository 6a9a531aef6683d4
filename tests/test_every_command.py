"""Every command there is: its help has an example that runs, and a wrong value is one sentence and no change."""

from __future__ import annotations

import io
import shlex
from functools import cache
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner
from typed import Typed

from cictrack.cli.main import COMMANDS, cictrack
from cictrack.registers import names

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REFUSED, WRONG_USAGE = 1, 2


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command of a group and of the groups in it."""
    ctx = click.Context(group)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


EVERY = dict(commands(cictrack))
SINGLE = {path: command for path, command in EVERY.items() if not isinstance(command, click.Group)}


def help_of(path: tuple[str, ...]) -> str:
    ran = CliRunner().invoke(cictrack, [*path, "--help"])
    assert ran.exit_code == 0, ran.stderr
    return ran.stdout


def examples(path: tuple[str, ...]) -> list[str]:
    return [line.removeprefix("Example: ") for line in (EVERY[path].epilog or "").splitlines() if line.strip()]


def test_the_walk_reaches_every_register_and_every_fixed_command() -> None:
    assert {path[0] for path in EVERY} == {*COMMANDS, *names()}
    assert all((group, name) in EVERY for group in names() for name in ("list", "open", "correct", "close"))


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_every_command_has_help_with_an_example(path: tuple[str, ...]) -> None:
    said = help_of(path)
    assert said.startswith(f"Usage: cictrack {' '.join(path)} ")
    example = said.partition("Example: cictrack ")[2].split()
    assert path[0] in example[:3]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Typed:
    """A register with one child, who is on every register there is."""
    typed = Typed(tmp_path_factory.mktemp("made") / "register.db")
    whose = "--team North --worker W07 --iro 'IRO 2' --family F17"
    typed.does(f"plo open 104523 --on 2/3/2026 --dob 14/8/2019 {whose}")
    typed.does(f"iha open 104523 --on 1/3/2026 {whose}")
    typed.does(f"placement-order open 104523 --on 2/3/2026 {whose}")
    typed.does(f"fragile open 104523 --on 2/3/2026 --source carer --indicator needs-not-met {whose}")
    typed.does("task add plo 104523 'hair test' --owner W07 --due 20/3/2026")
    return typed


@cache
def annex_a() -> bytes:
    """A workbook with List 8 of one child."""
    import xlsxwriter  # type: ignore[import-untyped]  # it brings no types

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("List_8")
        columns = ["ChildUniqueID", "LoookedAfterStartDate", "LastHealthAssessmentDate", "CeasedLookedAfterDate"]
        sheet.write_row(0, 0, columns)
        sheet.write_row(1, 0, ["104523", "01/03/2026"])
    return content.getvalue()


@cache
def minutes() -> bytes:
    """A list as a meeting left it."""
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("List")
        sheet.write_row(0, 0, ["register", "child", "new day", "owner", "note"])
        sheet.write_row(1, 0, ["plo", "104523", "", "", "parents asked for a later meeting"])
    return content.getvalue()


@pytest.fixture
def desk(made: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """A register in a folder with what the examples speak of: a child on every register, and a return."""
    monkeypatch.chdir(tmp_path)
    header = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n104523,1,14/08/2019,,,,\n"
    (tmp_path / "return-2025-26").mkdir()
    (tmp_path / "return-2025-26" / "header.csv").write_text(header)
    (tmp_path / "annex-a.xlsx").write_bytes(annex_a())
    (tmp_path / "overdue.xlsx").write_bytes(minutes())
    (tmp_path / "plo-tracker.csv").write_text("Child,DOB,Decision,LBP sent\n104523,14/08/2019,02/03/2026,05/03/2026\n")
    (tmp_path / "there.csv").write_text("another's work\n")
    (tmp_path / "folder.csv").mkdir()
    typed = Typed.copy_of(made, tmp_path / "register.db")
    Typed.copy_of(made, tmp_path / "north-backup.db")
    (tmp_path / "north.jsonl").write_text(typed.does("export events"))
    return typed


@pytest.mark.parametrize("path", [path for path in EVERY if EVERY[path].epilog], ids=" ".join)
def test_every_example_is_understood(desk: Typed, path: tuple[str, ...]) -> None:
    (example,) = examples(path)
    words = shlex.split(example)
    assert words.pop(0) == "cictrack"
    if words[0] == "--db":
        del words[:2]
    answer = desk(shlex.join(words))
    # What an example says of a case may not suit this one: then it is refused, and never misread.
    assert answer.status == 0 or (answer.status == REFUSED and answer.err.count("\n") == 1), answer.err


GOOD = {
    "child_id": "104523",
    "case": "104523",
    "register_name": "plo",
    "event": "open",
    "rule": "letter",
    "text": "words",
    "task_id": "abcdef",
    "reason": "court",
    "paths": "return-2025-26",
    "file": "new.db",
    "workbook": "annex-a.xlsx",
    "lines": "north.jsonl",
    "written": "overdue.xlsx",
    "setting": "plo.letter",
    "value": "10 working days",
    "copy": "another.db",
    "kept": "north-backup.db",
    "new": "another.db",
}
NO_DAYS = ("3/13/2026", "31/2/2026", "2/3/26", "2026-3-2", "rain", "", "-99999w", "1/1/2500")
WRONG = {
    "_Day": [(value, WRONG_USAGE) for value in NO_DAYS],
    "_Moment": [(value, WRONG_USAGE) for value in (*NO_DAYS, "2026-03-02T25:00")],
    "_Child": [(value, WRONG_USAGE) for value in ("", " ", "a#2", "9" * 41, "a\x1bb", "a\nb")],
    "_Case": [(value, WRONG_USAGE) for value in ("", "a#x", "a#0", "#1", "9" * 41, "a\x1bb")]
    + [("104599", REFUSED), ("104523#7", REFUSED)],
    "_Head": [(value, WRONG_USAGE) for value in ("", "12ab", "g" * 64, "0" * 65)],
    "_Register": [("pol", WRONG_USAGE), ("", WRONG_USAGE)],
    "_Said": [("", WRONG_USAGE), (" ", WRONG_USAGE)],
    "Choice": [("perhaps", WRONG_USAGE), ("", WRONG_USAGE)],
    "IntRange": [(value, WRONG_USAGE) for value in ("0", "-1", "x", "1.5", "", "999999999")],
    "IntParamType": [("x", WRONG_USAGE), ("1.5", WRONG_USAGE)],
}
"""Values that are wrong for a type of parameter, wherever it stands, and the status that says so."""

OF_ONE = {
    "register": [("pol", WRONG_USAGE)],
    "registers": [("pol", WRONG_USAGE)],
    "within": [(value, WRONG_USAGE) for value in ("-3d", "soon", "3y", "1.5w", "99999999d", "")],
    "output": [("list.docx", WRONG_USAGE), ("list", WRONG_USAGE)]
    + [
        (value, REFUSED)
        for value in ("folder.csv", "there.csv", "nowhere/list.csv", "nowhere/list.html", "nowhere/list.xlsx")
    ],
    "into": [("list.docx", WRONG_USAGE), ("list", WRONG_USAGE)]
    + [(value, REFUSED) for value in ("folder.csv", "there.csv", "nowhere/list.csv")],
    "ics": [("due.csv", WRONG_USAGE), ("due", WRONG_USAGE), ("nowhere/due.ics", REFUSED)],
    "jsonl": [("due.csv", WRONG_USAGE), ("due", WRONG_USAGE), ("nowhere/due.jsonl", REFUSED)],
    "lines": [("nowhere.jsonl", WRONG_USAGE), ("folder.csv", WRONG_USAGE)],
    "written": [("nowhere.xlsx", WRONG_USAGE), ("folder.csv", WRONG_USAGE)],
    "on": [(value, WRONG_USAGE) for value in NO_DAYS],
    "folder": [("there.csv", WRONG_USAGE), ("nowhere/deep", REFUSED)],
    "year": [(value, WRONG_USAGE) for value in ("2026", "2026-28", "26-27", "rain", "")] + [("2030-31", REFUSED)],
    "task_id": [("zzzzzz", REFUSED), ("", REFUSED)],
    "make_key_file": [(value, REFUSED) for value in ("there.csv", "folder.csv", "nowhere/own.key")],
    "changes": [("rain", WRONG_USAGE), ("rain=1", WRONG_USAGE)],
    "event": [("rain", WRONG_USAGE), ("", WRONG_USAGE)],
    "paths": [("nowhere", WRONG_USAGE), ("folder.csv", REFUSED)],
    "workbook": [("nowhere.xlsx", WRONG_USAGE), ("folder.csv", WRONG_USAGE)],
    "map_file": [("nowhere.toml", WRONG_USAGE), ("folder.csv", WRONG_USAGE), ("there.csv", REFUSED)],
    "save_map": [("there.csv", REFUSED), ("folder.csv", REFUSED), ("nowhere/map.toml", REFUSED)],
    "sheet": [("rain", REFUSED)],
    "copy": [(value, REFUSED) for value in ("folder.csv", "there.csv", "nowhere/copy.db")],
    "kept": [(value, REFUSED) for value in ("folder.csv", "there.csv", "nowhere.db", "register.db")],
    "new": [(value, REFUSED) for value in ("folder.csv", "there.csv", "nowhere/new.db", "register.db")],
    "rejects": [("folder.csv", WRONG_USAGE), ("there.csv", REFUSED), ("nowhere/rejects.csv", REFUSED)],
    "as_of": [(value, WRONG_USAGE) for value in NO_DAYS],
    "since": [(value, WRONG_USAGE) for value in (*NO_DAYS, "+1w")],
    "file": [("there.csv", REFUSED), ("folder.csv", REFUSED), ("nowhere/new.db", REFUSED)],
    "from_worker": [("rain", REFUSED)],
    "setting": [("plo.leter", REFUSED), ("", REFUSED), ("plo.task", REFUSED)],
    "value": [(value, REFUSED) for value in ("0 working days", "-1 days", "10", "rain", "")],
}
"""What is wrong for one parameter, by its name."""

RULES: dict[tuple[str, ...], int] = {("explain",): REFUSED, ("exception",): WRONG_USAGE}
NOBODY_YET = ("add", "open")
"""What a child who is not there is no obstacle to."""


def wrong_values(path: tuple[str, ...], param: click.Parameter) -> list[tuple[str, int]]:
    name = str(param.name)
    found = [*WRONG.get(type(param.type).__name__, ()), *OF_ONE.get(name, ())]
    if name == "rule":
        found.append(("rain", RULES[path]))
    if name == "child_id" and path[-1] not in NOBODY_YET:
        found.append(("104599", REFUSED))
    if path == ("exception",) and name == "reason":
        found.append(("rain", WRONG_USAGE))
    if path == ("init",) and not getattr(param, "is_flag", False):
        # The register is there: whatever else is right, nothing is made.
        found.append(("2026-03-02", REFUSED))
    return found


def good_value(param: click.Parameter) -> str:
    if isinstance(param.type, click.Choice):
        return str(param.type.choices[0])
    if type(param.type).__name__ == "_Day":
        return "30/3/2026"
    return GOOD.get(str(param.name), "words")


def one_at_least(path: tuple[str, ...]) -> dict[str, str]:
    """What is given beside what is required, to commands that want one of several."""
    if path[-1] == "details":
        field = next(param for param in SINGLE[path].params if str(param.name).startswith("field_"))
        return {str(field.name): good_value(field)}
    if path[-1] == "correct":
        return {"to": "3/3/2026"}
    return {
        ("assign",): {"team": "South"},
        ("child", "set"): {"locality": "East"},
        ("child", "add"): {"dob": "today"},
    }.get(path, {})


def words_for(path: tuple[str, ...], given: dict[str, str], leaving_out: str = "") -> list[str]:
    """A line with everything that the command requires and what is given; arguments come after `--`."""
    given = {**one_at_least(path), **given}
    options, arguments = [], []
    for param in SINGLE[path].params:
        name = str(param.name)
        if name == leaving_out or not (param.required or name in given):
            continue
        value = given.get(name) or ("" if name in given else good_value(param))
        if isinstance(param, click.Argument):
            arguments.append(value)
        else:
            options.append(f"{param.opts[0]}={value}")
    return [*path, *options, "--", *arguments]


def is_refused(typed: Typed, words: list[str], status: int) -> None:
    """One sentence on stderr, nothing on stdout, and no byte or file changed."""
    line = shlex.join(words)
    before = (typed.path.read_bytes(), sorted(typed.path.parent.iterdir()))
    answer = typed(line)
    assert (answer.status, answer.out) == (status, ""), (line, answer)
    assert answer.err.startswith("cictrack: "), (line, answer)
    assert answer.err.count("\n") == 1, (line, answer)
    assert (typed.path.read_bytes(), sorted(typed.path.parent.iterdir())) == before, line


@pytest.mark.parametrize("most", [1, pytest.param(None, marks=pytest.mark.slow)], ids=["one", "every"])
@pytest.mark.parametrize("path", SINGLE, ids=" ".join)
def test_one_wrong_value_is_one_sentence_and_an_unchanged_file(
    desk: Typed, path: tuple[str, ...], most: int | None
) -> None:
    for n, param in enumerate(SINGLE[path].params):
        found = wrong_values(path, param)
        for value, status in found if most is None else (found * 2)[n % (len(found) or 1) :][:most]:
            is_refused(desk, words_for(path, {str(param.name): value}), status)


@pytest.mark.parametrize("path", SINGLE, ids=" ".join)
def test_what_is_required_is_an_error_in_a_pipe_and_what_is_not_there_too(desk: Typed, path: tuple[str, ...]) -> None:
    for param in SINGLE[path].params:
        if param.required:
            is_refused(desk, words_for(path, {}, leaving_out=str(param.name)), WRONG_USAGE)
    is_refused(desk, [*words_for(path, {})[:-1], "--rain", "--", *words_for(path, {})[-1:]], WRONG_USAGE)


@pytest.mark.parametrize("filter_", ["team", "worker", "iro", "manager", "locality", "stage"])
@pytest.mark.parametrize("line", ["overdue", "due", "drift", "gaps", "tasks", "escalation", "summary", *names()])
def test_a_filter_that_nothing_matches_is_said_to(desk: Typed, line: str, filter_: str) -> None:
    answer = desk(f"{line} --{filter_} rain")
    assert answer.status == 0
    assert "'rain'" in answer.err


WRITTEN = {
    "output": (".csv", ".html", ".xlsx", ".jsonl", ".ics", ".xml", ".md"),
    "into": (".csv", ".html"),
    "ics": (".ics",),
    "jsonl": (".jsonl",),
    "save_map": (".toml",),
    "rejects": (".csv",),
    **dict.fromkeys(("copy", "new", "file"), (".db",)),
    "make_key_file": (".key",),
}
"""Options and arguments that name a file to write, and how it may end."""

WRITING = [path for path in SINGLE if any(param.name in WRITTEN for param in SINGLE[path].params)]


@pytest.mark.parametrize("path", WRITING, ids=" ".join)
def test_nothing_is_written_through_a_link(desk: Typed, path: tuple[str, ...]) -> None:
    aim = desk.path.parent / "aim.txt"
    aim.write_text("another's work\n")
    for param in SINGLE[path].params:
        for ending in WRITTEN.get(str(param.name), ()):
            link = desk.path.parent / f"link{ending}"
            try:
                link.symlink_to(aim)
            except OSError:
                pytest.skip("who may make links is Windows' to say")
            for force in [[], *([option.opts[:1]] if (option := forcing(path)) else [])]:
                words = words_for(path, {str(param.name): link.name})
                answer = desk.types([*words[: len(path)], *force, *words[len(path) :]])
                assert answer.status in {REFUSED, WRONG_USAGE}, (words, force, answer)
                assert link.is_symlink()
                assert aim.read_text() == "another's work\n", (words, force)
            link.unlink()


def forcing(path: tuple[str, ...]) -> click.Parameter | None:
    return next((param for param in SINGLE[path].params if param.name == "force"), None)
