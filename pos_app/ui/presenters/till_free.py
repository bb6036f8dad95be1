"""The month's free units alone: chosen by a key, seen as a quote, given by an Enter."""

from __future__ import annotations

from collections.abc import Callable

from pos_app.application.order import SaleOrder
from pos_app.application.records import QuoteAnswer
from pos_app.application.sale import Sale
from pos_app.application.slip.layout import Slip
from pos_app.ui.presenters.desk import Latest, TillParts
from pos_app.ui.presenters.till_board import Board, known
from pos_app.ui.presenters.till_screen import Place, Step


class FreeUnits:
    """No money changes hands, so the key that asks and the Enter that gives are two."""

    def __init__(self, board: Board, parts: TillParts, sold: Callable[[Sale], None]) -> None:
        self._board, self._parts, self._sold = board, parts, sold
        self._asking = Latest(parts.run)

    def drop(self) -> None:
        """Forget the open question."""
        self._asking.drop()

    def begin(self) -> None:
        """Show what the customer may have for nothing."""
        card = self._board.screen.card
        if self._board.screen.step is not Step.AMOUNT or card is None or card.free_due is None:
            return
        drn = card.meter.drn

        def quote() -> tuple[QuoteAnswer, Slip]:
            answer = self._parts.desk.free(drn)
            return answer, self._parts.slips.draft(card, answer, (), None)

        self._asking.ask(quote, self._quoted, self._refused)

    def _quoted(self, quoted: tuple[QuoteAnswer, Slip]) -> None:
        answer, slip = quoted
        self._board.set(
            step=Step.FREE, amount="", answer=answer, remark=None, slip=slip, problem=None,
            at_fault=None,
        )  # fmt: skip

    def give(self) -> None:
        """Commit."""
        card = self._board.screen.card
        if card is None:
            return
        order = SaleOrder(
            sale_id=self._parts.new_id(),
            drn=card.meter.drn,
            amount=None,
            tenths=None,
            tenders=(),
            operator_id=self._board.operator.id,
            repeat_allowed=True,  # the entitlement says how often
            free_only=True,
        )
        self._board.set(step=Step.COMMITTING, find="")
        self._parts.run(lambda: self._parts.desk.sell(order), self._sold, self._refused)

    def _refused(self, error: BaseException) -> None:
        self._board.set(answer=None)
        self._board.refuse(known(error), Place.AMOUNT, Step.AMOUNT)
