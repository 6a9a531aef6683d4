"""Nothing leaves but what was asked for: no connection, no other program, and files that only their owner can read."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from typed import Typed

if TYPE_CHECKING:
    from pathlib import Path

LINES = (
    *("overdue", "overdue --names", "summary", "show 104523 --names", "note plo 104523 'rang the school'", "guide"),
    *(
        "overdue --output o.csv",
        "overdue --output o.html",
        "overdue --minutes --output o.xlsx",
        "import minutes o.xlsx",
    ),
    *("report --output pack.html", "report --output pack.xlsx", "export calendar --output d.ics"),
    *("export events --output e.jsonl", "export ssd --output ssd", "import events e.jsonl"),
    *("import table t.csv --register plo --rejects r.csv --save-map m.toml", "init", "overdue --team nobody"),
    *("--db made/new.db init", "demo many.db --children 60 --seed 1", "completion zsh", "kpi", "explain plo 104523"),
)
"""Every way out and in, and what is refused too. (For bash's completion click asks bash for its version.)"""

WATCHED = """
import json, os, shlex, sys
if hasattr(os, "umask"):
    os.umask(0)
seen = []
def watch(event, args):
    if event.startswith(("socket.", "subprocess.", "urllib.", "http.", "ftplib.", "smtplib.")) or event in OTHERS:
        seen.append(event)
OTHERS = ("os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty", "os.startfile", "webbrowser.open")
sys.addaudithook(watch)
from cictrack.cli.main import cictrack
for line in json.loads(sys.argv[2]):
    try:
        cictrack.main(["--db", sys.argv[1], *shlex.split(line)])
    except SystemExit:
        sys.stdout.flush()
print("SEEN", *seen, file=sys.stderr)
"""


@pytest.fixture
def left(tmp_path: Path) -> tuple[str, Path]:
    """What was seen while every line was typed in a folder, under a umask that forbids nothing; and the folder."""
    typed = Typed(tmp_path / "register.db")
    typed.does("plo open 104523 --on 2/3/2026 --dob 14/8/2019 --team North")
    typed.does("child add 104600 --dob 14/8/2019")
    (tmp_path / "t.csv").write_text("Child;Date of decision;RAG\n104700;2/2/2026;Red\n1;31/2/2026;\n", encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", WATCHED, typed.path, json.dumps(LINES)],
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    said, _, seen = ran.stderr.rpartition("SEEN")
    assert ran.returncode == 0, said
    assert "Traceback" not in said
    return seen.strip(), tmp_path


def test_no_command_connects_or_starts_a_program_and_each_file_is_its_owners(left: tuple[str, Path]) -> None:
    seen, folder = left
    assert seen == ""
    made = {path.name for path in folder.rglob("*")}
    assert {"o.csv", "o.html", "o.xlsx", "pack.html", "pack.xlsx", "d.ics", "e.jsonl", "ssd", "r.csv", "m.toml"} <= made
    assert "many.db" in made
    assert not [name for name in made if name.endswith((".part", "-journal", ".tmp"))]
    if os.name == "posix":
        for path in folder.rglob("*"):
            if path.name != "t.csv":
                assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


SHOWING = (
    *("summary", "overdue", "due", "drift", "gaps", "tasks", "plo", "fragile", "iha", "placement-order", "report"),
    *("show 104523", "explain plo 104523", "history plo 104523", "changes --since 1/3/2026", "export calendar"),
    *("export census --year 2025-26", "export ssd --table ssd_pre_proceedings", "fragile candidates", "escalation"),
)


def test_a_childs_name_is_shown_only_where_it_is_asked_for(tmp_path: Path) -> None:
    typed = Typed(tmp_path / "register.db")
    typed.does("child add 104523 --dob 14/8/2019 --name Ada-Quince --locality 'Locality 2'")
    for line in ("plo open 104523 --on 2/3/2026", "fragile open 104523 --on 5/3/2026 --source carer"):
        typed.does(f"{line} --team North")
    for line in SHOWING:
        for form in ("", " --format json", " --format csv", " --format html"):
            answer = typed(line + form)
            assert "Quince" not in answer.out + answer.err, line + form
    assert "name Ada-Quince" in typed.does("show 104523 --names")
    assert '"name": "Ada-Quince"' in typed.does("show 104523 --names --format json")
    assert "holds them too: say --names" in typed.is_refused("export events")
    for line in ("show 104523", "show 104523 --format json"):
        assert "Locality 2" in typed.does(line)
