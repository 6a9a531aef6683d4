"""`purge`: what the register need not keep any longer goes, shown first and with two people's names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cictrack.cli.answers import say
from cictrack.cli.cases import CHILD, SAID, on_a_terminal, recorded_by
from cictrack.cli.days import in_words
from cictrack.cli.opened import pass_register, tell
from cictrack.errors import Refused

if TYPE_CHECKING:
    import sqlite3

    from cictrack.cli.opened import OpenRegister
    from cictrack.store.erasing import Going

NOTHING = "Nothing was erased."


@click.command(epilog="Example: cictrack purge --dry-run")
@click.option("--child", "child_id", type=CHILD, metavar="ID", help="This child, whenever the last case closed.")
@click.option("--adopted", is_flag=True, help="Children with an adoption order: nothing is kept under the birth id.")
@click.option("--by", type=SAID, metavar="NAME", help="Who purges.")
@click.option("--approved-by", type=SAID, metavar="NAME", help="Who approved it: a second person.")
@click.option("--yes", is_flag=True, help="Do it without asking; the case record is kept elsewhere. For scripts.")
@click.option("--dry-run", is_flag=True, help="Say what would go, and erase nothing: so it is without the two names.")
@pass_register(write=True)
def purge(
    register: OpenRegister,
    *,
    child_id: str | None,
    adopted: bool,
    by: str | None,
    approved_by: str | None,
    yes: bool,
    dry_run: bool,
) -> None:
    """Erase the children whose last case closed longer ago than the retention period, or one child, or the adopted.

    The period is a local rule (cictrack rules set retention "36 months" …): this tool's own, and no law. Whoever has
    a case open, or is in care by the record here, is left. This is a working register: the case record that the law
    asks for is kept elsewhere, and it is for you to see that it is there before.

    It shows what would go. With --by and --approved-by it asks, and then erases: events lose their content, lists and
    figures no longer know the children, the chain stays whole, and the trail says who did it. It cannot be undone.
    """
    if child_id and adopted:
        raise click.UsageError("give --child or --adopted, not both.", click.get_current_context())
    _check_names(by, approved_by)
    found = _found(register, child_id, adopted=adopted)
    asks = bool(by) and not dry_run
    if asks and not (yes or on_a_terminal()):
        raise Refused(f"Nobody is there to be asked: add --yes, or --dry-run to see what would go. {NOTHING}")
    _show(register, found, child_id, adopted=adopted)
    if not found.children:
        return
    if not asks:
        names = "" if by else " Give --by NAME and --approved-by OTHER to do it."
        say(f"{NOTHING}{' (--dry-run)' if dry_run else ''}{names}")
        return
    if not yes and not click.confirm("The case record of each is kept elsewhere, and these are to be erased for good?"):
        raise click.Abort
    said = {"by": str(by), "approved_by": str(approved_by)}
    _erase(register, found, said, child_id, adopted=adopted)


def _check_names(by: str | None, approved_by: str | None) -> None:
    if bool(by) != bool(approved_by):
        raise click.UsageError(
            "it needs two people: --by NAME and --approved-by OTHER, or neither to see what would go.",
            click.get_current_context(),
        )
    if by and approved_by and _folded(by) == _folded(approved_by):
        raise Refused(f"{approved_by!r} is who purges: somebody else approves it. {NOTHING}")


def _folded(name: str) -> str:
    """A name without what does not tell two people apart: capitals, blanks, how its letters are composed."""
    from unicodedata import normalize

    return "".join(letter for letter in normalize("NFKC", name).casefold() if letter.isalnum())


def _found(register: OpenRegister, child_id: str | None, *, adopted: bool) -> Going:
    from cictrack.store import erasing
    from cictrack.store.events import has_child

    db = register.db
    if child_id:
        if not has_child(db, child_id):
            raise Refused(f"No child {child_id} in this register. {NOTHING}")
        return erasing.going(db, [child_id])
    if adopted:
        return erasing.going(db, erasing.adopted(db, register.today))
    return erasing.going(db, erasing.closed_before(db, erasing.kept_since(register.settings, register.today)))


def _show(register: OpenRegister, found: Going, child_id: str | None, *, adopted: bool) -> None:
    from cictrack.reports.purging import as_lines
    from cictrack.store.erasing import kept_since, retention

    if adopted:
        say("Children with an adoption order:")
    elif not child_id:
        period = retention(register.settings, register.today)
        day = in_words(kept_since(register.settings, register.today))
        say(f"Children whose last case closed before {day} (kept for {period}, a local rule and no law):")
    if not found.children:
        say("None: there is nothing to erase.")
        return
    for line in as_lines(found):
        say(line)


def _erase(register: OpenRegister, found: Going, said: dict[str, str], child_id: str | None, *, adopted: bool) -> None:
    """All in one transaction, with its entry in the trail; then the file is written anew."""
    from cictrack.reports.words import counted
    from cictrack.store.erasing import purged_events
    from cictrack.store.progress import bar
    from cictrack.store.trail import PURGED, keep
    from cictrack.store.writing import append, writing

    with bar("Erasing") as progress, writing(register.db) as db:
        if _found(register, child_id, adopted=adopted) != found:
            raise Refused(f"What would go has changed since it was shown: look again. {NOTHING}")
        append(db, purged_events(db, found.children, register.today, recorded_by(), said), progress=progress)
        rule = "adopted" if adopted else "one child" if child_id else "retention"
        counts = {"children": len(found.children), "cases": found.cases, "events": found.events}
        keep(db, PURGED, recorded_by(), {**said, **counts, "rule": rule})
    write_anew(register.db)
    say(f"Erased: {counted(len(found.children), 'child', 'children')}, {counted(found.events, 'event')}.")


def write_anew(db: sqlite3.Connection) -> None:
    """Write the file anew after an erasure, or tell that it could not be."""
    from cictrack.store.erasing import compact

    if not compact(db):
        tell("Warning: what was erased is overwritten, but the file could not be written anew: another has it open.")
