"""Quotes on a real shop: the month, fewer units for the same money, and how long they last.

Highveld's price with 15 % VAT is 2.18822 a kWh up to 350 kWh a month and 2.47963 above.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.application.errors import TariffMissing
from pos_app.application.records import QuoteAnswer
from pos_app.bootstrap.shop import OpenShop
from pos_app.domain.money import Money
from pos_app.domain.usual import Usage, units_of_days
from tests.shops import HIGHVELD, START_MS, HeldClock, make_shop, opened, order

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
DECEMBER_MS = 1_796_076_000_000  # 30 November 2026, 22:00 UTC: midnight two hours ahead of UTC


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def shop(tmp_path: Path, clock: HeldClock) -> Iterator[OpenShop]:
    shop = opened(make_shop(tmp_path), clock)
    yield shop
    shop.close()


def quoted(shop: OpenShop, minor: int) -> QuoteAnswer:
    return shop.desk.quote(HIGHVELD, Money(minor, shop.desk.currency_of(HIGHVELD)), None)


def new_tariff(shop: OpenShop, old: str, new: str) -> None:
    held = shop.ledger.tariff("highveld-light")
    assert held is not None
    # The examples prove the printed prices; other prices come without them.
    text = held.text.split("[[example]]")[0].replace(old, new).replace("version = 1", "version = 2")
    assert text.count(new) == 1
    with shop.ledger.writing() as transaction:
        transaction.put_tariff(replace(held, version=2, text=text, sha256="2" * 64))


def test_the_first_sale_is_compared_with_nothing(shop: OpenShop) -> None:
    answer = quoted(shop, 5000)
    assert (answer.quote.tenths, answer.days, answer.fewer, answer.why) == (229, None, 0, ())


def test_fewer_units_for_the_same_money_are_explained_by_the_block(shop: OpenShop) -> None:
    first = shop.desk.sell(order(shop, HIGHVELD, 100_000))
    assert first.tenths == 4445
    answer = quoted(shop, 100_000)
    # 1000.00 / 2.47963 = 403.286: all of it in block 2 now.
    assert (answer.quote.tenths, answer.fewer) == (4033, 4445 - 4033)
    assert (answer.why, answer.block) == (("block",), 2)
    assert answer.compared_at_ms == first.at_ms


def test_the_end_of_the_block_is_told_where_the_same_money_would_pass_it(shop: OpenShop) -> None:
    edge = quoted(shop, 40_000).edge
    # 400.00 / 2.18822 = 182.80; 350 - 182.8 = 167.2 more at 2.18822
    assert edge is not None
    assert (edge.block, edge.left.plain(), str(edge.next_price)) == (1, "365.87", "2.1562")
    assert quoted(shop, 30_000).edge is None  # far away still
    assert quoted(shop, 90_000).edge is None  # passed, and the last block is open


def test_other_money_is_not_compared(shop: OpenShop) -> None:
    shop.desk.sell(order(shop, HIGHVELD, 100_000))
    answer = quoted(shop, 90_000)
    assert (answer.fewer, answer.why, answer.compared_at_ms) == (0, (), None)


def test_a_dearer_tariff_is_the_reason_from_its_import_on(shop: OpenShop) -> None:
    shop.desk.sell(order(shop, HIGHVELD, 10_000))
    assert quoted(shop, 10_000).fewer == 0
    new_tariff(shop, 'price = "1.9028"', 'price = "2.0000"')
    answer = quoted(shop, 10_000)
    # 100.00 / 2.30 = 43.478
    assert (answer.quote.tenths, answer.fewer, answer.why) == (435, 457 - 435, ("price",))
    sale = shop.desk.sell(order(shop, HIGHVELD, 10_000, repeat_allowed=True))
    assert (sale.tariff_version, sale.tenths) == (2, 435)


def test_a_higher_tax_is_the_reason(shop: OpenShop) -> None:
    shop.desk.sell(order(shop, HIGHVELD, 10_000))
    new_tariff(shop, 'percent = "15"', 'percent = "20"')
    answer = quoted(shop, 10_000)
    # 100.00 / (1.9028 * 1.20) = 43.795
    assert (answer.quote.tenths, answer.why) == (438, ("tax",))


def test_the_month_begins_at_the_shops_midnight(shop: OpenShop, clock: HeldClock) -> None:
    shop.desk.sell(order(shop, HIGHVELD, 100_000))
    clock.now = DECEMBER_MS - 1
    assert quoted(shop, 100_000).quote.tenths == 4033
    assert shop.desk.card(HIGHVELD).bought_this_month > 444
    clock.now = DECEMBER_MS
    answer = quoted(shop, 100_000)
    assert (answer.quote.tenths, answer.fewer) == (4445, 0)
    assert shop.desk.card(HIGHVELD).bought_this_month == 0


def test_what_is_bought_lasts_as_long_as_it_did_before(shop: OpenShop, clock: HeldClock) -> None:
    shop.desk.sell(order(shop, HIGHVELD, 5000))
    assert quoted(shop, 10_000).days is None
    clock.now = START_MS + 9 * DAY_MS
    shop.desk.settle_clock("grace", "3333")
    shop.desk.sell(order(shop, HIGHVELD, 5000))
    # 22.9 kWh in 9 days; 45.7 kWh last 45.7 * 9 / 22.9 = 17.96 days.
    answer = quoted(shop, 10_000)
    assert (answer.quote.tenths, answer.days) == (457, 17)
    usage = shop.desk.card(HIGHVELD).usage
    assert usage == Usage(229, 9)
    # 30 days of 22.9 kWh in 9 days are 76.33 kWh, so 76.4 kWh.
    assert units_of_days("30", usage)[0] == 764


def test_a_quote_writes_nothing(shop: OpenShop) -> None:
    head = shop.ledger.head()
    quoted(shop, 5000)
    shop.desk.quote(HIGHVELD, None, 100)
    assert shop.ledger.head() == head


def test_a_tariff_that_was_never_imported_has_no_price(shop: OpenShop) -> None:
    with pytest.raises(TariffMissing):
        shop.desk.pricing.tariff("nowhere")
