"""The money: counted with every key, and the one place that commits a sale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pos_app.application.order import SaleOrder
from pos_app.application.sale import Sale
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.tender import CASH, Tender, cash_due
from pos_app.ui.presenters.desk import TillParts
from pos_app.ui.presenters.till_board import Board, known
from pos_app.ui.presenters.till_quote import Quoting
from pos_app.ui.presenters.till_screen import Place, Step
from pos_app.ui.presenters.typed import Asked, read_asked

_BACK_TO_THE_AMOUNT = frozenset(
    {"below-minimum", "above-maximum", "buys-nothing", "no-price-above", "quote-changed"}
)


class Payment:
    """One commit at a time; one identity from the accepted quote to the sale on disk."""

    def __init__(
        self,
        board: Board,
        parts: TillParts,
        operator_id: str,
        quoting: Quoting,
        sold: Callable[[Sale], None],
    ) -> None:
        self._board, self._parts, self._operator_id = board, parts, operator_id
        self._quoting, self._sold = quoting, sold
        self._sale_id = ""
        self._order: SaleOrder | None = None

    def forget(self) -> None:
        """Give up the sale that was under way."""
        self._sale_id, self._order = "", None

    def begin(self) -> None:
        """Go to the money; the sale gets its identity here, once."""
        self._sale_id = self._sale_id or self._parts.new_id()
        self._board.set(
            step=Step.TENDER,
            received="",
            change=None,
            missing=None,
            problem=None,
            at_fault=None,
        )

    def reconsider(self) -> None:
        """Go back to the amount; what is accepted next is another sale."""
        self.forget()
        self._board.set(
            step=Step.AMOUNT,
            received="",
            change=None,
            missing=None,
            problem=None,
            at_fault=None,
        )
        self._quoting.draft(None)
        self._board.mark(Place.AMOUNT)

    def count(self, text: str) -> None:
        """Show what goes back, or what is missing."""
        due = self._due()
        if due is None:
            return
        change = missing = None
        try:
            handed = Money.parse(text, due.currency) if text.strip() else None
        except PosError:
            handed = None
        if handed is not None:
            rest = handed - due
            change = rest if rest.minor >= 0 else None
            missing = due - handed if rest.minor < 0 else None
        self._board.set(received=text, change=change, missing=missing, problem=None, at_fault=None)
        self._quoting.draft(handed)

    def enter(self) -> None:
        """Take exactly what is due, or what was typed when that is enough."""
        text, due = self._board.screen.received, self._due()
        if due is None:
            return
        try:
            handed = Money.parse(text, due.currency) if text.strip() else due
        except PosError as error:
            self._board.refuse(error, Place.RECEIVED, Step.TENDER)
            return
        if (handed - due).minor < 0:
            self._board.mark(Place.RECEIVED)
        else:
            self._commit(handed)

    def note(self, number: int) -> None:
        """Add a note to what was received; commit when that is enough."""
        card, due, screen = self._board.screen.card, self._due(), self._board.screen
        if card is None or due is None or number >= len(card.note_keys):
            return
        if self._board.bounced(f"note {number}"):
            return
        handed = card.note_keys[number]
        if screen.missing is not None:
            handed = due - screen.missing + handed
        self.count(handed.plain())
        if (handed - due).minor >= 0:
            self._commit(handed)

    def repeat(self) -> None:
        """Sell once more on purpose, after the warning."""
        if self._order is not None:
            self._send(replace(self._order, repeat_allowed=True))

    def _due(self) -> Money | None:
        answer = self._board.screen.answer
        return None if answer is None else cash_due(answer.quote.total)

    def _commit(self, handed: Money) -> None:
        card, answer = self._board.screen.card, self._board.screen.answer
        if card is None or answer is None:
            return
        asked = read_asked(self._board.screen.amount, card.currency) or Asked()
        self._send(
            SaleOrder(
                sale_id=self._sale_id,
                drn=card.meter.drn,
                amount=asked.amount,
                tenths=asked.tenths,
                tenders=(Tender(CASH, handed),),
                operator_id=self._operator_id,
                repeat_allowed=False,
                expected_tenths=answer.quote.tenths,
            )
        )

    def _send(self, order: SaleOrder) -> None:
        self._order = order
        self._board.set(step=Step.COMMITTING, find="", problem=None, at_fault=None)
        self._parts.run(lambda: self._parts.desk.sell(order), self._sold, self._refused)

    def _refused(self, error: BaseException) -> None:
        card = self._board.screen.card
        self._board.set(step=Step.TENDER, find=card.meter.drn if card else "")
        problem = known(error)
        if problem.code == "duplicate-sale":
            self._board.set(step=Step.DUPLICATE, problem=problem, at_fault=Place.CHOICE)
        elif problem.code in _BACK_TO_THE_AMOUNT:
            self.reconsider()
            self._board.refuse(problem, Place.AMOUNT, Step.AMOUNT)
            self._quoting.ask()
        else:
            self._board.refuse(problem, Place.RECEIVED, Step.TENDER)
