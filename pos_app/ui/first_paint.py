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
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.seen)
        self._timer.start(PATIENCE_MS)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Wait for the paint; what it drew is on the screen when the event is over."""
        waiting = self._timer.isActive()
        painted = event.type() is QEvent.Type.Paint
        if waiting and painted:
            self._timer.start(0)
        if painted or not waiting:
            watched.removeEventFilter(self)
        return False
