"""A slip as a file: PNG to look at or send, PDF to archive or print on any printer."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from pos_app.adapters.printing.escpos_text import SlipNotPrintable
from pos_app.adapters.printing.rendering import slip_bytes
from pos_app.application.printing import PrinterSettings
from pos_app.application.slip.layout import Slip
from pos_app.domain.errors import PosError


class SlipNotSaved(PosError):
    """A slip could not be written to a file: `path`, `reason` in the system's words."""

    code: ClassVar[str] = "slip-not-saved"


def save_escpos(slip: Slip, path: Path, paper_mm: int) -> None:
    """Write `slip` as the bytes a printer would get. Raises `SlipNotSaved`."""
    _save(path, lambda: slip_bytes(slip, PrinterSettings(paper_mm=paper_mm)))


def save_png(slip: Slip, path: Path, paper_mm: int) -> None:
    """Write `slip` as a PNG, 8 dots per mm. Raises `SlipNotSaved`.

    Must run on the GUI thread where there is a window, on any one thread where there is none.
    """
    from pos_app.adapters.printing.qt_slip import png  # noqa: PLC0415 - Qt only when it is used

    _save(path, lambda: png(slip, paper_mm))


def save_pdf(slip: Slip, path: Path, paper_mm: int) -> None:
    """Write `slip` as a PDF page of its own size; see `save_png`."""
    from pos_app.adapters.printing.qt_slip import pdf  # noqa: PLC0415 - Qt only when it is used

    _save(path, lambda: pdf(slip, paper_mm))


def _save(path: Path, render: Callable[[], bytes]) -> None:
    try:
        content = render()
    except SlipNotPrintable:
        raise SlipNotSaved(path=str(path), reason="its code is too long") from None
    _write(path, content)


def _write(path: Path, content: bytes) -> None:
    """Put `content` at `path` whole or not at all; readable by its owner only (it has tokens)."""
    passing = ""
    try:
        handle, passing = tempfile.mkstemp(prefix=".slip-", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(passing).replace(path)
    except OSError as error:
        if passing:
            Path(passing).unlink(missing_ok=True)
        reason = error.strerror or type(error).__name__
        raise SlipNotSaved(path=str(path), reason=reason) from None
