from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.money import LARGEST_MINOR, AmountInvalid, Currency, CurrencyMixed, Money

RAND = Currency("ZAR", 2, 10)
YEN = Currency("JPY", 0)
DINAR = Currency("KWD", 3, 5)
currencies = st.sampled_from([RAND, YEN, DINAR])
minors = st.integers(1, LARGEST_MINOR)


@given(minors, currencies)
def test_what_is_written_plainly_is_read_back_the_same(minor: int, currency: Currency) -> None:
    money = Money(minor, currency)
    assert Money.parse(money.plain(), currency) == money
    assert Money.of(money.amount(), currency) == money


@given(minors, minors, currencies)
def test_adding_and_taking_away_again_changes_nothing(
    left: int, right: int, currency: Currency
) -> None:
    one, other = Money(left, currency), Money(right, currency)
    assert one + other - other == one


@pytest.mark.parametrize(
    ("typed", "minor"),
    [("50", 5000), ("50.5", 5050), (" 1 250.00 ", 125_000), ("1,250.00", 125_000), ("0.01", 1)],
)
def test_amounts_are_read_as_people_type_them(typed: str, minor: int) -> None:
    assert Money.parse(typed, RAND) == Money(minor, RAND)


@pytest.mark.parametrize(
    "typed",
    ["", "0", "0.00", "-5", "+5", "5e3", "NaN", "inf", "abc", "1.234", "1.2.3", "\u0665", "1_0"],
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(AmountInvalid):
        Money.parse(typed, RAND)


@pytest.mark.parametrize(
    ("amount", "minor"), [("0.005", 1), ("0.0049", 0), ("-0.005", -1), ("782.605", 78_261)]
)
def test_a_decimal_is_rounded_half_up_away_from_zero(amount: str, minor: int) -> None:
    assert Money.of(Decimal(amount), RAND).minor == minor


def test_currencies_do_not_mix() -> None:
    with pytest.raises(CurrencyMixed) as refusal:
        Money(1, RAND) + Money(1, YEN)
    assert refusal.value.facts == {"left": "ZAR", "right": "JPY"}


@pytest.mark.parametrize(
    ("money", "plain", "quantum"),
    [
        (Money(125_000, RAND), "1250.00", "0.01"),
        (Money(1250, YEN), "1250", "1"),
        (Money(-5, DINAR), "-0.005", "0.001"),
    ],
)
def test_decimals_follow_the_currency(money: Money, plain: str, quantum: str) -> None:
    assert money.plain() == plain
    assert money.currency.quantum() == Decimal(quantum)
