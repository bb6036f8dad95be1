"""What the ledger knows of sales and of the slips they printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pos_app.application.printing import PrintOutcome
    from pos_app.application.records import CurrencySum, Purchase, SaleRow
    from pos_app.application.sale import Sale
    from pos_app.application.stored_records import PrintTask


class SaleTrail(Protocol):
    """The part of `pos_app.application.ports.Ledger` that finds sales and adds them up."""

    def purchases(self, drn: str, limit: int) -> tuple[Purchase, ...]:
        """Return the latest purchases of a meter, newest first."""
        ...

    def month_tenths(self, drn: str, month: str) -> int:
        """Return the tenths a meter bought in a month (``YYYY-MM``)."""
        ...

    def sale_by_receipt(self, receipt: str) -> tuple[int, Sale] | None:
        """Return (journal number, sale) of a receipt."""
        ...

    def sale_by_id(self, sale_id: str) -> tuple[int, Sale] | None:
        """Return (journal number, sale) of a client's sale id."""
        ...

    def sale_by_seq(self, seq: int) -> Sale | None:
        """Return the sale of a journal number."""
        ...

    def receipt_of_token(self, drn: str, minute: int) -> str:
        """Return the receipt under which a token was sold here, empty if it was not."""
        ...

    def copies_of(self, seq: int) -> int:
        """Return how many copies of a sale's slip were made."""
        ...

    def sales_between(self, from_ms: int, to_ms: int, text: str, limit: int) -> tuple[SaleRow, ...]:
        """Return sales of a span of time, newest first, filtered by any fragment."""
        ...

    def day_sums(self, day: str) -> tuple[CurrencySum, ...]:
        """Return the sums of a day (``YYYY-MM-DD`` in the shop's time)."""
        ...

    def waiting(self) -> tuple[tuple[CurrencySum, ...], int | None]:
        """Return sums of what head office has not acknowledged and the oldest time."""
        ...


class SlipQueue(Protocol):
    """The part of `pos_app.application.ports.Ledger` that holds slips until they are on paper."""

    def next_print_task(self) -> PrintTask | None:
        """Return the oldest queued print job, None when nothing waits."""
        ...

    def note_print(self, task: PrintTask, outcome: PrintOutcome) -> None:
        """Record how a print job ended."""
        ...

    def requeue(self, sale_seq: int) -> bool:
        """Queue the last job of a sale again; False when it is on its way already."""
        ...

    def unprinted(self) -> tuple[int, int]:
        """Return how many slips wait for the printer or are on their way, and how many failed."""
        ...
