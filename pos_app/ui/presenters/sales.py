"""Today's sales: find one, read its slip, print it again for a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from pos_app.application.printing import PrintState
from pos_app.application.records import Operator, SaleRow
from pos_app.application.reprint import ReprintReason
from pos_app.application.slip.layout import Slip
from pos_app.domain.errors import PosError
from pos_app.ui.presenters.desk import Desk, Latest, Run, Slips

REASONS = tuple(ReprintReason)
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class SalesScreen:
    """`rows` is None until they were read; `printed` is (receipt, copy), copy 0 for a retry."""

    text: str = ""
    rows: tuple[SaleRow, ...] | None = None
    chosen: int = 0
    slip: Slip | None = None
    asking: bool = False
    printed: tuple[str, int] | None = None
    problem: PosError | None = None

    @property
    def row(self) -> SaleRow | None:
        """The chosen row."""
        if not self.rows or self.chosen >= len(self.rows):
            return None
        return self.rows[self.chosen]


class SalesView(Protocol):
    """What the presenter asks of a screen."""

    def show_screen(self, screen: SalesScreen) -> None:
        """Draw `screen`."""
        ...


class SalesPresenter:
    """The slip in view is the one that would print now: a copy says COPY already."""

    def __init__(
        self, desk: Desk, run: Run, slips: Slips, operator: Operator, view: SalesView
    ) -> None:
        self._desk, self._run, self._slips = desk, run, slips
        self._operator, self._view = operator, view
        self._listing, self._reading = Latest(run), Latest(run)
        self._screen = SalesScreen()
        self.changed: Callable[[], None] = lambda: None

    @property
    def screen(self) -> SalesScreen:
        """What stands on the screen."""
        return self._screen

    def begin(self) -> None:
        """Start with every sale of the day, the newest chosen."""
        self._screen = SalesScreen()
        self.typed("")

    def typed(self, text: str) -> None:
        """Narrow the list with every key."""
        self._set(text=text, asking=False, problem=None)
        self._list()

    def choose(self, row: int) -> None:
        """Choose a row, and show its slip."""
        if self._screen.rows and 0 <= row < len(self._screen.rows) and row != self._screen.chosen:
            self._set(chosen=row, asking=False, problem=None, printed=None)
            self._read()

    def move(self, by: int) -> None:
        """Choose another row."""
        rows = self._screen.rows or ()
        self.choose(min(max(self._screen.chosen + by, 0), max(len(rows) - 1, 0)))

    def print_again(self) -> None:
        """Retry a slip that did not print; for any other ask why a copy is needed."""
        row = self._screen.row
        if row is None:
            return
        if row.print_state is PrintState.FAILED:
            receipt = row.receipt
            self._run(
                lambda: self._desk.print_again(receipt),
                lambda _: self._printing(receipt, 0),
                self._failed,
            )
        else:
            self._set(asking=True, printed=None)

    def reason(self, number: int) -> None:
        """Print a copy for the reason with this number, from 0."""
        row = self._screen.row
        if row is None or not self._screen.asking or number >= len(REASONS):
            return
        receipt, reason = row.receipt, REASONS[number]
        self._set(asking=False)
        self._run(
            lambda: self._desk.reprint(receipt, reason, self._operator.id),
            lambda answer: self._printing(receipt, answer[1]),
            self._failed,
        )

    def back(self) -> bool:
        """Take Esc; False when there is nothing left to go back from."""
        if self._screen.asking:
            self._set(asking=False)
        elif self._screen.text:
            self.typed("")
        else:
            return False
        return True

    def _list(self) -> None:
        text = self._screen.text
        self._listing.ask(
            lambda: self._desk.sales_today(text, MOST_ROWS), self._listed, self._failed
        )

    def _listed(self, rows: tuple[SaleRow, ...]) -> None:
        before = self._screen.row
        receipts = [row.receipt for row in rows]
        chosen = receipts.index(before.receipt) if before and before.receipt in receipts else 0
        self._set(rows=rows, chosen=chosen)
        self._read()

    def _read(self) -> None:
        row = self._screen.row
        if row is None:
            self._reading.drop()
            self._set(slip=None)
            return
        receipt, copy = row.receipt, row.copies + 1
        if row.print_state is PrintState.FAILED:
            copy = row.copies
        self._reading.ask(
            lambda: self._slips.of(self._desk.sale(receipt), copy),
            lambda slip: self._set(slip=slip),
            self._failed,
        )

    def _printing(self, receipt: str, copy: int) -> None:
        self._set(printed=(receipt, copy))
        self._list()
        self.changed()

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, PosError):
            raise error
        self._set(problem=error)

    def _set(self, **changes: Any) -> None:
        self._screen = replace(self._screen, **changes)
        self._view.show_screen(self._screen)
