"""After the sale: its slip, copies of it, and what became of the paper."""

from __future__ import annotations

from collections.abc import Callable

from pos_app.application.printing import PrintState
from pos_app.application.records import SaleRow
from pos_app.application.reprint import ReprintReason
from pos_app.application.sale import Sale
from pos_app.ui.presenters.desk import Latest, TillParts
from pos_app.ui.presenters.till_board import Board, known
from pos_app.ui.presenters.till_screen import Place, Step, TillScreen

REASONS = tuple(ReprintReason)
"""Why a copy is printed, by digit from 1; words are ``reprint.reason.<code>``."""

_SETTLED = (PrintState.PRINTED, PrintState.SENT, PrintState.FAILED)


class Paper:
    """The result stays on the screen whatever the printer does."""

    def __init__(
        self,
        board: Board,
        parts: TillParts,
        changed: Callable[[], None],
    ) -> None:
        self._board, self._desk, self._run = board, parts.desk, parts.run
        self._slips, self._changed = parts.slips, changed
        self._drawing = Latest(parts.run)

    def show(self, sale: Sale, copy: int = 0) -> None:
        """Show a committed sale; what was typed meanwhile waits in the search field."""
        before = self._board.screen
        self._board.put(
            TillScreen(
                step=Step.RESULT,
                find=before.find if before.step is Step.COMMITTING else "",
                sale=sale,
                copy=copy,
                print_state=PrintState.QUEUED,
                slip=before.slip,
            )
        )
        self._drawing.ask(
            lambda: self._slips.of(sale, copy),
            lambda slip: self._board.set(slip=slip),
            self._failed,
        )
        self._changed()

    def drop(self) -> None:
        """Forget a slip that is still being drawn."""
        self._drawing.drop()

    def print_copy(self) -> None:
        """Retry a slip that did not print, else ask why a copy is needed."""
        screen = self._board.screen
        if screen.sale is None:
            return
        receipt = screen.sale.receipt
        if screen.print_state is PrintState.FAILED:
            self._board.set(print_state=PrintState.QUEUED, problem=None)
            self._run(
                lambda: self._desk.print_again(receipt), lambda _: self._changed(), self._failed
            )
        else:
            self._board.set(step=Step.REASON, problem=None)

    def reason(self, number: int) -> None:
        """Print a copy for the reason with this number, from 0."""
        sale = self._board.screen.sale
        if sale is not None and number < len(REASONS):
            self._board.set(step=Step.RESULT)
            self.copy_of(sale.receipt, REASONS[number])

    def copy_instead(self) -> None:
        """Print the earlier sale again instead of selling twice."""
        problem = self._board.screen.problem
        if problem is not None:
            self.copy_of(str(problem.facts["receipt"]), ReprintReason.OTHER)

    def copy_of(self, receipt: str, reason: ReprintReason) -> None:
        """Print a copy and show its sale."""
        self._run(
            lambda: self._desk.reprint(receipt, reason, self._board.operator.id),
            lambda answer: self.show(*answer),
            self._failed,
        )

    def refresh(self) -> None:
        """Ask what became of the slip of the sale on the screen."""
        screen = self._board.screen
        if screen.sale is None or screen.print_state in _SETTLED:
            return
        receipt = screen.sale.receipt
        self._run(
            lambda: self._desk.sales_today(receipt, 1),
            lambda rows: self._printed(receipt, rows),
            self._failed,
        )

    def _printed(self, receipt: str, rows: tuple[SaleRow, ...]) -> None:
        screen = self._board.screen
        if screen.sale is None or screen.sale.receipt != receipt:
            return
        for row in rows:
            if row.receipt == receipt and row.print_state is not screen.print_state:
                self._board.set(print_state=row.print_state)
                self._changed()

    def _failed(self, error: BaseException) -> None:
        self._board.set(problem=known(error), at_fault=Place.CHOICE)
