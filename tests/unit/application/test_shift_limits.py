"""Cash limits and commission on a real shop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.application.desk import Desk
from pos_app.application.shift_settings import ShiftSettings
from pos_app.bootstrap.shop import OpenShop
from pos_app.domain.cash_count import parse_count
from pos_app.domain.cash_rules import CashRules, OperatorCashLimit, ShopCashLimit
from pos_app.domain.money import Currency, Money
from pos_app.domain.shift import CashMove
from tests.shops import HIGHVELD, LAGOON, card, make_shop, opened, order

RAND = Currency("ZAR", 2)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    shop = opened(make_shop(tmp_path))
    yield shop
    shop.close()


def rand(minor: int) -> Money:
    return Money(minor, RAND)


def limited_by(shop: OpenShop, cash: CashRules) -> Desk:
    return replace(shop.desk, shift_settings=lambda: ShiftSettings(cash=cash))


def test_limits_stop_cash_and_a_drop_helps(shop: OpenShop) -> None:
    cash = CashRules(operator_limit={"ZAR": Decimal(100)}, drop_above={"ZAR": Decimal(60)})
    limited = limited_by(shop, cash)
    limited.sell(order(shop, HIGHVELD, 5000))
    assert limited.status().drop_due == ()
    limited.sell(order(shop, HIGHVELD, 5000, repeat_allowed=True))  # 100.00: reached
    (due,) = limited.status().drop_due
    assert (due.operator, due.held, due.limit) == ("ama", rand(10_000), rand(6000))
    head = shop.ledger.head()
    with pytest.raises(OperatorCashLimit):
        limited.sell(order(shop, HIGHVELD, 1000))
    assert shop.ledger.head() == head
    limited.sell(order(shop, HIGHVELD, 1000, tenders=(card(rand(1000)),)))
    limited.sell(order(shop, LAGOON, 500_000))  # another currency
    limited.shifts.move_cash("ama", CashMove.DROP, rand(9000), "full")
    limited.sell(order(shop, HIGHVELD, 2000))
    assert limited.status().drop_due == ()


def test_the_shops_limit_counts_closed_shifts_until_they_are_banked(shop: OpenShop) -> None:
    cash = CashRules(shop_limit={"ZAR": Decimal(100)})
    limited = limited_by(shop, cash)
    limited.sell(order(shop, HIGHVELD, 5000))
    limited.shifts.close("ama", [parse_count("50x1", RAND)])
    limited.sell(order(shop, HIGHVELD, 4000, operator_id="tendai"))
    with pytest.raises(ShopCashLimit):
        limited.sell(order(shop, HIGHVELD, 2000))
    limited.shifts.close("tendai", [parse_count("20x2", RAND)])
    limited.shifts.close_sales_batch("grace")
    with pytest.raises(ShopCashLimit):
        limited.sell(order(shop, HIGHVELD, 2000))
    limited.shifts.close_bank_batch("grace", "DEP 1", [rand(7500)])
    limited.sell(order(shop, HIGHVELD, 7500))  # 15.00 was kept, 90.00 are there after this
    with pytest.raises(ShopCashLimit):
        limited.sell(order(shop, HIGHVELD, 2000))


def test_commission_is_frozen_in_the_sale_and_summed_live(shop: OpenShop) -> None:
    paid = {"highveld": Decimal("2.5")}
    sale = limited_by(shop, CashRules(commission=paid)).sell(order(shop, HIGHVELD, 5020))
    assert (sale.commission_percent, sale.commission_minor) == ("2.5", 126)  # 125.5, half up
    shop.desk.sell(order(shop, HIGHVELD, 6000))  # none any more
    now = shop.desk.shifts.now("ama")
    assert now is not None
    assert (now.sales, now.commission, now.totals) == (2, (rand(126),), (rand(11_020),))
    assert shop.desk.sale(sale.receipt).commission_minor == 126
