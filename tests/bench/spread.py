"""One office over several servers: ``python -m tests.bench.spread [ENTRIES] [--nodes N]``.

Bundles are taken in by an office on one PostgreSQL and by one whose growing tables lie by till on
N (2) nodes behind a coordinator (`tests.office.spreading`), in turns and all on this computer, with
durable commits. Printed are entries a second and the processor time of an entry: what the way over
the nodes costs. That N computers take more than one cannot be seen on one.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store.engine import open_store
from tests.bench.blocks import machine
from tests.bench.ingest import cpu_seconds, journal
from tests.office.makers import MadeTill, enrolled, make_rooms
from tests.office.postgres import Cluster, cluster, programs
from tests.office.seen import one
from tests.office.spreading import spread

ENTRIES = 2_000
ROUNDS = 5
A_BUNDLE = 500


def taken(rooms: Rooms, servers: list[Cluster], name: str, count: int) -> tuple[float, list[float]]:
    """Take a new till's entries in; return seconds, and processor seconds of us and servers."""
    till = MadeTill(name)
    till.entries = list(journal(till, count))
    record = enrolled(rooms, till)
    bundles = [till.bundle(at, at + A_BUNDLE - 1) for at in range(1, count + 1, A_BUNDLE)]
    before, started = used(servers), time.perf_counter()
    for bundle in bundles:
        rooms.ingest(record, io.BytesIO(bundle))
    seconds = time.perf_counter() - started
    return seconds, [now - then for now, then in zip(used(servers), before, strict=True)]


def used(servers: list[Cluster]) -> list[float]:
    """Return the processor time of this process, and of all servers."""
    each = [cpu_seconds(server) for server in servers]
    return [each[0][0], sum(found[2] for found in each)]


def main() -> int:
    """Print the figures."""
    asked = argparse.ArgumentParser()
    asked.add_argument("entries", type=int, nargs="?", default=ENTRIES)
    asked.add_argument("--nodes", type=int, default=2)
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    words = asked.parse_args()
    folder = programs()
    if folder is None:
        print("PostgreSQL's programs are not installed")
        return 1
    print(machine())
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        single = stack.enter_context(cluster(folder, durable=True))
        made = stack.enter_context(spread(folder, words.nodes, durable=True))
        urls = single.fresh(), made.fresh(place)
        offices = [make_rooms(open_store(url, place)) for url in urls]
        servers = [[single], [made.head, *made.nodes]]
        found: list[list[tuple[float, list[float]]]] = [[], []]
        for number in range(words.rounds):
            for rooms, at, each in zip(offices, servers, found, strict=True):
                each.append(taken(rooms, at, f"ROUND{number}", words.entries))
        for name, rooms, each in zip(("one server", "nodes"), offices, found, strict=True):
            seconds = median(took for took, _ in each)
            ours, theirs = (
                1e6 * min(parts) / words.entries
                for parts in zip(*(p for _, p in each), strict=True)
            )
            held = one(rooms, "select count(*) from token")
            print(
                f"  {name:12} {words.entries / seconds:8,.0f} entries/s; processor time of an"
                f" entry: office {ours:.0f} us, PostgreSQL {theirs:.0f}; {held:,} tokens at the end"
            )
            rooms.office.store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
