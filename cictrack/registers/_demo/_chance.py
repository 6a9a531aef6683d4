"""Chance from a seed, the same on every machine and under every Python."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    T = TypeVar("T")


class Chance:
    """What happens when several things may.

    Everything is made of `Random.random`, the one method whose numbers Python promises not to change.
    """

    def __init__(self, seed: str) -> None:
        self._next = Random(seed).random  # noqa: S311 - invented lives, no secret

    def odds(self, share: float) -> bool:
        """True in that share of cases."""
        return self._next() < share

    def whole(self, least: int, most: int) -> int:
        """A whole number between the two, both included; `least` where they are the wrong way round."""
        return least + int(self._next() * (most - least + 1)) if most > least else least

    def pick(self, among: Sequence[T]) -> T:
        """One of several, all alike."""
        return among[int(self._next() * len(among))]

    def weighted(self, among: Sequence[tuple[T, int]]) -> T:
        """One of several, each as often as its weight says."""
        left = self._next() * sum(weight for _, weight in among)
        for one, weight in among:
            left -= weight
            if left < 0:
                return one
        return among[-1][0]

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """The same things in another order."""
        order = list(things)
        for last in range(len(order) - 1, 0, -1):
            other = int(self._next() * (last + 1))
            order[last], order[other] = order[other], order[last]
        return order
