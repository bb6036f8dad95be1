"""A virtual meter in a file: replaced whole or not at all, readable by its owner only.

``DRN.json`` is written beside itself, brought to disk, and renamed over the old one: a power cut
at any moment leaves the meter as it was before an act or as it was after.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from filelock import FileLock, Timeout

from pos_app.adapters.meters.errors import (
    MeterFileBroken,
    MeterFileExists,
    MeterFileMissing,
    MeterFileUnusable,
    MeterInUse,
)
from pos_app.meter.state import Meter
from pos_app.meter.stored import Unfit, meter_of_values, values_of_meter


class MeterFile:
    """Implements `pos_app.meter.device.MeterStore`; `close` it to let other programs in."""

    def __init__(self, folder: Path, drn: str) -> None:
        """Take the meter's lock; raises `MeterInUse` or `MeterFileUnusable`."""
        self.path = folder / f"{drn}.json"
        self._drn = drn
        self._lock = FileLock(folder / f"{drn}.lock")
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
        except Timeout:
            raise MeterInUse(drn=drn) from None
        except OSError as problem:
            raise _unusable(self.path, problem) from problem

    def close(self) -> None:
        """Let other programs open this meter."""
        self._lock.release()

    def load(self) -> Meter:
        """Return the meter; `MeterFileMissing`, `MeterFileBroken` or `MeterFileUnusable`."""
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            raise MeterFileMissing(drn=self._drn) from None
        except OSError as problem:
            raise _unusable(self.path, problem) from problem
        try:
            return meter_of_values(json.loads(raw))
        except Unfit as fault:
            raise MeterFileBroken(path=str(self.path), where=str(fault)) from None
        except (ValueError, RecursionError):
            raise MeterFileBroken(path=str(self.path), where="file") from None

    def create(self, meter: Meter) -> None:
        """Keep a new meter; raises `MeterFileExists` rather than lose one."""
        if self.path.exists():
            raise MeterFileExists(drn=self._drn)
        self.save(meter)

    def save(self, meter: Meter) -> None:
        """Replace the file; on return the meter is on disk. Raises `MeterFileUnusable`."""
        draft = self.path.with_suffix(".new")
        content = json.dumps(values_of_meter(meter), separators=(",", ":")).encode()
        try:
            _write(draft, content)
            draft.replace(self.path)
            _sync_folder(self.path.parent)
        except OSError as problem:
            raise _unusable(self.path, problem) from problem


def meters_in(folder: Path) -> list[str]:
    """Return the numbers of the virtual meters in a folder, sorted."""
    return sorted(path.stem for path in folder.glob("*.json")) if folder.is_dir() else []


def _unusable(path: Path, problem: OSError) -> MeterFileUnusable:
    return MeterFileUnusable(path=str(path), reason=problem.strerror or type(problem).__name__)


def _write(path: Path, content: bytes) -> None:
    """Bring a new file to disk."""
    handle = os.open(
        path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600
    )
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(handle, left) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_folder(folder: Path) -> None:
    """Bring the new name to disk; Windows does it by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
