"""A meter's life at the counter: who may do what, in which order, and what the sale hears of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.application.errors import MeterBlocked, MeterUnknown, RoleNeeded
from pos_app.application.meter_life import LineMissing, MeterRecords, NewMeter
from pos_app.application.records import Operator, Role
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.domain.errors import PosError
from pos_app.domain.meter_life import (
    FaultUnknown,
    MeterBlockedAlready,
    MeterKnown,
    MeterNotBlocked,
    MeterNotInstalled,
    MeterOut,
    Standing,
    SwapInvalid,
)
from pos_app.sts.errors import DrnCheckDigit
from pos_app.sts.identity import luhn_digit
from tests.shops import HIGHVELD, LAGOON, LAKESIDE, make_shop, opened, order

AMA = Operator("ama", "Ama", Role.CASHIER)
GRACE = Operator("grace", "Grace", Role.SUPERVISOR)
SIPHO = Operator("sipho", "Sipho", Role.ENGINEER)
NEW = "1499999999"
NEW += luhn_digit(NEW)
HOUSE = NewMeter(NEW, HIGHVELD, "MOYO Tendai", "14 Samora Street", "0771234567", "HIG1")

Deed = Callable[[MeterRecords, Operator], object]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    shop = opened(make_shop(tmp_path))
    yield shop
    shop.close()


@pytest.fixture
def records(shop: OpenShop) -> MeterRecords:
    return shop.desk.meter_records


DEEDS: dict[str, tuple[Deed, set[Operator]]] = {
    "register": (lambda r, who: r.register(HOUSE, who), {GRACE}),
    "install": (lambda r, who: r.install(HIGHVELD, "S1", "", who), {GRACE, SIPHO}),
    "block": (lambda r, who: r.block(HIGHVELD, "unpaid", "pay", who), {GRACE}),
    "swap": (lambda r, who: r.swap(HIGHVELD, LAGOON, 0, "burnt", who), {GRACE, SIPHO}),
    "deactivate": (lambda r, who: r.deactivate(HIGHVELD, "gone", who), {GRACE}),
    "fault": (lambda r, who: r.report_fault(HIGHVELD, "display", "", who), {AMA, GRACE, SIPHO}),
}


@pytest.mark.parametrize("name", DEEDS)
@pytest.mark.parametrize("who", [AMA, GRACE, SIPHO], ids=lambda who: who.role.value)
def test_every_act_has_its_roles(records: MeterRecords, name: str, who: Operator) -> None:
    deed, allowed = DEEDS[name]
    before = records.ledger.head().seq
    if who in allowed:
        deed(records, who)
        assert records.ledger.head().seq == before + 1
    else:
        with pytest.raises(RoleNeeded):
            deed(records, who)
        assert records.ledger.head().seq == before


def test_a_registered_meter_buys_once_it_is_installed(
    shop: OpenShop, records: MeterRecords
) -> None:
    assert records.register(HOUSE, GRACE).standing is Standing.REGISTERED
    assert shop.desk.find("MOYO Tendai")[0].drn == NEW
    assert shop.desk.find("0771234567")[0].blocked
    with pytest.raises(MeterBlocked):
        shop.desk.sell(order(shop, NEW, 5000))
    with pytest.raises(MeterNotInstalled):
        records.unblock(NEW, "hurry", GRACE)
    life = records.install(NEW, "seal 4711", "unit 88", SIPHO)
    assert (life.standing, life.seal, life.unit) == (Standing.INSTALLED, "seal 4711", "unit 88")
    assert shop.desk.sell(order(shop, NEW, 5000)).meter.name == "MOYO Tendai"


def test_a_block_reaches_the_sale_as_a_sentence_with_its_way_out(
    shop: OpenShop, records: MeterRecords
) -> None:
    records.block(HIGHVELD, "unpaid account", "pay 120.00 at the office", GRACE)
    with pytest.raises(MeterBlocked) as caught:
        shop.desk.sell(order(shop, HIGHVELD, 5000))
    assert caught.value.facts["reason"] == "unpaid account (pay 120.00 at the office)"
    with pytest.raises(MeterBlockedAlready):
        records.block(HIGHVELD, "again", "never", GRACE)
    records.unblock(HIGHVELD, "paid", GRACE)
    shop.desk.sell(order(shop, HIGHVELD, 5000))
    with pytest.raises(MeterNotBlocked):
        records.unblock(HIGHVELD, "paid", GRACE)


def test_a_block_that_came_with_an_import_can_be_lifted(
    shop: OpenShop, records: MeterRecords
) -> None:
    meter = replace(shop.desk.card(HIGHVELD).meter, blocked="tamper report")
    with shop.ledger.writing() as transaction:
        transaction.import_meters([meter])
    assert records.life(HIGHVELD).blocked == "tamper report"
    records.unblock(HIGHVELD, "inspected", GRACE)
    shop.desk.sell(order(shop, HIGHVELD, 5000))


def test_a_swapped_meter_is_out_and_its_successor_knows_the_credit(
    shop: OpenShop, records: MeterRecords
) -> None:
    records.register(HOUSE, GRACE)
    gone, come = records.swap(HIGHVELD, NEW, 123, "burnt", SIPHO)
    assert (gone.standing, gone.replaced_by) == (Standing.OUT, NEW)
    assert (come.replaces, come.credit_tenths) == (HIGHVELD, 123)
    assert records.life(NEW) == come
    with pytest.raises(MeterBlocked):
        shop.desk.sell(order(shop, HIGHVELD, 5000))
    shop.desk.sell(order(shop, NEW, 5000))
    with pytest.raises(MeterOut) as caught:
        records.install(HIGHVELD, "S1", "", GRACE)
    assert caught.value.facts["successor"] == NEW


def test_no_meter_takes_its_own_place_or_two(records: MeterRecords) -> None:
    with pytest.raises(SwapInvalid):
        records.swap(HIGHVELD, HIGHVELD, 0, "mistake", GRACE)
    records.swap(HIGHVELD, LAGOON, 0, "burnt", GRACE)
    with pytest.raises(SwapInvalid):
        records.swap(LAKESIDE, LAGOON, 0, "burnt", GRACE)
    with pytest.raises(MeterOut):
        records.swap(LAKESIDE, HIGHVELD, 0, "burnt", GRACE)


REFUSED: dict[str, tuple[Deed, type[PosError]]] = {
    "known": (lambda r, who: r.register(replace(HOUSE, number=LAGOON), who), MeterKnown),
    "mistyped": (
        lambda r, who: r.register(replace(HOUSE, number="14999999990"), who),
        DrnCheckDigit,
    ),
    "nameless": (lambda r, who: r.register(replace(HOUSE, name=" "), who), LineMissing),
    "like nobody": (lambda r, who: r.register(replace(HOUSE, like="1"), who), MeterUnknown),
    "no seal": (lambda r, who: r.install(HIGHVELD, "", "", who), LineMissing),
    "no way out": (lambda r, who: r.block(HIGHVELD, "why", " ", who), LineMissing),
    "two lines": (lambda r, who: r.deactivate(HIGHVELD, "x" * 121, who), LineMissing),
    "no such fault": (lambda r, who: r.report_fault(HIGHVELD, "boredom", "", who), FaultUnknown),
    "no such meter": (lambda r, who: r.deactivate("123", "gone", who), MeterUnknown),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_leaves_nothing_behind(records: MeterRecords, name: str) -> None:
    deed, problem = REFUSED[name]
    before = records.ledger.head()
    with pytest.raises(problem):
        deed(records, GRACE)
    assert records.ledger.head() == before


def test_the_lives_of_meters_follow_from_the_journal(tmp_path: Path) -> None:
    shop = opened(make_shop(tmp_path))
    records = shop.desk.meter_records
    records.register(HOUSE, GRACE)
    records.install(NEW, "S1", "", SIPHO)
    records.block(LAGOON, "unpaid", "pay", GRACE)
    records.swap(HIGHVELD, NEW, 5, "burnt", GRACE)
    records.report_fault(NEW, "relay", "", AMA)
    acts = [act for _, _, act, _, _ in shop.ledger.meter_acts(NEW, 10)]
    assert acts == ["fault", "install", "register"]
    bodies = [
        json.loads(entry.body) for entry in shop.ledger.entries() if entry.kind == "meter_act"
    ]
    assert len(bodies) == 5
    shop.close()
    assert verify_shop(shop.folder, training_passphrase()).fault is None


@pytest.mark.parametrize("table", ["meter_act", "meter_life"])
def test_a_changed_life_is_found(tmp_path: Path, table: str) -> None:
    shop = opened(make_shop(tmp_path))
    shop.desk.meter_records.deactivate(HIGHVELD, "gone", GRACE)
    shop.ledger.db.execute(
        {
            "meter_act": "update meter_act set operator = 'ama'",
            "meter_life": "update meter_life set standing = 'installed'",
        }[table]
    )
    shop.close()
    fault = verify_shop(shop.folder, training_passphrase()).fault
    assert fault is not None
    assert fault.detail == table
