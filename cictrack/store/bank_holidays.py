"""The bank holidays of England and Wales as they are published: the only module that asks the `holidays` library.

A register keeps its own copy, so that this is asked when one is made or upgraded and never to print a list.
"""

from __future__ import annotations

from datetime import date

PUBLISHED_UNTIL = date(2028, 12, 31)
"""The last day of the last year that gov.uk/bank-holidays lists.

The library goes on for ever by rule, but a year is not settled before it is published: substitute days, New
Year's Day and the early May holiday are by royal proclamation, and one-off days come at short notice.
"""


def published_bank_holidays(from_year: int = 2000) -> tuple[dict[date, str], date]:
    """The bank holidays of England and Wales by day, oldest first, and the last day they are known to.

    From 1 January of `from_year` up to and including that last day. The day itself, Christmas Day on a Saturday,
    is listed beside its substitute, "Christmas Day (observed)". No network: the days are in the library.
    """
    import holidays

    years = range(from_year, PUBLISHED_UNTIL.year + 1)
    if not years:
        return {}, PUBLISHED_UNTIL
    # England has the bank holidays of England and Wales: 1971 Act, Sch 1 para 1.
    listed = holidays.country_holidays("GB", subdiv="ENG", years=years, expand=False, language="en_GB")
    return dict(sorted(listed.items())), PUBLISHED_UNTIL
