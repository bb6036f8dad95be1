"""Files from outside: read in one piece and no more of them than will be taken."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from pos_app.domain.errors import PosError


class FileUnreadable(PosError):
    """A file cannot be read. Facts: `path`, `reason`."""

    code: ClassVar[str] = "file-unreadable"


def read_file(path: Path, most: int) -> bytes:
    """Return at most `most` bytes and one of a file; raises `FileUnreadable`."""
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as problem:
        raise unreadable(path, problem) from None


def unreadable(path: Path, problem: OSError) -> FileUnreadable:
    """Return the error for what the operating system said about `path`."""
    return FileUnreadable(path=str(path), reason=problem.strerror or type(problem).__name__)
