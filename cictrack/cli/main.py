"""`cictrack`: which commands there are, and the one place where what went wrong is told.

A command is imported when it is run, so that a list pays for nothing it does not use.
"""

from __future__ import annotations

import codecs
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import click

from cictrack import __version__
from cictrack.cli.helping import HELP
from cictrack.cli.opened import Root
from cictrack.errors import ReaderGone

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

READING, RECORDING, IN_AND_OUT, KEEPING = "Reading", "Recording", "In and out", "Keeping"
SECTIONS = (READING, RECORDING, IN_AND_OUT, KEEPING)

COMMANDS = {
    "summary": (READING, "cictrack.cli.explaining:summary", "Each register, the three worst cases, what to type next."),
    "overdue": (READING, "cictrack.cli.reading:overdue", "Every deadline past its day, worst first."),
    "due": (READING, "cictrack.cli.reading:due", "What falls due in the next fourteen days."),
    "drift": (READING, "cictrack.cli.reading:drift", "Where nothing is moving: since when, and why."),
    "gaps": (READING, "cictrack.cli.reading:gaps", "Dates that must exist and do not, and conflicts."),
    "show": (READING, "cictrack.cli.explaining:show", "One child across all registers."),
    "explain": (
        READING,
        "cictrack.cli.explaining:explain",
        "How each deadline of a case was counted, and by whose rule.",
    ),
    "history": (READING, "cictrack.cli.explaining:history", "Every event as recorded: when, by whom, corrections."),
    "tasks": (READING, "cictrack.cli.reading:tasks", "Agreed actions by owner, overdue first."),
    "changes": (READING, "cictrack.cli.changes:changes", "What moved since the last meeting."),
    "kpi": (READING, "cictrack.cli.kpi:kpi", "Measures by name, with definition and who was left out."),
    "child": (RECORDING, "cictrack.cli.children:child", "Add a child, or set what is known of one."),
    "assign": (RECORDING, "cictrack.cli.assigning:assign", "Say whose a case is."),
    "transfer": (RECORDING, "cictrack.cli.assigning:transfer", "Move every case of a worker to another."),
    "task": (RECORDING, "cictrack.cli.recording:task", "Agree an action, or say that it is done."),
    "exception": (RECORDING, "cictrack.cli.recording:exception", "Record the agreed reason for a breach."),
    "escalation": (RECORDING, "cictrack.cli.escalation:escalation", "Escalate, answer, or list what is escalated."),
    "note": (RECORDING, "cictrack.cli.recording:note", "Write a note on a case."),
    "report": (IN_AND_OUT, "cictrack.cli.report:report", "The weekly meeting's pack: a page, a paper or a workbook."),
    "import": (IN_AND_OUT, "cictrack.cli.importing:importing", "Read a return into the register."),
    "export": (IN_AND_OUT, "cictrack.cli.exporting:exporting", "Give back what the census and others want."),
    "guide": (KEEPING, "cictrack.cli.guide:guide", "The week's work, the words and each register, explained."),
    "completion": (KEEPING, "cictrack.cli.completion:completion", "The script for your shell's completion."),
    "init": (KEEPING, "cictrack.cli.keeping:init", "Make a new register."),
    "encrypt": (KEEPING, "cictrack.cli.encrypting:encrypt", "Encrypt the register, so that only a key opens it."),
    "decrypt": (KEEPING, "cictrack.cli.encrypting:decrypt", "Make the register a plain file again."),
    "rekey": (KEEPING, "cictrack.cli.encrypting:rekey", "Give the encrypted register another key."),
    "rules": (KEEPING, "cictrack.cli.rules:rules", "What is counted by: every rule, and what the authority set."),
    "calendar": (KEEPING, "cictrack.cli.closures:calendar", "Bank holidays and local closures, how far they reach."),
    "verify": (KEEPING, "cictrack.cli.verify:verify", "Whether the register is what was recorded, check by check."),
    "doctor": (KEEPING, "cictrack.cli.verify:doctor", "What is wrong with the register, and what to do."),
    "backup": (KEEPING, "cictrack.cli.copies:backup", "One checked copy of the register, while others write."),
    "restore": (KEEPING, "cictrack.cli.copies:restore", "Make a backup the register, once it is checked."),
    "recover": (KEEPING, "cictrack.cli.copies:recover", "What can still be read of a damaged file, into a new one."),
    "audit": (KEEPING, "cictrack.cli.auditing:audit", "Who recorded, exported, imported, copied, changed rules."),
    "subject-access": (KEEPING, "cictrack.cli.access:subject_access", "All that is held about a child, to be given."),
    "purge": (KEEPING, "cictrack.cli.purge:purge", "Erase who need not be kept: shown first, with two names."),
    "demo": (KEEPING, "cictrack.cli.demo:demo", "Make a register of invented children, to try things on."),
}
"""The fixed commands: section, where it is, one line. Those of the registers are found in their folder."""

SPELT_OUT = {
    RECORDING: (
        ("REGISTER open CHILD", "Open a case."),
        ("REGISTER EVENT CHILD", "Record what happened: `cictrack REGISTER --help` lists the events."),
        ("REGISTER correct, withdraw", "Put right what was recorded wrongly; the old one stays in history."),
        ("REGISTER close, reopen", "Close a case, or open its next period."),
    )
}
"""What the help of `cictrack` says of the registers' own commands, without loading a register."""


class Commands(click.Group):
    """The commands of `cictrack`, loaded when they are run."""

    def get_help_option(self, ctx: click.Context) -> click.Option:  # noqa: ARG002 - click's signature
        """Give `--help`."""
        return HELP

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every command: the fixed ones and one for each register."""
        return [*COMMANDS, *_registers()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """Load a command by its name."""
        if cmd_name in COMMANDS:
            return loaded(COMMANDS[cmd_name][1])
        if cmd_name in _registers():
            from cictrack.cli.registers import register_commands

            return register_commands(cmd_name)
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of a line; a mistyped one is answered with those that look like it."""
        name = args[0]
        if ctx.resilient_parsing or name.startswith("-") or name in COMMANDS or name in _registers():
            return super().resolve_command(ctx, args)
        raise click.UsageError(f"there is no command {name!r}.{did_you_mean(name, self.list_commands(ctx))}", ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """Write the commands by section, importing none of them."""
        for section in SECTIONS:
            rows = [(name, line) for name, (where, _, line) in COMMANDS.items() if where == section]
            if section == READING:
                rows += _register_lines()
            with formatter.section(section):
                formatter.write_dl([*rows, *SPELT_OUT.get(section, ())])

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 - click's
    ) -> click.Context:
        """Read the line."""
        for word in args:
            if not word.isascii():
                _refuse_what_is_no_text(word)
        with _noticing_a_reader_gone():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        """Run what the line says."""
        try:
            with _noticing_a_reader_gone():
                return super().invoke(ctx)
        except Exception as error:
            from cictrack.cli.endings import told_of

            told = told_of(error, ctx.find_object(Root))
            if told is None:
                raise
            raise told from error

    def main(self, args: Sequence[str] | None = None, **extra: Any) -> NoReturn:  # type: ignore[override]  # noqa: ANN401 - it always ends the process, as click's does when it stands alone
        """Run one command line, tell what went wrong in one line, and exit with the status that says so."""
        extra.update(standalone_mode=False, prog_name="cictrack")
        try:
            status = super().main(args, **extra)
            sys.stdout.flush()
        except Exception as ended:
            from cictrack.cli.endings import status_of

            known = status_of(ended)
            if known is None:
                raise
            status = known
        sys.exit(status if isinstance(status, int) else 0)


def _refuse_what_is_no_text(word: str) -> None:
    """Bytes that the terminal's encoding does not know name files, and nothing else."""
    try:
        word.encode()
    except UnicodeEncodeError:
        if not os.path.lexists(word):
            known = sys.getfilesystemencoding()
            raise click.UsageError(f"{word!r} holds bytes that are no text in {known}.") from None


@contextmanager
def _noticing_a_reader_gone() -> Iterator[None]:
    """Name a broken pipe before click does, which takes it for a failure."""
    try:
        yield
    except BrokenPipeError as error:
        raise ReaderGone from error


def did_you_mean(typed: str, known: Sequence[str]) -> str:
    """What a mistyped word may have meant, as the end of a sentence; empty where nothing is like it."""
    import difflib

    close = difflib.get_close_matches(typed, known, 3)
    return f" Did you mean {' or '.join(close)}?" if close else ""


def _registers() -> list[str]:
    from cictrack.registers import names

    return names()


def _register_lines() -> Iterator[tuple[str, str]]:
    """Each register and what its file says it is, read off the first line of the file."""
    from cictrack.registers import files

    for path in sorted(files()):
        with path.open(encoding="utf-8") as file:
            about = file.readline().strip().strip('"').partition(":")[0]
        yield path.stem.replace("_", "-"), f"{about}: its cases, and what is recorded on them."


def loaded(where: str) -> click.Command:
    """Import the command that `module:attribute` names."""
    import importlib

    module, _, attribute = where.partition(":")
    command: click.Command = getattr(importlib.import_module(module), attribute)
    return command


def _say_version(ctx: click.Context, _param: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        click.echo(f"cictrack {__version__}")
        ctx.exit()


@click.group(
    cls=Commands,
    invoke_without_command=True,
    epilog="Example: cictrack --db sample.db overdue --team North",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_say_version, help="Its version.")
@click.option("--db", metavar="FILE", help="The register; else CICTRACK_DB, else register.db in your data folder.")
@click.option("--key-file", metavar="PATH", help="The key of an encrypted register; else CICTRACK_KEY_FILE.")
@click.pass_context
def cictrack(ctx: click.Context, db: str | None, key_file: str | None) -> Any:  # noqa: ANN401 - what the command gives is its exit status
    """What drifts in children's services, and what is late in it today.

    Alone it prints the summary.
    """
    ctx.obj = Root(db)
    ctx.call_on_close(ctx.obj.close)
    if key_file:
        from cictrack.store.keys import name_file

        ctx.call_on_close(name_file(key_file))
    if ctx.invoked_subcommand is not None:
        return None
    summary = loaded(COMMANDS["summary"][1])
    with summary.make_context("summary", [], parent=ctx) as alone:
        return summary.invoke(alone)


def main() -> NoReturn:
    """Run the command line that this process was given."""
    _take_any_text()
    if "CICTRACK_KEY" in os.environ:
        from cictrack.store.keys import hide

        hide()
    if os.environ.get("_CICTRACK_COMPLETE", "").startswith("powershell"):
        from cictrack.cli.completion import register_powershell

        register_powershell()
    cictrack.main()


def _take_any_text() -> None:
    """Let what is printed go where it is sent, whatever that can hold, and nowhere where it is closed."""
    codecs.register_error("cictrack", _written_out)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - open to the end
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="cictrack")


def _written_out(error: UnicodeError) -> tuple[str, int]:
    """Characters that an encoding does not know, as escapes that whoever reads JSON gets back whole."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[n]:02x}{units[n + 1]:02x}" for n in range(0, len(units), 2)), error.end
