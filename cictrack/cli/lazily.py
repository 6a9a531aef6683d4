"""A group of commands that are imported when they are run: a command pays for nothing of its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping


class Lazily(click.Group):
    """A group whose commands are `module:attribute` until one is asked for."""

    def __init__(self, *, of: Mapping[str, str], **given: Any) -> None:  # noqa: ANN401 - click's
        super().__init__(**given)
        self._of = of

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every command, in the order in which they are given."""
        return list(self._of)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """Load a command by its name."""
        from cictrack.cli.main import loaded

        return loaded(self._of[cmd_name]) if cmd_name in self._of else None
