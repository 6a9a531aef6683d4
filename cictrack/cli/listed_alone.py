"""A group of commands that, alone or with options only, prints its list."""

from __future__ import annotations

import click

PAGE = "list"


class ListedAlone(click.Group):
    """A group of which a line without a command is read as its list's: `cictrack plo --team North`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the list's name where no command stands."""
        asks_for_help = bool(args) and args[0] in ctx.help_option_names
        if not ctx.resilient_parsing and not asks_for_help and (not args or args[0].startswith("-")):
            args = [PAGE, *args]
        return super().parse_args(ctx, args)
