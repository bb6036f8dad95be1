"""The window of a shop: on the screen first, then the disk."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from pos_app.adapters.system.clock import SystemClock
from pos_app.adapters.vault.header import read_identity
from pos_app.application.identity import ShopIdentity, ShopMode
from pos_app.application.words import languages, load_words
from pos_app.bootstrap.ahead import Ahead
from pos_app.bootstrap.choices import ShopChoices, slip_words, with_own_names
from pos_app.domain.errors import PosError
from pos_app.ui.counter import Counter, Front, ReportSide
from pos_app.ui.first_paint import FirstPaint
from pos_app.ui.tasks import Tasks
from pos_app.ui.theme.tokens import SMALLEST, scale_for
from pos_app.ui.views.window import Window

if TYPE_CHECKING:
    from pos_app.application.other_slips import OtherSlips
    from pos_app.application.sale import Sale
    from pos_app.bootstrap.office_loop import OfficeLoop
    from pos_app.bootstrap.print_loop import PrintLoop
    from pos_app.bootstrap.shop import OpenShop
    from pos_app.ui.presenters.bulk import BulkFiles
    from pos_app.ui.presenters.keys_screen import KeySide
    from pos_app.ui.presenters.meters import MeterBench
    from pos_app.ui.presenters.office import OfficeDoor

READY, OPEN = "READY", "OPEN"


def shop_folder(folder: Path | None) -> Path:
    """Return the shop to open: the one asked for, the user's, or the training shop."""
    if folder is not None:
        return folder
    from pos_app.adapters.system.paths import default_shop, training_shop  # noqa: PLC0415 - rare

    real = default_shop()
    return real if real.exists() else training_shop()


class Till:
    """The running program: application, threads, window, printing."""

    def __init__(self, folder: Path, identity: ShopIdentity) -> None:
        self.app = _application()
        self.tasks = Tasks()
        self.choices = ShopChoices(folder)
        self._folder = folder
        self._shop: OpenShop | None = None
        self._printing: PrintLoop | None = None
        self._office: OfficeLoop | None = None
        self._ahead = Ahead()
        self._announces = False
        front = Front(
            choices=self.choices,
            languages=languages(),
            words=lambda language: with_own_names(
                load_words(language), self.choices.load(), identity.mode
            ),
            now_ms=SystemClock(identity.utc_offset_minutes).now_ms,
            open=self._open,
            passphrase=_known_passphrase(identity),
        )
        self.window = Window(front, self.tasks)
        screen = self.app.primaryScreen().availableSize()
        scale = scale_for(screen.width(), screen.height())
        self.window.setMinimumSize(*(int(side * scale) for side in SMALLEST))
        # Looked at now and then; it starts once the shop is open, whoever opened it.
        self._starter = QTimer()
        self._starter.timeout.connect(self._start_printing)
        self._starter.start(500)

    def _open(self, passphrase: str) -> Counter:
        """Open the shop; runs on the ledger's thread.

        The key derivation needs no Python while it runs: what is not imported by then is
        imported beside it.
        """
        from pos_app.adapters.vault.keystore import open_key_store  # noqa: PLC0415 - as below

        store = None if self._shop else open_key_store(self._folder, passphrase)
        self._ahead.wait()
        from pos_app.adapters.printing.qt_slip import SlipPainter  # noqa: PLC0415 - as below
        from pos_app.application.order import new_sale_id  # noqa: PLC0415 - as below
        from pos_app.bootstrap.paper import slips_of  # noqa: PLC0415 - after the first paint
        from pos_app.bootstrap.shop import open_unlocked  # noqa: PLC0415 - after the first paint
        from pos_app.ui.presenters.desk import Slips  # noqa: PLC0415 - after the first paint

        if store is not None:
            self._shop = open_unlocked(self._folder, store)
        shop = self._shop
        if shop is None:
            raise RuntimeError("no shop and no key store")
        identity = shop.store.identity
        return Counter(
            desk=replace(shop.desk, after_sale=self._after_sale),
            identity=identity,
            slips=Slips(
                draft=lambda *drafted: slips_of(shop, self.choices.load()).draft(*drafted),
                of=lambda sale, copy: slips_of(shop, self.choices.load()).of_sale(sale, copy),
            ),
            painter=SlipPainter,
            seconds=time.monotonic,
            new_id=new_sale_id,
            shift_slip=lambda *asked: self._other_slips(identity).of_shift(*asked),
            batch_slip=lambda report: self._other_slips(identity).of_batch(report),
            redress_slip=lambda *asked: self._other_slips(identity).of_redress(*asked),
            desk_slip=lambda *asked: self._other_slips(identity).of_act(*asked),
            pulse=self._open_drawer,
            bulk_files=lambda: self._bulk_files(identity.mode),
            reports=lambda: self._reports(shop),
            pins=_published_pins(identity),
            meters=_meters(shop),
            office=lambda: self._office_side(shop),
            keys=lambda: self._key_side(shop),
        )

    def _other_slips(self, identity: ShopIdentity) -> OtherSlips:
        from pos_app.application.other_slips import OtherSlips  # noqa: PLC0415 - off the way to a sale

        return OtherSlips(slip_words(self.choices.load(), identity.mode), identity)

    def _reports(self, shop: OpenShop) -> ReportSide:
        from pos_app.bootstrap.reports import (  # noqa: PLC0415 - when their page is opened
            ReportFiles,
            plot_painter,
            reports_of,
        )

        return ReportSide(reports_of(shop), ReportFiles(self.tasks.ask_ledger).save, plot_painter)

    def _bulk_files(self, mode: ShopMode) -> BulkFiles:
        from pos_app.bootstrap.bulk_files import BulkFolder  # noqa: PLC0415 - as above

        return BulkFolder(slip_words(self.choices.load(), mode))

    def _office_side(self, shop: OpenShop) -> OfficeDoor:
        from pos_app.bootstrap.office_side import ShopOfficeSide  # noqa: PLC0415 - as above

        return ShopOfficeSide(shop, self.tasks.ask_ledger, self._office)

    def _key_side(self, shop: OpenShop) -> KeySide:
        from pos_app.bootstrap.key_side import key_side  # noqa: PLC0415 - as above

        return key_side(shop, self.choices.load)

    def _start_printing(self) -> None:
        from pos_app.adapters.printing.worker_printer import WorkerPrinter  # noqa: PLC0415 - later
        from pos_app.bootstrap.print_loop import PrintLoop  # noqa: PLC0415 - later

        if self._shop is not None:
            self._starter.stop()
            worker = WorkerPrinter()
            self._printing = PrintLoop(self._shop, self.tasks, self.choices.load, worker)
            from pos_app.bootstrap.office_loop import OfficeLoop  # noqa: PLC0415 - later

            self._office = OfficeLoop(self._shop, self.tasks.ask_ledger)

    def _after_sale(self, sale: Sale) -> None:
        if self._office is not None:
            self._office.sold()
        if self._printing is not None:
            self._printing.sold(sale)

    def _open_drawer(self) -> None:
        if self._printing is not None:
            self._printing.open_drawer()

    def run(self, *, announce: bool = False) -> int:
        """Show the window and stay until it is closed; the shop opens behind it."""
        self._announces = announce
        seen = FirstPaint(self.window).seen
        self.window.opened.connect(self._at_sign_in)
        if announce:
            seen.connect(lambda: _announce(READY))
        # While the passphrase is typed or stretched; before, it would hold up the picture.
        seen.connect(self._ahead.start)
        for number in (signal.SIGINT, signal.SIGTERM):
            # Python answers a signal between two of its own steps: the timers see to those.
            signal.signal(number, lambda *_: self.app.quit())
        # A screen without a window manager maximizes nothing: the window fills it by itself.
        self.window.resize(self.app.primaryScreen().availableSize())
        self.window.showMaximized()
        code = self.app.exec()
        self.close()
        return code

    def _at_sign_in(self) -> None:
        seen = FirstPaint(self.window).seen
        if self._announces:
            seen.connect(lambda: _announce(OPEN))
        seen.connect(self._ahead.go_on)

    def close(self) -> None:
        """End threads and workers, then close the shop."""
        self._starter.stop()
        if self._printing is not None:
            self._printing.close()
        if self._office is not None:
            self._office.close()
        self.choices.close()
        self.tasks.close()
        self._ahead.close()
        if self._shop is not None:
            self._shop.close()
            self._shop = None


def _application() -> QApplication:
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Tokentill")
    app.setStyle("Fusion")
    return app


def _announce(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def run_window(folder: Path | None) -> int:
    """Open the window of a shop and return the exit code of the program.

    With ``TOKENTILL_ANNOUNCE`` set it says READY and OPEN on standard output, for measuring.
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    place = shop_folder(folder)
    try:
        identity = read_identity(place)
    except PosError as problem:
        sys.stderr.write(load_words("en").of_error(problem) + "\n")
        return 1
    return Till(place, identity).run(announce="TOKENTILL_ANNOUNCE" in os.environ)


def _published_pins(identity: ShopIdentity) -> dict[str, str]:
    """Return the PINs to show beside the names: those of a training shop stand in the manual."""
    if identity.mode is not ShopMode.TRAINING:
        return {}
    from pos_app.bootstrap.training_file import training_pins  # noqa: PLC0415 - later

    return training_pins()


def _meters(shop: OpenShop) -> Callable[[], MeterBench] | None:
    """Return the way to the virtual meters; a shop that sells for money has none."""
    if shop.store.identity.mode is not ShopMode.TRAINING:
        return None

    def bench() -> MeterBench:
        from pos_app.bootstrap.meter_bench import TrainingBench  # noqa: PLC0415 - as above

        return TrainingBench(shop)

    return bench


def _known_passphrase(identity: ShopIdentity) -> str:
    """Return the passphrase nobody has to type: a training shop's is published."""
    if identity.mode is not ShopMode.TRAINING:
        return ""
    from pos_app.bootstrap.training_file import training_passphrase  # noqa: PLC0415 - later

    return training_passphrase()
