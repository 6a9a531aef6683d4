"""Fragile placements: homes that may break down, and what is done to hold them.

No validated English tool scores this, and no rule here is law: a checklist that prints which indicators are
present and how the level came about, and lets a professional set the level with a reason.
"""

from __future__ import annotations

from cictrack.pathway.case import RECORD
from cictrack.pathway.common import stale
from cictrack.pathway.declare import CLOSING, After, Drift, Register, Rule, Stage
from cictrack.pathway.kinds import Field, Kind, choice, day, yes_no
from cictrack.pathway.page import PageColumn
from cictrack.registers._fragile import (
    AMBER,
    CANDIDATES,
    INDICATORS,
    NAMES,
    RED,
    WATCH,
    level_on,
    meeting_spans,
    no_support_spans,
    red_standing_spans,
    support_tried,
)
from cictrack.registers._fragile_measures import MEASURES
from cictrack.registers._fragile_notice import NO_PLAN, NOTICE, REFLAGGED
from cictrack.registers._fragile_officers import OFFICERS
from cictrack.registers._fragile_settings import AMBER_FROM, NOTICE_DAYS, RED_FROM, WHEN_RED, weights
from cictrack.registers._fragile_words import WORDS

MOVE_REASONS = (
    *("CARPL", "CLOSE", "ALLEG", "STAND", "APPRR", "CREQB", "CREQO"),
    *("CHILD", "LAREQ", "PLACE", "CUSTOD", "OTHER"),
)


RECORD_KEYS = tuple(RECORD + kind for kind in ("placement", "missing", "worker", "born"))
LEVEL_KEYS = ("flag", "indicator", "notice", "notice-withdrawn", "level", *RECORD_KEYS)

MEETING: Rule = Rule(
    name="fragile.meeting",
    title="stability meeting",
    after=(After("flag", "10 working days"),),
    ends=("stability-meeting",),
    source="local norms are 5 to 10 working days",
    spans=lambda case: meeting_spans(case, MEETING),
    watch=LEVEL_KEYS,
    serves_plan=True,
)

NO_SUPPORT: Drift = Drift(
    name="fragile.no-support",
    title="no support recorded",
    ends=("support",),
    spans=lambda case: no_support_spans(case, NO_SUPPORT),
    watch=LEVEL_KEYS,
    source="local custom",
    amount="10 working days",
    counts_from="the day it turned amber or red",
    blocking="support",
    serves_plan=True,
)

RED_STANDING: Drift = Drift(
    name="fragile.red-standing",
    title="red for four weeks",
    spans=lambda case: red_standing_spans(case, RED_STANDING),
    watch=LEVEL_KEYS,
    source="local custom",
    amount="28 days",
    counts_from="the day it turned red",
    serves_plan=True,
)

RULES = (
    Rule(
        name="fragile.assess",
        title="assessed",
        after=(After("flag", "2 working days"),),
        ends=("assessed",),
        source="local custom",
        serves_plan=True,
    ),
    Rule(
        name="fragile.iro",
        title="reviewing officer told",
        after=(After("flag", "2 working days"),),
        ends=("iro-told",),
        source="local custom",
        serves_plan=True,
    ),
    MEETING,
    Rule(
        name="fragile.review",
        title="review",
        after=(After("stability-meeting", "28 days"), After("review", "28 days")),
        ends=("review", CLOSING),
        source="local custom",
        serves_plan=True,
    ),
    NOTICE,
    Rule(
        name="fragile.disruption",
        title="disruption meeting",
        after=(After("moved:no", "28 days"),),
        ends=("disruption-meeting",),
        source="local custom: 4 to 6 weeks after an unplanned end",
    ),
    stale("fragile", 14, serves_plan=True),
    RED_STANDING,
    REFLAGGED,
    NO_SUPPORT,
    NO_PLAN,
)

REGISTER = Register(
    name="fragile",
    title="Fragile placements",
    about="homes that may break down: a checklist, not a prediction",
    kinds=(
        Kind(
            "flag",
            "flagged",
            (
                choice(
                    "source",
                    *("social-worker", "carer", "child", "iro", "school", "provider", "review", "import"),
                    about="who raised it",
                ),
                choice("indicator", *NAMES, about="what is seen")._replace(repeatable=True),
            ),
            opens=True,
        ),
        Kind(
            "indicator",
            "an indicator appears or goes",
            (
                choice("indicator", *NAMES, required=True),
                yes_no("present", about="no: it has gone", default="yes"),
            ),
            repeats=True,
            before_opening=True,
        ),
        Kind(
            "level",
            "level set by a professional",
            (
                choice("level", WATCH, AMBER, RED, required=True),
                Field("reason", required=True),
                Field("by", "by role", required=True),
            ),
            repeats=True,
        ),
        Kind("assessed", "assessed"),
        Kind("iro-told", "reviewing officer told"),
        Kind("stability-meeting", "stability meeting: plan agreed"),
        Kind(
            "support",
            "support given",
            (
                Field("kind", "visits, respite, therapy, …", required=True),
                day("to", about="its last day"),
                choice("helped", "yes", "no", "unknown"),
            ),
            repeats=True,
            before_opening=True,
        ),
        Kind(
            "notice",
            "notice given",
            (choice("given_by", "carer", "provider"), day("ends_on", about="28 days on where none is given")),
            before_opening=True,
        ),
        Kind("notice-withdrawn", "notice withdrawn", repeats=True, needs=("notice",), undoes=("notice",)),
        Kind("review", "review", repeats=True, not_before=("stability-meeting",)),
        Kind("stabilised", "stabilised", closes="stabilised"),
        Kind(
            "moved",
            "moved",
            (
                yes_no("planned", required=True),
                choice("reason", *MOVE_REASONS, about="as in SSDA903", required=True),
            ),
            by="planned",
            closes={"yes": "moved-planned"},
        ),
        Kind(
            "disruption-meeting",
            "disruption meeting",
            (
                yes_no("held", default="yes"),
                Field("reason", "why not, when it was not held", required_with=("held", "no")),
            ),
            needs=("moved:no",),
            closes="broke-down",
        ),
    ),
    stages=(
        Stage("flagged", "flag", "assessed", "social-care"),
        Stage("assessed", "assessed", "stability-meeting", "social-care"),
        Stage("plan-agreed", "stability-meeting", "review", "social-care"),
        Stage("notice-given", "notice", "moved", "social-care"),
        Stage("moved-unplanned", "moved:no", "disruption-meeting", "social-care"),
    ),
    rules=RULES,
    tasks_until="moved:no",
    given_up="moved:no",
    reads_record=("placement", "missing", "worker"),
    page=(
        PageColumn("level", lambda case, on: level_on(case, on).level),
        PageColumn("indicators", lambda case, on: list(level_on(case, on).indicators)),
        PageColumn("level_why", lambda case, on: level_on(case, on).why),
        PageColumn("support", lambda case, _on: support_tried(case)),
    ),
    candidates=CANDIDATES,
    officers=OFFICERS,
    page_order=lambda row: ((RED, AMBER, WATCH).index(str(row["level"])),),
    measures=MEASURES,
    words=WORDS,
    settings=(WHEN_RED, NOTICE_DAYS, AMBER_FROM, RED_FROM, *weights(INDICATORS)),
    examples={
        "open": "cictrack fragile open 104523 --on 2/3/2026 --dob 14/8/2013 --source carer --indicator needs-not-met",
        "notice": "cictrack fragile notice 104523 --given-by carer --ends-on 30/3/2026",
        "moved": "cictrack fragile moved 104523 --planned no --reason CREQB",
    },
)
