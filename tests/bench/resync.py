"""A year once more: ``python -m tests.bench.resync [SALES]``, a till's side of sending it all.

A made-up year of so many sales is sent again from its first entry, first in bundles as over the
line, then in one as to a stick. Printed are entries a second, the processor time of an entry and
the memory at its highest, of a process of its own; then what each step takes, and beside them the
yardstick Y7: reading the same bodies and a bare SHA-256 of each.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, cast

from pos_app.adapters.ledger.book import SqliteLedger
from pos_app.application.office_ports import OfficeSeal
from pos_app.application.office_up import MOST, Upwards
from pos_app.application.records import ShopIdentity, ShopMode
from pos_app.exchange.bundle import read_bundle
from pos_app.exchange.compression import LineWriter
from pos_app.exchange.entry_line import entry_line
from tests.bench.apart import Ran, RunningClock, apart, ran
from tests.bench.blocks import machine
from tests.bench.year import write_year
from tests.ledger_makers import LEDGER_KEY, SIGNER, TILL

SALES = 100_000
SOME = 10_000


def sending(ledger: SqliteLedger) -> Upwards:
    """Return the side of head office that goes up."""
    identity = ShopIdentity(TILL, "Corner Shop", ShopMode.LIVE)
    return Upwards(identity, ledger, RunningClock(), cast("OfficeSeal", SIGNER))


def opened(folder: Path) -> SqliteLedger:
    return SqliteLedger.open(folder, LEDGER_KEY, SIGNER)


def send(folder: Path, most: int) -> Ran[tuple[int, int]]:
    """Write the whole journal in bundles of at most `most` entries (0: one of all)."""
    ledger = opened(folder)
    up = sending(ledger)

    def work() -> tuple[int, int]:
        size, after, last = 0, 0, ledger.head().seq
        while after < last:
            whole = up.title(most)
            assert whole is not None
            first = ledger.entry(after) if after else None
            to = min(last, after + most) if most else last
            before = first.hash if first else whole.previous_hash
            title = replace(whole, first=after + 1, last=to, previous_hash=before)
            with TemporaryFile() as file:
                up.write(cast("IO[bytes]", file), title, lambda job: job())
                size += file.tell()
            after = to
        return last, size

    done = ran(work)
    ledger.close()
    return done


def read_back(folder: Path) -> int:
    """Tell how many entries a bundle of all has when it is read."""
    ledger = opened(folder)
    up = sending(ledger)
    with TemporaryFile() as file:
        title = up.title()
        assert title is not None
        up.write(cast("IO[bytes]", file), title, lambda job: job())
        file.seek(0)
        count = sum(1 for _ in read_bundle(cast("IO[bytes]", file)).entries)
    ledger.close()
    return count


def stages(folder: Path) -> None:
    """Print what each step takes of one processor, and the yardstick."""
    ledger = opened(folder)
    entries = list(islice(ledger.entries(), SOME))
    lines = [entry_line(each) for each in entries]
    steps: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("Y7: read the bodies, SHA-256", lambda: bare(ledger)),
        ("read the journal", lambda: pages(ledger, len(entries))),
        ("prove canonical, make the lines", lambda: [entry_line(each) for each in entries]),
        ("digest", lambda: digested(lines)),
        ("compress", lambda: compressed(lines)),
    )
    for name, work in steps:
        best = min(ran(work).cpu for _ in range(5))
        print(f"  {name:32} {1e6 * best / len(entries):6.1f} us an entry")
    ledger.close()


def digested(lines: list[bytes]) -> bytes:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line + b"\n")
    return digest.digest()


def bare(ledger: SqliteLedger) -> None:
    for (body,) in ledger.db.execute("select body from journal where seq <= ?", (SOME,)):
        hashlib.sha256(body.encode()).digest()


def pages(ledger: SqliteLedger, count: int) -> None:
    up = sending(ledger)
    title = up.title(count)
    assert title is not None
    for _ in up.pages(title, lambda job: job()):
        pass


def compressed(lines: list[bytes]) -> None:
    with TemporaryFile() as file:
        writer = LineWriter(cast("IO[bytes]", file))
        for line in lines:
            writer.write(line)
        writer.end()


def main() -> int:
    """Print the figures."""
    asked = argparse.ArgumentParser()
    asked.add_argument("sales", type=int, nargs="?", default=SALES)
    words = asked.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "shop"
        apart(lambda: write_year(folder, words.sales).close())
        for told, most in ((f"in bundles of {MOST:,}", MOST), ("in one bundle", 0)):
            done = apart(partial(send, folder, most))
            count, size = done.answer
            print(done.line(told, count), f"{count:,} entries, {size / 1e6:.1f} MB", flush=True)
        if apart(partial(read_back, folder)) != count:
            raise AssertionError(count)
        apart(partial(stages, folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
