"""Reading what a cashier types."""

from __future__ import annotations

import pytest

from pos_app.domain.errors import PosError
from pos_app.domain.money import Currency, Money
from pos_app.domain.usual import Usage, UsageUnknown
from pos_app.ui.presenters.typed import (
    Asked,
    is_scan,
    is_whole_number,
    named_no_money,
    read_asked,
)

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


USAGE = Usage(500, 10)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("d30", Asked(tenths=1500, pace=USAGE)),
        ("D 7", Asked(tenths=350, pace=USAGE)),
        ("//30", Asked(tenths=1500, pace=USAGE)),
        ("d30/", Asked(tenths=1500, pace=USAGE)),
        ("d30/2.5", Asked(tenths=750, pace=Usage(25, 1))),
        ("//30/2.", Asked(tenths=600, pace=Usage(20, 1))),
        ("d", None),
        ("//", None),
    ],
)
def test_days_have_a_sign_and_take_the_meters_use_or_the_one_that_is_typed(
    typed: str, asked: Asked | None
) -> None:
    assert read_asked(typed, RAND, USAGE) == asked


@pytest.mark.parametrize("typed", ["d0", "d-1", "dd3", "///3", "d3.5", "d400", "d3/x", "ud3"])
def test_no_other_days_are_read(typed: str) -> None:
    with pytest.raises(PosError):
        read_asked(typed, RAND, USAGE)


def test_days_of_a_meter_that_nobody_knows_need_a_use() -> None:
    with pytest.raises(UsageUnknown):
        read_asked("d30", RAND)
    assert read_asked("d30/4", RAND) == Asked(tenths=1200, pace=Usage(40, 1))


@pytest.mark.parametrize("typed", ["u1", "/1", "d1", "//1", " D1"])
def test_units_and_days_are_answered_with_money(typed: str) -> None:
    assert named_no_money(typed)
    assert not named_no_money(typed.strip().lstrip("uUdD/"))


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
