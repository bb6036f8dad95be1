"""A table set for one width: figures keep their digits, texts give way."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from PySide6.QtCore import QRectF

from pos_app.adapters.documents.drawing.ink import BODY, CAPTION, Brush, face, width_of
from pos_app.application.reports.columns import shown_columns
from pos_app.application.reports.figures import Figures
from pos_app.application.reports.report import Cell, Column, Report

ROW, HEADING = 26, 28
_GAP = 20
_SAMPLE = 400
"""So many rows decide the widths; a longer text further down is cut with an ellipsis."""
_NARROWEST = 70


class Table:
    """The columns of a report that hold anything, as wide as they need and may be."""

    def __init__(self, report: Report, figures: Figures, scale: float) -> None:
        self._figures = figures
        self._scale = scale
        self._report = report
        shown = shown_columns(report, report.rows)
        self._places = [place for place, _ in shown]
        self._columns = [column for _, column in shown]

    @cached_property
    def natural(self) -> list[float]:
        """The width every column would like."""
        body, bold = face(round(BODY * self._scale)), face(round(BODY * self._scale), bold=True)
        caption = face(round(CAPTION * self._scale))
        widths = []
        for place, column in zip(self._places, self._columns, strict=True):
            texts = {self._cell(column, row[place]) for row in self._report.rows[:_SAMPLE]}
            sums = {self._cell(column, row[place]) for row in self._report.totals}
            wide = max((width_of(text, body) for text in texts), default=0)
            wide = max(wide, *(width_of(text, bold) for text in sums), 0, 0)
            widths.append(max(wide, width_of(column.heading, caption)) + 1)
        return widths

    def wish(self) -> float:
        """Return the width at which nothing is cut."""
        return sum(self.natural) + self._gap * (len(self._columns) - 1)

    @property
    def _gap(self) -> float:
        return _GAP * self._scale

    def _cell(self, column: Column, cell: Cell) -> str:
        return self._figures.cell(column, cell)

    def lay_out(self, width: float) -> list[tuple[float, float]]:
        """Return left edge and width of each column within `width`."""
        wide = list(self.natural)
        spare = width - self.wish()
        if spare >= 0:
            gap = self._gap + (spare / (len(wide) - 1) if len(wide) > 1 else 0)
        else:
            gap = self._gap
            self._squeeze(wide, -spare)
        places, left = [], 0.0
        for each in wide:
            places.append((left, each))
            left += each + gap
        return places

    def _squeeze(self, wide: list[float], over: float) -> None:
        """Take from the texts, from the widest first."""
        narrowest = _NARROWEST * self._scale
        texts = [at for at, column in enumerate(self._columns) if not column.is_figure]
        while over > 1 and texts:
            at = max(texts, key=lambda place: wide[place])
            if wide[at] <= narrowest:
                return
            wide[at] -= min(over, 4.0)
            over -= 4

    def paint_heading(self, brush: Brush, top: float, width: float) -> None:
        """Paint the titles of the columns and a rule below."""
        font, height = brush.font(CAPTION), brush.px(HEADING)
        for column, (left, wide) in zip(self._columns, self.lay_out(width), strict=True):
            area = QRectF(left, top, wide, height)
            place = "digits" if column.is_figure else "left"
            brush.text(area, column.heading, font, brush.ink.quiet, place)
        brush.rule(0, top + height - brush.px(1), width, brush.ink.edge)

    def paint_row(
        self, brush: Brush, top: float, width: float, row: Sequence[Cell], *, total: bool = False
    ) -> None:
        """Paint a row and the hairline below it; a total is bold."""
        font, height = brush.font(BODY, bold=total), brush.px(ROW)
        places = self.lay_out(width)
        for at, column, (left, wide) in zip(self._places, self._columns, places, strict=True):
            text = self._cell(column, row[at])
            if text:
                area = QRectF(left, top, wide, height)
                place = "digits" if column.is_figure else "left"
                brush.text(area, text, font, brush.ink.ink, place)
        if not total:
            brush.rule(0, top + height - brush.px(0.6), width, brush.ink.line, 0.6)
