"""Receipts of keys, printed again: what came in, and the end of all keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pos_app.application.errors import ReceiptUnknown, RoleNeeded
from pos_app.application.fault_reports import slip_again
from pos_app.application.key_receipts import KeyReceipt, ended_keys, taken_keys
from pos_app.application.operators import operator_of
from pos_app.application.ports import Clock, Ledger
from pos_app.application.records import Role

if TYPE_CHECKING:
    from pos_app.exchange.chain import Entry

TAKEN: Final = "key_file_imported"
ENDED: Final = "keys_destroyed"
MOST_OFFERED: Final = 9


@dataclass(frozen=True, slots=True)
class KeyPapers:
    """The use cases around receipts of keys; a copy is marked, counted and journaled."""

    ledger: Ledger
    clock: Clock

    def listed(self, limit: int = MOST_OFFERED) -> tuple[KeyReceipt, ...]:
        """Return the receipts of this shop's keys, newest first."""
        return tuple(self._read(each) for each in self.ledger.keys.papers(limit))

    def again(self, entry: int, operator_id: str) -> int:
        """Queue the receipt of a journal entry once more and return its copy number.

        One that was never queued comes out as the original, number 0; one that did not come out is
        tried again as it was. Raises `ReceiptUnknown`, `OperatorUnknown`, or `RoleNeeded` for a
        cashier.
        """
        operator = operator_of(self.ledger, operator_id)
        if operator.role is Role.CASHIER:
            raise RoleNeeded(role=Role.SUPERVISOR.value)
        found = self.ledger.entry(entry) if entry > 0 else None
        if found is None or found.kind not in {TAKEN, ENDED}:
            raise ReceiptUnknown(receipt=str(entry))
        if self.ledger.desk_acts.slip_state(entry) is not None:
            return slip_again(self.ledger, self.clock, entry, operator)
        with self.ledger.writing() as act:
            act.queue_slip(entry, 0, self.clock.now_ms())
        return 0

    def _read(self, entry: Entry) -> KeyReceipt:
        return (ended_keys if entry.kind == ENDED else taken_keys)(self.ledger, entry)
