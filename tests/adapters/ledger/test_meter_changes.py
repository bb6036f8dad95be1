"""Meters that change on file: the same as if they had come in so, in every index."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from pos_app.adapters.ledger import directory
from pos_app.adapters.ledger.engine import connect
from pos_app.adapters.ledger.first_tables import DATA_SETS
from pos_app.application.records import MeterRecord
from pos_app.bootstrap.training import training_meters

COUNT = 120
CHANGES: tuple[dict[str, Any], ...] = (
    {"address": "9 Ångström Way"},
    {"name": "ÉLODIE Núñez"},
    {"phone": "+27 82 000 1111"},
    {"account": "NEW0001"},
    {"tariff": "other", "sgc": "600222"},
    {"krn": 2, "ken": 7},
    {"blocked": "unpaid"},
    {"name": "NEW Name", "phone": "", "account": "", "base": 2035, "utility": "other"},
    {},
)
HELD = "create table meter_key (drn, sgc, krn, ti, ken, kt, ea, dkga, base);"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[tuple[Database, Database]]:
    pair = [connect(tmp_path / name, bytes(32)) for name in ("changed.db", "fresh.db")]
    for db in pair:
        db.conn.executescript(DATA_SETS + HELD)
    yield pair[0], pair[1]
    for db in pair:
        db.close()


def held(db: Database) -> list[Any]:
    rows = db.execute("select * from meter order by drn").fetchall()
    return [row[1:] for row in rows]  # whatever numbers the rows have


def test_meters_changed_on_file_are_as_if_they_had_come_in_so(
    made: tuple[Database, Database],
) -> None:
    changed, fresh = made
    chance = random.Random(5)  # noqa: S311 - repeatable
    before = list(training_meters(COUNT))
    now = [replace(each, **chance.choice(CHANGES)) for each in before]
    for db, meters in ((changed, before[:90]), (changed, now), (fresh, now)):
        db.execute("begin immediate")
        assert directory.import_meters(db, meters) == len(meters)
        db.execute("commit")
    assert held(changed) == held(fresh)
    wanted = ("Ångström", "angstrom", "ÉLODIE", "elodie nunez", "2782000", "NEW0001", "1111")
    for text in (*wanted, *(word for each in before for word in (each.phone, each.address[:9]))):
        assert numbers(changed, text) == numbers(fresh, text)
    for db in made:
        # Says whether the index says what the rows say (https://sqlite.org/fts5.html).
        db.execute("insert into meter_part(meter_part, rank) values('integrity-check', 1)")


def numbers(db: Database, text: str) -> set[str]:
    return {each.drn for each in directory.search(db, text, COUNT)}


def test_several_meters_are_found_as_each_is(made: tuple[Database, Database]) -> None:
    db, _ = made
    meters: list[MeterRecord] = list(training_meters(20))
    db.execute("begin immediate")
    directory.import_meters(db, meters)
    db.execute("commit")
    wanted = [each.drn for each in meters[:7]] + ["14000000009"]
    assert directory.several(db, wanted) == {each.drn: each for each in meters[:7]}
    assert [directory.exact(db, each.drn) for each in meters] == meters
