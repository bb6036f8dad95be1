"""The ledger's side of bulk vending."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class BulkRun:
    """A run of a list on file. `open` until every row was sold."""

    sha256: str
    run: int
    rows: int
    sold: int
    open: bool


class BulkBook(Protocol):
    """The ledger's side of bulk vending."""

    def newest(self, sha256: str) -> BulkRun | None:
        """Return the newest run of a list."""
        ...
