"""Initial Health Assessments: the health checks that the Standard Safeguarding Dataset is given of a child."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cictrack.pathway.exports import Column, Export, cases
from cictrack.registers._iha import BECAME_OF_IT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from cictrack.pathway.case import Mark
    from cictrack.pathway.exports import OneCase, OneChild

INITIAL, ANY = "Initial Health Assessment", "Health Assessment"
"""The dataset's type is free text: `Health Assessment` is its example, and what the child's own record holds."""

BECAME = {"cancelled-by-carer": "Cancelled", "cancelled-by-health": "Cancelled", "declined": "Refused"}
"""What became of an appointment, in the dataset's words: it has none for a child who was not brought."""


class HealthCheck(NamedTuple):
    """One check of one child: `id` is that of the event that tells of it."""

    id: str
    child_id: str
    type: str
    on: date | None
    status: str


def checks(child: OneChild) -> Iterator[HealthCheck]:
    """Every check that the register knows of, once: a case's own, then those of the child's record on other days."""
    seen: set[date | None] = set()
    for one in cases(child):
        for check in _of_case(one):
            if check.status == "Completed":
                seen.add(check.on)
            yield check
    for event in child.evaluation.record:
        if event.kind == "health-assessment" and event.day not in seen:
            yield HealthCheck(event.line, child.child_id, ANY, event.day, "Completed")


def _of_case(one: OneCase) -> Iterator[HealthCheck]:
    def check(mark: Mark, on: date | None, status: str, of: str = INITIAL) -> HealthCheck:
        return HealthCheck(mark.event.line, one.child_id, of, on, status)

    case = one.case
    for appointment in case.all("appointment"):
        status = _became(one, appointment)
        if status:
            yield check(appointment, case.day_in(appointment, "for"), status)
    for mark in case.all("refused"):
        yield check(mark, mark.day, "Refused")
    for mark in case.all("assessed")[:1]:
        yield check(mark, mark.day, "Completed")
    for mark in case.all("not-required"):
        yield check(mark, case.day_in(mark, "assessed_on"), "Completed", ANY)


def _became(one: OneCase, appointment: Mark) -> str:
    """What became of an appointment: the first word said of it before the next one, else planned until one is.

    One that was kept is the assessment itself; of one that another replaced, or the closing, nothing is known.
    """
    case = one.case
    later = [mark.seq for mark in case.all("appointment") if mark.seq > appointment.seq]
    until = min(later, default=None)
    words = [mark for kind in BECAME_OF_IT for mark in case.all(kind) if mark.seq > appointment.seq]
    said = min((m for m in words if until is None or m.seq < until), key=lambda mark: mark.seq, default=None)
    if said is not None:
        return BECAME.get(said.key, "")
    done = case.closed or case.all("assessed") or until is not None
    return "" if done else "Planned"


SSD = Export(
    name="ssd_cla_health",
    goes_to="ssd",
    whose="clah_person_id",
    columns=(
        Column("clah_health_check_id", lambda check: check.id),
        Column("clah_person_id", lambda check: check.child_id),
        Column("clah_health_check_type", lambda check: check.type),
        Column("clah_health_check_date", lambda check: check.on),
        Column("clah_health_check_status", lambda check: check.status),
    ),
    rows=checks,
    kinds=("health-assessment",),
)

EXPORTS = {SSD.name: SSD}
