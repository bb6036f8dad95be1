"""The whole way: a training shop sells, the token is keyed into a meter, supply runs out."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pos_app.adapters.vault.header import Argon2Cost
from pos_app.application.records import ShopIdentity, ShopMode
from pos_app.bootstrap.shop import ShopPlan, create_shop
from tests.e2e.program import Ran, shop_of_today, tokentill
from tests.shops import HIGHVELD, LAGOON, LAKESIDE


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop with a virtual meter of each utility, one token sold for each."""
    shop = shop_of_today(tmp_path_factory.mktemp("model"))
    for drn in (HIGHVELD, LAGOON, LAKESIDE):
        assert tokentill(shop, "meter", "new", "--meter", drn).code == 0
    return shop


@pytest.fixture
def shop(model: Path, tmp_path: Path) -> Path:
    shutil.copytree(model, tmp_path / "shop")
    return tmp_path / "shop"


def sold(shop: Path, drn: str, amount: str) -> dict[str, Any]:
    sale: dict[str, Any] = tokentill(
        shop, "sell", "--meter", drn, "--amount", amount, "--json"
    ).json()
    return sale


def token_of(sale: dict[str, Any]) -> str:
    (token,) = {value for value in strings(sale) if len(value.replace(" ", "")) == 20}
    return token


def strings(value: object) -> list[str]:
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return [text for each in inner for text in strings(each)]
    return [value] if isinstance(value, str) and value.replace(" ", "").isdigit() else []


def keyed(shop: Path, drn: str, *typed: str) -> Ran:
    return tokentill(shop, "meter", "enter", *typed, "--meter", drn)


@pytest.mark.parametrize(
    ("drn", "amount"), [(HIGHVELD, "50"), (LAGOON, "5000"), (LAKESIDE, "10000")]
)
def test_what_the_till_sells_the_meter_takes_once_to_the_last_tenth(
    shop: Path, drn: str, amount: str
) -> None:
    sale = sold(shop, drn, amount)
    digits = token_of(sale)
    grouped = [digits[at : at + 4] for at in range(0, 20, 4)]
    ran = tokentill(shop, "meter", "enter", *grouped, "--meter", drn, "--json").json()
    assert ran["answers"][0]["result"] == {"number": 1, "name": "accept"}
    assert Decimal(ran["face"]["credit"]) == Decimal(sale["units"])
    assert ran["face"]["supply"] is True
    again = keyed(shop, drn, digits)
    assert "used" in again.refusal()
    for other in {HIGHVELD, LAGOON, LAKESIDE} - {drn}:
        assert "mistyped" in keyed(shop, other, digits).refusal()


def test_credit_is_used_up_to_the_second_and_the_reason_is_told(shop: Path) -> None:
    sale = sold(shop, HIGHVELD, "50")
    keyed(shop, HIGHVELD, token_of(sale))
    # to local midnight and into the day, when no friendly hours hold
    day = ("--hours", "48", "--load", "0", "--meter", HIGHVELD)
    tokentill(shop, "meter", "run", *day)
    at = tokentill(shop, "meter", "show", "--meter", HIGHVELD, "--json").json()["face"]["at"]
    offset = json.loads((shop / "meters" / f"{HIGHVELD}.json").read_text())["meter"]["profile"]
    to_noon = (12 * 3600 - at - offset["offset_minutes"] * 60) % 86_400
    wait = ("--seconds", str(to_noon), "--meter", HIGHVELD)
    tokentill(shop, "meter", "run", *wait)
    watts = 100_000
    seconds = -(-int(Decimal(sale["units"]) * 3_600_000) // watts)
    most = ("--seconds", str(seconds - 1), "--load", str(watts), "--meter", HIGHVELD, "--json")
    assert tokentill(shop, "meter", "run", *most).json()["face"]["supply"] is True
    last = ("--seconds", "1", "--load", str(watts), "--meter", HIGHVELD)
    ran = tokentill(shop, "meter", "run", *last)
    assert "off because of: no credit" in ran.out
    asked = tokentill(shop, "meter", "do", "emergency", "--meter", HIGHVELD)
    assert "supply: on" in asked.out


def test_several_tokens_are_entered_in_turn_until_one_is_refused(shop: Path) -> None:
    first, second = token_of(sold(shop, HIGHVELD, "50")), token_of(sold(shop, HIGHVELD, "60"))
    ran = tokentill(shop, "meter", "enter", first, first, second, "--meter", HIGHVELD, "--json")
    assert ran.code == 1
    assert [each["result"]["name"] for each in ran.json()["answers"]] == ["accept", "used"]
    assert keyed(shop, HIGHVELD, second).code == 0


def test_a_meter_on_another_key_refuses_what_the_shop_sells_now(shop: Path) -> None:
    (shop / "meters" / f"{LAGOON}.json").unlink()
    old = ("--meter", LAGOON, "--krn", "1", "--ti", "9", "--ken", "200", "--json")
    made = tokentill(shop, "meter", "new", *old).json()
    assert (made["key"]["krn"], made["key"]["ti"], made["key"]["ken"]) == (1, 9, 200)
    refusal = keyed(shop, LAGOON, token_of(sold(shop, LAGOON, "5000"))).refusal()
    assert "another key" in refusal


def test_a_meter_shows_its_tests_and_its_face_and_never_its_key(shop: Path) -> None:
    assert "KRN / KT: 1 / 2" in keyed(shop, HIGHVELD, "1844 6744 0738 4377 2416").out
    shown = tokentill(shop, "meter", "show", "--meter", HIGHVELD)
    key = json.loads((shop / "meters" / f"{HIGHVELD}.json").read_text())["meter"]["state"]["held"]
    assert "SGC 201457" in shown.out
    for ran in (shown, tokentill(shop, "meter", "show", "--meter", HIGHVELD, "--json")):
        assert key["key"] not in ran.out.lower()
    assert tokentill(shop, "meter", "list").out.split() == [HIGHVELD, LAGOON, LAKESIDE]


def test_a_shop_that_sells_for_money_has_no_virtual_meters(tmp_path: Path) -> None:
    """Its folder is not even opened: no passphrase is asked for, no key is read."""
    identity = ShopIdentity("REAL01", "A shop", ShopMode.LIVE)
    plan = ShopPlan(identity, Argon2Cost(8192, 1, 1), (), (), (), lambda _: (), (), ())
    create_shop(tmp_path / "real", "a long passphrase", plan)
    for arguments in (("new", "--meter", HIGHVELD), ("enter", "1" * 20)):
        refusal = tokentill(tmp_path / "real", "meter", *arguments).refusal()
        assert "training shop" in refusal
    assert not (tmp_path / "real" / "meters").exists()
