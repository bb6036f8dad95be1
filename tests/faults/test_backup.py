"""Backups: proven when made, refused when changed, and no TID or receipt comes twice."""

from __future__ import annotations

import json
import os
import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos_app.adapters.ledger.backup import copy_ledger
from pos_app.adapters.ledger.errors import BackupInvalid, JournalRolledBack
from pos_app.adapters.vault.errors import PassphraseWrong
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
    assert again.ledger.unprinted() == 1
    again.close()


def test_a_restored_till_and_the_lost_one_are_told_to_be_a_fork(tmp_path: Path) -> None:
    clock, folder, file = HeldClock(), make_shop(tmp_path), tmp_path / "backup.zip"
    make_backup_at(folder, file, clock)
    shop = reopened(folder, clock)
    sell(shop)
    common = shop.ledger.head().seq - 2
    shop.close()
    restore_backup(file, tmp_path / "restored", PASSPHRASE, clock)
    assert compare_shops(folder, tmp_path / "restored", PASSPHRASE) == Fork(common, 2, 1)


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


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("good")
    file = place / "backup.zip"
    make_backup_at(make_shop(place), file, HeldClock())
    return file


def refused_as(file: Path, place: Path, passphrase: str = PASSPHRASE) -> str:
    with pytest.raises(BackupInvalid) as refused:
        restore_backup(file, place / "restored", passphrase, HeldClock())
    assert sorted(each.name for each in place.iterdir()) == [file.name]
    return str(refused.value.facts["problem"])


def test_the_wrong_passphrase_restores_nothing(good: Path, tmp_path: Path) -> None:
    with pytest.raises(PassphraseWrong):
        restore_backup(good, tmp_path / "restored", PASSPHRASE + "!", HeldClock())
    assert list(tmp_path.iterdir()) == []


def test_a_backup_cut_off_is_refused(good: Path, tmp_path: Path) -> None:
    raw = good.read_bytes()
    for share in (0, 1, 22, len(raw) // 2, len(raw) - 1):
        (tmp_path / "cut.zip").write_bytes(raw[:share])
        assert refused_as(tmp_path / "cut.zip", tmp_path) == "zip"


def test_any_changed_byte_of_a_backup_is_refused(good: Path, tmp_path: Path) -> None:
    raw = good.read_bytes()
    chance = random.Random(62055)  # noqa: S311 - any seed will do
    with zipfile.ZipFile(good) as archive:
        headers = [info.header_offset for info in archive.infolist()]
        directory = archive.start_dir
    places = [chance.randrange(len(raw)) for _ in range(15)]
    places += [at + step for at in [*headers, directory] for step in range(0, 46, 9)]
    places += range(len(raw) - 22, len(raw), 5)
    harmless = 0
    for place in places:
        changed = bytearray(raw)
        changed[min(place, len(raw) - 1)] ^= 0x55
        (tmp_path / "changed.zip").write_bytes(changed)
        try:
            restore_backup(tmp_path / "changed.zip", tmp_path / "restored", PASSPHRASE, HeldClock())
        except (BackupInvalid, PassphraseWrong):
            continue
        # Dates and rights in the zip's headers say nothing to a till; what it holds is whole.
        assert verify_shop(tmp_path / "restored", PASSPHRASE).fault is None
        shutil.rmtree(tmp_path / "restored")
        harmless += 1
    assert harmless < len(places) // 2


def rebuilt(good: Path, place: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(good) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    file = place / "rebuilt.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/evil", "..\\evil", "shop/ledger.db", "till.lock", "ledger.db-wal"]
)
def test_names_that_do_not_belong_in_a_backup_are_refused(
    good: Path, tmp_path: Path, name: str
) -> None:
    file = rebuilt(good, tmp_path, lambda members: members.update({name: b"x"}))
    assert refused_as(file, tmp_path) == "names"


@pytest.mark.parametrize("name", ["ledger.db", "vault.json", "manifest.json"])
def test_a_backup_that_lacks_a_part_is_refused(good: Path, tmp_path: Path, name: str) -> None:
    def lose(members: dict[str, bytes]) -> None:
        del members[name]

    file = rebuilt(good, tmp_path, lose)
    assert refused_as(file, tmp_path) == "names"


def test_a_member_given_twice_is_refused(good: Path, tmp_path: Path) -> None:
    file = Path(shutil.copy(good, tmp_path / "twice.zip"))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(file, "a") as archive:
        archive.writestr("vault.json", b"{}")
    assert refused_as(file, tmp_path) == "names"


def test_a_packed_member_is_refused(good: Path, tmp_path: Path) -> None:
    file = Path(shutil.copy(good, tmp_path / "packed.zip"))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("settings.json", bytes(1 << 22))
    assert refused_as(file, tmp_path) == "compressed"


def test_settings_slipped_into_a_backup_are_refused(good: Path, tmp_path: Path) -> None:
    file = rebuilt(good, tmp_path, lambda members: members.update({"settings.json": b"{}"}))
    assert refused_as(file, tmp_path) == "names"


def test_a_list_written_anew_lacks_the_tills_signature(good: Path, tmp_path: Path) -> None:
    def lower(members: dict[str, bytes]) -> None:
        members["manifest.json"] = members["manifest.json"].replace(b'"made":1', b'"made":2')

    assert refused_as(rebuilt(good, tmp_path, lower), tmp_path) == "manifest.json"


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"\xff", b'{"manifest":{},"signature":"00"}', b"[" * 9999]
)
def test_a_list_that_is_none_is_refused(good: Path, tmp_path: Path, content: bytes) -> None:
    file = rebuilt(good, tmp_path, lambda members: members.update({"manifest.json": content}))
    assert refused_as(file, tmp_path) == "manifest.json"


def test_another_ledger_put_into_a_backup_is_refused(good: Path, tmp_path: Path) -> None:
    def put_in(members: dict[str, bytes]) -> None:
        members["ledger.db"] = members["ledger.db"][:-4096]

    assert refused_as(rebuilt(good, tmp_path, put_in), tmp_path) == "ledger.db"


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x05\x06" + bytes(18), bytes(5000)])
def test_other_files_are_no_backups(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other").write_bytes(content)
    assert refused_as(tmp_path / "other", tmp_path) in ("zip", "names")


def test_a_backup_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BackupInvalid):
        restore_backup(tmp_path / "none.zip", tmp_path / "restored", PASSPHRASE, HeldClock())
    with pytest.raises(BackupInvalid):
        restore_backup(tmp_path, tmp_path / "restored", PASSPHRASE, HeldClock())
    assert list(tmp_path.iterdir()) == []


def test_a_copy_of_an_open_ledger_is_whole_and_stands_alone(tmp_path: Path) -> None:
    shop = opened(make_shop(tmp_path))
    sell(shop)
    copy_ledger(shop.ledger.db, tmp_path / "copy.db", shop.store.ledger_key)
    assert not (tmp_path / "copy.db-wal").exists()
    shop.close()
