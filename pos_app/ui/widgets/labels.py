"""Words on a screen, by the part they play."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QStyle, QWidget

_ANY_HEIGHT = 1 << 15


def label(text: str = "", role: str = "body", parent: QWidget | None = None) -> QLabel:
    """Return a label; `role` is one of the sheet's: caption, fact, big, huge …."""
    words = QLabel(text, parent)
    words.setTextFormat(Qt.TextFormat.PlainText)
    words.setProperty("role", role)
    return words


class Sentence(QLabel):
    """A sentence whose lines are about equally long, so that no last word stands alone."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def set_in_lines(self) -> tuple[str, int]:
        """Return the words as they are drawn and their width in pixels.

        It is the narrowest that needs no more lines than the whole width; Japanese sentences
        begin a line of their own where that costs none, as nothing else parts its words.
        """
        room = self.contentsRect().width()
        text, lines = self.text(), self._size(self.text(), room).height()
        parted = "\u3002\n".join(text.split("\u3002")).removesuffix("\n")
        if self._size(parted, room).height() <= lines:
            text = parted
        least, most = 1, room
        while least < most:
            middle = (least + most) // 2
            size = self._size(text, middle)
            if size.height() <= lines and size.width() <= middle:  # no word stands out
                most = middle
            else:
                least = middle + 1
        return text, most

    def _size(self, text: str, width: int) -> QSize:
        face = QFontMetrics(self.font())
        return face.boundingRect(0, 0, width, _ANY_HEIGHT, self._flags(), text).size()

    def _flags(self) -> Qt.AlignmentFlag:
        return self.alignment() | Qt.TextFlag.TextWordWrap

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the words in even lines from the start."""
        painter, area = QPainter(self), self.contentsRect()
        text, wide = self.set_in_lines()
        if self.isRightToLeft():
            area = QRect(area.right() + 1 - wide, area.top(), wide, area.height())
        else:
            area.setWidth(wide)
        self.style().drawItemText(
            painter,
            area,
            QStyle.visualAlignment(self.layoutDirection(), self.alignment())
            | Qt.TextFlag.TextWordWrap,
            self.palette(),
            self.isEnabled(),
            text,
            self.foregroundRole(),
        )
        painter.end()


def sentence(role: str = "body") -> QLabel:
    """Return a label for a sentence that may need a second line."""
    return Sentence(role)


def rule() -> QFrame:
    """Return a hairline across."""
    line = QFrame()
    line.setProperty("role", "rule")
    return line


class ElidedLabel(QLabel):
    """One line that ends in an ellipsis where there is no room; the whole text is its name."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._whole = ""

    def set_whole(self, text: str) -> None:
        """Show `text`, as much of it as fits."""
        self._whole = text
        self.setAccessibleName(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the text to the new width."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Allow any width."""
        return QSize(0, super().minimumSizeHint().height())

    def _fit(self) -> None:
        side = Qt.AlignmentFlag.AlignRight if self.isRightToLeft() else Qt.AlignmentFlag.AlignLeft
        middle = Qt.AlignmentFlag.AlignVCenter
        self.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute | middle)
        room = self.contentsRect().width()
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room))
        self.setToolTip("" if self.text() == self._whole else self._whole)
