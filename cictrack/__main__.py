"""`python -m cictrack`, the same as `cictrack`."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from contextlib import suppress


def main() -> None:
    """Run the command line that this process was given, and end the process."""
    # Nothing is garbage while modules load, and what they hold is never worth looking through again.
    gc.disable()
    from cictrack.cli.main import main as run

    gc.freeze()
    gc.set_threshold(50_000)
    gc.enable()
    try:
        run()
    except SystemExit as ended:
        if isinstance(ended.code, int):
            _leave(ended.code)
        raise


def _leave(status: int) -> None:
    # All is written and closed by now, and to take its modules apart again costs Python a twentieth of a list.
    # What was put off to the end is done, as by Python itself: the single file tidies up after itself so.
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(status)


if __name__ == "__main__":
    main()
