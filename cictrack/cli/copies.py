"""`backup`, `restore`, `recover`: a copy that holds, the register made of one, what a damaged file still holds."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import click

from cictrack.cli.answers import say
from cictrack.cli.opened import OpenRegister, pass_register, tell
from cictrack.errors import Damaged, Refused

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from cictrack.cli.opened import Root
    from cictrack.store.copies import Copy, Restored
    from cictrack.store.salvage import Found, Recovered

MOST = 1_000
"""Copies that are kept at the most."""


@click.command(epilog="Example: cictrack backup north-backup.db --keep 14")
@click.argument("copy", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--keep", type=click.IntRange(1, MOST), default=1, metavar="N", help="Keep N: north.db, north.1.db, …")
@click.option("--force", is_flag=True, help="Write over the copy that is there.")
@pass_register()
def backup(register: OpenRegister, copy: Path, *, keep: int, force: bool) -> None:
    """Copy the register into one file, consistent while others go on writing, and check the copy.

    It has its name only when it holds: pages, references, each event, the chain and the trail. Only its owner can
    read it. Names and notes are in it as they are in the register: keep it as safely.
    """
    from cictrack.cli.trailing import keep_backup
    from cictrack.store.copies import back_up

    if copy.exists() and copy.samefile(register.path):
        raise Refused(f"{copy} is the register itself. Name another file, best on another disk.")

    def first(made: Copy) -> None:
        keep_backup(into=copy.name, events=made.events, head=made.head)

    made = back_up(register.path, copy, keep=keep, force=force, first=first)
    say(f"Backed up: {copy}, {made.events:,} events, each checked. The chain ends in {made.head}.")
    say(f"To put it back: cictrack --db {quote(str(register.path))} restore {quote(str(copy))} --force")


@click.command(epilog="Example: cictrack --db north.db restore north-backup.db")
@click.argument("kept", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--force", is_flag=True, help="Do so though a register is there: it is put aside, and not deleted.")
@click.pass_obj
def restore(root: Root, kept: Path, *, force: bool) -> None:
    """Make a backup the register. It is checked first, and one that does not hold is refused.

    A register that is there already is left alone without `--force`, and put aside with it: what was recorded since
    the backup is only in there.
    """
    from datetime import UTC, datetime

    from cictrack.cli.cases import recorded_by
    from cictrack.store.copies import erasures_of
    from cictrack.store.copies import restore as put_back
    from cictrack.store.erasing import compact
    from cictrack.store.keys import belongs_to
    from cictrack.store.opening import open_register
    from cictrack.store.trail import RESTORED, keep
    from cictrack.store.writing import append, writing

    path = root.path
    if path.exists() and kept.exists() and kept.samefile(path):
        raise Refused(f"{kept} is the register itself.")
    if path.exists() and not force:
        raise Refused(f"{path} is there already, and nothing was done. To put it aside and go on: --force")
    if root.is_usual:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    by, now = recorded_by(), datetime.now(UTC)
    aside = path.with_name(f"{path.stem}.before-{now:%Y%m%dT%H%M%S%f}{path.suffix}")
    belongs_to(path)
    done = put_back(kept, path, aside)
    with closing(open_register(path, write=True)) as db:
        with writing(db):
            erased = append(db, erasures_of(done.aside)).added if done.aside else 0
            keep(db, RESTORED, by, {"from": kept.name, "events": done.copy.events, "head": done.copy.head})
        if erased:
            compact(db)
            say("What had been erased since the backup was erased in it too.")
    for line in _restored(done, path):
        say(line)


def _restored(done: Restored, path: Path) -> list[str]:
    copy = done.copy
    last = f", the last of them recorded on {copy.at[:10]}" if copy.at else ""
    lines = [f"Restored: {path}, {copy.events:,} events{last}. The chain ends in {copy.head}."]
    if done.aside is None:
        return lines
    lines.append(f"The register that was there is now {done.aside}.")
    if done.only_aside is None:
        tell("It cannot be read, or did not grow from this backup. What can be read of it: cictrack recover")
    elif done.only_aside:
        aside = f"cictrack --db {quote(str(done.aside))} export events --output since.jsonl"
        many = "1 event was" if done.only_aside == 1 else f"{done.only_aside:,} events were"
        tell(f"{many} recorded since the backup, and only that file has them. To bring them back:")
        tell(f"  {aside}; cictrack --db {quote(str(path))} import events since.jsonl")
    return lines


@click.command(epilog="Example: cictrack --db damaged.db recover recovered.db")
@click.argument("new", type=click.Path(path_type=Path), metavar="NEW")
@click.pass_obj
def recover(root: Root, new: Path) -> None:
    """Take every event that can still be read out of a damaged file into a new register, and list what was lost.

    The file is read page by page and is not changed. An event is taken only when it is what was recorded: its
    content fits its digest. What is derived is derived anew.
    """
    from cictrack.cli.cases import recorded_by
    from cictrack.store.making import create
    from cictrack.store.progress import bar
    from cictrack.store.salvage import read, write

    found = read(root.there)
    if not found.events:
        raise Damaged(f"No event can be read of {root.path}: it is empty, encrypted, or no register. Nothing was made.")
    done: list[Recovered] = []
    with bar("Deriving every row again") as progress:

        def content(db: sqlite3.Connection) -> None:
            done.append(write(db, found, recorded_by(), root.path.name, progress))

        create(new, recorded_by(), content=content).close()
    for line in _recovered(done[0], found, new):
        say(line)


def _recovered(done: Recovered, found: Found, new: Path) -> Iterator[str]:
    kept = f"whole up to link {done.whole}" if done.whole else "not whole from its first link on, and begins anew"
    yield f"Recovered: {new}, {done.events:,} events. The chain is {kept}."
    for loss in done.losses:
        told = f", recorded {loss.at[:16].replace('T', ' ')} UTC by {loss.by}" if loss.at else ", itself lost"
        of = f" of {loss.events:,}" if loss.events is not None else ""
        if loss.read == loss.events:
            yield f"Not certain: link {loss.link}{told}: when and by whom its {loss.read:,} events were recorded."
        else:
            yield f"Lost: link {loss.link}{told}: {loss.read:,}{of} events were read."
    for id_, child in found.spoilt.items():
        whose = f" (of child {child}, if that can be believed)" if child else ""
        yield f"Left out: event {id_}{whose} is not what was recorded."
    if done.entries_lost:
        yield f"Lost: {done.entries_lost:,} entries of the trail that do not follow the one before them."
    if not (done.losses or found.spoilt or done.entries_lost):
        yield "Nothing is lost of what the file's last pages name; what was cut off behind them nobody can tell."
    yield f"Look into it: cictrack --db {quote(str(new))} verify, and compare with a backup or a pack's head."
