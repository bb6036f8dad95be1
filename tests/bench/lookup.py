"""Finding a meter among 200,000 and 1,000,000, against one SELECT by row id of the same file.

Run: ``python -m tests.bench.lookup`` (about two minutes; ``--small`` for 200,000 only).
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from pos_app.bootstrap.shop import OpenShop, open_shop
from pos_app.bootstrap.training import create_training_shop
from pos_app.bootstrap.training_file import training_passphrase
from tests.bench.blocks import Verdict, compare, machine, timed

CALLS = 200
BUDGET_MS = 100.0


def _sample(shop: OpenShop, count: int) -> list[tuple[str, str, str]]:
    chance = random.Random(7)  # noqa: S311 - a fixed sample
    last = shop.ledger.db.execute("select max(id) from meter").fetchone()[0]
    rows = []
    for _ in range(count):
        row = shop.ledger.db.execute(
            "select drn, name, phone from meter where id = ?", (chance.randint(1, last),)
        ).fetchone()
        rows.append((row[0], row[1], row[2]))
    return rows


def _each(call: Callable[[str], object], texts: list[str]) -> Callable[[], float]:
    def run() -> float:
        return statistics.median(timed(lambda text=text: call(text)) for text in texts)  # type: ignore[misc]

    return run


def _p95_ms(call: Callable[[str], object], texts: list[str]) -> float:
    times = sorted(timed(lambda text=text: call(text)) for text in texts)  # type: ignore[misc]
    return times[len(times) * 95 // 100] * 1000


def measure(meters: int) -> list[Verdict]:
    """Return the verdicts for one size of shop and print what people would feel."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "shop"
        made = timed(lambda: create_training_shop(place, meters))
        print(f"{meters:,} meters made in {made:.1f} s")
        shop = open_shop(place, training_passphrase())
        try:
            return _measured(shop, meters)
        finally:
            shop.close()


def _measured(shop: OpenShop, meters: int) -> list[Verdict]:
    sample = _sample(shop, CALLS)
    chance = random.Random(8)  # noqa: S311 - a fixed sample
    ids = [chance.randint(1, meters) for _ in range(CALLS)]
    connection = shop.ledger.db.conn

    def by_row_id() -> float:
        return statistics.median(
            timed(
                lambda key=key: connection.execute(  # type: ignore[misc]
                    "select * from meter where id = ?", (key,)
                ).fetchone()
            )
            for key in ids
        )

    searches: dict[str, tuple[Callable[[str], object], list[str], float]] = {
        "exact number": (shop.ledger.meter, [row[0] for row in sample], 3.0),
        "number prefix (7 digits)": (shop.desk.find, [row[0][:7] for row in sample], 60.0),
        "last 5 digits": (shop.desk.find, [row[0][-5:] for row in sample], 120.0),
        "whole phone number": (shop.desk.find, [row[2] for row in sample], 4.0),
        "first 6 digits of a phone": (shop.desk.find, [row[2][:6] for row in sample], 400.0),
        "part of a name": (shop.desk.find, [row[1][1:6] for row in sample], 400.0),
        "two parts": (shop.desk.find, [f"{row[1][:4]} {row[1][-4:]}" for row in sample], 400.0),
    }
    verdicts = []
    for name, (call, texts, goal) in searches.items():
        label = f"{meters:,}: {name}"
        verdicts.append(compare(label, _each(call, texts), by_row_id, goal, 5))
        p95 = _p95_ms(call, texts)
        print(f"  {label:<36} p95 {p95:8.3f} ms (budget {BUDGET_MS:.0f} ms)")
    return verdicts


def main() -> int:
    """Print the table; return 1 when a goal is missed."""
    print(machine())
    sizes = (200_000,) if "--small" in sys.argv else (200_000, 1_000_000)
    verdicts = [verdict for size in sizes for verdict in measure(size)]
    for verdict in verdicts:
        print(verdict.line())
    return int(any(verdict.missed for verdict in verdicts))


if __name__ == "__main__":
    sys.exit(main())
