"""Customers' wallets without a disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from pos_app.domain.money import Money


@dataclass
class FakeWallets:
    """`cap` None: the shop keeps no change."""

    cap: Money | None = None
    held: dict[str, Money] = field(default_factory=dict)

    caps: dict[str, Decimal] = field(default_factory=dict)

    def set_caps(
        self, _operator_id: str, caps: Mapping[str, Decimal], keep_them: Callable[[], None]
    ) -> None:
        self.caps = dict(caps)
        keep_them()

    def open(self, _operator_id: str, drn: str) -> None:
        assert self.cap is not None
        self.held.setdefault(drn, Money(0, self.cap.currency))
