"""Sticks are where the system mounts them, by their whole names."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pos_app.adapters.system import sticks


@pytest.mark.skipif(sys.platform == "win32", reason="mount tables are not known there")
def test_what_is_mounted_where_sticks_are_is_a_stick(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = tmp_path / "MY STICK", tmp_path / "BLUE"
    for folder in (one, two):
        folder.mkdir()
    table = tmp_path / "mounts"
    blank = str(one).replace(" ", "\\040")
    table.write_text(
        f"/dev/sda1 / ext4 rw 0 0\n/dev/sdb1 {blank} vfat rw 0 0\n"
        f"/dev/sdc1 {two} vfat rw 0 0\n/dev/sdd1 {tmp_path}/gone vfat rw 0 0\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(sticks, "_MOUNTS", table)
    monkeypatch.setattr(sticks, "_PLACES", (f"{tmp_path}/",))
    assert sticks.sticks() == (two, one)


def test_a_computer_without_sticks_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "mounts"
    table.write_text("/dev/sda1 / ext4 rw 0 0\n", encoding="utf-8")
    monkeypatch.setattr(sticks, "_MOUNTS", table)
    assert sticks.sticks() == ()
