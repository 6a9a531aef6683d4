"""SSDA903: files told apart by their columns, rows read exactly or refused by name, and what they say of a life."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cictrack.pathway.record import Decision
from cictrack.readers import cells
from cictrack.readers.codes import CODES
from cictrack.readers.lives import told
from cictrack.readers.refusals import Unreadable
from cictrack.readers.ssda903 import COLUMNS, files, read_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from cictrack.readers.rows import Read
    from cictrack.readers.told import Told

    Reader = Callable[..., Read]

SHARED = Path(__file__).parents[2] / "shared" / "data"
AS_AT = date(2018, 3, 31)

HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n"
EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
PLACED = "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED\n"
AD1 = "CHILD,DOB,DATE_INT,DATE_MATCH,FOSTER_CARE,NB_ADOPTR,SEX_ADOPTR,LS_ADOPTR\n"
MISSING = "CHILD,DOB,MISSING,MIS_START,MIS_END\n"
REVIEWS = "CHILD,DOB,REVIEW,REVIEW_CODE\n"
WORKERS = "CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON\n"


def episode(decom: str, rne: str = "S", ls: str = "C2", place: str = "U6", **more: str) -> str:
    cin, child = more.get("cin", "N1"), more.get("child", "00123")
    end = ",".join(more.get(name, "") for name in ("dec", "rec", "change"))
    return f"{child},{decom},{rne},{ls},{cin},{place},PR1,{end},,,\n"


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    def read_text(text: str | bytes, name: str = "file.csv") -> Read:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return read_file(path, name)

    return read_text


def life(*reads: Read, birth: date | None = None, as_at: date = AS_AT) -> Told:
    rows = [row for read in reads for row in read.rows]
    return told(rows[0].child_id, rows, birth, as_at)


def facts(of: Told, kind: str) -> list[tuple[date, dict[str, str]]]:
    return [(fact.day, dict(fact.fields)) for fact in of.facts if fact.kind == kind]


def only_reason(read: Read) -> str:
    assert not read.rows
    (refusal,) = read.refused
    return refusal.reason


# --- telling files apart ---


@pytest.mark.parametrize("table", sorted(COLUMNS))
def test_a_table_is_told_by_its_columns_whatever_its_name_and_their_order(read: Reader, table: str) -> None:
    columns = sorted(COLUMNS[table], reverse=True)
    assert read(",".join(["LA", *columns, "YEAR"]) + "\n", "anything.csv").table == table


def test_a_file_whose_columns_are_of_no_table_is_refused_as_a_file(read: Reader) -> None:
    assert "not a table of SSDA903" in only_reason(read("NAME,AGE\nx,3\n"))


def test_a_file_that_lacks_a_column_is_told_which(read: Reader) -> None:
    assert "reviews, which also has REVIEW_CODE" in only_reason(read("CHILD,DOB,REVIEW\n1,2,3\n"))


def test_a_file_whose_columns_fit_two_tables_is_refused(read: Reader) -> None:
    assert "fit reviews and oc3" in only_reason(read("CHILD,DOB,REVIEW,REVIEW_CODE,IN_TOUCH,ACTIV,ACCOM\n"))


def test_rows_of_tables_that_bring_nothing_are_counted_and_not_used(read: Reader) -> None:
    dolo = read("CHILD,DOB,DOLO_START,DOLO_END\n1,01/02/2010,01/01/2018,02/01/2018\n")
    assert (dolo.table, dolo.not_used, dolo.rows) == ("dolo", 1, ())


def test_a_folder_is_read_file_by_file_and_a_file_given_twice_once(tmp_path: Path) -> None:
    for name in ("b.csv", "a.CSV", "notes.txt", "~lock.csv"):
        (tmp_path / name).write_text("x")
    assert [name for _, name in files([tmp_path, tmp_path / "b.csv"])] == ["a.CSV", "b.csv"]


# --- exactness ---


def test_ids_are_text_and_keep_their_zeros(read: Reader) -> None:
    ids = [row.child_id for row in read(HEADER + "00123,1,01/02/2010,,,,\n 1761444.0 ,1,01/02/2010,,,,\n").rows]
    assert ids == ["00123", "1761444"]


def test_an_id_that_a_spreadsheet_rounded_is_refused(read: Reader) -> None:
    assert "rounded" in only_reason(read(HEADER + "1.76E+06,1,01/02/2010,,,,\n"))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,01/02/2010,05/06/2017,PN1,extra", "more cells (5) than the header has columns (4)"),
        ("1,01/02/2010,05/06/2017", "fewer cells (3) than the header has columns (4)"),
        ('1,01/02/2010,"05/06/2017,PN1', "a quote is opened and not closed"),
        ("1,01/02/2010,05/06/2017,P\0N1", "control characters"),
        ("1\x1b[2J,01/02/2010,05/06/2017,PN1", "control characters"),
        ("\u202e1,01/02/2010,05/06/2017,PN1", "control characters"),
        (",01/02/2010,05/06/2017,PN1", "no child id"),
        ("1#2,01/02/2010,05/06/2017,PN1", "not a child id"),
        ("1,01/02/2010,,PN1", "blank"),
        ("1,01/02/2010,#N/A,PN1", "blank"),
        ("1,01/02/2010,01/01/1900,PN1", "blank"),
        ("1,01/02/2010,06/25/2017,PN1", "say the day first"),
        ("1,01/02/2010,31/06/2017,PN1", "no such day"),
        ("1,01/02/2010,05/06/17,PN1", "not a day"),
        ("1,01/02/2010,42891,PN1", "not a day"),
        ("1,01/02/2010,05/06/0017,PN1", "cannot be right"),
        ("1,01/02/2010,05/06/2017,PN9", "no code of REVIEW_CODE in any year"),
    ],
)
def test_a_row_that_is_not_exact_is_refused_with_its_line_and_the_next_is_read(
    read: Reader, row: str, reason: str
) -> None:
    found = read(REVIEWS + "\n" + row + "\n2,01/02/2010,05/06/2017,PN1\n")
    assert [r.child_id for r in found.rows] == ["2"]
    (refusal,) = found.refused
    assert (refusal.row, reason in refusal.reason) == (3, True), refusal


def test_a_refusal_names_file_row_column_and_value(read: Reader) -> None:
    (refusal,) = read(REVIEWS + "1,01/02/2010, 05/06/2017 ,PN9\n", "reviews 2017.csv").refused
    assert refusal[:4] == ("reviews 2017.csv", 2, "REVIEW_CODE", "PN9")
    assert refusal.cells == {"CHILD": "1", "DOB": "01/02/2010", "REVIEW": " 05/06/2017 ", "REVIEW_CODE": "PN9"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"CHILD,DOB,REVIEW,DOB,REVIEW_CODE\n", "names DOB twice"),
        ((REVIEWS + "1").encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04rest", "a workbook"),
        (b"", "empty"),
        (b"CHILD;DOB;REVIEW;REVIEW_CODE\n", "not separated by commas"),
        (b"CHILD,DOB,REVIEW,REVIEW_CODE\n\x81\x8d", "neither in UTF-8 nor in Windows-1252"),
    ],
)
def test_a_file_that_cannot_be_told_apart_is_refused_whole(read: Reader, content: bytes, reason: str) -> None:
    assert reason in only_reason(read(content))


def test_a_mark_at_the_beginning_windows_text_and_every_line_ending_are_read(read: Reader) -> None:
    marked = read(b"\xef\xbb\xbf" + (REVIEWS + "1,01/02/2010,05/06/2017,PN1").replace("\n", "\r\n").encode())
    windows = read((HEADER + "1,1,01/02/2010,,caf\xe9,,\n").encode("cp1252"))
    assert (len(marked.rows), marked.encoding) == (1, "utf-8")
    assert (len(windows.rows), windows.encoding) == (1, "cp1252")


def test_rows_without_any_cell_are_no_rows(read: Reader) -> None:
    assert read(REVIEWS + ",,,\n\n1,,05/06/2017,PN1\n").rows[0].line == 4


def test_blanks_of_every_kind_around_a_cell_do_not_count(read: Reader) -> None:
    (row,) = read(REVIEWS + "\xa01 , 01/02/2010\xa0,2017-06-05 00:00:00, pn1\n").rows
    assert (row.child_id, row.days["REVIEW"], row.texts["REVIEW_CODE"]) == ("1", date(2017, 6, 5), "PN1")


# --- days ---


@given(st.dates(date(1900, 1, 2), date(2100, 12, 31)))
def test_every_day_is_read_day_first_and_iso_alike(day: date) -> None:
    assert (
        cells.day(f"{day:%d/%m/%Y}")
        == cells.day(day.isoformat())
        == cells.day(f"{day.day}/{day.month}/{day.year}")
        == day
    )


@given(st.dates(date(1901, 1, 1), date(2100, 12, 31)).filter(lambda d: d.day > 12))
def test_a_month_that_comes_first_is_never_read(day: date) -> None:
    with pytest.raises(Unreadable, match="say the day first"):
        cells.day(f"{day:%m/%d/%Y}")


def test_a_file_that_writes_the_month_first_is_not_trusted_where_it_could_be_either(read: Reader) -> None:
    rows = "".join(f"1,,06/{dd}/2017,PN1\n" for dd in ("25", "26", "27", "05", "06"))
    found = read(REVIEWS + rows)
    assert [r.row for r in found.refused] == [2, 3, 4, 5]
    assert [r.days["REVIEW"] for r in found.rows] == [date(2017, 6, 6)]


# --- codes ---


@pytest.mark.skipif(not SHARED.exists(), reason="the shared code lists are not here")
def test_the_codes_of_every_year_are_known() -> None:
    path = SHARED / "codes" / "ssda903_columns_and_codes.csv"
    names = {"social_worker": "sw_episodes"}
    with path.open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            known = CODES.get(names.get(line["table"], line["table"]))
            if known is not None and line["type"] == "category" and line["code"]:
                assert line["code"] in known[line["column"]], line


@pytest.mark.parametrize("sex", ["1", "2", "M", "F", "U", "1.0", "m", ""])
def test_both_codings_of_sex_are_read(read: Reader, sex: str) -> None:
    assert read(HEADER + f"1,{sex},01/02/2010,,,,\n").rows


@pytest.mark.parametrize("place", ["H5", "P2", "Z1", "K3", "Z11", "Z14", "A3"])
def test_places_of_old_and_new_years_are_read(read: Reader, place: str) -> None:
    assert read(EPISODES + episode("01/02/2018", place=place)).rows


# --- a life ---


def test_care_begins_with_rne_s_and_ends_only_with_a_day(read: Reader) -> None:
    of = life(
        read(
            EPISODES
            + episode("01/02/2017", dec="01/03/2017", rec="E4A")
            + episode("01/05/2017", dec="01/06/2017", rec="X1")
            + episode("01/06/2017", "L", "E1", rec="E11")
        )
    )
    assert facts(of, "care-started") == [
        (date(2017, 2, 1), {"reason": "N1"}),
        (date(2017, 5, 1), {"reason": "N1"}),
    ]
    assert facts(of, "care-ended") == [(date(2017, 3, 1), {"reason": "E4A"})]
    assert [c.why for c in of.contradictions] == ["the episode of 1 Jun 2017 has a reason for its end (E11) and no day"]


def test_a_short_break_is_no_care(read: Reader) -> None:
    of = life(read(EPISODES + episode("01/02/2017", ls="V4", dec="03/02/2017", rec="E4A")))
    assert not facts(of, "care-started")
    assert not facts(of, "care-ended")


def test_a_legal_status_is_told_when_it_changes(read: Reader) -> None:
    of = life(
        read(
            EPISODES
            + episode("01/02/2017", dec="01/03/2017", rec="X1")
            + episode("01/03/2017", "P", dec="01/04/2017", rec="X1")
            + episode("01/04/2017", "L", "E1")
        )
    )
    assert facts(of, "legal-status") == [(date(2017, 2, 1), {"code": "C2"}), (date(2017, 4, 1), {"code": "E1"})]


def test_why_a_placement_ended_stands_on_the_ending_episode_and_is_told_of_the_next(read: Reader) -> None:
    of = life(
        read(
            EPISODES
            + episode("01/02/2017", dec="01/03/2017", rec="X1", change="CREQB")
            + episode("01/03/2017", "P", place="K2")
        )
    )
    assert facts(of, "placement") == [
        (date(2017, 2, 1), {"place": "U6", "provider": "PR1", "rne": "S"}),
        (date(2017, 3, 1), {"place": "K2", "provider": "PR1", "rne": "P", "ended": "CREQB"}),
    ]


def test_date_placed_is_the_decision_and_not_the_move(read: Reader) -> None:
    of = life(
        read(EPISODES + episode("01/02/2017", ls="E1")),
        read(PLACED + "00123,01/02/2010,01/05/2017,,\n"),
    )
    assert of.life.decisions == [Decision(date(2017, 5, 1), None, "")]
    assert not any(fact.day == date(2017, 5, 1) for fact in of.facts)


def test_a_decision_given_up_keeps_its_day_and_reason(read: Reader) -> None:
    of = life(read(PLACED + "1,01/02/2010,01/05/2017,01/08/2017,RD3\n"))
    assert of.life.decisions == [Decision(date(2017, 5, 1), date(2017, 8, 1), "RD3")]


def test_the_decision_of_an_adopted_child_is_taken_from_ad1(read: Reader) -> None:
    of = life(read(AD1 + "1,01/02/2010,01/05/2017,01/07/2017,0,2,MF,L11\n"))
    assert (of.life.decisions, of.life.matches) == ([Decision(date(2017, 5, 1), None, "")], [date(2017, 7, 1)])


def test_care_before_birth_is_refused_across_files(read: Reader) -> None:
    of = life(read(HEADER + "00123,1,01/03/2017,,,,\n"), read(EPISODES + episode("01/02/2017") + episode("01/04/2017")))
    assert [(r.row, r.column, r.value) for r in of.refused] == [(2, "DECOM", "01/02/2017")]
    assert facts(of, "care-started") == [(date(2017, 4, 1), {"reason": "N1"})]


def test_care_before_the_birth_that_the_register_holds_is_refused(read: Reader) -> None:
    of = life(read(EPISODES + episode("01/02/2017")), birth=date(2017, 3, 1))
    assert len(of.refused) == 1


def test_a_child_without_a_header_is_born_on_the_day_of_any_table(read: Reader) -> None:
    assert facts(life(read(REVIEWS + "1,01/02/2010,05/06/2017,PN1\n")), "born") == [(date(2010, 2, 1), {})]


def test_missing_and_away_and_workers_are_told(read: Reader) -> None:
    of = life(
        read(MISSING + "1,,M,01/02/2018,03/02/2018\n1,,A,05/02/2018,\n"),
        read(WORKERS + "1,,SW1,01/02/2018,,MANAGE\n"),
    )
    assert facts(of, "missing") == [
        (date(2018, 2, 1), {"away": "no", "to": "2018-02-03"}),
        (date(2018, 2, 5), {"away": "yes"}),
    ]
    assert facts(of, "worker") == [(date(2018, 2, 1), {"id": "SW1"})]


def test_an_episode_that_two_returns_tell_of_is_one_with_the_later_end(read: Reader) -> None:
    of = life(
        read(EPISODES + episode("01/02/2017")), read(EPISODES + episode("01/02/2017", dec="01/05/2017", rec="E4A"))
    )
    assert len(of.life.episodes) == 1
    assert facts(of, "care-ended") == [(date(2017, 5, 1), {"reason": "E4A"})]
    assert not of.contradictions


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([episode("01/02/2017", dec="01/01/2017", rec="E4A")], "ends before it begins"),
        ([episode("01/02/2017", dec="01/03/2017")], "with no reason"),
        ([episode("01/02/2017", dec="01/03/2017", rec="X1")], "in another, and there is none"),
        ([episode("01/02/2017"), episode("01/02/2017", place="K2")], "two episodes begin on 1 Feb 2017"),
        ([episode("01/02/2017"), episode("01/05/2017")], "the care before it did not end"),
        (
            [episode("01/02/2017", dec="01/06/2017", rec="E4A"), episode("01/05/2017")],
            "the care before it lasts until 1 Jun 2017",
        ),
        (
            [episode("01/02/2017", dec="01/03/2017", rec="E4A"), episode("01/05/2017", "L")],
            "goes on with care that ended",
        ),
        (
            [episode("01/02/2017", dec="01/06/2017", rec="X1"), episode("01/05/2017", "P")],
            "while the one before it lasts",
        ),
        (
            [episode("01/02/2017", dec="01/03/2017", rec="X1"), episode("01/05/2017", "P")],
            "does not begin when the one before it ends",
        ),
        ([episode("01/02/2019")], "after the file's own day"),
    ],
)
def test_episodes_that_contradict_each_other_are_used_and_said_out_loud(
    read: Reader, rows: list[str], why: str
) -> None:
    of = life(read(EPISODES + "".join(rows)))
    assert len(of.life.episodes) == len(rows)
    assert [why in c.why for c in of.contradictions] == [True], of.contradictions


@pytest.mark.skipif(not SHARED.exists(), reason="the shared sample is not here")
def test_the_sample_return_reads_whole_but_for_what_carries_a_code_of_no_year() -> None:
    reads = {name: read_file(path, name) for path, name in files([SHARED / "ssda903"])}
    refused = {name: len(read.refused) for name, read in reads.items() if read.refused}
    assert refused == {"placed_for_adoption.csv": 29, "placed_for_adoption_errors.csv": 30, "sw_episodes.csv": 1}
    assert all(read.table for read in reads.values())
