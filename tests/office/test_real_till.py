"""A real till and the real server: everything arrives once, and both agree to the cent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pos_app.adapters.head_office.client import HttpLine
from pos_app.application.office_records import EnrolWish, OfficeRefused, OfficeUnreachable
from pos_app.bootstrap import office_line
from pos_app.bootstrap.backup import back_up, restore_backup
from pos_app.bootstrap.office_line import enrol, read_certificate, sync_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store.engine import Store
from tests.cutting_proxy import bad_line
from tests.office.makers import MadeTill, make_rooms
from tests.office.packs import grant, send_message
from tests.office.seen import one, open_findings, rows
from tests.office.servers import running
from tests.shops import HIGHVELD, HeldClock, make_shop, opened, order

SUPERVISOR = "grace"
AMOUNTS = count()


@pytest.fixture
def here(store: Store) -> Rooms:
    """Return an office whose clock stands where the training shop's does."""
    return make_rooms(store, HeldClock())


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    made = opened(make_shop(tmp_path))
    yield made
    made.close()


def sell(shop: OpenShop, times: int) -> int:
    """Sell for amounts that differ, as the till wants it of one meter; return their sum."""
    made = [1000 + 37 * next(AMOUNTS) for _ in range(times)]
    return sum(shop.desk.sell(order(shop, HIGHVELD, minor)).total_minor for minor in made)


def agree(rooms: Rooms, shop: OpenShop, sold: int) -> None:
    entries = [each for each in shop.ledger.entries() if each.kind != "acknowledged"]
    held = rows(rooms, "select seq, hash from entry where kind <> 'acknowledged' order by seq")
    assert [(seq, bytes(digest)) for seq, digest in held] == [(e.seq, e.hash) for e in entries]
    assert one(rooms, "select sum(total_minor) from sale") == sold
    assert one(rooms, "select sum(minor) from tally where what = 'sale'") == sold
    assert one(rooms, "select count(distinct receipt) from sale") == one(
        rooms, "select count(*) from sale"
    )
    assert open_findings(rooms) == []


def test_a_till_and_the_server_speak_over_tls(here: Rooms, shop: OpenShop, tmp_path: Path) -> None:
    with running(here, tmp_path) as server:
        code = server.rooms.enrolling.code_for("TRAIN1")
        pem = read_certificate(server.certificate) if server.certificate else ""
        enrol(shop, EnrolWish(server.url, code, pem), SUPERVISOR)
        sold = sell(shop, 4)
        assert sync_shop(shop).refused == ()
        till = MadeTill("TRAIN1")
        send_message(here, till, "hello")
        grant(here, till, 50_000_000)
        done = sync_shop(shop)
        assert [sorted(pack.counts) for pack in done.packs] == [
            ["acknowledgement", "messages"], ["acknowledgement", "allowance"],
        ]  # fmt: skip
        sold += sell(shop, 2)
        sync_shop(shop)
        sync_shop(shop)
        agree(here, shop, sold)
        assert shop.desk.status().waiting == ()


def test_a_till_restored_by_the_book_goes_on_with_its_line_and_nothing_is_suspected(
    here: Rooms, shop: OpenShop, tmp_path: Path
) -> None:
    with running(here, tmp_path) as server:
        code = server.rooms.enrolling.code_for("TRAIN1")
        pem = read_certificate(server.certificate)
        enrol(shop, EnrolWish(server.url, code, pem), SUPERVISOR)
        sell(shop, 3)
        sync_shop(shop)
        back_up(shop, tmp_path / "till.backup")
        again = tmp_path / "again"
        restore_backup(tmp_path / "till.backup", again, training_passphrase(), HeldClock())
        with closing(opened(again)) as restored:
            sell(restored, 2)
            sync_shop(restored)
    assert one(here, "select count(*) from sale") == 5
    assert open_findings(here) == []


@pytest.mark.parametrize("seed", range(2))
def test_a_line_that_cuts_and_sends_twice_changes_nothing(
    here: Rooms, shop: OpenShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    failures = sold = 0
    with running(here, tmp_path, plain=True) as server:
        enrol(shop, EnrolWish(server.url, server.rooms.enrolling.code_for("TRAIN1")), SUPERVISOR)
        with bad_line(urlsplit(server.url).port or 0, seed) as (url, line):
            monkeypatch.setattr(office_line, "line_of", lambda _, __: closing(HttpLine(url)))
            for _ in range(8):
                sold += sell(shop, 5)
                try:
                    sync_shop(shop)
                except (OfficeRefused, OfficeUnreachable):
                    failures += 1
            assert line.calls > 8
        monkeypatch.undo()
        for _ in range(2):
            sync_shop(shop)
    assert failures > 0
    agree(here, shop, sold)
    assert shop.desk.status().waiting == ()
