"""The ledger's side of card payments, without a disk."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pos_app.application.card_payment import CardHow, Wanted
from pos_app.application.card_ports import CardAnswer, CardOutcome, CardRequest, CardTerminal
from pos_app.application.errors import RoleNeeded
from pos_app.application.parked import ParkedSale, ParkedState
from pos_app.domain.money import Money
from pos_app.domain.tender_kind import TenderKind
from tests.ui.fake_parked import FakeParked


@dataclass
class FakeCards:
    """Questions stand among the parked sales until they are answered."""

    parked: FakeParked
    terminal: CardTerminal | None = None
    answers: list[CardAnswer] = field(default_factory=list)

    def ask(self, operator_id: str, wanted: Wanted, charge: Money) -> ParkedSale:
        held = self.parked.park(operator_id, wanted.drn, wanted.currency, wanted.amount)
        unclear = replace(held, state=ParkedState.CARD_UNKNOWN, card=charge)
        self.parked.held[held.number] = unclear
        return unclear

    def request(self, asked: ParkedSale) -> CardRequest:
        assert asked.card is not None
        return CardRequest(f"attempt-{asked.number}", asked.card)

    def resolve(
        self, operator_id: str, number: int, answer: CardAnswer, _kind: TenderKind, _reason: str
    ) -> ParkedSale | None:
        if operator_id != "thandi":
            raise RoleNeeded(role="supervisor")
        return self.answered(operator_id, number, answer, CardHow.SUPERVISOR)

    def refunded(self, operator_id: str, number: int, _reason: str) -> ParkedSale:
        if operator_id != "thandi":
            raise RoleNeeded(role="supervisor")
        return self.parked.held.pop(number)

    def answered(
        self,
        _operator_id: str,
        number: int,
        answer: CardAnswer,
        _how: CardHow = CardHow.TERMINAL,
    ) -> ParkedSale | None:
        self.answers.append(answer)
        if answer.outcome is CardOutcome.NO:
            del self.parked.held[number]
            return None
        if answer.outcome is CardOutcome.YES:
            held = self.parked.held[number]
            paid = replace(held, state=ParkedState.CARD_PAID, approval=answer.approval)
            self.parked.held[number] = paid
        return self.parked.held[number]

    def sold(self, reference: str) -> None:
        for number, held in list(self.parked.held.items()):
            if reference and held.approval == reference:
                del self.parked.held[number]
