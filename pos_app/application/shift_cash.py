"""Cash that moves without a sale, the drawer that opens without one, and the blind count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from pos_app.application.operators import need_cash_hand
from pos_app.application.ports import Clock, Ledger, LedgerTransaction
from pos_app.application.records import Operator
from pos_app.application.shift_errors import ReasonMissing, ShiftNotOpen
from pos_app.application.shift_open import money_body
from pos_app.application.shift_records import DrawerLine, ShiftRow
from pos_app.domain.cash_count import CashCount
from pos_app.domain.money import Currency, Money
from pos_app.domain.shift import (
    FLOAT,
    REFUNDED,
    TENDER,
    CashMove,
    Level,
    Tally,
    amount_of,
    currencies,
    drawer_cash,
)
from pos_app.domain.tender import CASH

LONGEST_REASON: Final = 100


class DrawerReason(StrEnum):
    """Why a drawer opens without a sale; the words are ``shift.drawer-<reason>``."""

    CHANGE = "change"
    COUNT = "count"
    CASH_MOVE = "cash-move"
    MISTAKE = "mistake"
    OTHER = "other"


def shift_of(ledger: Ledger, operator: Operator) -> ShiftRow:
    """Return the operator's open shift; raises `ShiftNotOpen`."""
    row = ledger.shifts.of_operator(operator.id)
    if row is None:
        raise ShiftNotOpen(operator=operator.name)
    return row


def reason_of(typed: str) -> str:
    """Return a reason in one line, with a letter or digit in it; raises `ReasonMissing`."""
    reason = " ".join(typed.split())
    if (
        not any(map(str.isalnum, reason))
        or len(reason) > LONGEST_REASON
        or not reason.isprintable()
    ):
        raise ReasonMissing(most=LONGEST_REASON)
    return reason


@dataclass(frozen=True, slots=True)
class MoveCash:
    """Journal cash that goes in, out, or to the safe, in the operator's own shift."""

    ledger: Ledger
    clock: Clock

    def __call__(self, operator: Operator, kind: CashMove, amount: Money, reason: str) -> int:
        """Return the journal number; raises `RoleNeeded`, `ShiftNotOpen` or `ReasonMissing`.

        More than the books say is in the drawer may leave it: the books may be wrong, the drawer
        is not, and the count will tell.
        """
        need_cash_hand(operator)
        row, said = shift_of(self.ledger, operator), reason_of(reason)
        body = {
            "shift": row.number,
            "kind": kind.value,
            **money_body(amount),
            "reason": said,
            "operator": operator.id,
        }
        with self.ledger.writing() as transaction:
            return transaction.append("cash_moved", body, self.clock.now_ms()).seq


@dataclass(frozen=True, slots=True)
class OpenDrawer:
    """Journal that the drawer opens without a sale; opening it is a consequence."""

    ledger: Ledger
    clock: Clock

    def __call__(self, operator: Operator, reason: DrawerReason, note: str = "") -> int:
        """Return the journal number; an open shift is not needed, but counted when there is one.

        Cash is a cashier's and a supervisor's: anyone else is refused (`RoleNeeded`).
        """
        need_cash_hand(operator)
        row = self.ledger.shifts.of_operator(operator.id)
        body = {
            "shift": row.number if row else 0,
            "operator": operator.id,
            "reason": reason.value,
            "note": reason_of(note) if note.strip() else "",
        }
        with self.ledger.writing() as transaction:
            return transaction.append("drawer_opened", body, self.clock.now_ms()).seq


@dataclass(frozen=True, slots=True)
class CountDrawer:
    """The blind count: what should be there is told only once the count is on disk."""

    ledger: Ledger
    clock: Clock

    def __call__(
        self, row: ShiftRow, operator: Operator, counts: Sequence[CashCount]
    ) -> tuple[DrawerLine, ...]:
        """Journal a count by `operator` of a shift; return each currency with its variance."""
        with self.ledger.writing() as transaction:
            self.within(transaction, row, operator, counts)
            return drawer_of(self.ledger, row.number)

    def within(
        self,
        transaction: LedgerTransaction,
        row: ShiftRow,
        operator: Operator,
        counts: Sequence[CashCount],
    ) -> None:
        """Journal a count inside a transaction that is already there."""
        tallies = self.ledger.shifts.tallies(Level.SHIFT, row.number)
        body = {
            "shift": row.number,
            "operator": operator.id,
            "counts": [_count_body(count, tallies) for count in counts],
        }
        transaction.append("shift_counted", body, self.clock.now_ms())


def _count_body(count: CashCount, tallies: Sequence[Tally]) -> dict[str, Any]:
    currency = count.total.currency
    return {
        "currency": currency.code,
        "decimals": currency.decimals,
        "expected_minor": drawer_cash(tallies, currency).minor,
        "counted_minor": count.total.minor,
        "pieces": [list(piece) for piece in count.pieces],
    }


def drawer_of(ledger: Ledger, shift: int) -> tuple[DrawerLine, ...]:
    """Return a shift's drawer by currency.

    A count holds as long as the cash that should be there is what it was at the count.
    """
    tallies = ledger.shifts.tallies(Level.SHIFT, shift)
    held = {each.expected.currency.code: each for each in ledger.shifts.counts(shift)}
    counted = tuple(each.expected.currency for each in held.values())
    known = {each.code: each for each in (*currencies(tallies), *counted)}
    lines = []
    for code in sorted(known):
        expected = drawer_cash(tallies, known[code])
        count = held.get(code)
        stands = count is not None and count.expected == expected
        lines.append(_line(tallies, known[code], count.count if count and stands else None))
    return tuple(lines)


def _line(tallies: Sequence[Tally], currency: Currency, counted: CashCount | None) -> DrawerLine:
    return DrawerLine(
        opening=amount_of(tallies, FLOAT, currency),
        taken=amount_of(tallies, TENDER + CASH, currency),
        cash_in=amount_of(tallies, CashMove.IN, currency),
        cash_out=amount_of(tallies, CashMove.OUT, currency),
        dropped=amount_of(tallies, CashMove.DROP, currency),
        expected=drawer_cash(tallies, currency),
        refunded=amount_of(tallies, REFUNDED + CASH, currency),
        counted=counted,
    )
