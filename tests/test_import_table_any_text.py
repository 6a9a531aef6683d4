"""`cictrack import table`, whatever stands in its cells: it is read exactly or refused by name, and all is counted."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from cictrack.cli.main import cictrack
from cictrack.readers.cells import restored, trimmed, unprintable
from cictrack.readers.columns import Vocabulary
from cictrack.readers.targets import read_target, targets
from cictrack.registers import names, registers
from cictrack.render.safe import neutral

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click.testing import Result

COUNTS = ("rows_used", "rows_unchanged", "rows_in_conflict", "rows_refused", "rows_not_used")
AS_AT = "2026-03-31"

DAYS = st.dates().map(lambda day: f"{day:%d/%m/%Y}") | st.dates().map(str)
NASTY = st.sampled_from(
    [
        "=1+1",
        "@SUM(A1)",
        "-1",
        "'=1",
        '"',
        '""',
        '"open',
        "a\nb",
        "a\r\nb",
        "\x1b[31m",
        "a\u202eb",
        "\ufeff",
        "\0",
        "46083",
        "TBC",
        "NULL",
        "#N/A",
        "1E5",
        "00123",
        "104523",
        "1761444.0",
        "yes",
        "issue",
        "step-down",
        "left-care",
        "Stepped down",
    ]
)
CELLS = st.text(max_size=8) | NASTY | DAYS | st.just("")
HEADERS = st.text(max_size=12) | st.sampled_from(
    [
        "Child ID",
        "DOB",
        "Decision",
        "LBP sent",
        "Review 1",
        "Review 2",
        "Outcome",
        "End of PLO",
        "Team",
        "Notes",
        "Closed",
        "Closing reason",
        "Date LAC",
        "IHA appointment",
        "Consent",
        "Placement order",
        "ADM",
        "Match",
        "Flagged",
        "RAG",
    ]
)


def written(rows: Sequence[Sequence[str]], delimiter: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


class Folder:
    """A folder with a table in it, and a register that may be made of it."""

    def __init__(self, folder: str, content: bytes) -> None:
        self.table = Path(folder) / "tracker.csv"
        self.register = Path(folder) / "register.db"
        self.table.write_bytes(content)

    def type(self, *words: str) -> Result:
        return CliRunner().invoke(cictrack, ["--db", str(self.register), *words], catch_exceptions=False)

    def imported(self, register: str, *words: str) -> dict[str, Any] | None:
        """The outcome, whose counts add up; none where the file was refused as a whole, in one sentence."""
        line = ("import", "table", str(self.table), "--register", register, "--create", "--as-of", AS_AT)
        given = self.type(*line, "--format", "json", *words)
        assert given.exit_code in {0, 1}, given.output
        if not given.stdout:
            assert given.stderr.splitlines()[-1].startswith("cictrack: "), given.stderr
            return None
        found: dict[str, Any] = json.loads(given.stdout)
        assert found["rows_read"] == sum(found[count] for count in COUNTS)
        assert len(found["refused"]) == found["rows_refused"]
        assert all(refused["reason"] for refused in found["refused"])
        assert not any("\x1b" in text or "\u202e" in text for text in (given.stderr,))
        return found


@given(
    register=st.sampled_from(names()),
    delimiter=st.sampled_from(",;\t|"),
    table=st.lists(HEADERS, min_size=1, max_size=6).flatmap(
        lambda headers: st.tuples(
            st.just(headers), st.lists(st.lists(CELLS, min_size=1, max_size=len(headers) + 1), max_size=5)
        )
    ),
)
def test_any_text_in_any_cell_is_read_or_refused_and_the_counts_add_up(
    register: str, delimiter: str, table: tuple[list[str], list[list[str]]]
) -> None:
    headers, rows = table
    with tempfile.TemporaryDirectory() as folder:
        Folder(folder, written([["Child", *headers], *(["104523", *row] for row in rows)], delimiter)).imported(
            register, "--dry-run"
        )


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: ("Child,Decision\n" + text).encode()))
def test_any_bytes_are_a_table_or_one_sentence(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Folder(folder, content).imported("plo", "--dry-run")


@pytest.mark.slow
@given(
    ids=st.lists(
        st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_./-]{0,12}", fullmatch=True), min_size=3, max_size=3, unique=True
    ),
    notes=st.lists(st.text(max_size=20) | NASTY, min_size=3, max_size=3),
    exported=st.booleans(),
)
def test_ids_and_texts_survive_and_what_cannot_be_shown_is_refused_by_name(
    ids: list[str], notes: list[str], *, exported: bool
) -> None:
    """A cell that an export kept from being a formula says what it said before."""
    rows = [[id_, "05/01/2026", "x", neutral(note) if exported else note] for id_, note in zip(ids, notes, strict=True)]
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([["Child", "Decision", "Team", "Notes"], *rows])
    with tempfile.TemporaryDirectory() as folder:
        desk = Folder(folder, text.getvalue().encode())
        found = desk.imported("plo")
        assert found is not None
        refused = {r["row"]: r for r in found["refused"]}
        for line, (id_, note) in enumerate(zip(ids, notes, strict=True), 2):
            said = trimmed(note.replace("\r\n", "\n").replace("\r", "\n"))
            if line in refused:
                unfit = unprintable(said) and refused[line]["column"] == "Notes"
                assert unfit or refused[line]["column"] == "Child" or "too" in refused[line]["reason"]
                continue
            whole = id_.partition(".")[0] if re.fullmatch(r"\d+\.0+", id_) else id_
            held = json.loads(desk.type("history", "plo", whole, "--format", "json").stdout)
            kept = [event["fields"]["note"] for event in held if event["kind"] == "note"]
            assert kept == ([said if exported else restored(said)] if said else [])


@given(st.sampled_from(names()), st.data())
def test_every_name_that_a_map_may_give_is_understood_and_every_word_of_a_team_means_something(
    register: str, data: st.DataObject
) -> None:
    of = registers()[register]
    name = data.draw(st.sampled_from(targets(of)))
    target = read_target(name, of)
    assert target is not None
    assert str(target) == name
    word = data.draw(st.sampled_from([word for name, called in of.words.items() if "=" not in name for word in called]))
    assert Vocabulary(of, {}).knows(word)
