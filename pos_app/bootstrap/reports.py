"""The reports of an open shop, and the files they are saved as."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos_app.adapters.documents.csv_file import save_csv
from pos_app.adapters.documents.saving import ReportNotSaved
from pos_app.adapters.ledger.report_queries import SqliteReports
from pos_app.adapters.system.paths import report_folder
from pos_app.application.reports.catalogue import Reports
from pos_app.application.reports.period import Period
from pos_app.application.reports.report import Report, Watch
from pos_app.application.reports.rows import LongRows
from pos_app.application.shop_time import day_of
from pos_app.application.words import Words, load_words
from pos_app.bootstrap.shop import OpenShop

if TYPE_CHECKING:
    from pos_app.adapters.documents.drawing import PlotPainter
    from pos_app.ui.theme.tokens import Palette

Writer = Callable[[Report, Words, Path, Watch], None]


def reports_of(shop: OpenShop) -> Reports:
    """Return the reports; use them on the thread that owns the ledger."""
    clock = shop.clock
    source = SqliteReports(shop.ledger, lambda at_ms: day_of(at_ms, clock.offset_minutes(at_ms)))
    return Reports(source, shop.ledger, clock, shop.store.identity)


def writer_of(kind: str) -> Writer:
    """Return what writes a report as ``csv``, ``xlsx`` or ``pdf``."""
    if kind == "xlsx":
        from pos_app.adapters.documents.workbook import save_xlsx  # noqa: PLC0415 - 50 ms

        return save_xlsx
    if kind == "pdf":
        from pos_app.adapters.documents.drawing import save_pdf  # noqa: PLC0415 - brings Qt

        return save_pdf
    return lambda report, _, path, watch: save_csv(report, path, watch)


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """Writes reports into the user's documents, each under a name of its own.

    It runs on an I/O thread: the rows of a long list are asked for page by page through `ask`,
    so that a sale never waits for a file.
    """

    ask: Callable[[Callable[[], Any]], Any]
    folder: Callable[[], Path] = report_folder

    def save(self, report: Report, period: Period, kind: str, watch: Watch) -> str:
        """Return where the file is; raises `ReportNotSaved`, `ReportCancelled` ….

        The name is taken at once, so that two files made together do not meet.
        """
        path = self._place(report.heading.name, period, kind)
        rows = report.rows
        if isinstance(rows, LongRows):
            report = replace(report, rows=rows.through(self.ask))
        try:
            writer_of(kind)(report, load_words(report.heading.language), path, watch)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return str(path)

    def _place(self, name: str, period: Period, kind: str) -> Path:
        folder, stem = self.folder(), f"{name}-{_days(period)}"
        path, number = folder / f"{stem}.{kind}", 1
        try:
            folder.mkdir(parents=True, exist_ok=True)
            while True:
                try:
                    path.touch(mode=0o600, exist_ok=False)
                except FileExistsError:
                    number += 1
                    path = folder / f"{stem}-{number}.{kind}"
                else:
                    return path
        except OSError as problem:
            reason = problem.strerror or type(problem).__name__
            raise ReportNotSaved(path=str(path), reason=reason) from problem


def _days(period: Period) -> str:
    first, last = period.first.isoformat(), period.last.isoformat()
    days = first if first == last else f"{first}-to-{last}"
    return f"shift-{period.shift}-{days}" if period.shift else days


def plot_painter(palette: Palette, scale: float, leftwards: bool) -> PlotPainter:  # noqa: FBT001
    """Return what paints plots in the colours of a screen."""
    from pos_app.adapters.documents.drawing import Ink, PlotPainter  # noqa: PLC0415 - later

    ink = Ink(
        ink=palette.ink,
        quiet=palette.quiet,
        line=palette.line,
        edge=palette.edge,
        accent=palette.accent,
        soft=palette.bar,
    )
    return PlotPainter(ink, scale, leftwards=leftwards)
