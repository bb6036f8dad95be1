"""Keys by command: a second supervisor who is elsewhere, and the way into a module."""

from __future__ import annotations

import os
from pathlib import Path

from tests.adapters.vault.modules import emptied, module_access, needs_module
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
    paper = tokentill(shop, "keys", "papers", "--json").json()["papers"][0]
    assert (paper["keys"], len(paper["people"])) == (len(looked["keys"]), 2)
    slip = tmp_path / "copy.png"
    first = tokentill(shop, "keys", "print", str(paper["entry"]), "--operator", "grace")
    assert "the original" in first.out
    printed = ("keys", "print", str(paper["entry"]), "--slip", str(slip), "--operator", "grace")
    assert "copy 1" in tokentill(shop, *printed).out
    assert slip.read_bytes().startswith(b"\x89PNG")
    assert "receipt" in tokentill(shop, "keys", "print", "1", "--operator", "grace").refusal()
    assert tokentill(shop, "journal", "verify").code == 0


@needs_module
def test_keys_that_are_here_move_into_the_module(tmp_path: Path) -> None:
    shop = shop_of_today(tmp_path)
    trusting(shop)
    assert "named no key module" in tokentill(shop, "keys", "move", *PAIR).refusal()
    assert tokentill(shop, "keys", "import", str(sealed(shop)), *PAIR).code == 0
    emptied()
    access = module_access()
    env = {"SOFTHSM2_CONF": os.environ["SOFTHSM2_CONF"], "TOKENTILL_MODULE_PIN": access.pin}
    named = ("keys", "module", access.library, "--token", access.token, *PAIR)
    assert tokentill(shop, *named, env=env).code == 0
    alone = tokentill(shop, "keys", "move", "--operator", "grace", env=env).refusal()
    assert "two supervisors" in alone
    moved = tokentill(shop, "keys", "move", *PAIR, env=env)
    assert "supply group 600111, revision 1, check value 6c3de4" in moved.out
    assert "DKGA02 stays in the till" in moved.out
    again = tokentill(shop, "keys", "move", *PAIR, env=env)
    assert "Nothing is to be moved" in again.out
    listed = tokentill(shop, "keys", "list", "--json").json()
    places = {(each["kind"], each["dkga"]): each["place"] for each in listed["keys"]}
    assert places["vending", 4] == "module"
    assert places["decoder", 4] == places["vending", 2] == "till"
    assert listed["move_interrupted"] is False
    assert tokentill(shop, "journal", "verify", env=env).code == 0
    emptied()
