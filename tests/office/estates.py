"""Two real tills and the real server, over TLS, with the programs themselves; only time is held."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from pos_app.application.office_records import EnrolWish, OfficeNotTrusted
from pos_app.bootstrap import training
from pos_app.bootstrap.office_enrol import look_at
from pos_app.bootstrap.office_line import sync_shop
from pos_app.bootstrap.office_side import ShopOfficeSide
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training import create_training_shop
from pos_app.bootstrap.training_file import training_plan
from pos_app.head_office.packing import Records, Wish
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store import packs
from pos_app.head_office.store.engine import Store
from tests.office.makers import make_rooms
from tests.office.servers import running
from tests.shops import HIGHVELD, METERS, HeldClock, make_shop, opened

NAMES = ("TRAIN1", "TRAIN2")
METER_FIELDS = (
    "drn", "name", "address", "phone", "account", "utility", "tariff", "commodity", "sgc", "krn",
    "ti", "ken", "kt", "ea", "dkga", "base",
)  # fmt: skip


@dataclass
class Estate:
    """One office, two tills that share their meters."""

    rooms: Rooms
    tills: tuple[OpenShop, OpenShop]
    clock: HeldClock

    def share_meter(self) -> None:
        """Let head office send both tills the first meter."""
        with self.rooms.office.store.writing() as act:
            packs.put_meters(act, [record_of(self.tills[0])], packs.last_revision(act) + 1)
        for till in (0, 1):
            self.send(till, [], meters=True)

    def send(self, till: int, records: Records, *, meters: bool = False) -> None:
        """Issue a pack by two people and let the till take it."""
        wish = Wish(NAMES[till], records, meters)
        self.rooms.packing.issue(self.rooms.packing.draft(wish, "ivy"), "abe")
        self.sync(till)

    def sync(self, till: int) -> list[dict[str, int]]:
        """Return what the packs of a round brought, records by section."""
        done = sync_shop(self.tills[till])
        assert not done.refused
        assert not any(pack.refused for pack in done.packs), done.packs
        return [pack.counts for pack in done.packs]


@cache
def other_shop() -> Path:
    """Return a training shop that is the till TRAIN2."""
    folder = Path(mkdtemp(prefix="tokentill-other-")) / "shop"
    plan = training_plan() | {"till": NAMES[1]}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "training_plan", lambda: plan)
        create_training_shop(folder, METERS, HeldClock())
    return folder


@contextmanager
def made_estate(store: Store, tmp_path: Path) -> Iterator[Estate]:
    """Enrol two tills with one office, all on one clock, the server running."""
    clock = HeldClock()
    other = tmp_path / "other"
    shutil.copytree(other_shop(), other)
    shops = (opened(make_shop(tmp_path), clock), opened(other, clock))
    with running(make_rooms(store, clock), tmp_path) as server:
        for name, shop in zip(NAMES, shops, strict=True):
            side = ShopOfficeSide(shop, lambda job: job())
            code = server.rooms.enrolling.code_for(name)
            with pytest.raises(OfficeNotTrusted):
                side.enrol(EnrolWish(server.url, code), "grace")
            side.enrol(EnrolWish(server.url, code, look_at(server.url).pem), "grace")
        yield Estate(server.rooms, shops, clock)
    for shop in shops:
        shop.close()


def record_of(shop: OpenShop, **changes: str) -> dict[str, object]:
    meter = shop.desk.card(HIGHVELD).meter
    return {name: getattr(meter, name) for name in METER_FIELDS} | changes
