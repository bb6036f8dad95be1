"""What shifts and batches ask of the ledger; every answer takes the same time at any length."""

from __future__ import annotations

from typing import Protocol

from pos_app.application.shift_records import BatchRow, Grand, HeldCount, ShiftRow
from pos_app.domain.shift import Level, Tally


class ShiftBook(Protocol):
    """The ledger's side of shifts and batches."""

    def of_operator(self, operator_id: str) -> ShiftRow | None:
        """Return the operator's open shift."""
        ...

    def open_shifts(self) -> tuple[ShiftRow, ...]:
        """Return every open shift, the oldest first."""
        ...

    def shift(self, number: int) -> ShiftRow | None:
        """Return a shift by its number."""
        ...

    def next_shift(self) -> int:
        """Return the number of the next shift."""
        ...

    def open_batch(self, level: Level) -> BatchRow | None:
        """Return the open sales or bank batch."""
        ...

    def next_batch(self, level: Level) -> int:
        """Return the number of the next sales or bank batch."""
        ...

    def batch(self, level: Level, number: int) -> BatchRow | None:
        """Return a sales or bank batch by its number."""
        ...

    def tallies(self, level: Level, number: int) -> tuple[Tally, ...]:
        """Return the tallies of a batch, by currency and name."""
        ...

    def counts(self, shift: int) -> tuple[HeldCount, ...]:
        """Return the newest count of a shift, a currency each."""
        ...

    def copies_of(self, closed_seq: int) -> int:
        """Return how many copies of a close were made."""
        ...

    def last_seal(self) -> tuple[int, int]:
        """Return (number, journal number) of the newest day seal, (0, 0) for none."""
        ...

    def seal_of(self, closed_seq: int) -> int:
        """Return the number of the day seal made with a close, 0 for none."""
        ...

    def unapproved(self) -> tuple[ShiftRow, ...]:
        """Return closed shifts whose count was off by too much and waits for a supervisor."""
        ...

    def approval_of(self, shift: int) -> int:
        """Return the journal number of the approval of a shift's count, 0 for none."""
        ...

    def grand(self) -> tuple[Grand, ...]:
        """Return the perpetual totals, a currency each."""
        ...
