"""A shop's rules for shifts and tenders, read again when the settings file was written."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pos_app.adapters.system.errors import ShopFolderUnusable
from pos_app.adapters.system.settings_file import load_settings, settings_mark
from pos_app.application.settings import Settings, SettingsInvalid, TenderSettings
from pos_app.application.shift_settings import ShiftSettings


@dataclass
class HeldSettings:
    """The settings that the desk goes by.

    A file that cannot be read changes nothing and stops no sale: the rules read last stay in
    force, those of a shop without settings if there were none. Whoever opens the settings, and
    whatever needs a slip, says what is wrong with the file.
    """

    folder: Path
    _mark: tuple[int, int] | None = None
    _held: Settings = field(default_factory=Settings)

    def __call__(self) -> Settings:
        """Return the settings in force now."""
        mark = settings_mark(self.folder)
        if mark != self._mark:
            self._mark = mark
            try:
                self._held = load_settings(self.folder)
            except (SettingsInvalid, ShopFolderUnusable):
                return self._held
        return self._held

    def shifts(self) -> ShiftSettings:
        """Implement the desk's `shift_settings`."""
        return self().shifts

    def tenders(self) -> TenderSettings:
        """Implement the desk's `tender_settings`."""
        return self().tenders
