"""Writing a document whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from pos_app.application.reports.report import Report, ReportCancelled, Watch
from pos_app.domain.errors import PosError

_EVERY = 1000


class ReportNotSaved(PosError):
    """A report could not be written to a file: `path`, `reason` in the system's words."""

    code: ClassVar[str] = "report-not-saved"


def save(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a file beside `path`, then put it in its place.

    It is readable by its owner only, since it names customers. Raises `ReportNotSaved`.
    """
    passing: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=".report-", dir=path.parent)
        os.close(handle)
        passing = Path(name)
        write(passing)
        with passing.open("rb+") as file:
            os.fsync(file.fileno())
        passing.replace(path)
        passing = None
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        raise ReportNotSaved(path=str(path), reason=reason) from problem
    finally:
        if passing is not None:
            passing.unlink(missing_ok=True)


def look_up(report: Report, row: int, watch: Watch) -> None:
    """Ask every thousand rows whether to go on; raises `ReportCancelled`."""
    if row % _EVERY == 0 and not watch(row, len(report.rows)):
        raise ReportCancelled
