"""Cases of STS 531 driven through the till: a shop, its keys, its clock, and a sale."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pos_app.adapters.vault.errors import KeyNotInForce
from pos_app.domain.meter_key import MeterKey
from tests.key_meters import KeyShop, held_by

DRIVEN: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "data" / "driven" / "sts531.json").read_text(encoding="utf-8")
)
KEYS = {name: bytes.fromhex(key) for name, key in DRIVEN["keys"].items()}


@pytest.fixture
def till(tmp_path: Path) -> Iterator[KeyShop]:
    shop = KeyShop(tmp_path)
    yield shop
    shop.close()


LONG_AGO = "2020-01-01 00:00"


@pytest.mark.parametrize("case", DRIVEN["changes"], ids=lambda case: case["id"])
def test_a_sale_changes_the_key_with_the_published_digits(
    till: KeyShop, case: dict[str, Any]
) -> None:
    old, new = MeterKey(*case["old"]), MeterKey(*case["new"])
    till.go_to(case["at"])
    till.meter(case["drn"], old)
    till.vend_under(old, KEYS[case["vending"]], LONG_AGO)
    till.vend_under(new, KEYS[case["vending"]])
    if (old.sgc, old.ti) != (new.sgc, new.ti):
        till.meter(case["drn"], new)
    sale = till.sell(case["drn"], case.get("tenths", 10))
    change = sale.key_change
    assert change is not None
    for expected, got in zip(case["digits"], change.digits, strict=True):
        assert got == expected or expected is None
    if "credit" in case:
        assert sale.tokens[-1].digits == case["credit"]
    assert held_by(till.shop, case["drn"]) == new


def test_no_token_is_made_under_an_expired_key(till: KeyShop) -> None:
    case = DRIVEN["expired"]
    key = MeterKey(*case["key"])
    till.go_to(case["before"])
    till.meter(case["drn"], key)
    till.vend_under(key, KEYS[case["vending"]], LONG_AGO)
    assert till.sell(case["drn"]).meter.ken == key.ken
    till.go_to(case["at"])
    with pytest.raises(KeyNotInForce):
        till.sell(case["drn"])


def test_no_key_change_leads_to_an_expired_key(till: KeyShop) -> None:
    case = DRIVEN["expired"]
    expired = MeterKey(*case["key"])
    present = replace(expired, sgc="201461", krn=8, ken=255)
    till.go_to(case["at"])
    till.meter(case["drn"], present)
    till.vend_under(present)
    till.vend_under(expired, since=LONG_AGO)
    till.meter(case["drn"], expired)
    with pytest.raises(KeyNotInForce):
        till.sell(case["drn"])
    assert held_by(till.shop, case["drn"]) == present


def test_the_reserved_minute_is_left_out_and_a_minute_gives_several_tokens(till: KeyShop) -> None:
    case = DRIVEN["minute"]
    till.go_to(case["at"])
    till.meter(case["drn"], MeterKey("201457", 1, 1, 255, 2, 7, 4, 2014))
    tokens = [till.sell(case["drn"], case["tenths"]).tokens[-1] for _ in case["tids"]]
    assert [token.tid for token in tokens] == case["tids"]
    for token, expected in zip(tokens, case["digits"], strict=True):
        assert token.digits == expected or expected is None
