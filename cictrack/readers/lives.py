"""What the rows of a return say of one child: facts for the child's own record, and a life for the registers.

The trap of this return: `DATE_PLACED` is the decision that the child should be placed for adoption. The
move itself is the first episode in an adoptive placement.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cictrack.pathway.record import BORN, SHORT_BREAKS, Decision, Episode, Life
from cictrack.readers.contradictions import in_decisions, in_episodes, in_missing, of_birth, of_one_day
from cictrack.readers.held import SAME_EPISODE
from cictrack.readers.ssda903 import FEED
from cictrack.readers.told import Fact, Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cictrack.readers.refusals import Refusal
    from cictrack.readers.rows import Row

NEW_STATUS = frozenset({"S", "L", "B", "U"})
"""The reasons for a new episode (RNE) that say that the legal status is another than before."""

NAMED = {"looked-after-review": "reviews", "missing": "times missing"}
"""Kinds of which two on one day that differ contradict each other, and what several are called."""


def told(child_id: str, rows: Iterable[Row], known_birth: date | None, as_at: date) -> Told:
    """What `rows`, all of one child, say. A birth after the file's own day is refused, and care before birth.

    The day of birth is the header's, else that of any other row, else `known_birth`.
    """
    by_table: dict[str, list[Row]] = {}
    refused = []
    for row in rows:
        if (row.days.get("DOB") or as_at) > as_at:
            refused.append(row.refusal("DOB", f"born after the file's own day ({as_at:%d/%m/%Y})"))
        else:
            by_table.setdefault(row.table, []).append(row)
    facts = _births(by_table)
    birth = facts[0].day if facts else known_birth
    if birth:
        refused += [_before_birth(r, birth) for r in by_table.get("episodes", ()) if _day(r, "DECOM") < birth]
        early = {(r.file, r.row) for r in refused}
        by_table["episodes"] = [r for r in by_table.get("episodes", ()) if r.place not in early]
    told_by = _episodes(by_table.get("episodes", ()))
    decisions, decided = _decisions(by_table)
    facts += [*_care(told_by), *_spans(by_table), *_reviews(by_table), *_workers(by_table)]
    found, looked_for = in_episodes([e for e, _ in told_by], as_at)
    alike = [(f.kind, f.day, f.fields) for f in facts if f.kind in NAMED]
    births = [f.day for f in facts if f.kind == BORN]
    for more, looked in (
        in_decisions(decisions, [d for r in by_table.get("ad1", ()) if (d := r.days["DATE_INT"])]),
        in_missing(by_table.get("missing", ())),
        of_one_day(alike, NAMED),
        of_birth(births),
    ):
        found, looked_for = [*found, *more], looked_for | looked
    matches = sorted({m for r in by_table.get("ad1", ()) if (m := r.days["DATE_MATCH"])})
    # An end before the beginning ends nothing.
    sound = [e if e.end is None or e.end >= e.start else e._replace(end=None) for e, _ in told_by]
    life = Life(child_id, sound, decided, matches)
    good = [row for of_table in by_table.values() for row in of_table]
    return Told(FEED, child_id, facts, found, looked_for, life, good, refused)


def _day(row: Row, column: str) -> date:
    """A day that the row was refused without."""
    day = row.days[column]
    if day is None:
        raise ValueError(f"{row.file} line {row.line} was read without its {column}")
    return day


def _before_birth(row: Row, birth: date) -> Refusal:
    return row.refusal("DECOM", f"care would begin before birth ({birth:%d/%m/%Y})")


def _births(by_table: Mapping[str, Sequence[Row]]) -> list[Fact]:
    """Each day of birth that the files have, the header's first: the others are in conflict with it."""
    births: dict[date, Fact] = {}
    rows = [row for of_table in by_table.values() for row in of_table]
    for row in sorted(rows, key=lambda r: (r.table != "header", r.days.get("DOB") or date.max)):
        day = row.days.get("DOB")
        if day:
            births.setdefault(day, Fact(BORN, day, {}, [])).rows.append(row)
    return list(births.values())


def _episodes(rows: Sequence[Row]) -> list[tuple[Episode, list[Row]]]:
    """The episodes in the order of their days, in whatever order the rows stand.

    One that two files tell of is one, the later end filled in. Of several that begin on one day, the one
    that ends first comes first, and the one that begins care before others.
    """
    told_by = sorted(((_episode(row), row) for row in rows), key=lambda pair: _order(pair[0]))
    found: list[tuple[Episode, list[Row]]] = []
    for episode, row in told_by:
        for place, (other, of_other) in enumerate(found):
            if other.start == episode.start and (whole := _same(other, episode)):
                found[place] = (whole, [*of_other, row])
                break
        else:
            found.append((episode, [row]))
    return found


def _order(episode: Episode) -> tuple[object, ...]:
    return (episode.start, episode.end or date.max, episode.reason != "S", *map(str, episode))


def _episode(row: Row) -> Episode:
    t = row.texts
    return Episode(
        _day(row, "DECOM"),
        t["RNE"],
        t["LS"],
        t["PLACE"],
        t["PLACE_PROVIDER"],
        row.days["DEC"],
        t["REC"],
        t["REASON_PLACE_CHANGE"],
    )


def _same(a: Episode, b: Episode) -> Episode | None:
    """The two as one where they only fill each other's blanks, else None."""
    if any(x and y and x != y for x, y in zip(a, b, strict=True)):
        return None
    return Episode(
        a.start,
        a.reason or b.reason,
        a.legal_status or b.legal_status,
        a.place or b.place,
        a.provider or b.provider,
        a.end or b.end,
        a.end_reason or b.end_reason,
        a.move_reason or b.move_reason,
    )


def _care(told_by: Sequence[tuple[Episode, list[Row]]]) -> list[Fact]:
    """Care started and ended, legal status on change, placements. A short break is a placement, and no care."""
    facts: list[Fact] = []
    status: Fact | None = None
    placement: Fact | None = None
    before: Episode | None = None
    short_break = False
    for episode, rows in told_by:
        begins = episode.reason == "S" or before is None
        if begins:
            short_break = episode.legal_status in SHORT_BREAKS
        if episode.reason == "S" and not short_break:
            facts.append(Fact("care-started", episode.start, _given(reason=rows[0].texts["CIN"]), list(rows)))
        ongoing = before is None and episode.reason not in NEW_STATUS
        status = _status(facts, None if begins else status, episode, rows, ongoing=ongoing)
        placement = _placement(facts, None if begins else placement, episode, before, rows)
        ended = episode.end_reason not in {"", SAME_EPISODE}
        if ended and not short_break and episode.end and episode.end >= episode.start:
            facts.append(Fact("care-ended", episode.end, {"reason": episode.end_reason}, list(rows)))
        before = episode
    return facts


def _given(**fields: str) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value}


def _status(facts: list[Fact], now: Fact | None, episode: Episode, rows: list[Row], *, ongoing: bool) -> Fact | None:
    if not episode.legal_status or (now and now.fields["code"] == episode.legal_status):
        if now:
            now.rows.extend(rows)
        return now
    facts.append(Fact("legal-status", episode.start, {"code": episode.legal_status}, list(rows), ongoing))
    return facts[-1]


def _placement(
    facts: list[Fact], now: Fact | None, episode: Episode, before: Episode | None, rows: list[Row]
) -> Fact | None:
    """The placement of an episode: another place or provider, or a reason that says the child moved."""
    fields = _given(place=episode.place, provider=episode.provider, rne=episode.reason)
    if before and before.move_reason and episode.reason != "S":
        fields["ended"] = before.move_reason
    same = now and all(now.fields.get(f) == fields.get(f) for f in ("place", "provider"))
    if now and same and episode.reason in {"L", ""}:
        now.rows.extend(rows)
        return now
    ongoing = before is None and episode.reason in {"L", ""}
    facts.append(Fact("placement", episode.start, fields, list(rows), ongoing))
    return facts[-1]


def _spans(by_table: Mapping[str, Sequence[Row]]) -> list[Fact]:
    facts = []
    for row in by_table.get("missing", ()):
        start, end = _day(row, "MIS_START"), row.days["MIS_END"]
        until = {"to": end.isoformat()} if end and end >= start else {}
        away = "yes" if row.texts["MISSING"] == "A" else "no"
        facts.append(Fact("missing", start, {"away": away, **until}, [row]))
    return facts


def _reviews(by_table: Mapping[str, Sequence[Row]]) -> list[Fact]:
    rows = by_table.get("reviews", ())
    return [Fact("looked-after-review", _day(r, "REVIEW"), _given(code=r.texts["REVIEW_CODE"]), [r]) for r in rows]


def _workers(by_table: Mapping[str, Sequence[Row]]) -> list[Fact]:
    rows = by_table.get("sw_episodes", ())
    return [Fact("worker", _day(r, "SW_DECOM"), {"id": r.texts["SW_ID"]}, [r]) for r in rows]


def _decisions(by_table: Mapping[str, Sequence[Row]]) -> tuple[list[Decision], list[Decision]]:
    """The decisions as they stand in the files, and those whose giving up can be used.

    AD1 repeats the decision of a child who was adopted, and counts where the other table has none.
    """
    told_by = [
        Decision(_day(r, "DATE_PLACED"), r.days["DATE_PLACED_CEASED"], r.texts["REASON_PLACED_CEASED"])
        for r in by_table.get("placed_adoption", ())
    ] or [Decision(day, None, "") for r in by_table.get("ad1", ()) if (day := r.days["DATE_INT"])]
    found: dict[date, Decision] = {}
    for decision in sorted(told_by, key=lambda d: (d.day, d.ceased_on or date.max, d.reason)):
        found.setdefault(decision.day, decision)
    decisions = [found[day] for day in sorted(found)]
    usable = [d if not d.ceased_on or d.ceased_on >= d.day else Decision(d.day, None, "") for d in decisions]
    return decisions, usable
