"""The door to shifts, as the window needs it; see `pos_app.application.shifts.ShiftDesk`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pos_app.application.shift_cash import DrawerReason
    from pos_app.application.shift_records import (
        BatchReport,
        DrawerLine,
        OpenBatch,
        ShiftNow,
        ShiftReport,
    )
    from pos_app.domain.cash_count import CashCount
    from pos_app.domain.money import Currency, Money
    from pos_app.domain.shift import CashMove


class Shifts(Protocol):
    """What an operator can do with a shift; every method runs on the ledger's thread."""

    def open(self, operator_id: str, opening: Sequence[Money] = ()) -> ShiftNow:
        """Open with a float; raise ``shift-already-open``."""
        ...

    def now(self, operator_id: str) -> ShiftNow | None:
        """Return the operator's open shift, None without one."""
        ...

    def currencies(self) -> tuple[Currency, ...]:
        """Return the currencies of the till's tariffs, by code."""
        ...

    def move_cash(self, operator_id: str, kind: CashMove, amount: Money, reason: str) -> int:
        """Journal cash in, out or into the safe; raise ``reason-missing``."""
        ...

    def open_drawer(self, operator_id: str, reason: DrawerReason, note: str = "") -> int:
        """Journal a no-sale opening."""
        ...

    def count(
        self, operator_id: str, counts: Sequence[CashCount], of: str = ""
    ) -> tuple[DrawerLine, ...]:
        """Put a blind count on record; return each currency with its variance."""
        ...

    def x(self, operator_id: str, of: str = "") -> ShiftReport:
        """Return the shift so far."""
        ...

    def close(
        self, operator_id: str, counts: Sequence[CashCount] = (), of: str = ""
    ) -> ShiftReport:
        """Close; the Z is queued for paper."""
        ...

    def open_now(self) -> tuple[ShiftNow, ...]:
        """Return every open shift, the oldest first."""
        ...

    def unapproved(self) -> tuple[ShiftReport, ...]:
        """Return the Zs whose count was off by too much and waits for a supervisor."""
        ...

    def approve(self, shift: int, approver_id: str, pin: str, reason: str) -> ShiftReport:
        """Put on record that a supervisor looked into a count."""
        ...

    def batches(self, operator_id: str) -> tuple[OpenBatch, ...]:
        """Return the open batches; raise ``role-needed``."""
        ...

    def close_sales_batch(self, operator_id: str) -> BatchReport:
        """Close the sales batch; raise ``shifts-still-open`` …."""
        ...

    def close_bank_batch(
        self, operator_id: str, reference: str, banked: Sequence[Money] = ()
    ) -> BatchReport:
        """Close the bank batch with its deposit slip; raise ``reference-missing`` …."""
        ...

    def reprint_z(self, operator_id: str, shift: int) -> tuple[ShiftReport, int]:
        """Queue a copy of a Z; return it and the number of the copy."""
        ...
