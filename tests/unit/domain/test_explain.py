from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pos_app.domain.money import Money
from pos_app.domain.tariff.account import Account
from pos_app.domain.tariff.explain import (
    BlockReached,
    EarlierPurchase,
    Edge,
    PriceChanged,
    TaxChanged,
    next_edge,
    reasons_for_fewer,
)
from pos_app.domain.tariff.quote import Quote
from pos_app.domain.tariff.tariff import Tariff
from tests.unit.domain.tariff_making import RAND, tariff_of

TWO = [("1.00", "100"), ("2.00", None)]
RISING = tariff_of([("1.00", "50"), ("1.50", "120"), ("2.00", "400"), ("3.10", None)])


def _buy(tariff: Tariff, minor: int, before: str = "0") -> Quote:
    return tariff.for_money(Money(minor, RAND), Account(bought=Decimal(before)))


def test_a_dearer_block_explains_fewer_units() -> None:
    earlier = EarlierPurchase.of(_buy(tariff_of(TWO), 5000))
    late = _buy(tariff_of(TWO), 5000, "80")
    assert reasons_for_fewer(late, earlier) == (BlockReached(2, Decimal("2.00")),)


def test_starting_further_into_the_month_explains_more_of_the_dearer_block() -> None:
    earlier = EarlierPurchase.of(_buy(tariff_of(TWO), 12_000))
    late = _buy(tariff_of(TWO), 12_000, "50")
    assert reasons_for_fewer(late, earlier) == (BlockReached(2, Decimal("2.00")),)


def test_a_price_that_rose_is_named_with_both_figures() -> None:
    earlier = EarlierPurchase.of(_buy(tariff_of(TWO), 15_000))
    now = _buy(tariff_of([("1.10", "100"), ("2.00", None)]), 15_000)
    assert reasons_for_fewer(now, earlier) == (PriceChanged(1, Decimal("1.00"), Decimal("1.10")),)


def test_a_tax_that_rose_is_named_with_both_figures() -> None:
    earlier = EarlierPurchase.of(_buy(tariff_of(TWO, taxes=[("VAT", "15")]), 5000))
    now = _buy(tariff_of(TWO, taxes=[("VAT", "15"), ("levy", "1.5")]), 5000)
    assert reasons_for_fewer(now, earlier) == (TaxChanged(Decimal(15), Decimal("16.5")),)


def test_a_block_and_a_price_can_both_be_the_reason() -> None:
    earlier = EarlierPurchase.of(_buy(tariff_of(TWO), 5000))
    now = _buy(tariff_of([("1.10", "100"), ("2.00", None)]), 5000, "90")
    assert reasons_for_fewer(now, earlier) == (
        BlockReached(2, Decimal("2.00")),
        PriceChanged(1, Decimal("1.00"), Decimal("1.10")),
    )


def test_a_dearer_block_that_took_no_more_than_before_is_no_reason() -> None:
    rest = [("1.50", "100"), ("2.00", None)]
    earlier = EarlierPurchase.of(_buy(tariff_of([("1.00", "50"), *rest]), 20_000))
    now = _buy(tariff_of([("1.10", "50"), *rest]), 20_000)
    assert reasons_for_fewer(now, earlier) == (PriceChanged(1, Decimal("1.00"), Decimal("1.10")),)


def test_a_cheaper_block_is_no_reason() -> None:
    falling = [("1.00", "100"), ("0.99", None)]
    earlier = EarlierPurchase.of(_buy(tariff_of(falling), 5000))
    now = _buy(tariff_of(falling, taxes=[("VAT", "15")]), 5000, "80")
    assert reasons_for_fewer(now, earlier) == (TaxChanged(Decimal(0), Decimal(15)),)


def test_as_many_units_or_another_amount_need_no_reason() -> None:
    earlier = EarlierPurchase.of(_buy(tariff_of(TWO), 5000))
    assert reasons_for_fewer(_buy(tariff_of(TWO), 5000, "10"), earlier) == ()
    assert reasons_for_fewer(_buy(tariff_of(TWO), 4000, "90"), earlier) == ()


@given(
    st.integers(100, 200_000),
    st.integers(0, 5000).map(lambda n: Decimal(n).scaleb(-1)),
    st.integers(1, 5000).map(lambda n: Decimal(n).scaleb(-1)),
)
@settings(max_examples=150)
def test_on_one_rising_tariff_a_later_purchase_of_fewer_units_always_has_its_block(
    minor: int, before: Decimal, more: Decimal
) -> None:
    earlier = RISING.for_money(Money(minor, RAND), Account(bought=before))
    late = RISING.for_money(Money(minor, RAND), Account(bought=before + more))
    assert late.tenths <= earlier.tenths
    assume(late.tenths < earlier.tenths)
    (reason,) = reasons_for_fewer(late, EarlierPurchase.of(earlier))
    assert isinstance(reason, BlockReached)


def test_the_money_left_in_a_block_buys_exactly_up_to_its_end() -> None:
    tariff = tariff_of(TWO)
    edge = next_edge(tariff, _buy(tariff, 3000))
    assert edge == Edge(block=1, left=Money(7000, RAND), next_price=Decimal("2.00"))


def test_the_edge_counts_the_booked_units_of_the_token() -> None:
    # 20.04 kWh are booked as 20.1, so 79.9 are left
    tariff = tariff_of(TWO)
    edge = next_edge(tariff, _buy(tariff, 2004))
    assert edge is not None
    assert edge.left == Money(7990, RAND)


def test_an_open_block_has_no_edge() -> None:
    tariff = tariff_of(TWO)
    assert next_edge(tariff, _buy(tariff, 100, "100")) is None


@pytest.mark.parametrize(
    ("minor", "expected"),
    [(3000, Edge(1, Money(7000, RAND), None)), (10_000, None)],
)
def test_the_end_of_a_closed_table_is_an_edge_without_a_next_price(
    minor: int, expected: Edge | None
) -> None:
    tariff = tariff_of([("1.00", "100")])
    assert next_edge(tariff, _buy(tariff, minor)) == expected


def test_an_earlier_purchase_without_lines_leaves_only_what_is_known() -> None:
    earlier = EarlierPurchase(Money(5000, RAND), 600, ())
    assert reasons_for_fewer(_buy(tariff_of(TWO), 5000), earlier) == ()
