"""Whatever stands on the line of a command: it is done or refused, at once, and what is refused changes nothing."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import click
import pytest
from guarded import Guarded, files_in
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_bad_files import TIMES, guarded
from test_every_command import NO_DAYS, SINGLE, annex_a, good_value, made, minutes, one_at_least
from test_hostile_text import HOSTILE

from cictrack.readers.refusals import KEYS
from cictrack.render.safe import visible

if TYPE_CHECKING:
    from pathlib import Path

    from typed import Typed

__all__ = ["guarded", "made"]

REFUSED, WRONG_USAGE = 1, 2
REJECTS = ",".join(KEYS).encode()
EXAMPLES = 25 * TIMES
HARD = settings(
    max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)

NUMBERS = ("0", "-1", "1", "2", "07", "1e9", "9" * 5000, "٣", "²", "1_0", " 1", "+1", "0x1", "nan", "inf")
DAYS = (*NO_DAYS, "today", "2026-03-02", "2/3/2026", "+2w", "-1d", "+9999999w", "1/1/1", "31/12/9999", "29/2/2100")
PLACES = (
    *(".", "..", "/", "", "register.db", "./register.db", "there.csv", "folder.csv", "link.csv", "nowhere/x.csv"),
    *("new.db", "new.csv", "new.html", "new.xlsx", "new.jsonl", "new.ics", "/dev/null", "/dev/full", "/proc/self/mem"),
    *("north.jsonl", "annex-a.xlsx", "overdue.xlsx", "north-backup.db", "a" * 300 + ".csv", "con.csv", "\udce9.csv"),
)
WORDS = ("plo", "open", "letter", "104523", "104599", "104523#2", "#", "=", "a=b", "--", "-", "--help", "%s{0}$HOME`x`")
"""What is wrong in one place is right in another."""

ANY = st.one_of(
    *(st.sampled_from(some) for some in (NUMBERS, DAYS, PLACES, WORDS, HOSTILE)),
    st.text(st.characters(exclude_characters="/.\0", codec="utf-8"), max_size=30),
)
SMALL = st.sampled_from(("-1", "0", "1", "2", "x", "9" * 5000))
"""For what a register is made with: one of a hundred million children takes its time."""


class Folder:
    """A register and the files that the examples speak of, as they were before each line."""

    def __init__(self, folder: Path, made: Typed) -> None:
        self.path = folder
        self._sound = folder.parent / "sound"
        self._sound.mkdir()
        shutil.copy(made.path, self._sound / "register.db")
        shutil.copy(made.path, self._sound / "north-backup.db")
        (self._sound / "annex-a.xlsx").write_bytes(annex_a())
        (self._sound / "overdue.xlsx").write_bytes(minutes())
        (self._sound / "there.csv").write_text("another's work\n", encoding="utf-8")
        (self._sound / "folder.csv").mkdir()
        (self._sound / "link.csv").symlink_to("there.csv")
        (self._sound / "north.jsonl").write_text(made.does("export events"), encoding="utf-8")
        self.was = files_in(self._sound)

    def begin(self) -> None:
        """Put everything back."""
        shutil.rmtree(self.path, ignore_errors=True)
        shutil.copytree(self._sound, self.path, symlinks=True)

    @property
    def is_as_it_was(self) -> bool:
        """Whether no file came, went or changed; the rows that an import refused may be handed back in a new file."""
        now = files_in(self.path)
        back = {name for name in now.keys() - self.was.keys() if (now[name] or b"").startswith(REJECTS)}
        return {name: now[name] for name in now.keys() - back} == self.was


@pytest.fixture(scope="module")
def folder(made: Typed, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return Folder(tmp_path_factory.mktemp("any") / "desk", made)


@st.composite
def lines(draw: st.DrawFn, path: tuple[str, ...]) -> list[str]:
    """A line of a command in which some is right, some is wrong, some is missing and some stands twice."""
    options, arguments = [], []
    usual = one_at_least(path)
    for param in SINGLE[path].params:
        name = str(param.name)
        if draw(st.integers(0, 9)) > (8 if param.required or name in usual else 2):
            continue
        anything = SMALL if path == ("demo",) and isinstance(param.type, click.IntRange) else ANY
        value = draw(st.just(usual.get(name) or good_value(param)) | anything)
        if isinstance(param, click.Argument):
            arguments.append(value)
        elif isinstance(param, click.Option) and param.is_flag:
            options.append(draw(st.sampled_from([*param.opts, *param.secondary_opts])))
        else:
            options += [f"{param.opts[-1]}={value}"] * draw(st.sampled_from((1, 1, 1, 2)))
    return [*options, *(["--"] if draw(st.booleans()) else []), *arguments, *draw(st.lists(ANY, max_size=1))]


@pytest.mark.slow
@pytest.mark.parametrize("path", [path for path in SINGLE if path != ("completion",)], ids=" ".join)
@given(data=st.data())
@HARD
def test_any_line_is_done_or_refused(
    folder: Folder, guarded: Guarded, path: tuple[str, ...], data: st.DataObject
) -> None:
    words = data.draw(lines(path))
    folder.begin()
    answer = guarded.types(folder.path, *path, *words)
    for told in (answer.out, answer.err):
        assert visible(told, "\n\t") == told, (words, told)
    if answer.status in {REFUSED, WRONG_USAGE}:
        assert answer.err.strip(), words
        assert folder.is_as_it_was, words
    verified = guarded.types(folder.path, "verify")
    assert verified.status == 0 or "is encrypted" in verified.out, (words, verified)
