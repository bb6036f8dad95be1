"""Reading what a cashier types."""

from __future__ import annotations

import pytest

from pos_app.domain.errors import PosError
from pos_app.domain.money import Currency, Money
from pos_app.ui.presenters.typed import Asked, is_scan, is_whole_number, read_asked

RAND, YEN = Currency("ZAR", 2), Currency("JPY", 0)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("50", Asked(amount=Money(5000, RAND))),
        ("50.", Asked(amount=Money(5000, RAND))),
        ("50.5", Asked(amount=Money(5050, RAND))),
        ("u40", Asked(tenths=400)),
        ("U 40.5", Asked(tenths=405)),
        ("/40.", Asked(tenths=400)),
        ("", None),
        ("u", None),
        ("/", None),
    ],
)
def test_money_is_plain_and_units_have_a_sign(typed: str, asked: Asked | None) -> None:
    assert read_asked(typed, RAND) == asked


@pytest.mark.parametrize("typed", ["-5", "5e3", "u-1", "uu4", "u4.55", "\u0665\u0660", "nan", "."])
def test_nothing_else_is_read(typed: str) -> None:
    with pytest.raises(PosError):
        read_asked(typed, RAND)


def test_a_currency_without_decimals_has_none() -> None:
    assert read_asked("5000", YEN) == Asked(amount=Money(5000, YEN))
    with pytest.raises(PosError):
        read_asked("50.5", YEN)


@pytest.mark.parametrize("typed", ["07124482166", "600727071244821660", "0712448216"])
def test_ten_digits_in_a_row_are_a_scan_and_never_an_amount(typed: str) -> None:
    assert is_scan(typed)


@pytest.mark.parametrize("typed", ["1000000", "100.00", "u123456789", "", "1 000 000 000"])
def test_amounts_are_no_scans(typed: str) -> None:
    assert not is_scan(typed)


def test_a_whole_number_has_11_13_or_18_digits() -> None:
    assert is_whole_number("0712 4482 166")
    assert is_whole_number("6007270712448216 60")
    assert not is_whole_number("0712448216")
    assert not is_whole_number("0712448216a")
