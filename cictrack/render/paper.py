"""A paper: chapters of sentences, lists and charts, as one page, as Markdown, or as the sheets of a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cictrack.render.chart import Chart
    from cictrack.render.listing import Listing


class Chapter(NamedTuple):
    """One chapter: what it says first, then its lists and charts. `short` names its sheet, and its place on a page."""

    title: str
    short: str
    says: Sequence[str] = ()
    lists: Sequence[Listing] = ()
    charts: Sequence[Chart] = ()


class Paper(NamedTuple):
    """A title, what it was made from, and its chapters."""

    title: str
    facts: Sequence[str]
    chapters: Sequence[Chapter]


def as_markdown(paper: Paper) -> Iterator[str]:
    """The paper for a document: a chart as its title and the table of its figures."""
    from cictrack.render.markdown import escaped, table

    yield f"# {escaped(paper.title)}\n"
    for fact in paper.facts:
        yield f"\n{escaped(fact)}\n"
    for chapter in paper.chapters:
        yield f"\n## {escaped(chapter.title)}\n"
        if chapter.says:
            yield "\n" + "".join(f"- {escaped(sentence)}\n" for sentence in chapter.says)
        for listing in (*chapter.lists, *(chart.listing() for chart in chapter.charts)):
            yield "\n"
            if listing.title != chapter.title:
                yield f"### {escaped(listing.title)}\n\n"
            yield from table(listing)


def as_page(paper: Paper) -> Iterator[str]:
    """The paper as one page, with a way to each of its chapters."""
    from cictrack.render import html

    yield from html.page(paper.title, _first(paper), _chapters(paper))


def _first(paper: Paper) -> Iterator[str]:
    from cictrack.render.html import text

    yield f"<h1>{text(paper.title)}</h1>\n"
    yield "".join(f"<p>{text(fact)}</p>\n" for fact in paper.facts)
    ways = "".join(f'<li><a href="#{c.short}">{text(c.title)}</a></li>\n' for c in paper.chapters)
    yield f'<nav aria-label="Contents">\n<ul>\n{ways}</ul>\n</nav>\n'


def _chapters(paper: Paper) -> Iterator[str]:
    from cictrack.render.chart import svg
    from cictrack.render.html import section, text

    number = 0
    for chapter in paper.chapters:
        yield f'<section id="{chapter.short}" aria-labelledby="{chapter.short}-title">\n'
        yield f'<h2 id="{chapter.short}-title">{text(chapter.title)}</h2>\n'
        if chapter.says:
            yield "<ul>\n" + "".join(f"<li>{text(sentence)}</li>\n" for sentence in chapter.says) + "</ul>\n"
        for listing in chapter.lists:
            yield from section(listing, "h3", for_people=True)
        if chapter.charts:
            yield '<div class="charts">\n'
        for chart in chapter.charts:
            number += 1
            yield f"<figure>\n<figcaption>{text(chart.title)}</figcaption>\n{svg(chart, number)}"
            yield "<details>\n<summary>The figures</summary>\n"
            yield from section(chart.listing(), "h3", for_people=True)
            yield "</details>\n</figure>\n"
        if chapter.charts:
            yield "</div>\n"
        yield "</section>\n"
