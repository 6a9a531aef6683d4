"""A register that is encrypted: what opens it, what does not, and what is left of what was plain."""

from __future__ import annotations

import json
import os
import pty
import random
import select
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from datetime import date
from typing import TYPE_CHECKING

import pytest
from raw import ON_CIPHER
from store_lives import event
from typed import TODAY, Typed

from cictrack.errors import Refused
from cictrack.store import keys
from cictrack.store.making import create
from cictrack.store.opening import open_register
from cictrack.store.writing import append, writing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

keyring = pytest.importorskip("keyring")
backend = pytest.importorskip("keyring.backend")
pytest.importorskip("sqlcipher3")
cipher = pytest.importorskip("cictrack.store.cipher")
pytestmark = pytest.mark.skipif(ON_CIPHER, reason="these tests choose the engine themselves")

HEADER = b"SQLite format 3\0"
MARKER = "a marker of the twelfth"
RAW_KEY = "0123456789abcdef" * 4
FLIPS = 200
DAMAGED = 4


class Cupboard(backend.KeyringBackend):  # type: ignore[misc, name-defined]  # the module may not be there
    """A keyring of this process alone."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password


@pytest.fixture
def cupboard() -> Iterator[Cupboard]:
    before = keyring.get_keyring()
    cupboard = Cupboard()
    keyring.set_keyring(cupboard)
    yield cupboard
    keyring.set_keyring(before)


@pytest.fixture
def own(team: Typed, tmp_path: Path) -> Typed:
    return Typed.copy_of(team, tmp_path / "own.db")


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    file = tmp_path / "own.key"
    keys.Key(RAW_KEY).kept_in(file)
    return file


@pytest.fixture
def locked(own: Typed, key_file: Path) -> Typed:
    own.does(f"note plo 104523 '{MARKER}'")
    own.does(f"--key-file {key_file} encrypt")
    return own


def run(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A line in a process of its own, with these variables beside the usual ones."""
    line = [sys.executable, "-m", "cictrack", *words]
    return subprocess.run(
        line, env={**os.environ, **variables}, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )


def entries(typed: Typed, key_file: Path) -> list[tuple[str, str]]:
    with closing(cipher.connect(typed.path.as_uri(), 5, typed.path, keys.Key(key_file.read_text().strip()))) as db:
        return [*db.execute("SELECT did, detail FROM trail ORDER BY n")]


def test_an_encrypted_register_gives_what_the_plain_one_gave(own: Typed, tmp_path: Path) -> None:
    before = own.does("overdue --format csv")
    head = own.does("verify").partition("the chain ends in ")[2].split()[0]
    first, second = tmp_path / "first.key", tmp_path / "second.key"
    assert "may still hold" in own.does(f"encrypt --make-key-file {first}")
    assert not own.path.read_bytes().startswith(HEADER)
    assert own.does(f"--key-file {first} overdue --format csv") == before
    own.does(f"--key-file {first} rekey --make-key-file {second}")
    assert "cannot be opened with this key" in own.is_refused(f"--key-file {first} overdue")
    assert own.does(f"--key-file {second} overdue --format csv") == before
    assert [did for did, _ in entries(own, second)][-2:] == ["encrypt", "rekey"]
    own.does(f"--key-file {second} decrypt")
    assert own.path.read_bytes().startswith(HEADER)
    assert own.does("overdue --format csv") == before
    own.does(f"verify --head {head}")
    assert {first.stat().st_mode & 0o777, second.stat().st_mode & 0o777, own.path.stat().st_mode & 0o777} == {0o600}
    assert {path.name for path in tmp_path.iterdir()} == {"own.db", "first.key", "second.key"}


def test_a_register_is_made_encrypted(tmp_path: Path) -> None:
    typed = Typed.__new__(Typed)
    typed.path, file = tmp_path / "new.db", tmp_path / "new.key"
    typed.does(f"init --today {TODAY} --encrypt --make-key-file {file}")
    typed.does(f"--key-file {file} plo open 104523 --on 2/3/2026 --dob 14/8/2019")
    assert typed.does(f"--key-file {file} verify")
    assert not typed.path.read_bytes().startswith(HEADER)
    assert typed("init --keyring").status == 1
    typed.path = tmp_path / "other.db"
    assert "only made with --encrypt" in typed.is_refused("init --keyring")
    assert typed(f"init --encrypt --make-key-file {file}").status == 1
    assert not typed.path.exists()


def test_what_was_plain_is_written_over(own: Typed, key_file: Path) -> None:
    with own.path.open("rb") as old:
        own.does(f"--key-file {key_file} encrypt")
        assert not old.read().strip(b"\0")


@contextmanager
def another_process(path: Path, first: str, then: str) -> Iterator[subprocess.Popen[str]]:
    """A process that has the plain file open, did the first statement, and does the other when it is told to."""
    code = f"""
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("{first}").fetchone()
print("ready", flush=True)
input()
db.execute("{then}")
"""
    line = [sys.executable, "-c", code, str(path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(line, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as other:
        assert other.stdout is not None
        other.stdout.readline()
        yield other


def test_whoever_still_writes_to_the_plain_file_is_refused(own: Typed, key_file: Path) -> None:
    with another_process(own.path, "SELECT count(*) FROM events", "INSERT INTO meta VALUES ('late', '')") as late:
        own.does(f"--key-file {key_file} encrypt")
        assert "Error: " in late.communicate("\n")[1]


def test_another_process_that_holds_the_register_leaves_it_as_it_is(own: Typed) -> None:
    from cictrack.store import encryption

    with another_process(own.path, "BEGIN IMMEDIATE", "ROLLBACK") as other:
        with pytest.raises(Refused, match="Another process"), encryption.held_alone(own.path, None, wait=0):
            pass
        assert not other.communicate("\n")[1]
    assert own.path.read_bytes().startswith(HEADER)


def test_no_word_of_an_encrypted_register_lies_in_its_files(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    with closing(create(path, "somebody", key=keys.Key(RAW_KEY))) as db:
        with writing(db):
            append(db, [event("child", "note", date(2026, 3, 2), str(104523 + n), note=MARKER) for n in range(50)])
        with writing(db):
            db.execute("PRAGMA cache_size = 2")
            db.execute("UPDATE children SET child_id = child_id || ?", (MARKER,))
            db.execute("CREATE TABLE many AS SELECT * FROM events, (SELECT value FROM json_each('[1,2,3,4]'))")
            beside = [file.read_bytes() for file in tmp_path.iterdir()]
            assert len(beside) == 2
            assert not any(MARKER.encode() in content or b"104523" in content for content in beside)
        assert db.execute("SELECT count(*) FROM events WHERE fields LIKE ?", (f"%{MARKER}%",)).fetchone() == (50,)
    assert MARKER.encode() not in path.read_bytes()


def test_a_backup_of_an_encrypted_register_is_encrypted_and_restored(locked: Typed, key_file: Path) -> None:
    given, copy = f"--key-file {key_file}", locked.path.with_name("copy.db")
    before = locked.does(f"{given} overdue --format csv")
    locked.does(f"{given} backup {copy}")
    assert MARKER.encode() not in copy.read_bytes()
    assert not copy.read_bytes().startswith(HEADER)
    locked.path.write_bytes(os.urandom(9000))
    locked.does(f"{given} restore {copy} --force")
    assert locked.does(f"{given} overdue --format csv") == before
    assert not locked.path.read_bytes().startswith(HEADER)


@pytest.mark.parametrize("key", ["f" * 64, "another passphrase", 'it\'s "quoted"; --'])
def test_a_wrong_key_is_one_sentence(locked: Typed, key: str) -> None:
    ran = run("--db", str(locked.path), "overdue", CICTRACK_KEY=key)
    assert ran.returncode == 1
    assert ran.stderr.count("\n") == 1
    assert "cannot be opened with this key" in ran.stderr
    assert key not in ran.stdout + ran.stderr


def test_an_encrypted_register_without_a_key_is_one_sentence(locked: Typed) -> None:
    ran = run("--db", str(locked.path), "overdue", PYTHON_KEYRING_BACKEND="keyring.backends.null.Keyring")
    assert (ran.returncode, ran.stderr.count("\n")) == (1, 1)
    assert "no key was given" in ran.stderr


def test_the_doctor_knows_an_encrypted_register(locked: Typed, key_file: Path) -> None:
    said = locked.does(f"--key-file {key_file} doctor")
    assert "it is encrypted, or damaged" in said
    assert "Nothing is wrong" in said
    assert "Only its key can tell" in locked("doctor").out


def test_what_is_encrypted_already_or_not_at_all_is_left_alone(locked: Typed, team: Typed, key_file: Path) -> None:
    assert "already" in locked.is_refused(f"--key-file {key_file} encrypt")
    for command in ("decrypt", "rekey"):
        assert "is not encrypted" in team.is_refused(f"--key-file {key_file} {command}")


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_key_file_that_others_can_read_is_refused(locked: Typed, key_file: Path, mode: int) -> None:
    key_file.chmod(mode)
    assert f"(mode {mode:04o}): chmod 600" in locked.is_refused(f"--key-file {key_file} overdue")


def test_a_key_file_that_holds_no_key_is_refused(locked: Typed, key_file: Path) -> None:
    for content in (b"", b"\n", b"\xff\xfe\0", b"two\nlines\n", b"an escape\x1b[2J\n"):
        key_file.write_bytes(content)
        assert "\x1b" not in locked.is_refused(f"--key-file {key_file} overdue")
    assert "cannot be read" in locked.is_refused("--key-file nothing.key overdue")


def test_a_key_is_kept_in_the_keyring_and_the_earlier_one_beside_it(own: Typed, cupboard: Cupboard) -> None:
    own.does("encrypt --keyring")
    (first,) = cupboard.held.values()
    own.does("overdue")
    own.does("rekey --keyring")
    assert first in cupboard.held.values()
    assert len(set(cupboard.held.values())) == 2
    own.does("overdue")
    copy = own.path.with_name("copy.db")
    own.does(f"backup {copy}")
    own.does(f"restore {copy} --force")
    assert not any(key in own.does("history plo 104523") for key in cupboard.held.values())


def test_without_the_extra_the_sentence_says_what_to_install(locked: Typed) -> None:
    without = "import sys; sys.modules['sqlcipher3'] = None; from cictrack.cli.main import main; main()"
    line = [sys.executable, "-c", without, "--db", str(locked.path), "overdue"]
    ran = subprocess.run(line, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr.count("\n")) == (1, 1)
    assert "pip install 'cictrack[encrypted]'" in ran.stderr


def test_a_plain_register_loads_nothing_of_encryption(team: Typed) -> None:
    looked = "import sys; from cictrack.cli.main import main\ntry: main()\nexcept SystemExit: print(*sys.modules)"
    line = [sys.executable, "-c", looked, "--db", str(team.path), "overdue"]
    loaded = subprocess.run(line, capture_output=True, text=True, check=True).stdout.split()
    assert not {"sqlcipher3", "keyring", "cictrack.store.cipher", "cictrack.store.keys"} & set(loaded)


def test_no_process_that_is_started_has_the_key(locked: Typed) -> None:
    then = "import subprocess, sys; from cictrack.cli.main import main\n"
    then += "try: main()\nexcept SystemExit: print(subprocess.check_output(['env'], text=True), sys.argv)"
    line = [sys.executable, "-c", then, "--db", str(locked.path), "overdue"]
    ran = subprocess.run(line, env={**os.environ, "CICTRACK_KEY": RAW_KEY}, capture_output=True, text=True, check=True)
    assert "104523" in ran.stdout
    assert "PATH=" in ran.stdout
    assert RAW_KEY not in ran.stdout + ran.stderr


def test_the_key_is_in_no_entry_of_the_trail_and_in_no_text_of_a_key(locked: Typed, key_file: Path) -> None:
    assert RAW_KEY not in json.dumps(entries(locked, key_file))
    key = keys.Key(RAW_KEY)
    assert RAW_KEY not in f"{key!r} {key} {[key]}"


def typed_on_a_terminal(words: list[str], answers: list[str]) -> tuple[int, str]:
    """What a line shows on a terminal where these answers are typed, and its exit status."""
    pid, terminal = pty.fork()
    if not pid:
        os.execv(sys.executable, [sys.executable, "-m", "cictrack", *words])  # noqa: S606 - the tool itself
    shown = ""
    left = list(answers)
    while True:
        if not select.select([terminal], [], [], 30)[0]:
            break
        try:
            read = os.read(terminal, 4096).decode()
        except OSError:
            break
        if not read:
            break
        shown += read
        if left and shown.endswith(": "):
            os.write(terminal, (left.pop(0) + "\n").encode())
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), shown


def test_a_passphrase_is_typed_unseen_and_twice_when_it_is_new(own: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    db, phrase = ["--db", str(own.path)], "nine blue chairs"
    status, shown = typed_on_a_terminal([*db, "encrypt"], [phrase, "nine blue hairs"])
    assert (status, "not the same" in shown) == (1, True)
    assert "at least" in typed_on_a_terminal([*db, "encrypt"], ["short", "short"])[1]
    status, shown = typed_on_a_terminal([*db, "encrypt"], [phrase, phrase])
    assert (status, phrase in shown) == (0, False), shown
    status, shown = typed_on_a_terminal([*db, "plo"], [phrase])
    assert (status, phrase in shown, "104523" in shown) == (0, False, True)
    assert typed_on_a_terminal([*db, "plo"], ["nine blue hairs"])[0] == 1


@pytest.mark.slow
def test_no_flipped_bit_of_an_encrypted_register_goes_unnoticed(locked: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CICTRACK_KEY", RAW_KEY)
    content, chosen = locked.path.read_bytes(), random.Random(5)  # noqa: S311 - no secret
    for _ in range(FLIPS):
        bit = chosen.randrange(len(content) * 8)
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        locked.path.write_bytes(flipped)
        assert found_in(locked.path), bit
    locked.path.write_bytes(content)
    assert not found_in(locked.path)


def found_in(path: Path) -> list[str]:
    """What is wrong with the file by its pages."""
    try:
        with closing(open_register(path)) as db:
            return [line for (line,) in db.execute("PRAGMA cipher_integrity_check")] + [
                line for (line,) in db.execute("PRAGMA integrity_check") if line != "ok"
            ]
    except (Refused, sqlite3.DatabaseError) as error:
        return [str(error)]
