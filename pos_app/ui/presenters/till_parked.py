"""Putting the sale on the screen aside, and calling one back."""

from __future__ import annotations

from collections.abc import Callable

from pos_app.application.card_payment import CARD
from pos_app.application.parked import ParkedHoldsNoMoney, ParkedSale
from pos_app.application.records import MeterCard
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.tender import Tender
from pos_app.ui.presenters.desk import TillParts
from pos_app.ui.presenters.till_board import Board, known
from pos_app.ui.presenters.till_screen import Place, Step, TillScreen
from pos_app.ui.presenters.typed import read_asked

Recalled = tuple[ParkedSale, MeterCard]


class Parking:
    """One key parks a sale in progress and, without one, shows what is parked."""

    def __init__(
        self,
        board: Board,
        parts: TillParts,
        operator_id: str,
        parked: Callable[[], None],
        recalled: Callable[[MeterCard, str, tuple[Tender, ...]], None],
    ) -> None:
        self._board, self._desk, self._run = board, parts.desk, parts.run
        self._operator_id, self._parked, self._recalled = operator_id, parked, recalled

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
            self._board.set(chosen=(screen.chosen + by) % len(screen.parked), problem=None)

    def recall(self, row: int) -> None:
        """Go on with the sale in this row."""
        parked = self._board.screen.parked
        if row >= len(parked):
            return
        chosen = parked[row]

        def back() -> Recalled:
            card = self._desk.card(chosen.drn)
            return self._desk.parked.recall(self._operator_id, chosen.number), card

        self._run(back, self._open, self._failed)

    def drop(self) -> None:
        """Forget the chosen sale."""
        screen = self._board.screen
        if screen.chosen < len(screen.parked):
            number = screen.parked[screen.chosen].number
            self._run(
                lambda: self._desk.parked.drop(self._operator_id, number),
                lambda _: self._again(),
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
            asked = read_asked(screen.amount, card.currency)
        except PosError:
            asked = None
        wanted = None if asked is None else asked.amount or asked.tenths
        desk, drn = self._desk.parked, card.meter.drn
        self._run(
            lambda: desk.park(self._operator_id, drn, card.currency, wanted),
            lambda _: self._done(),
            self._stays,
        )

    def _done(self) -> None:
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
        self._board.set(chosen=0, problem=None)
        self.refresh()

    def _failed(self, error: BaseException) -> None:
        self._board.set(problem=known(error))
        self.refresh()


def _paid(amount: Money, approval: str) -> Tender:
    return Tender(CARD, amount, approval)


def _raise(error: BaseException) -> None:
    raise error
