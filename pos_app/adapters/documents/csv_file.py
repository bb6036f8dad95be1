"""A report's table as CSV (RFC 4180) in UTF-8 with its mark, as spreadsheets expect it."""

from __future__ import annotations

import csv
from pathlib import Path

from pos_app.adapters.documents.saving import look_up, save
from pos_app.adapters.documents.values import harmless, plain
from pos_app.application.reports.asked import go_on
from pos_app.application.reports.report import Cell, Report, Watch


def save_csv(report: Report, path: Path, watch: Watch = go_on) -> None:
    """Write headings and rows, without totals, so that a column can be added up.

    Raises `ReportNotSaved` and `ReportCancelled`; then no file is left.
    """
    save(path, lambda passing: _write(report, passing, watch))


def _write(report: Report, path: Path, watch: Watch) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow([harmless(column.heading) for column in report.columns])
        for number, row in enumerate(report.rows):
            look_up(report, number, watch)
            lines.writerow(_texts(report, row))


def _texts(report: Report, row: tuple[Cell, ...]) -> list[str]:
    return [plain(column, cell) for column, cell in zip(report.columns, row, strict=True)]
