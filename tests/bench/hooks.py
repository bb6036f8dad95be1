"""What hooks cost while bundles come in: ``python -m tests.bench.hooks [ENTRIES] [--hooks N]``.

Two offices on one PostgreSQL (durable commits) take the same bundles in turns, one without hooks,
one with N (3) that want to be told of sales: each bundle then writes N messages in its own
transaction. Printed is the time of a bundle and the processor time of an entry of both, for
bundles of one sale each (a till that sends every sale by itself), of 50 and of 500; and how many of
the messages are delivered a second to a receiver on this computer, which takes them at once.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import psycopg

from pos_app.head_office.hooks.address import networks_of
from pos_app.head_office.hooks.delivering import Delivering
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store.engine import open_store
from pos_app.head_office.store.hooks import SALES
from tests.bench.blocks import machine
from tests.bench.ingest import cpu_seconds, journal
from tests.office.makers import MadeTill, enrolled, make_rooms
from tests.office.postgres import Cluster, cluster, programs
from tests.office.seen import one
from tests.office.test_hooks import receiving

ENTRIES = 1_000
SIZES = (1, 50, 500)
ROUNDS = 5
AT_MOST = 200
"""Bundles of one round."""


def send_all(running: Cluster, rooms: Rooms, till: MadeTill, size: int) -> tuple[float, float]:
    """Bring a till's entries in, bundle by bundle; return seconds and processor seconds."""
    last = len(till.entries)
    record = enrolled(rooms, till)
    bundles = [till.bundle(at, min(at + size - 1, last)) for at in range(1, last + 1, size)]
    before, started = sum(cpu_seconds(running)), time.perf_counter()
    for bundle in bundles:
        rooms.ingest(record, io.BytesIO(bundle))
    return time.perf_counter() - started, sum(cpu_seconds(running)) - before


def measure(running: Cluster, offices: tuple[Rooms, Rooms], entries: int, size: int) -> None:
    count = min(entries, size * AT_MOST)
    wall: tuple[list[float], list[float]] = [], []
    processor: tuple[list[float], list[float]] = [], []
    for turn in range(ROUNDS):
        for which, rooms in enumerate(offices):
            till = MadeTill(f"S{size}R{turn}")
            till.entries = list(journal(till, count))
            seconds, used = send_all(running, rooms, till, size)
            wall[which].append(seconds)
            processor[which].append(used)
    bundles = -(-count // size)
    plain, hooked = (1000 * median(each) / bundles for each in wall)
    less, more = (1e6 * min(each) / count for each in processor)
    ratios = sorted(b / a for a, b in zip(*wall, strict=True))
    print(
        f"  bundles of {size:4}: {plain:7.2f} ms a bundle without, {hooked:7.2f} ms with"
        f" ({median(ratios):.2f}x, {ratios[0]:.2f}-{ratios[-1]:.2f}); processor {less:,.0f} and"
        f" {more:,.0f} us an entry"
    )


def deliver(rooms: Rooms, most: int) -> None:
    """Print how quickly messages go out, without the pauses that spare a receiver."""
    sending = Delivering(rooms.office, networks_of(["127.0.0.0/8"]), gap_seconds=0.0)
    started, done = time.perf_counter(), 0
    while done < most and (sent := sending.round()):
        done += sent
    took = time.perf_counter() - started
    print(f"  {done:,} messages delivered, {done / took:,.0f}/s")


def main() -> int:
    """Run on a PostgreSQL of its own."""
    asked = argparse.ArgumentParser()
    asked.add_argument("entries", type=int, nargs="?", default=ENTRIES)
    asked.add_argument("--hooks", type=int, default=3)
    words = asked.parse_args()
    folder = programs()
    if folder is None:
        print("PostgreSQL's programs are not installed")
        return 1
    print(machine())
    with cluster(folder, durable=True) as running, receiving() as receiver:
        with psycopg.connect(running.url, autocommit=True) as connection:
            connection.execute("create database hooked")
        urls = running.fresh(), running.url.replace("/postgres?", "/hooked?")
        with tempfile.TemporaryDirectory() as place:
            stores = [open_store(url, Path(place)) for url in urls]
            plain, hooked = (make_rooms(store) for store in stores)
            for number in range(words.hooks):
                hooked.hooks.add(f"hook {number}", receiver.url, [SALES], "ada")
            for size in SIZES:
                measure(running, (plain, hooked), words.entries, size)
            messages = one(hooked, "select count(*) from hook_message")
            print(f"  {messages:,} messages for {words.hooks} hooks")
            deliver(hooked, 600)
            for store in stores:
                store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
