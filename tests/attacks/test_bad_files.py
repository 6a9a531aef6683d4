"""Whatever file an import is given, it is read or refused: no traceback, no hang, and nothing changed when refused."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from guarded import Guarded, files_in
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from seeds import hostile_files, seeds
from typed import Typed

from cictrack.registers import names
from cictrack.render.safe import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMES = int(os.environ.get("CICTRACK_TEST_TIMES", "1"))
"""How many times as many examples as are made in CI."""

HARD = settings(
    max_examples=120 * TIMES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
ENDINGS = (".csv", ".xlsx", ".ods", ".xls", ".tsv", ".jsonl", "")
KINDS = ("ssda903", "annex-a", "table", "minutes", "events")
COUNTS = ("rows_used", "rows_unchanged", "rows_in_conflict", "rows_refused", "rows_not_used")


class Desk:
    """A folder with a register and a file that somebody sent; the register is as it was before each import."""

    def __init__(self, typed: Typed, guarded: Guarded) -> None:
        self.folder = typed.path.parent
        self.sound = seeds(typed)
        self._guarded = guarded
        self._register = typed.path.read_bytes()
        self._left = {typed.path.name}

    def imports(self, kind: str, content: bytes, name: str, *words: str) -> tuple[int, str]:
        """Import a file. Refused, it leaves the register as it was; whatever comes of it, no file beside it."""
        (self.folder / "register.db").write_bytes(self._register)
        path = self.folder / name
        path.write_bytes(content)
        try:
            answer = self._guarded.types(self.folder, "import", kind, name, *words)
            found = files_in(self.folder)
            assert found.pop(name) == content
            changed = found.pop("register.db") != self._register
            assert not found, found.keys()
            assert answer.status in {0, 1, 2}, answer
            assert not changed or (answer.status == 0 and "--dry-run" not in words), answer
            for told in (answer.out, answer.err):
                assert visible(told, "\n") == told, told
            if changed:
                verified = self._guarded.types(self.folder, "verify")
                assert verified.status == 0, verified.out
                assert self._guarded.types(self.folder, "summary").status == 0
        finally:
            path.unlink()
        return answer.status, answer.out


@pytest.fixture(scope="module")
def guarded() -> Iterator[Guarded]:
    with Guarded() as typing:
        yield typing


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, guarded: Guarded) -> Desk:
    typed = Typed(tmp_path_factory.mktemp("sent") / "register.db")
    typed.does("plo open 104523 --on 2/3/2026 --dob 14/8/2019 --team North --worker W07")
    typed.does("iha open 104523 --on 1/3/2026")
    typed.does("task add plo 104523 'hair test' --owner W07 --due 20/3/2026")
    return Desk(typed, guarded)


def words_of(kind: str, register: str) -> tuple[str, ...]:
    return ("--register", register) if kind == "table" else ()


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_file_is_read_so_that_the_attacks_begin_from_what_is_sound(desk: Desk, kind: str) -> None:
    for content in desk.sound[kind]:
        if not content.startswith(b"\xd0\xcf"):
            status, told = desk.imports(kind, content, "sent.csv", *words_of(kind, "plo"), "--format", "json")
            assert status == 0, told
            assert json.loads(told)["rows_refused"] == 0, told


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data(), dry=st.booleans(), register=st.sampled_from(names()), ending=st.sampled_from(ENDINGS))
@HARD
def test_a_spoilt_file_is_read_or_refused(
    desk: Desk, kind: str, data: st.DataObject, register: str, ending: str, *, dry: bool
) -> None:
    content = data.draw(hostile_files(desk.sound[kind]))
    words = (*words_of(kind, register), "--format", "json", *(("--dry-run",) if dry else ()))
    status, told = desk.imports(kind, content, f"sent{ending}", *words)
    if told:
        counted = json.loads(told)
        assert counted["rows_read"] == sum(counted[count] for count in COUNTS)
        assert status == 0 or not any(counted[count] for count in COUNTS[:3]), told
