"""Importing ahead: while a passphrase is typed or stretched, what comes next is loaded.

A module takes a fraction of a millisecond up to a tenth of a second to import; all of them
together are the larger part of a start. Pages are left to the window's own thread.
"""

from __future__ import annotations

import threading
from importlib import import_module
from typing import Final

OPENING: Final = (
    "pos_app.adapters.vault.keystore",  # first: the key derivation needs nothing else
    "pos_app.bootstrap.shop",
    "pos_app.bootstrap.paper",
    "pos_app.adapters.printing.qt_slip",
    "pos_app.ui.presenters.sign_in",
)
SELLING: Final = (
    "pos_app.ui.presenters.till",
    "pos_app.bootstrap.print_loop",
    "pos_app.adapters.printing.qt_slip.codes",  # last: the slip of a sale has the first code
)


class Ahead:
    """One thread that imports what opening needs, and once that is done what selling needs."""

    def __init__(self) -> None:
        self._enough, self._opened = threading.Event(), threading.Event()
        self._ending = False
        self._thread = threading.Thread(target=self._run, name="ahead", daemon=True)

    def start(self) -> None:
        """Begin; call it once, when there is something to see."""
        self._thread.start()

    def wait(self) -> None:
        """Wait for what opening needs; whoever never started imports it where it is used."""
        if self._thread.is_alive():
            self._enough.wait()

    def go_on(self) -> None:
        """Import what selling needs: the shop is open and its first page on the screen."""
        self._opened.set()

    def close(self) -> None:
        """End the thread after the module it is at."""
        self._ending = True
        self._opened.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        try:
            self._load(OPENING)
        finally:  # what could not be imported is told by whoever needs it
            self._enough.set()
        self._opened.wait()
        self._load(SELLING)

    def _load(self, names: tuple[str, ...]) -> None:
        for name in names:
            if not self._ending:
                import_module(name)
