"""Rows that can be read and contradict each other, or lack an end: used, and said out loud in `gaps`."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from cictrack.pathway.clocks import spoken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from cictrack.pathway.record import Decision, Episode
    from cictrack.readers.rows import Row


class Contradiction(NamedTuple):
    """What a return says and cannot be so. `of` names what was looked at; the same place is one contradiction.

    `register` is that of the case it is about, where the file is made for one; empty for the child's own record.
    """

    of: str
    day: date
    event: str
    why: str
    register: str = ""


Found = tuple[list[Contradiction], frozenset[str]]
"""The contradictions, and the names of all that was looked at: what is not among the first is sound."""


def in_episodes(episodes: Sequence[Episode], as_at: date) -> Found:
    """In the episodes of one child: each one's end, and how each follows the one before."""
    found: list[Contradiction] = []
    looked: set[str] = set()
    for place, episode in enumerate(episodes):
        # What lies ahead is said today: on its own day it may be too late to put it right.
        day = min(episode.start, as_at)
        last = place == len(episodes) - 1
        why = _end(episode, last=last) or _late(episode, as_at)
        if episode.end or episode.end_reason:
            # A return of an earlier year leaves the end open: it has not put right what a later one says of it.
            looked.add(f"end of {episode.start}")
        if why:
            found.append(Contradiction(f"end of {episode.start}", day, "care-ended", why))
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
    until = before.end if before.end and before.end >= before.start else None
    if before.start == episode.start:
        return f"two episodes begin on {spoken(episode.start)}, and they differ"
    ended = until if before.end_reason not in {"", "X1"} else None
    if episode.reason == "S":
        return _begins_care(begins, episode.start, ended)
    if ended:
        return f"{begins} goes on with care that ended on {spoken(ended)}"
    if until and until > episode.start:
        return f"{begins} begins while the one before it lasts, until {spoken(until)}"
    if until and until < episode.start:
        return f"{begins} does not begin when the one before it ends, on {spoken(until)}"
    return ""


def _begins_care(begins: str, start: date, ended: date | None) -> str:
    if ended is None:
        return f"{begins} begins care, and the care before it did not end"
    if ended > start:
        return f"{begins} begins care, and the care before it lasts until {spoken(ended)}"
    return ""


def in_decisions(decisions: Sequence[Decision], of_adopted: Sequence[date]) -> Found:
    """In the decisions that the child should be placed for adoption, and in those days as AD1 repeats them."""
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
    known = {decision.day for decision in decisions}
    for day in sorted(set(of_adopted) - known):
        why = f"AD1 has the decision on {spoken(day)}, the other table on {' and '.join(map(spoken, sorted(known)))}"
        found.append(Contradiction(f"decision of {day}", day, "decision", why))
    given_up = {d.day for d in decisions if d.ceased_on or d.reason}
    return found, frozenset(f"decision of {day}" for day in given_up.union(of_adopted))


def in_missing(rows: Sequence[Row]) -> Found:
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


def of_one_day(facts: Sequence[tuple[str, date, Mapping[str, Any]]], named: Mapping[str, str]) -> Found:
    """Two facts of a kind on one day that differ."""
    by_day: dict[tuple[str, date], list[Mapping[str, Any]]] = {}
    for kind, day, fields in facts:
        by_day.setdefault((kind, day), []).append(fields)
    found = [
        Contradiction(f"{kind} of {day}", day, kind, f"two {named[kind]} of {spoken(day)}, and they differ")
        for (kind, day), several in by_day.items()
        if any(fields != several[0] for fields in several)
    ]
    return found, frozenset(f"{kind} of {day}" for kind, day in by_day)


def of_birth(births: Sequence[date]) -> Found:
    """Two days of birth: the first is the one that is taken."""
    if not births:
        return [], frozenset()
    days = " and ".join(spoken(day) for day in births)
    found = [Contradiction("birth", births[0], "born", f"the return has {days} as the day of birth")]
    return (found if len(births) > 1 else []), frozenset({"birth"})
