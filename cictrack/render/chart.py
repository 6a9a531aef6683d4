"""Charts: a few marks with their figures beside them, drawn by hand in SVG that loads and runs nothing.

Ink alone carries the meaning: length, height and place, each with its figure; no colour is needed to read one.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Literal, NamedTuple

from cictrack.render.listing import Column, Listing
from cictrack.render.safe import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WIDTH = 480
ROW, LABEL, FIGURE = 26, 236, 52
"""The height of a bar and its room, the width of the labels, and that of the figures."""

PLOT, LEFT, BELOW, ABOVE = 190, 44, 30, 28
DOT = 5
MOST_LETTERS = 29
OF_A_LINE = 15
"""The height of what a line is called."""
TICKS_OF_STRIP = 8


class Mark(NamedTuple):
    """One figure of a chart and what it is of; None where there is none."""

    label: str
    value: float | None


class Line(NamedTuple):
    """A figure that others are read against, and what it is."""

    value: float
    label: str


class Chart(NamedTuple):
    """A chart whose title says what is seen. `unit` is what its figures count; `lines` what they are read against.

    `bars` are figures beside each other, `series` one after the other in time, `strip` each one's place on a scale.
    """

    title: str
    kind: Literal["bars", "series", "strip"]
    unit: str
    marks: Sequence[Mark]
    lines: Sequence[Line] = ()
    of: str = "what"

    def listing(self) -> Listing:
        """The same figures as rows."""
        columns = (Column("of", self.of), Column("value", self.unit, right=True))
        rows = [(mark.label, _figure(mark.value) if mark.value is not None else None) for mark in self.marks]
        rows += [(line.label, _figure(line.value)) for line in self.lines]
        return Listing(self.title, columns, rows)


def svg(chart: Chart, number: int) -> str:
    """The chart as a picture that is read aloud by its title and figures; `number` tells it from others of a page."""
    draw = {"bars": _bars, "series": _series, "strip": _strip}[chart.kind]
    height, shapes = draw(chart)
    title, told = f"chart-{number}-title", f"chart-{number}-told"
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{title} {told}">'
        f'<title id="{title}">{_text(chart.title)}</title><desc id="{told}">{_text(_aloud(chart))}</desc>'
        f'<g aria-hidden="true">{"".join(shapes)}</g></svg>\n'
    )


def _aloud(chart: Chart) -> str:
    marks = [f"{m.label} {_figure(m.value)}" if m.value is not None else f"{m.label} none" for m in chart.marks]
    lines = [f"{line.label}: {_figure(line.value)}" for line in chart.lines]
    return f"In {chart.unit}: {'; '.join([*marks, *lines])}."


def _bars(chart: Chart) -> tuple[int, Iterator[str]]:
    most = max([1.0, *(mark.value or 0 for mark in chart.marks)])
    room = WIDTH - LABEL - FIGURE

    def shapes() -> Iterator[str]:
        for n, mark in enumerate(chart.marks):
            top, length = n * ROW + 4, room * (mark.value or 0) / most
            yield _words(0, top + 15, mark.label[:MOST_LETTERS])
            yield f'<rect class="ink" x="{LABEL}" y="{top}" width="{length:.1f}" height="{ROW - 8}"/>'
            yield _words(LABEL + length + 6, top + 15, _figure(mark.value))
        yield _words(LABEL, len(chart.marks) * ROW + 16, chart.unit, "small")

    return len(chart.marks) * ROW + 24, shapes()


def _series(chart: Chart) -> tuple[int, Iterator[str]]:
    most = 100.0 if chart.unit == "%" else max([1.0, *(mark.value or 0 for mark in chart.marks)])
    step = (WIDTH - LEFT) / max(1, len(chart.marks))

    def up(value: float) -> float:
        return ABOVE + PLOT * (1 - value / most)

    def shapes() -> Iterator[str]:
        for tick in (0.0, most / 2, most):
            yield f'<line class="rule" x1="{LEFT}" x2="{WIDTH}" y1="{up(tick):.1f}" y2="{up(tick):.1f}"/>'
            yield _words(LEFT - 6, up(tick) + 5, _figure(tick), "small end")
        yield _words(0, 12, chart.unit, "small")
        for n, mark in enumerate(chart.marks):
            x = LEFT + step * n
            if mark.value is not None:
                y = up(mark.value)
                size = f'width="{step * 0.62:.1f}" height="{up(0) - y:.1f}"'
                yield f'<rect class="ink" x="{x + step * 0.19:.1f}" y="{y:.1f}" {size}/>'
                yield _words(x + step / 2, y - 4, f"{mark.value:.0f}", "small middle")
            yield _words(x + step / 2, up(0) + 17, mark.label, "small middle")
        for line in chart.lines:
            y = up(line.value)
            yield f'<line class="target" x1="{LEFT}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
            yield _words(WIDTH, 12, line.label, "small end")

    return ABOVE + PLOT + BELOW, shapes()


def _strip(chart: Chart) -> tuple[int, Iterator[str]]:
    values = [mark.value for mark in chart.marks if mark.value is not None]
    longest = max([1.0, *values, *(line.value for line in chart.lines)]) * 1.05
    across = (WIDTH - 2 * DOT) / longest
    piles: dict[int, int] = {}
    places = []
    for value in sorted(values):
        column = int(value * across // (2 * DOT))
        piles[column] = piles.get(column, 0) + 1
        places.append((DOT + column * 2 * DOT, piles[column]))
    above = OF_A_LINE * (len(chart.lines) + 1)
    floor = above + max([4, *piles.values()]) * 2 * DOT + DOT
    every = max(1, round(longest / TICKS_OF_STRIP))

    def shapes() -> Iterator[str]:
        for n, line in enumerate(chart.lines, 1):
            x, top = DOT + line.value * across, OF_A_LINE * n
            yield f'<line class="target" x1="{x:.1f}" x2="{x:.1f}" y1="{top + 4}" y2="{floor}"/>'
            yield _words(x, top, line.label, "small end" if x > WIDTH / 2 else "small")
        for x, n in places:
            yield f'<circle class="ink" cx="{x}" cy="{floor - (2 * n - 1) * DOT}" r="{DOT - 0.8}"/>'
        yield f'<line class="axis" x1="0" x2="{WIDTH}" y1="{floor}" y2="{floor}"/>'
        for tick in range(0, int(longest) + 1, every):
            yield _words(DOT + tick * across, floor + 16, str(tick), "small middle" if tick else "small")
        yield _words(WIDTH, floor + 32, chart.unit, "small end")

    return floor + 38, shapes()


def _words(x: float, y: float, text: str, kind: str = "") -> str:
    said = f' class="{kind.strip()}"' if kind.strip() else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{said}>{_text(text)}</text>'


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def _text(text: str) -> str:
    return escape(visible(text))
