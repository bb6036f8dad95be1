"""Keeping the journal's head anchored outside the ledger, off the sale path.

The anchor trails the ledger by a quarter of a second at most, so that a stream of sales is not
slowed by a small file each; a kill in between loses only the newest anchor, never an entry.
"""

from __future__ import annotations

import logging
import threading
from typing import Final

from pos_app.adapters.vault.keystore import OpenKeyStore
from pos_app.domain.errors import PosError
from pos_app.exchange.chain import Head

_LOG = logging.getLogger(__name__)
PAUSE_SECONDS: Final = 0.25


class AnchorKeeper:
    """One thread that writes the newest head it was told of."""

    def __init__(self, store: OpenKeyStore) -> None:
        self._store = store
        self._newest: Head | None = None
        self._ending = False
        self._idle = False
        self._told = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="anchor", daemon=True)
        self._thread.start()

    def tell(self, head: Head) -> None:
        """Take note of a committed head; returns at once."""
        with self._told:
            self._newest = head
            if self._idle:  # to wake it out of its pause would only take time from the next sale
                self._told.notify()

    def close(self) -> None:
        """Write what is left and end the thread."""
        with self._told:
            self._ending = True
            self._told.notify()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._told:
                self._idle = True
                self._told.wait_for(lambda: self._newest is not None or self._ending)
                self._idle = False
                head, self._newest = self._newest, None
                if head is None:
                    return
            try:
                self._store.drop_anchor(head)
            except PosError as problem:
                # The sale is safe in the ledger; a trailing anchor is allowed.
                _LOG.warning("anchor not written: %s", problem.code)
            with self._told:
                self._told.wait_for(lambda: self._ending, PAUSE_SECONDS)
