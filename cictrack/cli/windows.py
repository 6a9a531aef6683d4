"""What is otherwise on Windows: names that are devices, consoles that show no colours, how a pipe breaks.

Loaded there only, and tried everywhere; what asks the console itself is rich's.
"""

from __future__ import annotations

import errno
from pathlib import PureWindowsPath

DEVICES = frozenset({"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}) | {
    port + number for port in ("COM", "LPT") for number in "123456789¹²³"
}


def is_device(path: str) -> bool:
    r"""Whether Windows takes a name for a device, in any folder and with any ending: `C:\Reports\con.csv`.

    >>> is_device("nul.csv"), is_device(r"C:\Reports\Aux .xlsx"), is_device("control.csv")
    (True, True, False)
    """
    name = PureWindowsPath(path).name
    return name.partition(".")[0].partition(":")[0].rstrip(" ").upper() in DEVICES


def shows_colours() -> bool:
    """Whether the console takes escapes for colours; an old one prints them as they are."""
    from rich.console import detect_legacy_windows

    return not detect_legacy_windows()


def is_gone(error: OSError) -> bool:
    """Whether a write failed as it does there when the reader of a pipe has gone: without BrokenPipeError."""
    return error.errno == errno.EINVAL
