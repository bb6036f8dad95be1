"""A whole sale against one bare SQLite WAL+FULL commit of the same bytes on the same disk.

Run: ``python -m tests.bench.sale``.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from itertools import count, cycle
from pathlib import Path

from pos_app.application.order import SaleOrder
from pos_app.bootstrap.shop import OpenShop, open_shop
from pos_app.bootstrap.training import create_training_shop
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.domain.money import Money
from pos_app.domain.tender import Tender
from tests.bench.blocks import Verdict, compare, machine, timed

PACED, PAUSE = 40, 0.02
IN_A_ROW = 200


def _orders(shop: OpenShop) -> Iterator[SaleOrder]:
    rows = shop.ledger.db.execute(
        "select drn from meter where blocked = '' and utility = 'highveld' order by id limit 5000"
    ).fetchall()
    currency = shop.desk.currency_of(rows[0][0])
    for amount, (drn,) in zip(count(1000), cycle(rows), strict=False):
        money = Money(1000 + amount % 4000 * 10, currency)
        yield SaleOrder(
            sale_id=str(uuid.uuid4()),
            drn=drn,
            amount=money,
            tenths=None,
            tenders=(Tender("cash", money),),
            operator_id="ama",
            repeat_allowed=True,
        )


def _bare(folder: Path) -> Callable[[bytes], None]:
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    connection.execute("create table entry (seq integer primary key, body blob)")

    def commit(body: bytes) -> None:
        connection.execute("begin immediate")
        connection.execute("insert into entry (body) values (?)", (body,))
        connection.execute("commit")

    return commit


def _each(call: Callable[[], object], times: int, pause: float) -> float:
    taken = []
    for _ in range(times):
        if pause:
            time.sleep(pause)
        taken.append(timed(call))
    return statistics.median(taken)


def main() -> int:
    """Print the table; return 1 when a goal is missed."""
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "shop"
        create_training_shop(place, 10_000)
        shop = open_shop(place, training_passphrase())
        try:
            verdicts = _measured(shop, Path(folder))
        finally:
            shop.close()
    for verdict in verdicts:
        print(verdict.line())
    return int(any(verdict.missed for verdict in verdicts))


def _measured(shop: OpenShop, folder: Path) -> list[Verdict]:
    orders = _orders(shop)
    shop.desk.sell(next(orders))
    entry = shop.ledger.entry(shop.ledger.head().seq)
    body = entry.body.encode() if entry else b""
    commit = _bare(folder)
    print(f"one sale is an entry of {len(body)} bytes")

    def sell() -> object:
        return shop.desk.sell(next(orders))

    def bare() -> object:
        return commit(body)

    return [
        compare(
            f"sale, {PAUSE * 1000:.0f} ms apart",
            lambda: _each(sell, PACED, PAUSE),
            lambda: _each(bare, PACED, PAUSE),
            1.5,
        ),
        compare(
            "sale, back to back",
            lambda: _each(sell, IN_A_ROW, 0),
            lambda: _each(bare, IN_A_ROW, 0),
            2.2,
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())
