"""The second supervisor of a key file is elsewhere: request, telephone, code, keys."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.program import shop_of_today, tokentill
from tests.e2e.test_key_commands import PAIR, sealed, trusting


def test_a_key_file_comes_in_with_a_code_from_elsewhere(tmp_path: Path) -> None:
    shop = shop_of_today(tmp_path)
    trusting(shop)
    file, secret = sealed(shop), tmp_path / "secret"
    enrol = ("approval", "enrol", "joseph", "--out", str(secret), "--approver", "grace")
    assert tokentill(shop, *enrol).code == 0
    take = ("keys", "import", str(file), *PAIR)
    asked = tokentill(shop, *take, "--ask", "--json").json()
    looked = tokentill(shop, "keys", "look", str(file), "--json").json()
    assert all(each["kcv"] in asked["text"] for each in looked["keys"])
    answer = tokentill(None, "approve", asked["text"], "--secret", str(secret))
    assert "Take in keys" in answer.out
    assert "compare the check values" in answer.out
    wrong = tokentill(shop, *take, "--request", asked["request"], "--code", "1234 5678").refusal()
    assert "does not answer" in wrong
    code = tokentill(None, "approve", asked["text"], "--secret", str(secret), "--json").json()
    given = ("--request", asked["request"], "--code", code["code"], "--json")
    taken = tokentill(shop, *take, *given).json()
    assert taken["keys"] == looked["keys"]
    again = tokentill(shop, *take, *given).refusal()
    assert "taken already" in again
    assert tokentill(shop, "journal", "verify").code == 0
