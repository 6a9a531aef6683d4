"""`import ssda903` and `import annex-a`: what goes to the department and to inspectors, told by its columns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cictrack.cli.import_run import Asked, import_options, run_import

if TYPE_CHECKING:
    from cictrack.readers.rows import Read


@click.command(
    epilog="Example: cictrack import ssda903 return-2025-26 --as-of 31/3/2026 --rejects refused.csv --dry-run"
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH...")
@import_options
@click.pass_context
def ssda903(ctx: click.Context, /, paths: tuple[Path, ...], **asked: object) -> None:
    """Read SSDA903, the return on children looked after: its folder, or some of its csv files.

    Files are told apart by their columns. A row that cannot be read is refused and named; the others land together,
    or not at all. Reading the same files again changes nothing.
    """
    from cictrack.readers.ssda903 import files, read_file

    def read() -> list[Read]:
        return [read_file(path, name) for path, name in files(paths)]

    run_import(ctx, read, Asked.of(asked))


@click.command(
    "annex-a", epilog="Example: cictrack import annex-a annex-a.xlsx --as-of 31/3/2026 --rejects refused.csv --dry-run"
)
@click.argument("workbook", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")
@import_options
@click.pass_context
def annex_a(ctx: click.Context, /, workbook: Path, **asked: object) -> None:
    """Read Annex A, the lists of children that inspectors ask for: List 8 and List 10, of an xlsx, xls or ods.

    Sheets are found by their columns, whatever they are called. A row that cannot be read is refused and named; the
    others land together, or not at all. Reading the same file again changes nothing.
    """
    from cictrack.readers.annex_a import read_file

    def read() -> list[Read]:
        return read_file(workbook)

    run_import(ctx, read, Asked.of(asked))
