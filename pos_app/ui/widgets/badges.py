"""Short facts in a row, the important ones first; what has no room is left out whole."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from pos_app.ui.theme.sheet import restate
from pos_app.ui.widgets.labels import label

MOST = 6


class BadgeRow(QWidget):
    """A badge is a text and its state: empty, ``look``, ``done`` or ``stop``."""

    def __init__(self, gap: int) -> None:
        super().__init__()
        self._gap, self._shown = gap, 0
        self.badges = tuple(label("", "badge") for _ in range(MOST))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(gap)
        for badge in self.badges:
            row.addWidget(badge)
        row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_badges(self, badges: Sequence[tuple[str, str]]) -> None:
        """Show these, as many as fit."""
        self._shown = min(len(badges), MOST)
        for badge, (text, state) in zip(self.badges, badges, strict=False):
            badge.setText(text)
            restate(badge, state=state)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Allow any width, and keep the height of a badge without one."""
        return QSize(0, self.badges[0].sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the badges to the new width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width()
        for number, badge in enumerate(self.badges):
            wide = badge.sizeHint().width()
            badge.setVisible(number < self._shown and (number == 0 or wide <= room))
            room -= wide + self._gap if number < self._shown else 0
