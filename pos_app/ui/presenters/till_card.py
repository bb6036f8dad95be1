"""A card payment at the till: ask the terminal, hear one of three answers, journal each step."""

from __future__ import annotations

from collections.abc import Callable

from pos_app.application.card_payment import CARD, CardDeclined, CardUnclear, Wanted
from pos_app.application.card_ports import CardAnswer, CardOutcome, CardRequest
from pos_app.application.parked import ParkedSale
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.tender import Tender
from pos_app.ui.presenters.desk import TillParts
from pos_app.ui.presenters.till_board import Board, known
from pos_app.ui.presenters.till_screen import Step

Asked = tuple[ParkedSale, CardRequest]


class CardTalk:
    """Between the question and its answer no key does anything; the journal knows of both."""

    def __init__(
        self,
        board: Board,
        parts: TillParts,
        paid: Callable[[Tender], None],
        refused: Callable[[PosError], None],
    ) -> None:
        self._board, self._desk, self._parts = board, parts.desk, parts
        self._paid, self._refused = paid, refused

    @property
    def ready(self) -> bool:
        """Tell whether a terminal is connected."""
        return self._desk.cards.terminal is not None

    def charge(self, wanted: Wanted, amount: Money) -> None:
        """Ask the terminal for `amount`."""
        cards, terminal = self._desk.cards, self._desk.cards.terminal
        if terminal is None:
            return
        self._board.set(step=Step.CARD, find="", problem=None, at_fault=None)

        def ask() -> Asked:
            asked = cards.ask(self._board.operator.id, wanted, amount)
            return asked, cards.request(asked)

        def asked(question: Asked) -> None:
            sale, request = question
            self._parts.io(
                lambda: terminal.charge(request),
                lambda answer: self._journal(sale, amount, answer),
                # Whatever broke, the question may have left: that is no answer, and no "no".
                lambda _: self._journal(sale, amount, CardAnswer(CardOutcome.UNKNOWN)),
            )

        self._parts.run(ask, asked, self._broke)

    def unclear(self, wanted: Wanted, amount: Money) -> None:
        """Note that the terminal beside the till gave no answer."""
        cards = self._desk.cards
        self._board.set(step=Step.CARD, find="", problem=None, at_fault=None)
        self._parts.run(
            lambda: cards.ask(self._board.operator.id, wanted, amount),
            lambda sale: self._journal(sale, amount, CardAnswer(CardOutcome.UNKNOWN)),
            self._broke,
        )

    def _journal(self, sale: ParkedSale, amount: Money, answer: CardAnswer) -> None:
        self._parts.run(
            lambda: self._desk.cards.answered(self._board.operator.id, sale.number, answer),
            lambda _: self._answered(sale, amount, answer),
            self._broke,
        )

    def _answered(self, sale: ParkedSale, amount: Money, answer: CardAnswer) -> None:
        if answer.outcome is CardOutcome.YES:
            self._paid(Tender(CARD, amount, answer.approval))
        elif answer.outcome is CardOutcome.NO:
            self._refused(CardDeclined())
        else:
            self._refused(CardUnclear(number=sale.number))

    def _broke(self, error: BaseException) -> None:
        self._board.set(step=Step.TENDER)
        self._refused(known(error))
