"""The charts of a pack: stages, timeliness month by month, how long families have waited, who has waited longest."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from cictrack.pathway.measures import Period, each, figure, year_to
from cictrack.render.chart import Chart, Line, Mark
from cictrack.reports.kpi import parts, things_of
from cictrack.reports.summary import stages_of
from cictrack.reports.words import MONTHS, counted
from cictrack.store.cases import cases

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence

    from cictrack.pathway.declare import Register
    from cictrack.pathway.measures import Measure
    from cictrack.reports.summary import Summary
    from cictrack.store.filters import Filters

LONGEST = 10
WEEK = 7


def charts(db: sqlite3.Connection, summary: Summary, filters: Filters) -> list[Chart]:
    """What can be drawn of the registers of a summary: nothing of one without cases."""
    found: list[Chart] = []
    for register, count in summary.registers:
        if count.open:
            found.append(_stages(register, stages_of(register, count)))
        for measure in register.measures:
            found += _of_measure(db, register, measure, summary.day, filters)
        if count.open:
            found.append(_longest(db, register, summary.day, filters))
    return found


def _stages(register: Register, stages: Sequence[tuple[str, int]]) -> Chart:
    most, number = max(stages, key=lambda stage: stage[1])
    total = sum(n for _, n in stages)
    said = f"{register.name}: {number:,} of {counted(total, 'open case')} {'is' if number == 1 else 'are'} at {most}"
    return Chart(said, "bars", "open cases", [Mark(stage, n) for stage, n in stages], of="stage")


def _of_measure(
    db: sqlite3.Connection, register: Register, measure: Measure, day: date, filters: Filters
) -> Iterator[Chart]:
    lines = [Line(value, said) for value, said in measure.lines]
    if measure.charted == "months":
        year = Period(year_to(day).replace(day=1), day, day)
        things = _things(db, register, measure, year, filters)
        months = [(part, figure(measure, things, part)) for part in parts(year, "month")]
        marks = [Mark(_month(part.first, first=not n), told.value) for n, (part, told) in enumerate(months)]
        if any(mark.value is not None for mark in marks):
            yield Chart(_timely(register, measure, months), "series", measure.unit, marks, lines, "month")
    elif measure.charted == "each":
        now = Period(day, day, day)
        things = _things(db, register, measure, now, filters)
        values, _ = each(measure, things, now)
        if values:
            yield Chart(_spread(register, measure, values), "strip", measure.unit, _marks(values), lines, "each")


def _things(
    db: sqlite3.Connection, register: Register, measure: Measure, period: Period, filters: Filters
) -> Sequence[Any]:
    return things_of(db, register, period, filters, [measure])[measure.looks_at][""]


def _timely(register: Register, measure: Measure, months: Sequence[tuple[Period, Any]]) -> str:
    part, last = next((part, told) for part, told in reversed(months) if told.value is not None)
    month = f"{MONTHS[part.first.month - 1]} {part.first.year}"
    share = f"{last.value:g}{measure.unit} in {month} ({last.numerator} of {last.denominator})"
    return f"{register.name}: {share} {measure.title}"


def _spread(register: Register, measure: Measure, values: Sequence[float]) -> str:
    beyond = [f"{sum(value > limit for value in values)} beyond {limit:g} {measure.unit}" for limit, _ in measure.lines]
    return f"{register.name}: of {counted(len(values), 'case')} {measure.title}, {' and '.join(beyond)}"


def _marks(values: Sequence[float]) -> list[Mark]:
    return [Mark(str(n), round(value, 1)) for n, value in enumerate(sorted(values, reverse=True), 1)]


def _longest(db: sqlite3.Connection, register: Register, day: date, filters: Filters) -> Chart:
    found = cases(db, day, filters._replace(register=(register.name,)))
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    rows.sort(key=lambda row: (row["opened_on"], row["child_id"]))
    marks = [
        Mark(f"{_case(row)} {row['stage']}", (day - date.fromisoformat(row["opened_on"])).days // WEEK)
        for row in rows[:LONGEST]
    ]
    said = f"{register.name}: the longest open is {_case(rows[0])}, {counted(int(marks[0].value or 0), 'week')}"
    return Chart(said, "bars", "whole weeks since the case opened", marks, of="case")


def _case(row: Mapping[str, Any]) -> str:
    return f"{row['child_id']}#{row['period']}" if row["period"] > 1 else str(row["child_id"])


def _month(day: date, *, first: bool) -> str:
    """A month as a chart has it: with the year where one begins."""
    name = MONTHS[day.month - 1][:3]
    return f"{name} {day.year}" if first or day.month == 1 else name
