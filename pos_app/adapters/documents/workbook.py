"""A report as a workbook: the finding, the table with real numbers and dates, the totals."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from pos_app.adapters.documents.saving import look_up, save
from pos_app.adapters.documents.values import decimals_of, more, number_of
from pos_app.application.reports.asked import go_on
from pos_app.application.reports.figures import Figures
from pos_app.application.reports.report import Cell, Column, Kind, Report, Watch
from pos_app.application.words import Words
from pos_app.domain.errors import PosError

MOST_ROWS = 1_048_576 - 100
"""Rows of a sheet (ECMA-376), less what stands around the table."""
_HEAD_ROWS = 5
_WIDTHS = {Kind.TIME: 16, Kind.DAY: 12, Kind.MONEY: 14, Kind.UNITS: 12}
_WIDEST, _SAMPLE = 40, 200
_MOMENTS = {Kind.DAY: "yyyy-mm-dd", Kind.TIME: "yyyy-mm-dd hh:mm"}


class ReportTooLong(PosError):
    """More rows than a workbook holds. Facts: `rows`, `most`."""

    code: ClassVar[str] = "report-too-long"


def save_xlsx(report: Report, words: Words, path: Path, watch: Watch = go_on) -> None:
    """Write the whole report; raises `ReportTooLong`, `ReportNotSaved` and `ReportCancelled`."""
    if len(report.rows) > MOST_ROWS:
        raise ReportTooLong(rows=len(report.rows), most=MOST_ROWS)
    save(path, lambda passing: _write(report, words, passing, watch))


def _write(report: Report, words: Words, path: Path, watch: Watch) -> None:
    # What the library sets aside names customers: it goes to a folder that only we can read.
    with tempfile.TemporaryDirectory(prefix="tokentill-") as aside:
        options = {
            "constant_memory": True,
            "tmpdir": aside,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        book = Workbook(str(path), options)
        sheet = _Sheet(book, report, words)
        try:
            sheet.write(watch)
        except BaseException:
            sheet.abandon()
            raise
        try:
            book.close()
        except FileCreateError as problem:
            cause = problem.args[0] if problem.args else problem
            raise cause if isinstance(cause, OSError) else OSError(str(problem)) from problem


class _Sheet:
    """One sheet, written from top to bottom."""

    def __init__(self, book: Any, report: Report, words: Words) -> None:
        self._book = book
        self._report = report
        self._figures = Figures(words)
        self._training = words("report.training") if report.heading.training else ""
        self._formats: dict[tuple[str, bool], Any] = {}
        self._sheet = book.add_worksheet()
        if words.right_to_left:
            self._sheet.right_to_left()

    def write(self, watch: Watch) -> None:
        report, sheet = self._report, self._sheet
        self._shape()
        self._head()
        for number, row in enumerate(report.rows):
            look_up(report, number, watch)
            self._row(_HEAD_ROWS + number, row, bold=False)
        at = _HEAD_ROWS + len(report.rows)
        for number, row in enumerate(report.totals):
            self._row(at + number, row, bold=True)
        at += len(report.totals) + 1
        for number, note in enumerate(report.notes):
            sheet.write_string(at + number, 0, note)

    def abandon(self) -> None:
        """Close the file of rows that the library holds open until the book is closed."""
        self._sheet.row_data_fh.close()

    def _shape(self) -> None:
        report, sheet = self._report, self._sheet
        for place, column in enumerate(report.columns):
            sheet.set_column(place, place, self._width(place, column))
        sheet.freeze_panes(_HEAD_ROWS, 0)
        last = _HEAD_ROWS - 1 + max(len(report.rows), 1)
        sheet.autofilter(_HEAD_ROWS - 1, 0, last, len(report.columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(_HEAD_ROWS - 1)

    def _width(self, place: int, column: Column) -> int:
        shown = (self._figures.cell(column, row[place]) for row in self._report.rows[:_SAMPLE])
        longest = max(map(len, shown), default=0)
        return max(_WIDTHS.get(column.kind, 8), len(column.heading) + 4, min(longest + 2, _WIDEST))

    def _head(self) -> None:
        report, sheet, book = self._report, self._sheet, self._book
        large = book.add_format({"bold": True, "font_size": 16})
        head = report.heading
        sheet.write_string(0, 0, report.title, large)
        said = (head.kind, head.period, head.shop, head.till, head.made, self._training)
        sheet.write_string(1, 0, " · ".join(part for part in said if part))
        if report.cut:
            sheet.write_string(2, 0, more(report, self._figures))
        for place, column in enumerate(report.columns):
            right = {"align": "right"} if column.is_figure else {}
            style = book.add_format({"bold": True, "bottom": 1, **right})
            sheet.write_string(_HEAD_ROWS - 1, place, column.heading, style)

    def _row(self, at: int, row: tuple[Cell, ...], *, bold: bool) -> None:
        for place, (column, cell) in enumerate(zip(self._report.columns, row, strict=True)):
            number = number_of(column, cell)
            if number is not None:
                decimals = decimals_of(column, cell)
                code = "#,##0" + ("." + "0" * decimals if decimals else "")
                self._sheet.write_number(at, place, number, self._format(code, bold=bold))
            elif cell:
                self._text(at, place, column, str(cell), bold=bold)

    def _text(self, at: int, place: int, column: Column, text: str, *, bold: bool) -> None:
        if column.kind in _MOMENTS and not bold:
            style = self._format(_MOMENTS[column.kind], bold=False)
            self._sheet.write_datetime(at, place, datetime.fromisoformat(text), style)
        else:
            self._sheet.write_string(at, place, text, self._format("@", bold=bold))

    def _format(self, code: str, *, bold: bool) -> Any:
        key = (code, bold)
        if key not in self._formats:
            style = {"num_format": code, "bold": bold, "top": int(bold)}
            self._formats[key] = self._book.add_format(style)
        return self._formats[key]
