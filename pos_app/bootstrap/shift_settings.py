"""A shop's rules for shifts and tenders, as its journal has them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pos_app.adapters.system.errors import ShopFolderUnusable
from pos_app.adapters.system.settings_file import load_settings, settings_mark
from pos_app.application.rules_guard import RulesGuard
from pos_app.application.settings import Settings, SettingsInvalid, TenderSettings
from pos_app.application.shift_settings import ShiftSettings


@dataclass
class HeldSettings:
    """The settings that the desk goes by: the file's, but for the rules, which are the journal's.

    A file that cannot be read changes nothing and stops no sale. Whoever opens the settings, and
    whatever needs a slip, says what is wrong with the file.
    """

    folder: Path
    guard: RulesGuard
    _mark: tuple[int, int] | None = None
    _file: Settings = field(default_factory=Settings)
    _read: bool = False
    _held: tuple[int, Settings] | None = None

    def __call__(self) -> Settings:
        """Return the settings in force now."""
        self._look()
        seq = self.guard.ledger.head().seq
        if self._held is None or (seq != self._held[0] and self.guard.set_after(self._held[0])):
            self._held = (seq, self.guard.in_force(self._file))
        self._held = (seq, self._held[1])  # what stands before it was looked at
        return self._held[1]

    def _look(self) -> None:
        """Read the file again when it was written."""
        mark = settings_mark(self.folder)
        if mark != self._mark:
            self._mark, self._held, self._read = mark, None, False
            try:
                self._file, self._read = load_settings(self.folder), True
            except (SettingsInvalid, ShopFolderUnusable):
                return

    def shifts(self) -> ShiftSettings:
        """Implement the desk's `shift_settings`."""
        return self().shifts

    def tenders(self) -> TenderSettings:
        """Implement the desk's `tender_settings`."""
        return self().tenders

    def to_change(self) -> Settings:
        """Return what a change starts from; raises what `load_settings` raises."""
        return self.guard.in_force(load_settings(self.folder))

    def outside(self) -> bool:
        """Tell whether the file says other rules than are in force."""
        self._look()
        return self._read and self.guard.differs(self._file)

    def note(self) -> None:
        """Journal rules that somebody wrote into the file."""
        self._look()
        if self._read:
            self.guard.note(self._file)
