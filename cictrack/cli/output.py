"""Where a list goes: to the terminal, into a pipe, or into a file for its owner alone; and in which format."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any

import click

from cictrack.cli.opened import tell
from cictrack.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cictrack.cli.options import Reading
    from cictrack.render.listing import Listing

ANY_ROWS = 3
"""The exit status of `--fail-if-any` when there were rows."""

FORMAT_OF = {".csv": "csv", ".json": "json", ".md": "markdown", ".html": "html", ".xlsx": "xlsx"}
FOR_PEOPLE = ("table", "plain", "markdown")
"""Formats that show what a person reads of a list; the others hold every column."""
AS_ROWS = ("csv", "xlsx")
"""Formats that hold one table of rows, where a person would have several."""

WITH_FOOTER = ("table", "markdown", "html")
TO_WRITE_IN = ("csv", "xlsx")


def chosen(asked: Reading) -> str:
    """The format: what was asked for, what the file's ending says, else a table on a terminal and plain in a pipe."""
    fmt = asked.format
    if asked.output not in (None, "-"):
        by_ending = FORMAT_OF["." + str(asked.output).lower().rpartition(".")[2]]
        if fmt not in {None, by_ending}:
            raise click.UsageError(
                f"--output {asked.output} is {by_ending} by its ending, and --format says {fmt}: leave one of them out",
                click.get_current_context(),
            )
        fmt = by_ending
    return fmt or ("table" if sys.stdout.isatty() else "plain")


def put_listing(asked: Reading, listing: Listing) -> None:
    """Write a list. What a reader has to know before trusting it, and the footer where no row is, go to stderr."""
    fmt = chosen(asked)
    if asked.minutes:
        listing = _to_write_in(asked, listing, fmt)
    for note in listing.notes:
        tell(note)
    first = before_it_goes_out(asked, len(listing.rows))
    if fmt == "xlsx":
        from cictrack.render.xlsx import render

        # Only the ending of a file chooses a sheet, so there is a file.
        into_file(str(asked.output), [render(listing, asked.as_of)], force=asked.force, first=first)
    else:
        put(asked, drawn(listing, fmt), first)
    if listing.footer and fmt not in WITH_FOOTER:
        tell(listing.footer)


def _to_write_in(asked: Reading, listing: Listing, fmt: str) -> Listing:
    if fmt not in TO_WRITE_IN:
        raise click.UsageError(
            "--minutes is for a sheet to be written in: give --output FILE.xlsx, or FILE.csv",
            click.get_current_context(),
        )
    from cictrack.reports.minutes import to_write_in

    return to_write_in(listing, asked.as_of)


def drawn(listing: Listing, fmt: str) -> Iterator[str]:
    """A list as text, for the terminal that is there."""
    from cictrack.render import render

    width, colour = terminal() if fmt == "table" else (None, False)
    return render(listing, fmt, width, colour=colour)


def put_document(asked: Reading, document: Any, lines: Iterable[str]) -> None:  # noqa: ANN401 - what JSON can say
    """Write what is no list: an object in json, else lines for a person, made safe to show."""
    from cictrack.render.safe import visible

    fmt = chosen(asked)
    first = before_it_goes_out(asked, 1)
    if fmt == "json":
        from cictrack.render.json import document as as_json

        put(asked, [as_json(document)], first)
    elif fmt in TO_WRITE_IN:
        raise Refused(f"this is no list of rows, so it has no {fmt}. Choose json, html or plain.")
    elif fmt == "html":
        from cictrack.render.html import document as as_page

        put(asked, as_page(lines), first)
    else:
        fence = ["```\n"] if fmt == "markdown" else []
        put(asked, [*fence, *(visible(line) + "\n" for line in lines), *fence], first)


def before_it_goes_out(asked: Reading, rows: int) -> Callable[[], None]:
    """What has to be done before rows of a list leave: with names in it, that is kept in the trail first."""
    if not asked.names:
        return _nothing
    from cictrack.cli.trailing import keep_export

    return lambda: keep_export(rows=rows, into=asked.output, names=True)


def _nothing() -> None:
    """Nothing has to be done first."""


def put(asked: Reading, chunks: Iterable[str], first: Callable[[], None] = _nothing) -> None:
    """Write text where a reading command was asked to, when `first` is done."""
    if asked.output in (None, "-") and chosen(asked) == "html" and isinstance(sys.stdout, TextIOWrapper):
        # A page says of itself that it is UTF-8, whatever a pipe of this machine would be.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    put_into(asked.output, chunks, force=asked.force, first=first)


def put_into(into: str | None, chunks: Iterable[str], *, force: bool, first: Callable[[], None]) -> None:
    """Write text into a file, or on stdout, when `first` is done; long text on a terminal pages."""
    if into not in (None, "-"):
        into_file(str(into), chunks, force=force, first=first)
        return
    first()
    if sys.stdout.isatty():
        from shutil import get_terminal_size

        text = "".join(chunks)
        # Not the operating system's own: a terminal that never said its size has no lines there, and all would page.
        # Windows' pager reads a file, which would hold what no file should, and takes UTF-8 for something else.
        if text.count("\n") >= get_terminal_size().lines and os.name != "nt":
            click.echo_via_pager(text)
        else:
            click.echo(text, nl=False)
    else:
        for chunk in chunks:
            sys.stdout.write(chunk)


def check_file(name: str, *, force: bool) -> None:
    """Refused when `name` is there and is not to be written over: a link, a device or a folder never is."""
    if os.name == "nt":
        from cictrack.cli.windows import is_device

        if is_device(name):
            raise Refused(f"{name} is the name of a device on Windows. Choose another name.")
    if os.path.islink(name):  # noqa: PTH114 - pathlib costs a list its start-up
        raise Refused(f"{name} is a link, and is not written through. Name the file itself.")
    if os.path.lexists(name) and not force:
        raise Refused(f"{name} is there already. Choose another name, or write over it with --force.")
    if os.path.lexists(name) and not os.path.isfile(name):  # noqa: PTH113 - as above
        raise Refused(f"{name} is a folder, a pipe or a device, and is not written over. Name a file.")


def into_file(name: str, chunks: Iterable[str | bytes], *, force: bool, first: Callable[[], None] = _nothing) -> None:
    """Write a file that only its owner can read, whole or not at all; never through a link. Text becomes UTF-8.

    `first` is done when the text is on the disk, before it has its name.
    """
    check_file(name, force=force)
    part = f"{name}.{os.getpid()}.part"
    try:
        handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.writelines(chunk.encode() if isinstance(chunk, str) else chunk for chunk in chunks)
        first()
        os.replace(part, name)  # noqa: PTH105
    except OSError as error:
        raise Refused(f"{name} cannot be written: {error.strerror}.") from error
    finally:
        if os.path.lexists(part):
            os.unlink(part)  # noqa: PTH108
    tell(f"Written: {name}")


def terminal() -> tuple[int, bool]:
    """The terminal's width, and whether it wants colour: NO_COLOR, TERM=dumb and COLUMNS are honoured."""
    from shutil import get_terminal_size

    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    colour = sys.stdout.isatty() and not plain
    if os.name == "nt" and colour:
        from cictrack.cli.windows import shows_colours

        colour = shows_colours()
    return get_terminal_size().columns, colour


def draws_blocks() -> bool:
    """Whether stdout takes characters that draw: not on a dumb terminal, nor in an encoding that lacks them."""
    if os.environ.get("TERM") == "dumb":
        return False
    try:
        "▁█".encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def fail_if_any(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option `--fail-if-any`: exit status 3 when there were rows, for scripts."""
    return click.option("--fail-if-any", is_flag=True, help="Exit with status 3 when there are rows.")(command)


def status(found: Listing, *, failing: bool) -> int:
    """The exit status of a list."""
    return ANY_ROWS if failing and found.rows else 0
