"""Headers as teams write them, folded so that what means the same is the same: case, quotes, dashes, `date of`."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from cictrack.whole import whole

_QUOTES = re.compile(
    "['\"`\N{ACUTE ACCENT}\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"
    "\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}]"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)")
_WORD = re.compile(r"[^\W_]+")
_FORM_OF_DAY = re.compile(r"\(?\bdd[/ .-]?mm[/ .-]?yy(?:yy)?\b\)?", re.IGNORECASE)
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")

_LEADING, _TRAILING = frozenset({"of", "the", "on"}), frozenset({"date", "on"})
_BEFORE_A_NUMBER = frozenset({"no", "number", "nr"})
_ORDINALS = {
    word: n
    for n, word in enumerate(
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), 1
    )
}
MOST = 99
"""The greatest number that tells repeated columns apart."""


@lru_cache(maxsize=10_000)
def folded(header: str) -> str:
    """A header without case, punctuation, blanks and `date of`: two that fold alike mean the same.

    >>> folded("Date of LBP sent"), folded("LBPSentDate"), folded("lbp_sent (dd/mm/yyyy)")
    ('lbpsent', 'lbpsent', 'lbpsent')
    """
    return _joined(_words(header))


@lru_cache(maxsize=10_000)
def numbered(header: str) -> tuple[str, int]:
    """A header folded without its number, and the number; 0 where it has none, or several.

    >>> numbered("Review date 3"), numbered("1st review"), numbered("Review")
    (('review', 3), ('review', 1), ('review', 0))
    """
    words = _words(header)
    numbers = [(at, n) for at, word in enumerate(words) if (n := _number(word))]
    if len(numbers) != 1:
        return _joined(words), 0
    at, n = numbers[0]
    before = words[:at]
    if before and before[-1] in _BEFORE_A_NUMBER:
        before = before[:-1]
    return _joined([*before, *words[at + 1 :]]), n


def same_header(header: str) -> str:
    """A header as a map and a person name it: without case, and blanks and quotes made alike."""
    return " ".join(_QUOTES.sub("'", unicodedata.normalize("NFKC", header)).casefold().split())


def _words(header: str) -> list[str]:
    text = _QUOTES.sub("", unicodedata.normalize("NFKC", header)).replace("&", " and ")
    return [word.casefold() for word in _WORD.findall(_CAMEL.sub(" ", _FORM_OF_DAY.sub(" ", text)))]


def _joined(words: list[str]) -> str:
    kept = words
    if kept and kept[0] == "date":
        kept = kept[1:]
        while kept and kept[0] in _LEADING:
            kept = kept[1:]
    while kept and kept[-1] in _TRAILING:
        kept = kept[:-1]
    return "".join(kept or words)


def _number(word: str) -> int:
    match = _ORDINAL.fullmatch(word)
    if match:
        return int(match[1])
    number = whole(word)
    return number if number is not None and number <= MOST else _ORDINALS.get(word, 0)
