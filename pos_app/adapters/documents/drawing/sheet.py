"""The order of a report's parts: head, finding, plots, table, totals, notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QTextLayout, QTextOption

from pos_app.adapters.documents.drawing.ink import (
    BODY,
    CAPTION,
    TITLE,
    Brush,
    Ink,
    face,
    leftwards,
    width_of,
)
from pos_app.adapters.documents.drawing.plots import paint_plot, plot_height
from pos_app.adapters.documents.drawing.table import HEADING, ROW, Table
from pos_app.adapters.documents.values import more
from pos_app.application.reports.figures import Figures
from pos_app.application.reports.report import Report
from pos_app.application.words import Words

_GAP, _HALF = 24, 12
_BADGE = 24
_TITLE_PITCH, _NOTE_PITCH = 36, 20
_EVEN_ENOUGH = 4.0


@dataclass(frozen=True, slots=True)
class Part:
    """Something painted below `top`, `height` high. `row` parts stand in the table."""

    height: float
    paint: Callable[[Brush, float], None]
    row: bool = False


class ReportPainter:
    """Paints reports at any width: on a widget, or page by page. Needs a `QGuiApplication`.

    `scale` enlarges type and space; at 1 a row is 26 pixels high.
    """

    def __init__(self, words: Words, ink: Ink | None = None, scale: float = 1.0) -> None:
        self._words = words
        self._figures = Figures(words)
        self.ink = ink or Ink()
        self.scale = scale

    def height(self, report: Report, width: float) -> float:
        """Return how high `report` is when it is `width` wide."""
        return sum(part.height for part in self.parts(report, width))

    def paint(self, painter: QPainter, report: Report, width: float) -> float:
        """Paint `report` from the painter's origin; return its height."""
        brush, top = self.brush(painter, width), 0.0
        painter.save()
        for part in self.parts(report, width):
            part.paint(brush, top)
            top += part.height
        painter.restore()
        return top

    def brush(self, painter: QPainter, width: float) -> Brush:
        """Return what paints a report of a width, in the direction of its language."""
        mirror = width if self._words.right_to_left else 0
        return Brush(painter, self.ink, self.scale, mirror)

    def wish(self, report: Report) -> float:
        """Return the width at which no cell is cut."""
        return self.table(report).wish()

    def table(self, report: Report) -> Table:
        """Return the report's table, measured."""
        return Table(report, self._figures, self.scale)

    def parts(self, report: Report, width: float) -> Iterator[Part]:
        """Yield the parts from top to bottom."""
        yield self.head(report, width)
        yield self._words_part(report.title, width, TITLE, _TITLE_PITCH, bold=True)
        yield self._space(_HALF)
        for plot in report.plots:
            yield Part(
                plot_height(plot, self.scale),
                lambda brush, top, plot=plot: paint_plot(brush, plot, top, width),  # type: ignore[misc]
            )
            yield self._space(_GAP)
        if report.rows:
            yield from self._table(report, width)
        notes = (more(report, self._figures), *report.notes) if report.cut else report.notes
        if notes:
            yield self._space(_HALF)
        for note in notes:
            yield self._words_part(note, width, CAPTION, _NOTE_PITCH, bold=False)

    def head(self, report: Report, width: float) -> Part:
        """Return the line that says which report of whom this is."""
        head = report.heading
        left, right = f"{head.kind}  ·  {head.period}", f"{head.shop}  ·  {head.till}"
        badge = self._words("report.training") if head.training else ""
        above = _BADGE + _HALF if badge else 0

        def paint(brush: Brush, top: float) -> None:
            if badge:
                self._badge(brush, badge, top, width)
            font = brush.font(BODY)
            area = QRectF(0, top + brush.px(above), width, brush.px(_GAP))
            wide = width_of(right, font) + 1
            brush.text(area, right, font, brush.ink.quiet, "right")
            area.setWidth(width - wide - brush.px(_GAP))
            brush.text(area, left, brush.font(BODY, bold=True), brush.ink.accent)

        return Part((above + _GAP + _HALF / 2) * self.scale, paint)

    def _badge(self, brush: Brush, text: str, top: float, width: float) -> None:
        area = QRectF(0, top, width, brush.px(_BADGE))
        brush.bar(area, brush.ink.training)
        font = brush.font(CAPTION, bold=True)
        brush.text(area, text, font, brush.ink.on_training, "middle")

    def _table(self, report: Report, width: float) -> Iterator[Part]:
        table = self.table(report)
        yield self.columns(table, width)
        for row in report.rows:
            yield Part(
                ROW * self.scale,
                lambda brush, top, row=row: table.paint_row(brush, top, width, row),  # type: ignore[misc]
                row=True,
            )
        if report.totals:
            yield self._rule(width)
        for row in report.totals:
            yield Part(
                ROW * self.scale,
                lambda brush, top, row=row: table.paint_row(brush, top, width, row, total=True),  # type: ignore[misc]
                row=True,
            )

    def columns(self, table: Table, width: float) -> Part:
        """Return the headings of the columns."""
        return Part(HEADING * self.scale, lambda brush, top: table.paint_heading(brush, top, width))

    def _rule(self, width: float) -> Part:
        thick = 1.6

        def paint(brush: Brush, top: float) -> None:
            brush.rule(0, top - brush.px(0.6), width, brush.ink.ink, thick)

        return Part(thick * self.scale, paint)

    def _space(self, height: float) -> Part:
        return Part(height * self.scale, lambda _brush, _top: None)

    def _words_part(self, text: str, width: float, pixels: int, pitch: int, *, bold: bool) -> Part:
        font = face(round(pixels * self.scale), bold=bold)
        set_at = (width, pitch * self.scale)
        layout, lines, wide = _set(text, font, *set_at, right=self._words.right_to_left)
        colour = self.ink.ink if bold else self.ink.quiet

        def paint(brush: Brush, top: float) -> None:
            brush.painter.setPen(QColor(colour))
            layout.draw(brush.painter, QPointF(brush.placed(QRectF(0, top, wide, 0)).left(), top))

        return Part(lines * pitch * self.scale, paint)


def _set(
    text: str, font: QFont, width: float, pitch: float, *, right: bool
) -> tuple[QTextLayout, int, float]:
    """Break `text` between words into about equally long lines, one `pitch` apart.

    Return the layout, how many lines there are and how wide they may be.
    """
    layout = QTextLayout(text, font)
    directions, sides = Qt.LayoutDirection, Qt.AlignmentFlag
    option = QTextOption(sides.AlignRight if right else sides.AlignLeft)
    option.setTextDirection(directions.RightToLeft if leftwards(text) else directions.LeftToRight)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    lines = _broken(layout, width, pitch)
    low, high = width / 2, width
    while lines > 1 and high - low > _EVEN_ENOUGH:
        middle = (low + high) / 2
        if _broken(layout, middle, pitch) > lines:
            low = middle
        else:
            high = middle
    return layout, _broken(layout, high, pitch), high


def _broken(layout: QTextLayout, width: float, pitch: float) -> int:
    layout.clearLayout()
    layout.beginLayout()
    lines = 0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, lines * pitch))
        lines += 1
    layout.endLayout()
    return lines
