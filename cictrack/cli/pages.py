"""Each register's own page, and the children who might belong on it: commands made from its declaration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cictrack.cli.officers import is_wanted, put_page
from cictrack.cli.options import reading
from cictrack.cli.output import fail_if_any, put_listing, status
from cictrack.cli.reading import notes_of

if TYPE_CHECKING:
    from cictrack.cli.options import Reading
    from cictrack.pathway.declare import Register


def page(register: Register) -> click.Command:
    """The command that lists the cases of a register."""

    @reading(cases=True, minutes=True)
    def listed(asked: Reading) -> None:
        from cictrack.reports import pages

        if is_wanted(asked, register) and not asked.minutes:
            put_page(asked, register)
            return
        found = pages.page(asked.db, register, asked.as_of, asked.filters, names=asked.names)
        put_listing(asked, pages.as_listing(register, asked.as_of, found, notes_of(asked, found)))

    return click.Command(
        "list",
        callback=listed,
        params=getattr(listed, "__click_params__")[::-1],  # noqa: B009 - where click's decorators leave them
        help=f"The cases of {register.title}, the worst first; `--all` adds the closed ones."
        + _of_an_officer(register),
        epilog=f"Example: cictrack {register.name} --team North --format csv --output {register.name}.csv",
    )


def _of_an_officer(register: Register) -> str:
    if register.officers is None:
        return ""
    return "\n\nWith one `--iro`, as text, it is that officer's page; csv, json and other files hold the list."


def candidates(register: Register) -> click.Command:
    """The command that lists children who are not on a register and whose own record speaks of it."""

    @fail_if_any
    @reading(filters=False)
    def listed(asked: Reading, *, fail_if_any: bool) -> int:
        from cictrack.render.listing import Listing
        from cictrack.reports import pages
        from cictrack.reports.listings import columns_of

        wanted = register.candidates
        if wanted is None:
            raise RuntimeError(f"{register.name} declares no candidates")
        found = pages.candidates(asked.db, register, wanted, asked.as_of, names=asked.names)
        footer = f"{len(found.rows):,} of {found.of:,} shown. Nobody is flagged by this list: a person decides."
        columns = columns_of(found.columns, found.columns, found.rows)
        title = f"Not on the register, and their record speaks of it: {register.title}, {asked.as_of.isoformat()}"
        told = Listing(
            title, columns, found.rows, footer, "No child's record speaks of it.", tuple(notes_of(asked, found))
        )
        put_listing(asked, told)
        return status(told, failing=fail_if_any)

    return click.Command(
        "candidates",
        callback=listed,
        params=getattr(listed, "__click_params__")[::-1],  # noqa: B009 - where click's decorators leave them
        help="Children who are not on the register and whose own record speaks of it. It flags nobody.",
        epilog=f"Example: cictrack {register.name} candidates --format csv",
    )
