"""A live shop begins empty; what head office sends makes it a till that sells."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from pos_app.adapters.vault.errors import KeyMissing
from pos_app.application.errors import AllowanceMissing
from pos_app.application.key_records import CeremonyNeedsTwo
from pos_app.application.keys import Person
from pos_app.application.office_records import KeysDoNotWait
from pos_app.application.order import SaleOrder
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.live import Newcomer, create_live_shop, live_identity
from pos_app.bootstrap.office_line import bring_keys_in
from pos_app.bootstrap.shop import OpenShop, open_shop
from pos_app.bootstrap.training import training_meters
from pos_app.bootstrap.training_file import training_plan
from pos_app.domain.money import Money
from pos_app.domain.tariff.file import parse_tariff
from pos_app.domain.tariff.tariff import Tariff
from pos_app.domain.tender import Tender, cash_due
from pos_app.exchange.key_file import read_request, write_key_file
from pos_app.exchange.pack import Section
from pos_app.exchange.signed_text import TARIFF, write_signed
from pos_app.resources import resource
from pos_app.sts.keys import VendingKey
from tests.head_office import KEY, SUPERVISOR, PackPress, allowance, enrol, take
from tests.shops import START_MS, HeldClock

PASSPHRASE = "harbour violin cactus seven lantern"
FIRST, SECOND = Person("grace", "482913"), Person("jo", "917264")
TILL = "TILL7"
PLAN = training_plan()["utility"][0]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    folder, clock = tmp_path / "live", HeldClock()
    people = (Newcomer("grace", "Grace", FIRST.pin), Newcomer("jo", "Jo", SECOND.pin))
    create_live_shop(folder, PASSPHRASE, live_identity(TILL, "Corner", 120), people, clock)
    made = open_shop(folder, PASSPHRASE, clock)
    enrol(made)
    yield made
    made.close()
    assert verify_shop(folder, PASSPHRASE).fault is None


def read_tariff() -> Tariff:
    return parse_tariff(resource("tariffs", f"{PLAN['tariff']}.toml").read_text(encoding="utf-8"))


def utility() -> tuple[Section, dict[str, Any]]:
    names = ("id", "name", "address", "tax_reference", "help_line")
    value = {**{name: PLAN[name] for name in names}, "name": read_tariff().utility}
    return Section.SETTINGS, {"name": "utility", "value": value}


def tariff() -> tuple[Section, dict[str, Any]]:
    raw = resource("tariffs", f"{PLAN['tariff']}.toml").read_bytes()
    return Section.TARIFFS, {"content": write_signed(raw, TARIFF, KEY).decode()}


def meters(count: int) -> list[tuple[Section, dict[str, Any]]]:
    found = []
    for meter in training_meters(count):
        values = asdict(meter)
        del values["pan"], values["blocked"]
        if values["utility"] == PLAN["id"]:
            found.append((Section.METERS, values))
    return found


def keys(shop: OpenShop, sequence: int = 1) -> tuple[Section, dict[str, Any]]:
    vending = VendingKey(bytes.fromhex(PLAN["vending_key"]))
    attributes = {
        **{name: PLAN[name] for name in ("sgc", "krn", "kt", "base", "ken", "dkga")},
        "kind": "vending",
        "kcv": vending.check_value(),
        "active_from_ms": 0,
        "issue_until_ms": START_MS + 10**11,
        "pan": "",
        "ti": -1,
        "ea": -1,
    }
    request = read_request(shop.desk.keys.request())
    secret = bytes.fromhex(PLAN["vending_key"])
    file = write_key_file(request, [(attributes, secret)], sequence, START_MS, KEY)
    return Section.KEYS, {"file": file.decode()}


def sell(shop: OpenShop, drn: str) -> int:
    money = Money(5_000, shop.desk.currency_of(drn))
    tender = Tender("cash", cash_due(money))
    return len(
        shop.desk.sell(SaleOrder(str(uuid.uuid4()), drn, money, None, (tender,), SUPERVISOR)).tokens
    )


def test_an_empty_live_shop_sells_once_its_packs_and_keys_are_in(shop: OpenShop) -> None:
    press, known = PackPress(TILL), meters(20)
    drn = str(known[0][1]["drn"])
    assert take(shop, press.pack(utility(), tariff())).refused == ()
    assert take(shop, press.pack(*known, keys(shop))).refused == ()
    shop.desk.shifts.open(SUPERVISOR)
    with pytest.raises(AllowanceMissing):
        sell(shop, drn)
    take(shop, press.pack(allowance(1)))
    with pytest.raises(KeyMissing):
        sell(shop, drn)
    assert shop.desk.office.status().waiting_keys == 1
    with pytest.raises(CeremonyNeedsTwo):
        bring_keys_in(shop, FIRST, FIRST)
    (view,) = bring_keys_in(shop, FIRST, SECOND)
    assert len(view.keys) == 1
    assert sell(shop, drn) == 1
    assert shop.desk.office.status().waiting_keys == 0
    with pytest.raises(KeysDoNotWait):
        bring_keys_in(shop, FIRST, SECOND)


def test_a_pack_with_keys_that_are_here_already_brings_nothing_new(shop: OpenShop) -> None:
    press = PackPress(TILL)
    take(shop, press.pack(keys(shop)))
    bring_keys_in(shop, FIRST, SECOND)
    take(shop, press.pack(keys(shop)))
    assert shop.desk.office.status().waiting_keys == 0


def test_a_live_shop_takes_no_tariff_that_its_authority_did_not_sign(shop: OpenShop) -> None:
    raw = resource("tariffs", f"{PLAN['tariff']}.toml").read_text(encoding="utf-8")
    done = take(shop, PackPress(TILL).pack(utility(), (Section.TARIFFS, {"content": raw})))
    assert done.refused == ((3, "tariffs", "signature-missing"),)
