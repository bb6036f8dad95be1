"""Checking tokens from a shell: what fits, what does not, and what to do about it."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.program import shop_of_today, tokentill
from tests.shops import HIGHVELD, LAGOON


def test_a_sold_token_is_verified_and_a_refused_one_gets_one_action(tmp_path: Path) -> None:
    shop = shop_of_today(tmp_path)
    sale = tokentill(shop, "sell", "--meter", HIGHVELD, "--amount", "50", "--json").json()
    digits = sale["tokens"][0]["digits"]

    told = tokentill(shop, "token", "verify", digits, "--meter", HIGHVELD)
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines()[0] == "It fits this meter."
    known = tokentill(shop, "token", "verify", digits, "--meter", HIGHVELD, "--json").json()
    assert (known["fit"], known["used"]) == ("fits", "newest")
    assert known["receipt"] == sale["receipt"]

    other = tokentill(shop, "token", "verify", digits, "--meter", LAGOON, "--json")
    assert (other.code, other.json()["sold_to"]) == (1, HIGHVELD)
    assert "20 digits" in tokentill(shop, "token", "verify", "12", "--meter", HIGHVELD).refusal()

    asked = ("doctor", "--meter", HIGHVELD, "--token", digits, "--shows", "AAAAA")
    assert tokentill(shop, *asked, "--json").json()["action"] == "retype"
    again = tokentill(shop, *asked, "--again")
    assert again.code == 0
    assert sum(line.startswith("Next: ") for line in again.out.splitlines()) == 1
    acme = tokentill(shop, *asked, "--maker", "acme")
    assert "no list of “acme”" in acme.refusal()
