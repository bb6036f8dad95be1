"""The rows of a search, drawn in two lines each."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from pos_app.application.records import MeterHit
from pos_app.ui.look import Look

Index = QModelIndex | QPersistentModelIndex


class HitsModel(QAbstractListModel):
    """Meters found; `UserRole` returns the `MeterHit`."""

    def __init__(self) -> None:
        super().__init__()
        self._hits: tuple[MeterHit, ...] = ()

    def show_hits(self, hits: tuple[MeterHit, ...]) -> None:
        """Replace the rows, if they are others."""
        if hits != self._hits:
            self.beginResetModel()
            self._hits = hits
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of meters."""
        return 0 if parent.isValid() else len(self._hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the hit, or the line a screen reader says."""
        if not index.isValid():
            return None
        hit = self._hits[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return hit
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{hit.name}, {hit.address}, {hit.drn}"
        return None


class HitDelegate(QStyledItemDelegate):
    """Name and address at the start, the number at the end with its last four digits strong."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return one target's height."""
        return QSize(100, self._look.tokens.px(56))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one meter."""
        hit: MeterHit = index.data(Qt.ItemDataRole.UserRole)
        tokens, palette = self._look.tokens, self._look.tokens.palette
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        leftwards = option.direction == Qt.LayoutDirection.RightToLeft
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.wash))
            painter.drawRoundedRect(area.adjusted(0, 1, 0, -1), tokens.gap, tokens.gap)
            edge = area.right() - tokens.px(4) if leftwards else area.left()
            bar = QRect(edge, area.top() + tokens.px(12), tokens.px(4), tokens.px(32))
            painter.setBrush(QColor(palette.accent))
            painter.drawRoundedRect(bar, 2, 2)
        else:
            painter.setPen(QColor(palette.line))
            painter.drawLine(area.bottomLeft(), area.bottomRight())
        room = area.adjusted(tokens.px(16), tokens.px(7), -tokens.px(16), -tokens.px(7))
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # numbers never turn
        number = self._paint_number(painter, room, hit, leftwards=leftwards) + tokens.gutter
        rest = room.adjusted(number, 0, 0, 0) if leftwards else room.adjusted(0, 0, -number, 0)
        self._paint_words(painter, rest, hit, leftwards=leftwards)
        painter.restore()

    def _face(self, painter: QPainter, pixels: int, *, strong: bool) -> None:
        font = QFont(painter.font())
        font.setPixelSize(pixels)
        font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
        painter.setFont(font)

    def _paint_words(
        self, painter: QPainter, room: QRect, hit: MeterHit, *, leftwards: bool
    ) -> None:
        tokens = self._look.tokens
        start = Qt.AlignmentFlag.AlignRight if leftwards else Qt.AlignmentFlag.AlignLeft
        start |= Qt.AlignmentFlag.AlignAbsolute
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        for text, pixels, colour, strong, side in (
            (hit.name, tokens.body, tokens.palette.ink, True, Qt.AlignmentFlag.AlignTop),
            (
                hit.address,
                tokens.caption,
                tokens.palette.quiet,
                False,
                Qt.AlignmentFlag.AlignBottom,
            ),
        ):
            self._face(painter, pixels, strong=strong)
            painter.setPen(QColor(colour))
            short = painter.fontMetrics().elidedText(
                text, Qt.TextElideMode.ElideRight, room.width()
            )
            painter.drawText(room, start | side, short)

    def _paint_number(
        self, painter: QPainter, room: QRect, hit: MeterHit, *, leftwards: bool
    ) -> int:
        """Draw the number and what stands below it at the end; return the width taken."""
        tokens, palette = self._look.tokens, self._look.tokens.palette
        first, last = self._look.figures.grouped(hit.drn[:-4]) + "\u2009", hit.drn[-4:]
        below = self._look.words("till.hit.blocked") if hit.blocked else hit.phone
        absolute = Qt.AlignmentFlag.AlignAbsolute
        top = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft | absolute
        self._face(painter, tokens.body, strong=True)
        strong = painter.fontMetrics().horizontalAdvance(last)
        self._face(painter, tokens.body, strong=False)
        light = painter.fontMetrics().horizontalAdvance(first)
        left = room.left() if leftwards else room.right() + 1 - light - strong
        number = QRect(left, room.top(), light + strong, room.height())
        painter.setPen(QColor(palette.quiet))
        painter.drawText(number, top, first)
        self._face(painter, tokens.body, strong=True)
        painter.setPen(QColor(palette.ink))
        painter.drawText(number.adjusted(light, 0, 0, 0), top, last)
        self._face(painter, tokens.caption, strong=hit.blocked)
        painter.setPen(QColor(palette.stop if hit.blocked else palette.quiet))
        end = Qt.AlignmentFlag.AlignLeft if leftwards else Qt.AlignmentFlag.AlignRight
        painter.drawText(room, Qt.AlignmentFlag.AlignBottom | end | absolute, below)
        return max(light + strong, painter.fontMetrics().horizontalAdvance(below))
