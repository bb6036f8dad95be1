from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.domain.money import Currency, Money
from pos_app.domain.tariff.account import Account
from pos_app.domain.tariff.file import parse_tariff
from pos_app.domain.tariff.refusals import (
    AboveMaximum,
    BelowMinimum,
    BuysNothing,
    ChargesFirst,
    NoPriceAbove,
    UnitsInvalid,
)
from pos_app.domain.tariff.tariff import Tariff
from pos_app.domain.tariff.units import LARGEST_TENTHS, up_to
from pos_app.domain.usual import (
    MOST_DAYS,
    DaysInvalid,
    PastPurchase,
    Usage,
    UsageUnknown,
    parse_days,
    units_of_days,
    usage_of,
    usual_amount,
)

SHIPPED = [
    parse_tariff(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parents[3] / "resources" / "tariffs").glob("*.toml"))
]
RAND = Currency("ZAR", 2, 10)


def _history(*rows: tuple[int, int, int]) -> list[PastPurchase]:
    """Give purchases of (day of May, rand, tenths), the newest first."""
    return [PastPurchase(date(2024, 5, day), Money(rand * 100, RAND), t) for day, rand, t in rows]


def _usual(*rand: int) -> int | None:
    amount = usual_amount(_history(*((28 - n, each, 1) for n, each in enumerate(rand))))
    return None if amount is None else amount.minor // 100


@pytest.mark.parametrize(
    ("rand", "usual"),
    [
        ((), None),
        ((20,), 20),
        ((100, 50, 50), 50),
        ((100, 50, 50, 100), 100),
        ((50, 100, 20), 50),
        ((10, 20, 30, 40, 50, 60, 60, 60), 10),
    ],
)
def test_the_usual_amount_is_the_most_frequent_of_six_and_the_newer_of_equals(
    rand: tuple[int, ...], usual: int | None
) -> None:
    assert _usual(*rand) == usual


def test_usage_is_what_was_bought_before_the_newest_purchase_by_the_days_between() -> None:
    usage = usage_of(_history((21, 100, 999), (11, 100, 300), (1, 100, 500)))
    assert usage == Usage(800, 20)
    assert (usage.per_day(), usage.days_of(457)) == (40, 11)


def test_two_purchases_on_the_newest_day_are_both_still_to_be_used() -> None:
    assert usage_of(_history((11, 100, 999), (11, 100, 999), (1, 100, 500))) == Usage(500, 10)


def test_usage_is_rounded_half_up_but_days_come_from_the_exact_figure() -> None:
    usage = Usage(10, 4)  # 2.5 tenths a day
    assert (usage.per_day(), usage.days_of(10), usage.tenths_for(3)) == (3, 4, 8)


@pytest.mark.parametrize(
    "rows",
    [(), ((3, 100, 50),), ((3, 100, 50), (3, 100, 70)), ((5, 100, 50), (1, 100, 0))],
    ids=["none", "one", "one-day", "no-units"],
)
def test_less_than_two_days_of_purchases_with_units_tell_no_usage(
    rows: tuple[tuple[int, int, int], ...],
) -> None:
    assert usage_of(_history(*rows)) is None


@given(st.integers(1, 10**6), st.integers(1, 400), st.integers(1, MOST_DAYS))
def test_units_of_days_last_for_them_and_a_tenth_less_does_not(
    used: int, over: int, days: int
) -> None:
    usage = Usage(used, over)
    tenths = usage.tenths_for(days)
    assert usage.days_of(tenths) >= days > usage.days_of(tenths - 1)


@given(st.integers(1, 10**5), st.integers(1, 400), st.integers(1, LARGEST_TENTHS))
def test_the_units_of_the_days_that_units_last_are_never_more_than_these(
    used: int, over: int, tenths: int
) -> None:
    usage = Usage(used, over)
    back = usage.tenths_for(usage.days_of(tenths))
    assert 0 <= tenths - back <= usage.tenths_for(1)  # less than one more day would take


@given(
    tariff=st.sampled_from(SHIPPED),
    bought=st.integers(0, 6_000),
    daily=st.integers(1, 400),
    days=st.integers(1, 92),
)
@settings(max_examples=120)
def test_money_units_and_days_are_inverse_within_one_step_of_a_token(
    tariff: Tariff, bought: int, daily: int, days: int
) -> None:
    """Days to money and back are the days asked for, and one step of a token less is not enough."""
    usage = Usage(daily, 1)
    account = Account(bought=Decimal(bought).scaleb(-1), average=Decimal(90))
    wanted = usage.tenths_for(days)
    try:
        quote = tariff.for_units(wanted, account)
    except (AboveMaximum, BelowMinimum, NoPriceAbove):
        return
    assert usage.days_of(quote.tenths) >= days
    assert up_to(wanted) <= quote.tenths
    cent_less = Money(quote.total.minor - 1, tariff.currency)
    with suppress(BelowMinimum, BuysNothing, ChargesFirst):
        assert tariff.for_money(cent_less, account).tenths < up_to(wanted)


def test_days_are_typed_alone_or_with_a_use() -> None:
    assert parse_days("30") == (30, None)
    assert parse_days(" 30 / 5.5 ") == (30, Usage(55, 1))
    assert units_of_days("30", Usage(100, 3)) == (1000, Usage(100, 3))
    assert units_of_days("30/5.5", Usage(100, 3)) == (1650, Usage(55, 1))


@pytest.mark.parametrize("typed", ["", "0", "367", "-3", "3.5", "x", "\u0663", "1000", "/5", "30d"])
def test_other_days_are_refused_with_what_was_typed(typed: str) -> None:
    with pytest.raises(DaysInvalid) as refused:
        parse_days(typed)
    assert refused.value.facts == {"typed": typed, "most": 366}


@pytest.mark.parametrize("typed", ["30/", "30/0", "30/x", "30/1.25", "30/-2", "30/5/5"])
def test_a_use_that_is_no_number_of_units_is_refused(typed: str) -> None:
    with pytest.raises(UnitsInvalid):
        parse_days(typed)


def test_days_need_a_use_that_somebody_knows() -> None:
    with pytest.raises(UsageUnknown):
        units_of_days("30", None)
