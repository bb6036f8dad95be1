"""Meters and customers on their way down: ``python -m tests.bench.catalogue [METERS]``.

Head office takes the meters in, drafts and issues a pack of them; a till asks for it over HTTPS,
proves it and takes it; then packs with what changed, by file. The yardstick Y6 takes turns with the
till: a bare ``executemany`` upsert of the same rows into a plain SQLite file (WAL, FULL, 5,000 a
transaction) with the same indexes, and once more with the search index beside them. ``--selling
METERS`` measures sales at a till that takes a pack meanwhile; ``--postgresql`` an office on it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeVar

from pos_app.adapters.head_office.client import HttpLine
from pos_app.application.office_records import EnrolWish, PackAnswer, PackTaken
from pos_app.application.records import MeterRecord
from pos_app.bootstrap.office_line import enrol, read_certificate
from pos_app.bootstrap.office_stick import import_packs
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training import training_meters
from pos_app.exchange.pack import prove_pack
from pos_app.head_office.packing import IssuedPack, Wish
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store import packs
from tests.bench.apart import Ran, RunningClock, apart, ran
from tests.bench.blocks import machine
from tests.bench.ingest import peak
from tests.bench.load import database
from tests.bench.upserts import A_COMMIT, Took, yardstick
from tests.office.makers import NOW_MS
from tests.office.served import Killable, killable, office_in
from tests.shops import HeldClock, make_shop, opened

T = TypeVar("T")
METERS = 200_000
TILL = "TRAIN1"
SUPERVISOR = "grace"
MINUTES_MS = 120_000
CHANGES = (10_000, 100_000)


def catalogue(count: int, changed: int = 0) -> Iterator[MeterRecord]:
    """Yield meters; of every stretch of ten the first are `changed` in their address."""
    for number, each in enumerate(training_meters(count)):
        if not changed:
            yield each
        elif number * changed // count != (number + 1) * changed // count:
            yield replace(each, address=f"{each.address}, {changed}")


def records(meters: Iterable[MeterRecord]) -> Iterator[list[dict[str, Any]]]:
    """Yield meters as head office keeps them, some at a time."""
    source = (
        {name: value for name, value in asdict(each).items() if name not in {"pan", "blocked"}}
        for each in meters
    )
    while piece := list(islice(source, A_COMMIT)):
        yield piece


def _timed(source: Iterator[T], took: list[float]) -> Iterator[T]:
    """Hand on what comes; `took` becomes the seconds and processor seconds of making it."""
    while True:
        wall, cpu = time.perf_counter(), time.process_time()
        each = next(source, None)
        took[0], took[1] = took[0] + time.perf_counter() - wall, took[1] + time.process_time() - cpu
        if each is None:
            return
        yield each


class Desk:
    """Head office's people, in processes of their own."""

    def __init__(self, where: str, folder: Path) -> None:
        self.where, self.folder = where, folder

    @contextmanager
    def rooms(self) -> Iterator[Rooms]:
        office = office_in(self.where, self.folder)
        yield Rooms.of(office)
        office.store.close()

    def put(self, count: int, changed: int = 0) -> Ran[int]:
        made = [0.0, 0.0]

        def work() -> int:
            with rooms.office.store.writing() as act:
                source = chain.from_iterable(_timed(records(catalogue(count, changed)), made))
                return packs.put_meters(act, source, packs.last_revision(act) + 1)

        with self.rooms() as rooms:
            done = ran(work)
        return replace(done, wall=done.wall - made[0], cpu=done.cpu - made[1])

    def issue(self) -> Ran[IssuedPack]:
        with self.rooms() as rooms:
            draft = rooms.packing.draft(Wish(TILL, [], meters=True), "ada")
            return ran(lambda: rooms.packing.issue(draft, "bea"))

    def write(self, number: int, path: Path) -> Ran[int]:
        def work() -> int:
            with path.open("wb") as file:
                return sum(file.write(piece) for piece in rooms.handing.pieces(TILL, number))

        with self.rooms() as rooms:
            return ran(work)

    def code(self) -> str:
        with self.rooms() as rooms:
            return rooms.enrolling.code_for(TILL)


class Till:
    """A till in its folder."""

    def __init__(self, folder: Path, url: str, pem: str) -> None:
        self.folder, self.url, self.pem = folder, url, pem
        self.clock = RunningClock(NOW_MS)

    @contextmanager
    def shop(self, clock: HeldClock | None = None) -> Iterator[OpenShop]:
        made = opened(self.folder / "shop", clock or HeldClock(NOW_MS))
        yield made
        made.close()

    def join(self, code: str) -> None:
        make_shop(self.folder)
        with self.shop() as shop:
            enrol(shop, EnrolWish(self.url, code, self.pem), SUPERVISOR)

    def fetch(self, path: Path) -> Ran[PackAnswer]:
        with self.shop() as shop, path.open("wb") as file:
            desk, line = shop.desk.office, HttpLine(self.url, self.pem)
            word = desk.up.word(desk.enrolled().office)
            held = desk.packs.held()
            done = ran(lambda: line.next_pack(held, word, file))
            line.close()
            return done

    def prove(self, path: Path) -> Ran[int]:
        with path.open("rb") as file:
            return ran(lambda: prove_pack(file).count)

    def take(self, path: Path, count: int) -> Ran[PackTaken]:
        self.clock.now += MINUTES_MS  # since somebody was at work
        with self.shop(self.clock) as shop:
            done = ran(lambda: next(import_packs(shop, [path])))
            taken, found = done.answer, shop.desk.find("MOYO", 5)
            if taken.counts.get("meters") != count or taken.refused_count or not found:
                raise AssertionError(taken)
            return done


class Bench:
    """A head office, a till and the yardstick, each in processes of their own."""

    compared = True

    def __init__(self, folder: Path, where: str, server: Killable, count: int) -> None:
        self.folder, self.server, self.count = folder, server, count
        self.desk = Desk(where, folder)
        pem = read_certificate(folder / "tls" / "certificate.pem")
        self.till = Till(folder, server.url, pem)
        self.number = 0

    def whole(self) -> None:
        """Send all meters over HTTPS."""
        self.till.join(self.desk.code())
        print(f"{self.count:,} meters, over HTTPS", flush=True)
        self._issued(0, self.count)
        path, before = self._path(), peak(self.server.process)
        fetched = apart(partial(self.till.fetch, path))
        print(fetched.line(f"till: receive {path.stat().st_size / 1e6:.1f} MB", self.count))
        after = peak(self.server.process)
        print(f"  the server's memory at its highest: {after:.0f} MiB ({after - before:+.1f})")
        self._taken(path, self.count, 0)

    def delta(self, changed: int) -> None:
        """Send what changed, by file."""
        print(f"{changed:,} of them changed, by file", flush=True)
        self._issued(changed, changed)
        path = self._path()
        written = apart(partial(self.desk.write, self.number, path))
        print(written.line("office: to a stick", changed))
        self._taken(path, changed, changed)

    def _path(self) -> Path:
        return self.folder / f"{TILL}-{self.number:06d}.ttp"

    def _issued(self, changed: int, count: int) -> None:
        put = apart(partial(self.desk.put, self.count, changed))
        print(put.line("office: take meters in", count))
        issued = apart(self.desk.issue)
        self.number = issued.answer.number
        print(issued.line("office: issue the pack", count), flush=True)

    def _taken(self, path: Path, count: int, changed: int) -> None:
        print(apart(partial(self.till.prove, path)).line("till: prove", count), flush=True)
        before = self._bare(changed, "before")
        taken = apart(partial(self.till.take, path, count))
        print(taken.line("till: prove and take", count), flush=True)
        self._compare("Y6", count, taken, [before, self._bare(changed, "after")])
        if not changed:
            self._compare("Y6 with search", count, taken, [self._bare(0, "search", search=True)])

    def _bare(self, changed: int, name: str, *, search: bool = False) -> Took:
        if not self.compared:
            return 0.0, 0.0
        path, meters = self.folder / f"y6-{name}.db", catalogue(self.count, changed)
        return apart(partial(yardstick, path, meters, search=search))

    def _compare(self, name: str, count: int, taken: Ran[Any], bare: list[Took]) -> None:
        if not self.compared:
            return
        wall, cpu = (sum(each) / len(bare) for each in zip(*bare, strict=True))
        print(
            f"  {name:32} {wall:8.1f} s {count / wall:10,.0f}/s {1e6 * cpu / count:8.1f} us; taken"
            f" at {wall / taken.wall:.3f} of it, {cpu / taken.cpu:.3f} by processor time",
            flush=True,
        )


def main() -> int:
    """Print the figures."""
    asked = argparse.ArgumentParser()
    asked.add_argument("meters", type=int, nargs="?", default=METERS)
    asked.add_argument("--postgresql", action="store_true", help="an office on PostgreSQL")
    asked.add_argument("--alone", action="store_true", help="leave the yardstick out")
    words = asked.parse_args()
    print(machine())
    with (
        tempfile.TemporaryDirectory() as folder,
        database(sqlite=not words.postgresql) as where,
        killable(where, Path(folder), 1, secure=True) as server,
    ):
        bench = Bench(Path(folder), where, server, words.meters)
        bench.compared = not words.alone
        bench.whole()
        for changed in CHANGES:
            if changed * 2 <= words.meters:
                bench.delta(changed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
