"""Memory at the till: a pack of many meters takes no more than one of some."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from pos_app.application.office_records import PackTaken
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training import training_meters
from pos_app.exchange.pack import NONE_BEFORE, PackTitle, Section, write_pack
from tests.head_office import KEY, TILL, at_once, enrol
from tests.shops import make_shop, opened

MIB = 1 << 20
SOME, MANY = 120, 600


def records(count: int) -> Iterator[tuple[Section, dict[str, Any]]]:
    for meter in training_meters(count):
        values = asdict(meter) | {"name": f"{meter.name} of {count}"}
        yield Section.METERS, {k: v for k, v in values.items() if k not in {"pan", "blocked"}}


def peak_of(shop: OpenShop, number: int, previous: bytes, count: int) -> tuple[int, bytes]:
    """Return the most bytes held while a pack of `count` meters was taken, and its digest."""
    with TemporaryFile() as file:
        title = PackTitle(KEY.public, TILL, number, previous, 1, 0, (Section.METERS,))
        digest = write_pack(file, title, records(count), KEY)
        file.seek(0)
        tracemalloc.start()
        try:
            done: PackTaken = shop.desk.office.packs.take(file, at_once)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert (done.counts, done.refused_count) == ({"meters": count}, 0)
    return peak, digest


def test_a_pack_of_many_meters_takes_no_more_memory_than_one_of_some(tmp_path: Path) -> None:
    shop = opened(make_shop(tmp_path))
    try:
        enrol(shop)
        _, first = peak_of(shop, 1, NONE_BEFORE, 50)  # what is loaded and cached once
        some, second = peak_of(shop, 2, first, SOME)
        many, _ = peak_of(shop, 3, second, MANY)
    finally:
        shop.close()
    assert many - some < MIB // 4  # their records alone would be some 0.6 MB
