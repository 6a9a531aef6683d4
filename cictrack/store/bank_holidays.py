"""The bank holidays of England and Wales, from a kept library: read once, when a register is made or upgraded."""

from __future__ import annotations

from datetime import date

FIRST_YEAR = 2000

PUBLISHED_TO = date(2028, 12, 31)
"""The government has published bank holidays to the end of 2028: a later day could only be computed, and a
one-off holiday would then be missing without a word."""


def published_bank_holidays() -> dict[date, str]:
    """Each bank holiday of England and Wales from 2000 to the last day published, by name, in order."""
    from holidays import country_holidays

    years = range(FIRST_YEAR, PUBLISHED_TO.year + 1)
    found = country_holidays("GB", subdiv="ENG", years=years, language="en_GB")
    return {day: found[day] for day in sorted(found)}
