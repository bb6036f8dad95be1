"""Taking bundles in, against a bare COPY of the same rows: ``python -m tests.bench.ingest [N]``.

Prints entries a second, the ratio to COPY, and the memory that a bundle of ten times the entries
takes more. The yardstick is run before and after, on the same PostgreSQL, in one transaction.
"""

from __future__ import annotations

import io
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg

from pos_app.exchange.bundle import BundleTitle, write_bundle
from pos_app.exchange.chain import GENESIS, Entry, Head, Owner, next_entry
from pos_app.exchange.signing import signature_holds
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store.engine import open_store
from tests.office.makers import MadeTill, enrolled, make_rooms, sale_body, token
from tests.office.postgres import Cluster, cluster, programs
from tests.shops import START_MS

ENTRIES = 10_000
_CREATE = """create table if not exists yardstick (till text, seq bigint, hash bytea,
    prev_hash bytea, at_ms bigint, kind text, body text, signature bytea, branch integer,
    received_ms bigint, primary key (till, seq, hash))"""


def journal(till: MadeTill, count: int) -> Iterator[Entry]:
    """Yield a till's journal without keeping it; no two tills give a meter the same TID."""
    head = Head(0, GENESIS, 0)
    minute = 17_000_000 + 100_000_000 * sum(till.name.encode())
    for number in range(1, count + 1):
        at_ms = START_MS + number
        if number == 1:
            body: dict[str, Any] = {"till": till.name, "series": 1}
            entry = next_entry(head, at_ms, "shop_created", body, till.key)
        else:
            body = sale_body(number - 1, at_ms) | {"tokens": [token(minute + number)]}
            entry = next_entry(head, at_ms, "sale", body, till.key)
        head = Head(entry.seq, entry.hash, entry.at_ms)
        yield entry


def bundle_file(till: MadeTill, count: int) -> io.BufferedRandom:
    """Return a file that holds a till's journal of `count` entries as one bundle."""
    file: Any = tempfile.TemporaryFile()  # noqa: SIM115 - the caller reads it
    owner = Owner(till.name, till.key.public)
    title = BundleTitle(owner, 1, count, GENESIS, START_MS)
    write_bundle(file, title, journal(till, count), till.key)
    file.seek(0)
    return file  # type: ignore[no-any-return]


def copy_seconds(url: str, entries: list[Entry]) -> float:
    """Return how long a bare COPY of the entries takes."""
    rows = [
        ("YARD", e.seq, e.hash, e.prev_hash, e.at_ms, e.kind, e.body, e.signature, 0, 0)
        for e in entries
    ]
    with psycopg.connect(url) as connection:
        connection.execute(_CREATE)
        connection.execute("truncate yardstick")
        connection.commit()
        started = time.perf_counter()
        with connection.cursor().copy("copy yardstick from stdin") as copy:
            for row in rows:
                copy.write_row(row)
        connection.commit()
        return time.perf_counter() - started


def taken_seconds(rooms: Rooms, name: str, count: int) -> float:
    """Return how long a bundle of `count` entries takes."""
    till = MadeTill(name)
    record = enrolled(rooms, till)
    with bundle_file(till, count) as file:
        started = time.perf_counter()
        outcome = rooms.ingest(record, file)
        seconds = time.perf_counter() - started
    if outcome.new != count or outcome.head is None or outcome.head.seq != count:
        raise AssertionError(outcome)
    return seconds


def verified_seconds(entries: list[Entry], till: MadeTill) -> float:
    """Return how long the signatures alone take."""
    started = time.perf_counter()
    for each in entries:
        signature_holds(till.key.public, b"tokentill journal", each.hash, each.signature)
    return time.perf_counter() - started


def peak_mib() -> float:
    """Return the most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(running: Cluster, count: int) -> None:
    """Print the ratio, and what ten times as many entries add to the memory."""
    store = open_store(running.fresh(), Path())
    rooms = make_rooms(store)
    till = MadeTill("YARD")
    entries = list(islice(journal(till, count), count))
    before = copy_seconds(running.url, entries)
    taken = taken_seconds(rooms, "SMALL", count)
    after = copy_seconds(running.url, entries)
    proof = verified_seconds(entries, till)
    entries.clear()
    bare = (before + after) / 2
    print(
        f"COPY {count / bare:,.0f}/s, taken in {count / taken:,.0f}/s: ratio {bare / taken:.3f};"
        f" signatures are {proof / taken:.0%} of it"
    )
    small = peak_mib()
    large = taken_seconds(rooms, "LARGE", 10 * count)
    grown = peak_mib() - small
    print(
        f"{10 * count:,} entries: {10 * count / large:,.0f}/s, peak {peak_mib():.0f} MiB,"
        f" {grown:+.1f} MiB against {count:,}"
    )
    store.close()


def main() -> int:
    """Run on a PostgreSQL of its own."""
    folder = programs()
    if folder is None:
        print("PostgreSQL's programs are not installed")
        return 1
    with cluster(folder, durable=True) as running:
        measure(running, int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES)
    return 0


if __name__ == "__main__":
    sys.exit(main())
