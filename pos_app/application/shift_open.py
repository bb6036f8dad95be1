"""The beginning of a shift, by hand or by the first sale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pos_app.application.operators import need_cash_hand
from pos_app.application.ports import Clock, Ledger, LedgerTransaction
from pos_app.application.records import Operator, ShopMode
from pos_app.application.shift_errors import ShiftAlreadyOpen, ShiftNotOpen
from pos_app.application.shift_records import ShiftRow
from pos_app.application.shift_settings import ShiftSettings
from pos_app.application.shop_time import day_of
from pos_app.domain.cash_rules import Holder, refuse_above, refuse_sales_above
from pos_app.domain.money import Money
from pos_app.domain.shift import SALE, Level, amount_of, drawer_cash, found_takings, takings


@dataclass(frozen=True, slots=True)
class OpenShift:
    """Open a shift, and with it the sales and bank batch that it stands in."""

    ledger: Ledger
    clock: Clock

    def __call__(self, operator: Operator, opening: Sequence[Money]) -> ShiftRow:
        """Open by hand with a float; raises `RoleNeeded` or `ShiftAlreadyOpen`."""
        need_cash_hand(operator)
        held = self.ledger.shifts.of_operator(operator.id)
        if held is not None:
            raise ShiftAlreadyOpen(operator=operator.name, shift=held.number)
        with self.ledger.writing() as transaction:
            return self.within(transaction, operator, opening, auto=False)

    def within(
        self,
        transaction: LedgerTransaction,
        operator: Operator,
        opening: Sequence[Money],
        *,
        auto: bool,
    ) -> ShiftRow:
        """Open inside a transaction that is already there."""
        shifts, now = self.ledger.shifts, self.clock.now_ms()
        sales, bank = shifts.open_batch(Level.SALES), shifts.open_batch(Level.BANK)
        number = shifts.next_shift()
        sales_batch = sales.number if sales else shifts.next_batch(Level.SALES)
        body: dict[str, Any] = {
            "v": 1,
            "shift": number,
            "operator": operator.id,
            "operator_name": operator.name,
            "sales_batch": sales_batch,
            "bank_batch": bank.number if bank else shifts.next_batch(Level.BANK),
            "float": [money_body(each) for each in opening],
            "auto": auto,
            "offset_minutes": self.clock.offset_minutes(now),
        }
        entry = transaction.append("shift_opened", body, now)
        return ShiftRow(number, operator.id, sales_batch, entry.seq)


@dataclass(frozen=True, slots=True)
class ShiftOfSale:
    """Finds the shift that a sale belongs to and keeps its cash within the limits."""

    ledger: Ledger
    clock: Clock
    mode: ShopMode
    settings: ShiftSettings

    def __call__(
        self, transaction: LedgerTransaction, operator: Operator, cash: Money, total: Money
    ) -> int:
        """Return the operator's shift for a sale of `total` that brings `cash`.

        Raises `ShiftNotOpen`, `ShiftSalesLimit`, `DaySalesLimit`, `OperatorCashLimit` or
        `ShopCashLimit`.
        """
        row = self.ledger.shifts.of_operator(operator.id)
        if row is None and not self.settings.opens_itself(self.mode):
            raise ShiftNotOpen(operator=operator.name)
        rules = self.settings.cash
        if rules.operator_limit or rules.shift_sales:
            tallies = self.ledger.shifts.tallies(Level.SHIFT, row.number) if row else ()
            sold = amount_of(tallies, SALE, total.currency)
            refuse_sales_above(rules.shift_sales, Holder.OPERATOR, sold, total)
            held = drawer_cash(tallies, cash.currency)
            refuse_above(rules.operator_limit, Holder.OPERATOR, held, cash)
        if rules.day_sales:
            refuse_sales_above(rules.day_sales, Holder.SHOP, self._sold_today(total), total)
        if rules.shop_limit:
            refuse_above(rules.shop_limit, Holder.SHOP, unbanked(self.ledger, cash), cash)
        if row is None:
            row = OpenShift(self.ledger, self.clock).within(transaction, operator, (), auto=True)
        return row.number

    def _sold_today(self, like: Money) -> Money:
        """Return what the shop sold on its day so far; one row of sums."""
        now = self.clock.now_ms()
        day = day_of(now, self.clock.offset_minutes(now))
        for each in self.ledger.day_sums(day):
            if each.total.currency == like.currency:
                return each.total
        return Money(0, like.currency)


def unbanked(ledger: Ledger, like: Money) -> Money:
    """Return the cash of all takings since the last bank batch, in the currency of `like`.

    The work is one look at each open batch, whatever was sold in it.
    """
    shifts, held = ledger.shifts, Money(0, like.currency)
    for level in (Level.BANK, Level.SALES):
        batch = shifts.open_batch(level)
        if batch is not None:
            held += found_takings(shifts.tallies(level, batch.number), like.currency)
    for row in shifts.open_shifts():
        held += takings(shifts.tallies(Level.SHIFT, row.number), like.currency)
    return held


def money_body(amount: Money) -> dict[str, Any]:
    """Return money as the journal writes it."""
    return {
        "currency": amount.currency.code,
        "decimals": amount.currency.decimals,
        "amount_minor": amount.minor,
    }
