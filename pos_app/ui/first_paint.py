"""The moment from which a window can be seen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

PATIENCE_MS = 1_000


class FirstPaint(QObject):
    """Say once that a widget was painted.

    A window behind others may never be painted: then `seen` comes after `PATIENCE_MS`.
    """

    seen = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._painted = False
        widget.installEventFilter(self)
        QTimer.singleShot(PATIENCE_MS, self, self._say)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Wait for the paint; what it drew is on the screen when the event is over."""
        if event.type() is QEvent.Type.Paint and not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self._say)
        return False

    def _say(self) -> None:
        self._widget.removeEventFilter(self)
        self.seen.emit()
        self.deleteLater()
