"""What an authority sets for itself counts from a day on: a case keeps the dates it had, and what moves is said."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_lives import derived, empty_register, event, lives, record
from terminal import on_a_terminal
from typed import Typed

from cictrack.pathway.settable import Setting, fits, longer_than_the_law, read_value, settable
from cictrack.pathway.settings import DEFAULT, Settings
from cictrack.registers import registers
from cictrack.store import schema
from cictrack.store.derive import rebuild
from cictrack.store.events import settings_of
from cictrack.store.foreseen import Foreseen, foreseen, preview, write
from cictrack.store.opening import open_register
from cictrack.store.writing import writing

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from cictrack.pathway.events import Event
    from cictrack.pathway.settings import Value
    from cictrack.store.foreseen import Plan
    from cictrack.working_days import Amount

BY = "--by 'Head of service'"
EVERY = settable(registers())


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    """Two cases in pre-proceedings, the one decided in February, the other in March, and no letter to either."""
    typed = Typed(tmp_path / "register.db")
    typed.does("plo open 104523 --on 23/2/2026 --dob 14/8/2019 --team North --worker W07")
    typed.does("plo open 104524 --on 23/3/2026 --dob 1/2/2021 --team North --worker W08")
    return typed


def found(typed: Typed, line: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(typed.does(f"{line} --format json"))
    return rows


def due(typed: Typed, child_id: str, rule: str = "letter") -> str:
    [row] = found(typed, f"explain plo {child_id} {rule}")
    return str(row["due_on"])


def rule(typed: Typed, name: str, options: str = "") -> dict[str, Any]:
    return next(row for row in found(typed, f"rules {options}") if row["rule"] == name)


def test_every_rule_alert_weight_and_cut_off_is_listed_with_whose_it_is(typed: Typed) -> None:
    rows = found(typed, "rules")
    assert [row["rule"] for row in rows] == list(EVERY)
    assert {clock.name for register in registers().values() for clock in register.clocks} <= set(EVERY)
    assert list(rows[0])[:10] == [
        *("rule", "title", "register", "kind", "default", "local", "from", "by", "authority", "source"),
    ]
    assert all(row["title"] and row["authority"] and row["source"] for row in rows)
    assert {row["register"] for row in rows} == {*registers(), ""}
    assert rule(typed, "plo.letter") == {
        "rule": "plo.letter",
        "title": "letter before proceedings",
        "register": "plo",
        "kind": "deadline",
        "default": "5 working days",
        "local": None,
        "from": None,
        "by": None,
        "authority": "local",
        "source": "practice is 2 to 10 days; solicitors' guides say five",
        "counts_from": "decision",
        "later": None,
    }
    kinds = {
        name: rule(typed, name)["kind"] for name in ("plo.stale", "plo.task", "fragile.red-from", "fgdm_duty_from")
    }
    assert list(kinds.values()) == ["drift", "task", "cut-off", "day"]
    assert rule(typed, "fragile.weight.missing")["default"] == 3


def test_the_engine_asks_for_no_setting_that_is_not_listed() -> None:
    class Listening(Settings):
        def own(self, name: str, day: date) -> Value | None:
            assert name in EVERY, name
            return super().own(name, day)

        def amount(self, rule: str, day: date, default: Amount) -> Amount:
            assert str(default) == EVERY[rule].default, rule
            return super().amount(rule, day, default)

        def number(self, name: str, day: date, default: int) -> int:
            assert default == EVERY[name].usual, name
            return super().number(name, day, default)

        def commenced(self, name: str) -> date | None:
            assert name in EVERY
            return super().commenced(name)

    from cictrack.pathway.child import evaluate_child

    held = settings_of(empty_register())

    @given(lives())
    def every_life(events: list[Event]) -> None:
        evaluate_child(registers(), events, Listening(held.calendar))

    every_life()


def test_rules_are_narrowed_to_a_register_and_to_an_authority(typed: Typed) -> None:
    assert {row["register"] for row in found(typed, "rules --register plo")} == {"plo"}
    rows = found(typed, "rules --authority statute")
    assert {row["authority"] for row in rows} == {"statute"}
    assert "iha.assessed" in {row["rule"] for row in rows}
    assert typed("rules --register plo --register iha").err.endswith(f"of {len(EVERY)} shown\n")
    assert "there is no register 'pol'" in typed.is_refused("rules --register pol", status=2)


@pytest.mark.parametrize("fmt", ["table", "plain", "csv", "markdown", "html"])
def test_the_list_is_read_in_every_format(typed: Typed, fmt: str) -> None:
    assert "plo.letter" in typed.does(f"rules --format {fmt}")


def test_a_rule_that_is_set_counts_for_what_is_anchored_on_or_after_its_day(typed: Typed) -> None:
    before = due(typed, "104523")
    out = typed.does(f"rules set plo.letter '10 working days' {BY} --from 23/3/2026 --yes")
    assert out == (
        "plo.letter (letter before proceedings) is 10 working days in place of its default, 5 working days,"
        " from Monday 23 March 2026 on.\n"
        "1 open deadline moves: none becomes red, and 1 red one no longer is.\n"
        "  plo 104524: letter before proceedings, due Wednesday 8 April 2026, was Monday 30 March 2026: no longer red\n"
        "Recorded.\n"
    )
    assert (due(typed, "104523"), due(typed, "104524")) == (before, "2026-04-08")
    [row] = found(typed, "explain plo 104524 letter")
    assert row["local"] == "10 working days"
    assert found(typed, "explain plo 104523 letter")[0]["local"] is None
    said = rule(typed, "plo.letter")
    assert (said["local"], said["from"], said["by"]) == ("10 working days", "2026-03-23", "Head of service")
    assert rule(typed, "plo.letter", "--as-of 22/3/2026")["local"] is None
    assert rule(typed, "plo.letter", "--as-of 22/3/2026")["later"] == "10 working days from 2026-03-23"


def test_a_reset_is_a_return_to_the_default_from_a_day_and_history_stands(typed: Typed) -> None:
    typed.does(f"rules set plo.letter '10 working days' {BY} --from 1/1/2026 --yes")
    out = typed.does(f"rules reset plo.letter {BY} --from 1/3/2026 --yes")
    assert out.startswith(
        "plo.letter (letter before proceedings) returns to its default, 5 working days, from Sunday 1 March 2026 on.\n"
        "1 open deadline moves: 1 becomes red, and every red one stays red.\n"
    )
    assert "due Monday 30 March 2026, was Wednesday 8 April 2026: becomes red\n" in out
    assert (due(typed, "104523"), due(typed, "104524")) == ("2026-03-09", "2026-03-30")
    assert "has its default" in typed.is_refused(f"rules reset plo.letter {BY} --from 1/4/2026 --yes")
    assert rule(typed, "plo.letter")["local"] is None
    assert rule(typed, "plo.letter", "--as-of 28/2/2026")["local"] == "10 working days"
    assert found(typed, "explain plo 104524 letter")[0]["local"] is None
    history = found(typed, "rules --history")
    assert [(row["rule"], row["value"], row["from"], row["by"]) for row in history] == [
        ("plo.letter", "10 working days", "2026-01-01", "Head of service"),
        ("plo.letter", DEFAULT, "2026-03-01", "Head of service"),
    ]
    assert {row["recorded_by"] for row in history} == {"tester"}
    assert all(row["recorded_at"].endswith("Z") for row in history)
    assert found(typed, "rules --history --register iha") == []


def test_what_would_be_due_today_is_in_time(typed: Typed) -> None:
    out = typed.does(f"rules set plo.letter '6 working days' {BY} --from 23/3/2026 --dry-run")
    assert "due Tuesday 31 March 2026, was Monday 30 March 2026: no longer red\n" in out


def test_what_counts_already_is_not_set_again(typed: Typed) -> None:
    said = typed.is_refused(f"rules set plo.letter '5 Working  Days' {BY} --from 1/3/2026 --yes")
    assert said == "plo.letter is 5 working days on 1 Mar 2026, its default. Nothing was recorded."
    said = typed.is_refused(f"rules reset plo.letter {BY} --from 1/3/2026 --yes")
    assert said == "plo.letter has its default on 1 Mar 2026 already: 5 working days. Nothing was recorded."
    typed.does(f"rules set plo.letter '2 weeks' {BY} --from 1/3/2026 --yes")
    assert "set already" in typed.is_refused(f"rules set plo.letter '2 weeks' {BY} --from 9/3/2026 --yes")
    typed.does(f"rules set plo.letter '2 weeks' {BY} --from 9/2/2026 --yes")


def test_a_value_that_stands_from_a_later_day_is_said(typed: Typed) -> None:
    typed.does(f"rules set plo.letter '2 weeks' {BY} --from 1/9/2026 --yes")
    out = typed.does(f"rules set plo.letter '8 working days' {BY} --from 1/3/2026 --dry-run")
    assert "from Sunday 1 March 2026 on, until Tuesday 1 September 2026.\n" in out


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("plo.leter", "5 days", "There is no rule 'plo.leter'. Did you mean plo.letter"),
        ("letter", "5 days", "Did you mean plo.letter?"),
        ("xyzzy", "5 days", "There is no rule 'xyzzy'. List them: cictrack rules"),
        ("plo.letter", "5", "is not an amount of time"),
        ("plo.letter", "5 fortnights", "is not an amount of time"),
        ("plo.letter", "soon", "is not an amount of time"),
        ("plo.letter", "", "is not an amount of time"),
        ("plo.letter", "-5 days", "is not an amount of time"),
        ("plo.letter", "1.5 weeks", "is not an amount of time"),
        ("plo.letter", "0 working days", "is no time at all: write at least 1 working day."),
        ("plo.letter", "default", "is not an amount of time"),
        ("fragile.red-from", "0", "a whole number from 1 to 9,999"),
        ("fragile.red-from", "-1", "a whole number from 1 to 9,999"),
        ("fragile.weight.moves", "2 days", "a whole number from 1 to 9,999"),
        ("fragile.weight.moves", "²", "a whole number from 1 to 9,999"),
        ("fragile.notice-days", "28 days", "a whole number from 1 to 9,999"),
        ("fgdm_duty_from", "soon", "'soon' is no day that is read here"),
        ("plo.task", "5 days", "plo.task has no amount of its own to set: it counts from each task's own day."),
    ],
)
def test_what_cannot_be_counted_with_is_refused_in_a_sentence(typed: Typed, name: str, value: str, why: str) -> None:
    assert why in typed.is_refused(f"rules set --yes {BY} --from 1/3/2026 -- {name} '{value}'")


@pytest.mark.parametrize("value", ["21 working days", "28 days", "4 weeks", "1 month"])
def test_the_laws_amount_is_not_lengthened_in_whatever_unit(typed: Typed, value: str) -> None:
    said = typed.is_refused(f"rules set iha.assessed '{value}' {BY} --from 1/3/2026 --yes")
    assert said.startswith("iha.assessed is the law's (Care Planning, Placement and Case Review")
    assert f"{value} end later than 20 working days. Nothing was recorded." in said


def test_the_laws_amount_may_be_shortened_and_its_own_is_shown_beside_it(typed: Typed) -> None:
    typed.does("iha open 104523 --on 2/3/2026")
    out = typed.does(f"rules set iha.assessed '15 working days' {BY} --from 1/3/2026 --yes")
    assert "is 15 working days in place of the law's own, 20 working days, from Sunday 1 March 2026 on" in out
    row = rule(typed, "iha.assessed")
    assert (row["default"], row["local"], row["authority"]) == ("20 working days", "15 working days", "statute")
    said = typed.does("explain iha 104523 assessed")
    assert "15 working days: the authority's own setting, in place of 20 working days" in said
    typed.does(f"rules set iha.assessed '20 working days' {BY} --from 1/6/2026 --yes")


@given(st.sampled_from([s for s in EVERY.values() if s.authority == "statute"]), st.dates(date(2020, 1, 1)))
@settings(max_examples=30, deadline=None)
def test_no_amount_of_the_law_is_longer_than_itself(setting: Setting, since: date) -> None:
    calendar = settings_of(empty_register()).calendar
    if since.year < 2100:
        assert longer_than_the_law(calendar, setting, setting.default, since) is None


def test_a_day_that_is_set_is_one_fact_and_setting_it_anew_corrects_it(typed: Typed) -> None:
    typed.does("plo letter 104523 --on 25/2/2026")
    typed.does("plo meeting 104523 --on 26/2/2026")
    typed.does("plo step 104523 --on 2/3/2026 --outcome issue")

    def authority(day: str) -> set[str]:
        of_list = {r["authority"] for r in found(typed, f"drift --as-of {day}") if r["rule"] == "plo.fgdm"}
        [explained] = found(typed, f"explain plo 104523 fgdm --as-of {day}")
        assert of_list == {explained["authority"]}
        assert of_list == {rule(typed, "plo.fgdm", f"--as-of {day}")["authority"]}
        return of_list

    assert authority("31/3/2026") == {"prompt"}
    out = typed.does(f"rules set fgdm_duty_from 20/3/2026 {BY} --from 1/6/2026 --yes")
    assert out.startswith("fgdm_duty_from (the day the duty to offer family group decision making begins) is Friday 20")
    assert (authority("19/3/2026"), authority("20/3/2026")) == ({"prompt"}, {"statute"})
    typed.does(f"rules set fgdm_duty_from 10/3/2026 {BY} --from 1/3/2026 --yes")
    assert (authority("9/3/2026"), authority("10/3/2026")) == ({"prompt"}, {"statute"})
    assert [row["remark"] for row in found(typed, "rules --history")] == [
        "counts no longer",
        "in the place of what was recorded before",
    ]
    typed.does(f"rules reset fgdm_duty_from {BY} --from 1/3/2026 --yes")
    assert authority("31/3/2026") == {"prompt"}
    assert rule(typed, "fgdm_duty_from")["local"] is None
    typed.does(f"rules set fgdm_duty_from 10/3/2026 {BY} --from 1/3/2026 --yes")
    assert authority("10/3/2026") == {"statute"}


def test_an_alert_says_the_amount_it_was_counted_by(typed: Typed) -> None:
    typed.does(f"rules set plo.no-meeting '20 working days' {BY} --from 1/1/2026 --yes")
    [row] = [r for r in found(typed, "drift") if r["rule"] == "plo.no-meeting"]
    assert (row["why"], row["starts_on"]) == ("no effective meeting 20 working days after the decision", "2026-03-23")


def test_an_extension_is_later_than_the_end_that_was_set(typed: Typed) -> None:
    typed.does(f"rules set plo.end '26 weeks' {BY} --from 1/1/2026 --yes")
    extend = "plo extension 104523 --to 6/7/2026 --agreed-by 'Head of service' --reason court"
    assert "no later than the end it replaces, 24 Aug 2026" in typed.is_refused(extend)


def test_in_a_pipe_it_is_not_done_without_yes_and_dry_run_writes_nothing(typed: Typed) -> None:
    line = f"rules set plo.letter '10 working days' {BY} --from 1/3/2026"
    assert "add --yes, or --dry-run" in typed.is_refused(line)
    before = typed.path.read_bytes()
    out = typed.does(f"{line} --dry-run")
    assert out.endswith("Nothing was written (--dry-run).\n")
    assert typed.path.read_bytes() == before
    assert typed.does(f"{line} --yes").splitlines()[:-1] == out.splitlines()[:-1]


SET = "rules set plo.letter '10 working days' --by Head --from 2026-03-23"


def test_declined_it_leaves_the_file_as_it_was_to_the_byte(typed: Typed) -> None:
    before = typed.path.read_bytes()
    status, said = on_a_terminal(typed, SET, "n")
    assert (status, "1 open deadline moves" in said, "Nothing was recorded" in said) == (1, True, True)
    assert typed.path.read_bytes() == before


def test_what_another_records_while_it_is_asked_is_not_lost(typed: Typed) -> None:
    status, said = on_a_terminal(typed, SET, "y", lambda: typed.does("note plo 104523 'telephoned'"))
    assert (status, "Recorded." in said) == (0, True), said
    assert due(typed, "104524") == "2026-04-08"
    assert found(typed, "history plo 104523")[-1]["fields"] == {"note": "telephoned"}


def test_what_another_records_that_changes_the_answer_is_asked_about_again(typed: Typed) -> None:
    def meanwhile() -> None:
        typed.does("plo open 104525 --on 24/3/2026 --dob 1/2/2021")

    status, said = on_a_terminal(typed, SET, "y", meanwhile)
    assert (status, "Somebody has recorded meanwhile" in said) == (1, True), said
    assert found(typed, "rules --history") == []
    assert due(typed, "104525") == "2026-03-31"


def test_what_would_move_is_worked_out_while_another_writes(typed: Typed) -> None:
    writer, other = open_register(typed.path, write=True), open_register(typed.path, write=True)
    plan = _planned(event("settings", "rule", date(2026, 3, 23), "", name="plo.letter", value="10 working days"))
    with writing(writer):
        shown = preview(other, plan, date(2026, 3, 31))
    write(other, plan, shown, date(2026, 3, 31))
    assert due(typed, "104524") == "2026-04-08"


def _planned(*events: Event) -> Plan:
    return lambda _db: events


TODAY = date(2025, 12, 1)
_TABLE = schema.OF_A_CHILD[2]


def position(db: sqlite3.Connection) -> tuple[dict[Any, str], set[Any], set[Any]]:
    """The open deadlines by what they are and their due days, those that are red, and the alerts that stand."""
    day = TODAY.isoformat()
    query = """SELECT child_id, register, period, rule, of, anchor, anchor_on, min(due_on), max(past = 'red' AND
        due_on < ?1 AND starts_on <= ?1) FROM deadlines WHERE kind != 'drift' AND coalesce(met_on, '9') > ?1 AND
        coalesce(stopped_on, '9') > ?1 AND coalesce(lapses_on, '9') > ?1 AND starts_on <= ?1 GROUP BY 1,2,3,4,5,6,7"""
    rows = db.execute(query, (day,)).fetchall()
    alerts = """SELECT child_id, register, period, rule, of, anchor, anchor_on FROM deadlines WHERE kind = 'drift' AND
        coalesce(met_on, '9') > ?1 AND coalesce(stopped_on, '9') > ?1 AND coalesce(lapses_on, '9') > ?1
        AND starts_on <= ?1"""
    standing = set(db.execute(alerts, (day,)).fetchall())
    return {row[:7]: row[7] for row in rows}, {row[:7] for row in rows if row[8]}, standing


def some_changes() -> st.SearchStrategy[list[Event]]:
    amounts = st.builds("{} {}".format, st.integers(1, 40), st.sampled_from(["days", "weeks", "working days"]))
    since = st.dates(date(2025, 1, 1), date(2026, 6, 1))

    def of(setting: Setting) -> st.SearchStrategy[Event]:
        values = amounts.map(str) if setting.form == "amount" else st.integers(1, 12)
        build = lambda day, value: event("settings", "rule", day, "", name=setting.name, value=value)  # noqa: E731
        return st.builds(build, since, values)

    counted = [s for s in EVERY.values() if s.form not in {"", "day"}]
    closed = since.map(lambda day: event("settings", "closure", day, "", name="shut"))
    return st.lists(st.sampled_from(counted).flatmap(of) | closed, min_size=1, max_size=4)


@pytest.mark.slow
@given(lives(), lives("104524"), some_changes())
def test_what_was_foreseen_is_what_then_happens(one: list[Event], other: list[Event], change: list[Event]) -> None:
    db = empty_register()
    record(db, *one, *other)
    due_before, red_before, standing_before = position(db)
    plan = _planned(*change)
    shown = preview(db, plan, TODAY)
    assert not db.in_transaction
    assert position(db) == (due_before, red_before, standing_before)
    write(db, plan, shown, TODAY)
    due_after, red_after, standing_after = position(db)
    seen = shown.found
    assert seen.reddened == len(red_after - red_before)
    assert seen.eased == len(red_before - red_after)
    moved = {key for key in due_before.keys() | due_after.keys() if due_before.get(key) != due_after.get(key)}
    assert seen.moved >= len(moved)
    assert seen.alerts_begun == len(standing_after - standing_before)
    assert seen.alerts_ended == len(standing_before - standing_after)
    assert foreseen(db, (), TODAY) == NOTHING


NOTHING = Foreseen(0, 0, 0, 0, 0, 0, 0, 0, 0, ())


@given(lives(), some_changes())
@settings(max_examples=40, deadline=None)
def test_a_rebuild_gives_the_rows_that_a_setting_wrote(events: list[Event], change: list[Event]) -> None:
    db = empty_register()
    record(db, *events)
    record(db, *change)
    written = derived(db)
    with writing(db):
        rebuild(db)
    assert derived(db) == written
    other = empty_register()
    record(other, *change)
    record(other, *events)
    assert derived(other) == written


@given(st.sampled_from(list(EVERY.values())), st.integers() | st.text(max_size=20) | st.none() | st.booleans())
def test_only_what_can_be_counted_with_fits_a_setting(setting: Setting, value: object) -> None:
    db = empty_register()
    if fits(setting, value):
        record(db, event("settings", "rule", date(2026, 1, 1), "", name=setting.name, value=value))
    if isinstance(value, str) and value not in {"", DEFAULT}:
        try:
            read = read_value(setting, value, date.fromisoformat)
        except ValueError:
            return
        assert fits(setting, read)


@given(lives(), st.sampled_from(list(EVERY)), st.sampled_from(["rain", "", 3, "0001-01-01", "3 days", DEFAULT]))
def test_whatever_a_merge_brings_as_a_value_the_engine_counts_on(events: list[Event], name: str, value: object) -> None:
    db = empty_register()
    record(db, *events, event("settings", "rule", date(2025, 1, 1), "", name=name, value=value))


def test_settings_are_carried_to_another_register_by_its_lines(typed: Typed, tmp_path: Path) -> None:
    typed.does(f"rules set plo.letter '10 working days' {BY} --from 1/3/2026 --yes")
    typed.does(f"rules reset plo.letter {BY} --from 1/6/2026 --yes")
    typed.does(f"rules set fragile.weight.moves 4 {BY} --from 1/6/2026 --yes")
    typed.does(f"rules set fgdm_duty_from 20/3/2026 {BY} --from 1/6/2026 --yes")
    typed.does(f"export events --output {tmp_path / 'all.jsonl'}")
    other = Typed(tmp_path / "other.db")
    other.does(f"import events {tmp_path / 'all.jsonl'}")
    assert found(other, "rules") == found(typed, "rules")
    assert found(other, "rules --history") == found(typed, "rules --history")


def test_a_weight_says_whose_level_it_changes_where_no_deadline_moves(typed: Typed) -> None:
    for child_id, indicator in (("1", "needs-not-met"), ("2", "exclusion")):
        typed.does(f"fragile open {child_id} --on 9/3/2026 --dob 1/1/2010 --source carer --indicator {indicator}")
    line = f"rules set fragile.weight.needs-not-met 5 {BY} --from 9/3/2026"
    out = typed.does(f"{line} --dry-run")
    assert "Another level for 1 of 2 open cases: fragile 1 from watch to amber.\n" in out
    assert "No level changes, of 2 open cases.\n" in typed.does(
        f"rules set fragile.weight.moves 5 {BY} --from 9/3/2026 --dry-run"
    )
    typed.does(f"{line} --yes")
    assert {row["child_id"]: row["level"] for row in found(typed, "fragile")} == {"1": "amber", "2": "watch"}
