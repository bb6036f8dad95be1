"""Putting the sale on the screen aside, and calling one back."""

from __future__ import annotations

from collections.abc import Callable

from pos_app.application.card_payment import CARD, CardHow
from pos_app.application.card_ports import CardAnswer, CardOutcome
from pos_app.application.parked import (
    CardStillUnknown,
    ParkedHoldsNoMoney,
    ParkedSale,
    ParkedState,
)
from pos_app.application.records import MeterCard
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.tender import Tender
from pos_app.domain.tender_kind import TenderKind
from pos_app.ui.presenters.desk import TillParts
from pos_app.ui.presenters.till_board import Board, known
from pos_app.ui.presenters.till_screen import Place, Step, TillScreen
from pos_app.ui.presenters.typed import read_asked

AT_THE_TILL = "at the till"
"""How whoever settled a card in the window knew, as the journal has it."""

Recalled = tuple[ParkedSale, MeterCard]


class Parking:
    """One key parks a sale in progress and, without one, shows what is parked."""

    def __init__(
        self,
        board: Board,
        parts: TillParts,
        parked: Callable[[], None],
        recalled: Callable[[MeterCard, str, tuple[Tender, ...]], None],
    ) -> None:
        self._board, self._desk, self._run, self._io = board, parts.desk, parts.run, parts.io
        self._parked, self._recalled = parked, recalled

    def refresh(self) -> None:
        """Ask what is parked."""
        self._run(self._desk.parked.all, self._board.keep_parked, _raise)

    def key(self) -> None:
        """Take the parking key."""
        step = self._board.screen.step
        if step in (Step.AMOUNT, Step.TENDER):
            self._park()
        elif step in (Step.IDLE, Step.SEARCH, Step.RESULT, Step.STOPPED):
            self._board.put(TillScreen(step=Step.PARKED))
            self.refresh()
        elif step is Step.PARKED:
            self._board.put(TillScreen())

    def move(self, by: int) -> None:
        """Choose another parked sale."""
        screen = self._board.screen
        if screen.parked:
            self._board.set(
                chosen=(screen.chosen + by) % len(screen.parked), reference="", problem=None
            )

    def recall(self, row: int) -> None:
        """Go on with the sale in this row."""
        parked = self._board.screen.parked
        if row >= len(parked):
            return
        chosen = parked[row]
        if chosen.state is ParkedState.CARD_UNKNOWN:
            self._settle(chosen)
            return

        def back() -> Recalled:
            card = self._desk.card(chosen.drn)
            return self._desk.parked.recall(self._board.operator.id, chosen.number), card

        self._run(back, self._open, self._failed)

    def drop(self) -> None:
        """Forget the chosen sale; of one with a card say that it was not charged, or paid back."""
        screen = self._board.screen
        if screen.chosen >= len(screen.parked):
            return
        chosen, by, cards = screen.parked[screen.chosen], self._board.operator.id, self._desk.cards
        no = CardAnswer(CardOutcome.NO)

        def end() -> object:
            if chosen.state is ParkedState.WAITING:
                return self._desk.parked.drop(by, chosen.number)
            if chosen.state is ParkedState.CARD_PAID:
                return cards.refunded(by, chosen.number, AT_THE_TILL)
            return cards.resolve(by, chosen.number, no, self._kind(), AT_THE_TILL)

        self._run(end, lambda _: self._again(), self._failed)

    def type_code(self, text: str) -> None:
        """Remember the approval code of an unclear card with every key."""
        self._board.set(reference=text, problem=None)

    def _settle(self, chosen: ParkedSale) -> None:
        """Take a supervisor's word for a yes, or ask the terminal once more."""
        cards, by, number = self._desk.cards, self._board.operator.id, chosen.number
        terminal = cards.terminal
        if self._board.screen.reference.strip():
            yes = CardAnswer(CardOutcome.YES, self._board.screen.reference)
            self._run(
                lambda: cards.resolve(by, number, yes, self._kind(), AT_THE_TILL),
                lambda _: self._again(),
                self._failed,
            )
        elif terminal is None:
            self._board.set(problem=CardStillUnknown(number=number))
        else:
            self._run(
                lambda: cards.request(chosen).attempt,
                lambda attempt: self._io(
                    lambda: terminal.query(attempt),
                    lambda answer: self._queried(number, answer),
                    lambda _: self._queried(number, CardAnswer(CardOutcome.UNKNOWN)),
                ),
                self._failed,
            )

    def _kind(self) -> TenderKind:
        kinds = {kind.code: kind for kind in self._desk.tenders()}
        return kinds.get(CARD, TenderKind(CARD))

    def _queried(self, number: int, answer: CardAnswer) -> None:
        cards, by = self._desk.cards, self._board.operator.id
        unclear = answer.outcome is CardOutcome.UNKNOWN
        still = CardStillUnknown(number=number)
        self._run(
            lambda: cards.answered(by, number, answer, CardHow.QUERY),
            lambda _: self._failed(still) if unclear else self._again(),
            self._failed,
        )

    def _park(self) -> None:
        screen = self._board.screen
        card = screen.card
        if card is None:
            return
        if screen.taken:
            self._board.refuse(ParkedHoldsNoMoney(), Place.RECEIVED, Step.TENDER)
            return
        try:
            asked = read_asked(screen.amount, card.currency, card.usage)
        except PosError:
            asked = None
        wanted = None if asked is None else asked.amount or asked.tenths
        desk, drn = self._desk.parked, card.meter.drn
        self._run(
            lambda: desk.park(self._board.operator.id, drn, card.currency, wanted),
            lambda _: self._done(),
            self._stays,
        )

    def _done(self) -> None:
        if self._board.screen.step in (Step.AMOUNT, Step.TENDER):
            self._parked()
        self.refresh()

    def _stays(self, error: BaseException) -> None:
        screen = self._board.screen
        place = Place.RECEIVED if screen.step is Step.TENDER else Place.AMOUNT
        self._board.refuse(error, place, screen.step)

    def _open(self, recalled: Recalled) -> None:
        sale, card = recalled
        text = ""
        if sale.amount is not None:
            text = sale.amount.plain()
        elif sale.tenths is not None:
            text = f"u{sale.tenths // 10}.{sale.tenths % 10}"
        paid = () if not sale.approval or sale.card is None else (_paid(sale.card, sale.approval),)
        self._recalled(card, text, paid)
        self.refresh()

    def _again(self) -> None:
        self._board.set(chosen=0, reference="", problem=None)
        self.refresh()

    def _failed(self, error: BaseException) -> None:
        self._board.set(problem=known(error))
        self.refresh()


def _paid(amount: Money, approval: str) -> Tender:
    return Tender(CARD, amount, approval)


def _raise(error: BaseException) -> None:
    raise error
