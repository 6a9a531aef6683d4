"""Placement orders: what the declarations cannot say, and how a return tells of an order."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cictrack.pathway.clocks import Span, alert, spoken
from cictrack.pathway.record import Draft
from cictrack.working_days import Amount, months_after, weeks_after

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cictrack.pathway.case import Case, Mark
    from cictrack.pathway.events import Event
    from cictrack.pathway.record import CaseDraft, Episode, Life

WEEKS_BEFORE_APPLICATION = 10


def adm_amount(case: Case, adm: Mark) -> Amount | None:
    """3 months for a relinquished child under 6 months old at the decision: Adoption National Minimum Standard 17."""
    relinquished = adm.event.fields.get("relinquished") == "yes"
    young = case.born is not None and adm.day < months_after(case.born, 6)
    return Amount(3, "months") if relinquished and young else None


def _reviews_since_placed(case: Case) -> list[Mark]:
    placed = case.mark("placed")
    return [r for r in case.all("review") if r.seq > placed.seq] if placed else []


def first_review(case: Case) -> Mark | None:
    reviews = _reviews_since_placed(case)
    return reviews[0] if len(reviews) == 1 else None


def later_review(case: Case) -> Mark | None:
    reviews = _reviews_since_placed(case)
    return reviews[-1] if len(reviews) > 1 else None


def _since(case: Case, *keys: str) -> Mark | None:
    """What an alert runs from: the last disruption if there was one, else the first of `keys` there is."""
    return case.mark("disrupted") or next((m for m in map(case.mark, keys) if m), None)


def links(case: Case) -> list[Mark]:
    """The links that are not ended. Ending without a word ends them all."""
    active: list[Mark] = []
    marks = sorted([*case.all("link"), *case.all("link-ended")], key=lambda mark: mark.seq)
    for mark in marks:
        word = mark.event.fields.get("link")
        if mark.key == "link":
            active.append(mark)
        else:
            active = [m for m in active if word and m.event.fields.get("link") != word]
    return active


def unknown_link(case: Case, event: Event) -> str | None:
    word = event.fields.get("link")
    if word and not any(m.event.fields.get("link") == word for m in links(case)):
        return f"no link {word!r} is open on {spoken(event.day)}"
    return None


def no_link(case: Case) -> list[Span]:
    anchor = _since(case, "adm", "order")
    if anchor is None or links(case) or any(case.all(k) for k in ("match", "placed")):
        return []
    begins = months_after(anchor.day, 3)
    return [alert(anchor, begins, f"no active link {{days}} days after the {_what(anchor)}", amount="3 months")]


def _what(anchor: Mark) -> str:
    return {"adm": "decision", "order": "order", "disrupted": "disruption"}[anchor.key]


def still_right(case: Case) -> list[Span]:
    """6 months after the order, or after the last review that answered yes or no; `deferred` is no answer."""
    answers = [m for key in ("review:yes", "review:no", "disrupted", "order") for m in case.all(key)]
    if not answers or case.all("placed"):
        return []
    anchor = max(answers, key=lambda mark: (mark.day, mark.seq))
    why = "not placed after six months and nobody has recorded whether adoption is still right"
    return [alert(anchor, months_after(anchor.day, 6), why, amount="6 months")]


def long_wait(case: Case) -> list[Span]:
    anchor, order = _since(case, "order"), case.mark("order")
    if anchor is None or order is None or case.all("placed"):
        return []
    year, later = months_after(anchor.day, 12), months_after(anchor.day, 18)
    return [
        alert(anchor, year, f"{_months(order.day, year)} months since the order", lapses_on=later, of="12"),
        alert(anchor, later, f"{_months(order.day, later)} months since the order", of="18"),
    ]


def _months(start: date, end: date) -> int:
    whole = (end.year - start.year) * 12 + end.month - start.month
    return whole if months_after(start, whole) <= end else whole - 1


def slipped_links(case: Case) -> list[Span]:
    """Each link open for 8 weeks: a panel before it was another family's."""
    if any(case.all(key) for key in ("match", "placed")):
        return []
    panels = case.all("panel")
    waiting = [m for m in links(case) if not (panels and panels[-1].seq > m.seq)]
    why = "link open {weeks} weeks with no panel or match"
    return [alert(m, weeks_after(m.day, 8), why, of=m.event.line, amount="8 weeks") for m in waiting]


def no_and_nothing(case: Case) -> list[Span]:
    """From the first review that answered no since it was last decided: the later ones change nothing."""
    decided = latest(case, "review:yes", "plan-confirmed")
    no = [m for m in case.all("review:no") if decided is None or m.seq > decided.seq]
    if not no:
        return []
    why = f"the review of {spoken(no[0].day)} found adoption no longer right; nothing decided since"
    begins = case.settings.calendar.after(no[0].day, Amount(28, "days"))
    return [alert(no[0], begins, why, amount="28 days")]


def order_still_live(case: Case) -> list[Span]:
    reversal = case.mark("reversal")
    if reversal is None:
        return []
    amount = case.settings.amount("placement-order.revoke", reversal.day, Amount(20, "working days"))
    due = case.settings.calendar_for("local").after(reversal.day, amount)
    begins = date.fromordinal(due.toordinal() + 1)
    return [alert(reversal, begins, f"plan changed on {spoken(reversal.day)} but the order still stands")]


def revocation_lodged(case: Case) -> bool:
    """Whether the application to revoke was lodged since the reversal: then the court decides."""
    reversal, lodged = case.mark("reversal"), case.mark("revocation-application")
    return reversal is not None and lodged is not None and lodged.seq > reversal.seq


def early_application(case: Case, event: Event) -> str | None:
    # Adoption and Children Act 2002 s42(2): the child must have lived with the applicants for 10 weeks.
    days = [d for d in (case.day_of("placed"), case.day_of("early-permanence")) if d]
    if days and event.day < weeks_after(min(days), WEEKS_BEFORE_APPLICATION):
        return f"lodged less than {WEEKS_BEFORE_APPLICATION} weeks after {spoken(min(days))}, when the child moved in"
    return None


ADOPTIVE = frozenset({"A3", "A4", "A5", "A6"})
EARLY = frozenset({"U2", "U5"})
TEMPORARY = frozenset({"T0", "T1", "T2", "T3", "T4"})
ENDED_BY = {"E11": "adopted", "E12": "adopted", "E2": "died", "E3": "moved-authority"}
ANOTHER_ORDER = {
    "E41": "child arrangements order",
    "E43": "special guardianship order",
    "E44": "special guardianship order",
    "E45": "special guardianship order",
    "E46": "special guardianship order",
    "E47": "special guardianship order",
    "E48": "special guardianship order",
}


def from_ssda903(life: Life, as_at: date, since: date) -> list[CaseDraft]:
    """A case for each order that stands, or that ended from `since` on.

    The order is the first episode with LS=E1; another status after it in the same period of care revokes it.
    `DATE_PLACED` of the return is the decision-maker's decision, not the move: the move is the first episode
    in an adoptive placement.
    """
    drafts: list[CaseDraft] = []
    before = date.min
    for period in life.periods():
        for opened, closing in _orders(period, as_at):
            if opened > as_at:
                continue
            until = min(closing.day, as_at) if closing else as_at
            draft = [Draft("order", opened), *_care(period), *_moves(period, opened, until)]
            draft += _decided(life, before, opened, until)
            draft += [Draft("match", d) for d in life.matches if before < d <= until][:1]
            if closing:
                draft.append(closing)
                before = closing.day
            if closing is None or closing.day >= since:
                drafts.append(draft)
    return drafts


def _orders(period: Sequence[Episode], as_at: date) -> list[tuple[date, Draft | None]]:
    """Each order of a period of care: the day it was made, and what ended it by `as_at`."""
    orders: list[tuple[date, Draft | None]] = []
    made: date | None = None
    for episode in period:
        if episode.start > as_at:
            break
        if made is None and episode.legal_status == "E1":
            made = episode.start
        elif made is not None and episode.legal_status not in {"E1", ""}:
            orders.append((made, Draft("revoked", episode.start)))
            made = None
    if made is not None:
        orders.append((made, _ending(period[-1], as_at)))
    return orders


def _ending(last: Episode, as_at: date) -> Draft | None:
    reason = last.end_reason
    if last.end is None or last.end > as_at or reason in {"", "X1"}:
        return None
    if reason in ANOTHER_ORDER:
        return Draft("other-order", last.end, {"kind": ANOTHER_ORDER[reason]})
    ended = ENDED_BY.get(reason, "left-care")
    return Draft("adopted", last.end) if ended == "adopted" else Draft("closed", last.end, {"reason": ended})


def _care(period: Sequence[Episode]) -> list[Draft]:
    return [Draft("entered-care", period[0].start)] if period[0].reason == "S" else []


def _moves(period: Sequence[Episode], opened: date, until: date) -> list[Draft]:
    """Placed, early permanence and disruption. A temporary placement (T0-T4) disrupts nothing."""
    moves: list[Draft] = []
    adoptive = early = False
    for episode in period:
        if episode.start > until:
            break
        if episode.place in ADOPTIVE:
            if not adoptive:
                moves.append(Draft("placed", episode.start))
            adoptive = True
        elif episode.place in EARLY and not early:
            moves.append(Draft("early-permanence", episode.start))
            early = True
        elif adoptive and episode.place not in TEMPORARY | {""}:
            adoptive = early = False
            moves = [m for m in moves if episode.start >= opened]
            moves += [Draft("disrupted", episode.start)] if episode.start >= opened else []
    return moves


def _decided(life: Life, before: date, opened: date, until: date) -> list[Draft]:
    """The decision that the order rests on, the last not after it, and its reversal."""
    decisions = [d for d in life.decisions if before < d.day <= until]
    earlier = [d for d in decisions if d.day <= opened]
    if not decisions:
        return []
    decision = earlier[-1] if earlier else decisions[0]
    drafts = [Draft("adm", decision.day)]
    if decision.ceased_on is not None and decision.ceased_on <= until:
        drafts.append(Draft("reversal", decision.ceased_on, {"reason": decision.reason}))
    return drafts


def latest(case: Case, *keys: str) -> Mark | None:
    """The later of the events of `keys` that count."""
    marks = [m for m in map(case.mark, keys) if m]
    return max(marks, key=lambda mark: mark.seq) if marks else None
