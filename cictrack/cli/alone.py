"""Groups of commands that are a list when no command of theirs is named: `rules`, `calendar`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

LIST = "list"


class ListedAlone(click.Group):
    """Alone, or with options only, it is its list. A mistyped command is answered with those that look like it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read a line without a command as the list's: `cictrack rules --register plo`."""
        asks_for_help = bool(args) and args[0] in ctx.help_option_names
        if not ctx.resilient_parsing and not asks_for_help and (not args or args[0].startswith("-")):
            args = [LIST, *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The list first, then what changes it, in the order they were made."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of a line."""
        known: Sequence[str] = self.list_commands(ctx)
        if ctx.resilient_parsing or args[0] in known or args[0].startswith("-"):
            return super().resolve_command(ctx, args)
        from cictrack.cli.main import did_you_mean

        said = f"there is no command {args[0]!r} in {self.name}.{did_you_mean(args[0], known)}"
        raise click.UsageError(said, ctx)
