"""What the use cases need of the ledger about payments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pos_app.domain.money import Currency, Money

if TYPE_CHECKING:
    from pos_app.application.parked import ParkedSale


@dataclass(frozen=True, slots=True)
class HeldWallet:
    """One customer's wallet, with a balance for each currency it was ever used in."""

    drn: str
    name: str
    balances: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class WalletSum:
    """What all wallets hold in one currency: owed to so many customers."""

    wallets: int
    owed: Money


class TenderBook(Protocol):
    """The ledger's side of payments."""

    def receipt_of(self, kind: str, reference: str) -> str:
        """Return the receipt that this reference paid for, empty if none did."""
        ...

    def wallet(self, drn: str, currency: Currency) -> Money | None:
        """Return what a meter's wallet holds, None when none was opened."""
        ...

    def wallets(self) -> tuple[HeldWallet, ...]:
        """Return every wallet that was opened, by meter."""
        ...

    def wallet_sums(self) -> tuple[WalletSum, ...]:
        """Return what is owed to customers, a currency each."""
        ...

    def parked(self, now_ms: int) -> tuple[ParkedSale, ...]:
        """Return every parked sale, the oldest first; `now_ms` tells their age."""
        ...
