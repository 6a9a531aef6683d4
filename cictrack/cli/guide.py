"""`guide`: the words and the week's work, to be read where there is no network."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from cictrack.cli.opened import fitted
from cictrack.cli.output import put_into

if TYPE_CHECKING:
    from collections.abc import Iterable


def _topics(_ctx: click.Context, _param: click.Parameter, beginning: str) -> list[str]:
    from cictrack.registers import names
    from cictrack.reports.guide import chapters

    return [topic for topic in (*chapters(), *names()) if topic.startswith(beginning)]


@click.command(epilog="Example: cictrack guide words")
@click.argument("topic", required=False, default="", shell_complete=_topics)
def guide(topic: str) -> None:
    """Explain the week's work, the words, and each register.

    TOPIC is one of the chapters that `cictrack guide` names at its end, or a register.
    """
    from cictrack.registers import registers
    from cictrack.reports.guide import chapters, first_page, of_register

    known = registers()
    told = chapters()
    if not topic:
        _print(first_page(known))
    elif topic in known:
        _print(of_register(known[topic]))
    elif topic in told:
        title, lines = told[topic]
        _print([title[0].upper() + title[1:], "", *lines])
    else:
        from cictrack.cli.main import did_you_mean

        topics = [*told, *known]
        meant = did_you_mean(topic, topics) or f" There are {', '.join(topics)}."
        raise click.BadParameter(f"there is no chapter {topic!r}.{meant}", param_hint="TOPIC")


def _print(lines: Iterable[str]) -> None:
    put_into(None, (f"{fitted(line, sys.stdout)}\n" for line in lines), force=False, first=lambda: None)
