"""Tills of one office that hold a meter's old key, a stick between them, and a key change."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pos_app.application.key_change_records import SaleKeyChange
from pos_app.application.sale import Sale
from pos_app.bootstrap.office_stick import export_bundle, import_packs
from pos_app.domain.meter_key import MeterKey
from pos_app.domain.tid import BASE_MINUTES
from pos_app.head_office.keys import hold_keys
from pos_app.head_office.packing import Wish
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store import packs
from pos_app.head_office.store.engine import Store
from pos_app.sts.encoding import encode
from pos_app.sts.identity import meter_pan
from pos_app.sts.keys import VendingKey
from pos_app.sts.kinds import CreditToken
from tests.key_makers import GRACE, JOSEPH, STS_KEY
from tests.key_meters import FIRST_KEY, SUPERVISOR, KeyShop, decoder_key, vending_attributes
from tests.office.estates import other_shop
from tests.office.makers import make_rooms
from tests.office.test_key_sets import DRN, NEW_KEY, NEW_VENDING
from tests.shops import HeldClock

NAMES = ("TRAIN1", "TRAIN2")


def office_with_keys(store: Store) -> Rooms:
    rooms = make_rooms(store, HeldClock())
    held = [(FIRST_KEY, STS_KEY), (NEW_KEY, NEW_VENDING)]
    keys = [(asdict(vending_attributes(key, raw, 1)), VendingKey(raw)) for key, raw in held]
    hold_keys(rooms.office, keys, "ada")
    return Rooms.of(rooms.office)


@contextmanager
def two_tills(here: Rooms, tmp_path: Path) -> Iterator[tuple[KeyShop, KeyShop]]:
    """Return two tills of the office that hold the meter's old key, and no new one yet."""
    shutil.copytree(other_shop(), tmp_path / "other")
    pair = (KeyShop(tmp_path), KeyShop(tmp_path / "other", made=True))
    for name, shop in zip(NAMES, pair, strict=True):
        request = shop.shop.desk.office.request(here.enrolling.code_for(name), "grace")
        shop.shop.desk.office.take_answer(here.enrolling.answer(request, "here"), "grace")
        shop.shop.desk.keys.trust("Office", here.office.authority.public.hex(), GRACE, JOSEPH)
        shop.hold(FIRST_KEY)
    yield pair
    for shop in pair:
        shop.close()


class Line:
    """Carries packs and bundles between the office and tills on a stick."""

    def __init__(self, rooms: Rooms, folder: Path) -> None:
        self.rooms, self.folder = rooms, folder
        self.taken: dict[str, int] = {}

    def listed(self, now_ms: int = 0, **changes: Any) -> None:
        """Let the billing system's list say what it says of the meter."""
        record = {"drn": DRN, "name": "NYAMA", "utility": "highveld", "tariff": "plain"}
        record |= {"commodity": "electricity", **asdict(FIRST_KEY), **changes}
        with self.rooms.office.store.writing() as act:
            packs.put_meters(act, [record], packs.last_revision(act) + 1, now_ms)

    def meters_to(self, till: int, shop: KeyShop) -> None:
        draft = self.rooms.packing.draft(Wish(NAMES[till], [], meters=True), "ivy")
        self.carry(till, shop, self.rooms.packing.issue(draft, "abe").number)

    def carry(self, till: int, shop: KeyShop, number: int) -> None:
        file = self.folder / f"{NAMES[till]}-{number:06d}.ttp"
        file.write_bytes(b"".join(self.rooms.handing.pieces(NAMES[till], number)))
        for taken in import_packs(shop.shop, (file,)):
            assert not taken.refused, taken
            self.taken = dict(taken.counts)

    def sales_of(self, till: int, shop: KeyShop) -> None:
        written = export_bundle(shop.shop, self.folder)
        assert written is not None
        with written.path.open("rb") as file:
            self.rooms.take(self.rooms.till(NAMES[till]), file)


def change_at(shop: KeyShop) -> SaleKeyChange:
    """Let a till give the meter's customer the new key, as its utility asks there."""
    shop.hold(NEW_KEY, NEW_VENDING)
    shop.ask(sgc=NEW_KEY.sgc)
    change = shop.sell(DRN).key_change
    assert change is not None
    shop.shop.desk.key_changes.drop("highveld", "plain", SUPERVISOR)
    return change


def later(shop: KeyShop) -> Sale:
    shop.clock.now += 3_600_000
    return shop.sell(DRN, 20)


def digits_under(key: MeterKey, vending: bytes, minute: int) -> str:
    of = decoder_key(meter_pan(DRN), key, vending)
    return encode(CreditToken(0, 100, minute - BASE_MINUTES[key.base], 5), of)
