"""Other people's shifts and the shop's batches without a disk: they stand as a test puts them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from pos_app.application.shift_errors import BatchNotOpen, ReferenceMissing, ShiftsStillOpen
from pos_app.application.shift_records import (
    BatchReport,
    BatchRow,
    Deposit,
    OpenBatch,
    ShiftNow,
    ShiftReport,
)
from pos_app.domain.money import Money
from pos_app.domain.shift import Level, Tally, currencies, found_takings


class FakeBatches:
    """`others` are open shifts, `waiting` closed ones whose count is off."""

    called: Callable[[str], None]
    now_ms: Callable[[], int]
    others: list[ShiftNow]
    waiting: list[ShiftReport]
    held: dict[Level, OpenBatch]

    def open_now(self) -> tuple[ShiftNow, ...]:
        return tuple(self.others)

    def unapproved(self) -> tuple[ShiftReport, ...]:
        return tuple(self.waiting)

    def approve(self, shift: int, approver_id: str, pin: str, reason: str) -> ShiftReport:
        self.called(f"approve {shift} {approver_id} {pin}")
        report = next(each for each in self.waiting if each.shift == shift)
        self.waiting.remove(report)
        return replace(report, approved_by=approver_id.title(), approval=reason)

    def batches(self, operator_id: str) -> tuple[OpenBatch, ...]:
        self.called(f"batches {operator_id}")
        return tuple(self.held[level] for level in (Level.SALES, Level.BANK) if level in self.held)

    def put_batches(self, tallies: tuple[Tally, ...]) -> None:
        for level, outer in ((Level.SALES, 2), (Level.BANK, 0)):
            self.held[level] = OpenBatch(BatchRow(level, 2, outer, 9, 4, 6), tallies)

    def close_sales_batch(self, operator_id: str) -> BatchReport:
        return self._close(Level.SALES, operator_id, "")

    def close_bank_batch(
        self, operator_id: str, reference: str, banked: Sequence[Money] = ()
    ) -> BatchReport:
        assert not banked
        if not reference.strip():
            raise ReferenceMissing(most=40)
        self.held.pop(Level.SALES, None)
        return self._close(Level.BANK, operator_id, reference)

    def _close(self, level: Level, operator_id: str, reference: str) -> BatchReport:
        self.called(f"close {level} {reference}".strip())
        if self.others:
            raise ShiftsStillOpen(operators=", ".join(each.operator for each in self.others))
        if level not in self.held:
            raise BatchNotOpen(level=level.value)
        held = self.held.pop(level)
        found = [found_takings(held.tallies, each) for each in currencies(held.tallies)]
        deposits = tuple(Deposit(each, each, each, Money(0, each.currency)) for each in found)
        return BatchReport(
            level=level,
            number=held.row.number,
            first_inner=held.row.first_inner,
            last_inner=held.row.last_inner,
            by_name=operator_id.title(),
            opened_ms=self.now_ms() - 9 * 3_600_000,
            at_ms=self.now_ms(),
            offset_minutes=120,
            training=True,
            tallies=held.tallies,
            reference=reference,
            deposits=deposits if level is Level.BANK else (),
            grand=(),
            head_seq=941,
            head_hash="0f" * 32,
            closed_seq=942,
        )
