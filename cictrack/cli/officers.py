"""A register's page for one reviewing officer: what `--iro` makes of a register's list where a person reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.cli.opened import tell
from cictrack.cli.output import before_it_goes_out, chosen, put, terminal
from cictrack.cli.reading import notes_of

if TYPE_CHECKING:
    from cictrack.cli.options import Reading
    from cictrack.pathway.declare import Register

AS_A_PAGE = ("table", "plain")
PAPER = 80
"""The width of a page in a pipe, which has none."""


def is_wanted(asked: Reading, register: Register) -> bool:
    """Whether it is one officer's page that was asked for: the register has one, and a person reads it as text."""
    return register.officers is not None and len(asked.filters.iro) == 1 and chosen(asked) in AS_A_PAGE


def put_page(asked: Reading, register: Register) -> None:
    """Print the page of the officer that the filters name."""
    from cictrack.render.blocks import render
    from cictrack.reports.officers import officers_page

    if register.officers is None:
        raise RuntimeError(f"{register.name} declares no page for a reviewing officer")
    found = officers_page(asked.db, register, register.officers, asked.as_of, asked.filters, names=asked.names)
    for note in notes_of(asked, found.rows):
        tell(note)
    in_table = chosen(asked) == "table"
    width = terminal()[0] if in_table else PAPER
    lines = [*render(found.title, [found.caution], found.blocks, width)]
    if in_table:
        lines += ["\n", found.footer + "\n"]
    put(asked, lines, before_it_goes_out(asked, len(found.rows.rows)))
    if not in_table:
        tell(found.footer)
