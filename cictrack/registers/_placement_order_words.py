"""Placement orders: what the national datasets and teams' own tables call its events, its fields and their answers.

National names: Ofsted's Annex A List 10 with the dataset's short names for it, and `ssd_permanence`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, ...]] = {
    "entered-care": (
        *("Date the Child Entered Care", "EnteredCareDate", "entered care", "became looked after", "into care", "lac"),
        *("date lac", "cla", "date cla", "bla", "started to be looked after", "looked after since", "lac date"),
        *("start of care", "care start", "came into care", "accommodated", "clae_entered_care_date"),
        *("became lac", "became cla"),
    ),
    "adm": (
        *("Date of Decision that Child Should be Placed for Adoption", "ADMSHOBPADecisionDate", "shobpa"),
        *("perm_adm_decision_date", "adm", "adm decision", "shobpa decision", "should be placed", "sbpfa", "adm date"),
        *("agency decision", "agency decision maker", "agency decision maker decision", "adm plan decision"),
        *("should be placed decision", "best interests decision", "plan of adoption", "adm (plan)"),
    ),
    "adm.relinquished": ("relinquished", "relinquished child"),
    "order": (
        *("Date of Placement Order", "PlacementOrderDate", "perm_placement_order_date", "po", "po granted", "po made"),
        *("placement order", "placement order granted", "placement order made", "po date", "order", "order granted"),
        *("order date", "order made"),
    ),
    "order.sibling_group": ("sibling group", "sibling group id", "siblings", "perm_part_of_sibling_group"),
    "order.harder_to_place": ("harder to place", "hard to place", "priority", "harder to place reason"),
    "order.harder_to_place=sibling-group": ("sibling", "siblings", "sibling group", "part of sibling group"),
    "order.harder_to_place=age-5-plus": ("age", "age 5+", "5+", "aged 5+", "over 5", "older child", "age 5 or over"),
    "order.harder_to_place=disability": ("disabled", "disability", "complex needs", "send"),
    "order.harder_to_place=ethnicity": ("ethnicity", "bme", "bame", "heritage"),
    "order.delay_side": ("delay side", "delay with", "whose delay", "delay sits with", "where is the delay"),
    "order.delay_side=social-care": ("la", "local authority", "social care", "authority"),
    "order.delay_side=regional-agency": ("raa", "regional agency", "regional adoption agency", "agency"),
    "search": (
        *("family finding", "family finding started", "family finding begun", "family finding start", "search"),
        *("family finding referral", "referred for family finding", "link maker", "on link maker"),
    ),
    "early-permanence": (
        *("DateFFAConsurrencyPlacement", "perm_placed_ffa_cp_date", "ffa placement", "ffa", "early permanence", "ep"),
        "Date the child was placed for fostering in FFA or concurrent planning placement",
        *("placed ffa", "fostering for adoption", "ep placement", "early permanence placement", "concurrent placement"),
    ),
    "link": ("link", "link made", "linked", "link date", "potential link", "family link"),
    "link.link": ("link name", "link ref", "link family", "link reference", "linked with"),
    "link-ended": ("link ended", "link closed", "link fell through", "link end"),
    "link-ended.reason": ("reason link ended", "link ended reason"),
    "panel": ("panel", "matching panel", "panel date", "match panel", "adoption panel"),
    "match": (
        *("Date of Matching Child and Prospective Adopters", "MatchedForAdoptionDate", "perm_matched_date", "match"),
        *("matched", "match agreed", "match approved", "adm match", "adm match decision", "match decision"),
        *("adm (match)", "matched date", "match ratified", "matching"),
    ),
    "placed": (
        *("Date Placed for Adoption", "PlacedForAdoptionDate", "perm_placed_for_adoption_date", "placed"),
        *("placed with adopters", "placement start", "placed for adoption", "moved to adopters", "adoptive placement"),
    ),
    "disrupted": ("disrupted", "disruption", "placement disrupted", "placement ended"),
    "disrupted.reason": ("disruption reason", "reason for disruption"),
    "review": ("review", "adoption review", "adoption review held", "last review", "latest review", "review held"),
    "review.still_right": (
        *("still right", "adoption still the plan", "still adoption", "plan still adoption", "adoption still right"),
        *("is adoption still right", "plan still right", "review outcome"),
    ),
    "adoption-application": (
        *("application", "adoption application", "application lodged", "adoption application lodged"),
        *("adoption application made", "ao application", "application to court", "lodged"),
    ),
    "adopted": (
        *("Date of Adoption Order", "AdoptionOrderDate", "perm_permanence_order_date", "ao", "ao granted", "adopted"),
        *("adoption order", "adoption order granted", "adoption order made"),
    ),
    "reversal": (
        *("Date of Decision that Child Should No Longer be Placed for Adoption", "DecisionReversedDate"),
        *("perm_decision_reversed_date", "reversal", "decision reversed", "reversed", "plan changed", "change of plan"),
        *("no longer be placed", "adm reversal", "shobpa reversed"),
    ),
    "reversal.reason": (
        *("Reason Why Child No Longer Placed for Adoption", "DecisionReversedReason", "reversal reason"),
        *("perm_decision_reversed_reason", "reason for reversal", "reason plan changed", "reason reversed"),
    ),
    # The labels of Annex A's list, as its guidance has them.
    "reversal.reason=RD1": ("needs changed", "the childs needs changed subsequent to the decision"),
    "reversal.reason=RD2": ("court made no order", "the court did not make a placement order"),
    "reversal.reason=RD3": ("no adopters found", "prospective adopters could not be found"),
    "reversal.reason=RD4": ("other", "any other reason"),
    "plan-confirmed": ("plan confirmed", "adoption plan confirmed"),
    "revocation-application": (
        "revocation application",
        "application to revoke",
        "revocation applied",
        "revoke applied",
    ),
    "revocation-application.by": ("revocation by", "revocation application by"),
    "revoked": ("revoked", "po revoked", "order revoked", "placement order revoked", "revocation", "po discharged"),
    "other-order": ("other order", "sgo granted", "sgo", "special guardianship", "special guardianship order"),
    "other-order.kind": ("perm_permanence_order_type", "kind of order", "type of order", "other order type"),
    "worker": ("adoption worker", "childs worker"),
    "family": ("family id", "family identifier", "familyid"),
}
