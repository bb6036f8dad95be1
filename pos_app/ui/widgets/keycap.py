"""The key of an action, drawn on the thing it acts on."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from pos_app.ui.theme.tokens import Tokens

ENTER = "\u23ce"
ERASE = "\u232b"
ESCAPE = "Esc"


def cap_font(base: QFont, tokens: Tokens) -> QFont:
    """Return the face of a key's name."""
    font = QFont(base)
    font.setPixelSize(tokens.caption)
    font.setWeight(QFont.Weight.Normal)
    return font


def cap_width(text: str, base: QFont, tokens: Tokens) -> int:
    """Return how wide the drawn key is."""
    if text in _DRAWN:
        return tokens.px(26)
    width = QFontMetrics(cap_font(base, tokens)).horizontalAdvance(text) + tokens.px(12)
    return max(tokens.px(22), width)


def paint_cap(painter: QPainter, area: QRectF, text: str, colour: str, tokens: Tokens) -> None:
    """Draw the key centred in `area`, in one colour."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font = cap_font(painter.font(), tokens)
    width, height = cap_width(text, font, tokens), tokens.px(22)
    box = QRectF(0, 0, width, height)
    box.moveCenter(area.center())
    box = QRectF(round(box.x()) + 0.5, round(box.y()) + 0.5, width - 1, height - 1)
    tone = QColor(colour)
    edge = QColor(colour)
    edge.setAlphaF(0.55)
    painter.setPen(QPen(edge, 1))
    painter.drawRoundedRect(box, tokens.px(4), tokens.px(4))
    painter.setPen(QPen(tone, max(1.0, 1.5 * tokens.scale)))
    if text in _DRAWN:
        _DRAWN[text](painter, box.center(), tokens.scale)
    else:
        painter.setFont(font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def _paint_enter(painter: QPainter, middle: QPointF, step: float) -> None:
    """Draw the arrow of the Enter key; few faces have the sign."""
    left, right = middle.x() - 6 * step, middle.x() + 6 * step
    top, base = middle.y() - 4 * step, middle.y() + 2.5 * step
    tip = 3.5 * step
    painter.drawPolyline([QPointF(right, top), QPointF(right, base), QPointF(left, base)])
    painter.drawPolyline(
        [
            QPointF(left + tip, base - tip),
            QPointF(left, base),
            QPointF(left + tip, base + tip),
        ]
    )


def _paint_erase(painter: QPainter, middle: QPointF, step: float) -> None:
    """Draw the sign of the key that takes back a digit: a tag with a cross."""
    outline = ((-7.5, 0), (-3.5, -4.5), (6.5, -4.5), (6.5, 4.5), (-3.5, 4.5), (-7.5, 0))
    painter.drawPolyline([middle + QPointF(x * step, y * step) for x, y in outline])
    for slope in (-1, 1):
        reach = QPointF(1.8 * step, 1.8 * slope * step)
        cross = middle + QPointF(1.5 * step, 0)
        painter.drawLine(cross - reach, cross + reach)


_DRAWN = {ENTER: _paint_enter, ERASE: _paint_erase}
