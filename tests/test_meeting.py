"""A weekly meeting acted out: Monday's pack, minutes marked up in the sheet, and next Monday exactly that movement."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from typing import TYPE_CHECKING, Any

from typed import Typed

if TYPE_CHECKING:
    from pathlib import Path

MONDAY, NEXT = "2026-03-23", "2026-03-30"


def it_is(typed: Typed, day: str) -> None:
    """The register's own day moves on."""
    db = sqlite3.connect(typed.path)
    with db:
        db.execute("UPDATE meta SET value = ? WHERE name = 'today'", (day,))
    db.close()


def says(typed: Typed, line: str) -> str:
    """What a line prints, without the line about the register's own day."""
    answer = typed(line)
    assert answer.status == 0, answer.err
    return answer.out


def marked_up(typed: Typed, line: str, path: Path, minutes: dict[tuple[str, str], dict[str, str]]) -> Path:
    """A list exported with columns to write in, and what the meeting wrote: by child and what it is about."""
    rows = list(csv.DictReader(io.StringIO(says(typed, f"{line} --minutes --format csv"))))
    about = "text" if "text" in rows[0] else "title"
    written = 0
    for row in rows:
        said = minutes.get((row["child_id"], row[about]))
        if said:
            row.update(said)
            written += 1
    assert written == len(minutes)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_next_monday_shows_exactly_what_the_meeting_and_the_week_brought(tmp_path: Path) -> None:
    typed = Typed(tmp_path / "register.db")
    it_is(typed, MONDAY)
    typed.does("plo open 104523 --on 2/3/2026 --dob 14/8/2019 --team North --worker W07")
    typed.does("plo open 104524 --on 2/2/2026 --dob 14/8/2017 --team North --worker W07")
    typed.does("plo letter 104524 --on 5/2/2026")
    typed.does("plo meeting 104524 --on 18/2/2026")
    typed.does("task add plo 104524 'hair test' --owner W07 --due 20/3/2026 --on 18/2/2026")
    typed.does("iha open 104526 --on 24/2/2026 --dob 14/8/2015 --team North --worker W09")

    pack = tmp_path / "pack.html"
    says(typed, f"report --since 16/3/2026 --output {pack}")
    assert "plo 104523" in pack.read_text(encoding="utf-8")
    overdue = marked_up(
        typed,
        "overdue",
        tmp_path / "overdue.csv",
        {("104523", "letter before proceedings"): {"new_day": "27/3/2026", "owner": "W07", "note": "send the letter"}},
    )
    tasks = marked_up(
        typed, "tasks", tmp_path / "tasks.csv", {("104524", "hair test"): {"new_day": "3/4/2026", "note": "booked"}}
    )
    for path in (overdue, tasks):
        told = json.loads(says(typed, f"import minutes {path} --format json"))
        assert (told["rows_refused"], told["rows_used"]) == (0, 1)

    it_is(typed, "2026-03-27")
    typed.does("plo letter 104523 --on 26/3/2026")
    (agreed,) = [row for row in json.loads(says(typed, "tasks --format json")) if row["child_id"] == "104523"]
    typed.does(f"task done {agreed['id'][-6:]} --on 27/3/2026")
    typed.does("iha notified 104526 --on 25/3/2026")
    typed.does("plo open 104530 --on 27/3/2026 --dob 1/2/2020 --team South --worker W08")
    typed.does("assign plo 104524 --worker W12 --on 27/3/2026")

    it_is(typed, NEXT)
    found: dict[str, Any] = json.loads(says(typed, "changes --since last --format json"))
    assert (found["since"], found["as_of"]) == (MONDAY, NEXT)
    moved = {(row["child_id"], row["change"], row["rule"], row["from"], row["to"]) for row in found["rows"]}
    assert moved == {
        ("104523", "stage", None, "decided", "letter-sent"),
        ("104523", "met", "plo.letter", "red", "late"),
        ("104523", "met", "plo.task", "green", "in time"),
        ("104524", "reassigned", None, "worker W07", "worker W12"),
        ("104526", "met", "iha.notify", "red", "late"),
        ("104526", "red", "iha.assessed", "amber", "red"),
        ("104530", "opened", None, None, "decided"),
    }
    of = {one["register"]: (one["opening"], one["opened"], one["closed"], one["closing"]) for one in found["registers"]}
    assert of["plo"] == (2, 1, 0, 3)
    late = [row for row in json.loads(says(typed, "tasks --format json")) if row["days_over"] > 0]
    assert late == []
