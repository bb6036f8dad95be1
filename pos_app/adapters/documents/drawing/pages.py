"""A report on A4 pages: headings on each, a number on each, upright unless the table is wide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter

from pos_app.adapters.documents.drawing.ink import CAPTION, Brush, application
from pos_app.adapters.documents.drawing.sheet import Part, ReportPainter
from pos_app.adapters.documents.saving import save
from pos_app.application.reports.asked import go_on
from pos_app.application.reports.report import Report, ReportCancelled, Watch
from pos_app.application.words import Words

_DPI = 1200
_A4 = (210.0, 297.0)
_MARGIN_MM = 15.0
_FOOT = 34
_BODY_MM = 3.2
"""Height of an em of the table's letters on paper (9 points)."""
_BODY_PIXELS = 15
_MOST_ROWS = 2000
"""Some fifty pages; nobody reads more on paper."""
_UNITS_PER_MM = _BODY_PIXELS / _BODY_MM


@dataclass(frozen=True, slots=True)
class _Page:
    """Parts with their tops, in the painter's units."""

    parts: tuple[tuple[float, Part], ...]


def save_pdf(report: Report, words: Words, path: Path, watch: Watch = go_on) -> None:
    """Write the report as a PDF, its first 2,000 rows and the number of all.

    Raises `ReportNotSaved` and `ReportCancelled`. Runs on any one thread at a time; it needs
    no window.
    """
    application()
    shown = replace(report, rows=report.rows[:_MOST_ROWS])
    save(path, lambda passing: _write(shown, words, passing, watch))


def _write(report: Report, words: Words, path: Path, watch: Watch) -> None:
    painter_of = ReportPainter(words)
    upright = (_A4[0] - 2 * _MARGIN_MM) * _UNITS_PER_MM
    lying = painter_of.wish(report) > upright * 1.02 and bool(report.rows)
    across, along = (_A4[1], _A4[0]) if lying else _A4
    width = (across - 2 * _MARGIN_MM) * _UNITS_PER_MM
    height = (along - 2 * _MARGIN_MM) * _UNITS_PER_MM
    pages = list(_paged(painter_of, report, width, height - _FOOT))
    writer = _writer(path, report, lying=lying)
    painter = QPainter()
    if not painter.begin(writer):
        raise OSError(f"{path}")
    try:
        unit = _DPI / 25.4 / _UNITS_PER_MM
        painter.scale(unit, unit)
        brush = painter_of.brush(painter, width)
        for number, page in enumerate(pages, 1):
            if not watch(number - 1, len(pages)):
                raise ReportCancelled
            if number > 1:
                writer.newPage()
            for top, part in page.parts:
                part.paint(brush, top)
            said = words("report.page", page=number, pages=len(pages))
            _foot(brush, report, said, width, height)
    finally:
        painter.end()


def _writer(path: Path, report: Report, *, lying: bool) -> QPdfWriter:
    writer = QPdfWriter(str(path))
    writer.setResolution(_DPI)
    turned = QPageLayout.Orientation.Landscape if lying else QPageLayout.Orientation.Portrait
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    size = QPageSize(QPageSize.PageSizeId.A4)
    writer.setPageLayout(QPageLayout(size, turned, margins, QPageLayout.Unit.Millimeter))
    writer.setTitle(f"{report.heading.kind}: {report.title}")
    writer.setCreator("Tokentill")
    return writer


def _paged(
    painter_of: ReportPainter, report: Report, width: float, height: float
) -> Iterator[_Page]:
    """Break the parts into pages; a page that begins within the table repeats its headings."""
    again = [painter_of.head(report, width), painter_of.columns(painter_of.table(report), width)]
    parts: list[tuple[float, Part]] = []
    top = 0.0
    for part in painter_of.parts(report, width):
        if top + part.height > height and parts:
            yield _Page(tuple(parts))
            parts, top = [], 0.0
            for head in again if part.row else again[:1]:
                parts.append((top, head))
                top += head.height
        parts.append((top, part))
        top += part.height
    yield _Page(tuple(parts))


def _foot(brush: Brush, report: Report, page: str, width: float, height: float) -> None:
    font = brush.font(CAPTION)
    area = QRectF(0, height - _FOOT / 2, width, _FOOT / 2)
    brush.rule(0, height - _FOOT * 0.7, width, brush.ink.line)
    brush.text(area, f"{report.heading.made}  ·  Tokentill", font, brush.ink.quiet)
    brush.text(area, page, font, brush.ink.quiet, "right")
