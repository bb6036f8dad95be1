"""Files that a command is given."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Final

from pos_app.domain.errors import PosError

LARGEST: Final = 20_000_000
"""Bytes of a file that a person hands over."""


class TariffUnreadable(PosError):
    """A file is not there, or its bytes are no text. Facts: `path`, `reason`."""

    code: ClassVar[str] = "tariff-unreadable"


class FileUnwritten(PosError):
    """A file cannot be written. Facts: `path`, `reason`."""

    code: ClassVar[str] = "file-unwritten"


def first_bytes(path: Path, most: int, problem: type[PosError]) -> bytes:
    """Return at most one byte more than `most`; raises `problem` with `path` and `reason`."""
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as fault:
        reason = fault.strerror or type(fault).__name__
        raise problem(path=str(path), reason=reason) from None


def text_of(path: Path) -> str:
    """Return the text of a file; raises `TariffUnreadable`."""
    try:
        return content_of(path).decode("utf-8")
    except UnicodeDecodeError:
        raise TariffUnreadable(path=str(path), reason="it is no text in UTF-8") from None


def content_of(path: Path, most: int = LARGEST) -> bytes:
    """Return the bytes of a file; raises `TariffUnreadable`."""
    content = first_bytes(path, most, TariffUnreadable)
    if len(content) > most:
        raise TariffUnreadable(path=str(path), reason="it is too large")
    return content
