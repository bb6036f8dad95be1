"""Killed at every step, a key store opens with one passphrase and has all its keys or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos_app.adapters.vault.errors import KeyStoreUnwritable, PassphraseWeak, PassphraseWrong
from pos_app.adapters.vault.header import TRAINING_COST
from pos_app.adapters.vault.keystore import create_key_store, open_key_store
from pos_app.adapters.vault.turning import change_passphrase
from pos_app.application.key_records import KeysDestroyed, KeysStanding
from pos_app.application.keys import Person
from pos_app.application.records import ShopIdentity, ShopMode
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.shop import open_shop
from pos_app.bootstrap.training_file import training_passphrase
from tests.faults.key_store_step import NEW
from tests.forked import run_forked
from tests.key_makers import GRACE, JOSEPH
from tests.shops import HIGHVELD, HeldClock, make_shop, opened, order
from tests.tills import environment

OLD = training_passphrase()


def killed(folder: Path, act: str, step: int) -> bool:
    """Run the act until its n-th step; tell whether it lived to the end."""
    done = run_forked(
        (str(folder), act, str(step)), b"", environment(), 60, "tests.faults.key_store_step"
    )
    assert done.returncode in {0, 9}, done.stderr
    return done.stdout == b"whole\n"


def opens(folder: Path, passphrase: str) -> bool:
    try:
        open_key_store(folder, passphrase)
    except PassphraseWrong:
        return False
    return True


def turns_told(folder: Path, passphrase: str) -> list[str]:
    shop = open_shop(folder, passphrase, HeldClock())
    told = [entry.kind for entry in shop.ledger.entries()]
    shop.close()
    return [kind for kind in told if kind in {"passphrase_changed", "keys_destroyed"}]


@pytest.mark.timeout(600)
def test_a_kill_at_any_step_leaves_one_passphrase_and_a_journal_that_knows(tmp_path: Path) -> None:
    outcomes = []
    for step in range(1, 100):
        folder = make_shop(tmp_path / str(step))
        whole = killed(folder, "passphrase", step)
        old, new = opens(folder, OLD), opens(folder, NEW)
        assert old != new, step
        assert turns_told(folder, NEW if new else OLD) == ["passphrase_changed"] * new, step
        assert verify_shop(folder, NEW if new else OLD).fault is None
        outcomes.append(new)
        if whole:
            break
    assert outcomes[0] is False
    assert outcomes[-1] is True
    assert sum(outcomes) > 1  # killed after the rename, too
    assert outcomes == sorted(outcomes)


@pytest.mark.timeout(600)
def test_a_kill_at_any_step_leaves_all_keys_or_none(tmp_path: Path) -> None:
    outcomes = []
    for step in range(1, 100):
        folder = make_shop(tmp_path / str(step))
        whole = killed(folder, "destroy", step)
        gone = not open_key_store(folder, OLD).record_key
        assert turns_told(folder, OLD) == ["keys_destroyed"] * gone, step
        assert verify_shop(folder, OLD).fault is None
        shop = opened(folder)
        assert bool(shop.ledger.keys.groups()) is not gone
        if not gone:
            assert shop.desk.sell(order(shop, HIGHVELD, 5_000)).tokens
        shop.close()
        outcomes.append(gone)
        if whole:
            break
    assert outcomes[0] is False
    assert outcomes[-1] is True
    assert sum(outcomes) > 1
    assert outcomes == sorted(outcomes)


def test_a_weak_or_wrong_passphrase_changes_nothing(tmp_path: Path) -> None:
    identity = ShopIdentity("TILL7", "Mbare Shop 3", ShopMode.LIVE, 120)
    create_key_store(tmp_path, NEW, identity, TRAINING_COST)
    before = (tmp_path / "vault.json").read_bytes()
    with pytest.raises(PassphraseWeak) as weak:
        change_passphrase(tmp_path, NEW, "Password123!")
    assert weak.value.facts["least"] == 45
    assert "Password" not in str(weak.value)
    with pytest.raises(PassphraseWrong):
        change_passphrase(tmp_path, "another one", "correct horse battery staple")
    assert (tmp_path / "vault.json").read_bytes() == before


def test_a_live_shop_is_not_made_with_a_weak_passphrase(tmp_path: Path) -> None:
    identity = ShopIdentity("TILL7", "Mbare Shop 3", ShopMode.LIVE, 120)
    with pytest.raises(PassphraseWeak):
        create_key_store(tmp_path, "Summer2026!Winter", identity, TRAINING_COST)
    assert list(tmp_path.iterdir()) == []


def test_every_secret_but_the_lock_stays_the_same(tmp_path: Path) -> None:
    folder = make_shop(tmp_path)
    before = open_key_store(folder, OLD)
    raw = (folder / "vault.json").read_bytes()
    change_passphrase(folder, OLD, NEW)
    after = open_key_store(folder, NEW)
    assert (after.ledger_key, after.record_key) == (before.ledger_key, before.record_key)
    assert after.signer.public == before.signer.public
    assert after.exchange_private == before.exchange_private
    assert after.turn == 1
    assert raw != (folder / "vault.json").read_bytes()


def test_a_refused_write_keeps_passphrase_and_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = opened(make_shop(tmp_path))
    head = shop.ledger.head()

    def full(*_: object) -> None:
        raise KeyStoreUnwritable(path="vault.json", reason="no space")

    monkeypatch.setattr("pos_app.adapters.vault.turning.replace_file", full)
    with pytest.raises(KeyStoreUnwritable):
        shop.desk.keys.change_passphrase(OLD, NEW, GRACE)
    with pytest.raises(KeyStoreUnwritable):
        shop.desk.keys.destroy(OLD, GRACE, JOSEPH)
    assert shop.ledger.head() == head
    assert shop.ledger.keys.groups()
    shop.close()
    assert opens(shop.folder, OLD)


def test_destroying_takes_the_passphrase_and_two_people(tmp_path: Path) -> None:
    shop = opened(make_shop(tmp_path))
    with pytest.raises(PassphraseWrong):
        shop.desk.keys.destroy("another one", GRACE, JOSEPH)
    with pytest.raises(KeysStanding):
        shop.desk.keys.receipt()
    assert shop.ledger.keys.groups()
    shop.desk.keys.destroy(OLD, GRACE, JOSEPH)
    shop.close()
    again = opened(shop.folder)
    with pytest.raises(KeysDestroyed):
        again.desk.sell(order(again, HIGHVELD, 5_000))
    with pytest.raises(KeysDestroyed):
        again.desk.keys.trust("Other", "00" * 32, GRACE, Person("joseph", "4444"))
    assert again.desk.keys.receipt() == again.desk.keys.receipt()
    assert again.desk.operators()
    again.close()
