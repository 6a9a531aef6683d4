"""`import`: whatever the authority already has, in. Each command is loaded when it is run."""

from __future__ import annotations

from cictrack.cli.lazily import Lazily

importing = Lazily(
    name="import",
    help="Read a file into the register: what it holds already stays, and what is new is added.",
    epilog="Example: cictrack import ssda903 return-2025-26 --as-of 31/3/2026",
    of={
        "ssda903": "cictrack.cli.import_returns:ssda903",
        "annex-a": "cictrack.cli.import_returns:annex_a",
        "minutes": "cictrack.cli.import_minutes:minutes",
        "table": "cictrack.cli.import_table:table",
        "events": "cictrack.cli.event_lines:import_events",
    },
)
