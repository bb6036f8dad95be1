"""The files of bulk lists for the window: the list, and what became of it beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pos_app.adapters.documents.bulk_csv import save_results
from pos_app.application.bulk import RowResult
from pos_app.application.bulk_file import LARGEST_FILE
from pos_app.application.bulk_rows import result_row
from pos_app.application.words import Words
from pos_app.domain.errors import PosError


class BulkFileUnreadable(PosError):
    """A list cannot be read. Facts: `path`, `reason`."""

    code: ClassVar[str] = "bulk-file-unreadable"


@dataclass(frozen=True, slots=True)
class BulkFolder:
    """Implements `pos_app.ui.presenters.bulk.BulkFiles`."""

    words: Words

    def read(self, path: str) -> bytes:
        """Return the bytes of a list, one more than it may have at most."""
        try:
            with Path(path).expanduser().open("rb") as file:
                return file.read(LARGEST_FILE + 1)
        except (OSError, ValueError) as problem:
            reason = getattr(problem, "strerror", None) or type(problem).__name__
            raise BulkFileUnreadable(path=path[:200], reason=reason) from None

    def save(self, path: str, results: tuple[RowResult, ...]) -> str:
        """Write the results as ``<name>-result.csv`` beside the list; raises `ReportNotSaved`."""
        place = Path(path).expanduser()
        beside = place.with_name(f"{place.stem}-result.csv")
        save_results([result_row(self.words, each) for each in results], beside)
        return str(beside)
