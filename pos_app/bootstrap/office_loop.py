"""Head office behind the window: a thread of its own that is never in the counter's way.

It waits for the network and reads and unpacks what travels; the ledger is asked in short jobs
between the counter's own. A sale wakes it; without one it asks now and then. What fails is tried
again later and later, spread by chance.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pos_app.application.office_pace import wait_s
from pos_app.application.office_records import NoLine, NotEnrolled
from pos_app.bootstrap.ledger_thread import OnLedger
from pos_app.bootstrap.shop import OpenShop
from pos_app.domain.errors import PosError

if TYPE_CHECKING:
    from pos_app.application.office_sync import RoundDone

_LOG = logging.getLogger(__name__)
START_S: Final = 8.0
"""After the window is open: the first sale comes first."""
GATHER_S: Final = 15.0
"""So long sales are gathered before they are sent together."""
LONGEST_REST_S: Final = 0.1
BY_STICK_S: Final = 60.0
"""So often a shop without a line looks whether it has one by now."""


@dataclass(frozen=True, slots=True)
class LastRound:
    """How the newest round ended, and how many there were; `failures` are those in a row."""

    problem: PosError | None = None
    rounds: int = 0
    failures: int = 0


def _by_line(shop: OpenShop, on_ledger: OnLedger) -> RoundDone:
    """Run a round; a shop without a head office loads nothing for it."""
    if on_ledger(shop.ledger.office.enrolled) is None:
        raise NotEnrolled
    from pos_app.bootstrap.office_line import sync_shop  # noqa: PLC0415 - off the way to a sale

    return sync_shop(shop, on_ledger)


class OfficeLoop:
    """Runs rounds on a thread until it is closed."""

    def __init__(
        self,
        shop: OpenShop,
        on_ledger: OnLedger,
        run: Callable[[OpenShop, OnLedger], RoundDone] = _by_line,
    ) -> None:
        self._shop, self._on_ledger, self._run = shop, on_ledger, run
        self._ended, self._sold = threading.Event(), threading.Event()
        self.last = LastRound()
        # A daemon: a network that keeps silent must not keep the program from ending.
        self._thread = threading.Thread(target=self._go, name="head office", daemon=True)
        self._thread.start()

    def sold(self) -> None:
        """Take note of a sale; may be called from any thread."""
        self._sold.set()

    def close(self) -> None:
        """End; a round under way is given up at its next question to the ledger."""
        self._ended.set()
        self._sold.set()

    def _go(self) -> None:
        wait = START_S
        while not self._pause(wait):
            try:
                wait = self._round()
            except (CancelledError, RuntimeError):
                return  # the ledger's thread has ended: the window is closing

    def _pause(self, seconds: float) -> bool:
        """Wait, less long once something was sold; tell whether it is over.

        After a failure a sale shortens nothing: the line is no better for it.
        """
        if self.last.failures:
            self._ended.wait(seconds)
        elif self._sold.wait(seconds):
            self._ended.wait(min(GATHER_S, seconds))
        self._sold.clear()
        return self._ended.is_set()

    def _round(self) -> float:
        try:
            self._run(self._shop, self._ask)
        except (NotEnrolled, NoLine):
            return BY_STICK_S
        except PosError as problem:
            failures = self.last.failures + 1
            self.last = LastRound(problem, self.last.rounds + 1, failures)
            _LOG.warning("no round with head office: %s", problem.code)
        else:
            self.last = LastRound(None, self.last.rounds + 1, 0)
        return wait_s(self.last.failures, random.random())  # noqa: S311 - spreads calls, no secret

    def _ask(self, job: Callable[[], Any]) -> Any:
        if self._ended.is_set():
            raise CancelledError
        start = time.monotonic()
        answer = self._on_ledger(job)
        # As long as the job took: half of the ledger's time at least is the counter's.
        self._ended.wait(min(time.monotonic() - start, LONGEST_REST_S))
        return answer
