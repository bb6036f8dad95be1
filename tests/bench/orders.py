"""Orders for a benchmark; it loads nothing that a till at work has not."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from itertools import count, cycle

from pos_app.application.order import SaleOrder
from pos_app.bootstrap.shop import OpenShop
from pos_app.domain.money import Money
from pos_app.domain.tender import Tender


def orders_of(shop: OpenShop) -> Iterator[SaleOrder]:
    """Yield orders for one meter after the other, paid in cash."""
    rows = shop.ledger.db.execute(
        "select drn from meter where blocked = '' and utility = 'highveld' order by id limit 5000"
    ).fetchall()
    currency = shop.desk.currency_of(rows[0][0])
    for amount, (drn,) in zip(count(1000), cycle(rows), strict=False):
        money = Money(1000 + amount % 4000 * 10, currency)
        yield SaleOrder(
            sale_id=str(uuid.uuid4()),
            drn=drn,
            amount=money,
            tenths=None,
            tenders=(Tender("cash", money),),
            operator_id="ama",
            repeat_allowed=True,
        )
