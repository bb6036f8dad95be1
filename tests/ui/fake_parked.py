"""Parked sales without a disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from pos_app.application.parked import ParkedSale, ParkedState, ParkedUnknown
from pos_app.domain.errors import PosError
from pos_app.domain.money import Currency, Money
from tests.ui.fake_meters import METERS


@dataclass
class FakeParked:
    """Numbers rise; `trouble` is raised by the next act."""

    called: Callable[[str], None]
    now_ms: Callable[[], int]
    held: dict[int, ParkedSale] = field(default_factory=dict)
    trouble: list[PosError] = field(default_factory=list)

    def all(self) -> tuple[ParkedSale, ...]:
        self.called("parked")
        return tuple(
            replace(each, age_seconds=(self.now_ms() - each.at_ms) // 1000)
            for each in self.held.values()
        )

    def park(
        self, operator_id: str, drn: str, currency: Currency, wanted: Money | int | None
    ) -> ParkedSale:
        self._act("park")
        number = 100 + len(self.held)
        meter = next(each for each in METERS if each.drn == drn)
        self.held[number] = ParkedSale(
            number=number,
            at_ms=self.now_ms(),
            operator=operator_id,
            operator_name=operator_id.title(),
            drn=drn,
            name=meter.name,
            currency=currency,
            amount=wanted if isinstance(wanted, Money) else None,
            tenths=wanted if isinstance(wanted, int) else None,
        )
        return self.held[number]

    def recall(self, _operator_id: str, number: int) -> ParkedSale:
        self._act("recall")
        if number not in self.held:
            raise ParkedUnknown(number=number)
        if self.held[number].state is ParkedState.CARD_PAID:
            return self.held[number]
        return self.held.pop(number)

    def drop(self, operator_id: str, number: int) -> ParkedSale:
        return self.recall(operator_id, number)

    def _act(self, name: str) -> None:
        self.called(name)
        if self.trouble:
            raise self.trouble.pop()
