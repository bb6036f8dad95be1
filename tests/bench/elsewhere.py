"""Units bought elsewhere in a large office: ``python -m tests.bench.elsewhere [SALES] [--sqlite]``.

Forty tills sold to twenty thousand meters this month, and the database was never analysed: how
long the first pack with units takes for a till that was sent every meter, the next one after a few
hundred sales, and the answer that there is nothing. Wall time, and processor time of the server
and (on PostgreSQL) of the database.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import update

from pos_app.head_office.packing import Wish
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store import packs
from pos_app.head_office.store.bulk import add_rows
from pos_app.head_office.store.engine import open_store
from pos_app.head_office.store.tables import branch, sale
from pos_app.head_office.store.tables import till as till_table
from tests.bench.blocks import machine
from tests.bench.ingest import cpu_seconds
from tests.office.makers import NOW_MS, MadeTill, enrolled, make_rooms
from tests.office.postgres import Cluster, cluster, programs

SALES = 400_000
TILLS = 40
METERS = 20_000
NEXT = 300
_PIECE = 50_000
_DAY = "2026-11-20"


def fill(rooms: Rooms, count: int, meters: int = METERS) -> None:
    """Book sales of the month at every till; each till's meters are spread over all."""
    if rooms.office.store.engine.dialect.name == "postgresql":
        with rooms.office.store.writing() as act:
            act.exec_driver_sql("alter table sale set (autovacuum_enabled = false)")
    names = [f"TILL{number:02d}" for number in range(TILLS)]
    enrolled(rooms, MadeTill(names[0]))
    each = count // TILLS
    for start in range(0, count, _PIECE):
        rows = [
            _row(names[at // each], at % each + 1, at, meters)
            for at in range(start, min(start + _PIECE, count))
        ]
        with rooms.office.store.writing() as act:
            add_rows(act, sale, rows)
    records = [{"drn": f"15{number:09d}", "name": "Ada"} for number in range(meters)]
    with rooms.office.store.writing() as act:
        packs.put_meters(act, records, 1)
        add_rows(act, branch, [(name, 0, 0, 0, each, b"", NOW_MS, NOW_MS, "{}") for name in names])


def more(rooms: Rooms, count: int) -> None:
    """Book `NEXT` sales more at the second till."""
    each = count // TILLS
    with rooms.office.store.writing() as act:
        rows = [_row("TILL01", each + 1 + at, at * 61) for at in range(NEXT)]
        add_rows(act, sale, rows)
        grown = update(branch).where(branch.c.till == "TILL01")
        act.execute(grown.values(head_seq=each + NEXT))
        act.execute(update(till_table).values(pack_asked=till_table.c.pack_number))


def _row(name: str, seq: int, at: int, meters: int = METERS) -> tuple[object, ...]:
    drn = f"15{at * 7919 % meters:09d}"
    return (
        name, seq, 0, f"s{at}", f"{name}-{seq}", NOW_MS + at, _DAY, drn, "ama", 1, "grid", "home",
        1, "ZAR", 2, 5000, 100, "kWh", True,
    )  # fmt: skip


def _spent(running: Cluster | None) -> list[float]:
    return cpu_seconds(running) or [time.process_time()]


def measured(what: str, call: Callable[[], object], running: Cluster | None) -> None:
    """Print what one call took."""
    wall, before = time.perf_counter(), _spent(running)
    found = call()
    wall = time.perf_counter() - wall
    used = [new - old for new, old in zip(_spent(running), before, strict=True)]
    print(
        f"  {what:<28} {wall:7.2f} s wall, processor: {used[0]:7.2f} s server,"
        f" {sum(used[1:]):7.2f} s database; {found} records",
        flush=True,
    )


@contextmanager
def place(*, sqlite: bool) -> Iterator[Cluster | None]:
    """Yield a PostgreSQL of its own; None for SQLite."""
    if sqlite:
        yield None
        return
    found = programs()
    if found is None:
        raise SystemExit("PostgreSQL's programs are not installed")
    with cluster(found) as running:
        yield running


def main() -> int:
    """Measure on one database."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("sales", type=int, nargs="?", default=SALES)
    asked.add_argument("--sqlite", action="store_true")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder, place(sqlite=given.sqlite) as running:
        store = open_store(running.url if running else "", Path(folder))
        rooms = make_rooms(store)
        fill(rooms, given.sales)
        print(f"{given.sales} sales, {'SQLite' if given.sqlite else 'PostgreSQL'}, {machine()}")
        number = rooms.packing.draft(Wish("TILL00", [], meters=True), "ivy")
        measured(
            "first pack, all meters", lambda: rooms.packing.issue(number, "abe").records, running
        )
        more(rooms, given.sales)
        measured("the next, 300 sales later", lambda: _units(rooms), running)
        measured("nothing new", lambda: _units(rooms), running)
        store.close()
    return 0


def _units(rooms: Rooms) -> int:
    issued = rooms.packing.issue_units("TILL00")
    return 0 if issued is None else issued.records


if __name__ == "__main__":
    sys.exit(main())
