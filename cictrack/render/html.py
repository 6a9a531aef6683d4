"""A page that is one file: no script, no outside address, and a policy that lets none in."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING

from cictrack.render.cells import said
from cictrack.render.safe import visible
from cictrack.render.style import STYLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cictrack.render.listing import Column, Listing

AT_ONCE = 1000
SEVERITIES = frozenset({"red", "amber", "green", "grey"})
ROW_HEADERS = frozenset({"child_id", "case"})
"""The columns that say what a row is about: read aloud with each of its cells, and kept in sight."""


def render(listing: Listing) -> Iterator[str]:
    """The list as a page of its own."""
    yield from page(listing.title, section(listing))


def document(lines: Iterable[str]) -> Iterator[str]:
    """What is no list, its first line the title."""
    first, *rest = [*lines] or [""]
    told = "".join(f"{escape(visible(line))}\n" for line in rest)
    heading = f"<h1>{text(first.strip())}</h1>\n" if first.strip() else ""
    yield from page(first.strip(), [f'{heading}<pre tabindex="0">{told}</pre>\n'])


def sections(title: str, listings: Iterable[Listing]) -> Iterator[str]:
    """Several lists on one page, under one title."""
    parts = (part for listing in listings for part in section(listing, "h2"))
    yield from page(title, [f"<h1>{text(title)}</h1>\n"], parts)


def page(title: str, *bodies: Iterable[str]) -> Iterator[str]:
    """A page around what is in it."""
    yield (
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy()}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
        f"<title>{escape(visible(title)) or 'cictrack'}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
    )
    for body in bodies:
        yield from body
    yield "</main>\n</body>\n</html>\n"


@cache
def _policy() -> str:
    """Nothing is loaded, sent or run; the one style is known by its hash."""
    known = b64encode(sha256(STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{known}'; base-uri 'none'; form-action 'none'"


def section(listing: Listing, heading: str = "h1", *, for_people: bool = False) -> Iterator[str]:
    """A list: what has to be said first, the table under its heading, and how many rows it shows.

    `for_people` leaves out the columns that people are not shown.
    """
    if for_people:
        listing = listing.as_shown()
    title = f"<{heading}>{text(listing.title)}</{heading}>"
    yield "".join(f'<p class="note">{text(note)}</p>\n' for note in listing.notes)
    if listing.rows:
        listing = listing.as_read()
        # The container scrolls, and so the keyboard must reach it, by a name.
        yield f'<div class="table" role="region" aria-label="{escape(visible(listing.title))}" tabindex="0">\n'
        yield f"<table>\n<caption>{title}</caption>\n"
        yield from _table(listing.columns, listing.rows)
        yield "</table>\n</div>\n"
        yield _not_printed(listing.columns)
    else:
        yield f"{title}\n<p>{text(listing.empty)}</p>\n"
    if listing.footer:
        yield f'<p class="footer">{text(listing.footer)}</p>\n'


def _not_printed(columns: Sequence[Column]) -> str:
    """What paper has no room for, said on paper: the page holds it."""
    left_out = ", ".join(column.heading for column in columns if not _on_paper(column))
    return f'<p class="paper">Not printed: {text(left_out)}.</p>\n' if left_out else ""


def _on_paper(column: Column) -> bool:
    return column.shown or column.write_in or column.key in {"severity", *ROW_HEADERS}


def _table(columns: Sequence[Column], rows: Sequence[tuple[object, ...]]) -> Iterator[str]:
    heads = "".join(f'<th scope="col"{_kind(column)}>{text(column.heading)}</th>' for column in columns)
    yield f"<thead>\n<tr>{heads}</tr>\n</thead>\n<tbody>\n"
    around = [_around(column) for column in columns]
    severity = next((n for n, column in enumerate(columns) if column.key == "severity"), None)
    for start in range(0, len(rows), AT_ONCE):
        yield "".join([_row(row, around, severity) for row in rows[start : start + AT_ONCE]])
    yield "</tbody>\n"


def _row(row: tuple[object, ...], around: Sequence[tuple[str, str]], severity: int | None) -> str:
    cells = [f"{before}{_cell(cell)}{after}" for cell, (before, after) in zip(row, around, strict=True)]
    if severity is not None and row[severity] in SEVERITIES:
        word = row[severity]
        cells[severity] = f'<td class="word"><span class="{word}">{word}</span></td>'
    return f"<tr>{''.join(cells)}</tr>\n"


def _around(column: Column) -> tuple[str, str]:
    if column.key in ROW_HEADERS:
        return '<th scope="row">', "</th>"
    return f"<td{_kind(column)}>", "</td>"


def _kind(column: Column) -> str:
    if column.key in ROW_HEADERS:
        return ' class="row"'
    kind = "number" if column.right else "day" if column.holds_days else ""
    classes = " ".join(filter(None, (kind, "" if _on_paper(column) else "more")))
    return f' class="{classes}"' if classes else ""


def _cell(cell: object) -> str:
    return escape(cell) if type(cell) is str and cell.isascii() and cell.isprintable() else text(said(cell))


def text(told: str) -> str:
    """Text of which nothing is read as a tag; what may be written from right to left turns nothing beside it."""
    shown = escape(said(told))
    return shown if shown.isascii() else f"<bdi>{shown}</bdi>"
