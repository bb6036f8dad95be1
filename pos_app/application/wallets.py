"""Customers' wallets: opened because a customer asked, filled with change, spent on purchases.

What all of them hold is owed to customers: every X and Z says it. Closing one hands its money back
out of the drawer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pos_app.application.errors import MeterUnknown
from pos_app.application.operators import need_supervisor, operator_of
from pos_app.application.ports import Clock, Ledger
from pos_app.application.shift_cash import shift_of
from pos_app.application.shift_open import money_body
from pos_app.application.tender_ports import HeldWallet, WalletSum
from pos_app.domain.money import Currency, Money
from pos_app.domain.tender import Settlement, Tender
from pos_app.domain.wallet import (
    WALLET,
    Purse,
    WalletNotOpen,
    WalletOff,
    keep,
    spend,
)

Caps = Mapping[str, Decimal]


def cap_of(caps: Caps, currency: Currency) -> Money | None:
    """Return how much one wallet may hold, None where the shop keeps no change."""
    cap = caps.get(currency.code)
    return None if cap is None else Money.of(cap, currency)


@dataclass(frozen=True, slots=True)
class PurseOfSale:
    """Finds out what a sale does to its meter's wallet."""

    ledger: Ledger
    caps: Caps

    def __call__(
        self, drn: str, tenders: tuple[Tender, ...], settlement: Settlement, *, keep_change: bool
    ) -> Purse | None:
        """Return what changes, None when the sale does not touch a wallet.

        Raises `WalletOff`, `WalletNotOpen` or `WalletShort`.
        """
        currency = settlement.total.currency
        if not keep_change and all(tender.kind != WALLET for tender in tenders):
            return None
        cap = cap_of(self.caps, currency)
        if cap is None:
            raise WalletOff(currency=currency.code)
        balance = self.ledger.tenders.wallet(drn, currency)
        if balance is None:
            raise WalletNotOpen(drn=drn)
        left = spend(balance, tenders)
        kept = keep(settlement.change, left, cap) if keep_change else Money(0, currency)
        return Purse(kept, left + kept)


@dataclass(frozen=True, slots=True)
class WalletDesk:
    """Opening and closing of wallets; `caps` are the shop's, by currency."""

    ledger: Ledger
    clock: Clock
    caps: Caps

    def all(self) -> tuple[HeldWallet, ...]:
        """Return every wallet that was opened, with what it holds, by meter."""
        return self.ledger.tenders.wallets()

    def sums(self) -> tuple[WalletSum, ...]:
        """Return what is owed to customers, a currency each."""
        return self.ledger.tenders.wallet_sums()

    def open(self, operator_id: str, drn: str) -> None:
        """Open a wallet because the customer of a meter asked; one that is open stays so.

        Raises `MeterUnknown` or `WalletOff`.
        """
        operator = operator_of(self.ledger, operator_id)
        meter = self.ledger.meter(drn)
        if meter is None:
            raise MeterUnknown(typed=drn[:40])
        if not self.caps:
            raise WalletOff(currency="\u2013")
        if any(each.drn == meter.drn for each in self.all()):
            return
        body = {"operator": operator.id, "drn": meter.drn, "name": meter.name}
        with self.ledger.writing() as transaction:
            transaction.append("wallet_opened", body, self.clock.now_ms())

    def close(self, operator_id: str, drn: str) -> tuple[Money, ...]:
        """Close a wallet; return what goes back to the customer out of the operator's drawer.

        Raises `WalletNotOpen`, or `ShiftNotOpen` when there is money to hand back.
        """
        operator = operator_of(self.ledger, operator_id)
        found = [each for each in self.all() if each.drn == drn]
        if not found:
            raise WalletNotOpen(drn=drn[:40])
        back = tuple(amount for amount in found[0].balances if amount.minor)
        body = {
            "operator": operator.id,
            "drn": drn,
            "shift": shift_of(self.ledger, operator).number if back else 0,
            "paid": [money_body(amount) for amount in back],
        }
        with self.ledger.writing() as transaction:
            transaction.append("wallet_closed", body, self.clock.now_ms())
        return back

    def set_caps(self, operator_id: str, caps: Caps, keep_them: Callable[[], None]) -> None:
        """Journal a supervisor's new caps and keep them; what wallets hold already stays."""
        operator = operator_of(self.ledger, operator_id)
        need_supervisor(operator)
        body = {"operator": operator.id, "caps": {code: str(caps[code]) for code in sorted(caps)}}
        with self.ledger.writing() as transaction:
            transaction.append("wallet_caps_set", body, self.clock.now_ms())
            keep_them()
