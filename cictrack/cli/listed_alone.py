"""A group of commands that, alone or with options only, prints its list: `plo`, `escalation`, `rules`, `calendar`."""

from __future__ import annotations

import click

PAGE = "list"


class ListedAlone(click.Group):
    """A group of which a line without a command is read as its list's: `cictrack plo --team North`.

    A mistyped command is answered with those that look like it.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the list's name where no command stands."""
        asks_for_help = bool(args) and args[0] in ctx.help_option_names
        if not ctx.resilient_parsing and not asks_for_help and (not args or args[0].startswith("-")):
            args = [PAGE, *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The list first, then the others in the order they were made."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of a line."""
        known = self.list_commands(ctx)
        if ctx.resilient_parsing or args[0] in known or args[0].startswith("-"):
            return super().resolve_command(ctx, args)
        from cictrack.cli.main import did_you_mean

        raise click.UsageError(f"there is no command {args[0]!r} in {self.name}.{did_you_mean(args[0], known)}", ctx)
