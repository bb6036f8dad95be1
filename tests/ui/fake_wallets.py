"""Customers' wallets without a disk."""

from __future__ import annotations

from dataclasses import dataclass, field

from pos_app.domain.money import Money


@dataclass
class FakeWallets:
    """`cap` None: the shop keeps no change."""

    cap: Money | None = None
    held: dict[str, Money] = field(default_factory=dict)

    def open(self, _operator_id: str, drn: str) -> None:
        assert self.cap is not None
        self.held.setdefault(drn, Money(0, self.cap.currency))
