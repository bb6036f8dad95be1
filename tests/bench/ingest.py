"""Taking bundles in, against a bare COPY of the same rows: ``python -m tests.bench.ingest [N]``.

Prints entries a second, the ratio to COPY, where the time goes, and the memory that a bundle of
``--times`` the entries takes more. The yardstick and the server take turns on one PostgreSQL,
each in durable transactions; the best of ``--rounds`` counts, because others use the computer.
"""

from __future__ import annotations

import argparse
import io
import os
import pickle
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from multiprocessing import active_children
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

import psycopg

from pos_app.exchange.bundle import BundleTitle, bundle_lines, write_bundle
from pos_app.exchange.chain import GENESIS, Entry, Head, Owner, next_entry, seal
from pos_app.exchange.entry_line import read_entry, read_usual
from pos_app.exchange.quick_canonical import read_quickly
from pos_app.head_office.judging import judge
from pos_app.head_office.meaning import meaning_of
from pos_app.head_office.proving import KeyRing, TokenProver
from pos_app.head_office.reading import Destination, batches
from pos_app.head_office.reading import read as read_singly
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store.engine import open_store
from pos_app.head_office.stretch import stretch_of
from pos_app.head_office.workers import Workers
from tests.office.makers import ALLOWANCE, MadeTill, enrolled, make_rooms, sale_body, token
from tests.office.postgres import Cluster, cluster, programs
from tests.shops import START_MS

T = TypeVar("T")
ENTRIES = 4_000
AGAIN = 6
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
        elif number == 2:
            entry = next_entry(head, at_ms, "allowance", ALLOWANCE, till.key)
        else:
            body = sale_body(number - 2, at_ms) | {"tokens": [token(minute + number)]}
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
    """Return how long a bare COPY of the entries takes: the mean of `AGAIN`.

    A yardstick that is over in a moment would be spared the waiting for a busy processor.
    """
    return sum(_copied(url, entries) for _ in range(AGAIN)) / AGAIN


def _copied(url: str, entries: list[Entry]) -> float:
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


@dataclass
class Took:
    """How long some work took, and the processor time of us, our workers, and PostgreSQL."""

    seconds: float
    processors: list[float]


def taken(running: Cluster | None, rooms: Rooms, name: str, count: int) -> Took:
    """Take in a bundle of `count` entries until it could be acknowledged."""
    till = MadeTill(name)
    record = enrolled(rooms, till)
    with bundle_file(till, count) as file:
        before = cpu_seconds(running)
        started = time.perf_counter()
        outcome = rooms.ingest(record, file)
        seconds = time.perf_counter() - started
        used = [new - old for new, old in zip(cpu_seconds(running), before, strict=True)]
    if outcome.new != count or outcome.head is None or outcome.head.seq != count:
        raise AssertionError(outcome)
    return Took(seconds, used)


def copied(running: Cluster, entries: list[Entry]) -> Took:
    """Copy the entries, and nothing else."""
    before = cpu_seconds(running)
    seconds = copy_seconds(running.url, entries)
    used = [new - old for new, old in zip(cpu_seconds(running), before, strict=True)]
    return Took(seconds, [each / AGAIN for each in used])


def ratio(running: Cluster, rooms: Rooms, count: int, rounds: int) -> None:
    """Print rates and their ratio over some rounds, in which both take turns."""
    entries = list(islice(journal(MadeTill("YARD"), count), count))
    bare, ours, looked = [copied(running, entries)], [], []
    for number in range(rounds):
        ours.append(taken(running, rooms, f"ROUND{number}", count))
        bare.append(copied(running, entries))
        started = time.perf_counter()
        rooms.second_look()
        looked.append(time.perf_counter() - started)
    best = min(each.seconds for each in ours), min(each.seconds for each in bare)
    middle = median(each.seconds for each in ours), median(each.seconds for each in bare)
    print(
        f"COPY {count / best[1]:,.0f}/s, taken in {count / best[0]:,.0f}/s: ratio"
        f" {best[1] / best[0]:.3f} (of medians {middle[1] / middle[0]:.3f});"
        f" second look {count / min(looked):,.0f}/s"
    )
    for name, work in (("COPY", bare), ("taken in", ours)):
        each = [
            1e6 * min(parts) / count for parts in zip(*(w.processors for w in work), strict=True)
        ]
        print(
            f"processor time of an entry, {name}: this process {each[0]:.0f} us,"
            f" workers {each[1]:.0f}, PostgreSQL {each[2]:.0f}, sum {sum(each):.0f}"
        )


def cpu_seconds(running: Cluster | None) -> list[float]:
    """Return the processor time of this process, of its workers, and of PostgreSQL so far."""
    if running is None:
        return []
    head = int((running.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
    return [time.process_time(), _family(os.getpid()), _family(head) + _ticks(head)[0]]


def _family(parent: int) -> float:
    """Return the processor time of the children of a process, of those that ended as well."""
    live = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()]
    return _ticks(parent)[1] + sum(_ticks(each)[0] for each in live if _ticks(each)[2] == parent)


def _ticks(process: int) -> tuple[float, float, int]:
    """Return own time, time of children that ended, and parent (proc(5))."""
    try:
        raw = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return 0.0, 0.0, 0
    fields = raw.rpartition(")")[2].split()
    tick = os.sysconf("SC_CLK_TCK")
    own, ended = (sum(map(int, fields[at : at + 2])) / tick for at in (11, 13))
    return own, ended, int(fields[1])


def stages(count: int) -> None:
    """Print what each step before the database takes of one processor, on the straight way."""
    till = MadeTill("STAGES")
    prover = TokenProver(KeyRing())
    to = Destination(till.name, 0, START_MS, packed=True)
    with bundle_file(till, count) as file:

        def unpack() -> list[bytes]:
            file.seek(0)
            return list(bundle_lines(file).lines)

        lines = _stage("unpack, digest", count, unpack)
        public = till.key.public
        batch = [each._replace(to=to) for each in batches(iter(lines), public, chained=True)]
        made = _stage("a stretch, whole", count, lambda: [stretch_of(x, prover) for x in batch])
        read = [x for line in lines if (x := read_usual(line, read_quickly)) is not None]
        _stage("- read, canonical", count, lambda: [read_usual(x, read_quickly) for x in lines])
        _stage(
            "- seals",
            count,
            lambda: [seal(x.prev_hash, x.seq, x.at_ms, x.kind, x.body) for x, _ in read],
        )
        _stage("- what it says", count, lambda: [meaning_of(*each, prover) for each in read])
        _stage("to the server and back", count, lambda: pickle.loads(pickle.dumps((batch, made))))  # noqa: S301 - ours
        _stage("entry by entry instead", count, lambda: [read_singly(x, prover) for x in batch])
        some = [read_entry(line, "", 0)[0] for line in lines[: count // 10]]
        _stage("every signature, afterwards", len(some), lambda: [judge(x, public) for x in some])


def _stage(name: str, count: int, work: Callable[[], T]) -> T:
    times = []
    for _ in range(3):
        started = time.process_time()
        made = work()
        times.append(time.process_time() - started)
    print(f"  {name:32} {1e6 * min(times) / count:6.1f} us an entry")
    return made


def memory(rooms: Rooms, count: int, times: int) -> None:
    """Print what `times` as many entries add to the memory of the server and of its workers."""
    taken(None, rooms, "SMALL", count)
    small = peaks()
    large = taken(None, rooms, "LARGE", times * count).seconds
    grown = [f"{now:.0f} MiB ({now - then:+.1f})" for now, then in zip(peaks(), small, strict=True)]
    print(
        f"{times * count:,} entries in one bundle: {times * count / large:,.0f}/s; peak of server"
        f" and workers {', '.join(grown)}, against {count:,} entries"
    )


def peaks() -> list[float]:
    """Return the most memory that this process and each of its children has held, in MiB."""
    processes = [os.getpid(), *(each.pid or 0 for each in active_children())]
    return [peak(each) for each in sorted(processes)]


def peak(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> int:
    """Run on a PostgreSQL of its own."""
    folder = programs()
    if folder is None:
        print("PostgreSQL's programs are not installed")
        return 1
    asked = argparse.ArgumentParser()
    asked.add_argument("entries", type=int, nargs="?", default=ENTRIES)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--times", type=int, default=10, help="how much larger the large one is")
    asked.add_argument("--workers", type=int, default=Workers.usual())
    words = asked.parse_args()
    with cluster(folder, durable=True) as running:
        store = open_store(running.fresh(), Path())
        rooms = make_rooms(store)
        rooms.employ(words.workers)
        if words.rounds:
            ratio(running, rooms, words.entries, words.rounds)
            stages(words.entries)
        if words.times:
            memory(rooms, words.entries, words.times)
        rooms.ingest.workers.close()
        store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
