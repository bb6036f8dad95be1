"""Opening a shop: what is refused before anything is changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pos_app.adapters.ledger.errors import JournalRolledBack
from pos_app.adapters.vault.errors import KeyStoreBroken
from pos_app.adapters.vault.keystore import ANCHOR_NAME
from tests.shops import HIGHVELD, make_shop, opened, order


def test_an_old_copy_of_the_ledger_is_not_opened(tmp_path: Path) -> None:
    folder = make_shop(tmp_path)
    old = tmp_path / "old.db"
    shutil.copy(folder / "ledger.db", old)
    shop = opened(folder)
    shop.desk.sell(order(shop, HIGHVELD, 5000))
    shop.close()
    shutil.copy(old, folder / "ledger.db")
    with pytest.raises(JournalRolledBack):
        opened(folder)


def test_a_shop_whose_anchor_was_taken_away_is_not_opened(tmp_path: Path) -> None:
    folder = make_shop(tmp_path)
    (folder / ANCHOR_NAME).unlink()
    with pytest.raises(KeyStoreBroken) as caught:
        opened(folder)
    assert caught.value.facts["problem"] == "anchor missing"
