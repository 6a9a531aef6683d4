"""A life as the register and a file tell it together: returns of any year, read in any order, give one life."""

from __future__ import annotations

from datetime import date
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from cictrack.pathway.events import CHILD, said, standing
from cictrack.pathway.record import Episode

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from cictrack.pathway.events import Event
    from cictrack.pathway.record import Life

SAME_EPISODE = "X1"
"""The reason that ends an episode and no care: the next begins on the same day."""

_BEGINS = ("care-started", "legal-status", "placement")
ENDED = "care-ended"
_OF_CARE = (*_BEGINS, ENDED)
_SAYS = {"legal-status": ("code",), "placement": ("place", "provider")}


class Held(NamedTuple):
    """The child's own record by day, and the days that others than the files being read tell of."""

    record: Sequence[Event]
    told_by_others: frozenset[tuple[str, date]]


def held_of(events: Sequence[Event], own: Collection[str]) -> Held:
    """The record that `events` hold; `own` are the sources of the files being read."""
    of_care = [e for e in events if e.register == CHILD and (e.kind in _OF_CARE or e.parent)]
    if not of_care:
        return Held((), frozenset())
    others = {e.line for e in of_care if e.source not in own}
    record = sorted((e for e in standing(of_care)[0] if e.kind in _OF_CARE), key=lambda e: (e.day, e.line))
    return Held(record, frozenset((e.kind, e.day) for e in record if e.line in others))


def without(held: Held, starts: Collection[date]) -> Held:
    """The record without the care that begins on `starts`: the file begins it on another day."""
    return held._replace(record=[e for e in held.record if e.kind not in _BEGINS or e.day not in starts])


def with_held(life: Life, held: Held) -> Life:
    """The life that a file tells, with the episodes and ends that only others tell."""
    if not held.told_by_others:
        return life
    told = {episode.start for episode in life.episodes}
    from_others = {day for kind, day in held.told_by_others if kind in _BEGINS}
    of_others = [e for e in _episodes(held.record) if e.start not in told and e.start in from_others]
    both = _carried(sorted([*life.episodes, *of_others], key=lambda e: e.start), {e.start for e in of_others})
    ends = [e for e in held.record if e.kind == ENDED and (ENDED, e.day) in held.told_by_others]
    episodes = [_ended(episode, after, ends) for episode, after in zip_longest(both, both[1:])]
    begins = (
        after.start
        for before, after in pairwise(episodes)
        if _over(before, after) and not (before.start in told and after.start in told)
    )
    return life._replace(episodes=episodes, begins=frozenset(begins))


def agree(life: Life, held: Held, as_at: date) -> bool:
    """Whether others tell of this life too, and a return has a row that says the same of the time that it covers."""
    if not (life.episodes and held.told_by_others):
        return False
    told = {("care-started", e.start, "") for e in life.episodes if e.reason == "S"}
    told |= {("legal-status", e.start, e.legal_status) for e in life.episodes}
    told |= {("placement", e.start, f"{e.place} {e.provider}") for e in life.episodes}
    told |= {(ENDED, e.end, "") for e in life.episodes if e.end}
    first = min(e.start for e in life.episodes)
    of_others = (e for e in held.record if (e.kind, e.day) in held.told_by_others and first <= e.day <= as_at)
    return all((e.kind, e.day, " ".join(said(e, name) for name in _SAYS.get(e.kind, ()))) in told for e in of_others)


def _over(before: Episode, after: Episode) -> bool:
    """Whether care had ended before an episode began."""
    return before.end is not None and before.end <= after.start and before.end_reason not in {"", SAME_EPISODE}


def known_until(held: Held, as_at: date) -> date:
    """The last day that others have told of: an older file is read in the light of a newer one."""
    return max([as_at, *(day for _, day in held.told_by_others)])


def _carried(episodes: Sequence[Episode], held: Collection[date]) -> list[Episode]:
    """The episodes, those from the record with the status and place that went on from the one before."""
    carried: list[Episode] = []
    for episode in episodes:
        if carried and episode.start in held and episode.reason != "S":
            before = carried[-1]
            place = (episode.place, episode.provider) if episode.place else (before.place, before.provider)
            status = episode.legal_status or before.legal_status
            carried.append(episode._replace(legal_status=status, place=place[0], provider=place[1]))
        else:
            carried.append(episode)
    return carried


def _ended(episode: Episode, after: Episode | None, ends: Sequence[Event]) -> Episode:
    """An episode that its own file leaves open, with the end of care that others tell before the next one."""
    if episode.end is not None:
        return episode
    until = after.start if after else date.max
    end = next((e for e in ends if episode.start < e.day <= until), None)
    return episode._replace(end=end.day, end_reason=said(end, "reason")) if end else episode


def _episodes(record: Sequence[Event]) -> list[Episode]:
    """The episodes of the record: one from each day on which care, a status or a placement began.

    What did not change on that day is blank.
    """
    ends = [e for e in record if e.kind == ENDED]
    days = sorted({e.day for e in record if e.kind in _BEGINS})
    episodes: list[Episode] = []
    for n, day in enumerate(days):
        of_day = {e.kind: e for e in record if e.day == day}
        placed = of_day.get("placement")
        reason = said(placed, "rne") if placed else ""
        reason = reason or ("S" if "care-started" in of_day else "L")
        status = said(of_day["legal-status"], "code") if "legal-status" in of_day else ""
        place, provider = (said(placed, "place"), said(placed, "provider")) if placed else ("", "")
        following = days[n + 1] if n + 1 < len(days) else date.max
        ended = next((e for e in ends if day < e.day <= following), None)
        end, why = (ended.day, said(ended, "reason")) if ended else (None, "")
        if end is None and following != date.max:
            end, why = following, SAME_EPISODE
        episodes.append(Episode(day, reason, status, place, provider, end, why, ""))
    return episodes
