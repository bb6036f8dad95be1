"""The yardstick Y6: bare upserts of meters into a plain SQLite file, with the till's indexes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlite

from pos_app.adapters.ledger.directory import fold
from pos_app.adapters.ledger.first_tables import DATA_SETS
from pos_app.application.records import MeterRecord

A_COMMIT = 5_000
Took = tuple[float, float]
"""Seconds, and seconds of a processor."""


def yardstick(path: Path, meters: Iterator[MeterRecord], *, search: bool = False) -> Took:
    """Return how long the bare upserts take, without making the rows."""
    connection = sqlite.connect(str(path), isolation_level=None)
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    if not connection.execute("select count(*) from sqlite_schema").fetchone()[0]:
        plain, _, rest = DATA_SETS.partition("create virtual table")
        index = rest.partition("create table")[0]
        plain += "create index meter_base on meter(utility, tariff, sgc, base);"
        connection.executescript(plain + ("create virtual table" + index if search else ""))
    wall, cpu, last = 0.0, 0.0, 0
    while rows := [_row(each) for each in islice(meters, A_COMMIT)]:
        started = time.perf_counter(), time.process_time()
        connection.execute("begin immediate")
        connection.executemany(_UPSERT, rows)
        if search:  # only of rows that are new
            connection.execute(_INDEX, (last,))
            last += len(rows)
        connection.execute("commit")
        wall, cpu = wall + time.perf_counter() - started[0], cpu + time.process_time() - started[1]
    connection.close()
    return wall, cpu


_NAMES = (
    "drn", "backwards", "pan", "name", "sort_name", "address", "phone", "phone_digits", "account",
    "utility", "tariff", "commodity", "sgc", "krn", "ti", "ken", "kt", "ea", "dkga", "base",
    "blocked",
)  # fmt: skip
_UPSERT = (
    f"insert into meter ({', '.join(_NAMES)}) values ({', '.join('?' * len(_NAMES))})"  # noqa: S608 - ours
    f" on conflict(drn) do update set {', '.join(f'{each} = excluded.{each}' for each in _NAMES)}"
)
_INDEX = """insert into meter_part (rowid, name, address, drn, phone_digits, account)
    select id, name, address, drn, phone_digits, account from meter where id > ?"""


def _row(meter: MeterRecord) -> tuple[Any, ...]:
    own = {"backwards": meter.drn[::-1], "sort_name": fold(meter.name), "phone_digits": meter.phone}
    return tuple(own[name] if name in own else getattr(meter, name) for name in _NAMES)
