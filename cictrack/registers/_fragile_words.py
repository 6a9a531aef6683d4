"""Fragile placements: what teams' own tables call its events, its fields and their answers.

No return and no dataset knows this register; the reasons for a move are those of SSDA903, REASON_PLACE_CHANGE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, ...]] = {
    "flag": (
        *("flagged", "flag", "date flagged", "raised", "date raised", "concern raised"),
        *("identified", "date identified"),
        *("added to tracker", "added", "referred", "referral", "concern", "date of concern", "date added", "opened"),
    ),
    "flag.source": ("source", "raised by", "flagged by", "referred by", "who raised it", "identified by"),
    "flag.source=social-worker": ("sw", "social worker", "worker", "allocated social worker"),
    "flag.source=carer": ("foster carer", "carers", "fc", "ssw", "supervising social worker"),
    "flag.source=child": ("young person", "yp", "child or young person"),
    "flag.source=iro": ("reviewing officer", "independent reviewing officer"),
    "flag.source=provider": ("ifa", "home", "residential", "agency", "children's home"),
    "flag.source=review": ("lac review", "cla review", "looked after review"),
    "flag.indicator": (
        *("indicators", "concerns", "reasons", "risk factors", "risks", "triggers", "issues", "reason flagged"),
        *("reasons flagged", "reason for concern", "what is seen", "indicators at flag", "concern type"),
    ),
    "flag.indicator=notice-given": ("notice", "notice served", "28 day notice"),
    "flag.indicator=carer-cannot-continue": ("carer struggling", "carers struggling", "carer cannot cope"),
    "flag.indicator=allegation-or-standards": ("allegation", "standards of care", "standards", "lado"),
    "flag.indicator=child-wants-to-leave": ("wants to leave", "child wants to move", "wants to move"),
    "flag.indicator=missing": ("missing episodes", "mfh", "absconding", "goes missing", "missing from home"),
    "flag.indicator=needs-not-met": ("needs not met", "unmet needs"),
    "flag.indicator=exclusion": ("excluded", "school exclusion", "out of school", "not in school"),
    "flag.indicator=moves": ("placement moves", "previous moves", "multiple moves"),
    "flag.indicator=worker-changes": ("change of social worker", "changes of worker", "sw changes"),
    "flag.indicator=apart-from-siblings": ("siblings apart", "separated from siblings", "sibling separation"),
    "flag.indicator=sdq-17-plus": ("sdq", "high sdq", "sdq 17+"),
    "flag.indicator=no-support": ("no support", "lack of support"),
    "flag.indicator=contact-distress": ("distress after contact",),
    "level.level": ("level", "rag", "rag rating", "risk level", "rating"),
    "level": ("level set", "rag date", "level date", "rated"),
    "level.reason": ("level reason", "reason for level", "rag reason"),
    "level.by": ("level set by", "rated by", "rag by"),
    "assessed": ("assessed", "risk assessment", "stability assessment", "assessment", "assessment completed"),
    "iro-told": ("iro told", "iro informed", "iro notified", "iro aware", "told iro"),
    "stability-meeting": (
        *("stability meeting", "psm", "psm held", "placement stability meeting", "stability meeting held"),
        *("placement support meeting", "first psm", "initial psm"),
    ),
    "support": ("support", "support started", "support from", "support start", "support begun", "support put in"),
    "support.kind": ("support type", "type of support", "what support", "support offered", "kind of support"),
    "support.to": ("support to", "support until", "support ended", "support end"),
    "support.helped": ("helped", "did it help", "support helped", "effective"),
    "notice": ("notice", "notice given", "notice served", "notice received", "28 day notice"),
    "notice.given_by": ("notice by", "notice given by", "notice from"),
    "notice.given_by=carer": ("foster carer", "carers", "fc"),
    "notice.given_by=provider": ("ifa", "home", "agency", "residential"),
    "notice.ends_on": ("notice ends", "notice end", "notice expires", "notice end date", "end of notice"),
    "notice-withdrawn": ("notice withdrawn", "notice rescinded"),
    "review": ("review", "psm review", "review psm", "stability review", "review meeting", "last review"),
    "stabilised": ("stabilised", "stable", "removed from tracker", "date stabilised", "stepped down"),
    "moved": ("moved", "date moved", "placement ended", "placement end", "move date", "date of move", "ended"),
    "moved:no": ("broke down", "breakdown", "disrupted", "unplanned move", "placement breakdown"),
    "moved:yes": ("planned move", "moved as planned", "move planned"),
    "moved.planned": ("planned", "planned move?", "move planned?", "was it planned", "planned or unplanned"),
    "moved.planned=yes": ("planned",),
    "moved.planned=no": ("unplanned", "emergency", "breakdown", "disruption"),
    "moved.reason": ("reason for move", "move reason", "reason placement ended", "clap_cla_placement_change_reason"),
    "moved.reason=CARPL": ("change to care plan", "care plan"),
    "moved.reason=CLOSE": ("resignation or closure", "provision closed", "carer resigned"),
    "moved.reason=ALLEG": ("allegation",),
    "moved.reason=STAND": ("standards of care",),
    "moved.reason=APPRR": ("approval removed",),
    "moved.reason=CREQB": ("carer request behaviour", "carer requests due to childs behaviour", "behaviour"),
    "moved.reason=CREQO": ("carer request other", "carer request", "carer gave notice"),
    "moved.reason=CHILD": ("child request", "child asked", "child requests move"),
    "moved.reason=LAREQ": ("authority request", "la request", "responsible authority requests"),
    "moved.reason=CUSTOD": ("custody", "custodial"),
    "disruption-meeting": ("disruption meeting", "disruption meeting held", "disruption"),
    "disruption-meeting.held": ("disruption meeting held?",),
    "disruption-meeting.reason": ("reason not held", "why no disruption meeting"),
    "family": ("sibling group",),
}
