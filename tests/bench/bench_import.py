"""Importing events against bare Python: csv and executemany into the same table, on the same machine, turn about.

Run it by hand where cictrack is installed: `python tests/bench/bench_import.py [EVENTS]`. It prints ratios; it is not
a test. The bar is that an import, derived rows included, takes no more than four times the bare one.
"""

from __future__ import annotations

import csv
import json
import sys
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING

from cictrack.pathway.events import CHILD, Event
from cictrack.store.derive import rebuild
from cictrack.store.events import content_id, new_id
from cictrack.store.making import create
from cictrack.store.opening import open_register
from cictrack.store.writing import append, writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EVENTS, TURNS = 100_000, 3
AT, BY, SOURCE = "2026-11-22T10:00:00.000000Z", "bench", "bench 0"


def told(count: int) -> Iterator[tuple[str, str, str, str, date, dict[str, str]]]:
    """Events of four to a child: a birth, and pre-proceedings as far as the meeting."""
    for n in range(count // 4):
        child = str(100_000 + n)
        opened = date(2026, 1, 1) + timedelta(days=n % 300)
        yield child, CHILD, "", "born", date(2015, 1, 1), {}
        yield child, "plo", "decision", "decision", opened, {"team": "North", "worker": f"Worker {n % 20:02}"}
        yield child, "plo", "decision", "letter", opened + timedelta(days=3), {"fgdm_offered": "yes"}
        yield child, "plo", "decision", "meeting", opened + timedelta(days=10), {"effective": "yes"}


def write_csv(path: Path, count: int) -> None:
    """The events as a file, a row each, with the ids they will have."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        for child, register, opening, kind, day, fields in told(count):
            of_case = content_id(register, child, opening) if opening else ""
            id_ = of_case if kind == opening else content_id(register, child, kind)
            rows.writerow([id_, register, child, of_case, kind, day, json.dumps(fields)])


def bare(path: Path, register: Path) -> None:
    """What it costs to read the file and put its rows into the table, and nothing else."""
    db = create(register, BY)
    with writing(db), path.open(newline="", encoding="utf-8") as file:
        db.execute("INSERT INTO links VALUES (1, x'', x'00', ?, ?, ?, 0)", (AT, BY, SOURCE))
        db.executemany(
            f"""INSERT INTO events (id, register, child_id, opening, kind, day, fields, recorded_at, recorded_by,
                  source, root, parent, salt, digest, link)
                VALUES (?, ?, ?, ?, ?, ?, ?, '{AT}', '{BY}', '{SOURCE}', '', '', NULL, x'00', 1)""",  # noqa: S608
            csv.reader(file),
        )


def imported(path: Path, register: Path) -> None:
    """The same file as events: chained, evaluated, their rows derived."""
    db = create(register, BY)
    with path.open(newline="", encoding="utf-8") as file:
        events = [
            Event(id_, name, child, opening, kind, date.fromisoformat(day), json.loads(fields), AT, BY, SOURCE)
            for id_, name, child, opening, kind, day, fields in csv.reader(file)
        ]
    with writing(db):
        append(db, events)


def rebuilt(register: Path) -> None:
    """Every derived row dropped and made again."""
    db = open_register(register, write=True)
    with writing(db):
        rebuild(db)


def one_more(register: Path) -> None:
    """One note on the first case, recorded."""
    db = open_register(register, write=True)
    child, name, opening = db.execute("SELECT child_id, register, opening FROM cases LIMIT 1").fetchone()
    fields = {"text": "telephoned"}
    with writing(db):
        append(db, [Event(new_id(), name, child, opening, "note", date(2026, 11, 19), fields, recorded_by=BY)])
    db.close()


def ones(small: Path, large: Path) -> tuple[float, float]:
    """The median seconds of one more event in a small and in a large register, recorded in turn."""
    took = [(seconds(lambda: one_more(small)), seconds(lambda: one_more(large))) for _ in range(20)]
    return median(few for few, _ in took), median(many for _, many in took)


def seconds(what: Callable[[], None]) -> float:
    """How long it took, once."""
    start = perf_counter()
    what()
    return perf_counter() - start


def main(count: int) -> None:
    """Run both sides in turn and print what they took and the ratio."""
    with TemporaryDirectory() as folder:
        file, small, full = Path(folder, "events.csv"), Path(folder, "small.db"), Path(folder, "full.db")
        write_csv(file, 4 * 1_500)
        imported(file, small)
        write_csv(file, count)
        sides: dict[str, list[float]] = {"bare": [], "import": [], "rebuild": []}
        for turn in range(TURNS):
            full.unlink(missing_ok=True)
            sides["bare"].append(seconds(lambda turn=turn: bare(file, Path(folder, f"bare{turn}.db"))))  # type: ignore[misc]  # bound on purpose
            sides["import"].append(seconds(lambda: imported(file, full)))
            sides["rebuild"].append(seconds(lambda: rebuilt(full)))
        for side, took in sides.items():
            ratio = median(took) / median(sides["bare"])
            print(f"{side:8} {median(took):7.2f} s {median(took) / count * 1e6:7.1f} µs an event  × {ratio:.1f}")  # noqa: T201
        few, many = ones(small, full)
        print(f"one more event: {many * 1e3:.1f} ms, × {many / few:.2f} of a register of 1,500")  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS)
