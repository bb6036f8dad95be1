"""A sale's commit against one bare SQLite WAL+FULL commit of the same bytes on the same disk.

The commit is the whole durable act: chain, signature, encrypted journal entry, every projection,
the print job and the sync to disk. The time from Enter to the proven token is shown beside it,
against the budget a person feels. For information: the pages a sale writes, and what the bare
commit costs in an encrypted file, below which no sale can come. Run: ``python -m
tests.bench.sale``.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

from pos_app.adapters.ledger.engine import connect
from pos_app.application.sale import Sale
from pos_app.bootstrap.shop import OpenShop, open_shop
from pos_app.bootstrap.training import create_training_shop
from pos_app.bootstrap.training_file import training_passphrase
from tests.bench.blocks import Verdict, compare, machine, timed
from tests.bench.orders import orders_of

PACED, PAUSE = 40, 0.02
IN_A_ROW = 200


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


def _encrypted(folder: Path) -> Callable[[bytes], None]:
    connection = connect(folder / "encrypted.db", bytes(32)).conn
    connection.execute("create table entry (seq integer primary key, body blob)")

    def commit(body: bytes) -> None:
        connection.execute("begin immediate")
        connection.execute("insert into entry (body) values (?)", (body,))
        connection.execute("commit")

    return commit


def _pages(shop: OpenShop, act: Callable[[], object], sales: int = 50) -> float:
    """Return how many pages the log of the ledger grows by with a sale."""
    shop.ledger.db.execute("pragma wal_checkpoint(truncate)").fetchone()
    for _ in range(sales):
        act()
    return float(shop.ledger.db.execute("pragma wal_checkpoint").fetchone()[1]) / sales


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


def _acts(shop: OpenShop, sample: Sale) -> Callable[[], object]:
    """Return a call that commits a sale whose pricing and token are done already."""
    numbers = count(sample.number + 1)
    drns = [row[0] for row in shop.ledger.db.execute("select drn from meter order by id")]

    def act() -> object:
        number = next(numbers)
        token = replace(sample.tokens[0], minute=sample.tokens[0].minute + number)
        meter = replace(sample.meter, drn=drns[number % len(drns)])
        sale = replace(
            sample,
            sale_id=str(uuid.uuid4()),
            receipt=f"BENCH-A{number:06d}",
            number=number,
            meter=meter,
            tokens=(token,),
        )
        body, now = sale.to_body(), shop.clock.now_ms()
        return timed(lambda: _commit(shop, body, now))

    return act


def _commit(shop: OpenShop, body: dict[str, object], now: int) -> None:
    with shop.ledger.writing() as transaction:
        entry = transaction.append("sale", body, now)
        transaction.queue_slip(entry.seq, 0, now)


def _own(act: Callable[[], object], times: int, pause: float) -> float:
    taken = []
    for _ in range(times):
        if pause:
            time.sleep(pause)
        taken.append(float(str(act())))
    return statistics.median(taken)


def _measured(shop: OpenShop, folder: Path) -> list[Verdict]:
    orders = orders_of(shop)
    times = sorted(timed(lambda: shop.desk.sell(next(orders))) * 1000 for _ in range(200))
    print(
        f"Enter to proven token: p50 {times[100]:.2f} ms, p95 {times[190]:.2f} ms (budget 150 ms)"
    )
    entry = shop.ledger.entry(shop.ledger.head().seq)
    sample = shop.ledger.sale_by_seq(shop.ledger.head().seq)
    if entry is None or sample is None:
        raise RuntimeError("no sale")
    body = entry.body.encode()
    print(f"one sale is an entry of {len(body)} bytes")
    commit, act = _bare(folder), _acts(shop, sample)
    print(f"one sale writes {_pages(shop, act):.1f} pages")
    encrypted = _encrypted(folder)
    floor = compare(
        "",
        lambda: _each(lambda: encrypted(body), IN_A_ROW, 0),
        lambda: _each(lambda: commit(body), IN_A_ROW, 0),
        0,
    )
    print(f"the bare commit in an encrypted file: {statistics.median(floor.ratios):.2f}x")
    return [
        compare(
            f"sale's commit, {PAUSE * 1000:.0f} ms apart",
            lambda: _own(act, PACED, PAUSE),
            lambda: _each(lambda: commit(body), PACED, PAUSE),
            1.5,
        ),
        compare(
            "sale's commit, back to back",
            lambda: _own(act, IN_A_ROW, 0),
            lambda: _each(lambda: commit(body), IN_A_ROW, 0),
            2.2,
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())
