"""What is recorded of a child and of no case: the birth, the day it is expected, and details."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cictrack.errors import Refused
from cictrack.pathway.clocks import spoken
from cictrack.pathway.events import CHILD
from cictrack.pathway.record import BORN, EXPECTED, GESTATION_WEEKS
from cictrack.store.checks import WHY
from cictrack.working_days import weeks_after

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from cictrack.store.recording import Recording

ABOUT = "about"


def take_birth(it: Recording, child_id: str, dob: date | None, edd: date | None) -> bool:
    """Take the day of birth and the expected day, where given; one recorded otherwise is corrected.

    What is recorded so already is left. Returns whether anything was taken.
    """
    taken = False
    if dob is not None:
        taken |= _take_once(it, child_id, BORN, dob, {})
    if edd is not None:
        conceived = weeks_after(edd, -GESTATION_WEEKS)
        if conceived > it.today:
            raise Refused(f"A child expected on {spoken(edd)} is more than {GESTATION_WEEKS} weeks away.")
        taken |= _take_once(it, child_id, EXPECTED, conceived, {"edd": edd.isoformat()})
    return taken


def _take_once(it: Recording, child_id: str, kind: str, day: date, fields: Mapping[str, Any]) -> bool:
    held = it.record_of(child_id, kind)
    if held is None:
        it.take(CHILD, child_id, kind, day, fields)
        return True
    if held.day == day:
        return False
    it.supersede(held, kind, day, {**fields, WHY: "set anew"})
    return True


def take_about(it: Recording, child_id: str, about: Mapping[str, str | None]) -> bool:
    """Take the details that are given and not recorded so already. Returns whether there were any."""
    known = it.child(child_id).about
    new = {name: value for name, value in about.items() if value and known.get(name) != value}
    if new:
        it.take(CHILD, child_id, ABOUT, it.today, new)
    return bool(new)
