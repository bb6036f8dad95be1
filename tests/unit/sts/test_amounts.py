from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.sts.amounts import (
    LARGEST_CURRENCY,
    LARGEST_UNITS,
    amount_field,
    currency_fields,
    currency_of_fields,
    encodable_currency,
    encodable_units,
    units_of_field,
)
from pos_app.sts.errors import AmountTooLarge, FieldOutOfRange


def value_of(exponent: int, mantissa: int) -> int:
    """The rule of the standard, as a sum."""
    total: int = 10**exponent * mantissa
    for n in range(1, exponent + 1):
        total += 2**14 * 10 ** (n - 1)
    return total


@pytest.mark.parametrize(
    ("exponent", "first", "step", "last"),
    [
        (0, 0, 1, 16383),
        (1, 16384, 10, 180214),
        (2, 180224, 100, 1818524),
        (3, 1818624, 1000, 18201624),
    ],
)
def test_the_four_bands_stand_where_the_standard_puts_them(
    exponent: int, first: int, step: int, last: int
) -> None:
    assert amount_field(first) == exponent << 14
    assert amount_field(last) == exponent << 14 | 0x3FFF
    assert units_of_field((exponent << 14) + 1) == first + step


@pytest.mark.parametrize(
    ("units", "field"),
    [(16384, 0x4000), (16385, 0x4001), (180214, 0x7FFF), (180215, 0x8000), (180224, 0x8000)],
)
def test_rounding_is_up_and_into_the_next_band(units: int, field: int) -> None:
    assert amount_field(units) == field


@given(st.integers(0, 0xFFFF))
def test_every_field_is_the_field_of_its_value(field: int) -> None:
    assert units_of_field(field) == value_of(field >> 14, field & 0x3FFF)
    assert amount_field(units_of_field(field)) == field


@given(st.integers(0, LARGEST_UNITS))
def test_the_customer_never_gets_less_and_at_most_one_step_more(units: int) -> None:
    real = encodable_units(units)
    assert real >= units
    field = amount_field(units)
    assert field == 0 or units_of_field(field - 1) < units


def test_more_than_a_token_carries_is_refused() -> None:
    assert encodable_units(LARGEST_UNITS) == LARGEST_UNITS == 18201624
    with pytest.raises(AmountTooLarge):
        amount_field(LARGEST_UNITS + 1)
    with pytest.raises(FieldOutOfRange):
        amount_field(-1)


@given(st.integers(0, 31), st.integers(0, 0x3FFF), st.booleans())
def test_currency_fields_give_back_their_value(e: int, m: int, negative: bool) -> None:  # noqa: FBT001
    value = -value_of(e, m) if negative else value_of(e, m)
    assert encodable_currency(value) == value
    assert currency_of_fields(*currency_fields(value)) == value


@given(st.integers(-LARGEST_CURRENCY, LARGEST_CURRENCY))
def test_currency_rounds_towards_plus_infinity(units: int) -> None:
    real = encodable_currency(units)
    assert real >= units
    # a step is never more than the value's 16384th part
    assert real - units <= Fraction(abs(units), 2**14) * 10 + 1


def test_a_negative_magnitude_rounds_down_and_a_positive_one_up() -> None:
    assert encodable_currency(-16385) == -16384
    assert encodable_currency(16385) == 16394


def test_the_largest_currency_amount_is_the_published_one() -> None:
    assert LARGEST_CURRENCY == 182034444444444444444444444444442624
    for beyond in (LARGEST_CURRENCY + 1, -LARGEST_CURRENCY - 1):
        with pytest.raises(AmountTooLarge):
            currency_fields(beyond)
