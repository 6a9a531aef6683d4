"""A dashboard for a terminal: panels of bars beside or under each other, as wide as there is room."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cictrack.render.safe import visible
from cictrack.render.table import STYLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.text import Text

BLOCKS, ASCII_BLOCKS = "▁▂▃▄▅▆▇█", "_.-=+*#@"
BAR, ASCII_BAR = "█", "#"
MOST = 80
"""The columns of a panel; two stand beside each other where both have room."""

FIGURE = 7


class Panel(NamedTuple):
    """A title, a bar for each part, the severities with their numbers, a line of the last weeks, and what adds up."""

    title: str
    bars: Sequence[tuple[str, int]]
    severities: Sequence[tuple[str, int]]
    weeks: Sequence[int]
    sums: Sequence[str]


class Board(NamedTuple):
    """What a dashboard shows; `rest` stands under it, `weeks` says what the lines of weeks are."""

    title: str
    panels: Sequence[Panel]
    rest: Sequence[str]
    weeks: str


def render(board: Board, width: int, *, colour: bool, blocks: bool) -> Iterator[str]:
    """The dashboard in lines; without `blocks` in plain characters that every terminal has."""
    from rich.columns import Columns
    from rich.console import Console, Group
    from rich.text import Text

    room = width // 2 - 2 if width >= 2 * MOST else min(width, MOST)
    console = Console(width=width, force_terminal=colour, color_system="standard" if colour else None)
    drawn = [Group(*_panel(panel, board.weeks, room, blocks=blocks)) for panel in board.panels]
    with console.capture() as capture:
        console.print(Text(visible(board.title), "bold"))
        if width >= 2 * MOST:
            console.print(Columns(drawn, width=room, padding=(0, 2)))
        else:
            for panel in drawn:
                console.print(panel)
        for line in board.rest:
            console.print(Text(visible(line)), soft_wrap=True)
    yield "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def _panel(panel: Panel, weeks: str, room: int, *, blocks: bool) -> Iterator[Text]:
    from textwrap import wrap

    from rich.text import Text

    yield Text("")
    yield Text(visible(panel.title), "bold")
    label = max((len(name) for name, _ in panel.bars), default=0)
    most = max((n for _, n in panel.bars), default=0)
    longest = max(1, room - label - FIGURE - 2)
    for name, n in panel.bars:
        length = round(longest * n / most) if most else 0
        yield Text(f"  {name:<{label}} {(BAR if blocks else ASCII_BAR) * max(length, n > 0)} {n:,}")
    line = Text("  ")
    for word, n in panel.severities:
        line.append(f"{n:,} {word}", STYLES.get(word, "") if n else "")
        line.append("   ")
    yield line
    yield Text(f"  {sparkline(panel.weeks, blocks=blocks)}  {weeks}: {panel.weeks[0]:,} to {panel.weeks[-1]:,}")
    for told in panel.sums:
        for part in wrap(visible(told), room, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False):
            yield Text(part, "dim")


def sparkline(values: Sequence[int], *, blocks: bool) -> str:
    """Values as heights of one character each, from none to the greatest.

    >>> sparkline([0, 4, 8], blocks=True), sparkline([0, 0], blocks=False)
    ('▁▅█', '__')
    """
    marks = BLOCKS if blocks else ASCII_BLOCKS
    most = max(values, default=0) or 1
    return "".join(marks[round((len(marks) - 1) * value / most)] for value in values)
