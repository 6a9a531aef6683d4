"""Invented pre-proceedings: a letter, a first meeting, reviews while work is tried, and a decision."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from cictrack.registers._demo._lives import Life, Lives, Story, days
from cictrack.working_days import weeks_after

TASKS = (
    ("drug and alcohol testing arranged", "social worker"),
    ("parenting programme begun", "family support worker"),
    ("wider family asked about care", "social worker"),
    ("contact plan written down", "social worker"),
    ("housing letter sent", "housing officer"),
    ("perpetrator programme referral", "domestic abuse worker"),
    ("school attendance plan agreed", "school lead"),
)
ASSESSMENTS = (
    ("parenting", "independent social worker"),
    ("cognitive", "psychologist"),
    ("viability", "social worker"),
    ("psychological", "psychologist"),
)
NOTES = ("parents asked for a later meeting", "solicitors' letter received", "visit made, house warm and tidy")
STEPPED_TO = (("child-in-need", 45), ("child-protection", 40), ("no-further", 15))


EXTENDED_FOR = ("assessment report late", "new carer to be assessed", "court list full", "birth expected")
IN_A_TABLE = ("decision", "letter", "meeting", "step", "application", "issue-letter")


class Way(NamedTuple):
    """How the walk through pre-proceedings goes.

    `late` is how often things are done late; `left_out` what was done and never written down; `end` the day
    that the case ends, if it does; `tasks` whether actions are agreed at the meeting.
    """

    late: float = 0.12
    left_out: str = ""
    end: date | None = None
    tasks: bool = True


def _decided(life: Life, decision: date, *, unborn: bool | None = None) -> date:
    """The day of the decision, the same for every sibling; a child comes to be known with it."""
    decision = life.shared("decision", decision)
    chance = life.chance
    if chance.odds(0.06) if unborn is None else unborn:
        # Week 22 of the pregnancy or before: 18 weeks and more before the expected day.
        life.child.edd = weeks_after(decision, 18) + days(chance.whole(0, 60))
        born = life.child.edd + days(chance.whole(-12, 9))
        if not (born <= life.world.until and chance.odds(0.04)):
            life.child.born = born
    else:
        life.born(decision, 1, 165)
    return decision


def _walk(life: Life, decision: date, way: Way) -> None:
    """From the decision through letter, meeting and reviews, to yesterday or the day the case ends."""
    world = life.world
    life.open("decision", decision, iro=False, family=True)
    until = way.end or date.max
    life.until = min(until, world.until)
    _walked(life, decision, way, until)
    life.until = world.until


def _walked(life: Life, decision: date, way: Way, until: date) -> None:
    world, chance, late = life.world, life.chance, way.late
    letter = life.by(decision, world.working_days(decision, 5), late=late)
    if letter > until:
        return
    offered = "no" if chance.odds(0.08) else "yes"
    if way.left_out != "letter":
        reason = "no safe family member found yet" if offered == "no" else ""
        life.add("letter", letter, fgdm_offered="" if chance.odds(0.03) else offered, fgdm_reason=reason)
    meeting = life.by(letter, world.working_days(letter, 10), late=late)
    if meeting - letter > days(9) and chance.odds(0.2):
        life.add("meeting", world.worked(letter + days(7)), effective="no")
    if meeting > until:
        return
    life.add("meeting", meeting, effective="yes")
    if chance.odds(0.4):
        fgdm = meeting + days(chance.whole(3, 20))
        if fgdm <= until:
            life.add("fgdm", world.worked(fgdm))
    if way.tasks:
        _agreed(life, meeting, until, late)
    _reviewed(life, meeting, until, way)


def _agreed(life: Life, meeting: date, until: date, late: float) -> None:
    """What the meeting agreed: actions, and an assessment where one is needed."""
    chance, world = life.chance, life.world
    for text, owner in chance.shuffled(TASKS)[: chance.whole(0, 2)]:
        due = world.worked(meeting + days(chance.whole(12, 40)))
        if due <= until:
            life.task(meeting, text, owner, due, late=late)
    if chance.odds(0.35):
        kind, assessor = chance.pick(ASSESSMENTS)
        due = world.worked(weeks_after(meeting, chance.whole(5, 8)))
        if due <= until:
            of = life.add("assessment", meeting, kind=kind, assessor=assessor, due=due.isoformat())
            life.done(of, meeting, due, late=late)


def _reviewed(life: Life, meeting: date, until: date, way: Way) -> None:
    last = meeting
    while last <= life.world.until:
        review = life.by(last + days(14), weeks_after(last, 6), late=way.late)
        if review > until:
            return
        life.add("review", review)
        last = review


def _extended(life: Life, on: date, to: date) -> None:
    agreed_by = life.child.family.assigned["manager"]
    reason = life.chance.pick(EXTENDED_FOR)
    life.add("extension", life.world.worked(on), to=to.isoformat(), agreed_by=agreed_by, reason=reason)


def _open(life: Life, *, left_out: str = "") -> None:
    """Running, and nothing late."""
    chance, world = life.chance, life.world
    long = chance.odds(0.15)
    decision = _decided(life, world.ago(113, 150) if long else world.ago(1, 108))
    if (life.child.edd or date.max) < world.today + days(29) and not (life.child.born or date.max) <= world.until:
        life.child.edd = world.today + days(chance.whole(30, 80))
        life.child.born = None
    _walk(life, decision, Way(left_out=left_out))
    end = weeks_after(decision, 16)
    if end <= world.today + days(2):
        if chance.odds(0.15):
            _extended(life, end - days(30), end + days(2))
            _extended(life, end - days(4), world.today + days(chance.whole(5, 40)))
        else:
            _extended(life, end - days(chance.whole(3, 14)), world.today + days(chance.whole(5, 40)))
    life.not_quiet(28, *NOTES)


def _letter_missing(life: Life) -> None:
    """A meeting was held and no letter is written down: a gap."""
    life.child.family.days["decision"] = life.world.ago(30, 100)
    _open(life, left_out="letter")


def _late_review(life: Life) -> None:
    """The review after the first meeting was due, and has not been held."""
    world = life.world
    due = world.ago(2, 24)
    meeting = world.worked(due - timedelta(weeks=6))
    decision = _decided(life, world.calendar.working_days_before(meeting, 11), unborn=False)
    life.open("decision", decision, iro=False, family=True)
    letter = life.by(decision, world.working_days(decision, 5), late=0)
    life.add("letter", letter, fgdm_offered="yes")
    life.add("meeting", meeting, effective="yes")
    life.task(meeting, *life.chance.pick(TASKS), due=world.worked(meeting + days(21)), late=0)
    life.not_quiet(28, *NOTES, odds=0.5)


def _late_letter(life: Life) -> None:
    """The decision was made and no letter sent."""
    world = life.world
    decision = _decided(life, world.calendar.working_days_before(world.ago(2, 14), 5), unborn=False)
    life.open("decision", decision, iro=False, family=True)


def _late_end(life: Life) -> None:
    """Sixteen weeks are over, reviews go on, and nobody decides; two actions stand undone as well."""
    world = life.world
    decision = _decided(life, world.worked(weeks_after(world.ago(5, 45), -16)), unborn=False)
    _walk(life, decision, Way(late=0.0, tasks=False))
    meeting = next(told.day for told in life.events if told.kind == "meeting")
    for text, owner in life.chance.shuffled(TASKS)[:2]:
        due = world.worked(world.today - days(life.chance.whole(8, 30)))
        life.add("task", meeting, text=text, owner=owner, due=due.isoformat())
    life.excepted("plo.end", "assessment-late", world.ago(2, 4), 30)


def _ended(life: Life, end: date, *, long: float = 0.25) -> date:
    """The walk to a decision that ends it: the decision's day; now and then it ran beyond sixteen weeks."""
    chance = life.chance
    weeks = chance.whole(17, 24) if chance.odds(long) else chance.whole(8, 15)
    shared = "decision" in life.child.family.days
    decision = _decided(life, life.world.worked(weeks_after(end, -weeks)))
    if shared or weeks_after(decision, 6) > end:
        end = max(end, weeks_after(decision, 8))
    end = min(end, life.world.until)
    _walk(life, decision, Way(end=end))
    over = weeks_after(decision, 16)
    if end > over and chance.odds(0.6):
        _extended(life, over - days(7), end + days(chance.whole(0, 14)))
    if life.child.born is None and life.child.edd is None:
        life.born(decision, 1, 165)
    return end


def _end_shared(life: Life) -> date:
    return life.shared("end", life.world.in_the_year())


def _stepped_down(life: Life) -> None:
    end = _ended(life, _end_shared(life))
    life.closed("step", end, outcome="step-down", to=life.chance.weighted(STEPPED_TO))
    if life.long_over:
        life.from_file("table", *IN_A_TABLE)


def _voluntary(life: Life) -> None:
    """Stepped down, and looked after by agreement (Children Act 1989 s20)."""
    end = _ended(life, _end_shared(life))
    life.closed("step", end, outcome="step-down", to="looked-after-s20")
    if life.child.born and life.child.born <= end:
        life.child.entered_care = end


def _issued(life: Life) -> None:
    end = _ended(life, life.shared("end", life.world.in_the_year(but_last=32)), long=0.4)
    life.add("step", end, outcome="issue")
    application = life.by(end, life.world.working_days(end, 10), late=0.2)
    life.closed("application", application)
    life.add("issue-letter", application + days(life.chance.whole(0, 3)))
    if life.long_over:
        life.from_file("table", *IN_A_TABLE)
    entered = application + days(life.chance.whole(2, 12))
    born = life.child.born
    if life.chance.odds(0.8) and born and born <= entered <= life.world.until:
        life.child.entered_care = entered


def _to_issue(life: Life) -> None:
    """The decision to issue is made, and the application is not lodged."""
    world = life.world
    latest = world.calendar.working_days_before(world.working_days(world.today, 1), 10)
    end = min(world.until, latest + days(life.chance.whole(0, 10)))
    decision = _decided(life, world.worked(weeks_after(end, -life.chance.whole(9, 14))), unborn=False)
    _walk(life, decision, Way(end=end))
    life.add("step", end, outcome="issue")


def _moved_away(life: Life) -> None:
    end = _ended(life, life.world.in_the_year())
    life.closed("closed", end, reason=life.chance.weighted((("moved-authority", 6), ("died", 1))))


def _in_error(life: Life) -> None:
    """Opened for the wrong child; it counts nowhere."""
    decision = _decided(life, life.world.in_the_year(but_last=30), unborn=False)
    life.open("decision", decision, iro=False, family=True)
    life.closed("closed", life.world.working_days(decision, 2), reason="opened-in-error")


def _again(life: Life) -> None:
    """Stepped down some time ago, and begun again: the second period runs."""
    world = life.world
    second = world.ago(20, 100)
    first = world.worked(weeks_after(second, -life.chance.whole(70, 100)))
    life.born(first, 3, 150)
    _walk(life, first, Way(end=weeks_after(first, 12)))
    life.closed("step", weeks_after(first, 12), outcome="step-down", to="child-in-need")
    later = life.next_period()
    _walk(later, second, Way())
    later.not_quiet(28, *NOTES)


LIVES = Lives(
    place=2,
    together=0.55,
    stories=(
        Story(50, _open),
        Story(2, _letter_missing),
        Story(3, _to_issue),
        Story(2, _again),
        Story(1, _late_review),
        Story(1, _late_letter),
        Story(1, _late_end),
        Story(116, _stepped_down),
        Story(18, _voluntary),
        Story(94, _issued),
        Story(5, _moved_away),
        Story(1, _in_error),
    ),
)
