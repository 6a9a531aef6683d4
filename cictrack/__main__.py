"""`python -m cictrack`, the same as `cictrack`."""

from __future__ import annotations

from typing import NoReturn

MANY_OBJECTS = 100_000


def main() -> NoReturn:
    """Run the command line that this process was given."""
    import gc

    # A list is over before there is garbage to find, and looking for it while modules load takes a twentieth of it.
    gc.set_threshold(MANY_OBJECTS)
    from cictrack.cli.main import main as run

    run()


if __name__ == "__main__":
    main()
