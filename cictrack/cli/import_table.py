"""`import table`: whatever a team keeps its cases in, matched to a register by its headers, by a map, or by asking."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cictrack.cli.cases import on_a_terminal
from cictrack.cli.import_run import Asked, import_options, run_import
from cictrack.cli.opened import tell
from cictrack.errors import Refused
from cictrack.registers import names

if TYPE_CHECKING:
    from cictrack.pathway.declare import Register
    from cictrack.readers.any_table import File, Table
    from cictrack.readers.rows import Read
    from cictrack.readers.table_rows import Aside

SHOWN_ROWS = 3


@click.command(epilog="Example: cictrack import table plo-tracker.csv --register plo --save-map plo.toml --dry-run")
@click.argument("workbook", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--register", "register_name", required=True, type=click.Choice(names()), help="What the table is of.")
@click.option(
    "--map",
    "map_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help='What headers mean, as TOML: [columns], then "LBP sent" = "letter" a line; "" leaves a column out.',
)
@click.option("--save-map", type=click.Path(path_type=Path), metavar="FILE", help="Keep what was matched as a map.")
@click.option("--sheet", metavar="NAME", help="The sheet of a workbook (that with most columns that are known).")
@import_options
@click.pass_context
def table(
    ctx: click.Context,
    /,
    workbook: Path,
    register_name: str,
    map_file: Path | None,
    save_map: Path | None,
    sheet: str | None,
    **asked: Any,  # noqa: ANN401 - click has given each option its type
) -> None:
    """Read a team's own table: a csv or a workbook with one row a case, and a column for each day.

    Headers are matched to the register's events and fields: by name, by the names of the census and the dataset, and
    by the words that teams use. A column that nobody knows is named and left out; on a terminal it is asked for. A row
    that cannot be read is refused and named; the others land together, or not at all. Reading it again changes nothing.
    """
    from cictrack.registers import registers

    register = registers()[register_name]
    if save_map is not None:
        _check_new(save_map)

    def read() -> list[Read]:
        from cictrack.readers.any_table import read_map
        from cictrack.readers.table_rows import read_rows

        chosen = _chosen(workbook, register, read_map(map_file) if map_file else {}, sheet, save_map)
        if save_map is not None and not _says_the_same(save_map, chosen):
            _save(save_map, chosen)
        for line in (*_left_out(chosen), *_not_read(chosen, sheet)):
            tell(line)
        found, asides = read_rows(chosen, register)
        for aside in asides:
            tell(_aside(aside))
        return [found]

    run_import(ctx, read, Asked.of({**asked, "since": None}))


# A team's own table brings every case that it has: there is no day from which they count.
table.params = [param for param in table.params if param.name != "since"]


def _chosen(
    workbook: Path, register: Register, said: dict[str, str], sheet: str | None, save_map: Path | None
) -> Table:
    """The table of the file, with what its columns say; what is left over is asked for where somebody is there."""
    from cictrack.readers.any_table import choose_table, open_file
    from cictrack.readers.columns import Vocabulary, answered

    file = open_file(workbook, Vocabulary(register, said))
    if not on_a_terminal():
        return choose_table(file, Vocabulary(register, said), sheet)
    answers = _answers(file, register, said, sheet, save_map)
    chosen = choose_table(file, Vocabulary(register, {**said, **answers}), sheet)
    return chosen._replace(columns=answered(chosen.columns, answers))


def _answers(
    file: File, register: Register, said: dict[str, str], sheet: str | None, save_map: Path | None
) -> dict[str, str]:
    """What somebody says of the columns that nothing is known of."""
    from shutil import get_terminal_size
    from textwrap import wrap

    from cictrack.readers.any_table import choose_table
    from cictrack.readers.columns import OURS, Vocabulary
    from cictrack.readers.headers import same_header
    from cictrack.readers.targets import read_target, repeats, targets
    from cictrack.render.safe import visible

    table = choose_table(file, Vocabulary(register, said), sheet, need_children=False)
    mapped = {same_header(header) for header in said}
    asked = [c for c in table.columns if not c.target and same_header(c.header) not in mapped and c.why != OURS]
    if not asked:
        return {}
    if save_map is not None and os.path.lexists(save_map):
        # Before anybody answers, or the answers were given for nothing.
        raise _is_there(save_map)
    taken = {c.target.name: c.header for c in table.columns if c.target and not repeats(register, c.target)}
    width = get_terminal_size().columns - 1
    for line in wrap(f"A column may be one of: {', '.join(targets(register))}. Enter alone leaves it out.", width):
        tell(line)
    answers: dict[str, str] = {}
    for column in asked:
        header = column.header

        def known(answer: str) -> str:
            target = read_target(answer, register) if answer.strip() else None
            if answer.strip() and target is None:
                raise click.BadParameter(f"{answer.strip()!r} is none of these")
            if target is not None and target.name in taken:
                raise click.BadParameter(f"{visible(taken[target.name])!r} is that already")
            return answer.strip()

        question = f"{visible(header)!r}: {visible(column.why)}. What is it?"
        answers[header] = click.prompt(
            question, default="", show_default=False, value_proc=known, prompt_suffix=" ", err=True
        )
    tell("")
    return answers


def _left_out(table: Table) -> list[str]:
    """What is said of columns that are not used, and why."""
    from cictrack.readers.columns import ANSWERED, OURS, UNMAPPED

    by_why: dict[str, list[str]] = {}
    for column in table.columns:
        if column.target is None:
            by_why.setdefault(column.why, []).append(repr(column.header))
    lines = [f"Left out: {', '.join(headers)}: {why}." for why, headers in by_why.items()]
    if lines and by_why.keys() - {ANSWERED, OURS, UNMAPPED}:
        lines.append("What they are can be said in a map: --save-map FILE writes one, --map FILE reads it.")
    if table.nameless:
        lines.append(f"Left out, as it has no header: column {', '.join(table.nameless)}.")
    return lines


def _not_read(table: Table, sheet: str | None) -> list[str]:
    """What is said of sheets that may be meant too, where none was named."""
    if sheet is not None or not table.others:
        return []
    names = ", ".join(map(repr, table.others))
    return [f"Read: sheet {table.grid.name!r}. Not read, with children's ids too: {names}; --sheet NAME reads another."]


def _aside(aside: Aside) -> str:
    rows = ", ".join(map(str, aside.rows[:SHOWN_ROWS])) + (", …" if len(aside.rows) > SHOWN_ROWS else "")
    many = f"{len(aside.rows):,} rows" if len(aside.rows) > 1 else "1 row"
    if not aside.header:
        return f"Not used: {many} that {aside.why} (row {rows})."
    return f"Left out in {many}: {aside.header!r}, as {aside.why} (row {rows})."


def _check_new(path: Path) -> None:
    """Raise Refused where the map cannot be kept: nothing is written over. What a map says is compared later."""
    if os.path.lexists(path) and (path.is_symlink() or not path.is_file() or not _is_a_map(path)):
        raise _is_there(path)
    if not path.parent.is_dir():
        raise Refused(f"There is no folder {path.parent}: name another file for --save-map.")


def _is_a_map(path: Path) -> bool:
    from cictrack.readers.any_table import read_map

    try:
        read_map(path)
    except Refused:
        return False
    return True


def _is_there(path: Path) -> Refused:
    return Refused(f"{path} is there already: read it with --map, or name another file for --save-map.")


def _says_the_same(path: Path, table: Table) -> bool:
    """Whether the map is kept already. Raises Refused where another file is there."""
    from cictrack.readers.any_table import map_of

    if os.path.lexists(path) and path.read_bytes() != map_of(table.columns).encode():
        raise _is_there(path)
    return os.path.lexists(path)


def _save(path: Path, table: Table) -> None:
    from cictrack.cli.output import into_file
    from cictrack.readers.any_table import map_of

    into_file(str(path), [map_of(table.columns)], force=False)
