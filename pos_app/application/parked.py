"""Parked sales: a customer steps aside, the next one is served, and the first comes back.

A parked sale is who wanted what, never money and never a token: nothing was taken and nothing was
made, so it may be dropped at any time. It survives a restart, and closing its operator's shift
clears it. One that a card was asked for is not cleared (see `card_payment`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Final

from pos_app.application.errors import MeterBlocked, MeterUnknown
from pos_app.application.operators import need_supervisor, operator_of
from pos_app.application.ports import Clock, Ledger
from pos_app.domain.errors import PosError
from pos_app.domain.money import Currency, Money

MOST_PARKED: Final = 20


class ParkedState(StrEnum):
    """`CARD_UNKNOWN` waits until someone knows whether the customer's card was charged.

    `CARD_PAID` was charged and waits for its sale, or for its money to go back.
    """

    WAITING = "waiting"
    CARD_UNKNOWN = "card-unknown"
    CARD_PAID = "card-paid"


class ParkedEnd(StrEnum):
    """How a parked sale came to its end; closing the shift is in the shift's own entry."""

    RECALLED = "recalled"
    DROPPED = "dropped"


class ParkedUnknown(PosError):
    """No parked sale has this number. Fact: `number`."""

    code: ClassVar[str] = "parked-unknown"


class ParkedFull(PosError):
    """So many sales are parked that nobody would find one. Fact: `most`."""

    code: ClassVar[str] = "parked-full"


class ParkedHoldsNoMoney(PosError):
    """Part of the payment was taken already."""

    code: ClassVar[str] = "parked-holds-no-money"


class CardStillUnknown(PosError):
    """Whether the card was charged must be found out first. Fact: `number`."""

    code: ClassVar[str] = "card-still-unknown"


@dataclass(frozen=True, slots=True)
class ParkedSale:
    """One parked sale; `number` is its journal number. One of `amount` and `tenths` may be set.

    `card` is what a card was asked for, `approval` the code of its yes.
    """

    number: int
    at_ms: int
    operator: str
    operator_name: str
    drn: str
    name: str
    currency: Currency
    amount: Money | None
    tenths: int | None
    state: ParkedState = ParkedState.WAITING
    age_seconds: int = 0
    card: Money | None = None
    approval: str = ""


@dataclass(frozen=True, slots=True)
class ParkedDesk:
    """What may be done with parked sales. Whoever is at the till may call any of them back."""

    ledger: Ledger
    clock: Clock

    def all(self) -> tuple[ParkedSale, ...]:
        """Return every parked sale, the oldest first, with its age."""
        return self.ledger.tenders.parked(self.clock.now_ms())

    def park(
        self, operator_id: str, drn: str, currency: Currency, wanted: Money | int | None
    ) -> ParkedSale:
        """Park what a meter's customer `wanted`: money, tenths, or nothing said yet.

        Raises `MeterUnknown`, `MeterBlocked` or `ParkedFull`.
        """
        operator = operator_of(self.ledger, operator_id)
        meter = self.ledger.meter(drn)
        if meter is None:
            raise MeterUnknown(typed=drn[:40])
        if meter.blocked:
            raise MeterBlocked(drn=meter.drn, reason=meter.blocked)
        if len(self.all()) >= MOST_PARKED:
            raise ParkedFull(most=MOST_PARKED)
        row = self.ledger.shifts.of_operator(operator.id)
        body: dict[str, Any] = {
            "v": 1,
            "operator": operator.id,
            "operator_name": operator.name,
            "shift": row.number if row else 0,
            "drn": meter.drn,
            "name": meter.name,
            "currency": currency.code,
            "decimals": currency.decimals,
            "amount_minor": wanted.minor if isinstance(wanted, Money) else 0,
            "tenths": wanted if isinstance(wanted, int) else 0,
            "state": ParkedState.WAITING.value,
        }
        with self.ledger.writing() as transaction:
            entry = transaction.append("sale_parked", body, self.clock.now_ms())
        return self.one(entry.seq)

    def one(self, number: int) -> ParkedSale:
        """Return a parked sale; raises `ParkedUnknown`."""
        for each in self.all():
            if each.number == number:
                return each
        raise ParkedUnknown(number=number)

    def recall(self, operator_id: str, number: int) -> ParkedSale:
        """Take a sale from the list; raises `ParkedUnknown` or `CardStillUnknown`.

        One that a card paid for stays there until its sale is on disk.
        """
        operator = operator_of(self.ledger, operator_id)
        found = self.one(number)
        if found.state is ParkedState.CARD_PAID:
            return found
        return self._end(operator.id, number, ParkedEnd.RECALLED)

    def drop(self, operator_id: str, number: int) -> ParkedSale:
        """Forget a sale; another operator's needs a supervisor (`RoleNeeded`)."""
        operator = operator_of(self.ledger, operator_id)
        if self.one(number).operator != operator.id:
            need_supervisor(operator)
        return self._end(operator.id, number, ParkedEnd.DROPPED)

    def _end(self, operator_id: str, number: int, how: ParkedEnd) -> ParkedSale:
        found = self.one(number)
        if found.state is not ParkedState.WAITING:
            raise CardStillUnknown(number=number)
        body = {"parked": number, "operator": operator_id, "how": how.value}
        with self.ledger.writing() as transaction:
            transaction.append("parked_ended", body, self.clock.now_ms())
        return found
