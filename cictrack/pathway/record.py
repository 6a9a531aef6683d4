"""The child's own record: events that belong to the child and to no case, and what a return says of a life."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from cictrack.pathway.kinds import Field, Kind, day, yes_no

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cictrack.pathway.events import Event
    from cictrack.working_days import Calendar

BORN, EXPECTED = "born", "expected"

CONTRADICTION = "contradiction"
"""The kind of an event that says: what was imported contradicts itself, or lacks an end. It stands in `gaps`."""

KINDS = (
    Kind("expected", "expected to be born", (day("edd", required=True),)),
    Kind("born", "born"),
    Kind("about", "details", (Field("name"), Field("sibling_group"), Field("locality")), repeats=True),
    Kind("care-started", "care started", (Field("reason"),), repeats=True),
    Kind("legal-status", "legal status", (Field("code", required=True),), repeats=True),
    Kind(
        "placement",
        "placement",
        (Field("place"), Field("provider"), Field("rne"), Field("ended")),
        repeats=True,
    ),
    Kind("missing", "missing", (day("to"), yes_no("away", default="no")), repeats=True),
    Kind("worker", "worker", (Field("id", required=True),), repeats=True),
    Kind("looked-after-review", "looked-after review", (Field("code"),), repeats=True),
    Kind("health-assessment", "health assessment", repeats=True),
    Kind("care-ended", "care ended", (Field("reason"),), repeats=True),
    Kind(
        CONTRADICTION,
        "the return contradicts itself",
        (Field("of"), Field("register"), Field("event", required=True), Field("says", required=True)),
        repeats=True,
    ),
)
"""`expected` is dated 40 weeks before its `edd`, `born` on the day of birth: both say what is true of the
child whenever they were recorded. A `placement` says why the one before it ended (`ended`), and the reason
for the new episode (`rne`: P and B are moves to another carer)."""

KIND = {kind.name: kind for kind in KINDS}

GESTATION_WEEKS = 40


class Draft(NamedTuple):
    """An event of a case that a return tells of, before it has an id.

    `undated`: the file does not say on which day it was, and `day` stands for it.
    """

    kind: str
    day: date
    fields: Mapping[str, Any] = {}
    undated: bool = False


CaseDraft = list[Draft]
"""The events of one case that a return tells of; the opening event is among them."""


class Episode(NamedTuple):
    """One episode of a child's care: from `start` until `end`, that day excluded."""

    start: date
    reason: str
    legal_status: str
    place: str
    provider: str
    end: date | None
    end_reason: str
    move_reason: str


class Decision(NamedTuple):
    """The decision that a child should be placed for adoption, and when and why it was given up."""

    day: date
    ceased_on: date | None
    reason: str


class Life(NamedTuple):
    """What a return says of one child, in the order of its days.

    `begins` are days on which care must have begun anew, as it had ended before, though no row says so.
    `days` and `texts` are the cells of a list that has one row a child, by the names of its columns. `calendar` is
    given to the registers that read it.
    """

    child_id: str
    episodes: Sequence[Episode] = ()
    decisions: Sequence[Decision] = ()
    matches: Sequence[date] = ()
    begins: frozenset[date] = frozenset()
    days: Mapping[str, date] = {}
    texts: Mapping[str, str] = {}
    calendar: Calendar | None = None

    @property
    def tells_of_cases(self) -> bool:
        """Whether it says anything beside who the child is and what else befell."""
        return bool(self.episodes or self.decisions or self.matches or self.days or self.texts)

    def periods(self) -> list[list[Episode]]:
        """Its periods of care: each begins with an episode whose reason is S, wherever that stands."""
        periods: list[list[Episode]] = []
        for episode in self.episodes:
            if episode.reason == "S" or episode.start in self.begins or not periods:
                periods.append([])
            periods[-1].append(episode)
        return periods


def allocated(life: Life, opened: date, *, closed: bool) -> CaseDraft:
    """Whose the case is, as a list with one row a child says: from the file's own day, or from the opening."""
    # What a list says of a case that is closed was so while it was open, since when nobody knows.
    day = opened if closed else max(opened, life.days.get("as at", opened))
    given = {"team": life.texts.get("Allocated Team", ""), "worker": life.texts.get("Allocated Worker", "")}
    fields = {name: text for name, text in given.items() if text}
    return [Draft("assigned", day, fields)] if fields else []


SHORT_BREAKS = frozenset({"V3", "V4"})
"""Legal statuses of short breaks: they never open a case, nor count as care beginning."""
TEMPORARY = frozenset({"T0", "T1", "T2", "T3", "T4"})
"""Kinds of place that are temporary: a child goes back from them to the placement before."""
MOVED = frozenset({"P", "B"})
"""The reasons for a new episode that mean another carer."""


class Care(NamedTuple):
    """A period of care: `end` is the day it ended, None while it lasts."""

    start: date
    end: date | None


def care_periods(
    record: Sequence[Event], also_started: Sequence[date] = (), also_ended: Sequence[date] = ()
) -> list[Care]:
    """The periods of care that the record tells of, with starts and ends that only a case tells of.

    An end that a case tells of counts where the record has none.
    """
    starts = sorted({e.day for e in record if e.kind == "care-started"}.union(also_started))
    if not starts:
        return []
    ends = sorted(e.day for e in record if e.kind == "care-ended")
    periods = []
    for n, start in enumerate(starts):
        following = starts[n + 1] if n + 1 < len(starts) else date.max
        end = next((d for days in (ends, sorted(also_ended)) for d in days if start < d <= following), None)
        periods.append(Care(start, end))
    return periods
