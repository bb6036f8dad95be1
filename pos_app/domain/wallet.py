"""A customer's wallet: change that stays at the shop and pays for a later purchase.

Units: minor units of one currency. A balance is never below zero and change only fills it up to the
shop's cap; what is kept is whole coins, as the change would have been.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.tender import Settlement, Tender
from pos_app.domain.tender_kind import TenderKind

WALLET: Final = "wallet"
WALLET_KIND: Final = TenderKind(WALLET)


class WalletOff(PosError):
    """The shop keeps no change in this currency. Fact: `currency`."""

    code: ClassVar[str] = "wallet-off"


class WalletNotOpen(PosError):
    """The customer did not ask for a wallet. Fact: `drn`."""

    code: ClassVar[str] = "wallet-not-open"


class WalletShort(PosError):
    """The wallet holds less: `balance`, `currency`."""

    code: ClassVar[str] = "wallet-short"


@dataclass(frozen=True, slots=True)
class Purse:
    """What one sale does to a wallet: `kept` of the change goes in, `after` is the new balance."""

    kept: Money
    after: Money


def spend(balance: Money, tenders: Sequence[Tender]) -> Money:
    """Return what is left of `balance` after the tenders of this wallet; raises `WalletShort`."""
    left = balance.minor - sum(each.amount.minor for each in tenders if each.kind == WALLET)
    if left < 0:
        raise WalletShort(balance=balance.plain(), currency=balance.currency.code)
    return Money(left, balance.currency)


def keep(change: Money, balance: Money, cap: Money) -> Money:
    """Return how much of `change` a wallet with `balance` takes: whole coins, up to `cap`."""
    coin = change.currency.smallest_coin
    room = max(cap.minor - balance.minor, 0) // coin * coin
    return Money(min(change.minor, room), change.currency)


def with_kept(settlement: Settlement, kept: Money) -> Settlement:
    """Return a settlement of which `kept` does not go back: received = due + change + kept."""
    return replace(settlement, change=settlement.change - kept)
