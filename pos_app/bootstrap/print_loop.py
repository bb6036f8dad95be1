"""Printing behind the window: one slip at a time, off the GUI thread, never in a sale's way."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from pos_app.adapters.printing.worker_printer import WorkerPrinter
from pos_app.application.ports import PrintTask
from pos_app.application.printing import (
    CashDrawer,
    PrintOutcome,
    PrintState,
    SlipPrinter,
    Transport,
)
from pos_app.application.sale import Sale
from pos_app.application.settings import Settings
from pos_app.application.slip.layout import Slip
from pos_app.bootstrap.paper import SECONDS_A_SLIP, slips_of
from pos_app.bootstrap.shop import OpenShop
from pos_app.domain.errors import PosError
from pos_app.domain.tender import CASH
from pos_app.ui.tasks import Tasks

_LOG = logging.getLogger(__name__)
LOOK_EVERY_MS: Final = 700
SECONDS_A_PULSE: Final = 5.0


class Paperwork(SlipPrinter, CashDrawer, Protocol):
    """A printer with a drawer on it."""


class PrintLoop(QObject):
    """Takes waiting slips of an open shop one after the other while a printer is set.

    A sale pokes it, so that the first byte leaves with the commit; the timer is for what an
    earlier program left behind. The drawer has a worker of its own: it opens with the commit even
    while a slip is stuck.
    """

    _sold = Signal(object)  # Sale, from the ledger's thread

    def __init__(
        self, shop: OpenShop, tasks: Tasks, settings: Callable[[], Settings], worker: Paperwork
    ) -> None:
        super().__init__()
        self._shop, self._tasks, self._settings, self._worker = shop, tasks, settings, worker
        self._drawer: Paperwork | None = None
        self._busy = False
        self._outcome: tuple[PrintTask, PrintOutcome] | None = None
        self._sold.connect(self._after_sale)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(LOOK_EVERY_MS)

    def close(self) -> None:
        """Stop; what is under way is given up and stays on record as failed."""
        self._timer.stop()
        self._worker.close()
        if self._drawer is not None:
            self._drawer.close()

    def sold(self, sale: Sale) -> None:
        """Take note of a committed sale; may be called from any thread."""
        self._sold.emit(sale)

    def _after_sale(self, sale: Sale) -> None:
        if any(tender.kind == CASH for tender in sale.tenders):
            self.open_drawer()
        self.look()

    def open_drawer(self) -> None:
        """Send the pulse to the drawer that hangs on the printer, if there is one."""
        printer = self._settings().printer
        if printer.open_drawer and printer.transport is not Transport.NONE:
            drawer = self._drawer = self._drawer or WorkerPrinter()
            self._tasks.io(
                lambda: drawer.open_drawer(printer, SECONDS_A_PULSE),
                self._opened,
                self._not_opened,
            )

    def _opened(self, outcome: PrintOutcome) -> None:
        if outcome.state is PrintState.FAILED:
            _LOG.warning("the drawer did not open: %s", outcome.problem)

    def _not_opened(self, error: BaseException) -> None:
        if not isinstance(error, PosError):
            raise error
        _LOG.warning("the drawer did not open: %s", error.code)

    def look(self) -> None:
        """Print the oldest waiting slip, then look again.

        What a slip came to is written down first, also where that failed before (a full disk).
        """
        if self._busy:
            return
        if self._outcome is not None:
            self._note(*self._outcome)
        elif self._settings().printer.transport is not Transport.NONE:
            self._busy = True
            self._tasks.ledger(self._next, self._taken, self._failed)

    def _next(self) -> tuple[PrintTask, Slip] | None:
        task = self._shop.ledger.next_print_task()
        if task is None:
            return None
        return task, slips_of(self._shop, self._settings()).of_seq(task.sale_seq, task.copy)

    def _taken(self, waiting: tuple[PrintTask, Slip] | None) -> None:
        if waiting is None:
            self._busy = False
            return
        task, slip = waiting
        printer = self._settings().printer
        self._tasks.io(
            lambda: self._worker.deliver(slip, printer, SECONDS_A_SLIP),
            lambda outcome: self._note(task, outcome),
            self._failed,
        )

    def _note(self, task: PrintTask, outcome: PrintOutcome) -> None:
        def noted(_: None) -> None:
            self._busy = False
            self._outcome = None
            self.look()

        self._busy = True
        self._outcome = task, outcome
        self._tasks.ledger(lambda: self._shop.ledger.note_print(task, outcome), noted, self._failed)

    def _failed(self, error: BaseException) -> None:
        self._busy = False
        if not isinstance(error, PosError):
            raise error
        _LOG.warning("a slip waits: %s", error.code)
