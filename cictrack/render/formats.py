"""How the cells of a sheet look: a day, a number, a text that stays text, a severity, a cell to be written in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.render.safe import FORMULA, QUOTED

if TYPE_CHECKING:
    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it brings no types
    from xlsxwriter.format import Format  # type: ignore[import-untyped]

AS_TEXT = "@"
LONGEST_AS_TEXT = 255
"""Excel shows a longer cell as #### when its format is that of text."""

DAY = "d mmm yyyy"
"""The month as a word: what was typed as 3/4/2026 shows how it was read, in every country's settings."""
COLOURS = {
    "red": ("#8F1010", "#FDE5E5"),
    "amber": ("#6B4300", "#FFF0CC"),
    "green": ("#0F5223", "#E2F4E6"),
    "grey": ("#454545", "#E8E8E8"),
}
"""Ink and paper of each severity: the word stands in the cell, and can be read on the colour."""

HEADING, PEN = "#E4E8EE", "#FFF9DB"


class Formats:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}
        self.plain = book.add_format()

    def heading(self, *, write_in: bool) -> Format:
        """The heading of a column."""
        return self._of(bold=True, bg_color=PEN if write_in else HEADING, bottom=1, text_wrap=True)

    def number(self, number: float) -> Format:
        """A number as it is, a little away from what stands beside it."""
        return self._of(num_format="0_)" if isinstance(number, int) else "General")

    def day(self, *, write_in: bool = False) -> Format:
        """A day."""
        return self.to_write_in(day=True) if write_in else self._of(num_format=DAY, align="left")

    def text(self, text: str, *, severity: bool) -> Format:
        """A text: an id stays one, and what looks like a formula stays none when the cell is edited."""
        if severity and text in COLOURS:
            ink, paper = COLOURS[text]
            return self._of(num_format=AS_TEXT, bold=True, font_color=ink, bg_color=paper)
        kept = {"num_format": AS_TEXT} if len(text) <= LONGEST_AS_TEXT else {}
        quoted = {"quote_prefix": True} if text.startswith((*FORMULA, QUOTED)) else {}
        return self._of(text_wrap=True, **kept, **quoted)

    def to_write_in(self, *, day: bool) -> Format:
        """A cell that waits for what is agreed."""
        form = {"num_format": DAY} if day else {"num_format": AS_TEXT, "text_wrap": True}
        return self._of(bg_color=PEN, border=1, border_color="#C9BE8A", locked=False, **form)

    def _of(self, **looks: object) -> Format:
        key = tuple(sorted(looks.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"valign": "top", **looks})
        return self._made[key]
