"""Placement orders: how SSDA903 and List 10 of Annex A tell of an order, of moves and of its end."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cictrack.pathway.record import TEMPORARY, Draft, allocated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cictrack.pathway.record import CaseDraft, Episode, Life

ADOPTIVE = frozenset({"A3", "A4", "A5", "A6"})
EARLY = frozenset({"U2", "U5"})
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

IN_LIST_10 = {
    "entered-care": "Date the Child Entered Care",
    "adm": "Date of Decision that Child Should be Placed for Adoption",
    "order": "Date of Placement Order",
    "match": "Date of Matching Child and Prospective Adopters",
    "early-permanence": "Date the child was placed for fostering in FFA or concurrent planning placement",
    "placed": "Date Placed for Adoption",
    "reversal": "Date of Decision that Child Should No Longer be Placed for Adoption",
    "adopted": "Date of Adoption Order",
}


def from_list_10(life: Life, as_at: date, since: date) -> list[CaseDraft]:
    """A case for an order that stands, or that ended in adoption from `since` on; without an order there is none."""
    days = life.days
    draft = [Draft(kind, days[column]) for kind, column in IN_LIST_10.items() if column in days]
    opened, adopted = days.get(IN_LIST_10["order"]), days.get(IN_LIST_10["adopted"])
    if opened is None or opened > as_at or (adopted is not None and adopted < since):
        return []
    reason = life.texts.get("Reason Why Child No Longer Placed for Adoption", "")
    draft = [e._replace(fields={"reason": reason}) if e.kind == "reversal" and reason else e for e in draft]
    return [[*draft, *allocated(life, opened, closed=adopted is not None)]]


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
