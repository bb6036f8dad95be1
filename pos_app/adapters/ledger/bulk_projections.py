"""The projection of bulk runs, and the question about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from sqlite_utils import Database

from pos_app.adapters.ledger.engine import shop_problems
from pos_app.application.bulk_ports import BulkRun
from pos_app.exchange.chain import Entry

Change = tuple[str, tuple[Any, ...]]
Body = Mapping[str, Any]

TABLES: Final = """
create table bulk_run (
    seq integer primary key references journal(seq),
    sha256 text not null,
    run integer not null,
    rows integer not null,
    sold integer not null default 0,
    ended_seq integer not null default 0,
    unique (sha256, run)
) strict;
"""
_STARTED: Final = "insert into bulk_run values (?, ?, ?, ?, 0, 0)"
_ENDED: Final = "update bulk_run set sold = ?, ended_seq = ? where sha256 = ? and run = ?"
_NEWEST: Final = """select run, rows, sold, ended_seq from bulk_run where sha256 = ?
    order by run desc limit 1"""


def _started(entry: Entry, body: Body) -> Iterator[Change]:
    yield _STARTED, (entry.seq, body["sha256"], body["run"], body["rows"])


def _ended(entry: Entry, body: Body) -> Iterator[Change]:
    yield _ENDED, (body["sold"], entry.seq, body["sha256"], body["run"])


KINDS: Final[Mapping[str, Callable[[Entry, Body], Iterator[Change]]]] = {
    "bulk_started": _started,
    "bulk_ended": _ended,
}


class SqliteBulk:
    """Implements `pos_app.application.bulk.BulkBook`."""

    def __init__(self, db: Database, path: Path) -> None:
        self._db = db
        self._path = path

    def newest(self, sha256: str) -> BulkRun | None:
        """Return the newest run of a list; it is open until every row was sold."""
        with shop_problems(self._path):
            row = self._db.execute(_NEWEST, (sha256,)).fetchone()
        if row is None:
            return None
        run, rows, sold, ended = row
        return BulkRun(sha256, int(run), int(rows), int(sold), open=not ended or sold < rows)
