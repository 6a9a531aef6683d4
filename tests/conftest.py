"""What tests share: snapshots named after their test, and a register that a team might have."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from raw import ON_CIPHER
from typed import Typed

if TYPE_CHECKING:
    from collections.abc import Callable

settings.register_profile("quick", deadline=None, max_examples=30)
settings.register_profile("thorough", deadline=None, max_examples=300)
settings.load_profile("quick")

if ON_CIPHER:
    from cictrack.store import keys, making

    os.environ[keys.SECRET] = os.urandom(32).hex()
    assert making.create.__kwdefaults__
    making.create.__kwdefaults__["key"] = keys.named()

SNAPSHOTS = Path(__file__).parent / "snapshots"

A_TEAM = """
plo open 104523 --on 2/3/2026 --dob 14/8/2019 --team North --worker W07 --iro 'IRO 2' --family F17
plo letter 104523 --on 5/3/2026 --fgdm-offered yes
plo open 104524 --on 2/3/2026 --dob 1/2/2021 --team North --worker W08 --family F17
plo open 104525 --on 24/3/2026 --dob 1/2/2021 --team South --worker W09
task add plo 104523 'hair test' --owner W07 --due 20/3/2026
task add plo 104525 'see the school' --owner W09 --due 20/4/2026
exception plo 104523 plo.meeting --reason court --agreed-by 'Head of service' --until 30/6/2026
plo open 104526 --on 5/1/2026 --dob 3/3/2018 --team South --worker W09
plo letter 104526 --on 8/1/2026
plo meeting 104526 --on 20/1/2026
plo step 104526 --on 20/2/2026 --outcome step-down --to child-in-need
plo reopen 104526 --on 16/3/2026
iha open 104527 --on 9/2/2026 --dob 9/9/2020 --team South --worker W09
iha notified 104527 --on 10/2/2026
iha assessed 104527 --on 27/3/2026
placement-order open 104528 --on 1/10/2025 --dob 2/2/2023 --team North --worker W08
fragile open 104529 --on 27/3/2026 --dob 5/5/2013 --source carer --indicator needs-not-met --team West --iro 'IRO 2'
"""


@pytest.fixture
def snapshot(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Compare a text with the file named after the test; `SNAPSHOTS=write` writes it anew."""

    def compare(text: str) -> None:
        path = SNAPSHOTS / f"{request.node.name}.txt"
        if os.environ.get("SNAPSHOTS") == "write":
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture(scope="session")
def team(tmp_path_factory: pytest.TempPathFactory) -> Typed:
    """A register of 31 March 2026 with something in every list; tests read it and write nothing to it."""
    typed = Typed(tmp_path_factory.mktemp("team") / "register.db")
    for line in A_TEAM.strip().splitlines():
        typed.does(line)
    return typed
