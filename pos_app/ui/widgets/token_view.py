"""The token in groups of four, as large as a cashier reads aloud; always left to right."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.ui.theme.tokens import Tokens

GROUP = 4


class TokenView(QWidget):
    """Five groups on one line where they fit, else three and two."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._tokens = tokens
        self._groups: tuple[str, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_digits(self, digits: str, name: str) -> None:
        """Show `digits`; `name` is what a screen reader says."""
        self._groups = tuple(digits[at : at + GROUP] for at in range(0, len(digits), GROUP))
        self.setAccessibleName(name)
        self.setAccessibleDescription(" ".join(self._groups))
        self.updateGeometry()
        self.update()

    def _face(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(self._tokens.huge)
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _group_width(self) -> int:
        return QFontMetrics(self._face()).horizontalAdvance("0" * GROUP)

    def _per_line(self, width: int) -> int:
        group, gap = self._group_width(), self._tokens.px(20)
        whole = len(self._groups) * (group + gap) - gap
        return len(self._groups) if whole <= width else 3

    def _line_height(self) -> int:
        return self._tokens.px(68)

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """Return one or two lines."""
        lines = -(-len(self._groups) // max(1, self._per_line(width)))
        return max(1, lines) * self._line_height()

    def hasHeightForWidth(self) -> bool:
        """Tell the layout to ask."""
        return True

    def sizeHint(self) -> QSize:
        """Return the size of three groups over two lines."""
        width = 3 * self._group_width() + 2 * self._tokens.px(20)
        return QSize(width, self.heightForWidth(max(width, self.width())))

    def minimumSizeHint(self) -> QSize:
        """Return the same: digits are never clipped."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw every group in its own cell."""
        painter = QPainter(self)
        painter.setFont(self._face())
        painter.setPen(QColor(self._tokens.palette.ink))
        per_line = self._per_line(self.width())
        group, gap, high = self._group_width(), self._tokens.px(20), self._line_height()
        for index, text in enumerate(self._groups):
            line, column = divmod(index, per_line)
            cell = QRect(column * (group + gap), line * high, group, high)
            painter.drawText(cell, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()
