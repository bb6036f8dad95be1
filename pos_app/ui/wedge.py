"""Catches the keys of a card reader before any field of the window sees them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QWindow

from pos_app.ui.presenters.wedge import QUIET_MS, Heard, Wedge

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CardCatcher(QObject):
    """Filters one window's keys; asking there costs nothing for any other event of the program."""

    swiped = Signal(str)  # what the reader sent; hand it on at once and keep it nowhere

    def __init__(self, window: QWindow) -> None:
        super().__init__(window)
        self._window = window
        self._wedge = Wedge()
        self._keys: list[QKeyEvent] = []  # to give back what a hand typed
        self._giving_back = False
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(QUIET_MS)
        self._quiet.timeout.connect(self._over)
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Hold back a reader's keys; return whether this event goes no further."""
        if self._giving_back or not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.KeyRelease:
            return bool(self._wedge.held) and bool(event.text())
        if event.type() != QEvent.Type.KeyPress:
            return False
        sign = "\r" if event.key() in _ENTER else event.text()
        if not sign or event.isAutoRepeat():
            return False  # Shift, arrows, function keys, a key that is held down
        heard = self._wedge.key(sign[0], int(event.timestamp()))
        if heard is Heard.RELEASE:
            self._over()
            heard = self._wedge.key(sign[0], int(event.timestamp()))
        if heard is Heard.PASS:
            return False
        self._keys.append(QKeyEvent(event))
        self._quiet.start()
        return True

    def _over(self) -> None:
        self._quiet.stop()
        keys, self._keys = self._keys, []
        swipe = self._wedge.end()
        if swipe is not None:
            self.swiped.emit(swipe)
            return
        self._giving_back = True
        try:
            for key in keys:
                QCoreApplication.sendEvent(self._window, key)
        finally:
            self._giving_back = False
