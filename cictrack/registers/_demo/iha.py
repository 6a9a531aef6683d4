"""Invented first health assessments: health told, consent, paperwork, an appointment, a report, a plan shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.registers._demo._lives import Life, Lives, Story, days
from cictrack.working_days import months_after

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from cictrack.registers._demo._lives import Child, World

SETTLED = 52
"""Days after which an assessment that went as it should is over."""

PROVIDERS = ("Provider A", "Provider B", "Provider C", "Provider D")
REASONS = (
    ("capacity", 6),
    ("consent", 3),
    ("late-notice", 3),
    ("paperwork", 3),
    ("not-brought", 3),
    ("health-cancelled", 2),
    ("carer-cancelled", 2),
    ("out-of-area", 2),
    ("placement-move", 2),
    ("young-person-refused", 1),
    ("missing", 1),
)


def _entered(life: Life, entered: date) -> date:
    """The child enters care: on the day it did, if its life says so already."""
    chance, child = life.chance, life.child
    entered = child.entered_care or life.shared("entered", entered)
    life.born(entered, 0, 200)
    child.entered_care = entered
    away = chance.odds(0.12)
    provider = chance.pick(PROVIDERS) if away and chance.odds(0.8) else ""
    life.open("entered-care", entered, out_of_area="yes" if away else "", provider=provider)
    return entered


def _paperwork(life: Life, entered: date, *, late: float, left_out: str = "") -> date:
    """Health is told, consent asked for and given, the papers sent: the day the last of it is done."""
    world, chance = life.world, life.chance
    basis = chance.weighted((("parent", 6), ("authority", 3), ("young-person", 1)))
    told = entered if chance.odds(0.4) else life.by(entered, world.working_days(entered, 3), late=late)
    life.add("notified", told)
    asked = max(entered, world.worked(entered + days(chance.whole(0, 2))))
    due = world.working_days(entered, 5)
    consent = life.by(asked, due, late=late)
    if basis == "parent":
        life.add("consent-requested", asked, basis=basis)
    if left_out != "consent":
        life.add("consent", consent, basis=basis)
    referred = consent if chance.odds(0.5) else life.by(consent, max(due, consent), late=late)
    life.add("referred", referred)
    if chance.odds(0.04):
        back = world.working_days(referred, 1)
        if back < due:
            life.add("referral-returned", back)
            life.add("referred", due)
            return due
    return referred


def _seen(life: Life, entered: date, referred: date, *, late: float) -> date:
    """An appointment is booked, and the child is seen at it or at the next: the day of the assessment."""
    world, chance = life.world, life.chance
    booked = life.by(referred, max(referred, world.working_days(entered, 10)), late=late)
    due = world.working_days(entered, 20)
    seen = max(booked, life.by(max(booked, entered + days(12)), due, late=late))
    if late and chance.odds(0.12):
        kinds = ("not-brought", "cancelled-by-carer", "cancelled-by-health", "declined")
        first = max(booked, world.worked(seen - days(chance.whole(7, 14))))
        if first < seen:
            life.add("appointment", booked, for_=first.isoformat())
            life.add(chance.pick(kinds), first)
            booked = max(first, world.worked(first + days(1)))
    life.add("appointment", booked, for_=seen.isoformat())
    life.add("assessed", seen)
    return seen


def _reported(life: Life, entered: date, seen: date, *, late: float) -> date:
    """The report comes within five working days, and before the first review."""
    world = life.world
    review = world.working_days(entered, 20)
    due = world.working_days(seen, 5)
    report = life.by(seen, min(due, review) if seen <= review else due, late=late)
    life.add("report", report)
    return report


def _complete(life: Life) -> None:
    """The whole way to the plan being shared; nearly a third were seen late."""
    world, chance = life.world, life.chance
    if chance.odds(0.03) and life.child.entered_care is None:
        _before(life)
        life = life.next_period()
    entered = _entered(life, world.in_the_year(but_last=SETTLED))
    life.until = world.until - days(1)
    late = 0.0 if world.today - entered < days(80) else 0.25
    seen = _seen(life, entered, _paperwork(life, entered, late=late), late=late)
    due = world.working_days(entered, 20)
    if seen > due and chance.odds(0.6):
        life.excepted("iha.assessed", chance.weighted(REASONS), due, 40)
    report = _reported(life, entered, seen, late=late)
    life.until = world.until
    life.closed("shared", min(world.until, world.working_days(report, chance.whole(1, 5))))
    if life.long_over:
        life.from_file("annex-a-8", "entered-care", "assessed")


def _before(life: Life) -> None:
    """An earlier time in care, before the year."""
    world = life.world
    entered = world.worked(world.since - days(life.chance.whole(120, 300)))
    life.born(entered, 0, 180)
    life.open("entered-care", entered)
    seen = _seen(life, entered, _paperwork(life, entered, late=0.0), late=0.0)
    life.closed("shared", world.working_days(_reported(life, entered, seen, late=0.0), 2))


def _open(life: Life, *, left_out: str = "") -> None:
    """In hand, and nothing late; the plan is not shared yet."""
    world = life.world
    entered = _entered(life, world.ago(1, 36))
    seen = _seen(life, entered, _paperwork(life, entered, late=0.0, left_out=left_out), late=0.0)
    _reported(life, entered, seen, late=0.0)


def _only_in_the_return(life: Life) -> None:
    """Known from the yearly return alone, which says nothing of assessments: nobody can judge it."""
    _entered(life, life.world.ago(35, 70))
    life.from_file("ssda903", "entered-care")


def _consent_missing(life: Life) -> None:
    """Seen, and no consent written down: a gap."""
    life.child.entered_care = life.world.ago(30, 40)
    _open(life, left_out="consent")


def _late_seen(life: Life) -> None:
    """Twenty working days are over, and the child has not been seen."""
    world, chance = life.world, life.chance
    due = world.ago(3, 25)
    entered = _entered(life, world.calendar.working_days_before(due, 20))
    referred = _paperwork(life, entered, late=0.0)
    booked = world.working_days(max(referred, entered), 2)
    first = world.working_days(booked, 6)
    life.add("appointment", booked, for_=first.isoformat())
    life.add(chance.pick(("not-brought", "cancelled-by-health")), first)
    if chance.odds(0.5):
        life.excepted("iha.assessed", chance.weighted(REASONS), world.ago(1, 2), 28)


def _late_consent(life: Life) -> None:
    """Consent is asked for and not given; health waits for it."""
    world = life.world
    due = world.ago(2, 5)
    entered = _entered(life, world.calendar.working_days_before(due, 5))
    life.add("notified", world.working_days(entered, 1))
    life.add("consent-requested", world.working_days(entered, 1), basis="parent")


def _late_report(life: Life) -> None:
    """Seen in time, and the report has not come."""
    world = life.world
    seen = world.calendar.working_days_before(world.ago(2, 12), 5)
    entered = _entered(life, world.calendar.working_days_before(seen, 20))
    referred = _paperwork(life, entered, late=0.0)
    life.add("appointment", world.working_days(referred, 1), for_=seen.isoformat())
    life.add("assessed", seen)


def _ended_by(kind: str, least: int, most: int) -> Callable[[Life], None]:
    """A life in which something else ends the case, so many working days after entering care."""

    def live(life: Life) -> None:
        world, chance = life.world, life.chance
        entered = _entered(life, world.in_the_year(but_last=SETTLED))
        end = world.working_days(entered, chance.whole(least, most))
        life.until = end - days(1)
        _paperwork(life, entered, late=0.0)
        life.until = world.until
        fields = {}
        if kind == "not-required":
            before = entered - days(chance.whole(5, 80))
            fields["assessed_on"] = max(before, months_after(entered, -3)).isoformat()
        life.closed(kind, end, **fields)
        if kind == "left-care":
            life.child.left_care = end

    return live


def _in_error(life: Life) -> None:
    """A short break was taken for care."""
    entered = life.world.in_the_year(but_last=20)
    life.born(entered, 24, 190)
    life.open("entered-care", entered)
    life.closed("closed", life.world.working_days(entered, 3), reason="opened-in-error")


def _settled(child: Child, world: World) -> bool:
    """Whether it entered care in the year, long enough ago."""
    entered = child.entered_care
    return entered is not None and world.since <= entered <= world.today - days(SETTLED)


def _just_entered(child: Child, world: World) -> bool:
    entered = child.entered_care
    return entered is not None and entered > world.today - days(SETTLED)


LIVES = Lives(
    place=3,
    together=0.3,
    joins=1.0,
    stories=(
        Story(50, _open, _just_entered),
        Story(2, _only_in_the_return),
        Story(2, _consent_missing),
        Story(2, _late_seen),
        Story(1, _late_consent),
        Story(1, _late_report),
        Story(424, _complete, _settled),
        Story(24, _ended_by("left-care", 4, 17)),
        Story(12, _ended_by("not-required", 2, 8)),
        Story(7, _ended_by("refused", 8, 25)),
        Story(3, _in_error),
    ),
)
