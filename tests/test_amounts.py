"""Amounts of time as rules and people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cictrack.working_days import Amount


@given(st.integers(0, 9999), st.sampled_from(["working days", "days", "weeks", "months"]))
def test_an_amount_reads_back_as_it_is_written(n: int, unit: str) -> None:
    assert Amount.read(str(Amount(n, unit))) == (n, unit)


@pytest.mark.parametrize("text", ["1 month", " 1  Months ", "1 MONTH"])
def test_an_amount_is_read_however_it_is_typed(text: str) -> None:
    assert Amount.read(text) == Amount(1, "months")
    assert str(Amount.read(text)) == "1 month"


@pytest.mark.parametrize(
    "text", ["", "5", "days", "5wd", "6w", "-1 days", "1.5 weeks", "²  days", "10000 days", "5 years"]
)
def test_what_is_no_amount_is_refused_with_the_forms_that_are_read(text: str) -> None:
    with pytest.raises(ValueError, match="5 working days, 28 days, 6 weeks, 3 months"):
        Amount.read(text)
