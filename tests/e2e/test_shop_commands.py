"""Shops from a shell: made, missing, damaged, read-only; and files of test vectors."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from pos_app.bootstrap.training import create_training_shop
from tests.e2e.program import PASSPHRASE, shop_of_today, tokentill
from tests.forked import ROOT
from tests.shops import HIGHVELD, METERS, HeldClock

SELL = ("sell", "--meter", HIGHVELD, "--amount", "50", "--json")
VECTORS = ROOT / "tests" / "data" / "sts" / "sts531-ea07.json"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return shop_of_today(tmp_path)


def test_a_training_shop_is_made_once_and_ready_to_sell(tmp_path: Path) -> None:
    place = tmp_path / "first" / "shop"
    made = tokentill(place, "demo", "--meters", str(METERS), "--json").json()
    assert (made["shop"], made["meters"]) == (str(place), METERS)
    assert (made["operators"]["ama"], made["passphrase"]) == ("1111", PASSPHRASE)
    sold = [tokentill(place, *SELL[:2], each, *SELL[3:4], "5000") for each in made["examples"]]
    assert [each.code for each in sold] == [0] * len(made["examples"])
    before = (place / "ledger.db").read_bytes()
    again = tokentill(place, "demo")
    assert (again.code, "is there already" in again.out) == (0, True)
    assert (place / "ledger.db").read_bytes() == before


def test_a_shop_that_slept_for_days_asks_its_supervisor_before_it_sells(tmp_path: Path) -> None:
    place = tmp_path / "shop"
    days_ago = int(time.time() * 1000) - 3 * 86_400_000
    create_training_shop(place, METERS, HeldClock(days_ago))
    assert tokentill(place, "status", "--json").json()["clock"] == "ahead"
    refused = tokentill(place, *SELL)
    assert (refused.code, refused.json()["error"]["code"]) == (1, "clock-stopped")
    cashier = tokentill(
        place, "clock", "settle", "--operator", "ama", env={"TOKENTILL_PIN": "1111"}
    )
    assert "supervisor" in cashier.refusal()
    assert tokentill(place, *SELL).code == 1
    pin = {"TOKENTILL_PIN": "3333"}
    assert tokentill(place, "clock", "settle", "--operator", "grace", env=pin).code == 0
    assert tokentill(place, *SELL).code == 0


def test_making_a_training_shop_again_wakes_one_that_slept(tmp_path: Path) -> None:
    place = tmp_path / "shop"
    days_ago = int(time.time() * 1000) - 3 * 86_400_000
    create_training_shop(place, METERS, HeldClock(days_ago))
    assert "settled the clock" in tokentill(place, "demo").out
    assert "settled the clock" not in tokentill(place, "demo").out
    assert tokentill(place, *SELL).code == 0


def test_a_folder_with_something_in_it_never_becomes_a_shop(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    ran = tokentill(tmp_path, "demo", "--json")
    assert ran.json()["error"]["code"] == "shop-exists"
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_where_there_is_no_shop_the_folder_is_named(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    ran = tokentill(None, "status", "--shop", str(nowhere))
    assert f"There is no shop in {nowhere}." in ran.refusal()
    assert not nowhere.exists()
    window = tokentill(None, "--shop", str(nowhere))
    assert window.refusal() == ran.refusal()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("vault.json", b"{", "key-store-broken"),
        ("vault.json", b"[" * 100_000, "key-store-broken"),
        ("anchor.json", b"x", "key-store-broken"),
        ("ledger.db", None, "ledger-missing"),
        ("ledger.db", b"x" * 5000, "ledger-damaged"),
        ("ledger.db", b"", "journal-rolled-back"),
    ],
    ids=["no vault", "deep vault", "no anchor", "no ledger", "noise", "empty ledger"],
)
def test_a_damaged_shop_is_not_opened(
    shop: Path, name: str, content: bytes | None, code: str
) -> None:
    if content is None:
        (shop / name).unlink()
    else:
        (shop / name).write_bytes(content)
    ran = tokentill(shop, *SELL)
    assert ran.json()["error"]["code"] == code
    assert str(shop / name) in ran.refusal() or code == "journal-rolled-back"


def test_a_damaged_header_of_the_ledger_is_named(shop: Path) -> None:
    with (shop / "ledger.db").open("r+b") as file:
        file.write(b"SQLite format 3\0" * 4)
    ran = tokentill(shop, "status", "--json")
    assert ran.json()["error"]["code"] == "ledger-damaged"
    assert "restore a backup" in ran.refusal()


@pytest.mark.parametrize(
    "content",
    ["{", "[" * 100_000, '{"language": "xx"}', '{"printer": {"transport": "pigeon"}}'],
    ids=["cut off", "too deep", "language", "transport"],
)
def test_broken_settings_stop_a_slip_but_not_a_sale(shop: Path, content: str) -> None:
    (shop / "settings.json").write_text(content)
    sold = tokentill(shop, *SELL)
    assert (sold.code, sold.json()["total"]) == (0, "50.00")
    (sentence,) = sold.err.splitlines()
    assert sentence.startswith("The sale is done and safe; its slip is not printed: The setting")


def test_a_shop_that_cannot_be_written_says_so(shop: Path) -> None:
    read_only = f"mount --bind {shop} {shop} && mount -o remount,ro,bind {shop}"
    if os.geteuid() != 0:
        shop.chmod(0o500)
        ran = tokentill(shop, *SELL)
        shop.chmod(0o700)
    elif shutil.which("unshare") and _works("unshare", "--mount", "sh", "-c", read_only):
        inside = ("unshare", "--mount", "sh", "-c", f'{read_only} && exec "$@"', "sh")
        ran = tokentill(shop, *SELL, before=inside)
    else:
        pytest.skip("root may write everywhere, and no read-only mount can be made here")
    assert ran.json()["error"]["code"] == "shop-folder-unusable"
    assert str(shop) in ran.refusal()


def _works(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def vectors(folder: Path, **changed: object) -> Path:
    held: dict[str, Any] = json.loads(VECTORS.read_text("utf-8"))
    first = next(each for each in held["vectors"] if each["kind"] == "token")
    path = folder / "mine.json"
    path.write_text(json.dumps({**held, "vectors": [first, first | changed]}), "utf-8")
    return path


def test_a_good_vector_file_passes(tmp_path: Path) -> None:
    ran = tokentill(None, "conformance", str(vectors(tmp_path)))
    assert (ran.code, ran.out, ran.err) == (0, "2 passed, 0 failed\n", "")


def test_a_failing_vector_is_named_with_what_came_out(tmp_path: Path) -> None:
    path = vectors(tmp_path, id="mine/1", expect="00000000000000000001")
    ran = tokentill(None, "conformance", str(path))
    failure, count = ran.out.splitlines()
    assert failure.startswith("mine/1: expected 00000000000000000001, got ")
    assert (ran.code, count, ran.err) == (1, "1 passed, 1 failed", "")
    values = tokentill(None, "conformance", str(path), "--json")
    assert (values.code, values.json()["passed"], values.json()["failed"]) == (1, 1, 1)
    assert values.json()["failures"][0]["id"] == "mine/1"


def test_what_is_no_vector_file_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"format": 1, "vectors": [')
    told = tokentill(None, "conformance", str(broken), "--json")
    assert told.json()["error"]["code"] == "vector-file"
    assert "not a vector file" in told.refusal()
    missing = tokentill(None, "conformance", str(tmp_path / "missing.json"))
    assert "No such file" in missing.refusal()
