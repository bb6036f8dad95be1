"""The status bar: true numbers, asked again after every act and now and then."""

from __future__ import annotations

from collections.abc import Callable

from pos_app.application.records import TillStatus
from pos_app.domain.errors import PosError
from pos_app.ui.presenters.desk import Desk, Latest, Run


class StatusPresenter:
    """Ask for the status; tell when the clock guard stops or frees selling."""

    def __init__(self, desk: Desk, run: Run, show: Callable[[TillStatus], None]) -> None:
        self._desk, self._show = desk, show
        self._asking = Latest(run)
        self.latest: TillStatus | None = None

    def refresh(self) -> None:
        """Ask, unless an answer is on its way."""
        if not self._asking.waiting:
            self._asking.ask(self._desk.status, self._shown, self._failed)

    def _shown(self, status: TillStatus) -> None:
        self.latest = status
        self._show(status)

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, PosError):
            raise error
