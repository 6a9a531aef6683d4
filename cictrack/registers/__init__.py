"""The registers, one a file, found by looking in the folder: a new register is one new file here."""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cictrack.pathway.declare import Register

FOLDER = Path(__file__).parent


def names() -> list[str]:
    """The names of the registers, from the names of their files; nothing is imported."""
    return sorted(path.stem.replace("_", "-") for path in files())


def files() -> Iterator[Path]:
    """The files that hold a register each."""
    return (path for path in FOLDER.glob("*.py") if not path.name.startswith("_"))


@cache
def registers() -> Mapping[str, Register]:
    """Every register by name. A file that declares another name than its own is refused."""
    found: dict[str, Register] = {}
    for path in sorted(files()):
        register: Register = importlib.import_module(f"{__name__}.{path.stem}").REGISTER
        if register.name != path.stem.replace("_", "-"):
            raise ValueError(f"{path.name} declares the register {register.name!r}, not the one it is named for")
        found[register.name] = register
    return found
