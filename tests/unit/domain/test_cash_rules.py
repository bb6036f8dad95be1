"""Limits may be reached and not passed; commission is half up."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pos_app.domain.cash_rules import (
    Holder,
    OperatorCashLimit,
    ShopCashLimit,
    commission,
    limit_in,
    refuse_above,
)
from pos_app.domain.money import Currency, Money

RAND = Currency("ZAR", 2)
LIMITS = {"ZAR": Decimal(100)}


def rand(minor: int) -> Money:
    return Money(minor, RAND)


@pytest.mark.parametrize(
    ("holder", "refusal"),
    [(Holder.OPERATOR, OperatorCashLimit), (Holder.SHOP, ShopCashLimit)],
)
def test_the_limit_may_be_reached_and_not_passed(holder: Holder, refusal: type[Exception]) -> None:
    refuse_above(LIMITS, holder, rand(9000), rand(1000))
    with pytest.raises(refusal) as refused:
        refuse_above(LIMITS, holder, rand(9000), rand(1001))
    facts = refused.value.facts  # type: ignore[attr-defined]
    assert facts == {"held": "90.00", "limit": "100.00", "currency": "ZAR"}


def test_a_sale_without_cash_passes_a_full_drawer() -> None:
    refuse_above(LIMITS, Holder.OPERATOR, rand(99_999), rand(0))
    with pytest.raises(OperatorCashLimit):
        refuse_above(LIMITS, Holder.OPERATOR, rand(99_999), rand(1))


def test_a_currency_that_is_not_named_has_no_limit() -> None:
    yen = Money(10**9, Currency("JPY", 0))
    refuse_above(LIMITS, Holder.SHOP, yen, yen)
    assert limit_in(LIMITS, yen) is None


@pytest.mark.parametrize(
    ("minor", "percent", "earned"),
    [(5000, "2", 100), (5025, "2", 101), (5024, "2", 100), (1, "2.5", 0), (20, "2.5", 1)],
)
def test_commission_is_rounded_half_up(minor: int, percent: str, earned: int) -> None:
    assert commission(rand(minor), Decimal(percent)) == rand(earned)
