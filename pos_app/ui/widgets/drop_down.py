"""One of several, in a list that opens below: looks like a field, with a sign that it opens."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate

from pos_app.ui.theme.tokens import Tokens


class DropDown(QComboBox):
    """A combination box whose arrow is drawn in the palette's ink at every scale."""

    def __init__(self, tokens: Tokens, name: str) -> None:
        super().__init__()
        self._tokens = tokens
        self.setAccessibleName(name)
        self.setItemDelegate(QStyledItemDelegate(self))  # the sheet makes its rows tall

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field by the sheet, then the arrow at its end."""
        super().paintEvent(event)
        step, palette = self._tokens.scale, self._tokens.palette
        middle, across = self.height() / 2, 20 * step
        tip = across if self.isRightToLeft() else self.width() - across
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(
            QPen(QColor(palette.quiet if self.isEnabled() else palette.faint), 1.5 * step)
        )
        painter.drawPolyline(
            [
                QPointF(tip - 4.5 * step, middle - 2 * step),
                QPointF(tip, middle + 2.5 * step),
                QPointF(tip + 4.5 * step, middle - 2 * step),
            ]
        )
        painter.end()
