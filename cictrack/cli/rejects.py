"""The rows that an import refused, handed back as csv: with the reason, and the row as it stood."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cictrack.errors import Refused
from cictrack.readers.refusals import KEYS, LINE
from cictrack.render.listing import Column, Listing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cictrack.readers.refusals import Refusal


def check_rejects(path: Path) -> None:
    """Raise Refused when `path` cannot take the rejects: another file is there. An older list is written over."""
    if not path.parent.is_dir():
        raise Refused(f"There is no folder {path.parent}: name another file for --rejects.")
    if not os.access(path.parent, os.W_OK):
        raise Refused(f"Nothing can be written in {path.parent}: name another file for --rejects.")
    if not os.path.lexists(path):
        return
    if path.is_file() and not path.is_symlink():
        with path.open("rb") as file:
            if file.readline().startswith(",".join(KEYS).encode()):
                return
    raise Refused(f"{path} is there already, and is no list of rejects: name another file for --rejects.")


def write_rejects(path: Path, refused: Sequence[Refusal]) -> None:
    """Write the refused rows to `path`, for its owner alone. What a spreadsheet would take for a formula is text."""
    from cictrack.render import render

    originals = list(dict.fromkeys(column for refusal in refused for column in refusal.cells))
    columns = tuple(Column(key) for key in (*KEYS, *(name or LINE for name in originals)))
    rows = [(*refusal[: len(KEYS)], *(refusal.cells.get(name, "") for name in originals)) for refusal in refused]
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.writelines(render(Listing("rejects", columns, rows), "csv"))
        part.replace(path)
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)
