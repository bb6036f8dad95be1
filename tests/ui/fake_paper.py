"""A painter of slips for the tests of the screens, plain but true to the layout's blocks."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from pos_app.application.slip.layout import (
    Align,
    Banner,
    Block,
    Code,
    Gap,
    Pair,
    Rule,
    Size,
    Slip,
    Text,
    TokenBlock,
)

_ALIGN = {
    Align.START: Qt.AlignmentFlag.AlignLeft,
    Align.CENTRE: Qt.AlignmentFlag.AlignHCenter,
    Align.END: Qt.AlignmentFlag.AlignRight,
}
_SHARE = {Size.FINE: 0.8, Size.BODY: 1.0, Size.LARGE: 1.6}
_INK = QColor("#12181a")
_PAPER = QColor("#fffefb")


class FakePainter:
    """Draws a slip at any width; the body is one thirty-fourth of it high."""

    def height(self, slip: Slip, width: int) -> int:
        return round(sum(self._height(block, width) for block in slip.blocks))

    def paint(self, painter: QPainter, slip: Slip, width: int) -> None:
        top = 0.0
        for block in slip.blocks:
            high = self._height(block, width)
            self._paint(painter, block, QRectF(0, top, width, high))
            top += high

    def _body(self, width: int) -> float:
        return max(9.0, width / 22)

    def _height(self, block: Block, width: int) -> float:
        line = self._body(width) * 1.45
        if isinstance(block, TokenBlock):
            return line * 3.6
        if isinstance(block, Code):
            return width * 0.55 + line
        if isinstance(block, Banner):
            return line * 1.5
        if isinstance(block, Rule):
            return line * 0.7
        if isinstance(block, Gap):
            return line * block.lines
        return line * _SHARE[block.size]

    def _font(self, painter: QPainter, pixels: float, *, bold: bool) -> None:
        font = QFont(painter.font())
        font.setPixelSize(max(6, round(pixels)))
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(_INK)

    def _paint(self, painter: QPainter, block: Block, area: QRectF) -> None:
        body = self._body(round(area.width()))
        middle = Qt.AlignmentFlag.AlignVCenter
        if isinstance(block, Text):
            self._font(painter, body * _SHARE[block.size], bold=block.bold)
            painter.drawText(area, _ALIGN[block.align] | middle, block.text)
        elif isinstance(block, Pair):
            self._font(painter, body * _SHARE[block.size], bold=block.bold)
            painter.drawText(area, Qt.AlignmentFlag.AlignLeft | middle, block.label)
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | middle, block.value)
        elif isinstance(block, TokenBlock):
            self._font(painter, body * 1.7, bold=True)
            groups = block.groups()
            lines = "  ".join(groups[:3]) + "\n" + "  ".join(groups[3:])
            painter.drawText(area, Qt.AlignmentFlag.AlignHCenter | middle, lines)
        elif isinstance(block, Banner):
            painter.fillRect(area.adjusted(0, 2, 0, -2), _INK)
            self._font(painter, body, bold=True)
            painter.setPen(_PAPER)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, block.text)
        elif isinstance(block, Rule):
            painter.setPen(_INK)
            at = area.center().y()
            painter.drawLine(QPointF(area.left(), at), QPointF(area.right(), at))
        elif isinstance(block, Code):
            side = area.width() * 0.5
            box = QRectF((area.width() - side) / 2, area.top(), side, side)
            painter.setPen(_INK)
            painter.drawRect(box)
