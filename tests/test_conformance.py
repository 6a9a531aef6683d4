"""What holds of every register in the folder, and of the sources as a whole."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pytest

import cictrack
from cictrack.pathway.case import RECORD
from cictrack.pathway.common import CLOSING_REASONS, COMMON_KINDS
from cictrack.pathway.declare import CLOSING, EVERY, Authority, Clock, Register
from cictrack.pathway.record import KIND as OF_THE_RECORD
from cictrack.registers import files, names, registers
from cictrack.working_days import Amount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cictrack.pathway.kinds import Kind

SOURCES = Path(cictrack.__file__).parent
EACH = [pytest.param(register, id=name) for name, register in registers().items()]


def keys_of(register: Register) -> set[str]:
    """Every key that an event of a register, or of the child's own record, can have."""
    keys = {CLOSING, EVERY, *(RECORD + kind for kind in OF_THE_RECORD)}
    for kind in register.kind.values():
        keys.add(kind.name)
        answers = next((field.choices for field in kind.fields if field.name == kind.by), ())
        keys |= {f"{kind.name}:{answer}" for answer in answers}
    return keys


def test_the_registers_are_found_by_looking_in_the_folder() -> None:
    assert names() == sorted(registers()) == sorted(path.stem.replace("_", "-") for path in files())


@pytest.mark.parametrize("register", EACH)
def test_each_rule_is_named_for_its_register_and_says_what_it_rests_on(register: Register) -> None:
    for clock in register.clocks:
        assert clock.name.startswith(register.name + "."), clock.name
        assert clock.title, clock.name
        assert clock.source, clock.name
        assert clock.authority in get_args(Authority), clock.name
    assert len({clock.name for clock in register.clocks}) == len(register.clocks)
    assert {f"{register.name}.task", f"{register.name}.stale"} <= {clock.name for clock in register.clocks}


@pytest.mark.parametrize("register", EACH)
def test_only_what_names_an_act_regulations_or_guidance_is_called_more_than_local(register: Register) -> None:
    for clock in register.clocks:
        if clock.authority == "statute":
            assert re.search(r"Act|Reg", clock.source), clock.name


@pytest.mark.parametrize("register", EACH)
def test_every_key_that_a_rule_names_exists(register: Register) -> None:
    known = keys_of(register)
    for clock in register.clocks:
        named = {a.event for a in clock.after} | {*clock.ends, *register.stopping(clock), *clock.watch}
        assert named <= known, clock.name
        assert not clock.blocking or clock.blocking in register.kind, clock.name
        for after in clock.after:
            _reads(after.amount, after.amber, after.amber_before)
            assert after.amount or after.until, clock.name


def _reads(*amounts: str) -> None:
    for amount in amounts:
        assert not amount or str(Amount.read(amount)) == amount


@pytest.mark.parametrize("register", EACH)
def test_every_event_that_a_register_names_exists(register: Register) -> None:
    known = keys_of(register)
    assert register.way_keys <= known
    assert {register.given_up, register.tasks_until} <= known | {""}
    assert {*register.tasks, *register.one_fact, *register.complete_from_file} <= set(register.kind)
    assert {register_kind for fed in register.carries.values() for register_kind in fed} <= set(register.kind)
    assert set(register.one_fact.values()) | set(register.reads_record) <= set(OF_THE_RECORD)
    for stage in register.stages:
        assert callable(stage.when) or stage.when in known, stage.name
        assert stage.next in register.kind, stage.name


@pytest.mark.parametrize("register", EACH)
def test_each_kind_has_a_title_and_names_only_what_exists(register: Register) -> None:
    known = keys_of(register)
    for kind in register.kind.values():
        assert kind.title, kind.name
        assert {*kind.undoes, *kind.not_before, *kind.needs} <= known, kind.name
        assert not kind.by or kind.by in {field.name for field in kind.fields}, kind.name
        for field in kind.fields:
            assert re.fullmatch(r"[a-z][a-z0-9_]*", field.name), field.name
            assert (field.type == "choice") == bool(field.choices), field.name
            assert field.default is None or field.default in field.choices, field.name
    own = [kind.name for kind in register.kinds]
    assert len(set(own)) == len(own)
    assert not {kind.name for kind in COMMON_KINDS} & set(own)
    assert sum(kind.opens for kind in register.kinds) == 1


@pytest.mark.parametrize("register", EACH)
def test_stages_and_outcomes_have_names_of_their_own(register: Register) -> None:
    open_stages = [(stage.name, stage.next) for stage in register.stages]
    closed = {stage for kind in register.kinds for stage in _closings(kind)}
    assert len(set(open_stages)) == len(open_stages)
    assert not {name for name, _ in open_stages} & (closed | set(CLOSING_REASONS))


def _closings(kind: Kind) -> set[str]:
    return {kind.closes} - {""} if isinstance(kind.closes, str) else set(kind.closes.values())


@pytest.mark.parametrize("register", EACH)
def test_every_clock_that_reads_the_case_is_asked_again_when_the_case_changes(register: Register) -> None:
    def asked(clock: Clock) -> set[str]:
        return {a.event for a in clock.after} | {*clock.ends, *clock.watch}

    for clock in register.clocks:
        assert asked(clock), f"{clock.name} would never be looked at"


def strings(tree: ast.Module) -> Iterator[ast.Constant]:
    """Every text in a module that is no docstring."""
    spoken = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spoken:
            yield node


def outside_the_registers() -> list[Path]:
    return [path for path in SOURCES.rglob("*.py") if "registers" not in path.relative_to(SOURCES).parts[:1]]


A_COMMAND = re.compile(r"cictrack [^\n]*")
"""An example of what to type: part of a help text, and so a document."""


def test_no_registers_name_occurs_outside_its_own_folder() -> None:
    forms = {form for name in registers() for form in (name, name.replace("-", "_"))}
    word = re.compile(rf"(?<![\w-])({'|'.join(sorted(forms))})(?![\w-])")
    found = [
        f"{path.relative_to(SOURCES)}:{text.lineno}: {text.value!r}"
        for path in outside_the_registers()
        for text in strings(ast.parse(path.read_text(encoding="utf-8")))
        if word.search(A_COMMAND.sub("", str(text.value)))
    ]
    assert found == []


MAY_IMPORT = {
    "working_days": set(),
    "pathway": {"working_days"},
    "registers": {"pathway", "working_days"},
    "store": {"pathway", "registers", "working_days"},
    "readers": {"pathway", "registers"},
    "reports": {"store", "pathway", "registers", "render", "working_days"},
    "render": set(),
    "demo": {"pathway", "registers", "readers", "store", "working_days"},
    "cli": {"working_days", "pathway", "registers", "store", "readers", "reports", "render", "demo"},
    "__main__": {"cli"},
}
"""Which room may import which: `errors`, `whole` and the version all may. The store asks the registers to derive."""

ALL_MAY = {"errors", "whole", "__version__"}


def rooms_imported(path: Path) -> set[str]:
    """The rooms that a module imports from, inside its functions too."""
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            module = node.module or ""
            full = [f"cictrack.{a.name}" for a in node.names] if module == "cictrack" else [module]
            assert node.level == 0, f"{path}: imports name their module in full"
        elif isinstance(node, ast.Import):
            full = [alias.name for alias in node.names]
        else:
            continue
        rooms |= {name.split(".")[1] for name in full if name.startswith("cictrack.")}
    return rooms


def test_imports_point_one_way() -> None:
    wrong = []
    for path in SOURCES.rglob("*.py"):
        inside = path.relative_to(SOURCES)
        room = inside.parts[0].removesuffix(".py")
        if room in {"__init__", "errors", "whole"}:
            assert not rooms_imported(path), inside
            continue
        beyond = rooms_imported(path) - ALL_MAY - MAY_IMPORT[room] - {room}
        if beyond:
            wrong.append(f"{inside} imports {', '.join(sorted(beyond))}")
    assert wrong == []


def test_only_the_store_speaks_sql() -> None:
    speaking = [
        str(path.relative_to(SOURCES))
        for path in SOURCES.rglob("*.py")
        for text in strings(ast.parse(path.read_text(encoding="utf-8")))
        if re.search(r"\b(SELECT .* FROM|INSERT INTO|CREATE TABLE|DELETE FROM)\b", str(text.value), re.DOTALL)
        and path.relative_to(SOURCES).parts[0] != "store"
    ]
    assert speaking == []
