"""The kinds of event of a register, and the answers that an event carries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cictrack.pathway.case import Case
    from cictrack.pathway.events import Event

YES_NO = ("yes", "no")


class Field(NamedTuple):
    """One answer that an event carries: an option of its command and a column of an import.

    One that is `required_with` another answer, a field and its value, must be there beside it.
    """

    name: str
    about: str = ""
    type: Literal["text", "day", "choice"] = "text"
    choices: tuple[str, ...] = ()
    required: bool = False
    default: str | None = None
    repeatable: bool = False
    required_with: tuple[str, str] = ("", "")

    @property
    def option(self) -> str:
        """The field as an option of a command: `--fgdm-offered`."""
        return "--" + self.name.replace("_", "-")


def choice(name: str, *choices: str, about: str = "", required: bool = False, default: str | None = None) -> Field:
    """A field whose value is one of `choices`; anything else is refused."""
    return Field(name, about, "choice", choices, required, default)


def yes_no(name: str, *, about: str = "", required: bool = False, default: str | None = None) -> Field:
    """A field that is yes or no."""
    return choice(name, *YES_NO, about=about, required=required, default=default)


def day(name: str, *, about: str = "", required: bool = False) -> Field:
    """A field that holds a day, which may lie in the future."""
    return Field(name, about, "day", required=required)


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of event of a register.

    `by` is the field whose answer makes a key of its own. `closes` is the stage it closes the case in,
    or those stages by that answer. Of a kind that does not repeat the first counts, until an event that
    `undoes` it. `not_before` names kinds that, where recorded, cannot be dated later than this one;
    `needs` keys without which it makes no sense. `beside` names a kind whose place in the table it shares: those
    two of one day count in the order in which they were recorded.
    """

    name: str
    title: str
    fields: tuple[Field, ...] = ()
    by: str = ""
    opens: bool = False
    closes: str | Mapping[str, str] = ""
    repeats: bool = False
    before_opening: bool = False
    after_closing: bool = False
    undoes: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    beside: str = ""
    check: Callable[[Case, Event], str | None] | None = None
    warn: Callable[[Case, Event], str | None] | None = None

    def answer(self, fields: Mapping[str, Any]) -> str:
        """The answer that makes a key of its own, or the answer that holds when none was given."""
        given = fields.get(self.by)
        return str(given) if given else self._default

    @cached_property
    def answers(self) -> tuple[str, ...]:
        """Every answer that makes a key of its own, none included."""
        return ("", *(c for f in self.fields if f.name == self.by for c in f.choices))

    @cached_property
    def _default(self) -> str:
        return next((f.default or "" for f in self.fields if f.name == self.by), "")

    def keys(self, event: Event) -> tuple[str, ...]:
        """The keys of an event of this kind: its name, and its name with the answer."""
        if not self.by:
            return (self.name,)
        return (self.name, f"{self.name}:{self.answer(event.fields)}")

    def unanswered(self, event: Event) -> str:
        """What an answer of the event makes required and it has not, as a sentence; empty when nothing."""
        for field in self.fields:
            beside, answer = field.required_with
            if beside and event.fields.get(beside) == answer and not event.fields.get(field.name):
                among = f": {', '.join(field.choices)}" if field.choices else ""
                return f"{beside} {answer} needs {field.option}{among}"
        return ""

    def closing_stage(self, event: Event) -> str:
        """The stage in which this event closes the case, empty when it does not close it."""
        if isinstance(self.closes, str):
            return self.closes
        return self.closes.get(self.answer(event.fields), "")
