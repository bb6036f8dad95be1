"""Many tills at once: ``python -m tests.bench.load [TILLS] [ENTRIES] [--sqlite]``.

Every till enrols and then sends its entries over HTTPS in bundles, one after the other, as fast as
they are acknowledged; all tills do so at once. The server is a process of its own with its
reading processes. Printed are entries acknowledged a second, how long a request took, how long
the second look at signatures took to come to its end, and the memory at its highest.
"""

from __future__ import annotations

import argparse
import ssl
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import quantiles

import httpx

from pos_app.exchange.enrolment import read_answer
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store import due
from pos_app.head_office.workers import Workers
from tests.bench.ingest import journal, peak
from tests.office.makers import NOW_MS, MadeTill
from tests.office.postgres import cluster, programs
from tests.office.seen import one
from tests.office.served import Killable, children, killable, office_in

NONCES = count()


@dataclass
class LoadTill:
    """A till with bundles that are ready."""

    till: MadeTill
    line: httpx.Client
    office: bytes = b""
    bundles: list[bytes] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def ready(self, rooms: Rooms, entries: int, size: int) -> None:
        self.till.entries = list(journal(self.till, entries))
        self.bundles = [
            self.till.bundle(at, min(at + size - 1, entries)) for at in range(1, entries + 1, size)
        ]
        self.till.entries = []
        code = rooms.enrolling.code_for(self.till.name)
        answer = self.line.post("/api/v1/enrol", content=self.till.request(code))
        self.office = read_answer(answer.raise_for_status().content).office

    def send(self) -> None:
        for bundle in self.bundles:
            started = time.perf_counter()
            word = self.till.header(self.office, NOW_MS, next(NONCES))
            answer = self.line.post(
                "/api/v1/bundles", content=bundle, headers={"Authorization": word}
            )
            answer.raise_for_status()
            self.seconds.append(time.perf_counter() - started)


def measure(server: Killable, rooms: Rooms, tills: int, entries: int, size: int) -> None:
    trust = ssl.create_default_context(cafile=str(server.folder / "tls" / "certificate.pem"))
    with ExitStack() as lines:
        made = [
            LoadTill(
                MadeTill(f"LOAD{number}"),
                lines.enter_context(
                    httpx.Client(base_url=server.url, verify=trust, timeout=600, trust_env=False)
                ),
            )
            for number in range(tills)
        ]
        for each in made:
            each.ready(rooms, entries, size)
        with ThreadPoolExecutor(tills) as pool:
            started = time.perf_counter()
            list(pool.map(LoadTill.send, made))
            taken = time.perf_counter() - started
        looked = until_looked(rooms) - started
    whole = tills * entries
    if one(rooms, "select count(*) from sale") != tills * (entries - 2):
        raise AssertionError
    times = sorted(1000 * second for each in made for second in each.seconds)
    cuts = quantiles(times, n=100, method="inclusive")
    memory = [peak(each) for each in (server.process, *children(server.process))]
    print(
        f"{tills} tills, {entries:,} entries each in bundles of {size}: {whole / taken:,.0f}"
        f" entries/s over HTTPS; a request p50 {cuts[49]:.0f} ms, p99 {cuts[98]:.0f} ms;"
        f" second look done after {looked:.1f} s of which {taken:.1f} s taking in,"
        f" {whole / looked:,.0f}/s together; peak {', '.join(f'{each:.0f}' for each in memory)} MiB"
    )


def until_looked(rooms: Rooms) -> float:
    """Return when nothing was left for the second look."""
    while True:
        with rooms.office.store.reading() as act:
            left = due.count(act)
        if not left:
            return time.perf_counter()
        time.sleep(0.1)


@contextmanager
def database(*, sqlite: bool) -> Iterator[str]:
    folder = None if sqlite else programs()
    if folder is None:
        yield ""
        return
    with cluster(folder, durable=True) as running:
        yield running.fresh()


def main() -> int:
    """Run on a PostgreSQL of its own, or on SQLite."""
    asked = argparse.ArgumentParser()
    asked.add_argument("tills", type=int, nargs="?", default=8)
    asked.add_argument("entries", type=int, nargs="?", default=2_000)
    asked.add_argument("--bundle", type=int, default=500, help="entries of one bundle")
    asked.add_argument("--workers", type=int, default=Workers.usual())
    asked.add_argument("--sqlite", action="store_true")
    words = asked.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        database(sqlite=words.sqlite) as where,
        killable(where, Path(folder), words.workers, secure=True) as server,
    ):
        rooms = Rooms.of(office_in(where, Path(folder)))
        measure(server, rooms, words.tills, words.entries, words.bundle)
        rooms.office.store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
