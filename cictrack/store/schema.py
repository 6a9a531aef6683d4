"""The tables. Those that hold the truth change by migration; derived ones are dropped and made again.

Days are ISO text and checked; what is absent is NULL, never an empty text.
"""

from __future__ import annotations

from typing import NamedTuple


def _is_day(column: str) -> str:
    return f"{column} IS date({column}, '+0 days')"


EVENTS = f"""
CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  register TEXT,
  child_id TEXT,
  opening TEXT,
  kind TEXT,
  day TEXT CHECK ({_is_day("day")}),
  fields TEXT,
  recorded_at TEXT NOT NULL CHECK (length(recorded_at) = 27),
  recorded_by TEXT NOT NULL,
  source TEXT NOT NULL,
  root TEXT,
  parent TEXT,
  salt BLOB,
  digest BLOB NOT NULL,
  link INTEGER NOT NULL REFERENCES links (n),
  CHECK (salt IS NULL OR register || child_id || opening || kind || day || fields || root || parent IS NOT NULL)
) STRICT
"""
"""Content may be NULL only where an erasure took it, and then its salt is gone with it."""

LINKS = """
CREATE TABLE links (
  n INTEGER PRIMARY KEY,
  prev BLOB NOT NULL,
  hash BLOB NOT NULL UNIQUE,
  at TEXT NOT NULL,
  by TEXT NOT NULL,
  source TEXT NOT NULL,
  events INTEGER NOT NULL
) STRICT
"""

BESIDE = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    f"""CREATE TABLE bank_holidays (day TEXT PRIMARY KEY CHECK ({_is_day("day")}), name TEXT NOT NULL)
        STRICT, WITHOUT ROWID""",
    """CREATE TABLE imports (n INTEGER PRIMARY KEY, at TEXT NOT NULL, by TEXT NOT NULL, source TEXT NOT NULL,
         file TEXT NOT NULL, sha256 TEXT NOT NULL, rows_read INTEGER NOT NULL, rows_used INTEGER NOT NULL,
         rows_refused INTEGER NOT NULL, events_added INTEGER NOT NULL) STRICT""",
)

TRAIL = """
CREATE TABLE trail (
  n INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  by TEXT NOT NULL,
  did TEXT NOT NULL,
  detail TEXT NOT NULL,
  prev BLOB NOT NULL,
  hash BLOB NOT NULL UNIQUE
) STRICT
"""

_NEVER = "SELECT raise(ABORT, 'what was recorded is never changed nor deleted: correct or withdraw it')"


def only_appended(table: str, key: str, unique: str) -> list[str]:
    """Triggers that refuse UPDATE, DELETE, and an INSERT OR REPLACE in the place of a row."""
    taken = f"EXISTS (SELECT 1 FROM {table} WHERE {unique} = new.{unique} OR {key} = new.{key})"  # noqa: S608
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN {_NEVER}; END",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN {_NEVER}; END",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} BEGIN {_NEVER}; END",
    ]


_CONTENT = ("register", "child_id", "opening", "kind", "day", "fields", "root", "parent", "salt")
_REMAINS = ("seq", "id", "recorded_at", "recorded_by", "source", "digest", "link")

ERASURE = (
    """CREATE TABLE erased (id TEXT PRIMARY KEY, named_by TEXT NOT NULL REFERENCES events (id))
       STRICT, WITHOUT ROWID""",
    *only_appended("erased", "id", "id")[:2],
    # Not json_each: a trigger may call only what SQLite trusts a file with.
    f"""CREATE TRIGGER erased_as_named BEFORE INSERT ON erased WHEN NOT EXISTS (
          SELECT 1 FROM events WHERE id = new.named_by AND register = 'settings' AND kind = 'purged'
            AND child_id = '' AND instr(fields, '"' || new.id || '"'))
        BEGIN {_NEVER}; END""",  # noqa: S608 - names of this file
    f"""CREATE TRIGGER events_no_return BEFORE INSERT ON events
        WHEN new.child_id > '' AND EXISTS (SELECT 1 FROM erased WHERE id = new.id) BEGIN {_NEVER}; END""",  # noqa: S608 - names of this file
    f"""CREATE TRIGGER events_no_update BEFORE UPDATE ON events WHEN NOT (
          {" AND ".join(f"new.{column} IS old.{column}" for column in _REMAINS)}
          AND {" AND ".join(f"new.{column} IS NULL" for column in _CONTENT)}
          AND old.salt IS NOT NULL AND old.child_id > ''
          AND EXISTS (SELECT 1 FROM erased WHERE id = old.id))
        BEGIN {_NEVER}; END""",  # noqa: S608 - names of this file
)
"""What a `purged` event names may lose its content, all of it and with its salt, and never comes back.

The transaction that writes the event erases what it names, and what is named cannot be written later: so an event
that is named and has its content is there within that transaction only. What belongs to no child is never erased.
"""


class Table(NamedTuple):
    """A derived table: its columns, of which the first `key` tell its rows apart."""

    name: str
    columns: tuple[str, ...]
    key: int
    integers: frozenset[str] = frozenset()
    days: frozenset[str] = frozenset()

    @property
    def quoted(self) -> str:
        """Its columns as SQL lists them: `values` is a word of SQL."""
        return ", ".join(f'"{c}"' for c in self.columns)

    @property
    def ddl(self) -> str:
        """The statement that makes it."""
        parts = []
        for place, column in enumerate(self.columns):
            words = [f'"{column}"', "INTEGER" if column in self.integers else "TEXT"]
            if place < self.key:
                words.append("NOT NULL")
            if column in self.days:
                words.append(f"CHECK ({_is_day(column)})")
            parts.append(" ".join(words))
        key = ", ".join(f'"{c}"' for c in self.columns[: self.key])
        return f"CREATE TABLE {self.name} ({', '.join(parts)}, PRIMARY KEY ({key})) STRICT, WITHOUT ROWID"

    @property
    def insert(self) -> str:
        """The statement that writes one row, in the place of the one with its key."""
        marks = ", ".join("?" * len(self.columns))
        return f"INSERT OR REPLACE INTO {self.name} ({self.quoted}) VALUES ({marks})"  # noqa: S608 - names of this file

    @property
    def delete(self) -> str:
        """The statement that deletes the row of a key."""
        where = " AND ".join(f'"{c}" = ?' for c in self.columns[: self.key])
        return f"DELETE FROM {self.name} WHERE {where}"  # noqa: S608 - names of this file

    @property
    def of_key(self) -> str:
        """The statement that reads the row of a key."""
        where = " AND ".join(f'"{c}" = ?' for c in self.columns[: self.key])
        return f"SELECT {self.quoted} FROM {self.name} WHERE {where}"  # noqa: S608 - names of this file

    @property
    def of_child(self) -> str:
        """The statement that reads every row of one child."""
        return f"SELECT {self.quoted} FROM {self.name} WHERE child_id = ?"  # noqa: S608 - names of this file


def _table(name: str, key: int, columns: str) -> Table:
    """A table from its columns: `name:i` holds an integer, `name:d` a day. Each row is sealed (see `store.sealed`)."""
    pairs = [column.partition(":") for column in f"{columns} seal:i".split()]
    integers = frozenset(name for name, _, kind in pairs if kind == "i")
    days = frozenset(name for name, _, kind in pairs if kind == "d")
    return Table(name, tuple(name for name, _, _ in pairs), key, integers, days)


OF_A_CHILD = (
    _table("children", 1, "child_id dob:d edd:d name sibling_group locality"),
    _table("cases", 3, "child_id register period:i opening opened_on:d closed_on:d outcome void:i days ended"),
    _table(
        "deadlines",
        5,
        """child_id register period:i rule n:i kind anchor anchor_on:d starts_on:d amber_on:d due_on:d met_on:d
        stopped_on:d lapses_on:d past why of""",
    ),
    _table(
        "positions",
        4,
        """child_id register period:i from_on:d until_on:d stage open:i blocking side delay_side family team worker
        manager iro locality""",
    ),
    _table("gaps", 4, "child_id register period:i n:i event starts_on:d ended_on:d values why"),
    _table("tasks", 1, "id child_id register period:i kind text owner agreed_on:d due_on:d done_on:d"),
    _table("exceptions", 4, "child_id register period:i n:i rule reason agreed_by from_on:d until_on:d"),
    _table(
        "escalations",
        1,
        """id child_id register period:i stage to reason raised_on:d answer_due_on:d answered_on:d outcome
        first_formal_on:d whole_due_on:d ended_on:d ended_as""",
    ),
    _table("stays", 3, "child_id care_from:d from_on:d placed:i until_on:d care_until:d"),
)
"""What is derived from one child's events, in the order in which `derive` gives the rows."""

OF_ALL = (
    _table(
        "rules",
        1,
        "rule register title kind unit authority statute_from:d source side blocking place:i",
    ),
    _table("closures", 1, "day:d name"),
)
"""What is written from the declarations and settings, so that a list need not import them."""

OPEN_ROWS = """
CREATE INDEX open_rows ON deadlines (kind, past, due_on, register, child_id, period, rule, n, anchor_on,
  starts_on, amber_on, lapses_on, why, met_on, stopped_on, anchor, "of", seal)
WHERE met_on IS NULL AND stopped_on IS NULL
"""

INDEXES = (
    OPEN_ROWS,
    "CREATE INDEX positions_now ON positions (register, team, worker) WHERE until_on IS NULL AND open = 1",
    "CREATE INDEX gaps_now ON gaps (register, child_id, period) WHERE ended_on IS NULL",
    "CREATE INDEX tasks_of_child ON tasks (child_id)",
    "CREATE INDEX tasks_to_do ON tasks (due_on, owner) WHERE done_on IS NULL",
    "CREATE INDEX escalations_of_child ON escalations (child_id)",
    "CREATE INDEX cases_open ON cases (register, child_id, period) WHERE closed_on IS NULL AND void = 0",
)
"""Made after the rows are written, by which a rebuild sorts once rather than insert in a hundred places."""
