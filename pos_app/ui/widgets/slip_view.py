"""The paper in view: the slip as it will print, or blank paper waiting for a customer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from pos_app.ui.theme.tokens import Tokens

if TYPE_CHECKING:
    from pos_app.application.slip.layout import Slip


class SlipPainter(Protocol):
    """Whoever prints slips also draws them here, so that the screen cannot differ from paper."""

    def height(self, slip: Slip, width: float) -> float:
        """Return the height of `slip` when its print is `width` wide, in the same unit."""
        ...

    def paint(self, painter: QPainter, slip: Slip, width: float) -> object:
        """Draw `slip` in black on white from the painter's origin."""
        ...


class _Paper(QWidget):
    def __init__(self, tokens: Tokens, painter: SlipPainter, name: str) -> None:
        super().__init__()
        self._tokens = tokens
        self._painter = painter
        self._slip: Slip | None = None
        self.setAccessibleName(name)

    @property
    def blank(self) -> bool:
        """Say whether nothing is written here."""
        return self._slip is None

    def show_slip(self, slip: Slip | None) -> None:
        if slip == self._slip:
            return
        self._slip = slip
        self.fit()
        self.update()

    def _margin(self) -> int:
        return self._tokens.px(14)

    def _content(self) -> int:
        return max(1, self.width() - 2 * self._margin())

    def fit(self) -> None:
        if self._slip is None:
            height = self._tokens.px(220)
        else:
            height = round(self._painter.height(self._slip, self._content()))
            height += self._margin() * 2 + self._tokens.px(6)
        self.setFixedHeight(height)

    def sizeHint(self) -> QSize:
        return QSize(self._tokens.px(280), self._tokens.px(220))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self._tokens.palette
        painter.setPen(QColor(palette.paper_edge))
        painter.setBrush(QColor(palette.paper))
        painter.drawPolygon(self._outline())
        painter.setPen(QColor(palette.paper_ink))
        painter.translate(self._margin(), self._margin())
        if self._slip is not None:
            self._painter.paint(painter, self._slip, self._content())
        else:
            self._paint_waiting(painter)
        painter.end()

    def _paint_waiting(self, painter: QPainter) -> None:
        """Show where a slip's lines will stand."""
        grey, unit = QColor(self._tokens.palette.paper_ink), self._tokens.px(8)
        grey.setAlphaF(0.07)
        across = self._content()
        for line, (start, width) in enumerate(
            ((0.28, 0.44), (0.36, 0.28), (0, 0), (0, 0.5), (0, 0.36), (0, 0), (0, 1.0), (0, 1.0))
        ):
            bar = QRectF(across * start, unit * (1 + 2.5 * line), across * width, unit)
            painter.fillRect(bar, grey)

    def _outline(self) -> QPolygonF:
        """Return the paper's edge: straight, and torn at the bottom."""
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        tooth = self._tokens.px(6)
        count = max(1, round(area.width() / (tooth * 2)))
        step = area.width() / count
        points = [area.topLeft(), area.topRight()]
        for at in range(count):
            right = area.right() - at * step
            points.append(QPointF(right, area.bottom() - tooth))
            points.append(QPointF(right - step / 2, area.bottom()))
        points.append(QPointF(area.left(), area.bottom() - tooth))
        return QPolygonF(points)


class _Fade(QWidget):
    """Paper that goes on below: it fades into the desk."""

    def __init__(self, tokens: Tokens, parent: QWidget) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        return QSize(1, self._tokens.px(40))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        solid, clear = QColor(self._tokens.palette.desk), QColor(self._tokens.palette.desk)
        clear.setAlpha(0)
        shade = QLinearGradient(0, 0, 0, self.height())
        shade.setColorAt(0, clear)
        shade.setColorAt(1, solid)
        painter.fillRect(self.rect(), shade)
        painter.end()


class SlipView(QScrollArea):
    """The paper on the desk; a long slip scrolls, its top is always shown first."""

    def __init__(self, tokens: Tokens, painter: SlipPainter, name: str) -> None:
        super().__init__()
        self._paper = _Paper(tokens, painter, name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._fade = _Fade(tokens, self)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._veil())
        self.verticalScrollBar().rangeChanged.connect(lambda _low, _high: self._veil())
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._paper)
        column.addStretch(1)
        self.setWidget(holder)

    @property
    def blank(self) -> bool:
        """Say whether no slip lies here."""
        return self._paper.blank

    def show_slip(self, slip: Slip | None) -> None:
        """Lay `slip` on the desk; None is blank paper."""
        self._paper.show_slip(slip)
        self.verticalScrollBar().setValue(0)
        self._veil()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the veil at the lower edge."""
        super().resizeEvent(event)
        self._veil()

    def _veil(self) -> None:
        bar = self.verticalScrollBar()
        high = self._fade.sizeHint().height()
        self._fade.setGeometry(0, self.height() - high, self.width(), high)
        self._fade.setVisible(bar.value() < bar.maximum())
