"""What customers owe and may have for nothing, without a disk."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal

from pos_app.application.records import MeterCard, QuoteAnswer
from pos_app.domain.money import Money
from pos_app.domain.tariff.account import Account
from pos_app.domain.tariff.parts import FreeUnits
from pos_app.domain.tariff.quote import Quote
from pos_app.domain.tariff.tariff import Tariff


@dataclass
class FakeAccounts:
    """By the meter's number; free units are given once."""

    owed: dict[str, Money] = field(default_factory=dict)
    free: dict[str, Decimal] = field(default_factory=dict)

    def on(self, card: MeterCard) -> MeterCard:
        drn = card.meter.drn
        return replace(card, owed=self.owed.get(drn), free_due=self.free.get(drn))

    def answer(self, tariff: Tariff, drn: str) -> QuoteAnswer:
        return QuoteAnswer(self.quote(tariff, drn))

    def quote(self, tariff: Tariff, drn: str) -> Quote:
        due = self.free.get(drn, Decimal(0))
        giving = replace(tariff, free=FreeUnits(due or Decimal(1)))
        return giving.for_free(Account(free_taken=Decimal(0) if due else Decimal(1)))
