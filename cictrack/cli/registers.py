"""The commands of one register, made from its declaration: its page, its events, and what puts them right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cictrack.cli.fields import fields_of
from cictrack.cli.listed_alone import PAGE, ListedAlone
from cictrack.pathway.common import TASK
from cictrack.pathway.escalations import ANSWER, ESCALATION
from cictrack.registers import registers

if TYPE_CHECKING:
    from cictrack.pathway.declare import Register
    from cictrack.pathway.kinds import Kind

CANDIDATES = "candidates"
DETAILS = "details"
"""What opened a case, put otherwise later: a register whose opening says nothing more has none."""

ELSEWHERE = frozenset({"assigned", "note", TASK, "task-done", "exception", ESCALATION, ANSWER, "closed"})
"""Kinds that every register has and that have commands of their own: `assign`, `task`, `close`, …"""


def register_commands(name: str) -> click.Group:
    """The group of commands of one register."""
    return RegisterCommands(registers()[name])


class RegisterCommands(ListedAlone):
    """A register's commands, each made when it is asked for. Alone, or with options only, it is the page."""

    def __init__(self, register: Register) -> None:
        self.register = register
        about = f" ({register.about})" if register.about else ""
        super().__init__(
            name=register.name,
            help=f"{register.title}{about}.\n\nAlone it lists the cases: every option of `{PAGE}` is read.",
            epilog=f"Example: {register.examples.get('open') or f'cictrack {register.name} open 104523 --on 2/3/2026'}",
        )

    @property
    def _events(self) -> dict[str, Kind]:
        own = (kind for kind in self.register.kind.values() if not kind.opens and kind.name not in ELSEWHERE)
        return {kind.name: kind for kind in own if kind.name != DETAILS or fields_of(self.register, kind)}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every command: the page, opening, the events in the order of the table, and what puts them right."""
        extra = [CANDIDATES] if self.register.candidates else []
        return [PAGE, *extra, "open", *self._events, "correct", "withdraw", "close", "reopen"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """Make a command by its name."""
        from cictrack.cli import corrections, events, opening

        register = self.register
        if cmd_name in self._events:
            return events.event_command(register, self._events[cmd_name])
        made = {
            "open": opening.open_command,
            "reopen": opening.reopen_command,
            "close": events.close_command,
            "correct": corrections.correct_command,
            "withdraw": corrections.withdraw_command,
        }
        if cmd_name in made:
            return made[cmd_name](register)
        if cmd_name == PAGE:
            from cictrack.cli.pages import page

            return page(register)
        if cmd_name == CANDIDATES and register.candidates:
            from cictrack.cli.pages import candidates

            return candidates(register)
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of a line; what opens a case is told how."""
        if args[0] == self.register.opening.name and not ctx.resilient_parsing:
            raise click.UsageError(f"{args[0]!r} opens the case: cictrack {self.name} open CHILD --on DAY", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands in three parts: its page, what can happen, and its cases."""
        events = [(name, f"{kind.title[:1].upper()}{kind.title[1:]}.") for name, kind in self._events.items()]
        extra = [name for name in self.list_commands(ctx) if name == CANDIDATES]
        parts = {
            "Its page": [
                (PAGE, "The cases of this register; the same as no command."),
                *((name, _first_line(self.get_command(ctx, name))) for name in extra),
            ],
            "What happened": events,
            "Cases": [
                ("open", f"Open a case: {self.register.opening.title}."),
                ("correct", "Put right the day or a field of an event."),
                ("withdraw", "Say that an event never happened."),
                ("close", "Close a case for a reason that every register knows."),
                ("reopen", "Open the next period of a child who was on this register."),
            ],
        }
        for title, rows in parts.items():
            with formatter.section(title):
                formatter.write_dl(rows)


def _first_line(command: click.Command | None) -> str:
    return command.get_short_help_str(limit=80) if command else ""
