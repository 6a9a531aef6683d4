"""How long `overdue` takes, beside what it cannot be faster than: run in turn, their ratio printed.

    python tests/bench/bench_overdue.py [CASES …]

Makes its own registers (1,500 and 100,000 open cases, one in twenty overdue) in a temporary folder. The bars:
1,500 cases within 1.2 x `python -c "import sqlite3, click"`; 100,000 as csv within that + 2 x the sqlite3 shell
on `select * from overdue`, under 40 MB.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from cictrack.pathway.events import Event
from cictrack.store.events import new_id
from cictrack.store.making import create
from cictrack.store.writing import append, writing

TODAY = date(2026, 11, 20)
LATE, FRESH = TODAY - timedelta(days=7), TODAY - timedelta(days=1)
ONE_IN = 20
RUNS = 45
BAR_MEMORY = 40


def register_of(path: Path, cases: int) -> None:
    """A register of so many open cases, of which one in twenty has a deadline past its day."""
    with writing(create(path, "bench", today=TODAY, synthetic=True)) as db:
        append(db, [event for n in range(cases) for event in _case(n)])


def _case(n: int) -> list[Event]:
    child, late = f"{100_000 + n}", n % ONE_IN == 0
    whose = {"team": ("North", "South", "East", "West")[n % 4], "worker": f"Worker {n % 90:02}"}
    opening = new_id()
    events = [
        Event(new_id(), "child", child, "", "born", date(2015, 1, 1) + timedelta(days=n % 2000), {}),
        Event(opening, "iha", child, "", "entered-care", LATE if late else FRESH, whose),
    ]
    if late:
        events.append(Event(new_id(), "iha", child, opening, "consent", LATE, {"basis": "parent"}))
        events.append(Event(new_id(), "iha", child, opening, "referred", LATE, {}))
    return events


def measure(sides: dict[str, list[str]], runs: int = RUNS) -> dict[str, float]:
    """The median time of each command in milliseconds, run in turn."""
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(runs):
        for name, command in sides.items():
            start = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
            taken[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.median(times) for name, times in taken.items()}


def peak_memory(command: list[str]) -> float:
    """The greatest resident size of a command, in MB."""
    code = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=-3, stderr=-3, check=True);"
    code += "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    return float(
        subprocess.run([sys.executable, "-c", code, *command], capture_output=True, check=True, text=True).stdout
    )


def main(sizes: list[int]) -> None:
    """Make a register of each size, measure, print."""
    shell = shutil.which("sqlite3")
    with tempfile.TemporaryDirectory() as folder:
        for cases in sizes:
            path = Path(folder) / f"{cases}.db"
            register_of(path, cases)
            overdue = [sys.executable, "-m", "cictrack", "--db", str(path), "overdue"]
            sides = {
                "import sqlite3, click": [sys.executable, "-c", "import sqlite3, click"],
                "overdue": overdue,
                "overdue --format csv": [*overdue, "--format", "csv"],
            }
            if shell:
                sides["sqlite3 shell"] = [shell, "-csv", "-header", str(path), "select * from overdue"]
            taken = measure(sides)
            base = taken["import sqlite3, click"]
            print(f"{cases:,} open cases, {cases // ONE_IN:,} overdue")  # noqa: T201 - a script's answer
            for name, value in taken.items():
                print(f"  {name:<24}{value:8.1f} ms   {value / base:5.2f} x the imports")  # noqa: T201
            csv = taken["overdue --format csv"]
            if shell:
                bar = base + 2 * taken["sqlite3 shell"]
                print(f"  csv / (imports + 2 x shell): {csv / bar:.2f}")  # noqa: T201
            print(f"  memory of csv: {peak_memory(sides['overdue --format csv']):.0f} MB (bar {BAR_MEMORY})")  # noqa: T201


if __name__ == "__main__":
    main([int(n) for n in sys.argv[1:]] or [1_500, 100_000])
