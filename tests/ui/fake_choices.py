"""Settings without a file, and a printer that answers as told."""

from __future__ import annotations

from dataclasses import dataclass, field

from pos_app.application.printing import PrinterSettings, PrintOutcome, PrintState, Transport
from pos_app.application.settings import Settings


@dataclass
class FakeChoices:
    """Settings in memory; the printer answers as told."""

    kept: Settings = field(
        default_factory=lambda: Settings(
            printer=PrinterSettings(Transport.TCP, "192.168.1.50:9100", 80)
        )
    )
    outcome: PrintOutcome = field(default_factory=lambda: PrintOutcome(PrintState.PRINTED))

    def load(self) -> Settings:
        return self.kept

    def save(self, settings: Settings) -> None:
        self.kept = settings

    def probe(self, printer: PrinterSettings) -> PrintOutcome:
        return self.outcome

    def print_test(self, printer: PrinterSettings) -> PrintOutcome:
        return self.outcome
