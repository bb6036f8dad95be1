"""A live shop from nothing: made, refused, and taken over by its two supervisors."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos_app.exchange.signing import SigningKey
from tests.e2e.program import shop_of_today, tokentill

PHRASE = "quarry velvet anthem pickle"
ENV = {
    "TOKENTILL_NEW_PASSPHRASE": PHRASE,
    "TOKENTILL_PASSPHRASE": PHRASE,
    "TOKENTILL_PIN": "5927",
    "TOKENTILL_SECOND_PIN": "8046",
}
MADE = (
    *("shop", "create", "--till", "TILL7", "--name", "Mbare Shop 3", "--offset", "120"),
    *("--supervisor", "zola:Zola", "--supervisor", "sipho:Sipho"),
)
PAIR = ("--operator", "zola", "--second", "sipho")


def test_a_live_shop_is_made_and_trusts_an_authority(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    ran = tokentill(shop, *MADE, env=ENV)
    assert ran.code == 0, ran
    assert tokentill(shop, "journal", "verify", env=ENV).code == 0
    people = tokentill(shop, "operator", "list", "--json", env=ENV).json()["operators"]
    assert [(each["id"], each["role"]) for each in people] == [
        ("sipho", "supervisor"),
        ("zola", "supervisor"),
    ]
    key = SigningKey(bytes(32)).public.hex()
    assert tokentill(shop, "keys", "trust", "Grid", key, *PAIR, env=ENV).code == 0
    env = {**ENV, "TOKENTILL_NEW_PIN": "6153"}
    added = tokentill(shop, "operator", "add", "ama", "Ama", "--operator", "zola", env=env)
    assert added.code == 0, added
    gone = tokentill(shop, "operator", "retire", "sipho", "--operator", "zola", env=ENV)
    assert "at least 2" in gone.refusal()
    assert "already" in tokentill(shop, *MADE, env=ENV).refusal()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"TOKENTILL_NEW_PASSPHRASE": "Password123!"}, "easy to guess"),
        ({"TOKENTILL_PIN": "1234"}, "no good PIN"),
        ({"till": "till 7"}, "cannot be a name"),
        ({"sipho:Sipho": "zola:Zola"}, "cannot be both"),
        ({"zola:Zola": "Zola!:Zola"}, "cannot be an operator"),
    ],
    ids=str,
)
def test_a_bad_beginning_leaves_nothing(tmp_path: Path, change: dict[str, str], said: str) -> None:
    swaps = {"TILL7": change["till"]} if "till" in change else change
    arguments = [swaps.get(each, each) for each in MADE]
    env = {name: change.get(name, value) for name, value in ENV.items()}
    assert said in tokentill(tmp_path / "shop", *arguments, env=env).refusal()
    assert list(tmp_path.iterdir()) == []


def test_meters_come_in_from_a_file_and_a_bad_line_is_named(tmp_path: Path) -> None:
    shop, file = shop_of_today(tmp_path), tmp_path / "meters.csv"
    head = "drn,name,utility,tariff,commodity,sgc,krn,ti,ken,kt,ea,dkga,base\n"
    file.write_text(
        head + "11111111115,NEW,highveld,highveld-light,electricity,201457,1,1,255,2,7,4,2014\n"
    )
    taken = tokentill(shop, "shop", "import-meters", str(file), "--operator", "grace")
    assert (taken.code, taken.out) == (0, "Meters taken: 1\n")
    sold = tokentill(shop, "sell", "--meter", "11111111115", "--amount", "50", "--json")
    assert sold.code == 0, sold
    file.write_text(head + "11111111115,NEW\n")
    refused = tokentill(shop, "shop", "import-meters", str(file), "--operator", "grace")
    assert "Line 2" in refused.refusal()
