"""The computer under the till: files that appear whole, one program a shop, the time of day."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pos_app.adapters.system import new_file as module
from pos_app.adapters.system.clock import SystemClock
from pos_app.adapters.system.errors import ShopFolderUnusable
from pos_app.adapters.system.new_file import FileExists, FileUnwritable, new_file
from pos_app.adapters.system.paths import default_shop, training_shop
from pos_app.adapters.system.single import ShopInUse, ShopLock

POSIX_ONLY = pytest.mark.skipif(os.name == "nt", reason="needs the rights and signals of POSIX")
HOLDER = """
import sys, time
from pathlib import Path
from pos_app.adapters.system.single import ShopLock
lock = ShopLock(Path(sys.argv[1]))
lock.take()
print("held", flush=True)
time.sleep(60)
"""


def test_a_new_file_has_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "backup.zip"
    with new_file(path) as file:
        file.write(b"half")
        file.flush()
        assert not path.exists()
        file.write(b" and half")
    assert path.read_bytes() == b"half and half"
    assert list(tmp_path.iterdir()) == [path]


@POSIX_ONLY
def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with new_file(tmp_path / "backup.zip") as file:
            file.write(b"x")
    finally:
        os.umask(before)
    assert (tmp_path / "backup.zip").stat().st_mode & 0o777 == 0o600


def test_nothing_is_left_of_a_file_that_went_wrong(tmp_path: Path) -> None:
    class Interrupted(Exception):
        pass

    def write() -> None:
        with new_file(tmp_path / "backup.zip") as file:
            file.write(b"half")
            raise Interrupted

    with pytest.raises(Interrupted):
        write()
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "backup.zip"
    path.write_text("precious")
    with pytest.raises(FileExists) as caught, new_file(path):
        pytest.fail("the block must not run")
    assert caught.value.facts == {"path": str(path)}
    assert path.read_text() == "precious"


def test_a_place_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "backup.zip"
    with pytest.raises(FileUnwritable) as caught, new_file(path):
        pytest.fail("the block must not run")
    assert caught.value.facts == {"path": str(path), "reason": "No such file or directory"}


@POSIX_ONLY
def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    path = tmp_path / "backup.zip"
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))  # a write beyond it fails like a disk
    try:
        with pytest.raises(FileUnwritable) as caught, new_file(path) as file:
            file.write(b"x" * 10_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.facts["reason"] == "File too large"
    assert list(tmp_path.iterdir()) == []
    assert module.unwritable(path, OSError()).facts["reason"] == "OSError"


def test_one_program_holds_a_shop_until_it_lets_go(tmp_path: Path) -> None:
    first, second = ShopLock(tmp_path), ShopLock(tmp_path)
    first.take()
    with pytest.raises(ShopInUse) as caught:
        second.take()
    assert caught.value.facts == {"folder": str(tmp_path)}
    first.release()
    second.take()
    second.release()


def test_a_killed_program_does_not_keep_the_shop(tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == b"held"
    lock = ShopLock(tmp_path)
    with pytest.raises(ShopInUse):
        lock.take()
    holder.kill()
    holder.wait()
    holder.stdout.close()
    lock.take()
    lock.release()


def test_a_folder_that_cannot_hold_a_lock_is_told(tmp_path: Path) -> None:
    (tmp_path / "till.lock").mkdir()
    with pytest.raises(ShopFolderUnusable) as caught:
        ShopLock(tmp_path).take()
    assert caught.value.facts["folder"] == str(tmp_path)


def test_the_clock_is_the_computers_in_milliseconds() -> None:
    before = time.time()
    now = SystemClock().now_ms() / 1000
    assert before - 0.001 <= now <= time.time()


def test_a_shop_may_have_its_own_time_zone() -> None:
    assert SystemClock(345).offset_minutes(0) == 345
    assert SystemClock(0).offset_minutes(1_795_257_120_000) == 0


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[ZoneInfo]:
    if not hasattr(time, "tzset"):
        pytest.skip("the time zone of a process cannot be set here")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield ZoneInfo("Europe/Berlin")
    monkeypatch.undo()
    time.tzset()


def test_daylight_saving_follows_the_computer(berlin: ZoneInfo) -> None:
    for hour in range(0, 24 * 365, 7):
        at = 1_767_225_600 + hour * 3600  # from 1 January 2026 on
        offset = datetime.fromtimestamp(at, berlin).utcoffset()
        assert offset is not None
        assert SystemClock().offset_minutes(at * 1000) * 60 == offset.total_seconds()


def test_the_training_shop_is_never_where_the_real_one_is() -> None:
    assert default_shop() != training_shop()
    assert default_shop().parent == training_shop().parent
    assert "tokentill" in str(default_shop())
