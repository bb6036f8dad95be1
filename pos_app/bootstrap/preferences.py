"""The window's preferences, kept in the shop's settings file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from pos_app.adapters.printing.worker_printer import WorkerPrinter
from pos_app.adapters.system.settings_file import load_settings, save_settings
from pos_app.application.printing import PrinterSettings, PrintOutcome
from pos_app.application.settings import Settings, SettingsInvalid, Theme
from pos_app.application.slip.layout import Align, Gap, Size, Slip, Text
from pos_app.application.words import load_words
from pos_app.ui.presenters.desk import Preferences

SECONDS_TO_ANSWER = 8.0


@dataclass
class ShopPreferences:
    """Implements the window's `Settings`; an unreadable file counts as the defaults."""

    folder: Path
    worker: WorkerPrinter = field(default_factory=WorkerPrinter)
    _held: Preferences | None = None

    def load(self) -> Preferences:
        """Return what is set now."""
        if self._held is None:
            try:
                settings = load_settings(self.folder)
            except SettingsInvalid:
                settings = Settings()
            theme = settings.theme.value
            if settings.theme is Theme.SYSTEM:
                dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
                theme = Theme.DARK.value if dark else Theme.LIGHT.value
            self._held = Preferences(
                language=settings.language,
                theme=theme,
                slip_language=settings.slip_language or settings.language,
                printer=settings.printer,
            )
        return self._held

    def save(self, preferences: Preferences) -> None:
        """Keep and apply."""
        save_settings(
            self.folder,
            Settings(
                language=preferences.language,
                slip_language=preferences.slip_language,
                theme=Theme(preferences.theme),
                printer=preferences.printer,
            ),
        )
        self._held = preferences

    def probe(self, printer: PrinterSettings) -> PrintOutcome:
        """Ask the printer whether it is ready."""
        return self.worker.probe(printer, SECONDS_TO_ANSWER)

    def print_test(self, printer: PrinterSettings) -> PrintOutcome:
        """Print a few lines that show width, accents and size."""
        words = load_words(self.load().slip_language, "slip")
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
        return self.worker.deliver(slip, printer, SECONDS_TO_ANSWER)
