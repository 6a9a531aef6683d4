"""The columns of Annex A's List 8 and List 10 that are used, by every name that authorities give them.

Names are the template's of 2019, those of tools that copy it, and the short ones of the Standard Safeguarding Dataset,
its misspellings included.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CHILD, BORN = "Child Unique ID", "Date of Birth"
TEAM, WORKER = "Allocated Team", "Allocated Worker"

STARTED, NEED = "Date Started to be Looked After", "Child's Category of Need"
STATUS_FROM, STATUS = "Start date of current legal status", "Child's Legal Status"
REVIEWED, ASSESSED = "Date of Latest Statutory Review", "Date of Last Health Assessment"
CEASED, WHY_CEASED = "Date Ceased to be Looked After", "Reason Ceased to be Looked After"
PLACED_FROM, PLACE, PROVIDER = "Start Date of Most Recent Placement", "Placement Type", "Placement Provider"

ENTERED = "Date the Child Entered Care"
DECIDED = "Date of Decision that Child Should be Placed for Adoption"
ORDERED = "Date of Placement Order"
MATCHED = "Date of Matching Child and Prospective Adopters"
PLACED = "Date Placed for Adoption"
ADOPTED = "Date of Adoption Order"
REVERSED = "Date of Decision that Child Should No Longer be Placed for Adoption"
WHY_REVERSED = "Reason Why Child No Longer Placed for Adoption"
EARLY = "Date the child was placed for fostering in FFA or concurrent planning placement"


class ListOf(NamedTuple):
    """One list: its feed, its place among the sheets, the words its sheet may be called, its columns.

    `days` are needed: without their column nobody can tell that nothing happened. A row without its `starts` says
    nothing.
    """

    feed: str
    title: str
    number: int
    subjects: tuple[str, ...]
    starts: str
    days: tuple[str, ...]
    other_days: tuple[str, ...]
    texts: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that are used."""
        return (CHILD, BORN, *self.days, *self.other_days, *self.texts)

    @property
    def all_days(self) -> tuple[str, ...]:
        """The columns that hold days."""
        return (BORN, *self.days, *self.other_days)

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns without which a sheet is not this list."""
        return (CHILD, *self.days)


LIST_8 = ListOf(
    "annex-a-8",
    "List 8",
    8,
    ("childrenincare", "childincare", "lac", "cla", "childrenlookedafter", "lookedafterchildren", "cic"),
    STARTED,
    (STARTED, ASSESSED, CEASED),
    (STATUS_FROM, REVIEWED, PLACED_FROM),
    (NEED, STATUS, WHY_CEASED, PLACE, PROVIDER, TEAM, WORKER),
)
LIST_10 = ListOf(
    "annex-a-10",
    "List 10",
    10,
    ("adoption", "adoptions", "childrenadoption", "childrenforadoption"),
    "",
    (ENTERED, DECIDED, ORDERED, MATCHED, EARLY, PLACED, ADOPTED, REVERSED),
    (),
    (WHY_REVERSED, TEAM, WORKER),
)
LISTS = (LIST_8, LIST_10)

_ALSO: Mapping[str, str] = {
    CHILD: "ChildUniqueIdentifier ChildID ChildIdentifier UniqueChildID PersonID ClientID",
    BORN: "DOB BirthDate",
    STARTED: "LoookedAfterStartDate LookedAfterStartDate DateStartedLookedAfter DateBecameLookedAfter LACStartDate"
    " CLAStartDate StartDateLookedAfter",
    NEED: "ChildCategoryOfNeed CategoryOfNeed PrimaryNeedCode",
    STATUS_FROM: "MostRecentLegalStatusStart MostRecentLegalStatusStartDate LegalStatusStartDate"
    " CurrentLegalStatusStartDate DateOfCurrentLegalStatus",
    STATUS: "LegalStatus ChildLegalStatus CurrentLegalStatus",
    REVIEWED: "LatestStatutoryReviewDate LastStatutoryReviewDate DateOfLastStatutoryReview DateOfLatestReview",
    ASSESSED: "LastHealthAssessmentDate DateOfLatestHealthAssessment LatestHealthAssessmentDate"
    " LastHealthAssessment DateOfMostRecentHealthAssessment",
    CEASED: "CeasedLookedAfterDate DateCeasedLookedAfter LookedAfterEndDate CeasedToBeLookedAfterDate",
    WHY_CEASED: "ReasonCeasedLookedAfter ReasonForCeasingToBeLookedAfter ReasonCeased",
    PLACED_FROM: "MostRecentPlacementStartDate StartDateOfCurrentPlacement PlacementStartDate"
    " StartDateOfLatestPlacement",
    PLACE: "TypeOfPlacement",
    PROVIDER: "ProviderOfPlacement",
    TEAM: "Team TeamName",
    WORKER: "SocialWorker AllocatedSocialWorker Worker",
    ENTERED: "EnteredCareDate DateEnteredCare DateChildEnteredCare",
    DECIDED: "ADMSHOBPADecisionDate DateOfSHOBPADecision DateOfADMDecision"
    " DateOfDecisionChildShouldBePlacedForAdoption DateOfDecisionThatTheChildShouldBePlacedForAdoption",
    ORDERED: "PlacementOrderDate DatePlacementOrder DatePlacementOrderGranted DateOfPlacementOrderGranted",
    MATCHED: "MatchedForAdoptionDate DateMatched DateOfMatch DateOfMatchingChildWithProspectiveAdopters"
    " DateOfMatchingChildAndAdopters DateOfMatching",
    PLACED: "PlacedForAdoptionDate DateOfPlacementForAdoption DateChildPlacedForAdoption",
    ADOPTED: "AdoptionOrderDate DateAdoptionOrder DateAdoptionOrderGranted",
    REVERSED: "DecisionReversedDate DateDecisionReversed DateOfReversal"
    " DateOfDecisionChildShouldNoLongerBePlacedForAdoption DateOfDecisionThatTheChildShouldNoLongerBePlacedForAdoption",
    WHY_REVERSED: "DecisionReversedReason ReasonDecisionReversed ReasonWhyTheChildNoLongerPlacedForAdoption"
    " ReasonWhyChildShouldNoLongerBePlacedForAdoption ReasonChildNoLongerPlacedForAdoption",
    EARLY: "DateFFAConsurrencyPlacement DateFFAConcurrencyPlacement DateOfFFAPlacement DateFFAPlacement"
    " DateTheChildWasPlacedForFosteringInFFAOrConcurrentPlanning",
}


@lru_cache(maxsize=5_000)
def folded(name: str) -> str:
    """A name without case, blanks, quotes and other marks: what is written differently and means the same.

    >>> folded("Child\N{RIGHT SINGLE QUOTATION MARK}s Legal\N{NO-BREAK SPACE}Status ") == folded("ChildsLegalStatus")
    True
    """
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name)).casefold()


_NAMED = {folded(name): column for column, also in _ALSO.items() for name in (column, *also.split())}


def columns_of(header: Sequence[str], of: ListOf) -> dict[str, int]:
    """The columns of a list that a row of a sheet names, and where: the first place of one that stands twice."""
    found: dict[str, int] = {}
    for place, cell in enumerate(header):
        column = _NAMED.get(folded(cell))
        if column in of.columns and column is not None:
            found.setdefault(column, place)
    return found


def twice(header: Sequence[str], of: ListOf) -> list[str]:
    """The columns of a list that a header names more than once."""
    named = [_NAMED.get(folded(cell)) for cell in header]
    return [column for column in of.columns if named.count(column) > 1]
