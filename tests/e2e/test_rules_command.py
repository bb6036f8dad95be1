"""``shift rules``: said, set by a supervisor, journalled, in force at the next sale."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.program import shop_of_today, tokentill
from tests.shops import HIGHVELD

GRACE = ("--operator", "grace")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return shop_of_today(tmp_path)


def test_a_rule_is_set_said_and_in_force(shop: Path) -> None:
    ran = tokentill(shop, "shift", "rules", "shift-sales", "ZAR:60", "UGX:900000", *GRACE, "--json")
    assert ran.code == 0, ran.err
    assert ran.json()["rules"]["shift_sales"] == {"UGX": "900000", "ZAR": "60.00"}
    assert tokentill(shop, "shift", "rules", "commission", "highveld:2.5", *GRACE).code == 0
    said = tokentill(shop, "shift", "rules").out.splitlines()
    assert "shift-sales: UGX 900000, ZAR 60.00" in said
    assert "commission: highveld 2.5" in said
    assert "drop-above: no rule" in said
    held = json.loads((shop / "settings.json").read_text())["shifts"]
    assert held["commission"] == {"highveld": "2.5"}
    first = tokentill(shop, "sell", "--meter", HIGHVELD, "--amount", "50", "--tender", "cash:50")
    assert first.code == 0
    more = tokentill(shop, "sell", "--meter", HIGHVELD, "--amount", "20", "--tender", "cash:20")
    assert "60.00" in more.refusal()
    assert tokentill(shop, "journal", "verify").code == 0
    assert tokentill(shop, "shift", "rules", "shift-sales", *GRACE).code == 0
    again = tokentill(shop, "sell", "--meter", HIGHVELD, "--amount", "20", "--tender", "cash:20")
    assert again.code == 0


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("drop-above", "ZAR:many", *GRACE), "many is no value for drop-above (ZAR)"),
        (("drop-above", "ZAR:-5", *GRACE), "-5 is no value"),
        (("drop-above", "EUR:5", *GRACE), "There is no rule drop-above EUR:5"),
        (("commission", "nobody:5", *GRACE), "highveld:2.5"),
        (("commission", "highveld:120", *GRACE), "120 is no value for commission"),
        (("opening", "never", *GRACE), "by-mode, auto, required"),
        (("day-limit", "ZAR:5", *GRACE), "What there is: drop-above"),
        (("drop-above", "ZAR:5", "--operator", "ama"), "supervisor"),
    ],
)
def test_what_cannot_be_a_rule_is_refused_with_a_sentence(
    shop: Path, typed: tuple[str, ...], said: str
) -> None:
    assert said in tokentill(shop, "shift", "rules", *typed).refusal()
    assert not (shop / "settings.json").exists()


def test_rules_written_into_the_file_are_told_have_no_effect_and_can_be_put_right(
    shop: Path,
) -> None:
    assert tokentill(shop, "shift", "rules", "shift-sales", "ZAR:60", *GRACE).code == 0
    assert tokentill(shop, "wallet", "cap", "ZAR:20", *GRACE).code == 0
    path = shop / "settings.json"
    good = path.read_text()
    path.write_text(good.replace('"60.00"', '"6000"'))
    said = tokentill(shop, "shift", "rules").out
    assert "shift-sales: ZAR 60.00\n" in said
    assert "tokentill shift rules restore" in said
    assert "tokentill shift rules restore" in tokentill(shop, "status").out
    assert tokentill(shop, "status", "--json").json()["rules_outside"] is True
    wanted = ("sell", "--meter", HIGHVELD, "--amount", "70", "--tender", "cash:70")
    assert "60.00" in tokentill(shop, *wanted).refusal()
    found = tokentill(shop, "report", "exceptions", "--json").out
    assert "settings.json" in found
    restore = ("shift", "rules", "restore")
    assert "supervisor" in tokentill(shop, *restore, "--operator", "ama").refusal()
    assert "restore" not in tokentill(shop, *restore, *GRACE).out
    assert path.read_text() == good
    assert tokentill(shop, "status", "--json").json()["rules_outside"] is False
    assert tokentill(shop, "journal", "verify").code == 0


def test_a_new_list_of_ways_of_paying_leaves_the_wallets_as_they_were(
    shop: Path, tmp_path: Path
) -> None:
    assert tokentill(shop, "wallet", "cap", "ZAR:20", *GRACE).code == 0
    kinds = tmp_path / "kinds.json"
    kinds.write_text("[]")
    assert tokentill(shop, "tenders", "set", str(kinds), *GRACE).code == 0
    assert json.loads((shop / "settings.json").read_text())["wallet"] == {"ZAR": "20.00"}
