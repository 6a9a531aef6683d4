"""How cictrack.pyz begins: what it is made of is unpacked once, where nobody but its user can write, and run there.

SHIV_ROOT names the folder; else it is a folder of the user's own cache. Where nothing can be kept, all is unpacked
for this run alone. This file must be read by a Python that is too old, too.
"""

import os
import sys
from pathlib import Path

NEEDED = (3, 11)


def begin() -> None:
    """Unpack where that is safe, and run."""
    if sys.version_info < NEEDED:
        sys.exit(f"cictrack: it needs Python 3.11 or later, and this is {sys.version_info[0]}.{sys.version_info[1]}.")
    # Whatever is made from here on is for its user alone.
    os.umask(0o077)
    named = os.environ.get("SHIV_ROOT") or _cache()
    root = Path(named).expanduser()
    os.environ["SHIV_ROOT"] = str(root) if named and _is_kept(root) else _for_this_run(named)
    from _bootstrap import bootstrap

    bootstrap()


def _cache() -> str:
    """The user's own folder for what can be made again; nothing where there is no home."""
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA", "")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("HOME", "") + "/.cache"
    return str(Path(base, "cictrack-pyz")) if Path(base).is_absolute() and base != "/.cache" else ""


def _is_kept(root: Path) -> bool:
    """Whether what is unpacked there stays. A folder that others can write ends it all."""
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = root.stat()
    except OSError:
        return False
    if os.name == "posix" and (found.st_mode & 0o022 or found.st_uid not in (0, os.getuid())):
        sys.exit(
            f"cictrack: others can write in {root}, and could put a program of theirs there:"
            " name a folder of your own in SHIV_ROOT."
        )
    return os.access(root, os.W_OK) or _is_filled(root)


def _is_filled(root: Path) -> bool:
    """Whether somebody who can write there has unpacked this very file before."""
    from _bootstrap import Environment, cache_path, current_zipfile

    with current_zipfile() as archive:
        made = Environment.from_json(archive.read("environment.json").decode())
        return os.access(cache_path(archive, str(root), made.build_id) / "site-packages", os.R_OK | os.X_OK)


def _for_this_run(named: str) -> str:
    import atexit
    import shutil
    import tempfile

    sys.stderr.write(
        f"cictrack: nothing can be kept in {named or 'a home that is not there'}: it is unpacked for this once,"
        " which takes seconds. A folder named in SHIV_ROOT is kept.\n"
    )
    made = tempfile.mkdtemp(prefix="cictrack-")
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


if __name__ == "__main__":
    begin()
