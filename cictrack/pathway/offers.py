"""Offers: what a file says otherwise than the register holds. Nothing held gives way: both stand in `gaps`.

An offer is settled, and gone from `gaps`, as soon as what it says is what the register holds.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cictrack.pathway.clocks import spoken
from cictrack.pathway.events import Finding, said
from cictrack.pathway.kinds import Field, Kind, day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cictrack.pathway.events import Event

OFFERED = "offered"
"""The kind of an event that offers another day (`on`) for the `event` it names, or for a `field` another `value`."""

OFFER = Kind(
    OFFERED,
    "what a file offered",
    (Field("event", required=True), day("on", required=True), Field("field"), Field("value")),
    repeats=True,
)
"""Only a file brings one, and a person may withdraw it: the file was wrong."""

IN_A_FILE = "in a file"
"""How the sentence of an offer ends: by it recording knows that nobody has to be stopped."""


def unsettled(offer: Event, held: Iterable[Event]) -> Finding | None:
    """What stands in `gaps` while none of the `held` events is what the offer says."""
    kind, field, value = said(offer, "event"), said(offer, "field"), said(offer, "value")
    if not said(offer, "on"):
        return Finding(offer.day, kind or OFFERED, (), "what a file offered does not say on which day")
    on = date.fromisoformat(said(offer, "on"))
    of_kind = [e for e in held if e.kind == kind]
    if field:
        here = next((e for e in of_kind if e.day == on), None)
        if here is not None and said(here, field) == value:
            return None
        holds = (said(here, field) if here else "") or "blank"
        why = f"{kind} on {spoken(on)}: {field.replace('_', ' ')} is {holds} here and {value} {IN_A_FILE}"
        return Finding(offer.day, kind, (on,), why)
    days = sorted({e.day for e in of_kind})
    if on in days:
        return None
    holds = " and ".join(map(spoken, days)) or "not recorded"
    return Finding(offer.day, kind, tuple(sorted({*days, on})), f"{kind} is {holds} here and {spoken(on)} {IN_A_FILE}")
