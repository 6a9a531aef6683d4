"""The lists: what is late, what falls due, what drifts, on any day, narrowed and counted."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typed import Typed


def keys(text: str) -> list[str]:
    """The keys of a machine format, in their order."""
    return text.split()


DEADLINE = keys(
    "register child_id period family rule kind title starts_on amber_on due_on days_over unit units_over "
    "severity stage side blocking team worker manager iro locality authority exception exception_until "
    "why"
)
CASE = keys(
    "register child_id period family stage opened_on closed_on outcome severity team worker manager iro locality"
)
KEYS = {
    "overdue": DEADLINE,
    "due": DEADLINE,
    "drift": DEADLINE,
    "gaps": ["register", "child_id", "period", "family", "event", "values", "why", "team", "worker", "iro"],
    "tasks": [
        "id",
        "register",
        "child_id",
        "period",
        "family",
        "kind",
        "text",
        "owner",
        "due_on",
        "done_on",
        "days_over",
    ],
    "plo": [*CASE, "weeks", "next"],
    "placement-order": [*CASE, "days_since_order", "links", "next"],
    "fragile": [*CASE, "level", "indicators", "level_why", "support"],
    "iha": [*CASE, "blocking", "side"],
}


def rows(team: Typed, line: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(team.does(f"{line} --format json"))
    return found


def late(team: Typed, line: str) -> list[tuple[str, str]]:
    return [(row["child_id"], row["rule"]) for row in rows(team, line)]


@pytest.mark.parametrize("command", KEYS)
def test_every_list_has_the_promised_keys_in_their_order_in_json_and_csv(team: Typed, command: str) -> None:
    found = rows(team, command)
    assert list(found[0]) == KEYS[command]
    written = team.does(f"{command} --format csv")
    assert written.splitlines()[0] == ",".join(KEYS[command])
    assert len(written.splitlines()) == len(found) + 1


@pytest.mark.parametrize("command", KEYS)
def test_a_list_reads_the_same_every_time(team: Typed, command: str, snapshot: Callable[[str], None]) -> None:
    as_read = team.does(command)
    if command == "tasks":
        as_read = "\n".join(line[8:] for line in as_read.splitlines()) + "\n"
    snapshot(as_read)


def test_the_footer_says_how_many_of_how_many_are_shown_beside_the_list_in_a_pipe(team: Typed) -> None:
    assert team("overdue --team North").err == "5 of 6 shown\n"
    assert "5 of 6 shown" in team.does("overdue --team North --format markdown")


def test_what_is_due_today_is_in_time_and_late_tomorrow(team: Typed) -> None:
    assert ("104525", "plo.letter") in late(team, "due")
    assert ("104525", "plo.letter") not in late(team, "overdue")
    assert ("104525", "plo.letter") in late(team, "overdue --as-of 1/4/2026")
    assert "still to come" in team("overdue --as-of 1/4/2026").err


def test_the_worst_come_first(team: Typed) -> None:
    found = rows(team, "overdue --as-of 30/6/2026")
    rank = {"red": 0, "amber": 1, "grey": 2, "green": 3}
    order = [(rank[r["severity"]], -r["days_over"], r["register"], r["child_id"]) for r in found]
    assert order == sorted(order)


def test_within_reaches_its_last_day(team: Typed) -> None:
    report = ("104527", "iha.report")
    assert report in late(team, "due --within 7d")
    assert report not in late(team, "due --within 6d")
    assert report in late(team, "due --within 1w")
    assert report in late(team, "due --within 3wd")
    assert "no length of time" in team("due --within soon").err


def test_working_days_over_leave_out_weekends_and_bank_holidays(team: Typed) -> None:
    [letter] = [r for r in rows(team, "overdue --as-of 7/4/2026") if r["child_id"] == "104525"]
    assert (letter["due_on"], letter["days_over"], letter["units_over"]) == ("2026-03-31", 7, 3)


def test_an_exception_stands_beside_red_until_the_day_it_runs_out(team: Typed) -> None:
    def of_meeting(day: str) -> tuple[str, str | None, str | None]:
        [row] = [r for r in rows(team, f"overdue --as-of {day}") if r["rule"] == "plo.meeting"]
        return row["severity"], row["exception"], row["exception_until"]

    assert of_meeting("31/3/2026") == ("red", "court", "2026-06-30")
    assert of_meeting("30/6/2026") == ("red", "court", "2026-06-30")
    assert of_meeting("1/7/2026") == ("red", None, None)
    assert of_meeting("30/3/2026") == ("red", None, None)


def test_filters_combine(team: Typed) -> None:
    assert {r["register"] for r in rows(team, "overdue --register plo --register iha")} == {"plo"}
    assert late(team, "overdue --team North --worker W08 --authority local") == [("104524", "plo.letter")]
    assert late(team, "overdue --stage letter-sent --iro 'IRO 2' --severity red --register plo") == [
        ("104523", "plo.meeting"),
        ("104523", "plo.task"),
    ]
    assert {r["team"] for r in rows(team, "drift --team North")} == {"North"}
    assert [r["child_id"] for r in rows(team, "gaps --team South")] == ["104527"]
    assert [r["child_id"] for r in rows(team, "tasks --worker W07 --severity red")] == ["104523"]
    assert [r["child_id"] for r in rows(team, "plo --severity amber")] == ["104525"]


def test_a_team_that_no_case_ever_had_is_said_and_is_no_failure(team: Typed) -> None:
    answer = team("overdue --team Nroth")
    assert answer.status == 0
    assert answer.err == "No case has the team 'Nroth'. Did you mean North?\n0 of 6 shown\n"


def test_an_earlier_day_is_answered_from_the_events_up_to_it(team: Typed) -> None:
    assert late(team, "overdue --as-of 9/3/2026 --register plo") == []
    assert late(team, "overdue --as-of 10/3/2026 --register plo") == [("104524", "plo.letter")]
    [case] = [r for r in rows(team, "plo --as-of 4/3/2026") if r["child_id"] == "104523"]
    assert (case["stage"], case["weeks"], case["severity"]) == ("decided", 0, "green")


def test_what_was_not_yet_recorded_is_not_known(team: Typed) -> None:
    assert rows(team, "overdue --known-at 2020-01-01") == []
    assert len(rows(team, "overdue --known-at 2099-12-31")) == len(rows(team, "overdue"))


def test_closed_cases_are_shown_when_they_are_asked_for(team: Typed) -> None:
    closed = [r for r in rows(team, "plo --all") if r["closed_on"]]
    assert [(r["child_id"], r["period"], r["closed_on"], r["outcome"]) for r in closed] == [
        ("104526", 1, "2026-02-20", "stepped-down")
    ]
    assert not [r for r in rows(team, "plo") if r["closed_on"]]
    assert ("104526", None) in [(r["child_id"], r["closed_on"]) for r in rows(team, "plo --as-of 19/2/2026")]


def test_scripts_are_told_by_the_exit_status(team: Typed) -> None:
    assert team("overdue --fail-if-any").status == 3
    assert team("overdue --fail-if-any --format csv").status == 3
    assert team("overdue --fail-if-any --as-of 1/9/2025").status == 0


def test_a_names_column_only_when_names_are_asked_for(team: Typed) -> None:
    assert "name" not in rows(team, "overdue")[0]
    assert list(rows(team, "overdue --names")[0])[:3] == ["register", "child_id", "name"]


def test_a_list_goes_into_a_file_for_its_owner_alone(team: Typed, tmp_path: Path) -> None:
    path = tmp_path / "overdue.csv"
    team.does(f"overdue --output {path}")
    assert path.read_text() == team.does("overdue --format csv")
    assert os.name != "posix" or path.stat().st_mode & 0o777 == 0o600
    assert "is there already" in team(f"overdue --output {path}").err
    team.does(f"drift --output {path} --force")
    assert path.read_text() == team.does("drift --format csv")
    link = tmp_path / "link.csv"
    link.symlink_to(path)
    assert "is a link" in team(f"overdue --force --output {link}").err
    team.does(f"overdue --output {tmp_path / 'a.xlsx'}")
    assert os.name != "posix" or (tmp_path / "a.xlsx").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("name", "form"), [("a.xlsx", "json"), ("a.CSV", "plain"), ("a.md", "html")])
def test_a_format_and_an_ending_that_contradict_each_other_are_wrong_usage(
    team: Typed, tmp_path: Path, name: str, form: str
) -> None:
    said = team.is_refused(f"overdue --output {tmp_path / name} --format {form}", status=2)
    assert f"by its ending, and --format says {form}: leave one of them out" in said
    assert not list(tmp_path.iterdir())


def test_stages_and_severities_of_the_summary_sum_to_what_is_open(team: Typed) -> None:
    for day in ("31/3/2026", "10/3/2026", "19/2/2026", "1/9/2026"):
        found = json.loads(team.does(f"summary --format json --as-of {day}"))
        assert list(found) == ["as_of", "registers"]
        for register in found["registers"]:
            assert list(register) == ["register", "open", "stages", "severity", "newly_red"]
            assert sum(register["stages"].values()) == sum(register["severity"].values()) == register["open"]
            assert list(register["severity"]) == ["green", "amber", "red", "grey"]
            assert register["open"] == len(rows(team, f"{register['register']} --as-of {day}"))


def test_newly_red_is_what_was_not_red_seven_days_before(team: Typed) -> None:
    def newly(day: str) -> int:
        found = json.loads(team.does(f"summary --format json --register plo --as-of {day}"))
        return int(found["registers"][0]["newly_red"])

    assert [newly(f"{day}/3/2026") for day in (9, 10, 16, 17)] == [0, 1, 1, 0]


def test_the_summary_ends_in_what_to_type_next(team: Typed, snapshot: Callable[[str], None]) -> None:
    snapshot(team.does(""))
    assert team.does("summary") == team.does("")


def test_one_child_is_shown_across_all_registers(team: Typed, snapshot: Callable[[str], None]) -> None:
    found = json.loads(team.does("show 104523 --format json"))
    assert {"child_id", "dob", "edd", "cases", "deadlines", "tasks", "events"} <= set(found)
    assert list(found["deadlines"][0]) == DEADLINE
    assert [e["kind"] for e in found["events"]] == ["born", "decision", "letter", "task", "exception"]
    assert "No child 10452. Close: 104527, 104528, 104529." in team("show 10452").err
    snapshot(_without_ids(team.does("show 104523")))


def _without_ids(text: str) -> str:
    import re

    return re.sub(r"(?m)^[0-9a-f]{6}(?=  plo)", "......", text)
