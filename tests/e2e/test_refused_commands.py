"""What a shell may get wrong: one clear sentence, exit code 1, nothing sold, no secret told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pos_app.domain.errors import PosError
from tests.e2e.program import PASSPHRASE, handed_over, shop_of_today, tokentill
from tests.shops import HIGHVELD, opened

WRONG_DIGIT = HIGHVELD[:-1] + str((int(HIGHVELD[-1]) + 1) % 10)
SELL = ("sell", "--meter", HIGHVELD, "--amount", "50", "--json")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return shop_of_today(tmp_path)


@pytest.fixture(scope="module")
def unsold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop in which nothing is ever sold, for all the tests that only get refused."""
    return shop_of_today(tmp_path_factory.mktemp("unsold"))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"--amount": "NaN"}, "amount-invalid"),
        ({"--amount": "٣"}, "amount-invalid"),
        ({"--amount": "\udcff"}, "amount-invalid"),
        ({"--meter": WRONG_DIGIT}, "drn-check-digit"),
        ({"--meter": "\udcff\udcfe"}, "drn-invalid"),
        ({"--tender": "cash:49"}, "tender-short"),
        ({"--tender": "cash:50.05"}, "cash-not-in-coins"),
        ({"--sale-id": "\udcff"}, "order-invalid"),
        ({"--operator": "nobody"}, "secret-missing"),
    ],
)
def test_what_is_mistyped_sells_nothing(unsold: Path, changed: dict[str, str], code: str) -> None:
    options = {"--meter": HIGHVELD, "--amount": "50"} | changed
    ran = tokentill(unsold, "sell", "--json", *(part for pair in options.items() for part in pair))
    told = ran.json()["error"]
    assert (told["code"], told["message"]) == (code, ran.refusal())


def test_nothing_of_all_that_was_sold(unsold: Path) -> None:
    assert tokentill(unsold, "sales", "--json").json() == {"sales": []}


def test_a_number_on_a_card_and_one_with_spaces_are_the_meter(shop: Path) -> None:
    pan = tokentill(shop, "lookup", HIGHVELD, "--json").json()["card"]["pan"]
    spaced = f" {HIGHVELD[:4]} {HIGHVELD[4:8]}-{HIGHVELD[8:]} "
    for typed, amount in ((pan, "50"), (spaced, "60")):
        sale = tokentill(shop, "sell", "--meter", typed, "--amount", amount, "--json").json()
        assert sale["meter"] == HIGHVELD


def test_a_pin_may_come_from_the_environment_or_a_descriptor(shop: Path) -> None:
    held = {"TOKENTILL_OPERATOR": "tendai", "TOKENTILL_PIN": "2222"}
    assert tokentill(shop, *SELL, env=held).json()["operator"] == "tendai"
    reading = handed_over("3333\n")
    try:
        by_grace = ["--operator", "grace", "--pin-fd", str(reading), "--again"]
        ran = tokentill(shop, *SELL, *by_grace, env={"TOKENTILL_PIN": "9876"}, fds=(reading,))
    finally:
        os.close(reading)
    assert ran.json()["operator"] == "grace"


def test_the_passphrase_may_come_from_the_environment_or_a_descriptor(shop: Path) -> None:
    right = {"TOKENTILL_PASSPHRASE": PASSPHRASE}
    assert tokentill(shop, "status", env=right).code == 0
    wrong = {"TOKENTILL_PASSPHRASE": "correct-horse-battery"}
    assert "passphrase is wrong" in tokentill(shop, "status", env=wrong).refusal()
    reading = handed_over(f"{PASSPHRASE}\n")
    try:
        ran = tokentill(shop, "status", "--passphrase-fd", str(reading), env=wrong, fds=(reading,))
    finally:
        os.close(reading)
    assert ran.code == 0


def test_a_descriptor_that_is_closed_is_no_secret(unsold: Path) -> None:
    for option in ("--pin-fd", "--passphrase-fd"):
        ran = tokentill(unsold, *SELL, "--operator", "ama", option, "977")
        assert ran.json()["error"]["code"] == "secret-missing"
        assert "is needed" in ran.refusal()


def test_without_a_terminal_nobody_is_asked_for_a_secret(unsold: Path) -> None:
    settle = tokentill(unsold, "clock", "settle")
    assert "--operator" in settle.refusal()
    no_pin = tokentill(unsold, "clock", "settle", "--operator", "grace")
    assert "TOKENTILL_PIN" in no_pin.refusal()
    cashier = {"TOKENTILL_OPERATOR": "ama", "TOKENTILL_PIN": "1111"}
    assert "supervisor" in tokentill(unsold, "clock", "settle", env=cashier).refusal()


def test_wrong_pins_lock_the_operator_out_across_programs(shop: Path) -> None:
    inside = opened(shop)
    for _ in range(3):
        with pytest.raises(PosError):
            inside.desk.sign_in("ama", "8642")
    inside.close()
    wrong = {"TOKENTILL_PIN": "8642", "TOKENTILL_OPERATOR": "ama"}
    told = [tokentill(shop, *SELL, env=wrong).json()["error"] for _ in range(2)]
    assert [each["facts"].get("tries_left") for each in told] == ["1", "0"]
    right = {"TOKENTILL_PIN": "1111", "TOKENTILL_OPERATOR": "ama"}
    locked = tokentill(shop, *SELL, env=right)
    assert locked.json()["error"]["code"] == "pin-locked"
    assert "Wait" in locked.refusal()
    other = {"TOKENTILL_PIN": "2222", "TOKENTILL_OPERATOR": "tendai"}
    assert tokentill(shop, *SELL, env=other).code == 0


def test_an_operator_who_does_not_exist_is_told_so(unsold: Path) -> None:
    ran = tokentill(unsold, *SELL, "--operator", "nobody", env={"TOKENTILL_PIN": "7531"})
    assert ran.json()["error"]["code"] == "operator-unknown"
    assert "nobody" in ran.refusal()


def test_half_a_command_is_explained(unsold: Path) -> None:
    for arguments in (
        ("sell",),
        ("sell", "--meter", HIGHVELD),
        ("quote", "--meter", HIGHVELD, "--amount", "5", "--units", "5"),
        ("reprint", "TRAIN1-A000001", "--reason", "bored"),
    ):
        ran = tokentill(unsold, *arguments)
        assert (ran.code, ran.out, "Usage:" in ran.err) == (2, "", True)


def test_what_is_asked_for_and_not_there_is_told(unsold: Path) -> None:
    assert "no receipt" in tokentill(unsold, "reprint", "TRAIN1-A000009").refusal()
    other = tokentill(unsold, "token", "decode", "12345678901234567890", "--meter", HIGHVELD)
    assert "not for this meter" in other.refusal()
    short = tokentill(unsold, "token", "decode", "6979", "--meter", HIGHVELD, "--json")
    assert short.json()["error"]["code"] == "token-format"
