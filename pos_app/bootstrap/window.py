"""The window of a shop: on the screen first, then the disk."""

from __future__ import annotations

import logging
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from pos_app.adapters.printing.qt_slip import SlipPainter
from pos_app.adapters.system.clock import SystemClock
from pos_app.adapters.system.paths import default_shop, training_shop
from pos_app.adapters.vault.keystore import read_identity
from pos_app.application.records import ShopIdentity, ShopMode
from pos_app.application.words import languages, load_words
from pos_app.bootstrap.preferences import ShopPreferences
from pos_app.bootstrap.print_loop import PrintLoop
from pos_app.bootstrap.window_desk import WindowDesk
from pos_app.domain.errors import PosError
from pos_app.ui.counter import Counter
from pos_app.ui.presenters.desk import Slips
from pos_app.ui.tasks import Tasks
from pos_app.ui.views.window import Window

READY = "READY"
SMALLEST = (1024, 600)


def shop_folder(folder: Path | None) -> Path:
    """Return the shop to open: the one asked for, the user's, or the training shop."""
    if folder is not None:
        return folder
    real = default_shop()
    return real if real.exists() else training_shop()


class Till:
    """The running program: application, threads, window, printing."""

    def __init__(self, folder: Path, identity: ShopIdentity) -> None:
        self.app = _application()
        self.tasks = Tasks()
        self.preferences = ShopPreferences(folder)
        self.desk = WindowDesk(
            folder,
            identity,
            lambda: load_words(self.preferences.load().slip_language, "slip"),
            _passphrase_of(identity),
        )
        self.printing = PrintLoop(self.desk, self.tasks, lambda: self.preferences.load().printer)
        self.window = Window(self._counter(identity), self.tasks)

    def _counter(self, identity: ShopIdentity) -> Counter:
        return Counter(
            desk=self.desk,
            identity=identity,
            slips=Slips(self.desk.draft, self.desk.of),
            painter=SlipPainter(self.preferences.load().printer.paper_mm),
            settings=self.preferences,
            languages=languages(),
            words=load_words,
            now_ms=SystemClock(identity.utc_offset_minutes).now_ms,
            seconds=time.monotonic,
            new_id=lambda: str(uuid.uuid4()),
            open_shop=self.desk.open if self.desk.passphrase is None else None,
        )

    def run(self, *, announce: bool = False) -> int:
        """Show the window and stay until it is closed; the shop opens behind it."""
        self.window.resize(*SMALLEST)
        if announce:
            QTimer.singleShot(0, _announce)
        self.window.showMaximized()
        self.printing.start()
        code = self.app.exec()
        self.printing.close()
        self.preferences.worker.close()
        self.tasks.close()
        self.desk.close()
        return code


def _application() -> QApplication:
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Tokentill")
    app.setStyle("Fusion")
    return app


def _announce() -> None:
    sys.stdout.write(f"{READY}\n")
    sys.stdout.flush()


def run_window(folder: Path | None, *, announce: bool = False) -> int:
    """Open the window of a shop and return the exit code of the program."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    place = shop_folder(folder)
    try:
        identity = read_identity(place)
    except PosError as problem:
        sys.stderr.write(load_words("en").of_error(problem) + "\n")
        return 1
    return Till(place, identity).run(announce=announce)


def _passphrase_of(identity: ShopIdentity) -> Callable[[], str] | None:
    """Return how to get the passphrase without asking: a training shop's is published."""
    if identity.mode is ShopMode.TRAINING:
        from pos_app.bootstrap.training import training_passphrase  # noqa: PLC0415 - later

        return training_passphrase
    return None
