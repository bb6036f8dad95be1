"""Settings of the counter: printer, language, screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from pos_app.application.printing import PrinterSettings, PrintOutcome
from pos_app.application.settings import Settings
from pos_app.ui.presenters.desk import Choices, Run


@dataclass(frozen=True, slots=True)
class SettingsScreen:
    """What is chosen but not kept yet; `outcome` is the printer's last answer."""

    chosen: Settings
    asking: bool = False
    outcome: PrintOutcome | None = None


class SettingsView(Protocol):
    """What the presenter asks of a screen."""

    def show_screen(self, screen: SettingsScreen) -> None:
        """Draw `screen`."""
        ...


class SettingsPresenter:
    """Nothing is kept before ``keep``; the printer is asked with what is chosen, not kept."""

    def __init__(
        self,
        choices: Choices,
        run: Run,
        view: SettingsView,
        kept: Callable[[Settings], None],
    ) -> None:
        self._choices, self._run, self._view = choices, run, view
        self._kept = kept
        self._screen = SettingsScreen(choices.load())

    @property
    def screen(self) -> SettingsScreen:
        """What stands on the screen."""
        return self._screen

    def begin(self) -> None:
        """Start from what is set."""
        self._screen = SettingsScreen(self._choices.load())
        self._view.show_screen(self._screen)

    def choose(self, **changes: Any) -> None:
        """Change fields of the settings."""
        self._set(chosen=replace(self._screen.chosen, **changes))

    def choose_printer(self, **changes: Any) -> None:
        """Change fields of the printer; an old answer is no answer for it."""
        printer = replace(self._screen.chosen.printer, **changes)
        self._set(chosen=replace(self._screen.chosen, printer=printer), outcome=None)

    def probe(self) -> None:
        """Ask the printer whether it is ready."""
        self._ask(self._choices.probe)

    def print_test(self) -> None:
        """Print a test slip."""
        self._ask(self._choices.print_test)

    def keep(self) -> None:
        """Save, and let the window be dressed anew."""
        self._choices.save(self._screen.chosen)
        self._kept(self._screen.chosen)

    def _ask(self, job: Callable[[PrinterSettings], PrintOutcome]) -> None:
        if self._screen.asking:
            return
        printer = self._screen.chosen.printer
        self._set(asking=True, outcome=None)
        self._run(lambda: job(printer), self._answered, self._failed)

    def _answered(self, outcome: PrintOutcome) -> None:
        self._set(asking=False, outcome=outcome)

    def _failed(self, error: BaseException) -> None:
        self._set(asking=False)
        raise error

    def _set(self, **changes: Any) -> None:
        self._screen = replace(self._screen, **changes)
        self._view.show_screen(self._screen)
