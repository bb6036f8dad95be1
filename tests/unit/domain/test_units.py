from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.tariff.refusals import UnitsBeyondToken, UnitsInvalid
from pos_app.domain.tariff.units import (
    LARGEST_TENTHS,
    UnitRounding,
    down_to,
    parse_units,
    rounded,
    up_to,
    whole_units,
)

BANDS = [(0, 1, 16383), (16384, 10, 180214), (180224, 100, 1818524), (1818624, 1000, 18201624)]
"""IEC 62055-41, unit credit amount: first value, step and last value of exponents 0 to 3."""


def _value(exponent: int, mantissa: int) -> int:
    """Give a field's value by the standard's formula: ``10^e * m + sum of 2^14 * 10^(n-1)``."""
    ten = (1, 10, 100, 1000)
    return ten[exponent] * mantissa + sum(2**14 * ten[n - 1] for n in range(1, exponent + 1))


@given(st.integers(0, 3), st.integers(0, 2**14 - 1))
def test_every_value_of_the_amount_field_is_left_as_it_is(exponent: int, mantissa: int) -> None:
    value = _value(exponent, mantissa)
    assert down_to(value) == up_to(value) == value


@given(st.integers(0, 3), st.integers(0, 2**14 - 1))
def test_between_two_values_of_the_field_there_is_no_third(exponent: int, mantissa: int) -> None:
    value = _value(exponent, mantissa)
    if value < LARGEST_TENTHS:
        after = _value(exponent, mantissa + 1) if mantissa < 2**14 - 1 else _value(exponent + 1, 0)
        assert up_to(value + Fraction(1, 1000)) == after
        assert down_to(after - Fraction(1, 1000)) == value


@pytest.mark.parametrize(("first", "step", "last"), BANDS)
def test_the_bands_start_step_and_end_where_the_standard_says(
    first: int, step: int, last: int
) -> None:
    assert up_to(first) == first
    assert up_to(first + 1) == first + step
    assert down_to(last) == last
    if last < LARGEST_TENTHS:
        assert up_to(last + 1) == last + step
        assert down_to(last + step - 1) == last


def test_18022_3_kwh_are_encoded_as_18022_4() -> None:
    # STS 531-1, CTSA06: the published token carries 18022.4
    assert up_to(180223) == 180224


@pytest.mark.parametrize(
    ("tenths", "expected"), [(16385, 16394), (180215, 180224), (180224, 180224)]
)
def test_rounding_up_crosses_into_the_next_band_when_needed(tenths: int, expected: int) -> None:
    assert rounded(tenths, UnitRounding.UP) == expected


@pytest.mark.parametrize(
    ("tenths", "expected"),
    [
        (Fraction(49, 100), 0),
        (Fraction(1, 2), 1),
        (16388, 16384),
        (16389, 16394),
        (180218, 180214),
        (180219, 180224),
    ],
)
def test_half_up_takes_the_nearer_neighbour_and_the_upper_of_two(
    tenths: Fraction | int, expected: int
) -> None:
    assert rounded(tenths, UnitRounding.HALF_UP) == expected


def test_what_no_token_carries_is_refused_in_both_directions() -> None:
    assert up_to(LARGEST_TENTHS) == down_to(LARGEST_TENTHS) == 18_201_624
    for rounding in UnitRounding:
        with pytest.raises(UnitsBeyondToken):
            rounded(LARGEST_TENTHS + Fraction(1, 10), rounding)


@pytest.mark.parametrize(
    ("units", "up", "half_up", "down"),
    [("0.4", 1, 0, 0), ("0.5", 1, 1, 0), ("7", 7, 7, 7), ("7.6", 8, 8, 7)],
)
def test_whole_units_follow_the_same_three_rules(
    units: str, up: int, half_up: int, down: int
) -> None:
    found = [whole_units(Fraction(units), UnitRounding(mode)) for mode in ("up", "half_up", "down")]
    assert found == [up, half_up, down]


@pytest.mark.parametrize(
    ("typed", "tenths"),
    [
        ("50", 500),
        ("58.4", 584),
        (" 1 250 ", 12500),
        ("1,250.5", 12505),
        ("0.1", 1),
        ("007", 70),
        ("1820162.4", LARGEST_TENTHS),
    ],
)
def test_units_are_read_as_people_type_them(typed: str, tenths: int) -> None:
    assert parse_units(typed) == tenths


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "0",
        "0.0",
        "-1",
        "+1",
        "1e9",
        "1000000000",
        "NaN",
        "inf",
        "abc",
        "5.",
        ".5",
        "1.25",
        "1,5",
        "50,50",
        "1.250,5",
        "١٢",
        "1.2.3",
        "1_0",
    ],
)
def test_what_is_no_number_of_units_is_refused(typed: str) -> None:
    with pytest.raises(UnitsInvalid) as refusal:
        parse_units(typed)
    assert refusal.value.facts == {"typed": typed[:40]}


@pytest.mark.parametrize("typed", ["1820162.5", "999999999"])
def test_typed_units_beyond_one_token_are_refused(typed: str) -> None:
    with pytest.raises(UnitsBeyondToken):
        parse_units(typed)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(typed: str) -> None:
    with suppress(UnitsInvalid, UnitsBeyondToken):
        assert 1 <= parse_units(typed) <= LARGEST_TENTHS
