"""The code lists of SSDA903, every collection year from 2017 together, and retired codes that old histories hold.

Sources: the DfE's yearly specifications as the validator csc-validator-be-903 (0.1.17) and liia-tools-pipeline
(July 2026) have them. They disagree on H5, P2, Z1 and Z11 to Z14 in 2024 to 2026: the old and the new are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PLACE = _codes(
    "A3 A4 A5 A6 H5 K1 K2 P1 P2 P3 R1 R2 R3 R5 S1 T0 T1 T2 T3 T4 U1 U2 U3 U4 U5 U6 Z1"
    # from the collections of 2024-25 and 2025-26
    " K3 Z11 Z12 Z13 Z14"
    # retired before 2017, still in the histories that case systems export
    " A1 A2 F1 F2 F3 F4 F5 F6 H1 H2 H3 H4 M2 M3 Q1 Q2"
)
# E43 and E44 to 2018, E45 to E48 from 2019 on
_REC = _codes("X1 E11 E12 E2 E3 E4A E4B E13 E41 E43 E44 E45 E46 E47 E48 E5 E6 E7 E9 E14 E15 E16 E17 E8")
# 1 and 2 to 2023-24, letters since
_SEX = _codes("1 2 M F U")
_ETHNIC = _codes("WBRI WIRI WOTH WIRT WROM MWBC MWBA MWAS MOTH AIND APKN ABAN AOTH BCRB BAFR BOTH CHNE OOTH REFU NOBT")
_YES_NO = _codes("0 1")

CODES: Mapping[str, Mapping[str, frozenset[str]]] = {
    "header": {"SEX": _SEX, "ETHNIC": _ETHNIC, "MOTHER": _YES_NO},
    "episodes": {
        "RNE": _codes("S L P T B U"),
        "LS": _codes("C1 C2 D1 E1 V2 V3 V4 L1 L2 L3 J1 J2 J3"),
        "CIN": _codes("N1 N2 N3 N4 N5 N6 N7 N8"),
        "PLACE": _PLACE,
        "PLACE_PROVIDER": _codes("PR0 PR1 PR2 PR3 PR4 PR5"),
        "REC": _REC,
        # CUSTOD from 2019 on
        "REASON_PLACE_CHANGE": _codes("CARPL CLOSE ALLEG STAND APPRR CREQB CREQO CHILD LAREQ PLACE CUSTOD OTHER"),
    },
    "ad1": {
        "FOSTER_CARE": _YES_NO,
        "SEX_ADOPTR": _codes("M1 F1 MM FF MF"),
        "LS_ADOPTR": _codes("L0 L11 L12 L2 L3 L4"),
    },
    "placed_adoption": {"REASON_PLACED_CEASED": _codes("RD1 RD2 RD3 RD4")},
    "missing": {"MISSING": _codes("M A")},
    "reviews": {"REVIEW_CODE": _codes("PN0 PN1 PN2 PN3 PN4 PN5 PN6 PN7")},
    "sw_episodes": {"SW_REASON": _codes("MANAGE FCONTA LEFTRL ORGRST TSPROC ABSENC CHCHAN PCCHAN SWDIED OTHERS")},
}
"""The codes of each table's columns. A blank is no code and is always read."""
