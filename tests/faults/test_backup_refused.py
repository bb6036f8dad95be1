"""Backups that were changed, cut off or made up: refused in a sentence, and nothing is written."""

from __future__ import annotations

import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pos_app.adapters.ledger.errors import BackupInvalid
from pos_app.adapters.vault.errors import PassphraseWrong
from pos_app.bootstrap.backup import make_backup, restore_backup
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.training_file import training_passphrase
from tests.shops import HeldClock, make_shop

PASSPHRASE = training_passphrase()


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("good")
    file = place / "backup.zip"
    make_backup(make_shop(place), PASSPHRASE, file, HeldClock())
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
