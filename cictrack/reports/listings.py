"""Each list as columns and rows: what a person is shown of it, and what its footer says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cictrack.render.listing import Column, Listing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from cictrack.store.lists import Rows

_HEADINGS = {
    "child_id": "child",
    "title": "what",
    "due_on": "due",
    "days_over": "days over",
    "units_over": "in its unit",
    "working": "working",
    "side": "whose move",
    "iro": "IRO",
    "opened_on": "opened",
    "closed_on": "closed",
    "done_on": "done",
    "starts_on": "since",
    "exception_until": "until",
    "raised_on": "raised",
    "answer_due_on": "answer due",
    "answered_on": "answered",
    "first_formal_on": "first formal stage",
    "whole_due_on": "whole due",
}
_NUMBERS = frozenset({"days_over", "units_over", "working", "period", "weeks", "days_since_order", "moves"})

_LATE = ("severity", "register", "child_id", "name", "title", "due_on", "days_over", "units_over", "unit")
_WHOSE = ("stage", "side", "worker", "team", "authority")
SHOWN: Mapping[str, tuple[str, ...]] = {
    "overdue": (*_LATE, *_WHOSE, "exception", "exception_until", "why"),
    "due": (*_LATE, *_WHOSE, "why"),
    "drift": (
        "severity",
        "register",
        "child_id",
        "name",
        "starts_on",
        "days_over",
        "why",
        "stage",
        "side",
        "worker",
        "team",
    ),
    "gaps": ("register", "child_id", "name", "event", "values", "why", "team", "worker"),
    "tasks": ("id", "register", "child_id", "name", "text", "owner", "due_on", "days_over", "done_on"),
    "escalation": (
        *("severity", "register", "child_id", "name", "stage", "raised_on", "to", "answer_due_on", "answered_on"),
        *("outcome", "days_over", "first_formal_on", "whole_due_on", "reason", "worker", "iro"),
    ),
    "cases": ("severity", "child_id", "name", "stage", "opened_on", "closed_on", "outcome", "worker", "team", "iro"),
}
"""What a person is shown of each list; csv and json hold every column."""

_READ_FIRST = (
    "severity",
    "case",
    "register",
    "child_id",
    "name",
    "title",
    "why",
    "due_on",
    "days_over",
    "units_over",
    "unit",
)
FIRST: Mapping[str, tuple[str, ...]] = {
    "overdue": _READ_FIRST,
    "due": _READ_FIRST,
    "drift": ("severity", "case", "register", "child_id", "name", "why", "starts_on", "days_over"),
    "gaps": ("register", "child_id", "name", "event", "values", "why"),
    "tasks": ("register", "child_id", "name", "text", "owner", "due_on", "days_over"),
    "escalation": ("severity", "register", "child_id", "name", "stage", "to", "answer_due_on", "days_over"),
    "cases": ("severity", "register", "child_id", "name", "stage"),
}
"""What stands first on a page and in a sheet, which hold every column."""

_LATE_ALOUD = (
    *("severity", "case", "name", "title", "due_on", "days_over", "working"),
    *("stage", "side", "worker", "team", "authority", "exception", "why"),
)
_PEOPLES: Mapping[str, tuple[str, ...]] = {
    "overdue": _LATE_ALOUD,
    "due": _LATE_ALOUD,
    "drift": ("severity", "case", "name", "starts_on", "days_over", "why", "stage", "side", "worker", "team"),
}
OPEN_ALOUD = ("severity", "case", "title", "due_on", "days_over", "working", "side", "authority", "exception", "why")
"""What a person is shown of the open deadlines of one child."""

_ONLY_WHEN_ANY = frozenset(
    (
        "period",
        "name",
        "exception",
        "exception_until",
        "why",
        "family",
        "closed_on",
        "outcome",
        "done_on",
        "values",
        "iro",
        "answered_on",
        "first_formal_on",
        "whole_due_on",
    )
)
_TITLES = {
    "overdue": "Overdue on {day}",
    "due": "Falling due from {day}",
    "drift": "Drifting on {day}",
    "gaps": "Missing or in conflict on {day}",
    "tasks": "Agreed actions on {day}",
    "escalation": "Escalations on {day}",
}
_EMPTY = {
    "overdue": "Nothing is overdue.",
    "due": "Nothing falls due in that time.",
    "drift": "Nothing is drifting.",
    "gaps": "No date is missing and none is in conflict.",
    "tasks": "No action is open.",
    "escalation": "No escalation is open.",
}


def listing(what: str, day: date, found: Rows, notes: Sequence[str] = (), *, for_people: bool = True) -> Listing:
    """The list `what` on `day`, in the order in which its rows were found.

    `for_people` puts what belongs together into one cell; machines get every column by its promised key.
    """
    title = _TITLES[what].format(day=day.isoformat())
    footer = f"{len(found.rows):,} of {found.of:,} shown"
    if for_people and what in _PEOPLES:
        found = read_aloud(_PEOPLES[what], found)
        columns = columns_of(found.columns, found.columns, found.rows)
    else:
        columns = columns_of(found.columns, SHOWN[what], found.rows)
    return Listing(title, columns, found.rows, footer, _EMPTY[what], tuple(notes), FIRST[what])


def read_aloud(keys: Sequence[str], found: Rows) -> Rows:
    """Rows of deadlines as a person reads them: the case by its name, a task by its text, both counts of days."""
    shown = [key for key in keys if key != "name" or "name" in found.columns]
    rows = []
    for row in found.rows:
        held = dict(zip(found.columns, row, strict=True))
        period = f"#{held['period']}" if held["period"] > 1 else ""
        held["case"] = f"{held['register']} {held['child_id']}{period}"
        if held["kind"] == "task":
            held["title"], held["why"] = f"{held['title']}: {held['why']}", None
        held["working"] = held["units_over"] if held["unit"] == "working days" else None
        if held["exception"]:
            held["exception"] = f"{held['exception']} until {held['exception_until']}"
        rows.append(tuple(held[key] for key in shown))
    return found._replace(columns=tuple(shown), rows=rows)


def columns_of(keys: Sequence[str], shown: Sequence[str], rows: Sequence[tuple[object, ...]]) -> tuple[Column, ...]:
    """The columns by their keys: `shown` are those a person sees, and the period where anybody has a second one."""
    return tuple(
        Column(key, _HEADINGS.get(key, ""), _is_shown(n, key, shown, rows), key in _NUMBERS)
        for n, key in enumerate(keys)
    )


def _is_shown(n: int, key: str, shown: Sequence[str], rows: Sequence[tuple[object, ...]]) -> bool:
    if key == "period":
        return any(isinstance(row[n], int) and row[n] != 1 for row in rows)
    if key not in shown:
        return False
    return key not in _ONLY_WHEN_ANY or any(row[n] not in (None, "", []) for row in rows)
