"""`completion`: the script by which a shell offers what may be typed next; click has those of bash, zsh and fish."""

from __future__ import annotations

import sys

import click
from click.shell_completion import CompletionItem, ShellComplete, add_completion_class, get_completion_class

VARIABLE = "_CICTRACK_COMPLETE"

HOW = {
    "bash": 'Add to ~/.bashrc:  eval "$(cictrack completion bash)"',
    "zsh": 'Add to ~/.zshrc:  eval "$(cictrack completion zsh)"',
    "fish": "Once:  cictrack completion fish > ~/.config/fish/completions/cictrack.fish",
    "powershell": "Add to $PROFILE:  cictrack completion powershell | Out-String | Invoke-Expression",
}

_SCRIPT = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $env:%(complete_var)s = 'powershell_complete'
    $env:COMP_WORDS = ($commandAst.CommandElements | ForEach-Object { "$_" }) -join "`n"
    $env:COMP_CWORD = $wordToComplete
    & %(prog_name)s | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }
    Remove-Item Env:%(complete_var)s, Env:COMP_WORDS, Env:COMP_CWORD
}
"""


class PowerShell(ShellComplete):
    """PowerShell's own completion: the words so far come a line each, what is offered goes out a line each."""

    name = "powershell"
    source_template = _SCRIPT

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words typed before the one that is being completed, and that one."""
        import os

        incomplete = unquoted(os.environ.get("COMP_CWORD", ""))
        words = [unquoted(word) for word in os.environ.get("COMP_WORDS", "").split("\n")[1:]]
        if incomplete and words and words[-1] == incomplete:
            words.pop()
        return words, incomplete

    def format_completion(self, item: CompletionItem) -> str:
        """A word as PowerShell reads it back: quoted where it holds more than letters and digits."""
        return quoted(item.value)


def unquoted(word: str) -> str:
    """A word as it was meant, of one that PowerShell shows as it was typed."""
    if len(word) > 1 and word[0] == word[-1] and word[0] in "'\"":
        return word[1:-1].replace("''", "'") if word[0] == "'" else word[1:-1]
    return word.lstrip("'\"")


def quoted(value: str) -> str:
    """A word that PowerShell takes as it stands: nothing in single quotes is read, but a quote itself."""
    if not value.isprintable():
        return ""
    plain = value.replace("-", "").replace("_", "").replace("#", "").replace(".", "")
    if plain.isascii() and plain.isalnum() and not value.startswith("#"):
        return value
    return "'" + value.translate({ord(mark): mark * 2 for mark in "'‘’‚‛"}) + "'"


def register_powershell() -> None:
    """Let click know the shell that it does not bring."""
    add_completion_class(PowerShell)


@click.command(epilog="Example: cictrack completion bash")
@click.argument("shell", type=click.Choice(tuple(HOW)))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that completes commands, registers, events, children, teams and workers as you type.

    \b
    bash        eval "$(cictrack completion bash)" in ~/.bashrc
    zsh         eval "$(cictrack completion zsh)" in ~/.zshrc
    fish        cictrack completion fish > ~/.config/fish/completions/cictrack.fish
    powershell  cictrack completion powershell | Out-String | Invoke-Expression in $PROFILE
    """  # noqa: D301 - the sign, and no backslash, tells click to leave these lines as they are
    register_powershell()
    made: type[ShellComplete] | None = get_completion_class(shell)
    if made is None:
        raise RuntimeError(f"click knows no completion for {shell}")
    script: str = made(ctx.find_root().command, {}, "cictrack", VARIABLE).source()
    click.echo(script)
    if sys.stdout.isatty():
        click.echo(HOW[shell], err=True)
