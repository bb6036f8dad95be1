"""Printing behind the window: one slip at a time, off the GUI thread, never in a sale's way."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

from pos_app.adapters.printing.worker_printer import WorkerPrinter
from pos_app.application.ports import PrintTask
from pos_app.application.printing import PrinterSettings, PrintOutcome, Transport
from pos_app.application.slip.layout import Slip
from pos_app.bootstrap.window_desk import WindowDesk
from pos_app.domain.errors import PosError
from pos_app.ui.tasks import Tasks

_LOG = logging.getLogger(__name__)
SECONDS_A_SLIP: Final = 15.0
LOOK_EVERY_MS: Final = 700


class PrintLoop(QObject):
    """Takes waiting slips one after the other while a printer is set."""

    def __init__(
        self, desk: WindowDesk, tasks: Tasks, printer: Callable[[], PrinterSettings]
    ) -> None:
        super().__init__()
        self._desk, self._tasks, self._settings = desk, tasks, printer
        self.worker = WorkerPrinter()
        self._busy = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Begin to look for waiting slips."""
        self._timer.start(LOOK_EVERY_MS)

    def close(self) -> None:
        """Stop; what is under way is given up and stays on record as failed."""
        self._timer.stop()
        self.worker.close()

    def look(self) -> None:
        """Print the oldest waiting slip, then look again."""
        if self._busy or self._settings().transport is Transport.NONE:
            return
        self._busy = True
        self._tasks.ledger(self._desk.next_slip, self._taken, self._failed)

    def _taken(self, waiting: tuple[PrintTask, Slip] | None) -> None:
        if waiting is None:
            self._busy = False
            return
        task, slip = waiting
        settings = self._settings()
        self._tasks.io(
            lambda: self.worker.deliver(slip, settings, SECONDS_A_SLIP),
            lambda outcome: self._printed(task, outcome),
            self._failed,
        )

    def _printed(self, task: PrintTask, outcome: PrintOutcome) -> None:
        def noted(_: None) -> None:
            self._busy = False
            self.look()

        self._tasks.ledger(lambda: self._desk.note_print(task, outcome), noted, self._failed)

    def _failed(self, error: BaseException) -> None:
        self._busy = False
        if not isinstance(error, PosError):
            raise error
        _LOG.warning("a slip waits: %s", error.code)
