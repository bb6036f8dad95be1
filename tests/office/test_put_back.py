"""An old database of head office is put back: tills bring again what it forgot."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.adapters.head_office.client import HttpLine
from pos_app.application.office_records import EnrolWish
from pos_app.application.office_sync import RoundDone, sync_once
from pos_app.bootstrap.office_line import enrol, read_certificate
from pos_app.bootstrap.shop import OpenShop
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store.engine import FILE_NAME, open_store
from tests.office.makers import MadeTill, make_rooms
from tests.office.packs import send_message
from tests.office.seen import evidence, one, open_findings
from tests.office.servers import running
from tests.shops import HIGHVELD, HeldClock, make_shop, opened, order

TILL = "TRAIN1"


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def shop(tmp_path: Path, clock: HeldClock) -> Iterator[OpenShop]:
    made = opened(make_shop(tmp_path), clock)
    yield made
    made.close()


@contextmanager
def office_in(folder: Path, clock: HeldClock, like: Rooms | None = None) -> Iterator[Rooms]:
    """Open a new office in a folder, or the one whose database was copied there."""
    with closing(open_store("", folder)) as store:
        yield (
            make_rooms(store, clock)
            if like is None
            else Rooms.of(replace(like.office, store=store))
        )


def sell(shop: OpenShop, clock: HeldClock, minor: int) -> None:
    clock.now += 60_000
    clock.steady += 60_000
    shop.desk.sell(order(shop, HIGHVELD, minor))


def one_round(shop: OpenShop, url: str, certificate: Path) -> RoundDone:
    with closing(HttpLine(url, read_certificate(certificate))) as line:
        return sync_once(shop.desk.office, line, lambda job: job())


def test_a_till_sends_again_what_head_office_forgot_and_takes_packs_after_its_own(
    shop: OpenShop, clock: HeldClock, tmp_path: Path
) -> None:
    new, old = tmp_path / "new", tmp_path / "old"
    new.mkdir()
    old.mkdir()
    with office_in(new, clock) as rooms:
        with running(rooms, tmp_path) as server:
            code = server.rooms.enrolling.code_for(TILL)
            enrol(shop, EnrolWish(server.url, code, read_certificate(server.certificate)), "grace")
            sell(shop, clock, 1000)
            one_round(shop, server.url, server.certificate)
        rooms.office.store.close()
        shutil.copy(new / FILE_NAME, old / FILE_NAME)
        for minor in (1100, 1200, 1300):
            sell(shop, clock, minor)
        for text in ("one", "two"):
            send_message(rooms, MadeTill(TILL), text)
        with running(rooms, tmp_path) as server:
            one_round(shop, server.url, server.certificate)
        assert rooms.till(TILL).pack_asked == 2
        held = shop.desk.office.status().acknowledged_seq
        assert shop.desk.status().waiting == ()

    clock.now += 60_000
    with office_in(old, clock, rooms) as back, running(back, tmp_path) as server:
        assert one(back, "select count(*) from sale") == 1
        done = one_round(shop, server.url, server.certificate)
        assert done.sent > 3
        assert one(back, "select count(*) from sale") == 4
        assert one(back, "select sum(total_minor) from sale") == 4600
        assert shop.desk.status().waiting == ()
        assert shop.desk.office.status().acknowledged_seq >= held
        assert open_findings(back) == ["packs-forgotten"]
        assert evidence(back, "packs-forgotten") == {"held": 0, "says": 2}
        clock.now += 60_000
        assert send_message(back, MadeTill(TILL), "three") == 3
        assert [each.number for each in one_round(shop, server.url, server.certificate).packs] == [
            3
        ]
        assert open_findings(back) == ["packs-forgotten"]
