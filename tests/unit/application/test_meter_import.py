"""A file of meters comes in whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.application.errors import RoleNeeded
from pos_app.application.meter_import import MeterFileInvalid, read_meters
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.exchange.digest import sha256_hex
from tests.shops import HIGHVELD, make_shop, opened, order

HEAD = "drn,name,utility,tariff,commodity,sgc,krn,ti,ken,kt,ea,dkga,base,phone"
ROW = "600727000009,NEWCOMER A,highveld,highveld-light,electricity,201457,1,1,255,2,7,4,2014,0711"
GOOD = "11111111115"  # a published valid DRN


def file_of(*rows: str, head: str = HEAD) -> bytes:
    return "\r\n".join((head, *rows, "")).encode()


def row(**changes: str) -> str:
    values = dict(zip(HEAD.split(","), ROW.split(","), strict=True)) | {"drn": GOOD} | changes
    return ",".join(values.values())


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    opened_shop = opened(make_shop(tmp_path))
    yield opened_shop
    opened_shop.close()
    assert verify_shop(opened_shop.folder, training_passphrase()).fault is None


def test_a_new_meter_is_found_and_sold_to(shop: OpenShop) -> None:
    raw = file_of(row(name='"MOYO, B"'), row(drn=HIGHVELD, name="RENAMED"))
    assert shop.desk.import_meters(raw, "grace") == 2
    *_, entry = shop.ledger.entries()
    assert entry.kind == "meters_imported"
    assert entry.reading() == {"count": 2, "sha256": sha256_hex(raw), "operator": "grace"}
    assert [hit.name for hit in shop.desk.find("MOYO, B")] == ["MOYO, B"]
    assert shop.desk.card(HIGHVELD).meter.name == "RENAMED"
    assert shop.desk.sell(order(shop, GOOD, 5_000)).meter.pan == "600727111111111153"


@pytest.mark.parametrize(
    ("rows", "line", "problem"),
    [
        ((row(drn="12345678904"),), 2, "drn"),  # a published invalid DRN
        ((row(), row()), 3, "drn"),
        ((row(), row(drn=HIGHVELD, krn="10")), 3, "key-attribute"),
        ((row(ken="256"),), 2, "ken"),
        ((row(ken="-1"),), 2, "ken"),
        ((row(ti="٣"),), 2, "ti"),
        ((row(ea="11", dkga="2"),), 2, "key-pairing"),
        ((row(commodity="steam"),), 2, "commodity"),
        ((row(name=""),), 2, "name"),
        ((row(name="x" * 201),), 2, "name"),
        ((row(name="a\x1bb"),), 2, "name"),
        ((row(utility="other"),), 2, "utility other"),
        ((row(tariff="other"),), 2, "tariff other"),
        ((row() + ",more",), 2, "columns"),
        (("1,2",), 2, "columns"),
        (('"open',), 2, "csv"),
    ],
)
def test_a_bad_line_is_named_and_takes_nothing(
    shop: OpenShop, rows: tuple[str, ...], line: int, problem: str
) -> None:
    head, before = shop.ledger.head(), shop.ledger.meter(HIGHVELD)
    with pytest.raises(MeterFileInvalid) as refused:
        shop.desk.import_meters(file_of(*rows), "grace")
    assert refused.value.facts["line"] == line
    assert str(refused.value.facts["problem"]).startswith(problem)
    assert (shop.ledger.head(), shop.ledger.meter(HIGHVELD)) == (head, before)
    assert shop.ledger.meter(GOOD) is None


@pytest.mark.parametrize(
    "head", ["", "drn", HEAD + ",extra", HEAD + ",drn", HEAD.replace("drn", "DRN"), '"'], ids=repr
)
def test_another_first_row_is_refused(head: str) -> None:
    with pytest.raises(MeterFileInvalid):
        list(read_meters(file_of(row(), head=head)))


@settings(max_examples=150)
@given(content=st.binary(max_size=200))
def test_garbage_is_refused(content: bytes) -> None:
    with pytest.raises(MeterFileInvalid):
        list(read_meters(content))


def test_a_cashier_takes_no_meters(shop: OpenShop) -> None:
    with pytest.raises(RoleNeeded):
        shop.desk.import_meters(file_of(row()), "ama")
