"""The field a cashier types into: large, with the key that ends it, deaf to key repeat."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit

from pos_app.ui.theme.sheet import restate
from pos_app.ui.theme.tokens import Tokens
from pos_app.ui.widgets.keycap import ENTER, paint_cap

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_AMOUNT_SIGNS = "0123456789./uUdD "


class Entry(QLineEdit):
    """A line with Enter, Esc and arrows as signals; the numeric pad alone is enough.

    On the pad ``-`` is Esc and ``+`` the next row. `amounts` accepts digits, a decimal point and
    the signs of units and days only, reads a pad's comma as the decimal point, and turns at ``*``.
    """

    entered = Signal()
    escaped = Signal()
    moved = Signal(int)  # rows down; up is negative
    turned = Signal()  # the sign that asks for another kind of what is typed here

    def __init__(self, tokens: Tokens, name: str, *, amounts: bool = False) -> None:
        super().__init__()
        self._tokens = tokens
        self._amounts = amounts
        self.setAccessibleName(name)
        self.setProperty("role", "big")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._settled = False
        self.textChanged.connect(self._weigh)
        self._weigh()
        if amounts:
            self.setAlignment(Qt.AlignmentFlag.AlignTrailing)
        self._leave_room()

    def _leave_room(self) -> None:
        """Keep the text off the drawn key, on whichever side it stands."""
        cap = self._tokens.px(34)
        if self.isRightToLeft():
            self.setTextMargins(cap, 0, 0, 0)
        else:
            self.setTextMargins(0, 0, cap, 0)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the direction of the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._leave_room()

    def set_typed(self, text: str) -> None:
        """Show `text` without moving the caret when it is there already."""
        if self.text() != text:
            self.setText(text)

    def settle(self, *, settled: bool) -> None:
        """Write lightly what is not the question any more."""
        self._settled = settled
        self._weigh()

    def _weigh(self) -> None:
        restate(self, light=self._settled or not self.text())

    def sizeHint(self) -> QSize:
        """Return the height of a note key."""
        return QSize(super().sizeHint().width(), self._tokens.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Sort keys that act from keys that write."""
        key = event.key()
        pad = bool(event.modifiers() & Qt.KeyboardModifier.KeypadModifier)
        if key in _ENTER:
            if not event.isAutoRepeat():
                self.entered.emit()
        elif key == Qt.Key.Key_Escape or (pad and key == Qt.Key.Key_Minus):
            self.escaped.emit()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up) or (pad and key == Qt.Key.Key_Plus):
            self.moved.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif self._amounts and pad and key == Qt.Key.Key_Comma:
            self.insert(".")
            self.textEdited.emit(self.text())
        elif not self._turned(event) and not self._refused(event):
            super().keyPressEvent(event)

    def _turned(self, event: QKeyEvent) -> bool:
        turns = self._amounts and event.text() == "*"
        if turns and not event.isAutoRepeat():
            self.turned.emit()
        return turns

    def _refused(self, event: QKeyEvent) -> bool:
        text = event.text()
        return self._amounts and text.isprintable() and bool(text) and text not in _AMOUNT_SIGNS

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the Enter key at the end of the field that has the focus."""
        super().paintEvent(event)
        if not self.hasFocus():
            return
        side = self._tokens.px(44)
        start = 0 if self.isRightToLeft() else self.width() - side
        painter = QPainter(self)
        palette = self._tokens.palette
        colour = palette.stop if self.property("state") == "stop" else palette.accent
        paint_cap(painter, QRectF(start, 0, side, self.height()), ENTER, colour, self._tokens)
        painter.end()
