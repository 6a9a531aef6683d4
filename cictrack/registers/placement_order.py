"""Placement orders: children who wait for a match, and those placed who wait for an adoption order.

The register runs past the match to the adoption order, and has a way out of the plan: `reversal`, then
`revoked`. Stages are exclusive, so their counts add up to the caseload. No adopter is ever named here.
"""

from __future__ import annotations

from cictrack.pathway.declare import After, Register, Rule, Stage
from cictrack.pathway.kinds import Field, Kind, choice, yes_no
from cictrack.pathway.page import PageColumn
from cictrack.registers._placement_order import (
    AFTER_CARE,
    AGAIN,
    AGENCY,
    ALERTS,
    adm_amount,
    days_since_order,
    early_application,
    first_review,
    later_review,
    latest,
    links,
    revocation_lodged,
    unknown_link,
)
from cictrack.registers._placement_order_measures import MEASURES
from cictrack.registers._placement_order_returns import from_list_10, from_ssda903
from cictrack.registers._placement_order_ssd import EXPORTS
from cictrack.registers._placement_order_words import WORDS

SIDES = ("social-care", "regional-agency", "court", "health", "other")
HARDER = ("sibling-group", "age-5-plus", "disability", "ethnicity")

RULES = (
    Rule(
        name="placement-order.match",
        title="match decided",
        after=(After("order", "121 days", amber="90 days"),),
        ends=("match",),
        authority="indicator",
        source="DfE adoption scorecard A2: four months",
        side=AGENCY,
        serves_plan=True,
    ),
    Rule(
        name="placement-order.adm-match",
        title="match within six months of the decision",
        after=(After("adm", "6 months"),),
        ends=("match",),
        authority="guidance",
        source="Adoption National Minimum Standards 2014, standard 17",
        side=AGENCY,
        serves_plan=True,
        amount_for=adm_amount,
    ),
    Rule(
        name="placement-order.first-review",
        title="first adoption review",
        after=(After("order", "3 months"),),
        ends=("review", "placed"),
        authority="statute",
        source=AFTER_CARE + "36(1)(a)",
        side="social-care",
    ),
    Rule(
        name="placement-order.review",
        title="adoption review",
        after=(After("review", "6 months"), After("disrupted", "6 months")),
        ends=("review", "placed"),
        authority="statute",
        source=AFTER_CARE + "36(1)(b)",
        side="social-care",
        stops=("placed",),
        anchor=lambda case: None if case.all("placed") else latest(case, "review", "disrupted"),
    ),
    Rule(
        name="placement-order.placed",
        title="placed within fourteen months of entering care",
        after=(After("entered-care", "426 days"),),
        ends=("placed", "early-permanence"),
        authority="indicator",
        source="DfE adoption scorecard A1 and A10: fourteen months",
        side=AGENCY,
        serves_plan=True,
    ),
    Rule(
        name="placement-order.move",
        title="placed after the match",
        after=(After("match", "28 days"),),
        ends=("placed",),
        source="local custom",
        side=AGENCY,
        serves_plan=True,
    ),
    Rule(
        name="placement-order.placed-review-1",
        title="first review after placement",
        after=(After("placed", "4 weeks"),),
        ends=("review",),
        authority="statute",
        source=AFTER_CARE + "36(3)(a)",
        side="social-care",
        stops=("disrupted",),
    ),
    Rule(
        name="placement-order.placed-review-2",
        title="second review after placement",
        after=(After("review", "3 months"),),
        anchor=first_review,
        ends=("review",),
        authority="statute",
        source=AFTER_CARE + "36(3)(b)",
        side="social-care",
        stops=("disrupted",),
        watch=("placed",),
    ),
    Rule(
        name="placement-order.placed-review-n",
        title="later review after placement",
        after=(After("review", "6 months"),),
        anchor=later_review,
        ends=("review", "adopted"),
        authority="statute",
        source=AFTER_CARE + "36(3)(c)",
        side="social-care",
        stops=("disrupted",),
        watch=("placed",),
    ),
    Rule(
        name="placement-order.disruption-review",
        title="review after the disruption",
        after=(After("disrupted", "42 days"),),
        ends=("review",),
        authority="guidance",
        source=AFTER_CARE + "36; the paragraph is not confirmed",
        side="social-care",
        met_from="28 days",
    ),
    Rule(
        name="placement-order.application",
        title="adoption application lodged",
        after=(After("placed", "26 weeks", amber="16 weeks"),),
        ends=("adoption-application",),
        source="local custom",
        side=AGENCY,
        serves_plan=True,
    ),
    Rule(
        name="placement-order.revoke",
        title="application to revoke the order",
        after=(After("reversal", "20 working days"),),
        ends=("revocation-application", "revoked"),
        source="local custom; the power is Adoption and Children Act 2002 s24",
        side="social-care",
    ),
    *ALERTS,
)


REGISTER = Register(
    name="placement-order",
    title="Placement orders",
    about="children with an order who wait for a match, and those placed who wait for an adoption order",
    kinds=(
        Kind("entered-care", "entered care", before_opening=True),
        Kind(
            "adm",
            "agency decision-maker: should be placed for adoption",
            (yes_no("relinquished", default="no"),),
            before_opening=True,
            not_before=("entered-care",),
        ),
        Kind(
            "order",
            "placement order made",
            (
                Field("sibling_group"),
                choice("harder_to_place", *HARDER)._replace(repeatable=True),
                choice("delay_side", *SIDES, about="on whose side the delay sits"),
            ),
            opens=True,
            not_before=("adm", "entered-care"),
        ),
        Kind("search", "family finding begun", before_opening=True),
        Kind(
            "early-permanence", "placed for fostering for adoption", before_opening=True, not_before=("entered-care",)
        ),
        Kind(
            "link",
            "a possible family",
            (Field("link", "a short word, never a name"),),
            repeats=True,
            before_opening=True,
        ),
        Kind(
            "link-ended",
            "link ended",
            (Field("link", "the word it was recorded by; without it all links end"), Field("reason")),
            repeats=True,
            needs=("link",),
            check=unknown_link,
        ),
        Kind("panel", "matching panel", before_opening=True),
        # The decision-maker's decision on the match, not the panel's recommendation.
        Kind("match", "match decided", before_opening=True, not_before=("adm",)),
        Kind("placed", "placed for adoption", before_opening=True, not_before=("match", "adm")),
        Kind(
            "disrupted",
            "placement ended before the order",
            (Field("reason"),),
            repeats=True,
            needs=("placed", "early-permanence"),
            undoes=(
                "link",
                "link-ended",
                "panel",
                "match",
                "placed",
                "early-permanence",
                "adoption-application",
            ),
        ),
        Kind(
            "review",
            "adoption review",
            (choice("still_right", "yes", "no", "deferred", about="is adoption still right"),),
            by="still_right",
            repeats=True,
        ),
        Kind("adoption-application", "adoption application lodged", not_before=("placed",), warn=early_application),
        Kind(
            "reversal",
            "should no longer be placed for adoption",
            (
                choice(
                    "reason",
                    *("RD1", "RD2", "RD3", "RD4"),
                    about="needs changed, court made no order, no adopters found, other",
                    required=True,
                ),
            ),
        ),
        Kind(
            "plan-confirmed",
            "adoption is the plan again",
            repeats=True,
            needs=("reversal",),
            undoes=("reversal",),
        ),
        Kind(
            "revocation-application",
            "application to revoke the order",
            (choice("by", "authority", "parent", "other", default="authority"),),
            repeats=True,
        ),
        Kind("adopted", "adoption order made", closes="adopted", not_before=("placed", "adoption-application")),
        Kind("revoked", "order revoked", closes="revoked"),
        Kind(
            "other-order",
            "another permanence order made",
            (Field("kind", "special guardianship, child arrangements, …", required=True),),
            closes="other-order",
        ),
    ),
    stages=(
        Stage("family-finding", "order", "link", AGENCY),
        Stage("linked", lambda case: bool(links(case)), "match", AGENCY),
        Stage("matched", "match", "placed", AGENCY),
        Stage("placed", "placed", "adoption-application", AGENCY),
        Stage("application-lodged", "adoption-application", "adopted", "court"),
        Stage("plan-changing", "reversal", "revocation-application", "social-care"),
        Stage("plan-changing", revocation_lodged, "revoked", "court"),
    ),
    rules=RULES,
    ways=((("entered-care",), ("adm",), ("order",), ("match",), ("placed",), ("adopted",)),),
    expects=("entered-care",),
    given_up="reversal",
    told_apart=("adm", "match", "reversal"),
    delay_side=lambda case: str(case.details.get("delay_side") or ""),
    one_fact={"entered-care": "care-started"},
    carries={
        "ssda903": frozenset({"placed", "early-permanence", "adopted"}),
        "annex-a-10": frozenset({"placed", "early-permanence", "adopted", "match"}),
    },
    reads={"ssda903": from_ssda903, "annex-a-10": from_list_10},
    page=(
        PageColumn("days_since_order", days_since_order, right=True),
        PageColumn("links", lambda case, _on: [str(m.event.fields.get("link") or "unnamed") for m in links(case)]),
        PageColumn("next", lambda case, _on: case.next_step),
    ),
    page_order=lambda row: (row["stage"] not in {"family-finding", "linked"}, -int(row["days_since_order"])),
    measures=MEASURES,
    exports=EXPORTS,
    words=WORDS,
    settings=(AGAIN,),
    examples={
        "open": "cictrack placement-order open 104523 --on 2/3/2026 --dob 14/8/2019 --harder-to-place age-5-plus",
        "match": "cictrack placement-order match 104523 --on 1/6/2026",
        "reversal": "cictrack placement-order reversal 104523 --reason RD1",
    },
)
