"""Key changes from the command line: asked for, sold, shown, given again, counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.program import shop_of_today, tokentill
from tests.shops import HIGHVELD, LAGOON


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shop_of_today(tmp_path_factory.mktemp("commands"))


def test_what_is_asked_of_a_tariff_comes_with_the_next_sale_and_can_be_given_again(
    shop: Path, tmp_path: Path
) -> None:
    ask = ("key-change", "ask", "--utility", "highveld", "--tariff", "highveld-light", "--ti", "7")
    refused = tokentill(shop, *ask, "--operator", "ama")
    assert "supervisor" in refused.refusal()
    asked = tokentill(shop, *ask, "--operator", "grace")
    assert "TI 07" in asked.out
    (listed,) = tokentill(shop, "key-change", "asks", "--json").json()["asks"]
    assert (listed["utility"], listed["ti"], listed["krn"]) == ("highveld", 7, None)

    due = tokentill(shop, "key-change", "show", HIGHVELD, "--json").json()["due"]
    assert (due["new"]["ti"], due["tokens"]) == (7, 2)
    assert "2 tokens" in tokentill(shop, "key-change", "show", HIGHVELD).out
    assert tokentill(shop, "lookup", HIGHVELD, "--json").json()["card"]["key_change_tokens"] == 2

    sold = tokentill(shop, "sell", "--meter", HIGHVELD, "--amount", "50", "--json").json()
    change = sold["key_change"]
    assert (change["old"]["ti"], change["new"]["ti"], len(change["digits"])) == (1, 7, 2)
    slip = tmp_path / "again.png"
    again = tokentill(shop, "key-change", "reissue", HIGHVELD, "--json", "--slip", str(slip))
    assert again.json()["digits"] == change["digits"]
    assert slip.stat().st_size > 1000
    told = tokentill(shop, "key-change", "reissue", HIGHVELD, "--receipt", sold["receipt"]).out
    assert "the numbers are the same every time" in told
    for digits in change["digits"]:
        assert digits in "".join(told.split())

    (row,) = tokentill(shop, "key-change", "show", HIGHVELD, "--json").json()["changes"]
    assert (row["state"], row["given_again"]) == ("issued", 2)
    later = tokentill(shop, "sell", "--meter", HIGHVELD, "--amount", "60", "--json").json()
    assert later["key_change"] is None
    (row,) = tokentill(shop, "key-change", "show", "--json").json()["changes"]
    assert (row["state"], row["confirmed_by"]) == ("confirmed", later["receipt"])
    assert later["receipt"] in tokentill(shop, "key-change", "show").out
    drop = ("key-change", "drop", "--utility", "highveld", "--tariff", "highveld-light")
    assert tokentill(shop, *drop, "--operator", "grace").code == 0
    assert "highveld" in tokentill(shop, *drop, "--operator", "grace").refusal()


def test_base_dates_are_counted_and_only_some_may_read_the_names(shop: Path) -> None:
    rows = tokentill(shop, "key-change", "rollover", "--json").json()["rows"]
    assert {(row["utility"], row["base"], row["wanted"]) for row in rows} == {
        ("highveld", 2014, 2014),
        ("lagoon", 2014, 2014),
        ("lakeside", 2014, 2014),
    }
    assert sum(row["meters"] for row in rows) == 60
    assert all(row["ends"] == "2045-11-24" for row in rows)
    text = tokentill(shop, "key-change", "rollover").out
    assert "on base date 2014, good until 2045-11-24" in text
    assert tokentill(shop, "key-change", "rollover", "--meters", "5").code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("reissue", LAGOON),
        ("show", "14123456784"),
        ("ask", "--utility", "highveld"),
        ("ask", "--utility", "highveld", "--krn", "12"),
        ("ask", "--utility", "nowhere", "--ti", "3"),
        ("ask", "--utility", "highveld", "--base", "2035"),
        ("ask", "--utility", "highveld", "--sgc", "abc"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(shop: Path, arguments: tuple[str, ...]) -> None:
    assert tokentill(shop, "key-change", *arguments, "--operator", "grace").refusal()
