"""The page of one reviewing officer: their fragile placements, what was tried, what is due, and stability."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typed import Typed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LIVES = """
fragile open 104529 --on 2/2/2026 --dob 5/5/2012 --source carer --indicator needs-not-met --team West --worker W07
fragile support 104529 --kind respite --on 9/2/2026 --to 23/2/2026 --helped no
fragile support 104529 --kind therapy --on 2/3/2026
fragile stability-meeting 104529 --on 16/2/2026
fragile notice 104529 --given-by carer --on 23/3/2026 --ends-on 20/4/2026
task add fragile 104529 'visit the school' --owner W07 --due 20/3/2026 --on 16/2/2026
escalation raise fragile 104529 --stage 1 --to 'service manager' --reason 'no support plan' --on 16/3/2026
fragile open 104530 --on 9/3/2026 --dob 5/5/2018 --source school --indicator exclusion --team West --worker W08
placement-order open 104530 --on 6/10/2025
escalation raise placement-order 104530 --stage informal --to 'team manager' --reason 'no link' --on 30/3/2026
fragile open 104531 --on 9/3/2026 --dob 5/5/2018 --source school --indicator missing --indicator exclusion
fragile open 104533 --on 5/1/2026 --dob 5/5/2018 --source iro
fragile level 104533 --level red --reason 'heard her' --by 'team manager' --on 2/2/2026
fragile stabilised 104533 --on 2/3/2026
fragile open 104532 --on 9/3/2026 --dob 5/5/2018 --source school
child set 104529 --name 'Child A'
"""
OFFICER = {"104532": "IRO 3"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Typed:
    """Four fragile placements of one officer, one of them closed, and one of another officer."""
    typed = Typed(tmp_path_factory.mktemp("officers") / "register.db")
    for line in LIVES.strip().splitlines():
        typed.does(line)
        words = line.split()
        if words[1] == "open":
            typed.does(f"assign {words[0]} {words[2]} --iro '{OFFICER.get(words[2], 'IRO 2')}' --on {words[4]}")
    return typed


PAGE = "fragile --iro 'IRO 2'"


def blocks(text: str) -> dict[str, str]:
    """The blocks of a page by the first word of their heading."""
    return {block.split()[0]: block for block in text.split("\n\n")[1:]}


def test_the_page_reads_the_same_every_time(desk: Typed, snapshot: Callable[[str], None]) -> None:
    snapshot(desk.does(PAGE))


def test_the_worst_level_comes_first_then_the_latest_deadlines(desk: Typed) -> None:
    assert list(blocks(desk.does(PAGE)))[:3] == ["104529", "104531", "104530"]
    assert list(blocks(desk.does(f"{PAGE} --all")))[:4] == ["104529", "104531", "104530", "104533"]
    assert desk(PAGE).err == "3 of 4 shown: 3 children\n"


def test_no_line_is_wider_than_a_terminal_of_80(desk: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for line in (PAGE, f"{PAGE} --format table", f"{PAGE} --format table --names"):
        assert max(map(len, desk.does(line).splitlines())) <= 80
    assert "3 of 4 shown" in desk.does(f"{PAGE} --format table")


def test_it_says_what_was_tried_what_is_due_and_what_is_escalated_on_any_register(desk: Typed) -> None:
    found = {child: " ".join(block.split()) for child, block in blocks(desk.does(PAGE)).items()}
    assert "respite from 9 Feb 2026 to 23 Feb 2026: it did not help" in found["104529"]
    assert "therapy from 2 Mar 2026: not said whether it helped" in found["104529"]
    assert "agreed task: visit the school 20 Mar 2026 (11 days) Due notice ends 20 Apr 2026" in found["104529"]
    assert "answer was due 23 Mar 2026 (8 days over); the whole is to end by 15 Apr 2026" in found["104529"]
    assert "informal to team manager (placement-order 104530), 30 Mar 2026: no link" in found["104530"]
    assert "Tried nothing recorded" in found["104530"]


def test_the_level_is_a_checklist_whose_weights_are_named_as_our_own(desk: Typed) -> None:
    page = desk.does(PAGE)
    said = " ".join(page.split())
    assert "notice-given 5 + needs-not-met 2 + aged-12-15 1 = 8: red (notice-given is red by itself)" in said
    assert "Weights and cut-offs are our own suggestion (prompt)" in said
    assert "no prediction" in said
    assert "probab" not in page


def test_a_level_set_by_hand_says_by_whom_and_why(desk: Typed, tmp_path: Path) -> None:
    own = Typed.copy_of(desk, tmp_path / "register.db")
    own.does("fragile level 104530 --level red --reason 'heard him' --by 'team manager' --on 30/3/2026")
    said = " ".join(blocks(own.does(PAGE))["104530"].split())
    assert "104530 · RED" in said
    assert "since 30 Mar 2026: set to red by team manager: heard him (the checklist: exclusion 2 = 2: watch)" in said


def test_a_level_stands_since_it_began_however_it_came_about_later(desk: Typed, tmp_path: Path) -> None:
    own = Typed.copy_of(desk, tmp_path / "register.db")
    own.does("fragile indicator 104530 --indicator contact-distress --on 20/3/2026")
    said = " ".join(blocks(own.does(PAGE))["104530"].split())
    assert "since 9 Mar 2026: exclusion 2 + contact-distress 1 = 3: watch" in said
    assert "excluded or out of school since 9 Mar 2026; distress after contact since 20 Mar 2026" in said


def test_the_last_looked_after_review_is_told_from_a_return(desk: Typed, tmp_path: Path) -> None:
    own = Typed.copy_of(desk, tmp_path / "register.db")
    folder = tmp_path / "return"
    folder.mkdir()
    (folder / "header.csv").write_text("CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n104530,1,05/05/2018,,,,\n")
    reviews = "104530,05/05/2018,04/11/2025,PN1\n104530,05/05/2018,03/02/2026,PN1\n"
    (folder / "reviews.csv").write_text("CHILD,DOB,REVIEW,REVIEW_CODE\n" + reviews)
    own.does(f"import ssda903 {folder} --as-of 31/3/2026")
    assert "looked-after review 3 Feb 2026" in " ".join(blocks(own.does(PAGE))["104530"].split())


def test_the_page_is_as_it_was_on_any_day(desk: Typed) -> None:
    early = desk.does(f"{PAGE} --as-of 20/2/2026")
    assert list(blocks(early))[:2] == ["104533", "104529"]
    said = " ".join(blocks(early)["104529"].split())
    assert "WATCH" in said
    assert "notice" not in said
    assert "therapy" not in said
    assert "Escalated" not in said
    assert "visit the school 20 Mar 2026" in said


def test_a_file_and_a_machine_get_the_list(desk: Typed, tmp_path: Path) -> None:
    rows = json.loads(desk.does(f"{PAGE} --format json"))
    assert [row["child_id"] for row in rows] == ["104529", "104531", "104530"]
    assert desk.does(f"{PAGE} --format csv").startswith("register,child_id,period,family,stage")
    assert "<table>" in desk.does(f"{PAGE} --format html")
    desk.does(f"{PAGE} --output {tmp_path / 'page.xlsx'}")
    assert "Stability" not in desk.does(f"{PAGE} --iro 'IRO 3'")


def test_names_are_shown_only_when_they_are_asked_for(desk: Typed) -> None:
    assert "Child A" not in desk.does(PAGE)
    assert "104529 Child A · RED" in desk.does(f"{PAGE} --names")


def test_the_measures_are_over_the_officers_children_on_every_register(desk: Typed) -> None:
    said = " ".join(desk.does(PAGE).split())
    assert "Stability, from the children's own record: 3 children with an open case of IRO 2" in said
    assert "3 or more placements in the year: 0 of 0" in said
    assert "Not counted, 104529, 104530, 104531: no care on record." in said


def test_a_child_on_another_register_alone_is_counted_too(desk: Typed, tmp_path: Path) -> None:
    own = Typed.copy_of(desk, tmp_path / "register.db")
    own.does("placement-order open 104540 --on 6/10/2025 --dob 1/1/2024 --iro 'IRO 2'")
    page = own.does(PAGE)
    assert "104540" not in blocks(page)
    assert "4 children with an open case of IRO 2" in " ".join(page.split())


def test_an_officer_whom_no_case_names_is_said_to_be_nobody(desk: Typed) -> None:
    answer = desk("fragile --iro 'IRO 22'")
    assert "No case has the IRO 'IRO 22'. Did you mean IRO 2?" in answer.err
    assert "No case to show." in answer.out
    assert "Stability" not in answer.out
