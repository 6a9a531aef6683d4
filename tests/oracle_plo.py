"""Pre-proceedings read literally off the specification, day by day, and slowly: nothing of the engine is used.

Each question is answered for one day from the events dated on or before it, in plain loops. An event is
(day, kind, answers); those of one day count in the order they stand in the register's table.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

TABLE = ("decision", "letter", "meeting", "fgdm", "review", "assessment", "extension", "step", "application")
LATER = ("assigned", "note", "task", "task-done", "exception", "outstanding", "closed")
ONE = timedelta(days=1)


class Told(NamedTuple):
    """An event as the specification speaks of one: `name` is what a later one calls it by."""

    day: date
    kind: str
    answers: dict[str, str]
    name: str = ""


class Seen(NamedTuple):
    """What a reader sees of a case on a day."""

    stage: str
    due: dict[tuple[str, str], date]
    alerts: dict[str, str]
    gaps: set[str]


def closes(told: Told) -> bool:
    stepped_down = told.kind == "step" and told.answers["outcome"] == "step-down"
    return told.kind in {"application", "closed"} or stepped_down


def in_order(all_told: list[Told]) -> list[Told]:
    place = {kind: n for n, kind in enumerate(TABLE + LATER)}
    return sorted(all_told, key=lambda t: (t.day, t.kind != "decision", closes(t), place[t.kind], t.name))


def effective(told: Told) -> bool:
    return told.kind == "meeting" and told.answers.get("effective", "yes") == "yes"


class Oracle:
    """One case, from the decision to its end."""

    def __init__(self, all_told: list[Told], shut: set[date]) -> None:
        self.shut = shut
        self.told: list[Told] = []
        self.ended = ""
        self.ended_on: date | None = None
        for told in in_order(all_told):
            if self.ended:
                break
            self.told.append(told)
            if closes(told):
                reasons = {"step": "stepped-down", "application": "issued"}
                self.ended = reasons.get(told.kind) or told.answers["reason"]
                self.ended_on = told.day
        self.decision = next(t for t in self.told if t.kind == "decision")

    def working_days(self, start: date, n: int) -> date:
        day = start
        while n:
            day += ONE
            if day.weekday() < 5 and day not in self.shut:
                n -= 1
        return day

    def seen(self, day: date) -> Seen:
        if self.ended_on is not None and self.ended_on <= day:
            return Seen(self.ended, {}, {}, set())
        known = [t for t in self.told if t.day <= day]
        return Seen(_stage(known), self._due(known), self._alerts(known, day), _gaps(known))

    def _due(self, known: list[Told]) -> dict[tuple[str, str], date]:
        due: dict[tuple[str, str], date] = {}
        letter = next((t for t in known if t.kind == "letter"), None)
        meeting = next((t for t in known if effective(t)), None)
        step = next((t for t in known if t.kind == "step"), None)
        reviewed = any(t.kind == "review" for t in known)
        if not (letter or meeting or reviewed or step):
            due["plo.letter", ""] = self.working_days(self.decision.day, 5)
        if letter and not (meeting or reviewed or step):
            due["plo.meeting", ""] = self.working_days(letter.day, 10)
        if step is None:
            met = [t for t in known if t is meeting or t.kind == "review"]
            if met:
                due["plo.review", ""] = met[-1].day + timedelta(weeks=6)
            extensions = [t for t in known if t.kind == "extension"]
            end = self.decision.day + timedelta(weeks=16)
            due["plo.end", ""] = date.fromisoformat(extensions[-1].answers["to"]) if extensions else end
        elif step.answers["outcome"] == "issue":
            due["plo.application", ""] = self.working_days(step.day, 10)
        for told, on in _tasks(known):
            if step is None or known.index(told) > known.index(step):
                due["plo.task", told.name] = on
        return due

    def _alerts(self, known: list[Told], day: date) -> dict[str, str]:
        alerts = {}
        decided = self.decision.day
        step = next((t for t in known if t.kind == "step"), None)
        late = [(t, due) for t, due in _tasks(known) if due < day]
        if step is None:
            if not any(effective(t) for t in known) and day >= self.working_days(decided, 15):
                alerts["plo.no-meeting"] = "no effective meeting 15 working days after the decision"
            if day >= decided + timedelta(weeks=12):
                alerts["plo.over-target"] = "12 weeks in pre-proceedings with no decision to step down or issue"
            extensions = [t for t in known if t.kind == "extension"]
            if len(extensions) > 1:
                weeks = (date.fromisoformat(extensions[-1].answers["to"]) - decided).days // 7
                alerts["plo.extended-again"] = f"extended {len(extensions)} times; now {weeks} weeks"
            if len(late) > 1:
                oldest = late[0][0]
                said = f"{oldest.answers['owner']}: {oldest.answers['text']}"
                alerts["plo.tasks"] = f"{len(late)} agreed tasks past their day, the oldest {said}"
        elif step.answers["outcome"] == "issue" and not any(
            t.kind == "fgdm" or (t.kind == "letter" and t.answers.get("fgdm_offered")) for t in known
        ):
            alerts["plo.fgdm"] = "decision to issue with no record of a family group decision-making offer"
        last = [t for t in known if t.kind not in {"assigned", "exception"}][-1]
        if day >= last.day + timedelta(days=28):
            alerts["plo.stale"] = f"nothing recorded since {last.day.day} {last.day:%b %Y}"
        return alerts


def _stage(known: list[Told]) -> str:
    kinds = {t.kind for t in known}
    if "step" in kinds:
        return "to-issue"
    if "review" in kinds:
        return "reviewed"
    if any(effective(t) for t in known):
        return "in-pre-proceedings"
    return "letter-sent" if "letter" in kinds else "decided"


def _gaps(known: list[Told]) -> set[str]:
    kinds = {t.kind for t in known}
    met = any(effective(t) for t in known)
    missing = set()
    if "letter" not in kinds and (met or "review" in kinds):
        missing.add("letter")
    if "review" in kinds and not met:
        missing.add("meeting")
    return missing


def _tasks(known: list[Told]) -> list[tuple[Told, date]]:
    """The tasks that are not done, the earliest due first."""
    done = {t.answers["task"] for t in known if t.kind == "task-done"}
    left = [t for t in known if t.kind == "task" and t.name not in done]
    return sorted(((t, date.fromisoformat(t.answers["due"])) for t in left), key=lambda pair: pair[1])
