"""Make dist/cictrack.pyz: one file that runs wherever there is a Python from 3.11 on, and nothing may be installed.

`python3 .ci/pyz.py [FILE]` is all; `--here` leaves out what only other systems and versions need. It wants a
connection, and says how long the file takes to start: for the first time, when it unpacks itself, and from then on.
Made again from the same sources and libraries it is the same file, byte for byte.

What reads workbooks is compiled: the file carries that for each system and version below, and elsewhere all works
but workbooks.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
import zipfile
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MADE = ROOT / "dist" / "cictrack.pyz"
SHIV = "shiv==1.0.8"
COMPILED = "python_calamine"
SYSTEMS = ("win_amd64", "manylinux_2_17_x86_64", "macosx_11_0_arm64")
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
NOT_NEEDED = ("bin", "pip", "pip-*", "*/tests", "*.dist-info/direct_url.json", "*.dist-info/RECORD")
"""`pip` comes with sqlite-utils, which can install plugins; the last two tell of the folder it was made in."""

OF_DIGEST = 16
"""Enough to tell builds apart: the folder that one is unpacked in is called so, and Windows' paths are short."""


def made(into: Path, *, here: bool) -> None:
    """Make the file at `into`, or leave what is there as it is."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        python = _python_with_shiv(work / "venv")
        parts = work / "parts"
        _run(python, "-m", "pip", "install", "-q", "--target", str(parts), str(ROOT))
        for pattern in NOT_NEEDED:
            for path in parts.glob(pattern):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        if not here:
            _add_compiled(python, parts, work / "wheels")
        first = work / "first.pyz"
        said = ("--reproducible", "--build-id", _digest(parts), "-e", "cictrack.__main__:main")
        _run(python, "-m", "shiv", *said, "--site-packages", str(parts), "-o", str(first))
        whole = work / into.name
        _begun_by_us(first, whole)
        into.parent.mkdir(exist_ok=True)
        shutil.move(whole, into)


def _python_with_shiv(folder: Path) -> str:
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    _run(str(python), "-m", "pip", "install", "-q", SHIV)
    return str(python)


def _run(*words: str) -> None:
    subprocess.run(words, check=True)  # noqa: S603 - our own words


def _add_compiled(python: str, parts: Path, wheels: Path) -> None:
    """Put the compiled parts for every system and version beside those for this one; their names differ."""
    (info,) = parts.glob(f"{COMPILED}-*.dist-info")
    wanted = info.name.removesuffix(".dist-info").replace("-", "==")
    for system in SYSTEMS:
        for version in VERSIONS:
            of = ("--only-binary=:all:", "--no-deps", "--platform", system, "--python-version", version)
            _run(python, "-m", "pip", "download", "-q", *of, "-d", str(wheels), wanted)
    for wheel in wheels.iterdir():
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if name.startswith(f"{COMPILED}/") and name.endswith((".so", ".pyd")):
                    archive.extract(name, parts)


def _digest(parts: Path) -> str:
    found = sha256()
    for path in sorted(path for path in parts.rglob("*") if path.is_file() and path.suffix != ".pyc"):
        found.update(path.relative_to(parts).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:OF_DIGEST]


def _begun_by_us(first: Path, whole: Path) -> None:
    """Copy the archive with its first file exchanged for ours, which asks where to unpack it."""
    start = Path(__file__).with_name("pyz_start.py").read_bytes()
    with zipfile.ZipFile(first) as old, whole.open("wb") as file:
        file.write(b"#!/usr/bin/env python3\n")
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
            for entry in old.infolist():
                new.writestr(entry, start if entry.filename == "__main__.py" else old.read(entry))
    whole.chmod(0o755)


def _started(made: Path, kept: str) -> float:
    """Seconds that `--version` takes, unpacked in the folder `kept`."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, made, "--version"], check=True, env={**os.environ, "SHIV_ROOT": kept})  # noqa: S603 - ours
    return time.perf_counter() - begun


if __name__ == "__main__":
    into = next((Path(word) for word in sys.argv[1:] if not word.startswith("-")), MADE)
    made(into, here="--here" in sys.argv)
    with tempfile.TemporaryDirectory() as kept:
        first, then = _started(into, kept), _started(into, kept)
    sys.stdout.write(f"{into}: {into.stat().st_size / 1e6:.1f} MB; starts in {first:.1f} s, then in {then:.2f} s\n")
