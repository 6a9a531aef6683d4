"""`audit`: who recorded, exported with names, imported, copied and changed rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cictrack.cli.options import DAY, reading
from cictrack.cli.output import FOR_PEOPLE, chosen, put_listing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from cictrack.cli.options import Reading
    from cictrack.store.audited import Act


class _Did(click.ParamType[str]):
    """A kind of act, by its name."""

    name = "kind"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from cictrack.store.audited import DID

        if str(value).lower() not in DID:
            self.fail(f"{value!r} is no kind of act; there are {', '.join(DID)}", param, ctx)
        return str(value).lower()


@click.command(epilog="Example: cictrack audit --did export --since -4w")
@reading(filters=False, as_at=False)
@click.option("--by", "who", metavar="NAME", help="Only what this person did.")
@click.option("--since", "first", type=DAY, metavar="DAY", help="From this day on (UTC).")
@click.option("--until", "last", type=DAY, metavar="DAY", help="Up to this day, that day included (UTC).")
@click.option("--did", type=_Did(), multiple=True, metavar="KIND", help="Only this kind: record, rules, export, …")
def audit(asked: Reading, *, who: str | None, first: date | None, last: date | None, did: tuple[str, ...]) -> None:
    """Who did what with this register, the newest first: when, and of how many rows.

    Recordings (`record`), rules and closures (`rules`), imports, exports (`names` says whether names went out), packs,
    backups, restores and purges. Lists without names leave no entry. A name is the login name, or what CICTRACK_USER
    said. `cictrack verify` checks that no entry was changed.
    """
    from cictrack.reports.audit import as_listing
    from cictrack.store.audited import acts

    found = [act for act in acts(asked.register.db) if _wanted(act, who, first, last, did)]
    put_listing(asked, as_listing(found, for_people=chosen(asked) in FOR_PEOPLE))


def _wanted(act: Act, who: str | None, first: date | None, last: date | None, did: Sequence[str]) -> bool:
    day = act.at[:10]
    return (
        (who is None or act.by.casefold() == who.strip().casefold())
        and (first is None or day >= first.isoformat())
        and (last is None or day <= last.isoformat())
        and (not did or act.did in did)
    )
