"""Paying by card: asked, then answered, with the journal between the two.

The question is journalled before it leaves, as a parked sale whose card is not clear: so a power
cut while the terminal works leaves exactly that. An answer settles it:

- yes: the approval code pays for a sale; until one is on disk, the sale waits as paid by card;
- no: nothing is left of it;
- unknown: it stays parked, no token is made, and cash is offered. Only a later answer of the
  terminal or a supervisor's word ends that.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Final

from pos_app.application.card_ports import CardAnswer, CardOutcome, CardRequest, CardTerminal
from pos_app.application.errors import MeterUnknown
from pos_app.application.operators import need_cash_hand, need_supervisor, operator_of
from pos_app.application.parked import ParkedDesk, ParkedSale, ParkedState, ParkedUnknown
from pos_app.application.ports import Clock, Ledger
from pos_app.application.shift_cash import reason_of
from pos_app.domain.errors import PosError
from pos_app.domain.money import Currency, Money
from pos_app.domain.tender_kind import Reference, TenderKind, reference_of

CARD: Final = "card"
"""The way of paying that a terminal serves."""


class CardHow(StrEnum):
    """Who said what became of the payment."""

    TERMINAL = "terminal"
    QUERY = "query"
    SUPERVISOR = "supervisor"


class CardDeclined(PosError):
    """The terminal said no."""

    code: ClassVar[str] = "card-declined"


class CardUnclear(PosError):
    """Nobody knows whether the card was charged. Fact: `number` of the parked sale."""

    code: ClassVar[str] = "card-unclear"


class TerminalMissing(PosError):
    """No card terminal is connected to this till."""

    code: ClassVar[str] = "terminal-missing"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the card is to pay for: a meter's customer who wants money's worth, or tenths."""

    drn: str
    currency: Currency
    amount: Money | None = None
    tenths: int | None = None


@dataclass(frozen=True, slots=True)
class CardDesk:
    """The ledger's side of a card payment; the terminal's side runs elsewhere, between two calls.

    `terminal` is None where the till has none: then the cashier reads the answer from a terminal
    that stands beside it.
    """

    ledger: Ledger
    clock: Clock
    terminal: CardTerminal | None = None

    def ask(self, operator_id: str, wanted: Wanted, charge: Money) -> ParkedSale:
        """Journal that a card is about to be asked for `charge`.

        Raises `RoleNeeded` or `MeterUnknown`.
        """
        operator = operator_of(self.ledger, operator_id)
        need_cash_hand(operator)
        meter = self.ledger.meter(wanted.drn)
        if meter is None:
            raise MeterUnknown(typed=wanted.drn[:40])
        row = self.ledger.shifts.of_operator(operator.id)
        body: dict[str, Any] = {
            "v": 1,
            "operator": operator.id,
            "operator_name": operator.name,
            "shift": row.number if row else 0,
            "drn": meter.drn,
            "name": meter.name,
            "currency": wanted.currency.code,
            "decimals": wanted.currency.decimals,
            "amount_minor": wanted.amount.minor if wanted.amount else 0,
            "tenths": wanted.tenths or 0,
            "card_minor": charge.minor,
        }
        with self.ledger.writing() as transaction:
            entry = transaction.append("card_asked", body, self.clock.now_ms())
        return self._one(entry.seq)

    def request(self, asked: ParkedSale) -> CardRequest:
        """Return the question for the terminal: the till and journal number make it unique."""
        entry = self.ledger.entry(asked.number)
        if entry is None or asked.card is None:
            raise ParkedUnknown(number=asked.number)
        return CardRequest(f"{asked.number}-{entry.hash.hex()[:16]}", asked.card)

    def answered(
        self,
        operator_id: str,
        number: int,
        answer: CardAnswer,
        how: CardHow = CardHow.TERMINAL,
        reason: str = "",
    ) -> ParkedSale | None:
        """Journal an answer; return the sale that still waits, None after a no.

        Raises `ParkedUnknown` when the question is settled already.
        """
        operator = operator_of(self.ledger, operator_id)
        found = self._one(number)
        if found.state is not ParkedState.CARD_UNKNOWN:
            raise ParkedUnknown(number=number)
        body = {
            "parked": number,
            "operator": operator.id,
            "shift": self._shift(operator.id),
            "outcome": answer.outcome.value,
            "approval": answer.approval,
            "card": answer.card,
            "how": how.value,
            "reason": reason,
        }
        with self.ledger.writing() as transaction:
            transaction.append("card_answered", body, self.clock.now_ms())
        return None if answer.outcome is CardOutcome.NO else self._one(number)

    def resolve(
        self, operator_id: str, number: int, answer: CardAnswer, kind: TenderKind, reason: str
    ) -> ParkedSale | None:
        """Settle an unclear card on a supervisor's word: yes with an approval code, or no.

        Raises `RoleNeeded`, `ReasonMissing`, `ReferenceNeeded` or `ReferenceInvalid`.
        """
        need_supervisor(operator_of(self.ledger, operator_id))
        said = reason_of(reason)
        if answer.outcome is CardOutcome.YES:
            must = TenderKind(kind.code, reference=Reference.REQUIRED, mask=kind.mask)
            approval = reference_of(must, answer.approval)
            answer = CardAnswer(CardOutcome.YES, approval, answer.card)
        return self.answered(operator_id, number, answer, CardHow.SUPERVISOR, said)

    def refunded(self, operator_id: str, number: int, reason: str) -> ParkedSale:
        """Note that a supervisor gave back what a card paid without a sale."""
        operator = operator_of(self.ledger, operator_id)
        need_supervisor(operator)
        said, found = reason_of(reason), self._one(number)
        if found.state is not ParkedState.CARD_PAID:
            raise ParkedUnknown(number=number)
        body = {"parked": number, "operator": operator.id, "reason": said}
        with self.ledger.writing() as transaction:
            transaction.append("card_refunded", body, self.clock.now_ms())
        return found

    def _shift(self, operator_id: str) -> int:
        row = self.ledger.shifts.of_operator(operator_id)
        return row.number if row else 0

    def _one(self, number: int) -> ParkedSale:
        return ParkedDesk(self.ledger, self.clock).one(number)
