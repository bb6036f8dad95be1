"""The reports of an open shop, and the files they are saved as."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pos_app.adapters.documents.csv_file import save_csv
from pos_app.adapters.ledger.report_queries import SqliteReports
from pos_app.application.reports.catalogue import Reports
from pos_app.application.reports.report import Report, Watch
from pos_app.application.shop_time import day_of
from pos_app.application.words import Words
from pos_app.bootstrap.shop import OpenShop

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
