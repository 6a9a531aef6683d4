"""Initial Health Assessments: by a doctor, within 20 working days of entering care, in time for the first review.

Delay sits in one of three places (health told late, consent missing, no appointment), so the register always
says what is blocking and whose move it is. Late is late: an exception explains it and is counted.
"""

from __future__ import annotations

from cictrack.pathway.declare import After, Drift, Register, Rule, Stage
from cictrack.pathway.kinds import Field, Kind, choice, day, yes_no
from cictrack.pathway.page import PageColumn
from cictrack.registers._iha import (
    ASSESSED,
    BASES,
    BECAME_OF_IT,
    REFER,
    REPORT,
    STALE,
    blocking,
    booked,
    from_list_8,
    from_ssda903,
    no_provider,
    not_brought,
    recent_assessment,
)
from cictrack.registers._iha_measures import MEASURES, SIDE_OF
from cictrack.registers._iha_ssd import EXPORTS
from cictrack.registers._iha_words import WORDS

RULES = (
    Rule(
        name="iha.notify",
        title="health told of the child",
        after=(After("entered-care", "3 working days"),),
        ends=("notified",),
        source="Bradford protocol 2016; elsewhere 2 to 5",
    ),
    REFER,
    Rule(
        name="iha.appointment",
        title="appointment booked",
        after=(After("entered-care", "10 working days"),),
        ends=("appointment", "assessed"),
        source="local custom",
    ),
    ASSESSED,
    REPORT,
    Drift(
        name="iha.consent",
        title="consent asked for, not given",
        after=(After("consent-requested", "5 working days"),),
        ends=("consent",),
        stops=("assessed", "report", "shared"),
        why="consent asked for on {day}, not given",
        source="local custom",
    ),
    Drift(
        name="iha.not-brought",
        title="not brought again",
        ends=("attended", "assessed"),
        spans=not_brought,
        counts_from="the second not-brought",
        watch=("not-brought",),
        source="local custom",
    ),
    Drift(
        name="iha.no-provider",
        title="out of area, no provider",
        ends=("assessed",),
        spans=no_provider,
        counts_from="entered-care",
        watch=("entered-care", "details"),
        source="local custom",
    ),
    STALE,
)

REGISTER = Register(
    name="iha",
    title="Initial Health Assessments",
    about="children who entered care, and the assessment due within 20 working days",
    kinds=(
        Kind(
            "entered-care",
            "entered care",
            (yes_no("out_of_area"), Field("provider", "the health provider there")),
            opens=True,
        ),
        Kind("notified", "health told of the child", before_opening=True),
        Kind(
            "consent-requested",
            "consent asked for",
            (choice("basis", *BASES, about="whose consent it is"),),
            before_opening=True,
        ),
        Kind("consent", "consent given", (choice("basis", *BASES, required=True),), before_opening=True),
        Kind("consent-refused", "consent refused", before_opening=True, repeats=True, undoes=("consent",)),
        Kind("referred", "complete paperwork with health", before_opening=True),
        Kind(
            "referral-returned",
            "paperwork sent back incomplete",
            repeats=True,
            undoes=("referred",),
            needs=("referred",),
        ),
        Kind(
            "appointment",
            "appointment booked",
            (day("for", about="its day", required=True),),
            repeats=True,
            before_opening=True,
        ),
        *(
            Kind(name, title, repeats=True, needs=("appointment",))
            for name, title in zip(
                BECAME_OF_IT,
                ("attended", "was not brought", "cancelled by the carer", "cancelled by health", "declined"),
                strict=True,
            )
        ),
        Kind("assessed", "seen by the doctor", not_before=("entered-care",)),
        Kind("report", "report and plan received", not_before=("assessed",)),
        Kind(
            "report-returned",
            "report sent back on quality grounds",
            repeats=True,
            undoes=("report",),
            needs=("report",),
        ),
        Kind(
            "shared",
            "plan with social worker, IRO and carer",
            closes="complete",
            not_before=("report", "assessed"),
        ),
        Kind(
            "not-required",
            "not required: assessed in the 3 months before entry",
            (day("assessed_on", required=True),),
            closes="not-required",
            check=recent_assessment,
        ),
        Kind("left-care", "left care", closes="left-care"),
        Kind("refused", "refused by a young person of sufficient understanding", closes="refused"),
    ),
    stages=(
        Stage("awaiting-consent", "entered-care", "consent", "social-care"),
        Stage("awaiting-referral", "consent", "referred", "social-care"),
        Stage("awaiting-appointment", "referred", "appointment", "health"),
        Stage("appointment-booked", booked, "assessed", "health"),
        Stage("assessed", "assessed", "report", "health"),
        Stage("reported", "report", "shared", "social-care"),
    ),
    rules=RULES,
    ways=((("notified", "consent", "referred"), ("assessed",), ("report",), ("shared",)),),
    blocking=blocking,
    one_fact={"entered-care": "care-started"},
    carries={"ssda903": frozenset(), "annex-a-8": frozenset({"assessed"})},
    complete_from_file={"assessed": "complete"},
    reads_record=("health-assessment",),
    reads={"ssda903": from_ssda903, "annex-a-8": from_list_8},
    exception_reasons=tuple(SIDE_OF),
    page=(
        PageColumn("blocking", lambda case, _on: "" if case.closed else blocking(case)[0]),
        PageColumn("side", lambda case, _on: "" if case.closed else blocking(case)[1]),
    ),
    measures=MEASURES,
    exports=EXPORTS,
    words=WORDS,
    examples={
        "open": "cictrack iha open 104523 --on 2/3/2026 --dob 14/8/2019 --team North",
        "consent": "cictrack iha consent 104523 --on 4/3/2026 --basis parent",
        "appointment": "cictrack iha appointment 104523 --for 20/3/2026",
    },
)
