"""What the use cases need of the ledger about payments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pos_app.application.parked import ParkedSale


class TenderBook(Protocol):
    """The ledger's side of payments."""

    def receipt_of(self, kind: str, reference: str) -> str:
        """Return the receipt that this reference paid for, empty if none did."""
        ...

    def parked(self, now_ms: int) -> tuple[ParkedSale, ...]:
        """Return every parked sale, the oldest first; `now_ms` tells their age."""
        ...
