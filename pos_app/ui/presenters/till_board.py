"""What the parts of a till share: the screen, the view, and the memory of keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pos_app.application.parked import ParkedSale
from pos_app.application.records import Operator
from pos_app.domain.errors import PosError
from pos_app.ui.presenters.till_screen import Place, Step, TillScreen, TillView

BOUNCE_SECONDS = 0.4


class Board:
    """One screen, replaced as a whole and drawn at once."""

    def __init__(self, view: TillView, seconds: Callable[[], float], operator: Operator) -> None:
        self.operator = operator  # who is signed in now; another may take over a sale
        self._view, self._seconds = view, seconds
        self._pressed: dict[str, float] = {}
        self._parked: tuple[ParkedSale, ...] = ()
        self.screen = TillScreen()

    def put(self, screen: TillScreen) -> None:
        """Show another screen; what is parked stays parked."""
        self.screen = replace(screen, parked=self._parked)
        self._view.show_screen(self.screen)

    def keep_parked(self, parked: tuple[ParkedSale, ...]) -> None:
        """Show what is parked now."""
        self._parked = parked
        self.put(self.screen)

    def set(self, **changes: Any) -> None:
        """Show the same screen with other fields."""
        self.put(replace(self.screen, **changes))

    def keep(self, **changes: Any) -> None:
        """Remember fields without drawing."""
        self.screen = replace(self.screen, **changes)

    def mark(self, place: Place) -> None:
        """Put the caret at `place` with everything there selected."""
        self._view.mark(place)

    def refuse(self, error: BaseException, place: Place, step: Step) -> None:
        """Say what was wrong at `place`; a bug is raised again once the screen is usable."""
        problem = error if isinstance(error, PosError) else None
        self.set(step=step, problem=problem, at_fault=place if problem else None)
        self.mark(place)
        known(error)

    def bounced(self, key: str) -> bool:
        """Tell whether `key` came again too soon to be meant."""
        now = self._seconds()
        before = self._pressed.get(key)
        self._pressed[key] = now
        return before is not None and now - before < BOUNCE_SECONDS


def known(error: BaseException) -> PosError:
    """Return a problem that has words; anything else is our bug and must be seen."""
    if isinstance(error, PosError):
        return error
    raise error
