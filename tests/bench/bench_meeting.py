"""How long the meeting's commands take: `report` on the sample, `kpi` and `changes` on many children.

    python tests/bench/bench_meeting.py [CHILDREN]

Each is run in turn with `python -c "import sqlite3, click"`, and the ratio is printed. The bars: the pack of
`sample.db` as a page within two seconds, `kpi` on 100,000 children within two seconds.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 5
SAMPLE = Path(__file__).parents[2] / "sample.db"
START = [sys.executable, "-c", "import sqlite3, click"]


def took(line: list[str]) -> float:
    """Seconds of one run."""
    begun = time.perf_counter()
    subprocess.run(line, check=True, capture_output=True)
    return time.perf_counter() - begun


def compared(called: str, line: list[str]) -> None:
    """The median of a command, and how many times the start it is, run in turn."""
    pairs = [(took(START), took(line)) for _ in range(RUNS)]
    start, seconds = (statistics.median(times) for times in zip(*pairs, strict=True))
    sys.stdout.write(f"{called}: {seconds:.2f} s, {seconds / start:.1f} x the start of Python with click\n")


def main() -> None:
    """Make the registers, and time what a meeting asks of them."""
    children = sys.argv[1] if len(sys.argv) > 1 else "100000"
    run = [sys.executable, "-m", "cictrack"]
    with tempfile.TemporaryDirectory() as folder:
        sample, many = Path(folder) / "sample.db", Path(folder) / "many.db"
        shutil.copy(SAMPLE, sample)
        page = ["--output", str(Path(folder) / "pack.html"), "--force"]
        compared("report, sample.db", [*run, "--db", str(sample), "report", *page])
        subprocess.run([*run, "demo", str(many), "--children", children, "--today", "2020-12-31"], check=True)
        for command in ("kpi", "changes"):
            compared(f"{command}, {children} children", [*run, "--db", str(many), command])


if __name__ == "__main__":
    main()
