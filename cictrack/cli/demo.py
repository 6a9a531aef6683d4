"""`demo`: a register of invented children, to try things on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cictrack.cli.opened import real_today
from cictrack.cli.options import DAY
from cictrack.errors import Refused

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

MOST_CHILDREN = 500_000


@click.command(epilog="Example: cictrack demo try.db --children 300 --seed 7")
@click.argument("file", metavar="FILE")
@click.option(
    "--children", type=click.IntRange(1, MOST_CHILDREN), default=950, show_default=True, help="How many children."
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same number makes the same lives again.")
@click.option("--today", type=DAY, metavar="DAY", help="The register's own today, always; else it follows the clock.")
def demo(file: str, children: int, seed: int, today: date | None) -> None:
    """Make a register of invented children. A FILE that is there already is left alone.

    Nine hundred and fifty children are about one authority: every register has its cases, what is due is mostly done
    in time, and about one open case in twenty has something overdue.
    """
    from pathlib import Path

    from cictrack.cli.answers import say
    from cictrack.demo import Recipe
    from cictrack.demo.making import make
    from cictrack.store.progress import bar

    path = Path(file)
    _refuse_what_is_there(path)
    day = today or real_today()
    with bar("Inventing lives") as progress:
        made = make(path, Recipe(children, seed, day), progress, keeps_today=today is not None)
    for line in _said(path, made._asdict(), day, always=today is not None):
        say(line)


def _refuse_what_is_there(path: Path) -> None:
    if path.exists():
        raise Refused(f"{path} is there already, and is not written over. Give another name: cictrack demo try.db")


def _said(path: Path, made: dict[str, int], day: date, *, always: bool) -> list[str]:
    """What was made, and what to type next."""
    from cictrack.cli.days import in_words

    numbers = {name: f"{number:,}" for name, number in made.items()}
    today = f"Its today is {in_words(day)}{', always' if always else ''}."
    counted = f"{numbers['children']} invented children, {numbers['cases']} cases, {numbers['events']} events"
    return [
        f"Made {path}: {counted}. {today}",
        f"Next: cictrack --db {path} summary, cictrack --db {path} overdue",
    ]
