"""Answers as teams write them, read as the register has them: leniently in their form, never beyond the list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cictrack.pathway.common import CLOSING_REASONS
from cictrack.pathway.kinds import YES_NO
from cictrack.readers.cells import text_of
from cictrack.readers.headers import folded
from cictrack.readers.refusals import Unreadable
from cictrack.readers.targets import CLOSED, field_of, value_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cictrack.pathway.declare import Register
    from cictrack.readers.targets import Target

_PREFIX = re.compile(r"[A-Za-z0-9]{1,2}[).:]\s*(?=\S)")
_SEVERAL = re.compile(r"[;\n,/]")
_YES = ("yes", "y", "1", "true", "t", "x", "done", "ticked", "\N{CHECK MARK}", "\N{HEAVY CHECK MARK}")
_NO = ("no", "n", "0", "false", "f")
_UNKNOWN = frozenset({"unknown", "notknown", "nk", "na", "notapplicable", "tbc", "tba", "notrecorded", "notyet"})
_NONE = _UNKNOWN | {"no", "none", "nil", "n"}
"""What is written where none of several answers holds."""


class Answers:
    """How the cells of one column of answers are read."""

    def __init__(self, register: Register, target: Target) -> None:
        field = field_of(register, target)
        self._several = field is not None and field.repeatable
        self._choices: Sequence[str] = field.choices if field is not None else ()
        if target.event == CLOSED:
            self._choices = (*CLOSING_REASONS, *closing_stages(register))
        own = {folded(choice): choice for choice in self._choices}
        usual = {folded(word) or word: answer for answer, words in (("yes", _YES), ("no", _NO)) for word in words}
        self._known = {**(usual if {*YES_NO} <= {*self._choices} else {}), **value_words(register, target), **own}
        self._read: dict[str, str] = {}

    def __call__(self, cell: str) -> str:
        """The answer, several joined by "; "; empty for one that is not known. Raises Unreadable outside the list."""
        known = self._read.get(cell)
        if known is None:
            known = self._read[cell] = self._answer(text_of(cell))
        return known

    def _answer(self, text: str) -> str:
        if not self._choices:
            return text
        if not self._several:
            return self._one(text)
        whole = self._known.get(folded(text))
        parts = [whole] if whole else [self._one(part) for part in _SEVERAL.split(text) if part.strip()]
        return "; ".join(dict.fromkeys(filter(None, parts)))

    def _one(self, text: str) -> str:
        """One answer: the words as they stand, those behind a letter (`a) Yes`), or the code in a label."""
        text = text.strip()
        behind = _PREFIX.sub("", text, count=1) if _PREFIX.match(text) else text
        for form in (text, folded(text), folded(behind)):
            if form in self._known:
                return self._known[form]
        none = _NONE if self._several else _UNKNOWN
        if folded(behind) in none or not folded(text):
            return ""
        found = {choice for choice in self._choices if _whole(choice, text)}
        if len(found) != 1:
            raise Unreadable(f"not one of {', '.join(self._choices)}")
        return found.pop()


def _whole(choice: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(choice)}(?![\w-])", text, re.IGNORECASE) is not None


def decisive(register: Register, target: Target) -> Sequence[str]:
    """The answers of a field without which its event is none, as they say what it is; empty for any other field."""
    field = field_of(register, target)
    if field is None or not field.required or register.kind[target.event].by != field.name:
        return ()
    return (*field.choices, *closing_stages(register)) if target.event == CLOSED else field.choices


def closing_stages(register: Register) -> Mapping[str, tuple[str, str]]:
    """The stages in which its own events close a case: for each the event, and the answer that makes it close."""
    found: dict[str, tuple[str, str]] = {}
    for kind in register.kinds:
        stages = {"": kind.closes} if isinstance(kind.closes, str) else kind.closes
        found.update({stage: (kind.name, answer) for answer, stage in stages.items() if stage})
    return found
