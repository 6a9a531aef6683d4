"""`cictrack guide`: what it says can be typed, and it is never out of date."""

from __future__ import annotations

import re
import shlex

import click
import pytest
from click.testing import CliRunner

from cictrack.cli.main import cictrack
from cictrack.registers import registers
from cictrack.reports.guide import chapters


def says(*words: str) -> str:
    ran = CliRunner().invoke(cictrack, ["guide", *words], catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    return ran.stdout


TOLD = "\n".join(line for _, lines in chapters().values() for line in lines)
LINES = re.findall(r"^ +cictrack(.*)$", TOLD, re.MULTILINE)


@pytest.mark.parametrize("line", sorted(set(LINES)))
def test_every_line_of_the_guide_can_be_typed(line: str) -> None:
    words = shlex.split(line)
    command: click.Command = cictrack
    ctx = click.Context(cictrack)
    while words and isinstance(command, click.Group) and (found := command.get_command(ctx, words[0])):
        command, words = found, words[1:]
        ctx = click.Context(command, parent=ctx)
    if isinstance(command, click.Group):
        # Alone it is its list; `cictrack` alone is the summary.
        command = command.get_command(ctx, "list") or command
    assert not isinstance(command, click.Group) or not line
    options = {option for param in command.params for option in param.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_it_begins_with_the_week_and_names_what_else_there_is() -> None:
    first = says()
    assert first.startswith("The week's work, and what to type\n")
    assert all(f"\n  {name} " in first for name in (*chapters(), *registers()) if name != "week")


@pytest.mark.parametrize("topic", [*chapters(), *registers()])
def test_each_chapter_fits_a_terminal_and_says_something(topic: str) -> None:
    assert len(says(topic).splitlines()) > 5


@pytest.mark.parametrize("name", list(registers()))
def test_a_register_is_told_by_its_own_declarations(name: str) -> None:
    told, register = says(name), registers()[name]
    names = [s.name for s in register.stages] + [k.name for k in register.kinds] + [c.name for c in register.clocks]
    assert all(said in told for said in names)
    assert all(clock.authority in told for clock in register.clocks)


def test_a_mistyped_chapter_is_answered_with_those_like_it() -> None:
    ran = CliRunner().invoke(cictrack, ["guide", "wrods"])
    assert ran.exit_code == 2
    assert "Did you mean words?" in ran.stderr
