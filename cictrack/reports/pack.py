"""The weekly meeting's pack: what to decide today, then ten chapters, each figure that of the command it names."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from cictrack import __version__
from cictrack.pathway.measures import year_to
from cictrack.render.listing import Listing
from cictrack.render.paper import Chapter, Paper
from cictrack.reports import changes, summary
from cictrack.reports.listings import columns_of, listing
from cictrack.reports.purging import missing_since
from cictrack.reports.trends import charts
from cictrack.reports.words import counted, in_words
from cictrack.store import lists, shorter
from cictrack.store.chain import head_text
from cictrack.store.named import name_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cictrack.pathway.declare import Register
    from cictrack.reports.changes import Changes
    from cictrack.reports.summary import Summary
    from cictrack.store.filters import Filters
    from cictrack.store.lists import Rows

LONGEST_APART = timedelta(days=31)
WEEK = timedelta(days=7)
NAMED = 5


WORDS = (
    "Red is past its day, and nobody has done it. Due on the day itself is in time.",
    "Amber is near its day, or drifting. Grey cannot be judged: a date is missing, or not in the return.",
    "An exception explains a breach and never lifts it.",
    "Days over are counted by the calendar; working days leave out weekends and bank holidays in England and Wales.",
    "How each deadline was counted, and by whose rule: cictrack explain REGISTER CHILD.",
)


class Meeting(NamedTuple):
    """The day of a meeting, of the one before it, and of the next: as long after as it was since the last."""

    since: date
    day: date

    @property
    def following(self) -> date:
        """The day of the next meeting; a week on where the last was today or long ago."""
        apart = self.day - self.since
        return self.day + (apart if timedelta() < apart <= LONGEST_APART else WEEK)


class Made(NamedTuple):
    """What a pack is made from: the register and what it is called, and whose cases."""

    db: sqlite3.Connection
    called: str
    registers: Mapping[str, Register]
    filters: Filters
    names: bool = False

    @property
    def wanted(self) -> list[Register]:
        """The registers asked for."""
        return [r for name, r in self.registers.items() if not self.filters.register or name in self.filters.register]


def pack(made: Made, meeting: Meeting) -> Paper:
    """The pack of a meeting."""
    moved = changes.changed(
        made.db, meeting.since, meeting.day, made.filters, [r.name for r in made.registers.values()], names=made.names
    )
    found = _found(made, meeting)
    counted_up = summary.summed_up(made.db, meeting.day, made.filters, made.registers, found["overdue"])
    ending = shorter.exceptions_ending(made.db, meeting.day, meeting.since, meeting.following, made.filters)
    chapters = [
        Chapter("To decide today", "decide", [*_decisions(moved, found, ending, meeting)]),
        _counts(counted_up, moved),
        Chapter(
            *_titled(2, "Red list: past the day", "red"), lists=[_list("overdue", made, meeting, found["overdue"])]
        ),
        Chapter(
            *_titled(3, f"Newly red since {in_words(meeting.since)}", "new"),
            ["Deadlines that turned red. A case that was red before may have one more."],
            [changes.of_one(moved, "red")],
        ),
        Chapter(
            *_titled(4, f"Due by {in_words(meeting.following)}, the next meeting", "due"),
            lists=[_list("due", made, meeting, found["due"])],
        ),
        Chapter(*_titled(5, "Agreed actions past their day, by owner", "actions"), lists=[_overdue_tasks(found)]),
        Chapter(
            *_titled(6, "Nothing recorded, and where nothing moves", "drift"),
            lists=[_list("drift", made, meeting, found["drift"])],
        ),
        Chapter(*_titled(7, "Exceptions running out", "exceptions"), lists=[_ending(ending, meeting)]),
        Chapter(
            *_titled(8, f"Closed since {in_words(meeting.since)}", "closed"), lists=[changes.of_one(moved, "closed")]
        ),
        Chapter(*_titled(9, "Missing or in conflict", "gaps"), lists=[_list("gaps", made, meeting, found["gaps"])]),
        _trends(made, counted_up),
    ]
    return Paper(_title(made, meeting), [*_facts(made, meeting)], [*chapters, _meaning(made)])


def _titled(number: int, title: str, short: str) -> tuple[str, str]:
    return f"{number}. {title}", short


def _title(made: Made, meeting: Meeting) -> str:
    whose = ", ".join(value for values in made.filters.given.values() for value in values)
    return f"Tracking meeting of {in_words(meeting.day)}" + (f": {whose}" if whose else "")


def _facts(made: Made, meeting: Meeting) -> Iterator[str]:
    """What a reader has to know to make it again."""
    until = lists.meta(made.db, "calendar_until")
    yield (
        f"From the register {made.called}, as at {in_words(meeting.day)}; changes are those after"
        f" {in_words(meeting.since)}. Bank holidays are known to {in_words(date.fromisoformat(until))}."
    )
    narrowed = "; ".join(f"{name} {' or '.join(values)}" for name, values in made.filters.given.items())
    if narrowed:
        yield f"Only: {narrowed}."
    yield from missing_since(made.db, year_to(meeting.day))
    yield f"Made by cictrack {__version__} from events whose chain ends in {head_text(made.db)}."


def _found(made: Made, meeting: Meeting) -> dict[str, Rows]:
    """The rows of the lists, each as its command gives it."""
    db, day, filters, names = made.db, meeting.day, made.filters, made.names
    return {
        "overdue": lists.deadlines(db, day, "overdue", filters, names=names),
        "due": lists.deadlines(db, day, "due", filters, until=meeting.following, names=names),
        "drift": lists.deadlines(db, day, "drift", filters, names=names),
        "gaps": shorter.gaps(db, day, filters, names=names),
        "tasks": shorter.tasks(db, day, filters, names=names),
    }


def _list(what: str, made: Made, meeting: Meeting, found: Rows) -> Listing:
    until = lists.past_calendar(made.db, found.columns, found.rows) if "unit" in found.columns else ""
    notes = (f"Bank holidays are known to {until} only: later due days may be later than shown.",) if until else ()
    return listing(what, meeting.day, found, notes)


def _counts(found: Summary, moved: Changes) -> Chapter:
    return Chapter(
        *_titled(1, "Open cases, in counts that add up", "counts"),
        [changes.adding_up(moved), *(f"{name}: {line}" for name, line in summary.sums(found))],
        [changes.reconciling(moved), summary.as_listing(found)],
    )


def _trends(made: Made, found: Summary) -> Chapter:
    drawn = charts(made.db, found, made.filters)
    return Chapter(*_titled(10, "Trends", "trends"), [] if drawn else ["There is no case to draw."], charts=drawn)


def _overdue_tasks(found: Mapping[str, Rows]) -> Listing:
    rows = found["tasks"]
    place = {name: n for n, name in enumerate(rows.columns)}
    late = [row for row in rows.rows if row[place["days_over"]] > 0]
    late.sort(key=lambda row: (row[place["owner"]] or "", -row[place["days_over"]], row[place["child_id"]]))
    shown = ("owner", "register", "child_id", "name", "text", "due_on", "days_over")
    keys = [key for key in shown if key in rows.columns]
    told = [tuple(row[place[key]] for key in keys) for row in late]
    footer = f"{counted(len(told), 'action')} past the day"
    return Listing("Agreed actions past their day", columns_of(keys, keys, told), told, footer, "No action is late.")


def _ending(found: Rows, meeting: Meeting) -> Listing:
    shown = ("register", "child_id", "title", "reason", "agreed_by", "exception_until", "worker", "team")
    empty = f"No exception ran out since the last meeting, and none does by {in_words(meeting.following)}."
    footer = counted(len(found.rows), "exception")
    return Listing("Exceptions running out", columns_of(found.columns, shown, found.rows), found.rows, footer, empty)


def _decisions(moved: Changes, found: Mapping[str, Rows], ending: Rows, meeting: Meeting) -> Iterator[str]:
    """What stands open that somebody in the room can settle, each with the chapter that it is in."""
    asked = [
        _decision(
            "with a deadline that turned red: what unblocks it?",
            _names(m._asdict() for m in moved.rows if m.change == "red"),
            3,
        ),
        _decision(
            "red by a deadline with no agreed reason, the furthest first: act, or agree one?",
            _names(
                row
                for row in _objects(found["overdue"])
                if row["severity"] == "red" and row["kind"] == "deadline" and not row["exception"]
            ),
            2,
        ),
        _decision(
            "beginning to drift: what happens next, by when and by whom?",
            _names(m._asdict() for m in moved.rows if m.change == "amber" and m.due_on is None),
            6,
        ),
        _decision(
            f"with an exception that ran out or will by {in_words(meeting.following)}: renew it, or act?",
            _names(_objects(ending)),
            7,
        ),
        _decision("with an action past its day: done, or a new day?", _names(_late(found)), 5),
        _decision("with a date missing or two for one thing: who finds out?", _names(_objects(found["gaps"])), 9),
    ]
    said = [sentence for sentence in asked if sentence]
    yield from said or ["Nothing is late, drifting, running out or missing: there is nothing to decide."]


def _decision(what: str, cases: Sequence[str], chapter: int) -> str:
    if not cases:
        return ""
    more = f" and {len(cases) - NAMED:,} more" if len(cases) > NAMED else ""
    return f"{counted(len(cases), 'case')} {what} {', '.join(cases[:NAMED])}{more} (chapter {chapter})."


def _names(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """The cases of rows, each once, in their order."""
    named = (name_of(row["register"], row["child_id"], row["period"] or 1) for row in rows)
    return list(dict.fromkeys(named))


def _late(found: Mapping[str, Rows]) -> Iterator[Mapping[str, Any]]:
    return (row for row in _objects(found["tasks"]) if row["days_over"] > 0)


def _objects(found: Rows) -> Iterator[dict[str, Any]]:
    return (dict(zip(found.columns, row, strict=True)) for row in found.rows)


def _meaning(made: Made) -> Chapter:
    """The definitions that the figures go by."""
    measures = [
        f"{register.name}.{measure.name}: {measure.definition}"
        for register in made.wanted
        for measure in register.measures
        if measure.charted
    ]
    return Chapter("What the words mean", "words", [*WORDS, *measures])


def as_sheets(paper: Paper) -> tuple[list[tuple[str, Listing]], list[str]]:
    """Its lists, each with the name of its sheet, the figures of the charts in one; and what is said beside them."""
    found = []
    about = [*paper.facts]
    for chapter in paper.chapters:
        about += ["", chapter.title, *chapter.says]
        for n, one in enumerate(chapter.lists, 1):
            found.append((f"{chapter.short} {n}" if len(chapter.lists) > 1 else chapter.short, one))
        if chapter.charts:
            found.append((chapter.short, _figures(chapter)))
    return found, about


def _figures(chapter: Chapter) -> Listing:
    rows = [(chart.title, mark.label, mark.value, chart.unit) for chart in chapter.charts for mark in chart.marks]
    keys = ("chart", "of", "value", "unit")
    return Listing(chapter.title, columns_of(keys, keys, rows), rows)
