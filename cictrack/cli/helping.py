"""`--help` as an option of our own: for the one sentence of click's, gettext keeps each list waiting a millisecond."""

from __future__ import annotations

import click


def _show(ctx: click.Context, _param: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        click.echo(ctx.get_help(), color=ctx.color)
        ctx.exit()


HELP = click.Option(
    ["-h", "--help"],
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show,
    help="Show this message and exit.",
)
"""The help option of what must start fast: `cictrack` itself, and the lists."""
