"""What a row of minutes records: an action agreed or moved, or a note, checked as if it had been typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cictrack.cli.days import in_words
from cictrack.errors import Refused
from cictrack.pathway.clocks import spoken
from cictrack.pathway.common import TASK
from cictrack.readers.cells import restored
from cictrack.render.safe import KEPT, visible
from cictrack.store.checks import WHY
from cictrack.store.events import content_id
from cictrack.store.named import CaseName

if TYPE_CHECKING:
    from datetime import date

    from cictrack.pathway.child import CaseOf
    from cictrack.pathway.evaluate import Task
    from cictrack.pathway.events import Event
    from cictrack.readers.minutes import Minute
    from cictrack.store.recording import Recording

NOTE = "note"
NOTHING_WAS = (" Nothing was recorded.", " Nothing was changed.")
"""What a refusal ends in where it is all that was typed; of a row it is said once, by the line that adds up."""


class Minuted(NamedTuple):
    """What a row came to: an event to be recorded, and what it says; no event when the register has it already."""

    event: Event | None
    says: str


def minuted(it: Recording, minute: Minute, day: date) -> Minuted:
    """What a row records on `day`. Refused, as the same thing typed would be.

    Ids are made from what is said and of which list, so that the same row read twice is recorded once.
    """
    case = it.case(minute.register, CaseName(minute.child_id, minute.period))
    row = _Row(it, minute, case, day)
    if minute.is_task:
        return row.of_a_task()
    return row.task() if minute.new_day or minute.owner else row.note()


def reason_of(refusal: Refused) -> str:
    """Why a row is refused, as it stands beside others."""
    said = str(refusal)
    for end in NOTHING_WAS:
        said = said.replace(end, "")
    return said


class _Row:
    def __init__(self, it: Recording, minute: Minute, case: CaseOf, day: date) -> None:
        self._it = it
        self._minute = minute
        self._case = case
        self._day = day

    def note(self) -> Minuted:
        """A note on the case."""
        id_ = self._id(NOTE, self._minute.note)
        if not self._held(id_):
            self._it.take_on(self._case, NOTE, self._day, {NOTE: self._minute.note}, id_)
        return self._agreed("note")

    def task(self) -> Minuted:
        """An action agreed: what is to be done, by whom, and by when."""
        wanted, due, owner = self._minute.note or self._minute.about, self._minute.new_day, self._minute.owner
        if due is None or not owner or not wanted:
            lacks = [name for name, there in (("a new day", due), ("an owner", owner), ("a note", wanted)) if not there]
            missing = " and ".join(lacks)
            raise Refused(f"an action needs a new day, an owner and what is to be done: it lacks {missing}")
        fields = {"text": wanted, "owner": owner, "due": due.isoformat()}
        id_ = self._id(TASK, *fields.values())
        if not self._held(id_):
            self._it.take_on(self._case, TASK, self._day, fields, id_)
        return self._agreed(f"task agreed: {wanted}, {owner}, due {in_words(due)}")

    def of_a_task(self) -> Minuted:
        """An action that is there already: moved, or given to another; a note alone is one on the case."""
        alike = self._tasks()
        if any(self._held(self._moved(task)) for task in alike):
            return Minuted(None, "")
        if len(alike) > 1:
            raise Refused(f"{len(alike)} actions of this case are alike: cictrack tasks --minutes tells them by id")
        task = alike[0]
        due, owner = self._now(task)
        if (due, owner) != (task.due_on, task.owner):
            self._refuse_what_has_changed(task)
            self._move(task, due, owner)
            return self._agreed(f"task moved: {task.text}, {owner}, due {in_words(due)}")
        return self.note() if self._minute.note else Minuted(None, "")

    def _tasks(self) -> list[Task]:
        """The action of the row: by its id, or by its text and the day it was due. Refused when there is none."""
        minute, agreed = self._minute, self._case.evaluation.tasks
        if minute.task:
            found = [task for task in agreed if task.id == minute.task.lower()]
        else:
            about = {minute.about, restored(minute.about)}
            alike = [task for task in agreed if visible(task.text, KEPT).strip() in about]
            found = [task for task in alike if task.due_on == minute.due and task.done_on is None] or alike
        if not found:
            raise Refused("there is no such action on the case: it was not agreed here, or has been put right since")
        return found

    def _now(self, task: Task) -> tuple[date, str]:
        """When it is due from now on, and whose it is."""
        return self._minute.new_day or task.due_on, self._minute.owner or task.owner

    def _refuse_what_has_changed(self, task: Task) -> None:
        """What somebody did with an action since the list was made is not undone by what was written into the list."""
        minute = self._minute
        if task.done_on is not None:
            raise Refused(f"it was done on {spoken(task.done_on)}")
        if minute.due and task.due_on != minute.due:
            raise Refused(f"it was moved since: due {spoken(task.due_on)}, and {spoken(minute.due)} on the list")
        if minute.whose and visible(task.owner, KEPT).strip() not in {minute.whose, restored(minute.whose)}:
            raise Refused(f"it was given to another since: {task.owner}, and {minute.whose} on the list")

    def _move(self, task: Task, due: date, owner: str) -> None:
        head = next(e for e in self._it.standing(self._case) if e.line == task.id)
        if owner != task.owner and head.kind != TASK:
            raise Refused(f"whose it is stands in the {head.kind}: cictrack {head.register} correct")
        given = {"owner": owner} if owner != task.owner else {}
        list_of = self._minute.list_of
        why = self._minute.note or (f"agreed on the list of {spoken(list_of)}" if list_of else "agreed at a meeting")
        fields = {**head.fields, **given, "due": due.isoformat(), WHY: why}
        self._it.supersede(head, head.kind, head.day, fields, self._moved(task))

    def _moved(self, task: Task) -> str:
        due, owner = self._now(task)
        return self._id("moved", task.id, due.isoformat(), owner)

    def _id(self, *said: str) -> str:
        opening, list_of = self._case.opening, self._minute.list_of
        return content_id("minutes", opening.child_id, opening.line, str(list_of or ""), *said)

    def _held(self, id_: str) -> bool:
        return self._it.holds(self._case.opening.child_id, id_)

    def _agreed(self, says: str) -> Minuted:
        """What was taken, if it may be; nothing was, when the register has it."""
        events = self._it.agree()
        return Minuted(events[0], says) if events else Minuted(None, "")
