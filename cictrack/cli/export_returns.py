"""`export census` and `export ssd`: what registers declare for a return, in the return's own columns."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import click

from cictrack.cli.export_end import FORCE, ending_in, give, give_folder
from cictrack.cli.options import reading
from cictrack.cli.output import ANY_ROWS, fail_if_any
from cictrack.cli.reading import of_its_days
from cictrack.errors import Refused
from cictrack.pathway.clocks import spoken
from cictrack.pathway.exports import Asked
from cictrack.render.csv import render as as_csv
from cictrack.reports.returns import listing, said_of, table, tables
from cictrack.reports.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cictrack.cli.options import Reading
    from cictrack.reports.returns import Table

BLOCK_SINCE = 2026
"""The first census year that has the block: 2026-27."""


class _CensusYear(click.ParamType[date]):
    """A census year, 1 April to 31 March, as its first day."""

    name = "year"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        read = re.fullmatch(r"(20\d\d)[-/](\d\d)", str(value).strip(), re.ASCII)
        if read is None or (int(read[1]) + 1) % 100 != int(read[2]):
            self.fail(f"{value!r} is no census year: write 2026-27, for 1 April 2026 to 31 March 2027", param, ctx)
        return date(int(read[1]), 4, 1)


def _year_of(day: date) -> date:
    """The first day of the census year that `day` is in."""
    first = date(day.year, 4, 1)
    return first if first <= day else date(day.year - 1, 4, 1)


@click.command(epilog="Example: cictrack export census --year 2025-26 --output pre-proceedings.xml")
@reading(filters=False, output=False)
@click.option("--year", type=_CensusYear(), metavar="YEAR", help="The census year, as 2026-27 (the one that runs).")
@click.option(
    "--without",
    multiple=True,
    type=click.Choice(tuple(check.code for _, export in tables("census").values() for check in export.checks)),
    help="Leave out the rows that break this rule: 9005 those begun before the year.",
)
@click.option("--format", "form", type=click.Choice(("csv", "xml")), help="How it is written (csv).")
@click.option("--output", "into", callback=ending_in(".csv", ".xml"), metavar="FILE", help="Into FILE.csv or FILE.xml.")
@FORCE
@fail_if_any
def census(
    asked: Reading,
    *,
    year: date | None,
    without: tuple[str, ...],
    form: str | None,
    into: str | None,
    fail_if_any: bool,
) -> int:
    """Give the pre-proceedings block of the children in need census, for cases open at some time in a census year.

    The position is that of the year's last day, or of today while the year runs. The national rules known run first:
    a row that breaks one is written all the same, and is listed on stderr; with --fail-if-any that is status 3.
    The specification was read from an open validator: check it against the department's.
    """
    if form and into not in (None, "-") and not str(into).lower().endswith(f".{form}"):
        raise click.UsageError(
            f"--output {into} and --format {form} contradict each other: leave one of them out",
            click.get_current_context(),
        )
    first = year or _year_of(asked.as_of)
    last = date(first.year + 1, 3, 31)
    if first > asked.as_of:
        raise Refused(f"The census year {_called(first)} begins on {spoken(first)}, after {spoken(asked.as_of)}.")
    ((register, export),) = tables("census").values()
    every = table(asked.db, register, export, Asked(first, min(last, asked.as_of)))
    found = every.without(without)
    xml = (form or (into or "").lower().rpartition(".")[2]) == "xml"
    left_out = len(every.rows) - len(found.rows)
    notes = [*of_its_days(asked, first), *_of_the_census(first, asked.as_of, found, without, left_out)]
    text = _as_xml(found, last) if xml else "".join(as_csv(listing(found, day_first=False)))
    give([text], rows=len(found.rows), into=into, force=asked.force, notes=notes)
    return ANY_ROWS if fail_if_any and found.failing else 0


def _as_xml(found: Table, last: date) -> str:
    from cictrack.render.census import render

    return render(listing(found, day_first=False), last, found.export.told)


def _of_the_census(first: date, as_of: date, found: Table, without: Sequence[str], left_out: int) -> list[str]:
    """What is said beside the block: which year, what it rests on, what was left out, and what breaks a rule."""
    told = [*_of_the_year(first, as_of), *found.export.told]
    if not found.rows:
        told.append(found.export.empty)
    if left_out:
        told.append(f"Left out: {counted(left_out, 'row')} that would break {' or '.join(without)}.")
    return [*told, *said_of(found)]


def _called(first: date) -> str:
    return f"{first.year}-{(first.year + 1) % 100:02}"


def _of_the_year(first: date, as_of: date) -> list[str]:
    said = [f"Census year {_called(first)}, cases open at some time in it."]
    if as_of < date(first.year + 1, 3, 31):
        said = [f"Census year {_called(first)} so far: cases open at some time in it, up to {spoken(as_of)}."]
    if first.year < BLOCK_SINCE:
        said.append("The census has this block from 2026-27 on.")
    return said


@click.command(epilog="Example: cictrack export ssd --output ssd")
@reading(filters=False, output=False)
@click.option("--table", "name", type=click.Choice(tuple(tables("ssd"))), help="One table alone (all).")
@click.option("--output", "folder", metavar="FOLDER", help="Into a folder, a file for each; one table: FILE.csv.")
@FORCE
def ssd(asked: Reading, *, name: str | None, folder: str | None) -> None:
    """Give the tables of the Standard Safeguarding Dataset that the registers know of, as csv.

    Every column of the dataset is there, in its order; what the registers do not hold is blank. Days are DD/MM/YYYY.
    Every case that opened by the day is in it, the closed ones too.
    """
    if name is not None:
        ending_in(".csv")(click.get_current_context(), _param("folder"), folder)
    elif folder in (None, "-") or str(folder).lower().endswith(".csv"):
        raise click.UsageError("all tables go into a folder: give --output FOLDER, or one of them by --table")
    asked_for = Asked(date.min, asked.as_of)
    of = tables("ssd")
    found = {one: table(asked.db, *of[one], asked_for) for one in ([name] if name else of)}
    texts = {f"{one}.csv": "".join(as_csv(listing(rows, day_first=True))) for one, rows in found.items()}
    rows = sum(len(one.rows) for one in found.values())
    notes = [*of_its_days(asked, asked_for.since), *_of_tables(found)]
    if name is None:
        give_folder(texts, rows=rows, into=str(folder), force=asked.force, notes=notes)
    else:
        give(texts.values(), rows=rows, into=folder, force=asked.force, notes=notes)


def _of_tables(found: dict[str, Table]) -> list[str]:
    return [f"{name}: {line}" for name, one in found.items() for line in said_of(one)] + [
        line for one in found.values() for line in one.export.told
    ]


def _param(name: str) -> click.Parameter:
    return next(param for param in click.get_current_context().command.params if param.name == name)
