"""Files that appear whole or not at all, readable by their owner only."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, ClassVar

from pos_app.domain.errors import PosError


class FileExists(PosError):
    """There is something of this name already; nothing is ever written over. Fact: `path`."""

    code: ClassVar[str] = "file-exists"


class FileUnwritable(PosError):
    """The file cannot be written: no right, no space, no such folder. Facts: `path`, `reason`."""

    code: ClassVar[str] = "file-unwritable"


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """Write a new file: it gets its name at the end of the block, once it is safely on disk.

    An error inside the block leaves nothing behind. Raises `FileExists` or `FileUnwritable`; the
    latter also for what the block's own writes meet.
    """
    if path.exists():
        raise FileExists(path=str(path))
    draft = path.with_name(path.name + ".new")
    try:
        handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(handle, "w+b") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
            sync_folder(path.parent)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as problem:
        raise unwritable(path, problem) from problem


def unwritable(path: Path, problem: OSError) -> FileUnwritable:
    """Return the error for what the operating system said about `path`."""
    return FileUnwritable(path=str(path), reason=problem.strerror or type(problem).__name__)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable, where the system can (Windows does it by itself)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
