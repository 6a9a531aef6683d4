"""Whole numbers as people write them: a few plain digits, and nothing else that Python would read as a number."""

from __future__ import annotations

MOST_DIGITS = 9


def whole(text: str) -> int | None:
    """The number that a text is, None where it is none; one of more than nine digits is none.

    No sign, no space, no digit of another script. (Thousands of digits take `int` long, and then raise.)

    >>> whole("0010")
    10
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
