"""Questions about payments: each has a primary key."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database

from pos_app.adapters.ledger.engine import shop_problems


class SqliteTenders:
    """Implements `pos_app.application.tender_ports.TenderBook`."""

    def __init__(self, db: Database, path: Path) -> None:
        self._db = db
        self._path = path

    def receipt_of(self, kind: str, reference: str) -> str:
        """Return the receipt that this reference paid for, empty if none did."""
        with shop_problems(self._path):
            row = self._db.execute(
                """select sale.receipt from tender_reference join sale using (seq)
                where kind = ? and reference = ? order by seq limit 1""",
                (kind, reference),
            ).fetchone()
        return str(row[0]) if row else ""
