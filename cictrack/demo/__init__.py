"""A synthetic register: invented lives of any number of children, the same again from the same seed."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Recipe(NamedTuple):
    """What a synthetic register is made from."""

    children: int
    seed: int
    today: date


SAMPLE = Recipe(children=950, seed=2020, today=date(2020, 12, 31))
"""What `sample.db` is made from: `cictrack demo sample.db --children 950 --seed 2020 --today 2020-12-31`.

Nine hundred and fifty children are one authority of the strategy's own scale on that day, and as many again in a
larger register are another.
"""
