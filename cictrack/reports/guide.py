"""The guide: what its chapters say, and for each register what its declarations say."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cictrack.pathway.declare import Clock, Register
    from cictrack.pathway.kinds import Field

WEEK = "week"
_HEADING = "# "


def chapters() -> Mapping[str, tuple[str, Sequence[str]]]:
    """Each chapter of the guide by its name: its title, and its lines."""
    found: dict[str, tuple[str, list[str]]] = {}
    lines: list[str] = []
    for line in files("cictrack.docs").joinpath("guide.md").read_text(encoding="utf-8").splitlines():
        if line.startswith(_HEADING):
            name, _, title = line.removeprefix(_HEADING).partition(": ")
            lines = []
            found[name] = (title, lines)
        else:
            lines.append(line)
    return {name: (title, "\n".join(told).strip().splitlines()) for name, (title, told) in found.items()}


def first_page(registers: Mapping[str, Register]) -> Iterator[str]:
    """The week's work, and what else there is to read."""
    told = chapters()
    title, lines = told[WEEK]
    yield title[0].upper() + title[1:]
    yield ""
    yield from lines
    yield ""
    yield "More: cictrack guide and one of"
    for name, (about, _) in told.items():
        if name != WEEK:
            yield f"  {name:<16}  {about}"
    for register in registers.values():
        yield f"  {register.name:<16}  {register.about or register.title}"


def of_register(register: Register) -> Iterator[str]:
    """A register in words: its stages in order, what is recorded on it, and what is counted from what."""
    yield f"{register.name}: {register.title}"
    yield register.about
    yield ""
    yield "Stages, and the step that each waits for:"
    for stage in register.stages:
        yield f"  {stage.name:<20}  {stage.next}, {stage.side}"
    yield ""
    yield f"Events, recorded as cictrack {register.name} EVENT CHILD --on DAY (* is required):"
    for kind in register.kinds:
        fields = ", ".join(_field(field) for field in kind.fields)
        yield f"  {kind.name:<20}  {kind.title}" + (f": {fields}" if fields else "")
    yield ""
    yield "Deadlines and drift alerts, each by whose word:"
    for clock in register.clocks:
        yield f"  {clock.name}: {clock.title}"
        yield f"      {_counted(clock)}"


def _field(field: Field) -> str:
    star = "*" if field.required else ""
    return f"{field.option}{star}" + (f" {'|'.join(field.choices)}" if field.choices else "")


def _counted(clock: Clock) -> str:
    counted = [f"{after.amount} from {after.event}" for after in clock.after if after.amount]
    source = f" ({clock.source})" if clock.source else ""
    return "; ".join([*counted, f"{clock.authority}{source}"])
