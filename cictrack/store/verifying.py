"""Verifying: whether a register is what was recorded, check by check. Nothing is repaired.

Some checks only warn: how far the calendar reaches, the machine's clock and the file's mode say nothing of the content.
"""

from __future__ import annotations

import sqlite3
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from cictrack.errors import Locked, Refused
from cictrack.store import VERSION, schema
from cictrack.store import chain as events_chain
from cictrack.store import trail as trail_chain
from cictrack.store.calendar import reach
from cictrack.store.fingerprint import fingerprint
from cictrack.store.opening import clock_warning, is_synthetic, mode_warning, open_as_it_is
from cictrack.store.writing import LOCKED, is_busy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date
    from pathlib import Path

    from cictrack.store.progress import Progress

BEFORE_ALL = "0"
"""A moment before any recording, as text sorts."""

SAID = 3
"""So many of what does not hold are told; the number of all is."""

FILE, PAGES, REFERENCES, TABLES, EVENTS, TRAIL, DERIVED, HEAD, CALENDAR, CLOCK, MODE = (
    *("file", "pages", "references", "tables", "events", "trail", "derived", "head", "calendar", "clock", "mode"),
)
ONLY_WARN = frozenset({CALENDAR, CLOCK, MODE})


class Check(NamedTuple):
    """What was looked at, whether it holds, and what was found. A `warning` holds, and a person should know of it."""

    check: str
    ok: bool
    detail: str
    warning: bool = False


def verify(path: Path, today: date, *, head: str = "", progress: Progress | None = None) -> Iterator[Check]:
    """Every check of the register at `path`, as each is done.

    `head` is the one that a pack names. A file that cannot be opened has one check, which fails.
    """
    try:
        db = open_as_it_is(path)
    except Locked:
        raise
    except (Refused, sqlite3.DatabaseError) as error:
        if isinstance(error, sqlite3.Error) and is_busy(error):
            raise Locked(LOCKED) from error
        yield Check(FILE, ok=False, detail=str(error))
        return
    try:
        yield _checked(db, FILE, lambda: _version(db))
        for name, found in _checks(db, path, today, head, progress).items():
            yield _checked(db, name, found)
    finally:
        db.close()


def _checks(
    db: sqlite3.Connection, path: Path, today: date, head: str, progress: Progress | None
) -> dict[str, Callable[[], Check]]:
    found = {
        PAGES: lambda: _pages(db),
        REFERENCES: lambda: _references(db),
        TABLES: lambda: _tables(db),
        EVENTS: lambda: _events(db),
        TRAIL: lambda: _trail(db),
        DERIVED: lambda: _derived(db, progress),
        HEAD: lambda: _head(db, head),
        CALENDAR: lambda: _calendar(db, today),
        CLOCK: lambda: _warned(CLOCK, clock_warning(db), "no recording is later than this machine's clock"),
        MODE: lambda: _warned(MODE, mode_warning(db, path), _mode(db)),
    }
    if not head:
        del found[HEAD]
    return found


def _checked(db: sqlite3.Connection, name: str, check: Callable[[], Check]) -> Check:
    """A check of one moment of the register. One that cannot be made has failed, and says why.

    Raises Locked where another process holds the register for long.
    """
    try:
        db.execute("BEGIN")
        return check()
    except (MemoryError, ImportError):
        raise  # it is this machine that cannot, whatever the register is
    except Exception as error:
        if isinstance(error, sqlite3.Error) and is_busy(error):
            raise Locked(LOCKED) from error
        return Check(name, name in ONLY_WARN, f"cannot be looked at: {error}", warning=name in ONLY_WARN)
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")


def _version(db: sqlite3.Connection) -> Check:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    older = f"; this cictrack has version {VERSION}, and the next command brings it there" if version < VERSION else ""
    return Check(FILE, ok=True, detail=f"a register of version {version}{older}", warning=bool(older))


def _pages(db: sqlite3.Connection) -> Check:
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    wrong = [line for (line,) in db.execute("PRAGMA integrity_check") if line != "ok"]
    return _found(PAGES, wrong, f"{_many(pages, 'page')} and the indexes fit together")


def _references(db: sqlite3.Connection) -> Check:
    wrong = [f"row {row} of {table} names one of {of} that is not there" for table, row, of, _ in _foreign_keys(db)]
    return _found(REFERENCES, wrong, "every event names a link that is there")


def _foreign_keys(db: sqlite3.Connection) -> Iterable[tuple[str, int, str, int]]:
    return db.execute("PRAGMA foreign_key_check").fetchall()


def _tables(db: sqlite3.Connection) -> Check:
    """The tables, triggers and views against those of a new register: a trigger taken away lets events be changed."""
    if _is_older(db):
        return Check(TABLES, ok=True, detail="those of an earlier version: not compared", warning=True)
    from cictrack.store.derive import known_at

    new = known_at(db, BEFORE_ALL)
    try:
        held, made = _made_of(db), _made_of(new)
    finally:
        new.close()
    wrong = [f"{name} is missing" for name in made.keys() - held.keys()]
    wrong += [f"{name} is none of a register's" for name in held.keys() - made.keys()]
    wrong += [f"{name} is not as it is made" for name in made.keys() & held.keys() if made[name] != held[name]]
    return _found(TABLES, sorted(wrong), f"{len(held)} tables, indexes, triggers and views are as they are made")


def _is_older(db: sqlite3.Connection) -> bool:
    """Whether the next command that can write derives every row again."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    found = db.execute("SELECT value FROM meta WHERE name = 'fingerprint'").fetchone()
    return bool(version != VERSION or found is None or found[0] != fingerprint(db))


def _made_of(db: sqlite3.Connection) -> dict[str, str]:
    rows = db.execute("SELECT type || ' ' || name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {name: sql for name, sql in rows if not name.startswith(("table sqlite_", "table _sqlite"))}


def _events(db: sqlite3.Connection) -> Check:
    events, links = (db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("events", "links"))  # noqa: S608 - names of this line
    (erased,) = db.execute("SELECT count(*) FROM events WHERE salt IS NULL").fetchone()
    but = f"; of {erased:,} an erasure took the content" if erased else ""
    said = f"{_many(events, 'event')} in {_many(links, 'link')}, as recorded{but}; the chain ends in"
    return _found(EVENTS, events_chain.broken(db), f"{said} {events_chain.head_text(db)}")


def _trail(db: sqlite3.Connection) -> Check:
    (entries,) = db.execute("SELECT count(*) FROM trail").fetchone()
    return _found(TRAIL, trail_chain.broken(db), f"{_many(entries, 'entry', 'entries')}, as kept")


def _derived(db: sqlite3.Connection, progress: Progress | None) -> Check:
    """Each derived row against the one that the events give; an older engine's are not compared."""
    if _is_older(db):
        said = "derived by an earlier version's rules: the next command that can write derives them again"
        return Check(DERIVED, ok=True, detail=said, warning=True)
    from cictrack.store.derive import differences

    tables = (*schema.OF_A_CHILD, *schema.OF_ALL)
    count = sum(db.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0] for table in tables)  # noqa: S608 - names of this package
    return _found(DERIVED, differences(db, progress), f"{count:,} derived rows are those that the events give")


def _head(db: sqlite3.Connection, head: str) -> Check:
    """Whether the chain has grown from where a pack saw it end."""
    since = recorded_since(db, head)
    if since is None:
        said = "no link has this head: the pack was made from another register, or the end of this one was cut off"
        return Check(HEAD, ok=False, detail=said)
    said = f"the register of that pack is a forebear of this one; {_many(since, 'event')} recorded after it"
    return Check(HEAD, ok=True, detail=said)


def _calendar(db: sqlite3.Connection, today: date) -> Check:
    until, short = reach(db, today)
    said = f"bank holidays are known to {until}"
    return _warned(CALENDAR, short and f"{said}: {short}", said)


def _mode(db: sqlite3.Connection) -> str:
    return "its children are invented, so anybody may read it" if is_synthetic(db) else "nobody else can read it"


def _many(number: int, one: str, more: str = "") -> str:
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def _warned(name: str, warning: str, well: str) -> Check:
    return Check(name, ok=True, detail=warning or well, warning=bool(warning))


def _found(name: str, wrong: Iterable[str], well: str) -> Check:
    left = iter(wrong)
    first = list(islice(left, SAID))
    if not first:
        return Check(name, ok=True, detail=well)
    more = sum(1 for _ in left)
    return Check(name, ok=False, detail="; ".join(first) + (f"; and {more:,} more" if more else ""))


CONTENT = (PAGES, REFERENCES, EVENTS, TRAIL)
"""The checks of what no rebuild can make anew."""


def failing(db: sqlite3.Connection, names: Iterable[str] = CONTENT) -> str:
    """What is wrong by the first of these checks that fails, as one sentence; empty where all hold."""
    checks: dict[str, Callable[[], Check]] = {
        PAGES: lambda: _pages(db),
        REFERENCES: lambda: _references(db),
        EVENTS: lambda: _events(db),
        TRAIL: lambda: _trail(db),
    }
    found = (_checked(db, name, checks[name]) for name in names)
    return next((f"{check.check}: {check.detail}" for check in found if not check.ok), "")


def recorded_since(db: sqlite3.Connection, head: str) -> int | None:
    """How many events were recorded after the link with this hash; None where no link has it."""
    found = (0,)
    if head != "none":
        found = db.execute("SELECT n FROM links WHERE hash = ?", (bytes.fromhex(head),)).fetchone()
    if found is None:
        return None
    (since,) = db.execute("SELECT coalesce(sum(events), 0) FROM links WHERE n > ?", found).fetchone()
    return int(since)


def rebuild(db: sqlite3.Connection, progress: Progress | None = None) -> None:
    """Make anew everything that is derived, in a transaction of its own."""
    from cictrack.store import derive
    from cictrack.store.writing import writing

    with writing(db):
        derive.rebuild(db, progress, fingerprint(db))
