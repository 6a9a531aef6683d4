"""A life as the register and a file tell it together: returns of any year, read in any order, give one life."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cictrack.pathway.events import CHILD, said
from cictrack.pathway.record import Episode

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from cictrack.pathway.events import Event
    from cictrack.pathway.record import Life

_BEGINS = ("care-started", "legal-status", "placement")
_OF_CARE = (*_BEGINS, "care-ended")


def with_held(life: Life, standing: Sequence[Event], own: Collection[str]) -> Life:
    """The life that files with the sources `own` tell, with the episodes that only the child's own record holds."""
    of_others = (e for e in standing if e.register == CHILD and e.source not in own)
    record = sorted(of_others, key=lambda e: (e.day, e.line))
    told = {episode.start for episode in life.episodes}
    held = _episodes(record)
    of_day = {episode.start: episode for episode in held}
    ended = [_ended(episode, of_day.get(episode.start)) for episode in life.episodes]
    both = [*ended, *(episode for episode in held if episode.start not in told)]
    return life._replace(episodes=sorted(both, key=lambda e: (e.start, e.end or date.max, e.reason != "S")))


def known_until(standing: Sequence[Event], as_at: date, own: Collection[str]) -> date:
    """The last day that other files than its `own` have told of: an older one is read in the light of a newer one."""
    told = (e.day for e in standing if e.register == CHILD and e.kind in _OF_CARE and e.source not in own)
    return max([as_at, *told])


def _ended(told: Episode, held: Episode | None) -> Episode:
    if told.end is not None or held is None:
        return told
    return told._replace(end=held.end, end_reason=held.end_reason)


def _episodes(record: Sequence[Event]) -> list[Episode]:
    """The episodes of the record: one from each day on which care, a status or a placement began."""
    ends = [e for e in record if e.kind == "care-ended"]
    days = sorted({e.day for e in record if e.kind in _BEGINS})
    episodes: list[Episode] = []
    status = place = provider = ""
    for n, day in enumerate(days):
        of_day = {e.kind: e for e in record if e.day == day}
        placed = of_day.get("placement")
        reason = said(placed, "rne") if placed else ""
        reason = reason or ("S" if "care-started" in of_day else "L")
        if reason == "S":
            status = place = provider = ""
        if "legal-status" in of_day:
            status = said(of_day["legal-status"], "code")
        if placed:
            place, provider = said(placed, "place"), said(placed, "provider")
        following = days[n + 1] if n + 1 < len(days) else date.max
        ended = next((e for e in ends if day < e.day <= following), None)
        end, why = (ended.day, said(ended, "reason")) if ended else (None, "")
        if end is None and following != date.max:
            end, why = following, "X1"
        episodes.append(Episode(day, reason, status, place, provider, end, why, ""))
    return episodes
