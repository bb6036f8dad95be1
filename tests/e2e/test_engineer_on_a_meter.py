"""Tokens of the engineering desk keyed into virtual meters, which read them by their own code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.program import shop_of_today, tokentill
from tests.shops import HIGHVELD

WORK = ("--operator", "kwame", "--work-order", "WO-1", "--reason", "visit", "--json")
APPROVED = (*WORK, "--approver", "grace")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    shop = shop_of_today(tmp_path)
    tokentill(shop, "meter", "new", "--meter", HIGHVELD)
    return shop


def token(shop: Path, *command: str) -> str:
    made = tokentill(shop, *command).json()
    return str(made["tokens"][0]["digits"])


def keyed(shop: Path, digits: str, drn: str = HIGHVELD) -> dict[str, Any]:
    """Return what the meter answered, with its face."""
    told = tokentill(shop, "meter", "enter", digits, "--meter", drn, "--json").json()
    answer: dict[str, Any] = told["answers"][-1]
    return answer | {"face": told["face"]}


def result(answer: dict[str, Any]) -> str:
    return str(answer["result"]["name"])


def test_units_nobody_paid_for_arrive_once_and_can_be_cleared(shop: Path) -> None:
    free = token(shop, "grant", "free-issue", HIGHVELD, "50", *APPROVED)
    assert keyed(shop, free)["face"]["credit"] == "50.000000000"
    assert result(keyed(shop, free)) != "accept"
    cleared = keyed(
        shop, token(shop, "engineer", "clear-credit", HIGHVELD, "--lost", "50", *APPROVED)
    )
    assert (result(cleared), cleared["face"]["credit"]) == ("accept", "0.000000000")
    assert cleared["face"]["supply"] is False


def test_a_household_limit_holds_and_the_meter_says_it_back(shop: Path) -> None:
    keyed(shop, token(shop, "grant", "free-issue", HIGHVELD, "50", *APPROVED))
    limit = keyed(shop, token(shop, "engineer", "power-limit", HIGHVELD, "20A", *WORK))
    assert limit["shown"] == [{"name": "power-limit", "value": 4600}]
    asked = token(shop, "engineer", "test", "power-limit", "--operator", "ama", "--json")
    assert keyed(shop, asked)["shown"] == [{"name": "power-limit", "value": 4600}]
    run = tokentill(
        shop, "meter", "run", "--minutes", "10", "--load", "5000", "--meter", HIGHVELD, "--json"
    )
    assert "overload" in run.out


def test_tamper_is_cleared_only_by_its_token(shop: Path) -> None:
    keyed(shop, token(shop, "grant", "free-issue", HIGHVELD, "50", *APPROVED))
    tokentill(shop, "meter", "do", "open-cover", "--meter", HIGHVELD)
    shown = tokentill(shop, "meter", "show", "--meter", HIGHVELD, "--json").json()["face"]
    assert "tamper" in shown["cuts"]
    cleared = keyed(shop, token(shop, "engineer", "clear-tamper", HIGHVELD, *WORK))
    assert "tamper" not in cleared["face"]["cuts"]


def test_a_replacement_counts_where_the_first_token_was_lost(shop: Path) -> None:
    sale = tokentill(shop, "sell", "--meter", HIGHVELD, "--amount", "50", "--json").json()
    tokentill(shop, "reprint", sale["receipt"])
    again = token(shop, "grant", "replace", sale["receipt"], *APPROVED)
    assert again != sale["tokens"][0]["digits"]
    assert float(keyed(shop, again)["face"]["credit"]) == float(sale["units"])


def test_the_credit_of_a_burned_meter_comes_up_on_the_new_one(shop: Path) -> None:
    found = tokentill(shop, "lookup", "a", "--json").json()["meters"]
    cards = (
        tokentill(shop, "lookup", each["meter"], "--json").json()["card"]
        for each in found
        if each["meter"] != HIGHVELD and not each["blocked"]
    )
    spare = next(card["meter"] for card in cards if card["tariff"] == "highveld-light")
    tokentill(shop, "meter", "new", "--meter", spare)
    carried = token(shop, "grant", "exchange", HIGHVELD, spare, "73.5", *APPROVED)
    assert keyed(shop, carried, spare)["face"]["credit"] == "73.500000000"
    assert result(keyed(shop, carried)) != "accept"


def test_what_is_not_established_is_carried_bit_for_bit(shop: Path) -> None:
    for command in ("tariff-rate", "extended-set"):
        digits = token(shop, "engineer", command, HIGHVELD, "0x0102", *WORK)
        decoded = tokentill(shop, "token", "decode", digits, "--meter", HIGHVELD, "--json").out
        assert "258" in decoded
        assert result(keyed(shop, digits)) in {"accept", "function"}
