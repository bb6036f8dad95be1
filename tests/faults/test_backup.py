"""Backups: proven when made, refused when changed, and no TID or receipt comes twice."""

from __future__ import annotations

import json
import os
import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos_app.adapters.ledger.backup import copy_ledger
from pos_app.adapters.ledger.errors import BackupInvalid, JournalRolledBack
from pos_app.application.sale import Sale
from pos_app.bootstrap.backup import back_up, make_backup, restore_backup
from pos_app.bootstrap.inspection import compare_shops, verify_shop
from pos_app.bootstrap.shop import OpenShop, ShopExists
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.domain.clock_guard import ClockStopped
from pos_app.domain.tid import FURTHEST_AHEAD, TidTooFarAhead, minute_1993
from pos_app.exchange.chain import Fork
from pos_app.exchange.digest import sha256_hex
from tests.shops import HIGHVELD, LAGOON, LAKESIDE, START_MS, HeldClock, make_shop, opened, order

PASSPHRASE = training_passphrase()
MINUTE_MS = 60_000
AMOUNTS = {HIGHVELD: 5_000, LAGOON: 500_000, LAKESIDE: 10_000}


def sell(shop: OpenShop, drn: str = HIGHVELD) -> Sale:
    return shop.desk.sell(order(shop, drn, AMOUNTS[drn], repeat_allowed=True))


def issued(sales: list[Sale]) -> list[tuple[str, int]]:
    return [(sale.meter.drn, token.minute) for sale in sales for token in sale.tokens]


def reopened(folder: Path, clock: HeldClock) -> OpenShop:
    return opened(folder, clock)


def test_a_backup_restores_to_the_same_ledger_with_one_entry_more(tmp_path: Path) -> None:
    clock, folder, file = HeldClock(), make_shop(tmp_path), tmp_path / "backup.zip"
    (folder / "settings.json").write_text('{"printer_transport": "none"}')
    shop = reopened(folder, clock)
    sold = [sell(shop), sell(shop, LAGOON)]
    head = shop.ledger.head()
    shop.close()
    assert make_backup(folder, PASSPHRASE, file, HeldClock()) == head.seq
    restored = tmp_path / "restored"
    assert restore_backup(file, restored, PASSPHRASE, clock) == head.seq + 1
    assert verify_shop(restored, PASSPHRASE).fault is None
    assert (restored / "settings.json").read_text() == '{"printer_transport": "none"}'
    again = reopened(restored, clock)
    entry = again.ledger.entry(head.seq + 1)
    assert entry is not None
    said = entry.reading()
    assert entry.kind == "restored"
    assert (said["from_seq"], said["from_hash"]) == (head.seq, head.hash.hex())
    assert (said["series"], said["operator"]) == (2, "")
    assert said["tid_floor"] == minute_1993(START_MS) + FURTHEST_AHEAD + 1
    assert [row.receipt for row in again.desk.sales_today()] == [s.receipt for s in sold[::-1]]
    again.close()


def test_a_backup_is_a_journal_entry_with_the_digest_of_its_file(tmp_path: Path) -> None:
    folder, file = make_shop(tmp_path), tmp_path / "backup.zip"
    shop = opened(folder)
    count = back_up(shop, file)
    entry = shop.ledger.entry(count + 1)
    assert entry is not None
    assert (entry.kind, entry.reading()["entries"]) == ("backup", count)
    assert entry.reading()["sha256"] == sha256_hex(file.read_bytes())
    assert sell(shop).number == 1
    shop.close()


def test_a_backup_holds_what_its_description_says_and_no_more(tmp_path: Path) -> None:
    folder, file = make_shop(tmp_path), tmp_path / "backup.zip"
    make_backup(folder, PASSPHRASE, file, HeldClock())
    assert file.stat().st_mode & 0o777 == 0o600 or os.name == "nt"
    with zipfile.ZipFile(file) as archive:
        assert sorted(archive.namelist()) == ["ledger.db", "manifest.json", "vault.json"]
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        manifest = json.loads(archive.read("manifest.json"))["manifest"]
        assert archive.read("vault.json") == (folder / "vault.json").read_bytes()
        assert b"SQLite format 3" not in archive.read("ledger.db")
    assert (manifest["till"], manifest["version"]) == ("TRAIN1", 1)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_no_meter_sees_a_tid_twice_and_no_receipt_repeats_across_a_restore(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - any seed will do
    place = tmp_path_factory.mktemp("life")
    clock, folder, file = HeldClock(), make_shop(place), place / "backup.zip"

    def some(shop: OpenShop) -> list[Sale]:
        sold = []
        for _ in range(chance.randrange(1, 9)):
            sold.append(sell(shop, chance.choice((HIGHVELD, HIGHVELD, LAGOON))))
            clock.now += chance.choice((0, 0, 0, 20_000, MINUTE_MS))
        return sold

    shop = reopened(folder, clock)
    before = some(shop)
    back_up(shop, file)
    lost = some(shop)
    shop.close()
    clock.now += chance.choice((0, 0, 1000, MINUTE_MS, 5 * MINUTE_MS))
    restored = place / "restored"
    restore_backup(file, restored, PASSPHRASE, clock)
    again = reopened(restored, clock)
    after = some(again)
    again.close()
    everything = before + lost + after
    assert len(set(issued(everything))) == len(issued(everything))
    receipts = [sale.receipt for sale in everything]
    assert len(set(receipts)) == len(receipts)
    kept = [sale.number for sale in before + after]
    assert kept == list(range(1, len(kept) + 1))
    assert {sale.series for sale in after} == {2}
    assert verify_shop(restored, PASSPHRASE).fault is None


def test_even_an_hour_of_tids_used_up_in_a_minute_does_not_repeat(tmp_path: Path) -> None:
    clock, folder, file = HeldClock(), make_shop(tmp_path), tmp_path / "backup.zip"
    shop = reopened(folder, clock)
    back_up(shop, file)
    lost = [sell(shop) for _ in range(FURTHEST_AHEAD + 1)]
    with pytest.raises(TidTooFarAhead):
        sell(shop)
    shop.close()
    restore_backup(file, tmp_path / "restored", PASSPHRASE, clock)
    again = reopened(tmp_path / "restored", clock)
    after = [sell(again) for _ in range(3)]
    again.close()
    assert not set(issued(lost)) & set(issued(after))


def test_a_restore_of_a_restore_goes_on_above_the_first(tmp_path: Path) -> None:
    clock, folder = HeldClock(), make_shop(tmp_path)
    make_backup_at(folder, tmp_path / "1.zip", clock)
    restore_backup(tmp_path / "1.zip", tmp_path / "second", PASSPHRASE, clock)
    shop = reopened(tmp_path / "second", clock)
    first = [sell(shop)]
    back_up(shop, tmp_path / "2.zip")
    first += [sell(shop) for _ in range(5)]
    shop.close()
    restore_backup(tmp_path / "2.zip", tmp_path / "third", PASSPHRASE, clock)
    again = reopened(tmp_path / "third", clock)
    after = [sell(again) for _ in range(3)]
    again.close()
    assert not set(issued(first)) & set(issued(after))
    assert [sale.receipt[:8] for sale in first[:1] + after[:1]] == ["TRAIN1-B", "TRAIN1-C"]


def make_backup_at(folder: Path, file: Path, clock: HeldClock) -> None:
    shop = reopened(folder, clock)
    back_up(shop, file)
    shop.close()


def test_slips_that_waited_at_the_time_of_the_backup_are_not_printed_again(tmp_path: Path) -> None:
    clock, folder, file = HeldClock(), make_shop(tmp_path), tmp_path / "backup.zip"
    shop = reopened(folder, clock)
    sell(shop)
    back_up(shop, file)
    shop.close()
    restore_backup(file, tmp_path / "restored", PASSPHRASE, clock)
    again = reopened(tmp_path / "restored", clock)
    assert again.ledger.next_print_task() is None
    assert again.ledger.unprinted() == (0, 1)
    again.close()


def test_a_restored_till_and_the_lost_one_are_told_to_be_a_fork(tmp_path: Path) -> None:
    clock, folder, file = HeldClock(), make_shop(tmp_path), tmp_path / "backup.zip"
    make_backup_at(folder, file, clock)
    shop = reopened(folder, clock)
    common = shop.ledger.head().seq - 1  # the entry of the backup itself stands here only
    sell(shop)
    ours = shop.ledger.head().seq - common
    shop.close()
    restore_backup(file, tmp_path / "restored", PASSPHRASE, clock)
    assert compare_shops(folder, tmp_path / "restored", PASSPHRASE) == Fork(common, ours, 1)


def test_restoring_waits_until_the_clock_is_not_behind_the_backup(tmp_path: Path) -> None:
    folder, file = make_shop(tmp_path), tmp_path / "backup.zip"
    make_backup_at(folder, file, HeldClock(START_MS + 86_400_000 // 2))
    with pytest.raises(ClockStopped):
        restore_backup(file, tmp_path / "restored", PASSPHRASE, HeldClock(START_MS))
    assert not (tmp_path / "restored").exists()


def test_a_backup_made_long_ago_still_restores(tmp_path: Path) -> None:
    folder, file = make_shop(tmp_path), tmp_path / "backup.zip"
    make_backup_at(folder, file, HeldClock())
    later = HeldClock(START_MS + 90 * 86_400_000)
    restore_backup(file, tmp_path / "restored", PASSPHRASE, later)
    shop = reopened(tmp_path / "restored", later)
    assert sell(shop).number == 1
    shop.close()


def test_a_backup_goes_into_an_empty_folder_only(tmp_path: Path) -> None:
    folder, file = make_shop(tmp_path), tmp_path / "backup.zip"
    make_backup_at(folder, file, HeldClock())
    with pytest.raises(ShopExists):
        restore_backup(file, folder, PASSPHRASE, HeldClock())
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").write_text("mine")
    with pytest.raises(ShopExists):
        restore_backup(file, tmp_path / "other", PASSPHRASE, HeldClock())
    (tmp_path / "empty").mkdir()
    restore_backup(file, tmp_path / "empty", PASSPHRASE, HeldClock())
    assert verify_shop(tmp_path / "empty", PASSPHRASE).fault is None


def test_no_backup_is_made_of_a_shop_that_was_rolled_back_or_is_not_sound(tmp_path: Path) -> None:
    clock, folder, file = HeldClock(), make_shop(tmp_path), tmp_path / "backup.zip"
    old = (folder / "ledger.db").read_bytes()
    shop = reopened(folder, clock)
    sell(shop)
    shop.ledger.db.execute("update sale set total_minor = 1")
    with pytest.raises(BackupInvalid) as refused:
        back_up(shop, file)
    assert "projection" in str(refused.value.facts["problem"])
    shop.close()
    (folder / "ledger.db").write_bytes(old)
    with pytest.raises(JournalRolledBack):
        make_backup(folder, PASSPHRASE, file, HeldClock())
    assert not file.exists()


def test_a_key_store_damaged_since_it_was_opened_is_not_backed_up(tmp_path: Path) -> None:
    folder, file = make_shop(tmp_path), tmp_path / "backup.zip"
    shop = opened(folder)
    raw = (folder / "vault.json").read_bytes()
    (folder / "vault.json").write_bytes(raw.replace(b"TRAIN1", b"TRAIN2"))
    with pytest.raises(BackupInvalid):
        back_up(shop, file)
    shop.close()
    assert not file.exists()


def test_a_backup_whose_entry_cannot_be_written_does_not_stay(tmp_path: Path) -> None:
    folder, file = make_shop(tmp_path), tmp_path / "backup.zip"
    shop = opened(folder)
    pages = shop.ledger.db.execute("pragma page_count").fetchone()[0]
    shop.ledger.db.execute(f"pragma max_page_count = {pages}")
    shop.ledger.db.execute("create temp trigger full before insert on journal "
                           "begin select raise(abort, 'no'); end")  # fmt: skip
    with pytest.raises(Exception, match="no"):
        back_up(shop, file)
    shop.close()
    assert verify_shop(folder, PASSPHRASE).fault is None


def test_a_copy_of_an_open_ledger_is_whole_and_stands_alone(tmp_path: Path) -> None:
    shop = opened(make_shop(tmp_path))
    sell(shop)
    copy_ledger(shop.ledger.db, tmp_path / "copy.db", shop.store.ledger_key)
    assert not (tmp_path / "copy.db-wal").exists()
    shop.close()
