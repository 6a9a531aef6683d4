"""`cictrack report`: the meeting's pack, whose every figure is that of the command it names."""

from __future__ import annotations

import io
import json
import re
import sqlite3
from datetime import date
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from python_calamine import CalamineWorkbook
from test_hostile_text import HOSTILE
from typed import Typed

from cictrack.render.chart import Chart, Line, Mark, svg

if TYPE_CHECKING:
    from pathlib import Path

CHAPTERS = (
    "To decide today",
    "1. Open cases, in counts that add up",
    "2. Red list: past the day",
    "3. Newly red since Monday 23 March 2026",
    "4. Due by Wednesday 8 April 2026, the next meeting",
    "5. Agreed actions past their day, by owner",
    "6. Nothing recorded, and where nothing moves",
    "7. Exceptions running out",
    "8. Closed since Monday 23 March 2026",
    "9. Missing or in conflict",
    "10. Trends",
    "What the words mean",
)
SINCE = "--since 23/3/2026"


class Page(HTMLParser):
    """What a page holds: its headings, and under each the tables as rows of cells, the sentences, the figures."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.tables: dict[str, list[list[list[str]]]] = {}
        self.items: dict[str, list[str]] = {}
        self.tags: list[str] = []
        self.charts: list[str] = []
        self._text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's
        self.tags.append(tag)
        if tag in {"h1", "h2", "td", "th", "li", "desc"}:
            self._text = []
        if tag == "table":
            self.tables.setdefault(self.headings[-1], []).append([])
        if tag == "tr":
            self.tables[self.headings[-1]][-1].append([])

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        said = "".join(self._text)
        if tag in {"h1", "h2"}:
            self.headings.append(said)
        elif tag in {"td", "th"}:
            self.tables[self.headings[-1]][-1][-1].append(said)
        elif tag == "li":
            self.items.setdefault(self.headings[-1], []).append(said)
        elif tag == "desc":
            self.charts.append(said)

    def rows(self, heading: str, table: int = 0) -> list[dict[str, str]]:
        """The rows of a table under a heading, by the heads of its columns."""
        heads, *rows = self.tables[heading][table] if heading in self.tables else [[]]
        return [dict(zip(heads, row, strict=True)) for row in rows]


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    typed = Typed(tmp_path / "register.db")
    typed.does("plo open 104523 --on 2/12/2025 --dob 14/8/2019 --team North --worker W07 --iro 'IRO 1' --family F17")
    typed.does("plo letter 104523 --on 5/12/2025")
    typed.does("plo open 104524 --on 18/3/2026 --dob 14/8/2017 --team South --worker W08")
    typed.does("exception plo 104524 plo.letter --reason capacity --agreed-by M --until 7/4/2026")
    typed.does("task add plo 104523 'ask the school' --owner W07 --due 20/3/2026 --on 5/3/2026")
    typed.does("plo open 104525 --on 5/1/2026 --dob 14/8/2015 --team South")
    typed.does("plo step 104525 --on 24/3/2026 --outcome step-down --to child-in-need")
    typed.does("iha open 104526 --on 2/2/2026 --dob 14/8/2015 --team North")
    typed.does("iha assessed 104526 --on 2/3/2026")
    typed.does("iha open 104527 --on 23/2/2026 --dob 14/8/2015 --team North")
    typed.does("fragile open 104528 --on 2/3/2026 --dob 14/8/2014 --team South --source carer")
    return typed


def page(typed: Typed, *words: str) -> Page:
    return Page(typed.does(f"report {SINCE} --format html {' '.join(words)}"))


def listed(typed: Typed, line: str) -> Any:  # noqa: ANN401 - what JSON can say
    return json.loads(typed.does(f"{line} --format json"))


def test_it_opens_with_what_to_decide_and_has_its_ten_chapters(typed: Typed) -> None:
    found = page(typed)
    assert found.headings == ["Tracking meeting of Tuesday 31 March 2026", *CHAPTERS]
    decide = found.items["To decide today"]
    assert any(
        " with a deadline that turned red: what unblocks it? iha " in said and "plo 104524" in said for said in decide
    )
    assert all(re.search(r"\(chapter \d+\)\.$", said) for said in decide)


def test_every_list_of_the_page_is_that_of_its_command(typed: Typed) -> None:
    found = page(typed)
    for chapter, line in ((CHAPTERS[2], "overdue"), (CHAPTERS[4], "due --within 8d"), (CHAPTERS[6], "drift")):
        told = listed(typed, line)
        rows = found.rows(chapter)
        assert [row["severity"] for row in rows] == [row["severity"] for row in told]
        assert [row["case"] for row in rows] == [f"{row['register']} {row['child_id']}" for row in told]
        assert [row["days over"] for row in rows] == [str(row["days_over"]) for row in told]
    changes = listed(typed, f"changes {SINCE}")
    for chapter, change in ((CHAPTERS[3], "red"), (CHAPTERS[8], "closed")):
        moved = [row for row in changes["rows"] if row["change"] == change]
        assert moved
        assert [(r["register"], r["case"], r["day"]) for r in found.rows(chapter)] == [
            (r["register"], r["child_id"], r["day"]) for r in moved
        ]
    late = [row for row in listed(typed, "tasks") if row["days_over"] > 0]
    assert [(r["child"], r["owner"], r["days over"]) for r in found.rows(CHAPTERS[5])] == [
        (r["child_id"], r["owner"], str(r["days_over"])) for r in late
    ]
    gaps = listed(typed, "gaps")
    assert [(r["child"], r["why"]) for r in found.rows(CHAPTERS[9])] == [(g["child_id"], g["why"]) for g in gaps]
    (ending,) = found.rows(CHAPTERS[7])
    assert (ending["child"], ending["reason"], ending["until"]) == ("104524", "capacity", "2026-04-07")


def test_an_action_that_is_not_late_and_an_exception_that_lasts_are_not_in_the_pack(typed: Typed) -> None:
    typed.does("task add plo 104524 'school report' --owner W08 --due 20/4/2026")
    typed.does("exception plo 104523 plo.meeting --reason court --agreed-by M --until 30/6/2026")
    found = page(typed)
    assert {row["what"] if "what" in row else row["text"] for row in found.rows(CHAPTERS[5])} == {"ask the school"}
    assert [row["child"] for row in found.rows(CHAPTERS[7])] == ["104524"]
    typed.does("exception plo 104524 plo.letter --reason capacity --agreed-by M --until 30/6/2026")
    assert page(typed).rows(CHAPTERS[7]) == []


def test_its_counts_are_those_of_the_summary_and_the_changes(typed: Typed) -> None:
    found = page(typed)
    moved = {one["register"]: one for one in listed(typed, f"changes {SINCE}")["registers"]}
    for row in found.rows(CHAPTERS[1], 0):
        assert {key: str(value) for key, value in moved[row["register"]].items() if key in row} == row
    summary = {one["register"]: one for one in listed(typed, "summary")["registers"]}
    for row in found.rows(CHAPTERS[1], 1):
        of = summary[row["register"]]
        assert (row["open"], row["newly red"]) == (str(of["open"]), str(of["newly_red"]))
        assert {s: row[s] for s in of["severity"]} == {s: str(n) for s, n in of["severity"].items()}
        assert row["stages"] == "; ".join(f"{stage} {n}" for stage, n in of["stages"].items())


def test_the_figures_of_a_chart_are_those_of_its_measure(typed: Typed) -> None:
    found = page(typed)
    measured = listed(typed, "kpi --from 1/3/2026 --register iha")[0]
    series = next(told for told in found.charts if told.startswith("In %: "))
    assert (measured["measure"], measured["value"]) == ("iha.due.raw", 50.0)
    assert "Mar 50;" in series
    weeks = {row["measure"]: row for row in listed(typed, "kpi --register plo")}
    strip = next(told for told in found.charts if told.startswith("In weeks: "))
    assert f"1 {weeks['plo.weeks.longest']['value']:g};" in strip
    assert strip.count(";") + 1 == weeks["plo.weeks.longest"]["denominator"] + 2  # and the two lines


def test_a_pipe_gets_a_paper_with_the_same_chapters(typed: Typed) -> None:
    told = typed.does(f"report {SINCE}")
    assert re.findall(r"^## (.+)$", told, re.MULTILINE) == list(CHAPTERS)
    assert "\n- " in told


def test_a_workbook_has_a_sheet_a_chapter_and_the_days_are_days(typed: Typed) -> None:
    path = typed.path.with_name("pack.xlsx")
    typed.does(f"report {SINCE} --output {path}")
    book = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    assert book.sheet_names == [
        *("About", "counts 1", "counts 2", "red", "new", "due", "actions", "drift", "exceptions", "closed", "gaps"),
        "trends",
    ]
    heads, *rows = book.get_sheet_by_name("red").to_python()
    assert len(rows) == len(listed(typed, "overdue"))
    assert all(isinstance(row[heads.index("due")], date) for row in rows)


def test_a_team_has_a_pack_of_its_own(typed: Typed) -> None:
    found = page(typed, "--team North --register plo")
    assert found.headings[0].endswith(": plo, North")
    assert {row["register"] for row in found.rows(CHAPTERS[1], 0)} == {"plo"}
    assert {row["case"] for row in found.rows(CHAPTERS[2])} == {"plo 104523"}


def test_it_says_what_it_was_made_from(typed: Typed) -> None:
    db = sqlite3.connect(typed.path)
    (head,) = db.execute("SELECT hex(hash) FROM links ORDER BY n DESC LIMIT 1").fetchone()
    db.close()
    told = typed.does(f"report {SINCE}")
    assert "From the register register.db, as at Tuesday 31 March 2026" in told
    assert head.lower() in told
    assert "iha.due.raw: children whose assessment fell due" in told
    assert told == typed.does(f"report {SINCE}")


def test_an_empty_register_has_a_sentence_in_each_chapter(tmp_path: Path) -> None:
    typed = Typed(tmp_path / "register.db")
    told = typed.does(f"report {SINCE}")
    assert "there is nothing to decide" in told
    for sentence in (
        *("Nothing is overdue.", "Nothing moved.", "Nothing falls due in that time.", "No action is late."),
        *("Nothing is drifting.", "No exception ran out", "No date is missing", "There is no case to draw."),
    ):
        assert sentence in told


def test_the_last_pack_is_the_day_that_changes_are_since(typed: Typed) -> None:
    typed.does("report --as-of 23/3/2026 --since 16/3/2026")
    typed.does("report --as-of 24/3/2026 --since 16/3/2026")
    assert listed(typed, "changes --since last")["since"] == "2026-03-24"
    assert listed(typed, "changes --since last --as-of 24/3/2026")["since"] == "2026-03-23"
    assert "3. Newly red since Tuesday 24 March 2026" in typed.does("report")


def test_a_team_s_own_pack_or_one_that_looks_back_hides_no_movement_from_the_others(typed: Typed) -> None:
    typed.does("report --as-of 23/3/2026 --since 16/3/2026")
    typed.does("report --as-of 26/3/2026 --since 16/3/2026 --team North")
    typed.does("report --as-of 10/3/2026 --since 3/3/2026")
    assert listed(typed, "changes --since last")["since"] == "2026-03-23"
    assert listed(typed, "changes --since last --team North")["since"] == "2026-03-26"
    assert listed(typed, "changes --since last --team South")["since"] == "2026-03-23"


def test_a_pack_of_a_team_that_no_case_has_says_so(typed: Typed) -> None:
    answer = typed("report --team Nrth")
    assert answer.status == 0
    assert "'Nrth'" in answer.err


def test_a_page_loads_nothing_and_nothing_of_the_data_lives_in_it(tmp_path: Path) -> None:
    typed = Typed(tmp_path / "register.db")
    for n, text in enumerate(t for t in HOSTILE if t.strip() and not t.startswith("-")):
        line = ["plo", "open", str(n), "--on", "2026-01-05", "--dob", "2015-08-14", "--worker", text, "--team", text]
        typed.types(line)
        typed.types(["task", "add", "plo", str(n), "--owner", text, "--due", "2026-03-20", "--", text])
    told = typed.does(f"report {SINCE} --format html")
    found = Page(told)
    assert found.rows(CHAPTERS[5])
    assert not {"script", "img", "iframe", "link", "object", "a "} & set(found.tags)
    assert set(re.findall(r"https?://[^\"'\s<]+", re.sub(r">[^<]*<", "><", told))) == set()
    assert "default-src 'none'" in told
    for control in ("\x1b", "\x07", "\u202e", "\u2066"):
        assert control not in told
        assert control not in typed.does(f"report {SINCE}")


def test_names_go_out_only_when_asked_for_and_are_kept_in_the_trail(typed: Typed) -> None:
    typed.does("child set 104523 --name 'Sam Example'")
    assert "Sam" not in typed.does(f"report {SINCE}")
    assert "Sam Example" in typed.does(f"report {SINCE} --names")
    db = sqlite3.connect(typed.path)
    kept = [json.loads(detail) for (detail,) in db.execute("SELECT detail FROM trail WHERE did = 'pack' ORDER BY n")]
    db.close()
    assert [entry["names"] for entry in kept] == [False, True]


def test_a_pack_is_no_csv(typed: Typed) -> None:
    assert "A pack is a paper, and has no csv." in typed.is_refused(f"report {SINCE} --format csv")


def test_a_chart_is_read_by_its_title_and_its_figures() -> None:
    chart = Chart("most <wait>", "series", "%", [Mark("Jan", 50.0), Mark("Feb", None)], [Line(90, "a target")])
    drawn = svg(chart, 1)
    assert '<title id="chart-1-title">most &lt;wait&gt;</title>' in drawn
    assert "In %: Jan 50; Feb none; a target: 90." in drawn
    assert drawn.count("<rect") == 1
    assert list(chart.listing().rows) == [("Jan", "50"), ("Feb", None), ("a target", "90")]
