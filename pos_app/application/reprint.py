"""Printing a sale's slip again: the same digits, marked COPY, counted and reasoned."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from pos_app.application.errors import ReceiptUnknown
from pos_app.application.ports import Clock, Ledger
from pos_app.application.records import Operator
from pos_app.application.sale import Sale


class ReprintReason(StrEnum):
    """Why a copy is made; the words are ``reprint.<reason>``."""

    LOST = "lost"
    UNREADABLE = "unreadable"
    NOT_PRINTED = "not-printed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reprint:
    """Journal a copy and queue its slip in one act."""

    ledger: Ledger
    clock: Clock

    def __call__(self, receipt: str, reason: ReprintReason, operator: Operator) -> tuple[Sale, int]:
        """Return the sale and the number of the copy; raises `ReceiptUnknown`.

        The tokens of a sale that was put right (`pos_app.domain.redress`) are not handed out again.
        """
        found = self.ledger.sale_by_receipt(receipt)
        if found is None:
            raise ReceiptUnknown(receipt=receipt[:40])
        seq, sale = found
        now, shift = self.clock.now_ms(), self.ledger.shifts.of_operator(operator.id)
        with self.ledger.writing() as transaction:
            copy = self.ledger.copies_of(seq) + 1
            body = {
                "sale_seq": seq,
                "receipt": sale.receipt,
                "copy": copy,
                "reason": reason.value,
                "operator": operator.id,
                "shift": shift.number if shift else 0,
            }
            transaction.append("reprint", body, now)
            transaction.queue_slip(seq, copy, now)
        withheld = self.ledger.redress.of_sale(seq) is not None
        return (replace(sale, tokens=(), key_change=None) if withheld else sale), copy
