"""Codes read out of the labels of Annex A: the code itself where the label holds one, else by what the label says.

A label that fits no code, or several, has none: nothing is guessed, and what was written is kept to be shown.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from cictrack.readers.annex_a_columns import NEED, PLACE, PROVIDER, STATUS, WHY_CEASED, WHY_REVERSED
from cictrack.readers.codes import CODES

if TYPE_CHECKING:
    from collections.abc import Mapping

KNOWN: Mapping[str, frozenset[str]] = {
    NEED: CODES["episodes"]["CIN"],
    STATUS: CODES["episodes"]["LS"],
    PLACE: CODES["episodes"]["PLACE"],
    PROVIDER: CODES["episodes"]["PLACE_PROVIDER"],
    WHY_CEASED: CODES["episodes"]["REC"] - {"X1"},
    WHY_REVERSED: CODES["placed_adoption"]["REASON_PLACED_CEASED"],
}
"""The codes that each column may hold."""

_CODE = re.compile(r"\b([A-Z]{1,2}\d{1,2}[AB]?)\b")
_PREFIX = re.compile(r"^[a-z]{1,2}\)\s*")

# The first pattern that is found in a label gives its code; an empty code says that the label cannot be coded.
_LABELS: Mapping[str, tuple[tuple[str, str], ...]] = {
    STATUS: (
        (r"\bplacement order\b.*\b(appl|pending|revoked|refused)|\b(appl\w*|no) .*placement order", ""),
        (r"\bplacement order\b", "E1"),
        (r"\bfreeing\b", "D1"),
        (r"\binterim\b.*\bcare order|\bico\b", "C1"),
        (r"\bfull care order|\bcare order\b|\bfco\b", "C2"),
        (r"\bshort( term)? break|\bshort term placement|\brespite", "V4"),
        (r"\bs(ection)?\.? ?20\b|\baccommodated\b|\bvoluntary\b", "V2"),
        (r"\bpolice protection\b", "L1"),
        (r"\bemergency protection\b|\bepo\b", "L2"),
        (r"\bchild assessment order\b", "L3"),
        (r"\bremand", "J1"),
        (r"\bpace\b", "J2"),
        (r"\byouth rehabilitation\b|\byro\b", "J3"),
    ),
    WHY_REVERSED: (
        (r"\bneeds\b.*\bchanged|\bchanged\b.*\bneeds", "RD1"),
        (r"\bcourt\b.*\b(not|no|refused|declined)\b", "RD2"),
        (r"\badopters?\b.*\b(not|cannot)\b.*\bfound|\b(no|not|cannot find|could not find)\b.*\badopters?\b", "RD3"),
        (r"\bother\b", "RD4"),
    ),
    WHY_CEASED: (
        (r"\badopted\b.*\bunopposed", "E11"),
        (r"\badopted\b.*\bdispensed", "E12"),
        (r"\bdied\b|\bdeath\b", "E2"),
        (r"\b(another|other) (la|local authority)\b", "E3"),
        (r"\breturned home\b.*\bunplanned\b|\bunplanned return", "E4B"),
        (r"\breturned home\b.*\bplanned\b|\bplanned return", "E4A"),
        (r"\bchild arrangements? order|\bresidence order", "E41"),
        (r"\bspecial guardianship\b.*\bother than former\b.*\brelative", "E47"),
        (r"\bage assessment", "E15"),
        (r"\babroad\b", "E16"),
        (r"\bsentenced\b|\bcustody\b", "E9"),
        (r"\bremand", "E14"),
        (r"\badult (social )?(services|care)\b|\bresidential care\b.*\badult", "E7"),
        (r"^(any )?other( reason)?$|\bany other reason\b", "E8"),
    ),
    PLACE: (
        (r"\bplaced for adoption\b.*\bplacement order\b.*\bnot\b.*\bcurrent", "A6"),
        (r"\bplaced for adoption\b.*\bplacement order\b.*\bcurrent", "A5"),
        (r"\bplaced for adoption\b.*\bconsent\b.*\bnot\b.*\bcurrent", "A4"),
        (r"\bplaced for adoption\b.*\bconsent\b.*\bcurrent", "A3"),
        (r"\b(relative|friend|connected|kinship).*\blong.?term", "U1"),
        (r"\b(relative|friend|connected|kinship).*\b(ffa|concurrent|fostering for adoption)", "U2"),
        (r"\bfoster.*\blong.?term", "U4"),
        (r"\bfoster.*\bnot (long|ffa|approved)", "U6"),
        (r"\bfoster.*\b(ffa|concurrent|fostering for adoption)", "U5"),
        (r"\bsecure\b", "K1"),
        (r"\bchildren'?s home", "K2"),
        (r"\bsemi.?independent", "H5"),
        (r"\bown parents\b|\bplaced with parents?\b|\bperson with parental responsibility", "P1"),
        (r"\bindependent living", "P2"),
        (r"\bresidential employment", "P3"),
        (r"\bresidential care home", "R1"),
        (r"\bnhs\b|\bhealth trust", "R2"),
        (r"\bfamily cent|\bmother and baby", "R3"),
        (r"\byoung offender|\byoi\b|\bprison", "R5"),
        (r"\bresidential school", "S1"),
    ),
    PROVIDER: (
        (r"\bparents?\b", "PR0"),
        (r"\bown provision", "PR1"),
        (r"\bother (la|local authority|local authority) provision|\bother local authority", "PR2"),
        (r"\bother public", "PR3"),
        (r"\bprivate", "PR4"),
        (r"\bvoluntary|\bthird sector", "PR5"),
    ),
    NEED: (
        (r"\babuse\b|\bneglect\b", "N1"),
        (r"\bparent\w*\b.*\b(disability|illness)", "N3"),
        (r"\bdisability\b", "N2"),
        (r"\bacute stress", "N4"),
        (r"\bdysfunction", "N5"),
        (r"\bunacceptable behaviour", "N6"),
        (r"\blow income", "N7"),
        (r"\babsent parent", "N8"),
    ),
}


@lru_cache(maxsize=10_000)
def code_in(column: str, label: str) -> str:
    """The code that a label of a column means; empty when it means none, or could mean several.

    A label with the placement order beside another order is the placement order, which suspends the other.

    >>> [code_in(STATUS, label) for label in ("d) Placement order granted", "E1 - Placement Order and C2 - FCO", "?")]
    ['E1', 'E1', '']
    """
    known = KNOWN[column]
    found: set[str] = {code for code in _CODE.findall(label.upper()) if code in known}
    if "E1" in found and column == STATUS:
        return "E1"
    if len(found) == 1:
        return found.pop()
    if found:
        return ""
    text = _PREFIX.sub("", " ".join(label.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split()))
    return next((code for pattern, code in _LABELS[column] if re.search(pattern, text)), "")
