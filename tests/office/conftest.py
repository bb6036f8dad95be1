"""Every test of the store runs on SQLite and on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store.engine import Store, open_store
from tests.key_meters import KeyShop
from tests.office.busy_shop import BusyShop, busy_shop
from tests.office.estates import Estate, made_estate
from tests.office.key_tills import Line, office_with_keys, two_tills
from tests.office.makers import NOW_MS, MadeTill, enrolled, make_rooms
from tests.office.postgres import Cluster, cluster, programs
from tests.shops import HeldClock

BUSY_SALES = 220


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    folder = programs()
    if folder is None:
        pytest.skip("PostgreSQL's programs are not installed")
    with cluster(folder) as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Return what `open_store` is told: empty for SQLite, else a fresh database."""
    if request.param == "sqlite":
        return ""
    running: Cluster = request.getfixturevalue("postgresql")
    return running.fresh()


@pytest.fixture
def store(database: str, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(database, tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock(NOW_MS)


@pytest.fixture
def rooms(store: Store, clock: HeldClock) -> Rooms:
    return make_rooms(store, clock)


@pytest.fixture
def till(rooms: Rooms) -> MadeTill:
    made = MadeTill()
    enrolled(rooms, made)
    return made


@pytest.fixture
def estate(store: Store, tmp_path: Path) -> Iterator[Estate]:
    with made_estate(store, tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BusyShop]:
    """Return a real shop after a month in which everything happened; nobody changes it."""
    with busy_shop(tmp_path_factory.mktemp("busy"), BUSY_SALES) as lived:
        yield lived


@pytest.fixture
def line(store: Store, tmp_path: Path) -> Line:
    """Return a stick between tills and an office that holds two keys."""
    folder = tmp_path / "stick"
    folder.mkdir()
    return Line(office_with_keys(store), folder)


@pytest.fixture
def tills(line: Line, tmp_path: Path) -> Iterator[tuple[KeyShop, KeyShop]]:
    with two_tills(line.rooms, tmp_path) as pair:
        yield pair
