"""The keys from the command line: from a till's request to a sale under an imported key."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from pos_app.bootstrap.training_file import training_authority
from pos_app.exchange.canonical import canonical, read_canonical
from pos_app.exchange.signing import signature_holds
from tests.adapters.vault.modules import module_access, needs_module
from tests.e2e.program import shop_of_today, tokentill

PLAIN = """
[[key]]
kind = "vending"
sgc = "600111"
krn = 1
kt = 2
base = 2014
ken = 255
dkga = 4
active_from = 2020-01-01
issue_until = 2199-01-01T00:00:00Z
key = "abababababababab949494949494949401234567"

[[key]]
kind = "decoder"
drn = "14123456783"
ti = 1
ea = 7
sgc = "600111"
krn = 1
kt = 2
base = 2014
ken = 255
dkga = 4
active_from = 2020-01-01
issue_until = 2199-01-01
key = "87f3ecbb2e46b48f"
"""
PAIR = ("--operator", "grace", "--second", "joseph")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return shop_of_today(tmp_path)


def trusting(shop: Path) -> None:
    key = training_authority().public.hex()
    ran = tokentill(shop, "keys", "trust", "Training authority", key, *PAIR)
    assert (ran.code, ran.err) == (0, "")


def sealed(shop: Path, plain: str = PLAIN) -> Path:
    request, listed, file = (shop.parent / name for name in ("request", "plain.toml", "keys"))
    assert tokentill(shop, "keys", "request", str(request)).code == 0
    listed.write_text(plain)
    ran = tokentill(None, "keys", "seal", str(request), str(listed), str(file), "--training")
    assert (ran.code, ran.err) == (0, ""), ran
    return file


def test_keys_travel_from_request_to_vault(shop: Path) -> None:
    trusting(shop)
    file = sealed(shop)
    looked = tokentill(shop, "keys", "look", str(file), "--json").json()
    assert [each["kind"] for each in looked["keys"]] == ["vending", "decoder"]
    ran = tokentill(shop, "keys", "import", str(file), *PAIR)
    assert ran.code == 0, ran
    for each in looked["keys"]:
        assert each["kcv"] in ran.out
    assert "abababab" not in ran.out
    listed = tokentill(shop, "keys", "list", "--json").json()["keys"]
    assert {(each["sgc"], each["kind"], each["keys"]) for each in listed} >= {
        ("600111", "vending", 1),
        ("600111", "decoder", 1),
    }
    assert "taken" in tokentill(shop, "keys", "import", str(file), *PAIR).refusal()
    assert tokentill(shop, "journal", "verify").code == 0
    known = tokentill(shop, "keys", "authorities", "--json").json()["authorities"]
    assert [each["name"] for each in known] == ["Training authority"]


def test_what_is_missing_is_said(shop: Path) -> None:
    trusting(shop)
    file = sealed(shop)
    alone = tokentill(shop, "keys", "import", str(file), "--operator", "grace").refusal()
    assert "two supervisors" in alone
    lost = tokentill(shop, "keys", "import", str(shop / "none"), *PAIR).refusal()
    assert "cannot be read" in lost
    wrong = tokentill(
        shop, "keys", "import", str(file), *PAIR, env={"TOKENTILL_SECOND_PIN": "9876"}
    )
    assert "PIN is wrong" in wrong.refusal()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[[key]]", "[[key", "toml"),
        ('kind = "vending"', 'kind = "other"', "fields"),
        ("krn = 1", "", "fields"),
        ("2020-01-01", '"2020"', "date"),
        ("2199-01-01T00:00:00Z", "2199-01-01T00:00:00", "offset"),
        ("abababababababab9494", "zz", "key"),
        ("dkga = 4", "dkga = 2", "dkga/ea"),
        ("krn = 1", 'krn = 1\nkcv = "000000"', "kcv"),
    ],
)
def test_a_wrong_list_seals_nothing(shop: Path, old: str, new: str, said: str) -> None:
    request, listed, file = (shop.parent / name for name in ("request", "plain.toml", "keys"))
    tokentill(shop, "keys", "request", str(request))
    listed.write_text(PLAIN.replace(old, new, 1))
    ran = tokentill(None, "keys", "seal", str(request), str(listed), str(file), "--training")
    assert f"({said})" in ran.refusal()
    assert "abab" not in ran.err
    assert not file.exists()


def test_an_authority_signs_with_a_key_of_openssl(shop: Path) -> None:
    pem, request = shop.parent / "key.pem", shop.parent / "request"
    subprocess.run(
        ["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(pem)],
        check=True,
        capture_output=True,
    )
    tokentill(shop, "keys", "request", str(request))
    (shop.parent / "plain.toml").write_text(PLAIN)
    paths = [str(shop.parent / name) for name in ("request", "plain.toml", "keys")]
    ran = tokentill(None, "keys", "seal", *paths, "--key", str(pem))
    assert ran.code == 0, ran
    public = ran.out.split()[-1]
    tokentill(shop, "keys", "trust", "Utility", public, *PAIR)
    assert tokentill(shop, "keys", "look", paths[2]).code == 0


def test_destroyed_keys_leave_a_receipt_and_a_journal(shop: Path) -> None:
    receipt, again = shop.parent / "receipt", shop.parent / "again"
    ran = tokentill(shop, "keys", "zeroise", str(receipt), *PAIR)
    assert ran.code == 0, ran
    held = read_canonical(receipt.read_bytes().removesuffix(b"\n"))
    public, signature = bytes.fromhex(held["public_key"]), bytes.fromhex(held["signature"])
    assert signature_holds(public, b"tokentill keys destroyed", canonical(held["body"]), signature)
    assert held["body"]["destroyed"]["operators"] == ["grace", "joseph"]
    assert tokentill(shop, "journal", "verify").code == 0
    sale = tokentill(shop, "sell", "--meter", "14123456783", "--amount", "50")
    assert "destroyed on purpose" in sale.refusal()
    assert tokentill(shop, "status", "--json").json()["keys_destroyed"] is True
    assert "destroyed" in tokentill(shop, "keys", "request", str(again)).refusal()
    assert "destroyed" in tokentill(shop, "keys", "zeroise", str(again), *PAIR).refusal()
    assert tokentill(shop, "keys", "receipt", str(again)).code == 0
    assert again.read_bytes() == receipt.read_bytes()


def test_a_changed_passphrase_opens_and_the_old_one_does_not(shop: Path) -> None:
    new = {"TOKENTILL_NEW_PASSPHRASE": "quarry velvet anthem pickle"}
    ran = tokentill(shop, "shop", "passphrase", "--operator", "grace", env=new)
    assert ran.code == 0, ran
    assert "wrong" in tokentill(shop, "status").refusal()
    opened = tokentill(
        shop, "status", env={"TOKENTILL_PASSPHRASE": new["TOKENTILL_NEW_PASSPHRASE"]}
    )
    assert opened.code == 0
    env = {"TOKENTILL_PASSPHRASE": new["TOKENTILL_NEW_PASSPHRASE"]}
    assert tokentill(shop, "journal", "verify", env=env).code == 0


def test_only_a_supervisor_changes_the_passphrase(shop: Path) -> None:
    new = {"TOKENTILL_NEW_PASSPHRASE": "quarry velvet anthem pickle"}
    assert (
        "supervisor"
        in tokentill(shop, "shop", "passphrase", "--operator", "ama", env=new).refusal()
    )
    assert tokentill(shop, "status").code == 0


@needs_module
def test_vending_keys_go_into_a_module_that_is_named(shop: Path) -> None:
    access = module_access()
    env = {"SOFTHSM2_CONF": os.environ["SOFTHSM2_CONF"], "TOKENTILL_MODULE_PIN": access.pin}
    named = ("keys", "module", access.library, "--token", access.token, *PAIR)
    wrong = tokentill(shop, *named, env={**env, "TOKENTILL_MODULE_PIN": "0000"})
    assert "refuses its PIN" in wrong.refusal()
    assert tokentill(shop, *named, env=env).code == 0
    trusting(shop)
    plain = PLAIN.replace("600111", "201457").split("[[key]]")
    file = sealed(shop, "[[key]]" + plain[1])
    assert tokentill(shop, "keys", "import", str(file), *PAIR, env=env).code == 0
    sold = tokentill(shop, "sell", "--meter", "14123456783", "--amount", "50", env=env)
    assert sold.code == 0, sold
    unplugged = shop.parent / "empty.conf"
    unplugged.write_text(f"directories.tokendir = {shop.parent}\n")
    gone = {"SOFTHSM2_CONF": str(unplugged)}
    sold = tokentill(shop, "sell", "--meter", "14123456783", "--amount", "60", env=gone)
    assert "Plug it in" in sold.refusal()
    assert tokentill(shop, "journal", "verify", env=gone).code == 0
