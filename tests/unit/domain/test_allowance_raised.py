"""Raising an allowance by a code."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.allowance import Allowance, raised


@given(money=st.integers(0, 10**9), by=st.integers(1, 10**9), tenths=st.integers(0, 10**9))
def test_a_raised_allowance_has_more_of_everything_and_lasts_no_shorter(
    money: int, by: int, tenths: int
) -> None:
    before = Allowance(3, money, tenths, 50, 100, 1_000)
    for end in (0, 2_000):
        after = raised(before, by, end)
        assert after.money_minor == money + by
        assert after.not_after_ms == max(1_000, end)
        assert (after.sequence, after.per_vend_minor) == (3, 100)
        if money:
            assert after.tenths == tenths + tenths * by // money
        else:
            assert (after.tenths, after.count) == (tenths, 50)
