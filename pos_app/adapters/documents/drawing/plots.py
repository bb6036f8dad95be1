"""Bars from zero, each with its own label and figure; the one that matters in the accent."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from pos_app.adapters.documents.drawing.ink import BODY, CAPTION, Brush, Ink, width_of
from pos_app.application.reports.report import Bar, Plot

_CAPTION_ROOM = 26
_STANDING = 190
"""Height of the tallest standing bar with its figure and the labels below."""
_FIGURE, _LABEL = 22, 24
_WIDEST_BAR = 88
_BAR_SHARE = 0.72
_ROW, _BAR_HEIGHT = 30, 18
_LABEL_SHARE = 0.34
_GAP = 12
_FIGURE_SPACE = 6


class PlotPainter:
    """Paints single plots where a screen has room for them, in the colours of the screen."""

    def __init__(self, ink: Ink, scale: float, *, leftwards: bool) -> None:
        self._ink, self._scale, self._leftwards = ink, scale, leftwards

    def paint(self, painter: QPainter, plot: Plot, width: float, height: float) -> None:
        """Paint `plot` from the painter's origin; of lying bars as many as there is room for."""
        brush = Brush(painter, self._ink, self._scale, width if self._leftwards else 0)
        room = height / self._scale - _CAPTION_ROOM
        if not plot.standing:
            plot = replace(plot, bars=plot.bars[: max(1, int(room / _ROW))])
        paint_plot(brush, plot, 0, width, standing=room)


def plot_height(plot: Plot, scale: float = 1.0) -> float:
    """Return the height of a plot at any width."""
    body = _STANDING if plot.standing else _ROW * len(plot.bars)
    return (_CAPTION_ROOM + body) * scale


def paint_plot(
    brush: Brush, plot: Plot, top: float, width: float, *, standing: float = _STANDING
) -> None:
    """Paint a plot `width` wide below `top`; standing bars with their words are so high."""
    area = QRectF(0, top, width, brush.px(_CAPTION_ROOM))
    brush.text(area, plot.caption, brush.font(CAPTION), brush.ink.quiet)
    top += brush.px(_CAPTION_ROOM)
    if plot.standing:
        _Standing(brush, plot, width, standing).paint(top)
    else:
        _lying(brush, plot, top, width)


class _Standing:
    """Bars side by side in the course of time."""

    def __init__(self, brush: Brush, plot: Plot, width: float, height: float) -> None:
        self._brush = brush
        self._height = height
        self._bars = plot.bars
        self._width = width
        self._step = min(width / len(plot.bars), brush.px(_WIDEST_BAR / _BAR_SHARE))
        self._font = brush.font(CAPTION)
        self._bold = brush.font(CAPTION, bold=True)
        figures = max(width_of(bar.text, self._bold) for bar in plot.bars)
        self._all_figures = figures + brush.px(_FIGURE_SPACE) <= self._step

    def paint(self, top: float) -> None:
        brush = self._brush
        base = top + brush.px(self._height - _LABEL)
        tallest = brush.px(self._height - _LABEL - _FIGURE)
        most = max((bar.size for bar in self._bars), default=0) or 1
        for place, bar in enumerate(self._bars):
            height = tallest * max(bar.size, 0) / most
            self._bar(place, bar, base, height)
        brush.rule(0, base, self._step * len(self._bars), brush.ink.edge)
        self._labels(base)

    def _bar(self, place: int, bar: Bar, base: float, height: float) -> None:
        brush, thick = self._brush, self._step * _BAR_SHARE
        left = place * self._step + (self._step - thick) / 2
        colour = brush.ink.accent if bar.strong else brush.ink.soft
        brush.bar(QRectF(left, base - height, thick, height), colour)
        if bar.text and (bar.strong or self._all_figures):
            font = self._bold if bar.strong else self._font
            room = QRectF(0, base - height - brush.px(_FIGURE), 0, brush.px(_FIGURE))
            self._centred(place, bar.text, font, room, strong=bar.strong)

    def _centred(self, place: int, text: str, font: object, area: QRectF, *, strong: bool) -> None:
        """Write centred on a bar, but never over the edge."""
        brush = self._brush
        wide = width_of(text, font) + 1  # type: ignore[arg-type]
        left = (place + 0.5) * self._step - wide / 2
        area.setLeft(min(max(left, 0), max(self._width - wide, 0)))
        area.setWidth(wide)
        colour = brush.ink.accent if strong else brush.ink.quiet
        brush.text(area, text, font, colour, "middle")  # type: ignore[arg-type]

    def _labels(self, base: float) -> None:
        """Name as many bars as there is room for, the strong one always."""
        brush = self._brush
        widest = max(width_of(bar.label, self._bold) for bar in self._bars)
        every = max(1, -int(-(widest + brush.px(_GAP / 2)) // self._step))
        strong = next((place for place, bar in enumerate(self._bars) if bar.strong), 0)
        for place, bar in enumerate(self._bars):
            if (place - strong) % every == 0:
                font = self._bold if bar.strong else self._font
                area = QRectF(0, base + brush.px(2), 0, brush.px(_LABEL - 2))
                self._centred(place, bar.label, font, area, strong=bar.strong)


def _lying(brush: Brush, plot: Plot, top: float, width: float) -> None:
    body, bold = brush.font(BODY), brush.font(BODY, bold=True)
    gap, row = brush.px(_GAP), brush.px(_ROW)
    label = min(max(width_of(bar.label, bold) for bar in plot.bars), width * _LABEL_SHARE)
    figure = max(width_of(bar.text, bold) for bar in plot.bars)
    room = width - label - figure - 2 * gap - 2
    most = max(bar.size for bar in plot.bars) or 1
    for place, bar in enumerate(plot.bars):
        y = top + place * row
        font = bold if bar.strong else body
        colour = brush.ink.accent if bar.strong else brush.ink.ink
        brush.text(QRectF(0, y, label + 1, row), bar.label, font, colour)
        long = room * max(bar.size, 0) / most
        thick = brush.px(_BAR_HEIGHT)
        fill = brush.ink.accent if bar.strong else brush.ink.soft
        brush.bar(QRectF(label + gap, y + (row - thick) / 2, long, thick), fill)
        brush.text(QRectF(label + 2 * gap + long, y, figure + 2, row), bar.text, font, colour)
