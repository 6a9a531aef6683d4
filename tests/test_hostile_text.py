"""What the register holds is never obeyed: not by a terminal, rich, Markdown, HTML or a spreadsheet."""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from typed import Typed

from cictrack.render.safe import visible

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = (
    *("\x1b[31mred\x1b]0;title\x07", "\x1b]8;;http://e.example\x1b\\here", "\x9b31m\x85next", "\u202etxet\u2066"),
    *("[/b]", "[link=http://e.example]x[/link]", "[red]x", "<script>alert(1)</script>", "[x](http://e.example)"),
    *("=1+1", "@x", "+1", "-1", "'=1", "'", "|`*_~#", "\ufeffx", "a,b\"c'd", "\\x1b", "N/A", "e\u0301→☃"),
    *("a\tb", "a\rb", "a\nb", "a\u2028b", "a\x0bb", "a\x7fb"),
)
LISTS = (
    *("summary", "overdue", "due --within 300d", "drift", "gaps", "tasks --all", "plo --all", "placement-order --all"),
    *(
        "escalation --all",
        "escalation --names",
        "fragile --iro 'IRO 2'",
        "fragile --iro 'IRO 2' --names",
        "fragile --all",
        "iha --all",
        "fragile candidates",
        "overdue --names",
        "tasks --names",
        "plo --names",
    ),
)
OF_A_CHILD = ("show {}", "show {} --names", "explain plo {}", "explain plo {} letter", "history plo {}")
FORMATS = ("table", "plain", "csv", "json", "markdown", "html")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
A_NUMBER = re.compile(r"-?\d+(\.\d+)?")
SGR = re.compile(r"\x1b\[[0-9;]*m")
"""The one escape that a table itself writes: a colour."""


CHILDREN = 7


def record(typed: Typed, child_id: str, place: int) -> None:
    """Write the texts wherever a person may write freely: each child has two thirds of them, in turn."""
    turn = itertools.cycle(HOSTILE[4 * place :] + HOSTILE[: 4 * place])

    def text() -> str:
        return shlex.quote(next(turn))

    whose = " ".join(f"--{name}={text()}" for name in ("team", "worker", "iro", "manager", "locality", "family"))
    typed.does(f"plo open {child_id} --on 5/1/2026 --dob 1/1/2020 {whose} --note={text()}")
    typed.does(f"child set {child_id} --name={text()} --sibling-group={text()} --locality={text()}")
    for due in ("3/2/2026", "3/5/2026"):
        typed.does(f"task add plo {child_id} --owner={text()} --due {due} -- {text()}")
    typed.does(f"note plo {child_id} -- {text()}")
    typed.does(f"exception plo {child_id} letter --reason court --agreed-by={text()} --until 30/6/2026")
    typed.does(f"escalation raise plo {child_id} --stage 1 --on 3/2/2026 --to={text()} --reason={text()}")
    typed.does(f"plo correct {child_id} open --to 6/1/2026 --reason={text()}")
    typed.does(f"fragile open {child_id} --on 3/2/2026 --source carer --indicator needs-not-met --team={text()}")
    typed.does(f"assign fragile {child_id} --iro 'IRO 2' --worker={text()}")
    typed.does(f"fragile level {child_id} --level red --reason={text()} --by={text()}")
    typed.does(f"fragile support {child_id} --kind={text()}")
    typed.does(f"iha open {child_id} --on 1/10/2025 --team={text()}")
    typed.does(f"placement-order open {child_id} --on 3/10/2025 --team={text()}")
    typed.does(f"placement-order link {child_id} --on 3/3/2026 --link={text()}")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Typed:
    typed = Typed(tmp_path_factory.mktemp("hostile") / "register.db")
    for place in range(CHILDREN):
        record(typed, f"90{place}", place)
    return typed


@pytest.fixture(scope="module")
def lines() -> tuple[str, ...]:
    return (*LISTS, *(line.format(f"90{place}") for place in range(CHILDREN) for line in OF_A_CHILD))


def is_safe(text: str, keep: str = "\n") -> bool:
    return visible(text, keep) == text


@pytest.mark.parametrize("fmt", FORMATS)
def test_no_list_holds_a_character_that_a_terminal_obeys(hostile: Typed, lines: tuple[str, ...], fmt: str) -> None:
    for line in lines:
        answer = hostile(f"{line} --format {fmt}")
        assert answer.status == 0 or "no csv" in answer.err, (line, answer.err)
        # A csv cell keeps its tab and its line break, inside quotes: what was recorded is handed on.
        assert is_safe(answer.out, "\n\t" if fmt in {"csv", "html"} else "\n"), line
        assert is_safe(answer.err), line


def test_no_cell_of_a_csv_is_a_formula(hostile: Typed, lines: tuple[str, ...]) -> None:
    for line in lines:
        answer = hostile(f"{line} --format csv")
        header, *rows = list(csv.reader(io.StringIO(answer.out))) or [[]]
        for row in rows:
            assert len(row) == len(header), line
            for cell in row:
                assert A_NUMBER.fullmatch(cell) or not cell.startswith(FORMULA), (line, cell)


def test_json_gives_back_what_was_recorded_to_the_letter(hostile: Typed) -> None:
    for text in HOSTILE:
        hostile.does(f"assign plo 900 --team={shlex.quote(text)}")
        (case,) = (case for case in json.loads(hostile.does("plo --format json")) if case["child_id"] == "900")
        assert case["team"] == text.strip()


def test_no_tag_or_link_of_the_datas_lives_in_markdown(hostile: Typed, lines: tuple[str, ...]) -> None:
    for line in lines:
        answer = hostile(f"{line} --format markdown")
        if answer.out.startswith("```"):
            # Inside a fence nothing is read but the fence itself.
            assert answer.out.count("```") == 2, line
        else:
            assert "<script" not in answer.out, line
            assert not re.search(r"(?<!\\)\]\(", answer.out), line


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal is made with pty")
@pytest.mark.parametrize(
    "line", ["summary", "overdue", "tasks --names", "show 901", "explain plo 902", "history plo 903"]
)
@pytest.mark.parametrize("environment", [{"TERM": "xterm-256color"}, {"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_a_terminal_gets_colours_and_no_other_escape(
    hostile: Typed, line: str, environment: dict[str, str], tmp_path: Path
) -> None:
    shown = on_a_terminal(hostile, line, {"PAGER": "cat", "COLUMNS": "200", **environment}, tmp_path)
    assert "\n" in shown
    if "NO_COLOR" not in environment and environment["TERM"] != "dumb":
        shown = SGR.sub("", shown)
    assert is_safe(shown.replace("\r\n", "\n"))


def on_a_terminal(hostile: Typed, line: str, environment: dict[str, str], tmp_path: Path) -> str:
    """What a terminal gets to see of a line."""
    import pty

    reading, terminal = pty.openpty()
    words = [sys.executable, "-m", "cictrack", "--db", str(hostile.path), *shlex.split(line)]
    surroundings = {**{k: v for k, v in os.environ.items() if k not in {"NO_COLOR", "TERM"}}, **environment}
    with (tmp_path / "errors").open("w") as errors:
        ran = subprocess.Popen(words, stdin=terminal, stdout=terminal, stderr=errors, env=surroundings)
        os.close(terminal)
        seen = b""
        while chunk := _read(reading):
            seen += chunk
        assert ran.wait() == 0
    os.close(reading)
    return seen.decode()


def _read(reading: int) -> bytes:
    try:
        return os.read(reading, 65536)
    except OSError:  # Linux says so when the other end is closed
        return b""


@pytest.mark.parametrize("text", [text for text in HOSTILE if not text.startswith(("-", "=", "+", "@"))])
def test_an_error_that_quotes_what_was_typed_is_one_line_and_safe(hostile: Typed, text: str) -> None:
    typed = shlex.quote(text)
    for line in (
        f"overdue --as-of {typed}",
        f"overdue --format {typed}",
        f"overdue --output {typed}",
        f"plo {typed}",
        f"plo letter 900 --fgdm-offered {typed}",
        f"exception plo 900 {typed} --reason court --agreed-by x --until 30/6/2026",
        f"note {typed} 900 x",
        f"plo correct 900 {typed} --to 7/1/2026 --reason x",
        f"plo correct 900 letter --set {typed} --reason x",
        f"transfer --from-worker {typed}x --to-worker y --yes",
        f"task done {typed}",
    ):
        answer = hostile(line)
        assert answer.status in {1, 2}, line
        assert answer.out == ""
        assert answer.err.count("\n") == 1, answer.err
        assert is_safe(answer.err), answer.err


def test_a_hostile_return_is_read_or_refused_and_told_safely(tmp_path: Path) -> None:
    typed = Typed(tmp_path / "register.db")
    head = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n"
    rows = "".join(f'"{text.replace(chr(34), chr(34) * 2)}",1,01/02/2020,,,,\n' for text in HOSTILE)
    (tmp_path / "[red]\x1b[31m=1.csv").write_text(head + "7,1,01/02/2020,,,,\n" + rows, encoding="utf-8")
    for fmt in ("plain", "json"):
        rejects = tmp_path / f"{fmt}.csv"
        answer = typed(f"import ssda903 {shlex.quote(str(tmp_path))} --dry-run --rejects {rejects} --format {fmt}")
        assert answer.status == 0, answer.err
        assert is_safe(answer.out)
        assert is_safe(answer.err)
        for row in csv.reader(io.StringIO(rejects.read_text(encoding="utf-8"))):
            for cell in row:
                assert A_NUMBER.fullmatch(cell) or not cell.startswith(FORMULA), cell
                assert is_safe(cell, "\n\t")


@pytest.mark.parametrize("line", ["tasks", "overdue"])
def test_an_action_is_found_again_whatever_it_says_and_what_is_told_of_it_is_safe(
    hostile: Typed, tmp_path: Path, line: str
) -> None:
    desk = Typed.copy_of(hostile, tmp_path / "register.db")
    header, *rows = csv.reader(io.StringIO(desk.does(f"{line} --minutes --format csv"), newline=""))
    actions = [row for row in rows if row[header.index("kind")] == "task"]
    for row in actions:
        row[header.index("new_day")] = "9/6/2026"
    with (tmp_path / "[red]\x1b[31m.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows, [*["\x1b]0;x\x07"] * (len(header) - 1), "=1+1"]])
        path = shlex.quote(file.name)
    rejects = tmp_path / "rejects.csv"
    answer = desk(f"import minutes {path} --rejects {rejects}")
    assert f"Rows: {len(actions)} used + 0 unchanged + 0 in conflict + 1 refused" in answer.out
    assert is_safe(answer.out)
    assert is_safe(answer.err)
    for row in csv.reader(io.StringIO(rejects.read_text(encoding="utf-8"))):
        for cell in row:
            assert A_NUMBER.fullmatch(cell) or not cell.startswith(FORMULA), cell
            assert is_safe(cell, "\n\t")
    told = json.loads(desk.does(f"import minutes {path} --format json"))
    assert (told["rows_used"], told["rows_unchanged"]) == (0, len(actions))
