from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.sts.errors import DrnCheckDigit, DrnInvalid, NotEstablished
from pos_app.sts.identity import (
    luhn_digit,
    luhn_ok,
    meter_pan,
    pan_block,
    parse_drn,
    parse_meter_number,
)

DIGITS = st.text("0123456789", min_size=1, max_size=30)


def schoolbook_luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


@given(DIGITS)
def test_check_digits_follow_the_schoolbook_rule(digits: str) -> None:
    completed = digits + luhn_digit(digits)
    assert schoolbook_luhn(completed)
    assert luhn_ok(completed)


@given(DIGITS, st.data())
def test_one_wrong_digit_is_always_noticed(digits: str, data: st.DataObject) -> None:
    right = digits + luhn_digit(digits)
    place = data.draw(st.integers(0, len(right) - 1))
    wrong = (int(right[place]) + data.draw(st.integers(1, 9))) % 10
    assert not luhn_ok(right[:place] + str(wrong) + right[place + 1 :])


@pytest.mark.parametrize(
    ("drn", "pan"),
    [
        ("00000000000", "600727000000000009"),
        ("0100000000008", "000001000000000082"),
        ("11111111115", "600727111111111153"),
    ],
)
def test_a_pan_is_issuer_drn_and_check_digit(drn: str, pan: str) -> None:
    assert meter_pan(drn) == pan
    assert parse_meter_number(pan).digits == drn
    assert parse_meter_number(drn) == parse_drn(drn)


def test_a_drn_tells_maker_serial_and_issuer() -> None:
    short, long = parse_drn("11111111115"), parse_drn("0100000000008")
    assert (short.manufacturer, short.serial, short.issuer) == ("11", "11111111", "600727")
    assert (long.manufacturer, long.serial, long.issuer) == ("0100", "00000000", "0000")


@pytest.mark.parametrize("typed", ["1111 111 1115", " 11111-11111-5 ", "6007 2711 1111 1111 53"])
def test_spaces_and_hyphens_do_not_matter(typed: str) -> None:
    assert parse_meter_number(typed).digits == "11111111115"


@pytest.mark.parametrize(
    "typed", ["12345678904", "11111111113", "600727111111111154", "600727111111111252"]
)
def test_a_mistyped_digit_is_named_as_such(typed: str) -> None:
    with pytest.raises(DrnCheckDigit):
        parse_meter_number(typed)


@pytest.mark.parametrize(
    "typed", ["", "1234", "1111111111a", "\u0661" * 11, "123456789012", "123456789012345675"]
)
def test_what_is_no_meter_number_is_refused(typed: str) -> None:
    with pytest.raises(DrnInvalid):
        parse_meter_number(typed)


@pytest.mark.parametrize("digits", ["", "0", "1a", "\uff14\uff12"])
def test_luhn_says_no_to_what_is_not_digits(digits: str) -> None:
    assert not luhn_ok(digits)


def test_the_pan_block_leaves_out_first_and_last_digit() -> None:
    assert pan_block("600727", "12345678903", 2) == "0072712345678903"
    assert pan_block("0000", "0100000000008", 2) == "0000100000000008"


def test_a_common_key_has_no_drn_and_is_not_settled_for_13_digits() -> None:
    assert pan_block("600727", "12345678903", 3) == "0072700000000000"
    with pytest.raises(NotEstablished) as caught:
        pan_block("0000", "0100000000008", 3)
    assert caught.value.facts == {"what": "dctk-pan-block"}


def test_a_pan_block_needs_17_digits() -> None:
    with pytest.raises(DrnInvalid):
        pan_block("600727", "1234567890", 2)
