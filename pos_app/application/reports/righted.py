"""Refunds and compensations as reports read them: single ones, and sums."""

from __future__ import annotations

from dataclasses import dataclass

from pos_app.domain.money import Money


@dataclass(frozen=True, slots=True)
class PutRight:
    """One refund or compensation; `kind` and `reason` are codes, `day` is the shop's.

    `amount` is what was given, `commission_minor` what was not earned any more (minor units),
    `claim_tenths` what the wrong meter may hold.
    """

    at_ms: int
    day: str
    kind: str
    slip: str
    receipt: str
    drn: str
    reason: str
    amount: Money
    commission_minor: int
    claim_tenths: int
    operator: str
    approver: str
    new_receipt: str

    @property
    def not_owed(self) -> int:
        """Return what it takes off what the shop owes a utility, in minor units.

        Money that went back is not kept for the utility, and its share of the commission was not
        earned; a sale that was made again is among the sales but brought no money.
        """
        return self.amount.minor - self.commission_minor


@dataclass(frozen=True, slots=True)
class RightedSum:
    """What one operator gave in one currency, and the commission that went with it."""

    operator: str
    amount: Money
    commission_minor: int

    @property
    def not_owed(self) -> int:
        """Return what it takes off what the shop owes, as of `PutRight`."""
        return self.amount.minor - self.commission_minor
