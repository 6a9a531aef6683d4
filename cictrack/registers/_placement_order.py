"""Placement orders: what the declarations cannot say, and the alerts, by which nobody is bound."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cictrack.pathway.clocks import Span, alert, spoken
from cictrack.pathway.common import stale
from cictrack.pathway.declare import Drift
from cictrack.pathway.settable import Setting
from cictrack.working_days import Amount, months_after, weeks_after

if TYPE_CHECKING:
    from cictrack.pathway.case import Case, Mark
    from cictrack.pathway.events import Event

WEEKS_BEFORE_APPLICATION = 10
AGENCY = "regional-agency"
AFTER_CARE = "Adoption Agencies Regulations 2005, reg "


AMOUNTS = {
    "no-link": "3 months",
    "no-and-nothing": "28 days",
    "still-right": "6 months",
    "long-wait": "12 months",
    "long-wait-again": "18 months",
    "slipped-link": "8 weeks",
}
"""After how long each alert begins, where the authority has not set another amount."""

AGAIN = Setting(
    *("placement-order.long-wait-again", "long wait, said again", AMOUNTS["long-wait-again"], "amount"),
    source="local custom",
    counts_from="order, or the last disruption",
)


def _begins(case: Case, alert: str, since: date) -> tuple[date, str]:
    """The day an alert begins that is counted from `since`, and the amount it was counted by."""
    amount = case.settings.amount(f"placement-order.{alert}", since, Amount.read(AMOUNTS[alert]))
    return case.settings.calendar_for("local").after(since, amount), str(amount)


def adm_amount(case: Case, adm: Mark) -> Amount | None:
    """3 months for a relinquished child under 6 months old at the decision: Adoption National Minimum Standard 17."""
    relinquished = adm.event.fields.get("relinquished") == "yes"
    young = case.born is not None and adm.day < months_after(case.born, 6)
    return Amount(3, "months") if relinquished and young else None


def _reviews_since_placed(case: Case) -> list[Mark]:
    placed = case.mark("placed")
    return [r for r in case.all("review") if r.seq > placed.seq] if placed else []


def first_review(case: Case) -> Mark | None:
    """The first review since the placement, while it is the only one."""
    reviews = _reviews_since_placed(case)
    return reviews[0] if len(reviews) == 1 else None


def later_review(case: Case) -> Mark | None:
    """The last review since the placement, from the second on."""
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
    """A link can only end that is open."""
    word = event.fields.get("link")
    if word and not any(m.event.fields.get("link") == word for m in links(case)):
        return f"no link {word!r} is open on {spoken(event.day)}"
    return None


def no_link(case: Case) -> list[Span]:
    """3 months with no active link, from the decision, else the order, or the last disruption."""
    anchor = _since(case, "adm", "order")
    if anchor is None or links(case) or any(case.all(k) for k in ("match", "placed")):
        return []
    begins, amount = _begins(case, "no-link", anchor.day)
    return [alert(anchor, begins, f"no active link {{days}} days after the {_what(anchor)}", amount=amount)]


def _what(anchor: Mark) -> str:
    return {"adm": "decision", "order": "order", "disrupted": "disruption"}[anchor.key]


def still_right(case: Case) -> list[Span]:
    """6 months after the order, or after the last review that answered yes or no; `deferred` is no answer."""
    answers = [m for key in ("review:yes", "review:no", "disrupted", "order") for m in case.all(key)]
    if not answers or case.all("placed"):
        return []
    anchor = max(answers, key=lambda mark: (mark.day, mark.seq))
    begins, amount = _begins(case, "still-right", anchor.day)
    after = "six months" if amount == AMOUNTS["still-right"] else amount
    why = f"not placed after {after} and nobody has recorded whether adoption is still right"
    return [alert(anchor, begins, why, amount=amount)]


def long_wait(case: Case) -> list[Span]:
    """12 months from the order, and again 18, not placed."""
    anchor, order = _since(case, "order"), case.mark("order")
    if anchor is None or order is None or case.all("placed"):
        return []
    (year, amount), (later, again) = (_begins(case, name, anchor.day) for name in ("long-wait", "long-wait-again"))
    return [
        alert(
            anchor, year, f"{_months(order.day, year)} months since the order", lapses_on=later, of="12", amount=amount
        ),
        alert(anchor, later, f"{_months(order.day, later)} months since the order", of="18", amount=again),
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
    found = [(m, *_begins(case, "slipped-link", m.day)) for m in waiting]
    return [alert(m, begins, why, of=m.event.line, amount=amount) for m, begins, amount in found]


def no_and_nothing(case: Case) -> list[Span]:
    """From the first review that answered no since it was last decided: the later ones change nothing."""
    decided = latest(case, "review:yes", "plan-confirmed")
    no = [m for m in case.all("review:no") if decided is None or m.seq > decided.seq]
    if not no:
        return []
    why = f"the review of {spoken(no[0].day)} found adoption no longer right; nothing decided since"
    begins, amount = _begins(case, "no-and-nothing", no[0].day)
    return [alert(no[0], begins, why, amount=amount)]


def order_still_live(case: Case) -> list[Span]:
    """The plan was given up, the application to revoke is late, and the order stands."""
    reversal = case.mark("reversal")
    if reversal is None:
        return []
    amount = case.settings.amount("placement-order.revoke", reversal.day, Amount(20, "working days"))
    due = case.settings.calendar_for("local").after(reversal.day, amount)
    begins = date.fromordinal(due.toordinal() + 1)
    return [alert(reversal, begins, f"plan changed on {spoken(reversal.day)} but the order still stands")]


def days_since_order(case: Case, on: date) -> int:
    """Days from the order, that day excluded, to `on`."""
    return (on - case.opened_on).days


def revocation_lodged(case: Case) -> bool:
    """Whether the application to revoke was lodged since the reversal: then the court decides."""
    reversal, lodged = case.mark("reversal"), case.mark("revocation-application")
    return reversal is not None and lodged is not None and lodged.seq > reversal.seq


def early_application(case: Case, event: Event) -> str | None:
    """An application before the child has lived 10 weeks with the applicants is unusual."""
    # Adoption and Children Act 2002 s42(2): the child must have lived with the applicants for 10 weeks.
    days = [d for d in (case.day_of("placed"), case.day_of("early-permanence")) if d]
    if days and event.day < weeks_after(min(days), WEEKS_BEFORE_APPLICATION):
        return f"lodged less than {WEEKS_BEFORE_APPLICATION} weeks after {spoken(min(days))}, when the child moved in"
    return None


def latest(case: Case, *keys: str) -> Mark | None:
    """The later of the events of `keys` that count."""
    marks = [m for m in map(case.mark, keys) if m]
    return max(marks, key=lambda mark: mark.seq) if marks else None


ALERTS = (
    Drift(
        name="placement-order.no-link",
        title="no active link",
        ends=("link", "match", "placed"),
        spans=no_link,
        amount=AMOUNTS["no-link"],
        counts_from="adm, else order, or the last disruption",
        watch=("order", "adm", "link-ended", "disrupted"),
        source="local custom",
        side=AGENCY,
        blocking="link",
        serves_plan=True,
    ),
    Drift(
        name="placement-order.no-and-nothing",
        title="adoption no longer right, nothing decided",
        ends=("reversal",),
        spans=no_and_nothing,
        amount=AMOUNTS["no-and-nothing"],
        counts_from="a review that answered no",
        watch=("review",),
        source="local custom",
        side="social-care",
        blocking="reversal",
        serves_plan=True,
    ),
    Drift(
        name="placement-order.still-right",
        title="is adoption still right",
        ends=("placed",),
        spans=still_right,
        amount=AMOUNTS["still-right"],
        counts_from="order, or the last review that answered, or disrupted",
        watch=("order", "review", "disrupted"),
        source=AFTER_CARE + "36(1)(b) asks it at the review; the alert is our own",
        authority="prompt",
        side="social-care",
        blocking="review",
        serves_plan=True,
    ),
    Drift(
        name="placement-order.long-wait",
        title="long wait",
        ends=("placed",),
        spans=long_wait,
        amount=AMOUNTS["long-wait"],
        counts_from="order, or the last disruption",
        watch=("order", "disrupted"),
        source="local custom",
        side="social-care",
        blocking="match",
        serves_plan=True,
    ),
    Drift(
        name="placement-order.slipped-link",
        title="link open, nothing follows",
        ends=("panel", "match", "placed", "link-ended"),
        spans=slipped_links,
        amount=AMOUNTS["slipped-link"],
        counts_from="link",
        watch=("link", "disrupted"),
        source="local custom",
        side=AGENCY,
        blocking="panel",
        serves_plan=True,
    ),
    stale("placement-order", 28, serves_plan=True),
    Drift(
        name="placement-order.order-still-live",
        title="plan changed, order still stands",
        ends=("revoked",),
        spans=order_still_live,
        counts_from="the day the application to revoke was due",
        watch=("reversal", "plan-confirmed"),
        source="local custom",
        side="social-care",
        blocking="revoked",
    ),
)
