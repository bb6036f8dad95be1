"""Plots above a table: what a picture says quicker than figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.ui.theme.tokens import Tokens

if TYPE_CHECKING:
    from pos_app.application.reports.report import Plot

MOST_PLOTS = 3
"""Side by side; one for each currency."""


class PlotPainter(Protocol):
    """Whoever draws reports on paper draws their plots here."""

    def paint(self, painter: QPainter, plot: Plot, width: float, height: float) -> None:
        """Draw a plot from the painter's origin."""
        ...


class PlotView(QWidget):
    """The plots of a report side by side, a screen reader's words for them included."""

    def __init__(self, tokens: Tokens, painter: PlotPainter) -> None:
        super().__init__()
        self._tokens, self._painter = tokens, painter
        self._plots: tuple[Plot, ...] = ()
        self._wish = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def show_plots(self, plots: tuple[Plot, ...]) -> None:
        """Replace the plots."""
        self._plots = plots[:MOST_PLOTS]
        captions = "; ".join(plot.caption for plot in self._plots)
        bars = (f"{bar.label} {bar.text}".strip() for plot in self._plots for bar in plot.bars)
        self.setAccessibleName(captions)
        self.setAccessibleDescription(", ".join(bars))
        self.update()

    def wish(self, height: int) -> None:
        """Ask for a height; a small window gives less."""
        if height != self._wish:
            self._wish = height
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the height that was asked for."""
        return QSize(super().sizeHint().width(), self._wish)

    def minimumSizeHint(self) -> QSize:
        """Allow a third of it."""
        return QSize(0, self._wish // 3)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Give every plot the same width."""
        if not self._plots:
            return
        gap, count = self._tokens.gutter, len(self._plots)
        width = (self.width() - gap * (count - 1)) / count
        painter = QPainter(self)
        for at, plot in enumerate(self._plots):
            painter.save()
            place = count - 1 - at if self.isRightToLeft() else at
            painter.translate(place * (width + gap), 0)
            self._painter.paint(painter, plot, width, self.height())
            painter.restore()
        painter.end()
