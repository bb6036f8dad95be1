"""What the use cases need of the ledger about payments."""

from __future__ import annotations

from typing import Protocol


class TenderBook(Protocol):
    """The ledger's side of payments."""

    def receipt_of(self, kind: str, reference: str) -> str:
        """Return the receipt that this reference paid for, empty if none did."""
        ...
