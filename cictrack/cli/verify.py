"""`verify` and `doctor`: whether a register is what was recorded, and what to do where it is not."""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING

import click

from cictrack.cli.answers import say
from cictrack.cli.opened import real_today, tell
from cictrack.errors import Damaged

if TYPE_CHECKING:
    from pathlib import Path

    from cictrack.cli.opened import Root
    from cictrack.store.verifying import Check

DAMAGED = Damaged.status
CHECKING = "Checking: every event, and every row against what the events give"


class _Head(click.ParamType[str]):
    """The head of a chain as a pack prints it."""

    name = "hash"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        given = str(value).strip().lower()
        if given != "none" and not re.fullmatch("[0-9a-f]{64}", given):
            self.fail(f"{value!r} is no head of a chain: 64 hex digits, as the pack has them", param, ctx)
        return given


FORMAT = click.option("--format", "fmt", type=click.Choice(("plain", "json")), default="plain", help="How it is shown.")


@click.command(epilog="Example: cictrack --db sample.db verify")
@click.option("--rebuild", is_flag=True, help="Derive every row again from the events first, if these hold.")
@click.option("--head", type=_Head(), metavar="HASH", help="The head that a pack names: is its register a forebear?")
@FORMAT
@click.pass_obj
def verify(root: Root, *, rebuild: bool, head: str | None, fmt: str) -> int:
    """Check that the register is what was recorded: a check a line, exit status 4 when one fails.

    The file and its version, its pages and references, its tables and triggers, each event against its digest and
    the chain, the trail, and every derived row against what the events give. How far the calendar reaches, the
    clock and the file's mode only warn. Nothing is repaired; `--rebuild` makes anew what is derived.
    """
    path = root.there
    if rebuild and not _rebuilt(path):
        return DAMAGED
    from cictrack.store.progress import bar
    from cictrack.store.verifying import verify as checked

    with bar(CHECKING) as progress:
        found = list(checked(path, real_today(), head=head or "", progress=progress))
    if fmt == "json":
        _put_json(found)
    else:
        for check in found:
            say(_line(check))
    return 0 if all(check.ok for check in found) else DAMAGED


def _rebuilt(path: Path) -> bool:
    """Make the derived rows anew; not from events that do not hold."""
    from cictrack.store.opening import open_as_it_is, open_register
    from cictrack.store.progress import bar
    from cictrack.store.verifying import EVENTS, TRAIL, failing, rebuild

    with closing(open_as_it_is(path)) as db:
        wrong = failing(db, (EVENTS, TRAIL))
    if wrong:
        tell(f"Nothing was derived again: what it would come from does not hold ({wrong}). See: cictrack doctor")
        return False
    with closing(open_register(path, write=True)) as db, bar("Deriving every row again") as progress:
        rebuild(db, progress)
    return True


def _line(check: Check) -> str:
    mark = "FAILED" if not check.ok else "warning" if check.warning else "ok"
    return f"{mark:<8}{check.check:<11} {check.detail}"


def _put_json(found: list[Check]) -> None:
    from cictrack.render.json import document

    checks = [check._asdict() for check in found]
    click.echo(document({"ok": all(check.ok for check in found), "checks": checks}), nl=False)


@click.command(epilog="Example: cictrack --db sample.db doctor")
@click.pass_obj
def doctor(root: Root) -> int:
    """Say what is wrong with the register, in plain words, and what to do; also when it cannot be opened.

    Exit status 4 when something is. Nothing is repaired.
    """
    from cictrack.reports.doctor import advice, looked_at

    path = root.path
    say(f"The register is {path}.")
    for line in looked_at(path):
        say(line)
    if not path.exists():
        return DAMAGED
    from cictrack.store.progress import bar
    from cictrack.store.verifying import verify as checked

    with bar(CHECKING) as progress:
        found = [c for c in checked(path, real_today(), progress=progress) if c.warning or not c.ok]
    for check in found:
        say(f"{'Worth knowing' if check.ok else 'Wrong'}: {check.check}: {check.detail.rstrip('.')}.")
    if found:
        say("What to do:")
    for line in advice(found, path):
        say(f"  {line}")
    if not found:
        say("Nothing is wrong: every event is what was recorded, and every row is what the events give.")
    return 0 if all(check.ok for check in found) else DAMAGED
