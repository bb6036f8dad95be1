"""Opening a shop for the day: the passphrase, and the date that stands on the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from pos_app.domain.errors import PosError
from pos_app.ui.presenters.desk import Run


@dataclass(frozen=True, slots=True)
class OpeningScreen:
    """`busy` while the passphrase is turned into a key, about a second by design."""

    busy: bool = False
    problem: PosError | None = None


class OpeningView(Protocol):
    """What the presenter asks of a screen."""

    def show_screen(self, screen: OpeningScreen) -> None:
        """Draw `screen`."""
        ...


class OpeningPresenter:
    """Try a passphrase; a wrong one is said in place and costs nothing but time."""

    def __init__(
        self,
        open_shop: Callable[[str], None],
        run: Run,
        view: OpeningView,
        opened: Callable[[], None],
    ) -> None:
        self._open, self._run, self._view, self._opened = open_shop, run, view, opened
        self._busy = False

    def enter(self, passphrase: str) -> None:
        """Open the shop with what was typed."""
        if self._busy or not passphrase:
            return
        self._busy = True
        self._view.show_screen(OpeningScreen(busy=True))
        self._run(lambda: self._open(passphrase), lambda _: self._opened(), self._failed)

    def _failed(self, error: BaseException) -> None:
        self._busy = False
        if not isinstance(error, PosError):
            raise error
        self._view.show_screen(OpeningScreen(problem=error))
