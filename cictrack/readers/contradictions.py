"""Rows that can be read and contradict each other, or lack an end: used, and said out loud in `gaps`."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from cictrack.pathway.clocks import spoken

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from cictrack.pathway.record import Decision, Episode
    from cictrack.readers.ssda903 import Row


class Contradiction(NamedTuple):
    """What a return says and cannot be so. `of` names what was looked at; the same place is one contradiction."""

    of: str
    day: date
    event: str
    why: str


Found = tuple[list[Contradiction], frozenset[str]]
"""The contradictions, and the names of all that was looked at: what is not among the first is sound."""


def in_episodes(episodes: Sequence[Episode], as_at: date) -> Found:
    """In the episodes of one child: each one's end, and how each follows the one before."""
    found: list[Contradiction] = []
    looked: set[str] = set()
    for place, episode in enumerate(episodes):
        last = place == len(episodes) - 1
        why = _end(episode, last=last) or _late(episode, as_at)
        looked.add(f"end of {episode.start}")
        if why:
            found.append(Contradiction(f"end of {episode.start}", episode.start, "care-ended", why))
    for before, episode in pairwise(episodes):
        looked.add(f"start of {episode.start}")
        why = _follows(before, episode)
        if why:
            event = "care-started" if episode.reason == "S" else "placement"
            found.append(Contradiction(f"start of {episode.start}", episode.start, event, why))
    return found, frozenset(looked)


def _end(episode: Episode, *, last: bool) -> str:
    if episode.end_reason and not episode.end:
        return f"the episode of {spoken(episode.start)} has a reason for its end ({episode.end_reason}) and no day"
    if episode.end and not episode.end_reason:
        return f"the episode of {spoken(episode.start)} ends on {spoken(episode.end)} with no reason"
    if episode.end and episode.end < episode.start:
        return f"the episode of {spoken(episode.start)} ends before it begins, on {spoken(episode.end)}"
    if last and episode.end and episode.end_reason == "X1":
        return f"the episode of {spoken(episode.start)} ends on {spoken(episode.end)} in another, and there is none"
    return ""


def _late(episode: Episode, as_at: date) -> str:
    return f"the episode of {spoken(episode.start)} begins after the file's own day" if episode.start > as_at else ""


def _follows(before: Episode, episode: Episode) -> str:
    begins = f"the episode of {spoken(episode.start)}"
    ended = bool(before.end) and before.end_reason not in {"", "X1"}
    if before.start == episode.start:
        return f"two episodes begin on {spoken(episode.start)}, and they differ"
    if episode.reason == "S":
        return "" if ended else f"{begins} begins care, and the care before it did not end"
    if ended and before.end:
        return f"{begins} goes on with care that ended on {spoken(before.end)}"
    if before.end and before.end >= before.start and before.end != episode.start:
        how = "while the one before it lasts, until" if before.end > episode.start else "and the one before it ended on"
        return f"{begins} begins {how} {spoken(before.end)}"
    return ""


def in_decision(decisions: Sequence[Decision]) -> Found:
    """In the decisions that the child should be placed for adoption."""
    found = []
    for decision in decisions:
        ceased, made = decision.ceased_on, spoken(decision.day)
        if ceased and ceased < decision.day:
            why = f"the decision of {made} was given up on {spoken(ceased)}, before it was made"
        elif ceased and not decision.reason:
            why = f"the decision of {made} was given up on {spoken(ceased)} with no reason"
        elif decision.reason and not ceased:
            why = f"the decision of {made} has a reason for giving it up ({decision.reason}) and no day"
        else:
            continue
        found.append(Contradiction(f"decision of {decision.day}", decision.day, "decision", why))
    return found, frozenset(f"decision of {d.day}" for d in decisions)


def in_span(rows: Sequence[Row]) -> Found:
    """In the times when the child was missing or away."""
    found = []
    looked = set()
    for row in rows:
        start, end = row.days["MIS_START"], row.days["MIS_END"]
        if start is None:
            continue
        looked.add(f"missing from {start}")
        if end and end < start:
            why = f"missing from {spoken(start)} and back before that, on {spoken(end)}"
            found.append(Contradiction(f"missing from {start}", start, "missing", why))
    return found, frozenset(looked)
