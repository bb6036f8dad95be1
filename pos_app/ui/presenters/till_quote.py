"""The amount: quoted with every key, accepted with an Enter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pos_app.application.records import QuoteAnswer
from pos_app.application.slip.layout import Slip
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.tender import Tender
from pos_app.ui.presenters.desk import Latest, TillParts
from pos_app.ui.presenters.till_board import Board, known
from pos_app.ui.presenters.till_screen import Place, Step
from pos_app.ui.presenters.typed import read_asked

Quoted = tuple[QuoteAnswer, Slip]


class Quoting:
    """From what was typed to a quote and its draft of a slip; stale answers are not heard."""

    def __init__(self, board: Board, parts: TillParts, accepted: Callable[[], None]) -> None:
        self._board, self._parts = board, parts
        self._accepted = accepted
        self._asking, self._drafting = Latest(parts.run), Latest(parts.run)
        self._enter_waits = False  # an Enter came before its answer

    def drop(self) -> None:
        """Forget the open questions."""
        self._enter_waits = False
        self._asking.drop()
        self._drafting.drop()

    def ask(self) -> None:
        """Ask for a quote of what stands in the amount."""
        card = self._board.screen.card
        if card is None:
            return
        self._enter_waits = False
        try:
            asked = read_asked(self._board.screen.amount, card.currency, card.usage)
        except PosError as error:
            self._none(error)
            return
        if asked is None:
            self._none(None)
            return

        def quote() -> Quoted:
            answer = self._parts.desk.quote(card.meter.drn, asked.amount, asked.tenths)
            if asked.pace is not None:
                days = asked.pace.days_of(answer.quote.tenths)
                answer = replace(answer, days=days, pace=asked.pace)
            return answer, self._parts.slips.draft(card, answer, (), None)

        self._drafting.drop()
        self._asking.ask(quote, self._answered, self._failed)

    def enter(self) -> None:
        """Accept the quote, at once or as soon as it is there."""
        screen = self._board.screen
        if self._asking.waiting:
            self._enter_waits = True
        elif screen.remark is not None:
            self._board.refuse(screen.remark, Place.AMOUNT, Step.AMOUNT)
        elif screen.answer is not None:
            self._accepted()

    def draft(self, tenders: tuple[Tender, ...], kept: Money | None = None) -> None:
        """Draw the slip with what was received so far; without a quote it names the customer."""
        card, answer = self._board.screen.card, self._board.screen.answer
        if card is None:
            return
        self._drafting.ask(
            lambda: self._parts.slips.draft(card, answer, tenders, kept),
            lambda slip: self._board.set(slip=slip),
            _raise,
        )

    def _none(self, remark: PosError | None) -> None:
        self.drop()
        self._board.set(answer=None, remark=remark)
        self.draft(())

    def _answered(self, quoted: Quoted) -> None:
        answer, slip = quoted
        waited, self._enter_waits = self._enter_waits, False
        self._board.set(answer=answer, remark=None, slip=slip)
        if waited:
            self._accepted()

    def _failed(self, error: BaseException) -> None:
        waited, self._enter_waits = self._enter_waits, False
        remark = known(error)
        self._board.set(answer=None, remark=remark)
        self.draft(())
        if waited:
            self._board.refuse(remark, Place.AMOUNT, Step.AMOUNT)


def _raise(error: BaseException) -> None:
    raise error
