"""What a recording command answers: the day it understood, where the case stands now, and what is due next."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from cictrack.cli.days import in_words
from cictrack.cli.opened import again, fitted, tell
from cictrack.registers import registers
from cictrack.render.safe import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cictrack.pathway.events import Event
    from cictrack.store.recording import Ahead, Consequence

SHOWN = 3
"""How many deadlines are shown after recording; the rest are one command away."""


def say(line: str) -> None:
    """One line on stdout, safe to show whatever it quotes."""
    click.echo(fitted(visible(again(line)), sys.stdout))


def answer(consequences: Sequence[Consequence], said: str | None = None) -> None:
    """Tell what was recorded on each case and what follows. `said` stands in the place of the event's own words."""
    for consequence in consequences:
        for event in consequence.events or ():
            say(f"{consequence.case}: {said or recorded(event)}.")
        if not consequence.events:
            say(f"{consequence.case}:")
        _stands(consequence)
        for warning in consequence.warnings:
            tell(f"Warning: {warning}")


def recorded(event: Event) -> str:
    """An event in words: what happened, and on which day."""
    register = registers()[event.register]
    kind = register.kind.get(event.kind)
    return f"{kind.title if kind else event.kind}, {in_words(event.day)}"


def _stands(consequence: Consequence) -> None:
    if consequence.void:
        say("It stands in no count any more, on any day.")
        return
    before = consequence.stage_before
    was = f" (was {before})" if before and before != consequence.stage else ""
    closed = f", closed on {in_words(consequence.closed_on)}" if consequence.closed_on else ""
    say(f"Stage: {consequence.stage}{was}{closed}.")
    for place, ahead in enumerate(consequence.ahead[:SHOWN]):
        say(f"{'Next:' if not place else '     '} {_due(ahead)}.")
    more = len(consequence.ahead) - SHOWN
    if more > 0:
        say(f"      and {more} more: cictrack explain {consequence.case}")


def _due(ahead: Ahead) -> str:
    number, unit = (ahead.left, ahead.unit) if ahead.left else (ahead.days, "days")
    counted = f"{abs(number)} {unit.removesuffix('s') if abs(number) == 1 else unit}"
    day = in_words(ahead.due_on)
    if ahead.days < 0:
        return f"{ahead.title}, was due {day}, {counted} ago"
    return f"{ahead.title}, due {day}, {f'in {counted}' if ahead.days else 'today'}"
