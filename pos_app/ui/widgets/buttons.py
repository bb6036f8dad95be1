"""Buttons that say what they do and which key does it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton, QWidget

from pos_app.ui.theme.tokens import Tokens
from pos_app.ui.widgets.keycap import cap_width, paint_cap


class KeyButton(QPushButton):
    """A button with its key drawn on it. The sheet draws the ground, this draws the words.

    `kind`: ``primary`` (the one thing to do next), ``plain``, ``note``, ``pad``, ``tile``,
    ``choice`` or empty. A `second` line in the caption's size may stand below the words.
    """

    def __init__(self, tokens: Tokens, words: str, key: str = "", kind: str = "") -> None:
        super().__init__()
        self._tokens = tokens
        self._key = key
        self._second = ""
        self._tall = 0
        self.setProperty("kind", kind)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_words(words)

    def set_words(self, words: str, second: str = "") -> None:
        """Show other words on the same button."""
        self._second = second
        self.setText(words)
        self.setAccessibleName(", ".join(part for part in (words, second, self._key) if part))
        self.updateGeometry()

    def set_key(self, key: str) -> None:
        """Show another key."""
        self._key = key
        self.set_words(self.text(), self._second)

    def stand(self, height: int) -> None:
        """Be at least `height` pixels high; a sheet's heights would undo ``setFixedHeight``."""
        self._tall = height
        self.updateGeometry()

    def _face(self) -> QFont:
        font = QFont(self.font())
        kind = self.property("kind")
        font.setPixelSize(self._tokens.big if kind == "pad" else self._tokens.body)
        heavy = kind in {"primary", "note", "tile", "pad"}
        font.setWeight(QFont.Weight.DemiBold if heavy else QFont.Weight.Normal)
        return font

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(self._tokens.caption)
        return font

    def words_width(self) -> int:
        """Return how much room the words and the key need."""
        width = QFontMetrics(self._face()).horizontalAdvance(self.text())
        if self._second:
            width = max(width, QFontMetrics(self._small()).horizontalAdvance(self._second))
        if self._key:
            width += self._tokens.gap + cap_width(self._key, self.font(), self._tokens)
        elif self.isCheckable():
            width += self._tokens.px(20)
        return width

    def sizeHint(self) -> QSize:
        """Return room for the words, the key and the padding."""
        high = max(super().sizeHint().height(), self._tall)
        return QSize(self.words_width() + 2 * self._tokens.px(16), high)

    def minimumSizeHint(self) -> QSize:
        """Never clip the words."""
        high = max(super().minimumSizeHint().height(), self._tall)
        return QSize(self.words_width() + 2 * self._tokens.px(10), high)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground by the sheet, then words at the centre and the key beside them."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QPainter(self)
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
        ink, cap_ink = self._inks()
        room = QRectF(self.rect())
        start = room.adjusted(self._tokens.px(14), 0, -self._tokens.px(14), 0)
        tile = self.property("kind") in {"tile", "choice"}
        if not tile:
            start = QRectF(0, 0, self.words_width(), room.height())
            start.moveCenter(room.center())
        cap = QRectF()
        chosen = self.isChecked() and not self._key
        if chosen:
            start.setRight(start.right() - self._tokens.px(20))
            self._paint_tick(painter, room)
        if self._key:
            width = cap_width(self._key, self.font(), self._tokens)
            cap = QRectF(start.right() - width, start.top(), width, start.height())
            start.setRight(cap.left() - self._tokens.gap)
        if self.isRightToLeft():
            start, cap = _mirrored(start, room), _mirrored(cap, room)
        self._paint_words(painter, start, ink, tile=tile)
        if self._key:
            painter.setFont(self.font())
            paint_cap(painter, cap, self._key, cap_ink, self._tokens)
        painter.end()

    def _paint_tick(self, painter: QPainter, room: QRectF) -> None:
        """Say "chosen" by a sign too, not by the ground alone."""
        step = self._tokens.scale
        right = room.right() - 14 * step
        if self.isRightToLeft():
            right = room.left() + 24 * step
        middle = room.center().y()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._tokens.palette.accent), 2 * step))
        corners = ((right - 10, middle), (right - 6.5, middle + 3.5), (right, middle - 4))
        painter.drawPolyline(
            [QPointF(right + (x - right) * step, middle + (y - middle) * step) for x, y in corners]
        )
        painter.restore()

    def _inks(self) -> tuple[str, str]:
        palette = self._tokens.palette
        if not self.isEnabled():
            return palette.faint, palette.faint
        if self.property("kind") == "primary":
            return palette.on_accent, palette.on_accent
        return palette.ink, palette.quiet

    def _paint_words(self, painter: QPainter, room: QRectF, ink: str, *, tile: bool) -> None:
        across = Qt.AlignmentFlag.AlignLeading if tile else Qt.AlignmentFlag.AlignHCenter
        painter.setPen(QColor(ink))
        painter.setFont(self._face())
        if not self._second:
            painter.drawText(room, across | Qt.AlignmentFlag.AlignVCenter, self.text())
            return
        middle = room.center().y()
        upper = QRectF(
            room.left(), room.top(), room.width(), middle - room.top() + self._tokens.px(2)
        )
        lower = QRectF(room.left(), middle + self._tokens.px(2), room.width(), middle - room.top())
        painter.drawText(upper, across | Qt.AlignmentFlag.AlignBottom, self.text())
        painter.setFont(self._small())
        painter.drawText(lower, across | Qt.AlignmentFlag.AlignTop, self._second)


def _mirrored(area: QRectF, room: QRectF) -> QRectF:
    return QRectF(room.right() - area.right(), area.top(), area.width(), area.height())


def press(button: QWidget) -> None:
    """Click a button from its key, if it can be used."""
    if isinstance(button, QPushButton) and button.isEnabled() and button.isVisible():
        button.click()
