"""A swiped card finds its meter on file; the till's record is the truth."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.application.errors import MeterUnknown
from pos_app.application.meter_card import CardOfOthers, CardOfPayment, CardUnread
from pos_app.bootstrap.shop import OpenShop
from pos_app.domain.errors import PosError
from pos_app.domain.track2 import MeterCardData, track_text
from tests.shops import HIGHVELD, make_shop, opened
from tests.unit.domain.test_track2 import PAN, PAYMENT_TRACK


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    shop = opened(make_shop(tmp_path))
    yield shop
    shop.close()


def card_of(shop: OpenShop) -> MeterCardData:
    meter = shop.desk.card(HIGHVELD).meter
    return MeterCardData(meter.pan, "3012", meter.sgc, meter.ti, meter.krn)


def test_a_card_finds_its_meter(shop: OpenShop) -> None:
    found = shop.desk.find_card(track_text(card_of(shop)))
    assert (found.drn, found.differs) == (HIGHVELD, ())


def test_what_the_card_says_of_the_key_is_compared_and_changes_nothing(shop: OpenShop) -> None:
    before = shop.desk.card(HIGHVELD).meter
    card = replace(card_of(shop), ti=9, krn=before.krn + 1)
    assert shop.desk.find_card(track_text(card)).differs == ("ti", "krn")
    assert shop.desk.card(HIGHVELD).meter == before


@pytest.mark.parametrize(
    ("track", "problem"),
    [
        (PAYMENT_TRACK, CardOfPayment),
        (";1234?", CardOfOthers),
        (";60072711", CardUnread),
        (f";{PAN}=?", MeterUnknown),
    ],
)
def test_any_other_card_is_told_apart(shop: OpenShop, track: str, problem: type[PosError]) -> None:
    with pytest.raises(problem):
        shop.desk.find_card(track)


def test_a_payment_card_is_in_no_exception_no_log_and_no_file(
    shop: OpenShop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(CardOfPayment) as caught:
        shop.desk.find_card(PAYMENT_TRACK)
    assert caught.value.facts == {}
    assert "4111" not in f"{caught.value!r}{caplog.text}"
    for path in shop.folder.rglob("*"):
        if path.is_file():
            assert b"4111111111111111" not in path.read_bytes()
    assert all("4111" not in str(entry.body) for entry in shop.ledger.entries())
