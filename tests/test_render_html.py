"""A page is one file: nothing is loaded, run or sent, and everybody can read it."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

from typed import Typed

from cictrack.render import render
from cictrack.render.listing import Column, Listing
from cictrack.render.style import STYLE

if TYPE_CHECKING:
    import pytest

COLUMNS = (Column("severity"), Column("child_id", "child"), Column("days_over", right=True), Column("due_on", "due"))
PAGE = "".join(
    render(
        Listing("Late <&> 1", COLUMNS, [("red", "104523", 7, "2026-03-02")], "1 of 2 shown", notes=("So & so",)), "html"
    )
)


def test_the_policy_lets_in_the_one_style_and_nothing_else() -> None:
    (style,) = re.findall(r"<style>(.*?)</style>", PAGE, re.DOTALL)
    known = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{known}'; base-uri 'none'; form-action 'none'"
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy}">' in PAGE
    assert PAGE.index("Content-Security-Policy") < PAGE.index("<style>")


def test_a_page_has_no_script_no_address_and_no_style_elsewhere() -> None:
    for absent in ("<script", "http:", "https:", "//", "url(", "@import", " style=", "<link", "<img", "javascript"):
        assert absent not in PAGE.replace("<!doctype html>", "")


def test_a_table_has_a_caption_headings_and_what_its_rows_are_about() -> None:
    assert '<html lang="en-GB">' in PAGE
    assert "<caption><h1>Late &lt;&amp;&gt; 1</h1></caption>" in PAGE
    assert PAGE.count('<th scope="col"') == len(COLUMNS)
    assert '<th scope="row">104523</th>' in PAGE
    assert '<td class="word"><span class="red">red</span></td>' in PAGE
    assert '<td class="number">7</td>' in PAGE
    assert '<p class="note">So &amp; so</p>' in PAGE
    assert '<p class="footer">1 of 2 shown</p>' in PAGE


def test_an_empty_list_is_its_sentence() -> None:
    page = "".join(render(Listing("Late", COLUMNS, [], "0 of 0 shown", "Nothing is overdue."), "html"))
    assert "<p>Nothing is overdue.</p>" in page
    assert "<table" not in page


def test_what_may_be_written_from_right_to_left_turns_nothing_beside_it() -> None:
    page = "".join(render(Listing("Any", COLUMNS, [("\u05d0\u202e", "1", 1, None)]), "html"))
    assert "<td><bdi>\u05d0\\u202e</bdi></td>" in page


def test_what_is_said_of_a_list_is_on_its_page(tmp_path_factory: pytest.TempPathFactory) -> None:
    typed = Typed(tmp_path_factory.mktemp("page") / "register.db")
    typed.does("plo open 104523 --on 2/2/2026 --dob 14/8/2019")
    page = typed.does("overdue --as-of 30/6/2026 --format html")
    assert "is still to come" in page
    assert "shown</p>" in page


def _luminance(colour: str) -> float:
    wide = colour if len(colour) > len("#fff") else "#" + "".join(c * 2 for c in colour[1:])
    parts = [int(wide[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_severity_can_be_read_on_its_colour_by_day_and_by_night() -> None:
    blocks = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    assert len(blocks) == 3
    for block in blocks:
        named = dict(re.findall(r"--([\w-]+): (#\w+)", block))
        for ink in ("red", "amber", "green", "grey"):
            light, dark = sorted((_luminance(named[ink]), _luminance(named[f"{ink}-paper"])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, block)
