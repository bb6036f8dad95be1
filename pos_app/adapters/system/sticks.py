"""Memory sticks that are in the computer, as folders."""

from __future__ import annotations

import os
import string
import sys
from pathlib import Path
from typing import Final

_MOUNTS: Final = Path("/proc/self/mounts")
_PLACES: Final = ("/media/", "/run/media/", "/Volumes/")
_REMOVABLE: Final = 2
"""What Windows calls a drive whose medium can be taken out (GetDriveTypeW, DRIVE_REMOVABLE)."""


def sticks() -> tuple[Path, ...]:
    """Return the folders of sticks that can be written to, in the order of their names."""
    found = _windows() if sys.platform == "win32" else _mounted()
    return tuple(sorted(path for path in found if path.is_dir() and os.access(path, os.W_OK)))


def _mounted() -> list[Path]:
    if not _MOUNTS.exists():
        volumes = Path("/Volumes")
        return list(volumes.iterdir()) if volumes.is_dir() else []
    lines = _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    # Blanks in a name are written as octal numbers (proc(5), fstab(5)).
    named = (line.split(" ")[1].encode().decode("unicode_escape") for line in lines)
    return [Path(name) for name in named if name.startswith(_PLACES)]


def _windows() -> list[Path]:
    from ctypes import windll  # type: ignore[attr-defined]  # noqa: PLC0415 - only there

    drives = [f"{letter}:\\" for letter in string.ascii_uppercase]
    return [Path(each) for each in drives if windll.kernel32.GetDriveTypeW(each) == _REMOVABLE]
