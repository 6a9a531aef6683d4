"""Initial Health Assessments: what the national datasets and teams' own tables call its events, fields and answers.

National names: Ofsted's Annex A List 8 with the dataset's short names for it, and `ssd_cla_health`. That table has a
type and a status beside its day, so a table made from it needs the initial assessments that were completed alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, ...]] = {
    "entered-care": (
        *("Date Started to be Looked After", "LoookedAfterStartDate", "LookedAfterStartDate", "clae_entered_care_date"),
        *("entered care", "date lac", "lac", "lac date", "cla", "date cla", "became looked after", "bla", "into care"),
        *("came into care", "cla start", "lac start", "care start", "start of care", "child entered care"),
        *("date of becoming lac", "became lac", "became cla", "episode start", "entry to care", "coming into care"),
    ),
    "entered-care.out_of_area": ("out of area", "ooa", "placed out of area", "out of borough", "oob"),
    "entered-care.provider": ("provider", "health provider", "iha provider", "responsible provider", "health team"),
    "notified": (
        *("notified", "health notified", "notification", "notification sent", "health told", "notified health"),
        *("notification to health", "c250 sent", "c250", "placement notification", "notification received"),
    ),
    "consent-requested": (
        *("consent requested", "consent asked", "consent sent", "consent form sent", "consent sought"),
        *("consent chased", "consent request"),
    ),
    "consent": (
        *("consent", "consent received", "consent given", "consent obtained"),
        *("consent signed", "consent form received"),
        *("consent in", "consent form received", "consent form signed"),
    ),
    "consent.basis": ("consent basis", "consent by", "consent from", "who consented", "consent given by"),
    "consent.basis=parent": ("parents", "mother", "father", "mum", "dad", "parental"),
    "consent.basis=authority": ("la", "local authority"),
    "consent.basis=young-person": ("yp", "child", "young person", "gillick", "gillick competent", "self"),
    "consent-refused": ("consent refused", "consent declined", "consent withheld"),
    "referred": (
        *("referred", "referral", "referral sent", "iha requested", "paperwork sent", "paperwork complete", "request"),
        *(
            "referral sent to health",
            "referred to health",
            "iha referral",
            "iha request",
            "request sent",
            "referral made",
            "referral received",
            "part a sent",
        ),
        *("referral complete", "iha paperwork sent", "request to health", "coram baaf form sent"),
    ),
    "referral-returned": ("referral returned", "paperwork returned", "returned incomplete", "sent back", "rejected"),
    "appointment": ("appointment booked", "appointment made", "booked", "appointment offered", "booked on"),
    "appointment.for": (
        *("appointment", "appointment date", "iha appointment", "clinic", "clinic date", "appointment for", "appt"),
        *("appt date", "iha appt", "iha booked for", "booked for"),
    ),
    "attended": ("attended", "appointment attended", "attended on"),
    "not-brought": ("not brought", "was not brought", "wnb", "dna", "did not attend", "dnd"),
    "cancelled-by-carer": ("cancelled by carer", "carer cancelled"),
    "cancelled-by-health": ("cancelled by health", "health cancelled", "clinic cancelled"),
    "declined": ("declined", "appointment declined"),
    "assessed": (
        *("assessed", "iha", "iha completed", "iha date", "iha done", "iha held"),
        *("health assessment", "seen by doctor"),
        *("date of last health assessment", "LastHealthAssessmentDate", "clah_health_check_date", "iha complete"),
        *("date of iha", "initial health assessment", "initial health assessment completed", "date seen"),
        *("seen", "health assessment"),
        *("iha undertaken", "assessment completed", "iha took place", "assessment"),
    ),
    "report": (
        *("report", "report received", "iha report", "iha report received", "health plan received", "report returned"),
        *("report back", "care plan received", "part c received", "paperwork received back", "iha received"),
    ),
    "report-returned": ("report sent back", "report rejected", "report queried", "qa failed"),
    "shared": (
        *("shared", "plan shared", "report shared", "distributed", "report distributed", "uploaded", "sent to sw"),
        *("shared with sw", "report shared with iro", "circulated"),
    ),
    "not-required": ("not required", "iha not required"),
    "not-required.assessed_on": ("previous assessment", "earlier assessment", "earlier assessment date"),
    "left-care": (
        *("left care", "ceased care", "ceased", "CeasedLookedAfterDate"),
        *("Date Ceased to be Looked After", "end of care"),
        *("care ended", "ceased cla", "ceased lac", "cla end", "lac end"),
        *("discharged", "date left care"),
    ),
    "refused": ("refused", "young person refused", "yp refused", "refused by young person"),
    "family": ("sibling group",),
}
