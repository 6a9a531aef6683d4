"""A register's file opened past `cictrack`, by the engine that the tests run on."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING, Any

from cictrack.store import keys

if TYPE_CHECKING:
    from pathlib import Path

ON_CIPHER = os.environ.get("CICTRACK_TEST_ENGINE") == "sqlcipher"
"""Whether every register that a test makes in its own process is an encrypted one."""


def raw(path: Path, **options: Any) -> sqlite3.Connection:  # noqa: ANN401 - sqlite3's
    """The file of a register as another program would open it that knows the key and nothing else."""
    if not ON_CIPHER:
        plain: sqlite3.Connection = sqlite3.connect(path, **options)
        return plain
    from cictrack.store import cipher

    db: sqlite3.Connection = cipher.with_key(path.as_uri(), options.get("timeout", 5), keys.named())
    db.isolation_level = options.get("isolation_level", "DEFERRED")
    return db
