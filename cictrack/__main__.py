"""`python -m cictrack`, the same as `cictrack`."""

from __future__ import annotations

from cictrack.cli.main import main

if __name__ == "__main__":
    main()
