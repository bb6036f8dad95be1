"""What the threat page promises of a stolen disk, tried; and what it does not promise, shown.

The page is ``resources/keys/THREATS.md``; each test here stands behind one of its lines.
"""

from __future__ import annotations

import base64
import random
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from pos_app.adapters.ledger.engine import connect
from pos_app.adapters.ledger.errors import JournalRolledBack, LedgerDamaged
from pos_app.adapters.vault.errors import KeyRecordBroken, KeyStoreBroken
from pos_app.adapters.vault.keystore import open_key_store
from pos_app.bootstrap.backup import back_up
from pos_app.bootstrap.inspection import compare_shops, verify_shop
from pos_app.bootstrap.training import create_training_shop
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.domain.errors import PosError
from pos_app.exchange.chain import FaultKind
from pos_app.sts.keys import DecoderKey, VendingKey
from tests.key_makers import ATTRIBUTES, GRACE, JOSEPH, OWN_ATTRIBUTES, key_file, trusting
from tests.shops import HIGHVELD, make_shop, opened, order

PASSPHRASE = training_passphrase()
CANARY = bytes.fromhex("c0ffee15600dc0ffee15600dc0ffee15600dc0ff")
OWN_CANARY = bytes.fromhex("deadc0de5ca1ab1e")


def spellings(secret: bytes) -> dict[str, bytes]:
    """Return how a secret could lie about on a disk."""
    return {
        "raw": secret,
        "reversed": secret[::-1],
        "hex": secret.hex().encode(),
        "HEX": secret.hex().upper().encode(),
        "base64": base64.b64encode(secret)[: len(secret)],
        "utf-16": secret.hex().encode("utf-16-le"),
    }


def found(folder: Path, secret: bytes) -> list[str]:
    """Return where a secret can be read in the files below `folder`."""
    return [
        f"{name} in {path.name}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for name, spelling in spellings(secret).items()
        if spelling in path.read_bytes()
    ]


def test_no_key_passphrase_or_pin_can_be_read_in_any_file(tmp_path: Path) -> None:
    shop = opened(make_shop(tmp_path))
    trusting(shop)
    vending = replace(ATTRIBUTES, kcv=VendingKey(CANARY).check_value())
    own = replace(OWN_ATTRIBUTES, kcv=DecoderKey(OWN_CANARY).check_value())
    shop.desk.keys.bring_in(key_file(shop, (vending, CANARY), (own, OWN_CANARY)), GRACE, JOSEPH)
    shop.desk.sell(order(shop, HIGHVELD, 5_000))
    store = shop.store
    secrets = [CANARY, OWN_CANARY, store.ledger_key, store.record_key, store.exchange_private]
    secrets += [PASSPHRASE.encode(), store.anchor_key]
    back_up(shop, tmp_path / "backup.zip")
    for _ in ("open, with its write-ahead log", "shut"):
        assert (tmp_path / "shop" / "ledger.db").stat().st_size > 10_000
        for secret in secrets:
            assert found(tmp_path, secret) == []
        shop.close()


def test_the_scan_finds_a_key_that_does_lie_about(tmp_path: Path) -> None:
    (tmp_path / "careless.log").write_bytes(b"key=" + CANARY.hex().encode())
    assert found(tmp_path, CANARY) == ["hex in careless.log"]


def test_customers_and_tokens_cannot_be_read_either(tmp_path: Path) -> None:
    shop = opened(make_shop(tmp_path))
    sale = shop.desk.sell(order(shop, HIGHVELD, 5_000))
    shop.close()
    for text in (sale.meter.name, sale.meter.drn, sale.tokens[0].digits, "Grace"):
        assert found(tmp_path, text.encode()) == []


def test_no_flipped_bit_in_the_ledger_passes_the_proof(tmp_path: Path) -> None:
    folder = make_shop(tmp_path)
    path = folder / "ledger.db"
    sound = path.read_bytes()
    chance = random.Random(7)  # noqa: S311 - any places will do
    places = [0, 15, 16, 99, len(sound) - 1, *(chance.randrange(len(sound)) for _ in range(20))]
    for place in places:
        changed = bytearray(sound)
        changed[place] ^= 1 << chance.randrange(8)
        path.write_bytes(changed)
        try:
            fault = verify_shop(folder, PASSPHRASE).fault
        except PosError:
            continue
        assert fault is not None, place
    path.write_bytes(sound)
    assert verify_shop(folder, PASSPHRASE).fault is None


def test_the_ledger_of_another_shop_does_not_open_under_this_key_store(tmp_path: Path) -> None:
    mine, other = make_shop(tmp_path), tmp_path / "other"
    create_training_shop(other, 20)
    shutil.copy(other / "ledger.db", mine / "ledger.db")
    with pytest.raises(LedgerDamaged):
        opened(mine)


def edited(folder: Path, statement: str) -> None:
    """Change a ledger as somebody does who knows the passphrase."""
    key = open_key_store(folder, PASSPHRASE).ledger_key
    with closing(connect(folder / "ledger.db", key)) as db:
        assert isinstance(db, Database)
        db.conn.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "update sealed_key set issue_until_ms = issue_until_ms + 86400000",
        "update sealed_key set active_from_ms = active_from_ms + 1",
        "update sealed_key set ken = 254",
        "update sealed_key set kcv = '000000'",
        "update sealed_key set blob = zeroblob(length(blob))",
    ],
)
def test_not_even_the_passphrase_makes_an_edited_key_record_open(
    tmp_path: Path, statement: str
) -> None:
    folder = make_shop(tmp_path)
    edited(folder, statement)
    shop = opened(folder)
    with pytest.raises(KeyRecordBroken):
        shop.desk.sell(order(shop, HIGHVELD, 5_000))
    shop.close()


@pytest.mark.parametrize(
    "statement",
    [
        "update allowance set money_minor = money_minor * 2",
        "update allowance set before_minor = before_minor + 5000, before_count = before_count + 1",
        "update allowance set not_after_ms = not_after_ms * 2",
        "update allowance set sequence = sequence + 1",
    ],
)
def test_an_extended_allowance_is_found_by_the_proof(tmp_path: Path, statement: str) -> None:
    folder = make_shop(tmp_path)
    shop = opened(folder)
    shop.desk.sell(order(shop, HIGHVELD, 5_000))
    shop.close()
    edited(folder, statement)
    fault = verify_shop(folder, PASSPHRASE).fault
    assert fault is not None
    assert (fault.kind, fault.detail) == (FaultKind.PROJECTION, "allowance")


def test_an_old_ledger_beside_the_anchor_is_refused(tmp_path: Path) -> None:
    folder, kept = make_shop(tmp_path), tmp_path / "kept.db"
    shutil.copy(folder / "ledger.db", kept)
    shop = opened(folder)
    shop.desk.sell(order(shop, HIGHVELD, 5_000))
    shop.close()
    shutil.copy(kept, folder / "ledger.db")
    with pytest.raises(JournalRolledBack):
        opened(folder)


def test_an_anchor_taken_away_is_missed(tmp_path: Path) -> None:
    folder = make_shop(tmp_path)
    (folder / "anchor.json").unlink()
    with pytest.raises(KeyStoreBroken):
        opened(folder)


def test_a_whole_folder_put_back_is_not_seen_here_but_is_a_fork_elsewhere(tmp_path: Path) -> None:
    """The limit: nothing on the disk itself can know that all of the disk is old."""
    folder, old = make_shop(tmp_path), tmp_path / "old"
    shutil.copytree(folder, old)
    for each in (folder, old):
        shop = opened(each)
        shop.desk.sell(order(shop, HIGHVELD, 5_000))
        shop.close()
    assert verify_shop(old, PASSPHRASE).fault is None
    fork = compare_shops(folder, old, PASSPHRASE)
    assert fork is not None
    assert (fork.left, fork.right) == (1, 1)
