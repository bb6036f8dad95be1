"""A disk that is full or cannot be written: a sentence, nothing half done, nothing lost."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.adapters.ledger.errors import LedgerUnavailable
from pos_app.adapters.system.errors import ShopFolderUnusable
from pos_app.adapters.system.new_file import FileExists, FileUnwritable
from pos_app.adapters.system.single import ShopInUse
from pos_app.application.sale import Sale
from pos_app.bootstrap.backup import make_backup, restore_backup
from pos_app.bootstrap.inspection import export_journal, verify_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.domain.errors import PosError
from tests.shops import HIGHVELD, START_MS, HeldClock, make_shop, opened, order

PASSPHRASE = training_passphrase()
ROOT = os.geteuid() == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 700 KiB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=700k", "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("a small disk needs the right to mount one (root)")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def sold_until_refused(shop: OpenShop) -> tuple[list[Sale], PosError]:
    sold: list[Sale] = []
    for number in range(400):
        try:
            sold.append(shop.desk.sell(order(shop, HIGHVELD, 5000 + number, repeat_allowed=True)))
        except PosError as problem:
            return sold, problem
        shop.clock.now += 60_000  # type: ignore[attr-defined] # the clock of the tests
    raise AssertionError("the disk never got full")


def test_a_full_disk_refuses_sales_in_a_sentence_and_loses_none(small_disk: Path) -> None:
    clock = HeldClock()
    folder = make_shop(small_disk)
    shop = opened(folder, clock)
    sold, problem = sold_until_refused(shop)
    assert isinstance(problem, LedgerUnavailable)
    assert problem.facts["reason"] in ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE")
    assert len(sold) >= 3
    head = shop.ledger.head()
    with pytest.raises(LedgerUnavailable):
        shop.desk.sell(order(shop, HIGHVELD, 9900, repeat_allowed=True))
    assert shop.ledger.head() == head
    for sale in sold:
        found = shop.ledger.sale_by_id(sale.sale_id)
        assert found is not None
        assert found[1] == sale
    shop.close()


def test_a_till_sells_on_once_there_is_room_again(small_disk: Path, tmp_path: Path) -> None:
    clock = HeldClock()
    folder = make_shop(small_disk)
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(120_000))
    shop = opened(folder, clock)
    sold, problem = sold_until_refused(shop)
    assert isinstance(problem, LedgerUnavailable)
    ballast.unlink()
    sale = shop.desk.sell(order(shop, HIGHVELD, 9900, repeat_allowed=True))
    assert sale.number == len(sold) + 1
    shop.close()
    proof = verify_shop(folder, PASSPHRASE)
    assert proof.fault is None


def test_a_ledger_that_may_not_grow_refuses_and_keeps_what_it_has(tmp_path: Path) -> None:
    clock = HeldClock()
    folder = make_shop(tmp_path)
    shop = opened(folder, clock)
    pages = shop.ledger.db.execute("pragma page_count").fetchone()[0]
    shop.ledger.db.execute(f"pragma max_page_count = {pages + 4}")
    sold, problem = sold_until_refused(shop)
    assert (problem.code, problem.facts["reason"]) == ("ledger-unavailable", "SQLITE_FULL")
    shop.close()
    proof = verify_shop(folder, PASSPHRASE)
    assert proof.fault is None
    again = opened(folder, clock)
    assert len(again.desk.sales_today()) == len(sold)
    assert again.desk.sell(order(again, HIGHVELD, 9900)).number == len(sold) + 1
    again.close()


def test_a_backup_and_an_export_on_a_full_disk_leave_no_file(
    small_disk: Path, tmp_path: Path
) -> None:
    folder = make_shop(tmp_path)
    opened(folder, HeldClock(START_MS)).close()
    (small_disk / "ballast").write_bytes(bytes(712_000))
    with pytest.raises(FileUnwritable) as refused:
        export_journal(folder, PASSPHRASE, small_disk / "journal.jsonl")
    assert "space" in str(refused.value.facts["reason"]).lower()
    with pytest.raises(FileUnwritable):
        make_backup(folder, PASSPHRASE, small_disk / "backup.zip", HeldClock())
    assert [each.name for each in small_disk.iterdir()] == ["ballast"]
    assert verify_shop(folder, PASSPHRASE).fault is None


def test_restoring_to_a_full_disk_leaves_no_shop(small_disk: Path, tmp_path: Path) -> None:
    folder = make_shop(tmp_path)
    make_backup(folder, PASSPHRASE, tmp_path / "backup.zip", HeldClock())
    (small_disk / "ballast").write_bytes(bytes(600_000))
    with pytest.raises(PosError) as refused:
        restore_backup(tmp_path / "backup.zip", small_disk / "restored", PASSPHRASE, HeldClock())
    assert isinstance(refused.value, (ShopFolderUnusable, LedgerUnavailable))
    assert [each.name for each in small_disk.iterdir()] == ["ballast"]


@pytest.fixture
def readonly(tmp_path: Path) -> Iterator[Path]:
    """A folder with a shop on a disk that cannot be written."""
    place = tmp_path / "disk"
    place.mkdir()
    if ROOT:
        mount = ["mount", "-t", "tmpfs", "tmpfs", str(place)]
        if subprocess.run(mount, capture_output=True, check=False).returncode:
            pytest.skip("root without the right to mount cannot make a folder read-only")
        make_shop(place)
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        yield place
        subprocess.run(["umount", "-l", str(place)], check=True)
        return
    folder = make_shop(place)
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    place.chmod(stat.S_IRUSR | stat.S_IXUSR)
    yield place
    place.chmod(stat.S_IRWXU)
    folder.chmod(stat.S_IRWXU)


def test_a_disk_that_cannot_be_written_is_told_in_a_sentence(
    readonly: Path, tmp_path: Path
) -> None:
    with pytest.raises(ShopFolderUnusable):
        opened(readonly / "shop")
    with pytest.raises(ShopFolderUnusable):
        verify_shop(readonly / "shop", PASSPHRASE)
    other = make_shop(tmp_path)
    with pytest.raises(FileUnwritable):
        export_journal(other, PASSPHRASE, readonly / "journal.jsonl")
    with pytest.raises(FileUnwritable):
        make_backup(other, PASSPHRASE, readonly / "backup.zip", HeldClock())
    make_backup(other, PASSPHRASE, tmp_path / "backup.zip", HeldClock())
    with pytest.raises(ShopFolderUnusable):
        restore_backup(tmp_path / "backup.zip", readonly / "restored", PASSPHRASE, HeldClock())


def test_nothing_is_ever_written_over(tmp_path: Path) -> None:
    folder = make_shop(tmp_path)
    precious = tmp_path / "precious"
    precious.write_text("the only copy")
    with pytest.raises(FileExists):
        make_backup(folder, PASSPHRASE, precious)
    with pytest.raises(FileExists):
        export_journal(folder, PASSPHRASE, precious)
    with pytest.raises(FileExists):
        export_journal(folder, PASSPHRASE, folder)
    assert precious.read_text() == "the only copy"


def test_a_folder_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    folder = make_shop(tmp_path)
    with pytest.raises(FileUnwritable):
        make_backup(folder, PASSPHRASE, tmp_path / "nowhere" / "backup.zip", HeldClock())
    assert not (tmp_path / "nowhere").exists()


def test_two_programs_do_not_open_one_shop(tmp_path: Path) -> None:
    folder = make_shop(tmp_path)
    shop = opened(folder)
    try:
        for act in (
            lambda: opened(folder),
            lambda: verify_shop(folder, PASSPHRASE),
            lambda: make_backup(folder, PASSPHRASE, tmp_path / "backup.zip", HeldClock()),
        ):
            with pytest.raises(ShopInUse):
                act()
    finally:
        shop.close()
    assert verify_shop(folder, PASSPHRASE).fault is None
