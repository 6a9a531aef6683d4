"""The table of the README: what is asked of speed and memory, beside others on the same rows, turn about.

    python tests/bench/speed_table.py [CASES [MOST]]

Wants the sqlite3 shell and taskwarrior (`apt-get install sqlite3 taskwarrior`); without them their lines are left out.
"""

from __future__ import annotations

import compileall
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

from bench_import import bare, imported, ones, seconds, write_csv
from bench_overdue import ONE_IN, TODAY, measure, peak_memory, register_of
from bench_working_days import measured

import cictrack

FEW, MANY, MOST, EVENTS, TURNS = 1_500, 100_000, 1_000_000, 100_000, 3
START = [sys.executable, "-c", "import sqlite3, click"]


def tasks(folder: Path, count: int) -> list[str]:
    """The same rows as tasks of taskwarrior, and its list of those overdue."""
    rc = folder / "taskrc"
    rc.write_text(f"data.location={folder / 'tasks'}\nconfirmation=off\n")
    (folder / "tasks").mkdir()
    late, fresh = (date.today() + timedelta(days=n) for n in (-7, 90))  # noqa: DTZ011 - taskwarrior knows no other today
    rows = [
        {
            "description": f"{100_000 + n} assessment",
            "status": "pending",
            "due": f"{late if n % ONE_IN == 0 else fresh}",
        }
        for n in range(count)
    ]
    (folder / "tasks.json").write_text("\n".join(json.dumps(row) for row in rows))
    run = [str(shutil.which("task")), f"rc:{rc}", "rc.verbose=nothing", "rc.gc=off"]
    subprocess.run([*run, "import", str(folder / "tasks.json")], check=True, capture_output=True)
    return [*run, "overdue"]


def lists(folder: Path, many: int) -> list[tuple[str, str, str, str]]:
    """`overdue` on few cases in a pipe, and on many as csv."""
    found = []
    for cases in (FEW, many):
        register_of(folder / f"{cases}.db", cases)
    overdue = [sys.executable, "-m", "cictrack", "--db", str(folder / f"{FEW}.db"), "overdue"]
    few = measure({"start": START, "overdue": overdue})
    ratio = few["overdue"] / few["start"]
    start = "Python with sqlite3 and click"
    found.append((f"`overdue`, {FEW:,} cases", f"{few['overdue']:.0f} ms", start, f"× {ratio:.2f} (1.2)"))
    path = str(folder / f"{many}.db")
    csv = [sys.executable, "-m", "cictrack", "--db", path, "overdue", "--format", "csv"]
    sides = {"start": START, "csv": csv}
    if shutil.which("sqlite3"):
        sides["shell"] = [str(shutil.which("sqlite3")), "-csv", "-header", path, "select * from overdue"]
    took = measure(sides)
    if "shell" in took:
        bar = took["start"] + 2 * took["shell"]
        ratio, said = took["csv"] / bar, "that start and twice the sqlite3 shell"
        found.append((f"`overdue --format csv`, {many:,}", f"{took['csv']:.0f} ms", said, f"× {ratio:.2f} (1)"))
    if shutil.which("task"):
        beside = measure({"csv": csv, "task": tasks(folder, many)}, TURNS)
        ratio, said = beside["task"] / beside["csv"], f"`task overdue`, {beside['task']:.0f} ms"
        found.append((f"the same, {many:,}", f"{beside['csv']:.0f} ms", said, f"{ratio:.0f} times faster (5)"))
    found.append(("its memory", f"{peak_memory(csv):.0f} MB", "", "(40 MB)"))
    return found


def of_the_largest(folder: Path, most: int) -> list[tuple[str, str, str, str]]:
    """A register of a million: its list as csv beside the shell, and recording beside that of the smallest."""
    path = folder / "largest.db"
    register_of(path, most)
    sides = {"csv": [sys.executable, "-m", "cictrack", "--db", str(path), "overdue", "--format", "csv"]}
    found = []
    if shutil.which("sqlite3"):
        sides["shell"] = [str(shutil.which("sqlite3")), "-csv", "-header", str(path), "select * from overdue"]
        took = measure(sides)
        times = f"× {took['csv'] / took['shell']:.2f} (2.5)"
        found.append((f"`overdue --format csv`, {most:,}", f"{took['csv']:.0f} ms", "the sqlite3 shell", times))
    few, many = ones(folder / f"{FEW}.db", path)
    same = f"× {many / few:.2f} (1.2)"
    return [*found, (f"one more event, {most:,} cases", f"{many * 1000:.0f} ms", f"in {FEW:,} cases", same)]


def dates() -> list[tuple[str, str, str, str]]:
    """A million deadlines beside a bisection each."""
    took = measured()
    return [
        (
            f"a million deadlines in {unit}",
            f"{took[unit][0]:.1f} s",
            "bisect on a list",
            f"× {took[unit][1]:.1f} ({bar})",
        )
        for unit, bar in (("working days", 2), ("months", 4))
    ]


def imports(folder: Path) -> list[tuple[str, str, str, str]]:
    """An import beside bare Python."""
    file, full = folder / "events.csv", folder / "full.db"
    write_csv(file, EVENTS)
    took: dict[str, list[float]] = {"bare": [], "import": []}
    for turn in range(TURNS):
        full.unlink(missing_ok=True)
        took["bare"].append(seconds(lambda turn=turn: bare(file, folder / f"bare{turn}.db")))  # type: ignore[misc]  # bound on purpose
        took["import"].append(seconds(lambda: imported(file, full)))
    whole = median(took["import"])
    times = f"× {whole / median(took['bare']):.1f} (4)"
    return [(f"import of {EVENTS:,} events", f"{whole:.1f} s", "bare Python, same table", times)]


def main() -> None:
    """Measure, and print the table with the day and the machine."""
    many = int(sys.argv[1]) if sys.argv[1:] else MANY
    # As it is once it is installed.
    compileall.compile_dir(Path(cictrack.__file__).parent, quiet=1)
    with tempfile.TemporaryDirectory() as folder:
        rows = [
            *lists(Path(folder), many),
            *of_the_largest(Path(folder), int(sys.argv[2]) if sys.argv[2:] else MOST),
            *imports(Path(folder)),
            *dates(),
        ]
    out = sys.stdout.write
    out("| what | took | beside | ratio (asked) |\n|---|---|---|---|\n")
    for row in rows:
        out(f"| {' | '.join(row)} |\n")
    made = f"{datetime.now(UTC):%-d %B %Y}, {os.cpu_count()} cores, Python {platform.python_version()}"
    out(f"\nMeasured {made}, medians, each pair run in turn; register of {TODAY.year} with one in {ONE_IN} overdue.\n")


if __name__ == "__main__":
    main()
