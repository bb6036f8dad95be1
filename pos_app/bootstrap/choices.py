"""The window's settings, kept in the shop's settings file, and its way to ask a printer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pos_app.adapters.system.errors import ShopFolderUnusable
from pos_app.adapters.system.settings_file import load_settings, save_settings
from pos_app.application.identity import ShopMode
from pos_app.application.printing import PrinterSettings, PrintOutcome
from pos_app.application.settings import Settings, SettingsInvalid
from pos_app.application.words import Words, load_words

if TYPE_CHECKING:
    from pos_app.adapters.printing.worker_printer import WorkerPrinter

SECONDS_TO_ANSWER: Final = 8.0
SLIP_AREAS: Final = (
    "slip",
    "zslip",
    "redress",
    "keyslip",
    "faultslip",
    "deskslip",
    "keypaper",
)
"""The words that stand on paper."""


def slip_words(settings: Settings, mode: ShopMode) -> Words:
    """Return the words of slips: their own language, or that of the screen."""
    words = load_words(settings.slip_language or settings.language, *SLIP_AREAS)
    return with_own_names(words, settings, mode)


def with_own_names(words: Words, settings: Settings, mode: ShopMode) -> Words:
    """Return words that know the shop's own names for ways of paying, if it has any."""
    if settings.tenders.kinds is None:
        return words
    from pos_app.application.tender_settings import with_names  # noqa: PLC0415 - few shops need it

    return with_names(words, settings.tenders.in_force(mode))


@dataclass
class ShopChoices:
    """Implements the window's `Choices`; an unreadable file counts as the defaults.

    It has a print worker of its own, so that a test never waits behind a slip.
    """

    folder: Path
    _held: Settings | None = None
    _worker: WorkerPrinter | None = None

    def load(self) -> Settings:
        """Return what is set now."""
        if self._held is None:
            try:
                self._held = load_settings(self.folder)
            except (SettingsInvalid, ShopFolderUnusable):
                self._held = Settings()
        return self._held

    def save(self, settings: Settings) -> None:
        """Keep and apply."""
        save_settings(self.folder, settings)
        self._held = settings

    def probe(self, printer: PrinterSettings) -> PrintOutcome:
        """Ask the printer whether it is ready."""
        return self._printer().probe(printer, SECONDS_TO_ANSWER)

    def print_test(self, printer: PrinterSettings) -> PrintOutcome:
        """Print a few lines that show width, letters and size."""
        from pos_app.application.slip.layout import (  # noqa: PLC0415 - rare
            Align,
            Gap,
            Size,
            Slip,
            Text,
        )

        words = slip_words(self.load(), ShopMode.LIVE)
        slip = Slip(
            "Test",
            (
                Text("Tokentill", Align.CENTRE, Size.LARGE, bold=True),
                Text(words("slip.title"), Align.CENTRE),
                Gap(),
                Text("0123 4567 8901 2345 6789", Align.CENTRE, bold=True),
            ),
            words.language,
            words.right_to_left,
        )
        return self._printer().deliver(slip, printer, SECONDS_TO_ANSWER)

    def close(self) -> None:
        """End the worker if there is one."""
        if self._worker is not None:
            self._worker.close()

    def _printer(self) -> WorkerPrinter:
        from pos_app.adapters.printing.worker_printer import WorkerPrinter  # noqa: PLC0415 - later

        if self._worker is None:
            self._worker = WorkerPrinter()
        return self._worker
