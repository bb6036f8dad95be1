"""The door to shifts and batches: what window and command line ask, one method a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pos_app.application.batch_close import CloseBatch
from pos_app.application.errors import TariffMissing
from pos_app.application.operators import need_supervisor, operator_of
from pos_app.application.ports import Clock, Ledger
from pos_app.application.pricing import Pricing
from pos_app.application.records import Operator, ShopIdentity
from pos_app.application.shift_cash import (
    CountDrawer,
    DrawerReason,
    MoveCash,
    OpenDrawer,
    drawer_of,
    shift_of,
)
from pos_app.application.shift_close import CloseShift
from pos_app.application.shift_errors import CurrencyUnknown, ShiftUnknown
from pos_app.application.shift_open import OpenShift
from pos_app.application.shift_records import (
    BatchReport,
    DrawerLine,
    OpenBatch,
    ShiftNow,
    ShiftReport,
    ShiftRow,
)
from pos_app.application.sign_in import SignIn
from pos_app.application.variance import ApproveVariance
from pos_app.application.z_report import batch_report, x_report, z_report
from pos_app.domain.cash_count import CashCount
from pos_app.domain.cash_rules import CashRules
from pos_app.domain.money import Currency, Money
from pos_app.domain.shift import COMMISSION, SALE, CashMove, Level, amount_of, currencies, times_of


@dataclass(frozen=True, slots=True)
class ShiftDesk:
    """Shifts of one open shop. `of` names whose shift is meant; another's needs a supervisor.

    Every method runs on the ledger's thread; after a `PosError` nothing has happened.
    """

    identity: ShopIdentity
    ledger: Ledger
    clock: Clock
    pricing: Pricing
    sign_in: SignIn
    rules: CashRules = field(default_factory=CashRules)

    def open(self, operator_id: str, opening: Sequence[Money] = ()) -> ShiftNow:
        """Open the operator's shift with a float; raises what `OpenShift` does."""
        operator = operator_of(self.ledger, operator_id)
        return self._now(OpenShift(self.ledger, self.clock)(operator, opening))

    def now(self, operator_id: str) -> ShiftNow | None:
        """Return the operator's open shift with what may be seen at any time, None without one."""
        row = self.ledger.shifts.of_operator(operator_id)
        return None if row is None else self._now(row)

    def open_now(self) -> tuple[ShiftNow, ...]:
        """Return every open shift, the oldest first."""
        return tuple(self._now(row) for row in self.ledger.shifts.open_shifts())

    def currencies(self) -> tuple[Currency, ...]:
        """Return the currencies of the till's tariffs, by code."""
        found: dict[str, Currency] = {}
        for tariff_id in self.ledger.tariff_ids():
            try:
                currency = self.pricing.tariff(tariff_id).currency
            except TariffMissing:
                continue
            found[currency.code] = currency
        return tuple(found[code] for code in sorted(found))

    def currency(self, code: str) -> Currency:
        """Return one of these by its code, in any case; raises `CurrencyUnknown`.

        An empty code means the only currency there is.
        """
        known = self.currencies()
        for currency in known:
            if currency.code == code.strip().upper() or (not code and len(known) == 1):
                return currency
        raise CurrencyUnknown(typed=code[:10], known=", ".join(each.code for each in known))

    def move_cash(self, operator_id: str, kind: CashMove, amount: Money, reason: str) -> int:
        """Put cash in, take it out, or drop it into the safe; see `MoveCash`."""
        operator = operator_of(self.ledger, operator_id)
        return MoveCash(self.ledger, self.clock)(operator, kind, amount, reason)

    def open_drawer(self, operator_id: str, reason: DrawerReason, note: str = "") -> int:
        """Journal a no-sale opening; the pulse to the drawer is for whoever holds the printer."""
        operator = operator_of(self.ledger, operator_id)
        return OpenDrawer(self.ledger, self.clock)(operator, reason, note)

    def count(
        self, operator_id: str, counts: Sequence[CashCount], of: str = ""
    ) -> tuple[DrawerLine, ...]:
        """Count blind; return each currency with its variance, which is on record now."""
        row, operator = self._meant(operator_id, of)
        return CountDrawer(self.ledger, self.clock)(row, operator, counts)

    def drawer(self, operator_id: str, of: str = "") -> tuple[DrawerLine, ...]:
        """Return what should be in a drawer, for a supervisor's eyes (`RoleNeeded`)."""
        need_supervisor(operator_of(self.ledger, operator_id))
        row, _ = self._meant(operator_id, of)
        return drawer_of(self.ledger, row.number)

    def x(self, operator_id: str, of: str = "") -> ShiftReport:
        """Return the shift so far and leave it open; that it was read is journalled."""
        row, operator = self._meant(operator_id, of)
        body = {"shift": row.number, "operator": operator.id}
        with self.ledger.writing() as transaction:
            transaction.append("shift_read", body, self.clock.now_ms())
        return x_report(self.ledger, self.clock, self.identity, row, operator)

    def close(
        self, operator_id: str, counts: Sequence[CashCount] = (), of: str = ""
    ) -> ShiftReport:
        """Close a shift and return its Z, which is on disk and queued for paper."""
        row, operator = self._meant(operator_id, of)
        limit = self.rules.variance_limit
        entry = CloseShift(self.ledger, self.clock, self.identity, limit)(row, operator, counts)
        return z_report(self.ledger, self.identity.till, entry)

    def unapproved(self) -> tuple[ShiftReport, ...]:
        """Return the Zs whose count was off by too much and waits for a supervisor."""
        return tuple(self.z(row.number) for row in self.ledger.shifts.unapproved())

    def approve(self, shift: int, approver_id: str, pin: str, reason: str) -> ShiftReport:
        """Put on record that a supervisor looked into a count; see `ApproveVariance`."""
        ApproveVariance(self.ledger, self.clock, self.sign_in)(shift, approver_id, pin, reason)
        return self.z(shift)

    def batches(self, operator_id: str) -> tuple[OpenBatch, ...]:
        """Return the open sales and bank batch with what is in them, for a supervisor."""
        need_supervisor(operator_of(self.ledger, operator_id))
        rows = (self.ledger.shifts.open_batch(level) for level in (Level.SALES, Level.BANK))
        return tuple(
            OpenBatch(row, self.ledger.shifts.tallies(row.level, row.number))
            for row in rows
            if row is not None
        )

    def z(self, shift: int) -> ShiftReport:
        """Return the Z of a closed shift; raises `ShiftUnknown`."""
        row = self.ledger.shifts.shift(shift)
        entry = self.ledger.entry(row.closed_seq) if row and row.closed_seq else None
        if entry is None:
            raise ShiftUnknown(shift=shift)
        return z_report(self.ledger, self.identity.till, entry)

    def reprint_z(self, operator_id: str, shift: int) -> tuple[ShiftReport, int]:
        """Queue a copy of a Z, marked and counted; return it and the number of the copy.

        Another's Z is a supervisor's to copy (`RoleNeeded`).
        """
        operator, row = operator_of(self.ledger, operator_id), self.ledger.shifts.shift(shift)
        if row is not None and row.operator != operator.id:
            need_supervisor(operator)
        report = self.z(shift)
        now = self.clock.now_ms()
        with self.ledger.writing() as transaction:
            copy = self.ledger.shifts.copies_of(report.closed_seq) + 1
            body = {"closed_seq": report.closed_seq, "copy": copy, "operator": operator.id}
            transaction.append("close_reprinted", body, now)
            transaction.queue_slip(report.closed_seq, copy, now)
        return report, copy

    def close_sales_batch(self, operator_id: str) -> BatchReport:
        """Close the sales batch; see `CloseBatch.sales`."""
        operator = operator_of(self.ledger, operator_id)
        entry = CloseBatch(self.ledger, self.clock, self.identity).sales(operator)
        return batch_report(self.identity.till, entry)

    def close_bank_batch(
        self, operator_id: str, reference: str, banked: Sequence[Money] = ()
    ) -> BatchReport:
        """Close the bank batch with its deposit slip; see `CloseBatch.bank`."""
        operator = operator_of(self.ledger, operator_id)
        close = CloseBatch(self.ledger, self.clock, self.identity)
        return batch_report(self.identity.till, close.bank(operator, reference, banked))

    def _meant(self, operator_id: str, of: str) -> tuple[ShiftRow, Operator]:
        operator = operator_of(self.ledger, operator_id)
        if of in {"", operator.id}:
            return shift_of(self.ledger, operator), operator
        need_supervisor(operator)
        return shift_of(self.ledger, operator_of(self.ledger, of)), operator

    def _now(self, row: ShiftRow) -> ShiftNow:
        opened = self.ledger.entry(row.opened_seq)
        tallies = self.ledger.shifts.tallies(Level.SHIFT, row.number)
        dealt = currencies(tallies)
        return ShiftNow(
            shift=row.number,
            operator=row.operator,
            opened_ms=opened.at_ms if opened else 0,
            sales=times_of(tallies, SALE),
            totals=tuple(amount_of(tallies, SALE, each) for each in dealt),
            commission=tuple(amount_of(tallies, COMMISSION, each) for each in dealt),
            currencies=dealt,
        )
