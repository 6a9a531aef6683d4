"""Invented placement orders: a decision, an order, a search, a match, a home, and mostly an adoption."""

from __future__ import annotations

from datetime import date, timedelta

from cictrack.registers._demo._lives import Life, Lives, Story, days
from cictrack.working_days import months_after, weeks_after

LINKS = ("oak", "elm", "ash", "birch", "hazel", "rowan", "willow", "alder")
HARDER = (("sibling-group", 4), ("age-5-plus", 3), ("disability", 2), ("ethnicity", 2))
NOTES = ("profile sent to the regional agency", "agency reports no new families", "later life letter begun")
INFANT = 6
IN_LIST_10 = ("entered-care", "adm", "order", "early-permanence", "match", "placed", "adopted")
ENDED = ("family withdrew", "not the right match", "family linked elsewhere")


def _made(life: Life, order: date, *, known: bool = True, early: bool = False) -> date:
    """Care, the decision, the order: siblings share the days; the day of the order."""
    chance, world, child = life.chance, life.world, life.child
    order = life.shared("order", order)
    entered = life.shared("entered", world.worked(order - days(chance.whole(150, 260))))
    adm = life.shared("adm", world.worked(order - days(chance.whole(14, 42))))
    life.born(entered, 0, 60)
    child.entered_care = entered
    if known:
        life.add("entered-care", entered)
    if early:
        life.add("early-permanence", world.worked(entered + days(chance.whole(3, 60))))
    relinquished = "yes" if chance.odds(0.02) and child.months_old(adm) < INFANT else ""
    life.add("adm", adm, relinquished=relinquished)
    harder = [chance.weighted(HARDER)] if chance.odds(0.35) else []
    if len(child.family.children) > 1:
        harder = sorted({"sibling-group", *harder})
    delay = chance.weighted((("", 6), ("regional-agency", 2), ("court", 1), ("health", 1))) if chance.odds(0.3) else ""
    group = f"S{child.family.key[1:]}" if len(child.family.children) > 1 else ""
    life.open("order", order, harder_to_place=harder, delay_side=delay, sibling_group=group)
    search = life.shared("search", world.worked(adm + days(chance.whole(2, 20))))
    life.add("search", search)
    return order


def _reviewed(life: Life, order: date, until: date, *, late: float = 0.1) -> None:
    """Reviews while the child waits: within three months of the order, then every six."""
    due, last = months_after(order, 3), order
    while last <= life.until:
        review = life.by(last + days(45), due, late=late)
        if review >= until:
            return
        life.add("review", review, still_right="deferred" if life.chance.odds(0.06) else "yes")
        last, due = review, months_after(review, 6)


def _linked(life: Life, order: date, until: date) -> None:
    """Possible families, the last of them still open."""
    chance, world = life.chance, life.world
    words = chance.shuffled(LINKS)
    if chance.odds(0.2):
        first = world.worked(order + days(chance.whole(3, 15)))
        ended = world.worked(first + days(chance.whole(10, 30)))
        if ended < until:
            life.add("link", first, link=words[0])
            life.add("link-ended", ended, link=words[0], reason=chance.pick(ENDED))
    link = life.shared("link", world.worked(until - days(chance.whole(8, 48))))
    life.add("link", max(link, order), link=words[1])


def _waiting(life: Life, *, linked: bool = False, known: bool = True) -> None:
    order = _made(life, life.world.ago(3, 112), known=known)
    _reviewed(life, order, date.max, late=0.0)
    if linked or life.chance.odds(0.1):
        _linked(life, order, life.world.today)
    life.not_quiet(28, *NOTES)


def _linking(life: Life) -> None:
    _waiting(life, linked=True)


def _unknown_entry(life: Life) -> None:
    """The day of entering care is written down nowhere: the case cannot be judged."""
    _waiting(life, known=False)
    life.child.entered_care = None


def _long_wait(life: Life) -> None:
    """Past four months and past six, and still no match: the agency is asked, and reviews go on."""
    order = _made(life, life.world.ago(160, 330))
    _reviewed(life, order, date.max, late=0.0)
    life.excepted("placement-order.match", "regional-agency", life.world.ago(20, 40), 60)
    life.not_quiet(28, *NOTES)


def _late_first_review(life: Life) -> None:
    """Three months after the order, and no review was held."""
    _made(life, life.world.worked(months_after(life.world.ago(3, 20), -3)))
    life.not_quiet(28, *NOTES)


def _disrupted(life: Life) -> None:
    """Placed, and the placement ended: back to family finding."""
    world, chance = life.world, life.chance
    ended = life.shared("disrupted", world.ago(10, 150))
    placed = life.shared("placed", world.worked(ended - days(chance.whole(40, 120))))
    _to_home(life, placed)
    _reviewed_at_home(life, placed, until=ended)
    life.add("disrupted", ended, reason="the family could not go on")
    review = world.worked(ended + days(chance.whole(33, 40)))
    life.add("review", review, still_right="yes")
    life.add("review", world.worked(review + days(chance.whole(90, 170))), still_right="yes")
    life.not_quiet(28, *NOTES)


def _matched(life: Life) -> None:
    """Matched, and introductions are going on."""
    world, chance = life.world, life.chance
    match = life.shared("match", world.ago(2, 22))
    order = _made(life, match - days(chance.whole(30, 85)))
    _linked(life, order, match - days(10))
    life.add("panel", world.worked(match - days(chance.whole(3, 8))))
    life.add("match", match)
    _reviewed(life, order, date.max, late=0.0)


def _to_home(life: Life, placed: date) -> date:
    """Everything up to the day the child moves in; the day of the order."""
    world, chance = life.world, life.chance
    placed = life.shared("placed", placed)
    match = life.shared("match", world.worked(placed - days(chance.whole(9, 27))))
    most = 240 if chance.odds(0.25) else 110
    order = _made(life, world.worked(match - days(chance.whole(25, most))), early=chance.odds(0.12))
    _linked(life, order, match - days(10))
    life.add("panel", world.worked(match - days(chance.whole(3, 8))))
    life.add("match", match)
    _reviewed(life, order, placed)
    life.add("placed", placed)
    return order


def _reviewed_at_home(life: Life, placed: date, *, until: date = date.max, late: float = 0.0) -> date:
    """Reviews in the new home (Adoption Agencies Regulations 2005 reg 36(3)); the day the next one is due."""
    due, last = weeks_after(placed, 4), placed
    while last <= life.until:
        review = life.by(last + days(12), due, late=late)
        if review >= until or review > life.until:
            break
        life.add("review", review, still_right="yes")
        due = months_after(review, 3 if last == placed else 6)
        last = review
    return due


def _settling(life: Life) -> None:
    """Placed, and no application yet."""
    world = life.world
    placed = life.shared("placed", world.ago(2, 172))
    _to_home(life, placed)
    _reviewed_at_home(life, placed)
    life.not_quiet(28, *NOTES)


def _no_application(life: Life) -> None:
    """Placed for more than six months, and no application lodged."""
    placed = life.world.worked(weeks_after(life.world.ago(6, 50), -26))
    _to_home(life, placed)
    _reviewed_at_home(life, placed)
    life.not_quiet(28, *NOTES)


def _late_placed_review(life: Life) -> None:
    """The first review in the new home was due, and has not been held."""
    _to_home(life, life.world.worked(weeks_after(life.world.ago(3, 20), -4)))


def _lodged(life: Life) -> None:
    """The application is lodged; the court has not decided."""
    world, chance = life.world, life.chance
    lodged = life.shared("lodged", world.ago(2, 110))
    placed = life.shared("placed", world.worked(lodged - days(chance.whole(75, 170))))
    _to_home(life, placed)
    _reviewed_at_home(life, placed)
    life.add("adoption-application", lodged)
    life.not_quiet(28, *NOTES)


def _adopted(life: Life) -> None:
    world, chance = life.world, life.chance
    adopted = life.shared("adopted", world.in_the_year())
    lodged = life.shared("lodged", world.worked(adopted - days(chance.whole(60, 150))))
    placed = life.shared("placed", world.worked(lodged - days(chance.whole(75, 200))))
    _to_home(life, placed)
    life.until = adopted
    _reviewed_at_home(life, placed, until=adopted, late=0.1)
    life.until = world.until
    life.add("adoption-application", lodged)
    life.closed("adopted", adopted)
    if life.long_over:
        life.from_file("annex-a-10", *IN_LIST_10)
    life.child.left_care = adopted


def _changing(life: Life, *, applied: bool = True) -> None:
    """After a long wait adoption is no longer right; the order is to be revoked."""
    world, chance = life.world, life.chance
    reversal = life.shared("reversal", world.ago(30, 120) if applied else world.ago(2, 26))
    order = _made(life, reversal - days(chance.whole(190, 420)))
    _reviewed(life, order, reversal - days(20), late=0.0)
    last = max((told.day for told in life.events if told.kind == "review"), default=order)
    answer = max(world.worked(reversal - timedelta(days=chance.whole(3, 18))), last)
    life.add("review", answer, still_right="no")
    life.add("reversal", reversal, reason=chance.pick(("RD1", "RD3", "RD3", "RD4")))
    if applied:
        life.add("revocation-application", life.by(reversal, world.working_days(reversal, 20), late=0.0))
    life.not_quiet(28, "care plan rewritten", "foster carers asked about permanence")


def _just_changed(life: Life) -> None:
    _changing(life, applied=False)


def _revoked(life: Life) -> None:
    world = life.world
    revoked = life.shared("revoked", world.in_the_year())
    reversal = life.shared("reversal", world.worked(revoked - days(life.chance.whole(60, 150))))
    order = _made(life, reversal - days(life.chance.whole(190, 400)))
    life.until = reversal - days(1)
    _reviewed(life, order, reversal)
    life.until = world.until
    life.add("reversal", reversal, reason="RD1")
    life.add("revocation-application", world.working_days(reversal, 18))
    life.closed("revoked", revoked)


def _other_order(life: Life) -> None:
    """Wider family came forward: special guardianship, or child arrangements."""
    world = life.world
    made = life.shared("made", world.in_the_year())
    order = _made(life, made - days(life.chance.whole(100, 260)))
    life.until = made
    _reviewed(life, order, made)
    life.until = world.until
    kind = life.chance.pick(("special guardianship order", "special guardianship order", "child arrangements order"))
    life.closed("other-order", made, kind=kind)
    life.child.left_care = made


def _closed(life: Life) -> None:
    world = life.world
    closed = life.shared("closed", world.in_the_year())
    order = _made(life, closed - days(life.chance.whole(40, 200)))
    life.until = closed
    _reviewed(life, order, closed)
    life.until = world.until
    reason = life.chance.weighted((("moved-authority", 4), ("left-care", 3), ("duplicate", 1)))
    life.closed("closed", closed, reason=reason)
    life.child.left_care = closed


LIVES = Lives(
    place=1,
    together=0.3,
    stories=(
        Story(20, _waiting),
        Story(10, _linking),
        Story(1, _unknown_entry),
        Story(1, _long_wait),
        Story(1, _late_first_review),
        Story(2, _disrupted),
        Story(4, _matched),
        Story(4, _changing),
        Story(1, _just_changed),
        Story(20, _settling),
        Story(1, _no_application),
        Story(1, _late_placed_review),
        Story(11, _lodged),
        Story(42, _adopted),
        Story(5, _revoked),
        Story(9, _other_order),
        Story(5, _closed),
    ),
)
