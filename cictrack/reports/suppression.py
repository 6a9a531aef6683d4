"""Figures of fewer than five children, which a paper that is published does not show.

What could be worked out from a whole and its other parts is not shown either: where one part alone is hidden,
so is the next smallest; and where an adjusted figure leaves out a few of the raw one, it is hidden whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cictrack.pathway.measures import Figure
    from cictrack.reports.kpi import Measured

FEW = 5
RAW, ADJUSTED = ".raw", ".adjusted"


def suppressed(found: Sequence[Measured]) -> list[Measured]:
    """The same measures with small figures hidden, and nobody named or counted as left out."""
    hidden = {n for n, one in enumerate(found) if _small(one)}
    wholes: dict[tuple[object, ...], list[int]] = {}
    for n, one in enumerate(found):
        if one.measure.split:
            whole = one.measure.name.rpartition(".")[0]
            wholes.setdefault((one.register, whole, one.period, one.team), []).append(n)
        wholes.setdefault((one.register, one.measure.name), []).append(n)
    for parts in wholes.values():
        alone = [n for n in parts if n in hidden]
        others = [n for n in parts if n not in hidden and _size(found[n].figure)]
        if len(alone) == 1 and others and len(parts) > 1:
            hidden.add(min(others, key=lambda n: _size(found[n].figure)))
    near = _near_another(found)
    return [_hidden(one, whole=n in near) if n in hidden | near else _unnamed(one) for n, one in enumerate(found)]


def _near_another(found: Sequence[Measured]) -> set[int]:
    """The adjusted figures that lie so near the raw one that the difference is a few children."""
    raw = {(one.name, one.period, one.team): one.figure for one in found}
    near = set()
    for n, one in enumerate(found):
        other = raw.get((one.name.removesuffix(ADJUSTED) + RAW, one.period, one.team))
        if one.name.endswith(ADJUSTED) and other is not None:
            apart = [abs((a or 0) - (b or 0)) for a, b in zip(one.figure[:2], other[:2], strict=True)]
            near |= {n} if any(_few(number) for number in apart) else set()
    return near


def _few(count: float) -> bool:
    return 0 < count < FEW


def _small(one: Measured) -> bool:
    of_all, counted = one.figure.denominator or 0, one.figure.numerator or 0
    if _few(of_all) or one.measure.comes_to not in {"share", "number"}:
        return _few(of_all)
    return _few(counted) or _few(of_all - counted)


def _size(figure: Figure) -> float:
    return figure.numerator or figure.denominator or 0


def _hidden(one: Measured, *, whole: bool) -> Measured:
    of_all = one.figure.denominator or 0
    left = one.figure._replace(numerator=None, value=None, denominator=None if whole or _few(of_all) else of_all)
    return _unnamed(one._replace(figure=left, hidden=True))


def _unnamed(one: Measured) -> Measured:
    return one._replace(figure=one.figure._replace(excluded=None))
