"""`init`: a new register."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cictrack.cli.options import DAY
from cictrack.errors import Refused

if TYPE_CHECKING:
    from datetime import date

    from cictrack.cli.opened import Root


@click.command(context_settings={"help_option_names": ["-h", "--help"]}, epilog="Example: cictrack --db north.db init")
@click.option("--today", type=DAY, metavar="DAY", help="A day of its own that is always its today: to try things on.")
@click.pass_obj
def init(root: Root, today: date | None) -> None:
    """Make a new register. A file that is there already is left alone."""
    from cictrack.cli.answers import say
    from cictrack.cli.cases import recorded_by
    from cictrack.cli.days import in_words
    from cictrack.store.opening import create

    path = root.path
    if path.exists():
        raise Refused(f"{path} is there already, and is not written over. Look into it: cictrack summary")
    create(path, recorded_by(), today=today, make_folder=root.is_usual).close()
    say(f"Made a register: {path.resolve()}")
    if today is not None:
        say(f"Its today is {in_words(today)}, always.")
    say("Next: cictrack plo open CHILD --on DAY --dob DAY, or cictrack import ssda903 FOLDER; cictrack --help")
