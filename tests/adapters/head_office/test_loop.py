"""The thread behind the window: it sends what was sold, and nobody waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from pos_app.application.office_records import EnrolWish, NotEnrolled, OfficeUnreachable
from pos_app.application.office_sync import RoundDone
from pos_app.bootstrap import office_loop
from pos_app.bootstrap.office_line import enrol
from pos_app.bootstrap.office_loop import OfficeLoop
from pos_app.bootstrap.shop import OpenShop
from tests.head_office import CODE, SUPERVISOR
from tests.office_server import ScriptedOffice, serving
from tests.shops import HIGHVELD, make_shop, opened, order

DONE = RoundDone(0, (), ())


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_loop, "START_S", 0.05)
    monkeypatch.setattr(office_loop, "GATHER_S", 0.02)


@pytest.fixture
def owner() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def until(seen: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not seen():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_sales_arrive_by_themselves(owner: ThreadPoolExecutor, tmp_path: Path) -> None:
    office = ScriptedOffice()

    def ask(job: Callable[[], Any]) -> Any:
        return owner.submit(job).result()

    with serving(office):
        shop: OpenShop = ask(lambda: opened(make_shop(tmp_path)))
        ask(lambda: enrol(shop, EnrolWish(office.url, CODE), SUPERVISOR))
        loop = OfficeLoop(shop, ask)
        until(lambda: loop.last.rounds == 1)
        for minor in (5_000, 6_000):
            ask(lambda: shop.desk.sell(order(shop, HIGHVELD, minor)))  # noqa: B023 - at once
            loop.sold()
        until(lambda: ask(lambda: shop.desk.status().waiting) == ())
        assert [e.kind for e in office.entries.values()].count("sale") == 2
        loop.close()
        ask(shop.close)


def test_a_sale_never_waits_for_a_network_that_keeps_silent(
    owner: ThreadPoolExecutor, tmp_path: Path
) -> None:
    def ask(job: Callable[[], Any]) -> Any:
        return owner.submit(job).result()

    silent, held = threading.Event(), threading.Event()

    def run(_shop: OpenShop, _ask: Callable[[Callable[[], Any]], Any]) -> RoundDone:
        held.set()
        silent.wait(30)
        return DONE

    shop: OpenShop = ask(lambda: opened(make_shop(tmp_path)))
    loop = OfficeLoop(shop, ask, run)
    assert held.wait(10)
    start = time.monotonic()
    ask(lambda: shop.desk.sell(order(shop, HIGHVELD, 5_000)))
    loop.sold()
    loop.close()
    assert time.monotonic() - start < 5
    silent.set()
    ask(shop.close)


def test_it_goes_on_after_failures_and_waits_longer(
    owner: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[int] = []

    def wait(failures: int, _chance: float) -> float:
        waits.append(failures)
        return 0.01

    monkeypatch.setattr(office_loop, "wait_s", wait)
    troubles: list[Exception] = [
        OfficeUnreachable(url="x", reason="y"),
        OfficeUnreachable(url="x", reason="y"),
    ]

    def run(_shop: Any, _ask: Any) -> RoundDone:
        if troubles:
            raise troubles.pop()
        return DONE

    loop = OfficeLoop(None, lambda job: job(), run)  # type: ignore[arg-type]
    until(lambda: loop.last.rounds >= 3)
    loop.close()
    assert waits[:3] == [1, 2, 0]


def test_a_shop_that_is_not_enrolled_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = threading.Event()

    def run(_shop: Any, _ask: Any) -> RoundDone:
        asked.set()
        raise NotEnrolled

    loop = OfficeLoop(None, lambda job: job(), run)  # type: ignore[arg-type]
    assert asked.wait(10)
    loop.close()
    assert loop.last.rounds == 0
