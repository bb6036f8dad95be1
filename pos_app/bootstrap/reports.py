"""The reports of an open shop."""

from __future__ import annotations

from pos_app.adapters.ledger.report_queries import SqliteReports
from pos_app.application.reports.catalogue import Reports
from pos_app.application.shop_time import day_of
from pos_app.bootstrap.shop import OpenShop


def reports_of(shop: OpenShop) -> Reports:
    """Return the reports; use them on the thread that owns the ledger."""
    clock = shop.clock
    source = SqliteReports(shop.ledger, lambda at_ms: day_of(at_ms, clock.offset_minutes(at_ms)))
    return Reports(source, clock, shop.store.identity)
