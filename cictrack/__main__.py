"""`python -m cictrack`, the same as `cictrack`."""

from __future__ import annotations

import gc


def main() -> None:
    """Run the command line that this process was given."""
    # Nothing is garbage while modules load, and what they hold is never worth looking through again.
    gc.disable()
    from cictrack.cli.main import main as run

    gc.freeze()
    gc.set_threshold(50_000)
    gc.enable()
    run()


if __name__ == "__main__":
    main()
