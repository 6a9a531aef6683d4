"""What takes more than a list: the summary, one child, how a deadline was counted, what was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cictrack.cli.cases import CASE, CHILD, register_argument
from cictrack.cli.opened import tell, typed
from cictrack.cli.options import reading
from cictrack.cli.output import before_it_goes_out, chosen, draws_blocks, put, put_document, put_listing, terminal
from cictrack.cli.reading import of_its_days, past_calendar
from cictrack.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cictrack.cli.options import Reading
    from cictrack.pathway.declare import Register
    from cictrack.render.listing import Listing
    from cictrack.store.named import CaseName

LIST_FORMATS = ("csv", "markdown", "html", "xlsx")


def _say_of_its_days(asked: Reading) -> None:
    for note in of_its_days(asked):
        tell(note)


@click.command(epilog="Example: cictrack --db sample.db summary --as-of 31/12/2020")
@reading()
def summary(asked: Reading) -> None:
    """Each register: its stages in counts that add up, red, amber and grey, and what is newly red.

    Then the three cases furthest past their day, and what to type next.
    """
    from cictrack.registers import registers
    from cictrack.reports.summary import as_listing, as_machine, as_text, summed_up
    from cictrack.store.filters import unknown

    _say_of_its_days(asked)
    for note in unknown(asked.db, asked.filters):
        tell(note)
    found = summed_up(asked.db, asked.as_of, asked.filters, registers())
    if chosen(asked) in LIST_FORMATS:
        put_listing(asked, as_listing(found))
    elif chosen(asked) == "table":
        from cictrack.render.board import render
        from cictrack.reports.dashboard import board

        width, colour = terminal()
        drawn = render(board(asked.db, found, asked.filters, typed()), width, colour=colour, blocks=draws_blocks())
        put(asked, drawn, before_it_goes_out(asked, 1))
    else:
        put_document(asked, as_machine(found), as_text(found, typed()))


@click.command(epilog="Example: cictrack show 104523 --as-of 31/3/2026")
@reading(filters=False)
@click.argument("child_id", type=CHILD, metavar="CHILD")
def show(asked: Reading, child_id: str) -> None:
    """One child across all registers: cases, open deadlines, tasks, exceptions, and what happened when."""
    from cictrack.reports.one_child import about_line, as_machine, one_child, sections
    from cictrack.reports.position import no_child
    from cictrack.store.events import events_of

    events = events_of(asked.db, child_id)
    if not events:
        raise Refused(no_child(asked.db, child_id))
    _say_of_its_days(asked)
    found = one_child(asked.db, child_id, asked.as_of, events, names=asked.names)
    for note in past_calendar(asked, found.deadlines):
        tell(note)
    if chosen(asked) == "json":
        put_document(asked, as_machine(found), ())
    else:
        put_sections(asked, about_line(found, asked.as_of), sections(found), 1)


def put_sections(asked: Reading, first: str, parts: Iterator[Listing], rows: int) -> None:
    """Write several lists one under the other, after a first line; `rows` is how many go out."""
    put(asked, _sections(asked, first, parts), before_it_goes_out(asked, rows))


def _sections(asked: Reading, first: str, parts: Iterator[Listing]) -> Iterator[str]:
    from cictrack.cli.output import drawn
    from cictrack.render.safe import visible

    fmt = chosen(asked)
    if fmt in {"csv", "xlsx"}:
        raise Refused(f"One child is no single list, so it has no {fmt}. Choose json, html or plain.")
    if fmt == "html":
        from cictrack.render.html import sections as as_page

        yield from as_page(first, parts)
        return
    if fmt == "markdown":
        from cictrack.render.markdown import escaped

        yield escaped(first) + "\n"
    else:
        yield visible(first) + "\n"
    for part in parts:
        yield "\n"
        if fmt == "plain":
            yield part.title + "\n"
        yield from drawn(part, fmt)
        if fmt == "plain" and part.footer:
            yield part.footer + "\n"


@click.command(epilog="Example: cictrack explain plo 104523 letter")
@reading(filters=False)
@register_argument
@click.argument("case", type=CASE, metavar="CHILD")
@click.argument("rule", required=False, default="")
def explain(asked: Reading, register_name: str, case: CaseName, rule: str) -> None:
    """How each deadline of a case was counted: from which day, how far, what was skipped, and by whose rule.

    Rules that still wait for their event are listed too. RULE narrows it to one: `letter` or `plo.letter`.
    """
    from cictrack.registers import registers
    from cictrack.reports.explain import explained
    from cictrack.reports.explained import as_text
    from cictrack.reports.position import case_on
    from cictrack.store.events import settings_of

    rule = _rule_of(registers()[register_name], rule)
    settings = settings_of(asked.db)
    _, found = case_on(asked.db, register_name, case, asked.as_of, settings)
    _say_of_its_days(asked)
    rows = explained(found, asked.as_of, settings, rule)
    lines = as_text(found, rows, asked.as_of, settings.calendar.until, one_rule=bool(rule))
    put_document(asked, [row.as_machine() for row in rows], lines)


def _rule_of(register: Register, named: str) -> str:
    """The full name of a rule. Refused, with those there are, when the register has none such."""
    names = [clock.name for clock in register.clocks]
    full = named if named in names or not named else f"{register.name}.{named}"
    if named and full not in names:
        raise Refused(f"There is no rule {named!r} on {register.name}. There are: {', '.join(names)}.")
    return full


@click.command(epilog="Example: cictrack history plo 104523")
@reading(filters=False)
@register_argument
@click.argument("case", type=CASE, metavar="CHILD")
def history(asked: Reading, register_name: str, case: CaseName) -> None:
    """Every event of a case as it was recorded: when and by whom, corrections beside what they corrected."""
    from cictrack.reports.history import as_listing, as_recorded
    from cictrack.reports.position import case_on
    from cictrack.store.events import recorded_of, settings_of
    from cictrack.store.named import name_of

    _, found = case_on(asked.db, register_name, case, asked.as_of, settings_of(asked.db))
    line = found.opening.line
    events = [e for e in recorded_of(asked.db, case.child_id) if line in {e.opening, e.line}]
    name = name_of(register_name, case.child_id, found.period)
    _say_of_its_days(asked)
    put_listing(asked, as_listing(name, as_recorded(events, asked.as_of), chosen(asked)))
