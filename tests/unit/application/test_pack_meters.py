"""How many meters of a pack go into one act: few while somebody is at work."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from pos_app.application.pack_meters import LARGEST, LOT, QUIET_MS, MeterLots
from pos_app.application.pack_records import Taking
from pos_app.bootstrap.training import training_meters
from pos_app.exchange.pack import NONE_BEFORE, PackTitle, Record, Section
from tests.shops import HIGHVELD, HeldClock, make_shop, opened, order


def lot(count: int) -> list[Record]:
    made = [asdict(each) for each in training_meters(count)]
    kept = [{name: each[name] for name in each if name not in {"pan", "blocked"}} for each in made]
    return [Record(Section.METERS, values, line) for line, values in enumerate(kept, 2)]


def test_acts_grow_while_nobody_is_at_work_and_are_short_again_with_a_sale(tmp_path: Path) -> None:
    clock = HeldClock()
    shop = opened(make_shop(tmp_path), clock)
    taking = Taking(PackTitle(bytes(32), "TRAIN1", 1, NONE_BEFORE, 1, 0, (Section.METERS,)))
    lots, sizes = MeterLots(shop.ledger, clock), []

    def take() -> None:
        lots.take(lots.read(lot(12), taking), taking)
        sizes.append(lots.size)

    try:
        shop.desk.sell(order(shop, HIGHVELD, 5000))
        take()
        clock.now += QUIET_MS + 1
        for _ in range(7):
            take()
        shop.desk.sell(order(shop, HIGHVELD, 6000))
        take()
    finally:
        shop.close()
    assert sizes == [LOT, *(min(LOT << turn, LARGEST) for turn in range(1, 8)), LOT]
    assert (taking.counts["meters"], taking.refused_count) == (9 * 12, 0)


def test_the_last_record_of_a_meter_counts(tmp_path: Path) -> None:
    shop = opened(make_shop(tmp_path))
    taking = Taking(PackTitle(bytes(32), "TRAIN1", 1, NONE_BEFORE, 1, 0, (Section.METERS,)))
    lots = MeterLots(shop.ledger, shop.clock)
    try:
        before = shop.ledger.meter(HIGHVELD)
        assert before is not None
        as_it_was = {k: v for k, v in asdict(before).items() if k not in {"pan", "blocked"}}
        gone = {"drn": HIGHVELD, "remove": True}
        changed = as_it_was | {"name": "SOMEBODY Else"}
        for values, left in (
            ((gone, as_it_was), before.name), ((changed, as_it_was), before.name),
            ((as_it_was, changed), "SOMEBODY Else"),
        ):  # fmt: skip
            records = [Record(Section.METERS, each, at) for at, each in enumerate(values, 2)]
            lots.take(lots.read(records, taking), taking)
            found = shop.ledger.meter(HIGHVELD)
            assert found is not None
            assert found.name == left
    finally:
        shop.close()
