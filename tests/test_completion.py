"""What a shell offers while a line is typed, and that nothing of the data can do harm there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from typed import Typed

from cictrack.cli.completion import HOW, quoted, register_powershell, unquoted
from cictrack.cli.main import cictrack

if TYPE_CHECKING:
    from pathlib import Path

EVIL = "North; $(rm -rf ~) `x` 'y' \"z\""


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    typed = Typed(tmp_path / "register.db")
    typed.does("plo open 104523 --on 2/3/2026 --dob 14/8/2019 --team 'North East' --worker W07")
    typed.types(["plo", "open", "104524", "--on", "2026-03-02", "--dob", "2019-08-14", "--team", EVIL])
    return typed


def offered(typed: Typed, shell: str, *words: str) -> list[str]:
    """What a shell is given for a line; its last word is the one being typed."""
    register_powershell()
    line = ["cictrack", "--db", str(typed.path), *words]
    env = {"_CICTRACK_COMPLETE": f"{shell}_complete"}
    if shell == "powershell":
        env |= {"COMP_WORDS": "\n".join(line), "COMP_CWORD": words[-1]}
    elif shell == "fish":
        env |= {"COMP_WORDS": " ".join(line), "COMP_CWORD": words[-1]}
    else:
        env |= {"COMP_WORDS": " ".join(line), "COMP_CWORD": str(len(line) - 1)}
    before = typed.path.read_bytes()
    ran = CliRunner().invoke(cictrack, [], env=env, prog_name="cictrack")
    assert typed.path.read_bytes() == before
    return ran.stdout.splitlines()


@pytest.mark.parametrize("shell", list(HOW))
def test_commands_registers_events_and_children_are_offered(typed: Typed, shell: str) -> None:
    assert any("overdue" in line for line in offered(typed, shell, "over"))
    assert any("letter" in line for line in offered(typed, shell, "plo", "let"))
    assert any("104523" in line for line in offered(typed, shell, "show", "10452"))
    assert any("North East" in line for line in offered(typed, shell, "overdue", "--team", "North"))


def test_where_no_register_is_nothing_is_offered_and_none_is_made(typed: Typed) -> None:
    typed.path.unlink()
    ran = CliRunner().invoke(
        cictrack,
        [],
        env={
            "_CICTRACK_COMPLETE": "bash_complete",
            "COMP_WORDS": f"cictrack --db {typed.path} show 1",
            "COMP_CWORD": "4",
        },
        prog_name="cictrack",
    )
    assert ran.stdout.strip() == ""
    assert not typed.path.exists()


def test_powershell_is_given_nothing_that_it_would_run(typed: Typed) -> None:
    (line,) = offered(typed, "powershell", "overdue", "--team", "North;")
    assert line == "'North; $(rm -rf ~) `x` ''y'' \"z\"'"


@pytest.mark.parametrize("word", ["North", "North East", "it's", "‘curly’", "$(x)", "a`b", "#1", "104523#2", "-1"])
def test_a_quoted_word_is_read_back_as_it_was(word: str) -> None:
    assert unquoted(quoted(word)).replace("‘‘", "‘").replace("’’", "’") == word


def test_what_cannot_be_typed_is_not_offered() -> None:
    assert quoted("a\nb") == quoted("a\x1b[31m") == ""


@pytest.mark.parametrize("shell", list(HOW))
def test_each_shell_has_its_script(shell: str) -> None:
    ran = CliRunner().invoke(cictrack, ["completion", shell], catch_exceptions=False)
    assert ran.exit_code == 0
    assert "_CICTRACK_COMPLETE" in ran.stdout
    assert f"{shell}_complete" in ran.stdout
