"""Invented fragile placements: a flag, a meeting, support, reviews; most hold, some do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.registers._demo._lives import Life, Lives, Story, days

if TYPE_CHECKING:
    from datetime import date

    from cictrack.registers._demo._lives import Child, World

SOURCES = (("social-worker", 5), ("carer", 4), ("iro", 2), ("provider", 2), ("child", 1), ("school", 1))
SEEN = (
    ("needs-not-met", 4),
    ("exclusion", 4),
    ("apart-from-siblings", 3),
    ("contact-distress", 3),
    ("sdq-17-plus", 3),
    ("child-wants-to-leave", 2),
    ("carer-cannot-continue", 2),
    ("no-support", 1),
)
GRAVE = frozenset({"child-wants-to-leave", "carer-cannot-continue"})
SUPPORT = ("extra visits", "respite weekends", "therapy", "mentor", "tutoring", "carer peer support")
MOVED_FOR = (("CREQB", 5), ("CHILD", 4), ("CREQO", 2), ("STAND", 1), ("ALLEG", 1))
NOTES = ("carer rang, a better week", "school meeting held", "visit made, child seen alone")
PLACES = ("U1", "U3", "U4", "U6", "K2")
PROVIDERS = ("PR1", "PR4")
YOUNGEST = 60
"""Months of age from which a child with a history may be flagged."""


def _home(life: Life, flag: date) -> None:
    """The record of a child's care: how it came in, where it has lived, when it went missing."""
    chance, world, child = life.chance, life.world, life.child
    life.born(flag, 72, 200)
    if child.entered_care is None:
        child.entered_care = world.worked(flag - days(chance.whole(400, 2200)))
        if child.born and child.born > child.entered_care:
            child.entered_care = child.born
        life.record("care-started", child.entered_care)
    life.record("placement", child.entered_care, place=chance.pick(PLACES), provider=chance.pick(PROVIDERS), rne="S")
    for _ in range(chance.weighted(((0, 5), (1, 4), (2, 2)))):
        moved = world.worked(flag - days(chance.whole(10, 500)))
        if moved > child.entered_care:
            ended = chance.weighted((("PLACE", 3), ("CARPL", 3), *MOVED_FOR))
            place, provider = chance.pick(PLACES), chance.pick(PROVIDERS)
            life.record("placement", moved, place=place, provider=provider, rne="P", ended=ended)
    if chance.odds(0.2):
        gone = flag - days(chance.whole(2, 20))
        for back in range(chance.whole(1, 3)):
            on = max(gone + days(back * 4), child.entered_care)
            life.record("missing", on, to=(on + days(1)).isoformat())


def _flagged(life: Life, flag: date, *, grave: bool | None = None) -> list[str]:
    """The flag, and what is seen on its day."""
    chance = life.chance
    count = chance.whole(1, 3)
    seen = sorted({chance.weighted(SEEN) for _ in range(count)})
    if grave is False:
        seen = [one for one in seen if one not in GRAVE] or ["needs-not-met"]
    life.open("flag", flag, source=chance.weighted(SOURCES), indicator=seen)
    return seen


def _begun(life: Life, flag: date, *, late: float = 0.1) -> date:
    """Assessed, the reviewing officer told, the stability meeting held: the day of the meeting."""
    world, chance = life.world, life.chance
    seen = _flagged(life, flag)
    soon = world.working_days(flag, 2)
    life.add("assessed", life.by(flag, soon, late=late))
    life.add("iro-told", life.by(flag, soon, late=late))
    # In five working days where it may be red: what the record counts comes on top of what is seen.
    gone = any(told.kind == "missing" for told in life.child.record)
    ready = 5 if len(seen) > 1 or GRAVE & set(seen) or gone else 8
    meeting = life.by(flag, world.working_days(flag, ready), late=late)
    life.add("stability-meeting", meeting)
    if chance.odds(0.85):
        _supported(life, meeting)
    if chance.odds(0.5):
        due = world.worked(meeting + days(chance.whole(7, 20)))
        life.task(meeting, *chance.pick(TASKS), due=due, late=late)
    return meeting


TASKS = (
    ("short breaks agreed with the carer", "fostering social worker"),
    ("school placement reviewed", "virtual school"),
    ("contact plan changed", "social worker"),
    ("therapy referral sent", "social worker"),
)


def _supported(life: Life, on: date) -> None:
    chance = life.chance
    helped = chance.weighted((("yes", 3), ("no", 2), ("unknown", 2)))
    to = (on + days(chance.whole(28, 84))).isoformat()
    life.add("support", on + days(chance.whole(0, 4)), kind=chance.pick(SUPPORT), to=to, helped=helped)


def _reviewed(life: Life, meeting: date, *, late: float = 0.1) -> date:
    """Reviews every four weeks, with what has changed at each: the day of the last."""
    chance, last = life.chance, meeting
    while True:
        review = life.by(last + days(14), last + days(28), late=late)
        if review > life.until or review <= last:
            return last
        life.add("review", review)
        if chance.odds(0.25):
            _supported(life, review)
        if chance.odds(0.2):
            present = chance.pick(("yes", "no", "no"))
            life.add("indicator", review, indicator=chance.weighted(SEEN[:5]), present=present)
        if chance.odds(0.06):
            level = chance.pick(("amber", "amber", "watch"))
            life.add("level", review, level=level, reason="carer and child both steadier", by="team manager")
        last = review


def _open(life: Life) -> None:
    """Watched over, and nothing late."""
    flag = life.world.ago(1, 110)
    _home(life, flag)
    _reviewed(life, _begun(life, flag, late=0.0), late=0.0)
    life.not_quiet(14, *NOTES)


def _noticed(life: Life) -> None:
    """Notice has been given, and a new home is looked for."""
    world, chance = life.world, life.chance
    flag = world.ago(40, 90)
    _home(life, flag)
    _reviewed(life, _begun(life, flag, late=0.0), late=0.0)
    notice = max(world.ago(1, 18), life.last)
    ends = (notice + days(28)).isoformat() if chance.odds(0.6) else ""
    life.add("notice", notice, given_by=chance.pick(("carer", "provider")), ends_on=ends)


def _again(life: Life) -> None:
    """Stabilised, and flagged again within three months."""
    world, chance = life.world, life.chance
    second = world.ago(10, 60)
    steady = world.worked(second - days(chance.whole(20, 75)))
    first = world.worked(steady - days(chance.whole(40, 80)))
    _home(life, first)
    life.until = steady - days(1)
    _reviewed(life, _begun(life, first))
    life.until = world.until
    life.closed("stabilised", steady)
    later = life.next_period()
    _reviewed(later, _begun(later, second, late=0.0), late=0.0)
    later.not_quiet(14, *NOTES)


def _late_review(life: Life) -> None:
    """A stability meeting was held, and the review four weeks after it was not."""
    world = life.world
    meeting = world.ago(33, 45)
    flag = world.calendar.working_days_before(meeting, 4)
    _home(life, flag)
    life.until = meeting + days(10)
    _begun(life, flag, late=0.0)
    life.until = world.until


def _late_meeting(life: Life) -> None:
    """Flagged, assessed, and no meeting."""
    world = life.world
    flag = world.calendar.working_days_before(world.ago(2, 10), 10)
    _home(life, flag)
    _flagged(life, flag, grave=False)
    life.add("assessed", world.working_days(flag, 2))
    life.add("iro-told", world.working_days(flag, 1))


def _ending(life: Life) -> date:
    """A case that ends in the year, told up to the day on which it does."""
    world = life.world
    end = world.in_the_year(but_last=2)
    entered = life.child.entered_care
    if entered:
        end = max(end, world.worked(entered + days(120)))
    flag = world.worked(end - days(life.chance.whole(35, 150)))
    if entered:
        flag = max(flag, entered + days(60))
    _home(life, flag)
    life.until = end - days(1)
    _reviewed(life, _begun(life, flag))
    life.until = world.until
    return end


def _stabilised(life: Life) -> None:
    end = _ending(life)
    life.closed("stabilised", end)


def _moved_planned(life: Life) -> None:
    end = _ending(life)
    reason = life.chance.weighted((("PLACE", 3), ("CARPL", 4), ("CREQB", 2)))
    life.closed("moved", end, planned="yes", reason=reason)
    life.record("placement", end, place="U6", provider="PR1", rne="P", ended=reason)


def _broke_down(life: Life) -> None:
    """Notice, an unplanned move, and the meeting after it."""
    world, chance = life.world, life.chance
    end = _ending(life)
    moved = max(world.worked(end - days(chance.whole(8, 20))), life.last)
    reason = chance.weighted(MOVED_FOR)
    life.add("moved", moved, planned="no", reason=reason)
    life.record("placement", moved, place="K2", provider="PR4", rne="P", ended=reason)
    if chance.odds(0.8):
        life.closed("disruption-meeting", max(end, moved))
    else:
        life.closed("disruption-meeting", max(end, moved), held="no", reason="carer no longer fosters")


def _moved(life: Life) -> None:
    """An unplanned move, and the disruption meeting is still to be held."""
    world, chance = life.world, life.chance
    moved = world.ago(2, 24)
    flag = world.worked(moved - days(chance.whole(30, 70)))
    _home(life, flag)
    life.until = moved - days(1)
    _reviewed(life, _begun(life, flag))
    life.until = world.until
    reason = chance.weighted(MOVED_FOR)
    life.add("moved", moved, planned="no", reason=reason)
    life.record("placement", moved, place="K2", provider="PR4", rne="P", ended=reason)


def _left_care(life: Life) -> None:
    end = _ending(life)
    life.closed("closed", end, reason="left-care")
    life.child.left_care = end


def _cared_for(child: Child, world: World) -> bool:
    """Whether a child with a history is in care, settled, old enough, and not on its way to adoption."""
    entered = child.entered_care
    if entered is None or child.left_care is not None or "order" in child.family.days:
        return False
    return entered <= world.today - days(250) and child.months_old(entered) >= YOUNGEST


LIVES = Lives(
    place=4,
    together=0.15,
    joins=0.4,
    stories=(
        Story(29, _open, _cared_for),
        Story(4, _noticed, _cared_for),
        Story(3, _again, _cared_for),
        Story(2, _moved),
        Story(1, _late_review),
        Story(1, _late_meeting),
        Story(42, _stabilised, _cared_for),
        Story(9, _moved_planned, _cared_for),
        Story(10, _broke_down, _cared_for),
        Story(4, _left_care, _cared_for),
    ),
)
