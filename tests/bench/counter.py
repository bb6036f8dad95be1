"""The counter while meters come in: ``python -m tests.bench.counter [METERS]``.

A till sells, one sale every ``--pause`` seconds, on the ledger's own thread as the window does;
first with nothing else to do, then while the thread of head office takes a pack of METERS (200,000)
through the real loop, then alone again. Printed is from Enter to the token: p50, p95, p99 and the
longest, alone and meanwhile, apart for the time in which the pack is proven and in which its
meters go in. The yardstick is the same till alone; the goal is twice its p99.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import quantiles
from typing import Any

from pos_app.application.office_sync import RoundDone
from pos_app.application.order import SaleOrder
from pos_app.bootstrap import office_loop
from pos_app.bootstrap.office_loop import OfficeLoop
from pos_app.bootstrap.office_stick import import_packs
from pos_app.bootstrap.shop import OpenShop
from pos_app.exchange.pack import NONE_BEFORE, PackTitle, Section, write_pack
from tests.bench.apart import RunningClock, apart, ran
from tests.bench.blocks import machine
from tests.bench.catalogue import catalogue, records
from tests.bench.orders import orders_of
from tests.head_office import KEY, TILL, enrol
from tests.shops import make_shop, opened

METERS = 200_000
PAUSE_S = 0.25
ALONE_S = 40.0
GOAL = 2.0


def pack_file(path: Path, count: int) -> None:
    """Write a pack of so many meters for the training shop's till."""
    title = PackTitle(KEY.public, TILL, 1, NONE_BEFORE, 1, 0, (Section.METERS,))
    with path.open("wb") as file:
        each = ((Section.METERS, one) for piece in records(catalogue(count)) for one in piece)
        write_pack(file, title, each, KEY)


@dataclass
class Counter:
    """Sells at a steady pace and keeps how long each sale took, by what went on meanwhile."""

    owner: ThreadPoolExecutor
    shop: OpenShop
    pause: float
    orders: Iterator[SaleOrder] = field(init=False)
    taken: dict[str, list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.orders = self.ask(lambda: orders_of(self.shop))

    def ask(self, job: Callable[[], Any]) -> Any:
        return self.owner.submit(job).result()

    def sell_while(self, going: Callable[[], str]) -> None:
        """Sell until `going` says nothing; what it says is what goes on."""
        while name := going():
            time.sleep(self.pause)
            order = self.ask(lambda: next(self.orders))
            started = time.perf_counter()
            self.ask(partial(self.shop.desk.sell, order))
            self.taken.setdefault(name, []).append(1000 * (time.perf_counter() - started))

    def line(self, name: str) -> str:
        times = sorted(self.taken[name])
        cuts = quantiles(times, n=100, method="inclusive")
        return (
            f"  {name:10} {len(times):5} sales: p50 {cuts[49]:6.1f} ms, p95 {cuts[94]:6.1f},"
            f" p99 {cuts[98]:6.1f}, longest {times[-1]:6.1f}"
        )

    def p99(self, *names: str) -> float:
        times = [each for name in names for each in self.taken.get(name, [])]
        return quantiles(times, n=100, method="inclusive")[98]


def measure(folder: Path, count: int, pause: float) -> bool:
    """Print the figures; tell whether the goal was met."""
    path = folder / "pack.ttp"
    apart(partial(pack_file, path, count))
    with ThreadPoolExecutor(1) as owner:
        shop: OpenShop = owner.submit(lambda: opened(make_shop(folder), RunningClock())).result()
        owner.submit(lambda: enrol(shop)).result()
        counter = Counter(owner, shop, pause)
        counter.sell_while(_for_seconds("alone", ALONE_S))
        took = ran(lambda: _while_taking(counter, path))
        counter.sell_while(_for_seconds("alone", ALONE_S))
        owner.submit(shop.close).result()
    print(f"{count:,} meters in {took.wall:.0f} s; memory {took.peak - took.before:+.1f} MiB")
    for name in counter.taken:
        print(counter.line(name))
    ratio = counter.p99("proving", "meters") / counter.p99("alone")
    print(f"  p99 meanwhile {ratio:.2f}x of alone, goal <= {GOAL:g}x")
    return ratio <= GOAL


def _for_seconds(name: str, seconds: float) -> Callable[[], str]:
    until = time.monotonic() + seconds
    return lambda: name if time.monotonic() < until else ""


def _while_taking(counter: Counter, path: Path) -> None:
    office_loop.START_S = 0.0  # type: ignore[misc]
    ended: list[RoundDone] = []
    first = counter.ask(lambda: _meters(counter.shop))

    def run(shop: OpenShop, on_ledger: Callable[[Callable[[], Any]], Any]) -> RoundDone:
        done = RoundDone(0, (), tuple(import_packs(shop, [path], on_ledger)))
        ended.append(done)
        return done

    def going() -> str:
        if ended:
            return ""
        return "meters" if counter.ask(lambda: _meters(counter.shop)) > first else "proving"

    loop = OfficeLoop(counter.shop, counter.ask, run)
    counter.sell_while(going)
    loop.close()
    if ended[0].packs[0].refused_count:
        raise AssertionError(ended)


def _meters(shop: OpenShop) -> int:
    return int(shop.ledger.db.execute("select max(id) from meter").fetchone()[0])


def main() -> int:
    """Print the figures; return 1 when the goal is missed."""
    asked = argparse.ArgumentParser()
    asked.add_argument("meters", type=int, nargs="?", default=METERS)
    asked.add_argument("--pause", type=float, default=PAUSE_S, help="seconds between two sales")
    words = asked.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        return int(not measure(Path(folder), words.meters, words.pause))


if __name__ == "__main__":
    sys.exit(main())
