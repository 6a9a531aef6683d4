"""The registers, one a file, found by looking in the folder: a new register is one new file here."""

from __future__ import annotations

import importlib
import os
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from cictrack.pathway.declare import Register

FOLDER = os.path.dirname(__file__)  # noqa: PTH120 - every list asks where it is, and pathlib costs it a tenth


def names() -> list[str]:
    """The names of the registers, from the names of their files; nothing is imported."""
    return sorted(path.stem.replace("_", "-") for path in files())


def files() -> Iterator[Path]:
    """The files that hold a register each."""
    from pathlib import Path

    return (path for path in Path(FOLDER).glob("*.py") if not path.name.startswith("_"))


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
