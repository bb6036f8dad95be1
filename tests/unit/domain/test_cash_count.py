"""Counting a drawer: what is typed is money to the coin, or is refused in words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.cash_count import (
    CountInvalid,
    NoSuchPiece,
    count_pieces,
    parse_count,
    pieces_of,
)
from pos_app.domain.money import Currency, Money
from pos_app.domain.tender import note_keys

RAND = Currency("ZAR", 2, 10)
YEN = Currency("JPY", 0)
DINAR = Currency("KWD", 3, 5)


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("200x3 50x2 0.50x4", RAND, 70_200),
        ("200 x 3, 50*2; 0.5X4", RAND, 70_200),
        ("100x1 100x2", RAND, 30_000),
        ("712.00", RAND, 71_200),
        ("712", YEN, 712),
        ("0.250x3 20x1", DINAR, 20_750),
        ("0", RAND, 0),
        ("0.00", RAND, 0),
        ("200x0", RAND, 0),
    ],
)
def test_a_count_is_pieces_or_a_sum(typed: str, currency: Currency, minor: int) -> None:
    assert parse_count(typed, currency).total == Money(minor, currency)


@pytest.mark.parametrize(
    "typed",
    ["", "abc", "200x3 abc", "-5", "200x-1", "-200x1", "1e3", "200x1.5", "200x", "x3", "NaN",
     "12,50", "٢٠٠", "200x999999", "9" * 16, "1 " * 400, "200x3 50", "712.005"],
)  # fmt: skip
def test_what_is_no_count_is_refused(typed: str) -> None:
    with pytest.raises(CountInvalid):
        parse_count(typed, RAND)


@pytest.mark.parametrize("typed", ["25x1", "0.01x5", "1000x1", "0.001x1", "0x4"])
def test_a_piece_that_does_not_exist_is_refused_with_those_that_do(typed: str) -> None:
    with pytest.raises(NoSuchPiece) as refused:
        parse_count(typed, RAND)
    assert "200.00" in str(refused.value.facts["pieces"])


def test_too_many_or_fewer_than_no_pieces_are_refused() -> None:
    for many in (-1, 100_001):
        with pytest.raises(CountInvalid):
            count_pieces({20_000: many}, RAND)


@pytest.mark.parametrize("code", ["ZAR", "JPY", "KWD", "UGX", "NGN", "XXX", "EUR"])
@pytest.mark.parametrize("decimals", [0, 2, 3])
def test_pieces_are_whole_minor_units_and_fall(code: str, decimals: int) -> None:
    values = [each.minor for each in pieces_of(Currency(code, decimals))]
    assert values == sorted(set(values), reverse=True)
    assert values[-1] >= 1


@pytest.mark.parametrize("code", ["BDT", "EUR", "GHS", "INR", "KES", "KWD", "USD", "ZAR", "ZMW"])
def test_every_note_key_is_a_note_of_the_drawer(code: str) -> None:
    currency = Currency(code, 3 if code == "KWD" else 2)
    assert set(note_keys(currency)) <= set(pieces_of(currency))


@given(st.lists(st.integers(0, 500), min_size=12, max_size=12))
def test_a_count_by_pieces_and_its_text_agree(many: list[int]) -> None:
    values = [each.minor for each in pieces_of(RAND)]
    pieces = dict(zip(values, many, strict=True))
    counted = count_pieces(pieces, RAND)
    assert counted.total.minor == sum(value * number for value, number in pieces.items())
    text = " ".join(f"{Money(value, RAND).plain()}x{number}" for value, number in pieces.items())
    assert parse_count(text, RAND) == counted
    assert parse_count(counted.total.plain(), RAND).total == counted.total


@pytest.mark.parametrize(
    ("code", "decimals", "published"),
    [
        # Bank of Zambia, public notice of 11 February 2025
        ("ZMW", 2, "500 200 100 50 20 10 5 2 1 0.50 0.10 0.05"),
        # coins: SA Mint, 20 October 2021
        ("ZAR", 2, "200 100 50 20 10 5 2 1 0.50 0.20 0.10 0.05"),
        # Central Bank of Kenya: notes of 2019, coins of 2018, and older ones still valid
        ("KES", 2, "1000 500 200 100 50 40 20 10 5 1 0.50"),
    ],
)
def test_notes_and_coins_are_those_that_central_banks_publish(
    code: str, decimals: int, published: str
) -> None:
    currency = Currency(code, decimals)
    ours = [each.amount() for each in pieces_of(currency)]
    assert ours == [Decimal(value) for value in published.split()]
