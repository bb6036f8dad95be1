"""Threads of the window: one for the ledger, a few for devices, one relay back.

Workers own no QObject. Answers are called on the GUI thread through one queued signal. Cyclic
garbage is collected on the GUI thread only: a collection elsewhere may destroy widgets there.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, SignalInstance

from pos_app.domain.errors import PosError

T = TypeVar("T")

COLLECT_EVERY_MS = 1_000
IO_THREADS = 3


def _collect() -> None:
    """Do what the collector would have done by itself, here and now."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if counts[generation] > thresholds[generation]:
            gc.collect(generation)
            return


class Tasks(QObject):
    """Run jobs off the GUI thread; every answer arrives on it, in the order of the jobs."""

    _landed = Signal(object)  # Callable[[], None], called on the GUI thread

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ledger = ThreadPoolExecutor(1, "ledger")
        self._io = ThreadPoolExecutor(IO_THREADS, "io")
        self._open = True
        self._landed.connect(self._call, Qt.ConnectionType.QueuedConnection)
        gc.disable()
        self._collector = QTimer(self)
        self._collector.timeout.connect(_collect)
        self._collector.start(COLLECT_EVERY_MS)

    def ledger(
        self,
        job: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Run `job` on the one thread that owns the ledger."""
        self._start(self._ledger, job, done, failed)

    def io(
        self,
        job: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Run `job` on a thread that may wait for a device."""
        self._start(self._io, job, done, failed)

    def ask_ledger(self, job: Callable[[], T]) -> T:
        """Run `job` on the ledger's thread and wait for it; never called on that or the GUI thread.

        Raises what `job` raises, and `CancelledError` or `RuntimeError` while the window goes.
        """
        return self._ledger.submit(job).result()

    def close(self) -> None:
        """Finish the jobs under way, drop the waiting ones and their answers."""
        self._open = False
        self._collector.stop()
        self._ledger.shutdown(cancel_futures=True)
        self._io.shutdown(cancel_futures=True)
        gc.enable()

    def _start(
        self,
        pool: ThreadPoolExecutor,
        job: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        if not self._open:
            return
        landed: SignalInstance = self._landed

        def land(future: Future[T]) -> None:
            if future.cancelled():
                return
            error = future.exception()
            if error is None:
                landed.emit(lambda: done(future.result()))
            else:
                landed.emit(lambda: failed(error))

        pool.submit(job).add_done_callback(land)

    def _call(self, answer: Callable[[], None]) -> None:
        if self._open:
            answer()


class Lease:
    """The tasks of one screen: when it ends, answers to what the screen asked are not heard.

    A bug is raised all the same.
    """

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks
        self._held = True

    def end(self) -> None:
        """Let the screen go."""
        self._held = False

    def ledger(
        self,
        job: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Run `job` on the one thread that owns the ledger."""
        self._tasks.ledger(job, self._if_held(done), self._if_known(failed))

    def io(
        self,
        job: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Run `job` on a thread that may wait for a device."""
        self._tasks.io(job, self._if_held(done), self._if_known(failed))

    def _if_held(self, done: Callable[[T], None]) -> Callable[[T], None]:
        return lambda answer: done(answer) if self._held else None

    def _if_known(self, failed: Callable[[BaseException], None]) -> Callable[[BaseException], None]:
        def land(error: BaseException) -> None:
            if self._held:
                failed(error)
            elif not isinstance(error, PosError):
                raise error

        return land
