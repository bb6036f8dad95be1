"""A till's sales over a line that does everything a line can do: each arrives once, in order.

``TOKENTILL_LINE_SALES=10000`` runs the full form; the short one is for every day.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from contextlib import closing
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pos_app.adapters.head_office.client import HttpLine
from pos_app.application import office_sync
from pos_app.application.office_records import EnrolWish, OfficeRefused, OfficeUnreachable
from pos_app.bootstrap import office_line
from pos_app.bootstrap.office_line import enrol, sync_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store.engine import Store
from tests.cutting_proxy import EVERYTHING, bad_line
from tests.office.makers import MadeTill, make_rooms
from tests.office.packs import grant
from tests.office.seen import one, open_findings, rows
from tests.office.servers import running
from tests.shops import HeldClock, make_shop, opened, order

SALES = int(os.environ.get("TOKENTILL_LINE_SALES", "80"))
PER_CALL = max(6, SALES // 250)
SUPERVISOR = "grace"
AMOUNTS = count(1000)
"""No two alike: a till asks before it sells a meter the same again within ten minutes."""


def sell(shop: OpenShop, clock: HeldClock, times: int, chance: random.Random) -> int:
    """Sell to any meter; return the sum of what was paid."""
    drns = [
        drn
        for (drn,) in shop.ledger.db.execute(
            "select drn from meter where blocked = '' and utility = 'highveld' order by drn"
        )
    ]
    total = 0
    for _ in range(times):
        clock.now += 8_000
        clock.steady += 8_000
        wish = order(shop, chance.choice(drns), next(AMOUNTS))
        total += shop.desk.sell(wish).total_minor
    return total


@pytest.mark.timeout(240 + SALES)
def test_every_sale_arrives_once_in_order_and_both_sides_agree_to_the_cent(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, chance = HeldClock(), random.Random(11)  # noqa: S311 - repeatable
    office = make_rooms(store, clock)
    shop = opened(make_shop(tmp_path), clock)
    monkeypatch.setattr(office_sync, "MOST", PER_CALL * 2)
    sold = failures = done = 0
    with closing(shop), running(office, tmp_path, plain=True) as server:
        code = server.rooms.enrolling.code_for("TRAIN1")
        enrol(shop, EnrolWish(server.url, code), SUPERVISOR)
        grant(office, MadeTill("TRAIN1"), 2_000_000_000)
        sync_shop(shop)
        with bad_line(urlsplit(server.url).port or 0, 7, EVERYTHING) as (url, line):
            with monkeypatch.context() as bad:
                bad.setattr(office_line, "line_of", lambda _, __: closing(HttpLine(url)))
                while done < SALES:
                    now = min(chance.randint(1, 2 * PER_CALL), SALES - done)
                    sold, done = sold + sell(shop, clock, now, chance), done + now
                    try:
                        sync_shop(shop)
                    except (OfficeRefused, OfficeUnreachable):
                        failures += 1
            line.bring_late()
        for _ in range(2):
            sync_shop(shop)
        assert min(failures, line.cuts, line.twice, line.slow, line.late) > 0
        agree(office, shop, sold)
        assert shop.desk.status().waiting == ()


def agree(rooms: Rooms, shop: OpenShop, sold: int) -> None:
    entries = [each for each in shop.ledger.entries() if each.kind != "acknowledged"]
    held = rows(rooms, "select seq, hash from entry where kind <> 'acknowledged' order by seq")
    assert [(seq, bytes(digest)) for seq, digest in held] == [(e.seq, e.hash) for e in entries]
    bodies = [each.reading() for each in entries if each.kind == "sale"]
    booked = rows(rooms, "select receipt, total_minor, tenths, branch from sale order by seq")
    assert booked == [(b["receipt"], b["total_minor"], b["tenths"], 0) for b in bodies]
    assert (len(booked), sum(total for _, total, _, _ in booked)) == (SALES, sold)
    assert max(Counter(receipt for receipt, *_ in booked).values()) == 1
    assert one(rooms, "select count(*) from entry where branch is null") == 0
    assert open_findings(rooms) == []
