"""Parked sales on a real shop: kept without money, called back, cleared with the shift."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.application.errors import MeterUnknown, OperatorUnknown, RoleNeeded
from pos_app.application.parked import MOST_PARKED, ParkedFull, ParkedUnknown
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.domain.money import Money
from pos_app.domain.shift import PARKED, times_of
from tests.shops import HIGHVELD, LAGOON, HeldClock, make_shop, opened, order


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def shop(tmp_path: Path, clock: HeldClock) -> Iterator[OpenShop]:
    shop = opened(make_shop(tmp_path), clock)
    yield shop
    shop.close()


def park(shop: OpenShop, drn: str = HIGHVELD, minor: int = 5000, operator: str = "ama") -> int:
    currency = shop.desk.currency_of(drn)
    return shop.desk.parked.park(operator, drn, currency, Money(minor, currency)).number


def numbers(shop: OpenShop) -> list[int]:
    return [each.number for each in shop.desk.parked.all()]


def test_a_parked_sale_says_who_wanted_what_since_when(shop: OpenShop, clock: HeldClock) -> None:
    number = park(shop)
    clock.now += 95_000
    (held,) = shop.desk.parked.all()
    meter = shop.ledger.meter(HIGHVELD)
    assert meter is not None
    assert (held.number, held.name, held.operator_name) == (number, meter.name, "Ama")
    assert held.amount == Money(5000, shop.desk.currency_of(HIGHVELD))
    assert held.age_seconds == 95


def test_units_and_nothing_said_yet_can_be_parked_too(shop: OpenShop) -> None:
    currency = shop.desk.currency_of(LAGOON)
    shop.desk.parked.park("ama", LAGOON, currency, 125)
    shop.desk.parked.park("ama", LAGOON, currency, None)
    held = shop.desk.parked.all()
    assert [(each.amount, each.tenths) for each in held] == [(None, 125), (None, None)]


def test_it_holds_no_money_no_token_and_no_receipt(shop: OpenShop) -> None:
    park(shop)
    assert shop.desk.sales_today() == ()
    receipt = shop.desk.sell(order(shop, HIGHVELD, 5000)).receipt
    assert receipt.endswith("A000001")
    report = shop.desk.shifts.close("ama")
    assert [line.expected.minor for line in report.drawer] == [5000]


def test_it_survives_a_restart(tmp_path: Path, clock: HeldClock) -> None:
    shop = opened(make_shop(tmp_path), clock)
    number = park(shop)
    shop.close()
    again = opened(shop.folder, clock)
    assert numbers(again) == [number]
    again.close()
    assert verify_shop(shop.folder, training_passphrase()).fault is None


def test_recalled_or_dropped_it_is_gone_once(shop: OpenShop) -> None:
    first, second = park(shop), park(shop, LAGOON)
    assert shop.desk.parked.recall("tendai", first).drn == HIGHVELD
    assert shop.desk.parked.drop("ama", second).drn == LAGOON
    assert numbers(shop) == []
    for act in (shop.desk.parked.recall, shop.desk.parked.drop):
        with pytest.raises(ParkedUnknown):
            act("ama", first)


def test_another_operators_is_dropped_by_a_supervisor_only(shop: OpenShop) -> None:
    number = park(shop)
    with pytest.raises(RoleNeeded):
        shop.desk.parked.drop("tendai", number)
    assert shop.desk.parked.drop("grace", number).number == number


def test_closing_the_shift_clears_its_operators_and_nobody_elses(shop: OpenShop) -> None:
    for operator in ("ama", "tendai"):
        shop.desk.shifts.open(operator)
        park(shop, operator=operator)
    report = shop.desk.shifts.close("ama")
    assert times_of(report.tallies, PARKED) == 1
    assert [each.operator for each in shop.desk.parked.all()] == ["tendai"]
    folder = shop.folder
    shop.close()
    assert verify_shop(folder, training_passphrase()).fault is None


def test_what_cannot_be_parked_is_refused(shop: OpenShop) -> None:
    currency = shop.desk.currency_of(HIGHVELD)
    with pytest.raises(MeterUnknown):
        shop.desk.parked.park("ama", "14000000000", currency, None)
    with pytest.raises(OperatorUnknown):
        shop.desk.parked.park("nobody", HIGHVELD, currency, None)
    for _ in range(MOST_PARKED):
        park(shop)
    with pytest.raises(ParkedFull):
        park(shop)
