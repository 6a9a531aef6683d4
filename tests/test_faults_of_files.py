"""Registers that are cut off, emptied, not to be written, or met with too little memory: said, and nothing is lost.

`.ci/run` makes these after the others.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from faulty import ENVIRONMENT, command, copied, ids, is_whole
from typed import Typed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Spoil = Callable[[bytes], Iterator[bytes]]

resource = pytest.importorskip("resource", reason="Windows has no limits of this kind")
pytestmark = pytest.mark.slow

SAMPLE = Path(__file__).parent.parent / "sample.db"
SHOWN = ("overdue --format csv", "plo --format csv", "iha --format csv", "show 105593", "explain plo 105593", "kpi")
PAGE = 4096
DAMAGED = 4
SOME = 20


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Typed:
    """The shipped register, as somebody who types against a copy."""
    return at(copied(SAMPLE, tmp_path_factory.mktemp("sample"), "register.db"))


def at(path: Path) -> Typed:
    """Somebody who types against a file, whatever it is."""
    typed = Typed.__new__(Typed)
    typed.path = path
    return typed


def cut(content: bytes) -> Iterator[bytes]:
    """A file of which the end is gone."""
    chance = random.Random(4)  # noqa: S311 - where the damage is, and no secret
    lengths = [0, 1, 15, 16, 99, 100, 511, 512, PAGE - 1, PAGE, PAGE + 1, len(content) // 2, len(content) - PAGE]
    for length in (*lengths, len(content) - 1, *(chance.randrange(len(content)) for _ in range(SOME))):
        yield content[:length]


def emptied(content: bytes) -> Iterator[bytes]:
    """A file in which a page, or a piece of any length, is nothing but zeros."""
    chance = random.Random(5)  # noqa: S311 - where the damage is, and no secret
    for _ in range(SOME):
        page = chance.randrange(1, len(content) // PAGE) * PAGE
        yield content[:page] + bytes(PAGE) + content[page + PAGE :]
    for _ in range(SOME // 2):
        start = chance.randrange(len(content))
        length = chance.randrange(1, len(content) - start + 1)
        yield content[:start] + bytes(length) + content[start + length :]


@pytest.mark.parametrize("spoil", [cut, emptied])
def test_no_command_answers_from_a_file_of_which_a_part_is_gone_as_if_it_were_whole(
    sample: Typed, tmp_path: Path, spoil: Spoil
) -> None:
    sound = {line: sample(line) for line in SHOWN}
    damaged = at(tmp_path / "register.db")
    for content in spoil(SAMPLE.read_bytes()):
        damaged.path.write_bytes(content)
        for line in SHOWN:
            answer = damaged(line)
            assert answer == sound[line] or answer.err != sound[line].err, (len(content), line, answer)
        verified = damaged("verify")
        assert verified.status, (len(content), verified.out)


@pytest.mark.parametrize("spoil", [cut, emptied])
def test_what_is_recovered_of_such_a_file_is_what_was_recorded(tmp_path: Path, spoil: Spoil) -> None:
    every = ids(SAMPLE)
    damaged = at(tmp_path / "register.db")
    for n, content in enumerate(spoil(SAMPLE.read_bytes())):
        damaged.path.write_bytes(content)
        new = tmp_path / f"new{n}.db"
        answer = damaged(f"recover {new}")
        if answer.status == 0:
            assert ids(new) <= every
            is_whole(new)
            new.unlink()
        else:
            assert not new.exists()
            assert answer.err.count("\n") == 1


def as_one_who_may_not(*words: str) -> list[str]:
    """A command whom the modes of files bind: root is bound by none, unless it gives that up."""
    if os.geteuid():
        return list(words)
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root may write everything here")
    return [setpriv, "--bounding-set=-dac_override,-dac_read_search", *words]


def ran(register: Path, *words: str) -> subprocess.CompletedProcess[str]:
    line = as_one_who_may_not(*command(register, *words))
    return subprocess.run(line, env=ENVIRONMENT, capture_output=True, text=True, check=False)


@pytest.fixture
def shut(tmp_path: Path) -> Iterator[Path]:
    """A register that may not be written in a folder that may not either."""
    folder = tmp_path / "shut"
    folder.mkdir()
    register = copied(SAMPLE, folder, "register.db")
    register.chmod(0o400)
    folder.chmod(0o500)
    yield register
    folder.chmod(0o700)


@pytest.mark.parametrize("line", [*SHOWN, "verify", "changes --since 1/12/2020"])
def test_what_may_not_be_written_is_read_all_the_same(shut: Path, sample: Typed, line: str) -> None:
    before = shut.read_bytes()
    answer = ran(shut, *line.split())
    assert (answer.returncode, answer.stdout) == (0, sample(line).out.replace(str(sample.path), str(shut))), (
        answer.stderr
    )
    assert [path.name for path in shut.parent.iterdir()] == ["register.db"]
    assert shut.read_bytes() == before


@pytest.mark.parametrize(
    "line", ["note plo 105593 said", "child add 999 --dob 1/1/2020", "verify --rebuild", "rules set plo.letter 4days"]
)
def test_what_may_not_be_written_is_not_and_that_is_one_sentence(shut: Path, line: str) -> None:
    before = shut.read_bytes()
    answer = ran(shut, *line.split())
    assert answer.returncode in {1, 2}
    assert answer.stderr.splitlines()[-1].startswith("cictrack: ")
    assert "Traceback" not in answer.stderr
    assert shut.read_bytes() == before


def test_with_too_little_memory_an_import_is_done_whole_or_not_at_all(sample: Typed, tmp_path: Path) -> None:
    lines = tmp_path / "events.jsonl"
    lines.write_text(sample.does("export events"), encoding="utf-8")
    empty = Typed(tmp_path / "empty.db").path
    statuses = set()
    for megabytes in (*range(36, 60, 2), 80, 120):
        register = copied(empty, tmp_path, "register.db")
        most = megabytes * 1_000_000
        answer = subprocess.run(
            command(register, "import", "events", str(lines)),
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=lambda most=most: resource.setrlimit(resource.RLIMIT_AS, (most, most)),  # type: ignore[misc]
        )
        statuses.add(answer.returncode)
        # Below what Python itself needs to begin, it ends in words of its own.
        of_python = "MemoryError" in answer.stderr or "SystemError" in answer.stderr
        assert answer.returncode == 0 or "not enough memory" in answer.stderr or of_python, answer
        is_whole(register)
        assert len(ids(register)) == (lines.read_text(encoding="utf-8").count("\n") if answer.returncode == 0 else 0)
    assert statuses == {0, 1}


if sys.platform != "linux":
    pytest.skip("modes and limits as Linux has them", allow_module_level=True)
