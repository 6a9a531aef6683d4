"""Placement orders: what the Standard Safeguarding Dataset is given of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.pathway.exports import Column, Export

if TYPE_CHECKING:
    from datetime import date

    from cictrack.pathway.exports import OneCase

IN_A_GROUP = "1"
"""Code set of `perm_part_of_sibling_group`: 0 no, 1 yes."""

ORDER_TYPES = (
    ("special guardianship", "Special Guardianship"),
    ("child arrangements", "Child Arrangements Order/ Residence Order"),
    ("residence", "Child Arrangements Order/ Residence Order"),
)
"""What the kind of another order begins with, and the dataset's word for it."""


def _permanence_on(one: OneCase) -> date | None:
    """The day of the order that made the placement permanent; a revoked order is none."""
    return one.day("adopted") or one.day("other-order")


def _permanence(one: OneCase) -> str:
    """The dataset's word for that order; an order of another kind in the words it was recorded with."""
    if one.day("adopted"):
        return "Adoption"
    kind = one.says("other-order", "kind")
    return next((word for begins, word in ORDER_TYPES if kind.casefold().startswith(begins)), kind)


def _in_a_group(one: OneCase) -> str:
    """Yes, where a sibling group is named. That there is none nobody records, so there is no 0."""
    details = one.case.details
    named = details.get("sibling_group") or "sibling-group" in str(details.get("harder_to_place"))
    return IN_A_GROUP if named else ""


# A match or placement before a disruption counts no longer, and a decision confirmed again is not reversed.
SSD = Export(
    name="ssd_permanence",
    goes_to="ssd",
    whose="perm_person_id",
    columns=(
        Column("perm_table_id", lambda one: one.opening),
        Column("perm_person_id", lambda one: one.child_id),
        Column("perm_cla_id"),
        Column("perm_adm_decision_date", lambda one: one.day("adm")),
        Column("perm_ffa_cp_decision_date"),
        Column("perm_placement_order_date", lambda one: one.day("order")),
        Column("perm_placed_for_adoption_date", lambda one: one.day("placed")),
        Column("perm_matched_date", lambda one: one.day("match")),
        Column("perm_adopted_by_carer_flag"),
        Column("perm_placed_ffa_cp_date", lambda one: one.day("early-permanence")),
        Column("perm_decision_reversed_date", lambda one: one.day("reversal")),
        Column("perm_placed_foster_carer_date"),
        Column("perm_part_of_sibling_group", _in_a_group),
        Column("perm_siblings_placed_together"),
        Column("perm_siblings_placed_apart"),
        Column("perm_placement_provider_urn"),
        Column("perm_decision_reversed_reason", lambda one: one.says("reversal", "reason")),
        Column("perm_permanence_order_date", _permanence_on),
        Column("perm_permanence_order_type", _permanence),
        Column("perm_adoption_worker_id"),
        Column("perm_adopter_sex"),
        Column("perm_adopter_legal_status"),
        Column("perm_number_of_adopters"),
    ),
)

EXPORTS = {SSD.name: SSD}
