"""`export`: whatever the authority must send, out. Each command is loaded when it is run."""

from __future__ import annotations

from cictrack.cli.lazily import Lazily

exporting = Lazily(
    name="export",
    help="Give back what the census, the case system, the calendar and the partner agency want.",
    epilog="Example: cictrack export census --output pre-proceedings.csv",
    of={
        "census": "cictrack.cli.export_returns:census",
        "ssd": "cictrack.cli.export_returns:ssd",
        "calendar": "cictrack.cli.export_calendar:calendar",
        "events": "cictrack.cli.event_lines:export_events",
    },
)
