"""Copying a ledger while it is open, and starting again from such a copy.

The copy is made by SQLite's online backup between two encrypted connections with one key: it is
whole whatever happens meanwhile, and never in the clear.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from pos_app.adapters.ledger.book import SqliteLedger
from pos_app.adapters.ledger.engine import connect, shop_problems
from pos_app.adapters.ledger.projections import SERIES, TID_FLOOR
from pos_app.adapters.ledger.transaction import mark
from pos_app.domain.tid import FURTHEST_AHEAD, Minute1993, minute_1993
from pos_app.exchange.chain import Entry

_GIVE_UP_SLIPS: Final = """update print_job set state = 'failed', problem = 'interrupted'
    where state in ('queued', 'sending')"""


def copy_ledger(db: Database, target: Path, key: bytes) -> None:
    """Write the committed ledger to a new file that stands alone (no write-ahead log)."""
    with shop_problems(target), closing(connect(target, key)) as copy:
        db.conn.backup(copy.conn)


def floor_after_restore(db: Database, latest_ms: int) -> Minute1993:
    """Return the lowest TID minute that no lost sale can have used.

    A sale lost since the backup was made at `latest_ms` at the latest, and its TID runs at most
    `FURTHEST_AHEAD` minutes ahead of that or of an earlier floor (`pos_app.domain.tid`).
    """
    latest = max(minute_1993(latest_ms), mark(db, TID_FLOOR, 0))
    return latest + FURTHEST_AHEAD + 1


def start_again(ledger: SqliteLedger, now_ms: int) -> Entry:
    """Journal that this ledger came out of a backup; return the entry ``restored``.

    Receipts go on in a new series, no meter gets a TID it may have seen, and slips that were
    waiting when the backup was made are not printed by themselves: they may be on paper.
    """
    before = ledger.head()
    with ledger.writing() as transaction:
        body = {
            "from_seq": before.seq,
            "from_hash": before.hash.hex(),
            "series": mark(ledger.db, SERIES, 1) + 1,
            "tid_floor": floor_after_restore(ledger.db, max(now_ms, before.at_ms)),
            "operator": "",
        }
        entry = transaction.append("restored", body, now_ms)
        ledger.db.execute(_GIVE_UP_SLIPS)
    return entry
