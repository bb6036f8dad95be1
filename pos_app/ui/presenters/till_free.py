"""The month's free units alone: one key at the amount, no money, no tender."""

from __future__ import annotations

from collections.abc import Callable

from pos_app.application.order import SaleOrder
from pos_app.application.sale import Sale
from pos_app.ui.presenters.desk import TillParts
from pos_app.ui.presenters.till_board import Board, known
from pos_app.ui.presenters.till_screen import Place, Step


class FreeUnits:
    """Gives what the month still has for the customer on the screen."""

    def __init__(self, board: Board, parts: TillParts, sold: Callable[[Sale], None]) -> None:
        self._board, self._parts, self._sold = board, parts, sold

    def give(self) -> None:
        """Make the token of the free units; whatever was typed as an amount is let be."""
        screen = self._board.screen
        card = screen.card
        if screen.step is not Step.AMOUNT or card is None or not card.free_due:
            return
        order = SaleOrder(
            sale_id=self._parts.new_id(),
            drn=card.meter.drn,
            amount=None,
            tenths=None,
            tenders=(),
            operator_id=self._board.operator.id,
            free_only=True,
        )
        self._board.set(step=Step.COMMITTING, find="", problem=None, at_fault=None)
        self._parts.run(lambda: self._parts.desk.sell(order), self._sold, self._refused)

    def _refused(self, error: BaseException) -> None:
        card = self._board.screen.card
        self._board.set(step=Step.AMOUNT, find=card.meter.drn if card else "")
        self._board.refuse(known(error), Place.AMOUNT, Step.AMOUNT)
